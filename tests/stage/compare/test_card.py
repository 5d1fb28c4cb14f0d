"""What a comparison comes to can be read, however long the names are."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

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
from pagereel.stage.layout.race_places import PoolsNeed, RaceNeed, ScalesNeed
from pagereel.stage.text.label import Label
from pagereel.stage.theme import DARK

if TYPE_CHECKING:
    from pagereel.compare.comparison import Comparison

SIZE = (540, 960)


def card_of(comparison: Comparison, size: tuple[int, int]) -> ResultCard:
    needs: dict[str, Need] = {"heading": RaceNeed(), "scales": ScalesNeed(), "pools": PoolsNeed()}
    settings: dict[str, Any] = {"pixel_width": size[0], "pixel_height": size[1]}
    with tempconfig({**settings, "media_dir": str(MEDIA)}):
        place = race(Area(*picture_size(*size)), needs)["card"]
        return ResultCard(Race.of(comparison), DARK, place)


@pytest.mark.parametrize("size", [(960, 540), (540, 960), (540, 540)])
def test_boxes_stand_apart_whatever_they_say(size: tuple[int, int]) -> None:
    """The longest label is below the shorter number, in narrow pictures."""
    first, second = (TRACES / f"{name}_192.jsonl" for name in ("reserved_rows", "pages"))
    card = card_of(compare_traces((first, second)), size)
    texts = [
        [each for each in piece.get_family() if isinstance(each, Label)]
        for box in card.boxes
        for piece in box
    ]
    boxes = [(each, number // 5) for number, found in enumerate(texts) for each in found]
    for (one, box), (other, another) in combinations(boxes, 2):
        across = (
            one.get_right()[0] < other.get_left()[0] or other.get_right()[0] < one.get_left()[0]
        )
        down = one.get_bottom()[1] > other.get_top()[1] or other.get_bottom()[1] > one.get_top()[1]
        assert box == another or across or down, (one.text, other.text)
    assert max(each.get_right()[0] for each, _ in boxes) <= card.region.right + 1e-6


@pytest.mark.parametrize(("more", "lines"), [("", 1), (", 13 still run, 25 still wait", 2)])
def test_headlines_are_never_too_small(more: str, lines: int) -> None:
    first, second = (TRACES / f"{name}_192.jsonl" for name in ("prefix_off", "pages"))
    comparison = compare_traces((first, second), ("without the prefix index", "with it"))
    said = Headline(0, f"17 of 90 requests are given up{more}.")
    vars(comparison)["result"] = replace(comparison.result, headlines=(said,))
    card = card_of(comparison, SIZE)
    (headline,) = card.headlines
    labels = [each for each in headline.get_family() if isinstance(each, Label)]
    assert " ".join(label.text for label in labels) == f"without the prefix index: {said.text}"
    assert min(label.cap for label in labels) >= MIN_CAP
    assert isinstance(headline.submobjects[0], Label) == (lines == 1)
    assert headline.width <= card.region.width
