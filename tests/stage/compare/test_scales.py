"""Numbers that stand beside each other never run into each other."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, cast

import pytest

from pagereel.stage.layout.places import MIN_CAP, Area, picture_size, px
from pagereel.stage.layout.race import race
from pagereel.stage.layout.race_places import PoolsNeed, RaceNeed, ScalesNeed

if TYPE_CHECKING:
    from pagereel.stage.layout.places import Need
    from pagereel.stage.layout.race_places import ScalesPlace

SHORT, LONG, EMPTY = (4.5, 4.2), (4.5, 11.5), (11.0, 7.8)  # "11", "13,423", "34 %" of a long label


@pytest.mark.parametrize(
    ("widths", "count"),
    [
        ((SHORT, SHORT, SHORT, SHORT), 4),
        ((SHORT, SHORT, SHORT, LONG), 4),
        ((LONG, SHORT, SHORT, EMPTY), 4),
        ((LONG, LONG, LONG, EMPTY), 3),
        ((), 0),
    ],
)
def test_scales_beside_each_other_have_room(
    widths: tuple[tuple[float, float], ...], count: int
) -> None:
    needs: dict[str, Need] = {
        "heading": RaceNeed(),
        "scales": ScalesNeed(count=len(widths), widths=widths),
        "pools": PoolsNeed(),
    }
    area = Area(*picture_size(540, 960))
    scales = cast("ScalesPlace", race(area, needs)["scales"]).scales
    assert len(scales) == count
    assert len({scale.digits.cap for scale in scales}) <= 1
    for scale, (label, numbers) in zip(scales, widths, strict=False):
        assert scale.digits.cap >= MIN_CAP
        assert scale.width - px(20) >= max(label * MIN_CAP, numbers * scale.digits.cap)
    for one, other in pairwise(scales):
        assert one.right == pytest.approx(other.left)
    assert all(area.left - 1e-9 <= s.left < s.right <= area.right + 1e-9 for s in scales)
