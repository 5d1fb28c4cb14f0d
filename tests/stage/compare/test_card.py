"""What a comparison comes to can be read, however long the names are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from manim import tempconfig
from told import MEDIA

from pagereel.assets import TRACES
from pagereel.compare.comparison import compare_traces
from pagereel.compare.race import Race
from pagereel.compare.result import Headline
from pagereel.stage.compare.card import ResultCard
from pagereel.stage.layout.places import MIN_CAP, Area, Need, picture_size
from pagereel.stage.layout.race import race
from pagereel.stage.layout.race_places import PoolsNeed, RaceNeed
from pagereel.stage.text.label import Label
from pagereel.stage.theme import DARK

SIZE = (540, 960)


@pytest.mark.parametrize(("more", "lines"), [("", 1), (", 13 still run, 25 still wait", 2)])
def test_headlines_are_never_too_small(more: str, lines: int) -> None:
    first, second = (TRACES / f"{name}_192.jsonl" for name in ("prefix_off", "pages"))
    comparison = compare_traces((first, second), ("without the prefix index", "with it"))
    said = Headline(0, f"17 of 90 requests are given up{more}.")
    vars(comparison)["result"] = replace(comparison.result, headlines=(said,))
    width, height = picture_size(*SIZE)
    needs: dict[str, Need] = {"heading": RaceNeed(), "scales": RaceNeed(), "pools": PoolsNeed()}
    settings: dict[str, Any] = {"pixel_width": SIZE[0], "pixel_height": SIZE[1]}
    with tempconfig({**settings, "media_dir": str(MEDIA)}):
        told, area = Race.of(comparison), Area(width, height)
        (headline,) = ResultCard(told, DARK, race(area, needs)["card"]).headlines
    labels = [each for each in headline.get_family() if isinstance(each, Label)]
    assert " ".join(label.text for label in labels) == f"without the prefix index: {said.text}"
    assert min(label.cap for label in labels) >= MIN_CAP
    assert isinstance(headline.submobjects[0], Label) == (lines == 1)
    assert headline.width <= area.right - area.left
