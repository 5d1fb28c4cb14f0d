"""The arrangement of Replay: a grid of frames over a chart, numbers and tasks beside or below."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, inf
from typing import TYPE_CHECKING, cast

from pagereel.errors import StageError
from pagereel.stage.layout.arrangement import arrange_foot
from pagereel.stage.layout.places import Area, CounterNeed, Need, Region, Spot, px
from pagereel.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from pagereel.stage.layout.arrangement import Needs, Regions

_GAP = px(44)  # between the parts


@dataclass(frozen=True, slots=True)
class GridPlace(Region):
    """Where a grid stands, with a gap behind its last column, which ends at `edge`."""

    edge: float


def _all_of(region: Region) -> GridPlace:
    return GridPlace(region.left, region.top, region.right, region.bottom, region.right)


@dataclass(frozen=True, slots=True)
class GridNeed(Need):
    """The need of a grid; `filled` returns what it fills of a region."""

    filled: Callable[[Region], GridPlace] = _all_of


@dataclass(frozen=True, slots=True)
class HeadingNeed(Need):
    """The need of a title, and perhaps of a note below it."""

    note: bool = True


@dataclass(frozen=True, slots=True)
class HeadingPlace(Region):
    """Where a title and the note below it stand."""

    title: Spot
    note: Spot


@dataclass(frozen=True, slots=True)
class StripPlace(Region):
    """A region of so many rows."""

    rows: int


@dataclass(frozen=True, slots=True)
class ChartPlace(Region):
    """Where a chart stands, with its label above it and, at the right, the pace of the film."""

    label: Spot
    pace: Spot


@dataclass(frozen=True, slots=True)
class TiersNeed(Need):
    """The need of so many tiers; `widest` is what the longest says, in heights of a capital."""

    tiers: int = 0
    widest: float = inf


@dataclass(frozen=True, slots=True)
class TierPlace:
    """Where a tier stands: what it is called and holds, and below that its slots."""

    label: Spot
    grid: Region


@dataclass(frozen=True, slots=True)
class TiersPlace(Region):
    """Where tiers stand: beside each other as far as what they say has room, then below."""

    places: tuple[TierPlace, ...] = ()


_TIER_CAP = px(24)
_TIER_GRID = px(46)  # height of a tier's slots
_TIER_GAPS = px(14), px(24)  # below its label, and below its slots
_TIER_HEIGHT = _TIER_CAP + _TIER_GRID + sum(_TIER_GAPS)
_LEAST_GRID = px(8)  # height that tiers leave for the frames above them


def _tier_columns(need: TiersNeed, across: float) -> int:
    """Return how many tiers have room beside each other."""
    fitting = int((across + _GAP) / (need.widest * _TIER_CAP + _GAP))
    return max(1, min(need.tiers, fitting))


def _tiers_below(grid: GridPlace, count: int, gap: float, columns: int) -> TiersPlace:
    """Return the places of so many tiers below a grid, so many of them beside each other."""
    top, across = grid.bottom - gap, grid.edge - grid.left
    pitch = (across + _GAP) / columns
    places = []
    for index in range(count):
        row, column = divmod(index, columns)
        left, y = grid.left + column * pitch, top - row * _TIER_HEIGHT
        label = Spot.at(left, y - _TIER_CAP / 2, _TIER_CAP, width=pitch - _GAP, align=-1)
        upper = label.bottom - _TIER_GAPS[0]
        right = label.right if column < columns - 1 else grid.right
        places.append(TierPlace(label, Region(left, upper, right, upper - _TIER_GRID)))
    bottom = top - ceil(count / columns) * _TIER_HEIGHT
    return TiersPlace(grid.left, grid.bottom, grid.edge, bottom, tuple(places))


def _filled_grid(need: GridNeed, region: Region, tiers: int) -> GridPlace:
    """Return what the frames fill of a region above so many tiers."""
    if tiers and region.height < _LEAST_GRID:
        raise StageError(
            f"{counted(tiers, 'tier')} and the frames above do not fit into a picture of this "
            "shape; make it taller"
        )
    return need.filled(region)


def grid_over_chart(area: Area, needs: Needs) -> Regions:
    """Return the places of `heading`, `clock`, `grid`, `tiers`, `counters` and so on.

    Raises
    ------
    StageError
        If there is no room for all tiers.
    """
    counts = cast("CounterNeed", needs["counters"]).counts
    wide = area.wide
    across = area.right - area.left
    cap = px(54) if wide else area.tall(48, 58)
    clock_cap = px(40) if wide else px(36)
    clock_width = across * (0.3 if wide else 0.36)
    title_y = area.top - cap / 2 - (px(18) if wide else area.tall(6, 30))
    note_cap = px(27)
    note_y = title_y - cap / 2 - area.tall(42, 66) - note_cap / 2
    top = note_y - note_cap / 2 - area.tall(36, 60)
    if not cast("HeadingNeed", needs["heading"]).note:
        top = title_y - cap / 2 - area.tall(42, 66)
    caption = arrange_foot(area)
    rule = caption.rule
    chart_bottom = rule + area.tall(24, 40)
    chart_top = chart_bottom + (px(164) if wide else area.tall(104, 216))
    label_y = chart_top + px(14) + px(24) / 2
    bottom = label_y + px(24) / 2 + area.tall(26, 46)
    need, stored = cast("GridNeed", needs["grid"]), cast("TiersNeed", needs["tiers"])
    tiers, tiers_gap = stored.tiers, area.tall(28, 44)
    split = area.left + across * (0.655 if wide else 1)
    columns = _tier_columns(stored, split - area.left)
    room = ceil(tiers / columns) * _TIER_HEIGHT + (tiers_gap if tiers else 0)
    if wide:
        right = Region(split + _GAP, top, area.right, rule + area.tall(24, 40))
        grid = _filled_grid(need, Region(area.left, top, split, bottom + room), tiers)
        spare = grid.bottom - bottom - room
        middle = top - counts * px(43) - px(26)
        counters = Region(right.left, top, right.right, middle + px(26))
        strip = Region(right.left, middle, right.right, right.bottom)
        chart_right = split
    else:
        info = max(counts, 5) * area.tall(40, 62)
        below = bottom + info + area.tall(30, 54) + room
        grid = _filled_grid(need, Region(area.left, top, area.right, below), tiers)
        spare = grid.bottom - below
        bottom += spare
        split = area.left + across * 0.56
        counters = Region(area.left, bottom + info, split, bottom)
        strip = Region(split + _GAP, bottom + info, area.right, bottom)
        chart_right = area.right
    pitch = px(44) if wide else area.tall(38, 46)
    chart_top, label_y = chart_top + spare, label_y + spare
    title = Spot.at(area.left, title_y, cap, width=across - clock_width - _GAP, align=-1)
    note = Spot.at(area.left, note_y, note_cap, width=across, align=-1)
    clock_y = title_y + (clock_cap - cap) / 2
    half = (chart_right - area.left) / 2
    label = Spot.at(area.left, label_y, px(24), width=half, align=-1)
    pace = Spot.at(grid.edge, label_y, px(24), width=half, align=1)
    return {
        "tiers": _tiers_below(grid, tiers, tiers_gap, columns),
        "heading": HeadingPlace(area.left, area.top, title.right, note.bottom, title, note),
        "clock": Spot.at(area.right, clock_y, clock_cap, width=clock_width, align=1),
        "grid": grid,
        "counters": counters,
        "strip": StripPlace(
            strip.left,
            strip.top,
            strip.right,
            strip.bottom,
            max(3, floor(strip.height / pitch + 1e-6)),
        ),
        "chart": ChartPlace(area.left, chart_top, grid.edge, chart_bottom, label, pace),
        "caption": caption,
    }
