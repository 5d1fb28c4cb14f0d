"""The arrangement of Compare: two pools with one clock, and the card on which they end.

In a wide picture the numbers stand between the pools, in a tall one between the upper and the
lower, in a square below both. The card takes the place of all that is below the title.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, cast

from pagereel.stage.layout.arrangement import arrange_foot
from pagereel.stage.layout.grid_over_chart import GridPlace
from pagereel.stage.layout.places import MIN_CAP, Area, Region, Shape, Spot, px
from pagereel.stage.layout.race_places import (
    CardPlace,
    CurvePlace,
    Pair,
    PoolPlace,
    RaceHeading,
    RaceNeed,
    ScalePlace,
    ScalesNeed,
    ScalesPlace,
    StripsPlace,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.stage.layout.arrangement import Needs, Regions
    from pagereel.stage.layout.race_places import Fill, PoolsNeed

_MOST_SCALES = 4
# How what is spare on the card is shared out: above the headlines, between the runs, between them
# and the boxes, below the boxes, and below the command.
_SPARE = (0.6, 0.9, 1.0, 0.9, 0.6)
_MIDDLE = 0.177  # of the picture's width between the margins, for the numbers between two pools
_BESIDE = px(31)  # between them and the pools
_INDENT = px(9)  # of a scale's bar
_DIGITS = px(30)  # of scales that stand beside each other, at most
_APART = px(24)  # between them
_EQUAL = 1.05  # areas of two pools that the eye takes for equal
_SMALLER = [1 - 0.005 * step for step in range(1, 61)]  # shares of a region that are tried
_GRID_TOP = px(38)  # from the middle of a pool's name to its first frame


def race(area: Area, needs: Needs) -> Regions:
    """Return the places of `heading`, `clock`, `pools`, `strips`, `scales`, `curve`, `card`.

    Those of `plate` and `caption`, too.
    """
    heading, scales = cast("RaceNeed", needs["heading"]), cast("ScalesNeed", needs["scales"])
    arrange = {Shape.WIDE: _wide, Shape.TALL: _tall, Shape.SQUARE: _square}[area.shape]
    fills = cast("PoolsNeed", needs["pools"]).filled
    regions = arrange(area, heading.count, scales, fills)
    return {**regions, "plate": regions["pools"], "caption": arrange_foot(area)}


def _wide(area: Area, notes: int, scales: ScalesNeed, fills: tuple[Fill, Fill]) -> Regions:
    across, rule = area.right - area.left, arrange_foot(area).rule
    cap, title_y = px(50), area.top - px(47)
    half, base = across * 0.43, title_y - (cap - px(26)) / 2
    places = tuple(
        Spot.at(area.right, base + px(40) * line, px(26), width=across - half - px(20), align=1)
        for line in reversed(range(notes))
    )
    title = Spot.at(area.left, title_y, cap, width=half, align=-1)
    names_y = title_y - px(76)
    middle = across * _MIDDLE
    width = (across - middle) / 2 - _BESIDE
    grid_top, grid_bottom = names_y - _GRID_TOP, rule + px(315)
    left, right = beside(area, Region(0, grid_top, width, grid_bottom), fills)
    strips = strips_below((left, right), px(18), grid_bottom - px(68))
    numbers = Region(left.right + _BESIDE, grid_top, right.left - _BESIDE, grid_bottom - px(68))
    chart_bottom = rule + px(34)
    chart_top = chart_bottom + px(140)
    label = Spot.at(area.left, chart_top + px(28), px(24), width=half, align=-1)
    pitch = px(119)
    shown = min(scales.count, _MOST_SCALES)
    card = _card(area, title.bottom - px(24), cap=px(54), high=px(80), each=px(172), columns=4)
    return {
        "heading": RaceHeading(
            area.left, area.top, area.right, min(title.bottom, base - px(13)), title, places
        ),
        "clock": Spot.at(0, names_y + px(3), px(40), width=middle, align=0),
        "pools": Pair.of(
            *(pool_place(region, names_y, px(36), px(27)) for region in (left, right))
        ),
        "strips": _strips(strips, 2, card),
        "scales": _scales(
            [
                Region(
                    numbers.left,
                    numbers.top - row * pitch,
                    numbers.right,
                    numbers.top - (row + 1) * pitch,
                )
                for row in range(shown)
            ],
            px(36),
        ),
        "curve": CurvePlace(area.left, chart_top, area.right, chart_bottom, label),
        "card": card,
    }


def _tall(area: Area, notes: int, scales: ScalesNeed, fills: tuple[Fill, Fill]) -> Regions:
    across, rule = area.right - area.left, arrange_foot(area).rule
    title, clock, places, names_y = _tall_head(area, notes)
    head, strip, below = px(68), px(42), px(16)
    numbers, chart = px(176), px(208)
    spare = names_y + head / 2 - (rule + px(34)) - 2 * (head + below + strip) - numbers - chart
    upper = Region(area.left, names_y - _GRID_TOP, area.right, names_y - _GRID_TOP - spare / 2)
    pitch = upper.height + below + strip + numbers + head / 2 + _GRID_TOP
    both = below_each_other(upper, fills, pitch)
    strips = [
        strip_below(pool, below, upper.bottom - side * pitch - below - strip)
        for side, pool in enumerate(both)
    ]
    numbers_top = strips[0].bottom - px(38)
    names = names_y, names_y - pitch
    columns, digits = _columns(across, scales.widths[:_MOST_SCALES])
    bars = [
        Region(area.left + left, numbers_top, area.left + right, numbers_top - px(119))
        for left, right in pairwise(accumulate(columns, initial=0.0))
    ]
    chart_bottom = rule + px(34)
    chart_top = chart_bottom + px(122)
    label = Spot.at(area.left, chart_top + px(27), px(24), width=across * 0.6, align=-1)
    card = _card(
        area, places[-1].bottom - px(24), cap=px(40), high=px(150), each=px(240), columns=2
    )
    return {
        "heading": RaceHeading(area.left, area.top, area.right, places[-1].bottom, title, places),
        "clock": clock,
        "pools": Pair.of(
            *(pool_place(*place, px(38), px(28)) for place in zip(both, names, strict=True))
        ),
        "strips": _strips(strips, 2, card),
        "scales": _scales(bars, digits),
        "curve": CurvePlace(area.left, chart_top, area.right, chart_bottom, label),
        "card": card,
    }


def _square(area: Area, notes: int, scales: ScalesNeed, fills: tuple[Fill, Fill]) -> Regions:
    across, rule = area.right - area.left, arrange_foot(area).rule
    title, clock, places, names_y = _tall_head(area, notes)
    width = (across - _BESIDE) / 2
    numbers_top = rule + px(138)
    strip_bottom = numbers_top + px(20)
    grid_bottom = strip_bottom + px(74) + px(14)
    top = names_y - px(32)
    left, right = beside(area, Region(0, top, width, grid_bottom), fills)
    strips = strips_below((left, right), px(14), strip_bottom)
    shown = min(scales.count, 2)
    bars = [
        Region(
            pool.left + width * 0.1, numbers_top, pool.right - width * 0.1, numbers_top - px(119)
        )
        for pool in (left, right)
    ]
    card = _card(area, places[-1].bottom - px(14), cap=px(38), high=px(66), each=px(160), columns=2)
    return {
        "heading": RaceHeading(area.left, area.top, area.right, places[-1].bottom, title, places),
        "clock": clock,
        "pools": Pair.of(
            *(pool_place(region, names_y, px(30), px(23)) for region in (left, right))
        ),
        "strips": _strips(strips, 3, card),
        "scales": _scales(bars[:shown], px(32)),
        "curve": CurvePlace(area.left, rule, area.left, rule, title),  # there is no room for it
        "card": card,
    }


def beside(area: Area, size: Region, fills: tuple[Fill, Fill]) -> tuple[GridPlace, GridPlace]:
    """Return the places of two pools at the margins, each as large as its frames are."""
    first, second = level((size, size), fills)
    left = fitted_pool(_moved(first, area.left - first.left), fills[0])
    right = fitted_pool(_moved(second, area.left - second.left), fills[1])
    spare = area.right - right.edge
    left_edge, right_edge = right.left + spare, right.right + spare
    return left, GridPlace(left_edge, right.top, right_edge, right.bottom, area.right)


def below_each_other(
    region: Region, fills: tuple[Fill, Fill], pitch: float
) -> tuple[GridPlace, GridPlace]:
    """Return the places of two pools, the second so much below the first, as large as frames are.

    Parameters
    ----------
    region
        What the first may fill.
    """
    first, second = level((region, region), fills)
    lower = replace(second, top=second.top - pitch, bottom=second.bottom - pitch)
    return fitted_pool(first, fills[0]), fitted_pool(lower, fills[1])


def strip_below(pool: GridPlace, air: float, bottom: float) -> Region:
    """Return the place of a strip between the frames of a pool and a height."""
    return Region(pool.left, pool.bottom - air, pool.edge, bottom)


def strips_below(pools: tuple[GridPlace, GridPlace], air: float, bottom: float) -> list[Region]:
    """Return the places of strips side by side, as high as each other."""
    lowest = min(pool.bottom for pool in pools)
    return [strip_below(replace(pool, bottom=lowest), air, bottom) for pool in pools]


def level(regions: tuple[Region, Region], fills: tuple[Fill, Fill]) -> tuple[Region, Region]:
    """Return regions in which two pools fill about equal areas: that of the larger one shrinks.

    Cells are whole pixels: so pools of different numbers of frames may fill a region unevenly.
    """
    areas = [_area(fill(region)) for region, fill in zip(regions, fills, strict=True)]
    if max(areas) <= _EQUAL * min(areas):
        return regions
    larger, wanted = areas.index(max(areas)), min(areas)
    region, fill = regions[larger], fills[larger]
    tried = [
        replace(
            region,
            right=region.left + across * region.width,
            bottom=region.top - down * region.height,
        )
        for part in _SMALLER
        for across, down in ((part, 1.0), (1.0, part), (part, part))
    ]
    best = min(tried, key=lambda region: abs(_area(fill(region)) / wanted - 1))
    return (regions[0], best) if larger else (best, regions[1])


def _area(region: Region) -> float:
    return region.width * region.height


def _moved(region: Region, by: float) -> Region:
    return replace(region, left=region.left + by, right=region.right + by)


def fitted_pool(region: Region, fill: Fill) -> GridPlace:
    """Return what frames fill of a region."""
    place = fill(region)
    edge = place.edge if isinstance(place, GridPlace) else place.right
    return GridPlace(region.left, region.top, place.right, place.bottom, edge)


def _tall_head(area: Area, notes: int) -> tuple[Spot, Spot, tuple[Spot, ...], float]:
    """Return the places of title, clock and notes, and the height of the first pool's name."""
    across = area.right - area.left
    cap = area.tall(44, 54)
    y = area.top - cap / 2 - area.tall(8, 30)
    clock = Spot.at(
        area.right,
        y - (cap - area.tall(36, 42)) / 2,
        area.tall(36, 42),
        width=across * 0.3,
        align=1,
    )
    title = Spot.at(area.left, y, cap, width=across * 0.66, align=-1)
    first = y - cap / 2 - area.tall(24, 36) - px(13)
    places = tuple(
        Spot.at(area.left, first - line * px(40), px(25), width=across, align=-1)
        for line in range(notes)
    )
    return title, clock, places, places[-1].bottom - area.tall(38, 62)


def pool_place(place: GridPlace, y: float, cap: float, small: float) -> PoolPlace:
    """Return the place of a pool whose name stands above it, at height `y`."""
    base = y - (cap - small) / 2
    name = Spot.at(place.left, y, cap, width=place.width * 0.49, align=-1)
    held = Spot.at(place.edge, base, small, width=place.width * 0.46, align=1)
    return PoolPlace(place.left, place.top, place.right, place.bottom, place.edge, name, held)


def _strips(strips: list[Region], rows: int, card: CardPlace) -> StripsPlace:
    first, second = strips
    both = Pair.of(first, second)
    return StripsPlace(
        both.left, both.top, both.right, both.bottom, first, second, rows, card.strips
    )


def _scales(regions: list[Region], cap: float) -> ScalesPlace:
    """Return the places of scales, each within a region of 119 pixels' height."""
    places = []
    for region in regions:
        x, top = region.center[0], region.top
        bar = Region(region.left + _INDENT, top - px(104), region.right - _INDENT, top - px(112))
        places.append(
            ScalePlace(
                region.left,
                top,
                region.right,
                region.bottom,
                Spot.at(x, top - px(32), px(24), width=region.width, align=0),
                Spot.at(x, top - px(78), cap, width=region.width, align=0),
                bar,
            )
        )
    top, bottom = (regions[0].top, regions[-1].bottom) if regions else (0.0, 0.0)
    return ScalesPlace(
        regions[0].left if regions else 0.0,
        top,
        regions[-1].right if regions else 0.0,
        bottom,
        tuple(places),
    )


def _columns(across: float, widths: Sequence[tuple[float, float]]) -> tuple[list[float], float]:
    """Return how wide scales are that stand beside each other, and how high all their digits are.

    The last ones are left out if even the smallest digits of all do not fit.

    Parameters
    ----------
    across
        How wide all of them can be.
    widths
        Of their labels and numbers; see `ScalesNeed`.
    """
    cap = _DIGITS
    while cap > MIN_CAP:
        least = [max(label * MIN_CAP, both * cap) + _APART for label, both in widths]
        if sum(least) <= across:
            spare = (across - sum(least)) / max(1, len(least))
            return [each + spare for each in least], cap
        cap *= 0.97
    return _columns(across, widths[:-1])


def _card(
    area: Area, top: float, *, cap: float, high: float, each: float, columns: int
) -> CardPlace:
    """Return the places of the card: what is spare goes between what belongs together.

    Parameters
    ----------
    top
        Where it begins.
    cap
        A headline's.
    high
        A strip.
    each
        A row of boxes.
    columns
        How many boxes stand beside each other.
    """
    across = area.right - area.left
    gap, lines = cap / 2 + px(6), 1 if columns == _MOST_SCALES else 2
    run, boxes, command = cap + gap + high, each * (4 // columns), lines * px(46)
    spare = (top - area.bottom - 2 * run - boxes - command) / sum(_SPARE)
    spots, bars = [], []
    y = top - _SPARE[0] * spare
    for _ in range(2):
        spots.append(Spot.at(area.left, y - cap / 2, cap, width=across, align=-1))
        bars.append(Region(area.left, y - cap - gap, area.right, y - run))
        y -= run + _SPARE[1] * spare
    upper = y + (_SPARE[1] - _SPARE[2]) * spare
    rows = tuple(
        Region(area.left, upper - row * each, area.right, upper - (row + 1) * each)
        for row in range(4 // columns)
    )
    lower = rows[-1].bottom
    middle = lower - _SPARE[3] * spare - command / 2
    return CardPlace(
        area.left,
        top,
        area.right,
        area.bottom,
        (spots[0], spots[1]),
        Pair.of(bars[0], bars[1]),
        (upper, lower),
        rows,
        Spot.at(0, middle, px(28), width=across, align=0),
    )
