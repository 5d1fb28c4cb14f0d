"""The arrangement of two pools on one clock where nothing else is in the picture: pools are large.

In a wide picture the clock stands between the pools, else above them. In a tall one the pools stand
below each other. Below each pool is the strip of its requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pagereel.stage.layout.arrangement import arrange_foot, refuse_long
from pagereel.stage.layout.places import Area, Region, Shape, Spot, px
from pagereel.stage.layout.race import (
    below_each_other,
    beside,
    pool_place,
    strip_below,
    strips_below,
)
from pagereel.stage.layout.race_places import Pair, PoolPlace, StripsPlace

if TYPE_CHECKING:
    from pagereel.stage.layout.arrangement import Needs, Regions
    from pagereel.stage.layout.grid_over_chart import GridPlace
    from pagereel.stage.layout.race_places import Fill, PoolsNeed

_CLOCK = px(150)  # between two pools, and the clock there
_BETWEEN = px(34)  # without it
_ROUND = px(3)  # by which a digit reaches over its place
_NAME_TO_GRID = px(49)  # from the middle of a name to the first frames


def proof(area: Area, needs: Needs) -> Regions:
    """Return the places of `clock`, `pools`, `strips`, `plate`, `numbers` and `caption`."""
    refuse_long(area)
    fills = cast("PoolsNeed", needs["pools"]).filled
    caption = arrange_foot(area)
    return {**large_pools(area, caption.rule, fills, clock="clock" in needs), "caption": caption}


def large_pools(area: Area, rule: float, fills: tuple[Fill, Fill], *, clock: bool) -> Regions:
    """Return the places of all but the caption.

    Parameters
    ----------
    rule
        The height of the line above the captions.
    fills
        What the frames of each pool fill of a region.
    clock
        Whether the clock is shown.
    """
    arrange = {Shape.WIDE: _wide, Shape.TALL: _tall, Shape.SQUARE: _square}[area.shape]
    regions = arrange(area, rule, fills, clock=clock)
    return {**regions, "plate": regions["pools"], "numbers": regions["pools"]}


def _wide(area: Area, rule: float, fills: tuple[Fill, Fill], *, clock: bool) -> Regions:
    between = _CLOCK if clock else _BETWEEN
    width = (area.right - area.left - between) / 2
    names_y = area.top - px(77)
    bottom = rule + px(75)
    size = Region(0, names_y - _NAME_TO_GRID, width, bottom + px(124))
    both = beside(area, size, fills)
    return {
        "clock": Pair.of(
            Spot.at(0, names_y + px(53), px(27), width=between - px(12), align=0),
            Spot.at(0, names_y, px(44), width=between - px(12), align=0),
        ),
        "pools": Pair.of(*(pool_place(each, names_y, px(46), px(35)) for each in both)),
        "strips": _strips(strips_below(both, px(40), bottom), 2),
    }


def _tall(area: Area, rule: float, fills: tuple[Fill, Fill], *, clock: bool) -> Regions:
    head = px(96) if clock else px(20)
    name, strip, air, between = px(46), px(92), px(22), px(56)
    above = name / 2 + _NAME_TO_GRID
    spare = area.top - head - (rule + px(44)) - between
    grid = spare / 2 - above - air - strip
    names_y, pitch = area.top - head - name / 2, above + grid + air + strip + between + name / 2
    top = names_y - _NAME_TO_GRID
    both = below_each_other(Region(area.left, top, area.right, top - grid), fills, pitch)
    bottoms = [top - grid - air - strip - side * pitch for side in (0, 1)]
    pools = [
        pool_place(place, names_y - side * pitch, name, px(36)) for side, place in enumerate(both)
    ]
    strips = [strip_below(place, air, bottom) for place, bottom in zip(both, bottoms, strict=True)]
    return {
        "clock": _line(area, px(36)),
        "pools": Pair.of(*pools),
        "strips": _strips(strips, 2),
    }


def _square(area: Area, rule: float, fills: tuple[Fill, Fill], *, clock: bool) -> Regions:
    width = (area.right - area.left - _BETWEEN) / 2
    names_y = area.top - (px(108) if clock else px(52))
    count_y = rule + px(48)
    bottom = count_y + px(55)
    size = Region(0, names_y - px(46), width, bottom + px(134))
    both = beside(area, size, fills)
    return {
        "clock": _line(area, px(30)),
        "pools": Pair.of(*(_counted_below(each, names_y, count_y) for each in both)),
        "strips": _strips(strips_below(both, px(24), bottom), 3),
    }


def _counted_below(place: GridPlace, y: float, count_y: float) -> PoolPlace:
    """Return the place of a pool whose name stands above it, and its number below its strip."""
    name = Spot.at(place.left, y, px(46), width=place.width, align=-1)
    count = Spot.at(place.left + _ROUND, count_y, px(36), width=place.width, align=-1)
    return PoolPlace(place.left, place.top, place.right, place.bottom, place.edge, name, count)


def _line(area: Area, down: float) -> Spot:
    """Return the place of a clock in the middle, so far below the upper edge."""
    return Spot.at(0, area.top - down, px(42), width=area.right - area.left, align=0)


def _strips(strips: list[Region], rows: int) -> StripsPlace:
    """Return the places of strips that stay where they are."""
    first, second = strips
    both = Pair.of(first, second)
    return StripsPlace(both.left, both.top, both.right, both.bottom, first, second, rows, card=both)
