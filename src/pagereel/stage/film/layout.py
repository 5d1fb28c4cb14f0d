"""Where everything stands in the picture of a trace, computed from the picture's size."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, sqrt

from pagereel.stage.layout.places import MIN_CAP, Area, CaptionPlace, Spot, arrange_foot, px

_GAP = px(44)  # between the parts
_STEADY = {16: 1.12, 8: 1.08, 4: 1.04}  # how much rather rows have a multiple of so many frames
_BROADEST = 2.3  # a cell's width, in heights
_SLIMMEST = 0.9
_WHOLE = 3  # pixels; smaller cells need not all have the same size


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the picture, in scene units."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Its width."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Its height."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class ReplayLayout:
    """Every place in the picture.

    Attributes
    ----------
    clock
        Right end of the clock, on the title's baseline.
    pace
        Right end of what is said of the time-lapse.
    counters, strip
        Panels of rows, `counter_rows` and `strip_rows` of them.
    """

    area: Area
    title: Spot
    note: Spot
    clock: Spot
    grid: Panel
    counters: Panel
    counter_rows: int
    strip: Panel
    strip_rows: int
    chart: Panel
    chart_label: Spot
    pace: Spot
    rule: float
    caption: CaptionPlace
    cap: float  # of counters and names


def arrange_replay(size: tuple[float, float], counter_rows: int) -> ReplayLayout:
    """Return the layout of a picture.

    Parameters
    ----------
    size
        Width and height in scene units, from `picture_size`.
    counter_rows
        How many counters stand below each other.
    """
    area = Area(*size)
    wide = area.wide
    across = area.right - area.left
    cap = px(54) if wide else area.tall(48, 58)
    clock_cap = px(40) if wide else px(36)
    clock_width = across * (0.3 if wide else 0.36)
    title_y = area.top - cap / 2 - (px(18) if wide else area.tall(6, 30))
    note_cap = px(27)
    note_y = title_y - cap / 2 - area.tall(42, 66) - note_cap / 2
    top = note_y - note_cap / 2 - area.tall(36, 60)
    rule, caption = arrange_foot(area)
    chart_bottom = rule + area.tall(24, 40)
    chart_top = chart_bottom + (px(104) if wide else area.tall(84, 170))
    label_y = chart_top + px(14) + px(24) / 2
    bottom = label_y + px(24) / 2 + area.tall(26, 46)
    small = px(24)
    if wide:
        split = area.left + across * 0.655
        right = Panel(split + _GAP, top, area.right, rule + area.tall(24, 40))
        grid = Panel(area.left, top, split, bottom)
        middle = top - counter_rows * px(43) - px(26)
        counters = Panel(right.left, top, right.right, middle + px(26))
        strip = Panel(right.left, middle, right.right, right.bottom)
        chart_right = split
    else:
        info = max(counter_rows, 5) * area.tall(40, 62)
        grid = Panel(area.left, top, area.right, bottom + info + area.tall(30, 60))
        split = area.left + across * 0.56
        counters = Panel(area.left, bottom + info, split, bottom)
        strip = Panel(split + _GAP, bottom + info, area.right, bottom)
        chart_right = area.right
    pitch = px(44) if wide else area.tall(38, 46)
    chart_width = chart_right - area.left
    return ReplayLayout(
        area=area,
        title=Spot(area.left, title_y, cap, across - clock_width - _GAP, align=-1),
        note=Spot(area.left, note_y, note_cap, across, align=-1),
        clock=Spot(area.right, title_y + (clock_cap - cap) / 2, clock_cap, clock_width, align=1),
        grid=grid,
        counters=counters,
        counter_rows=counter_rows,
        strip=strip,
        strip_rows=max(3, floor(strip.height / pitch + 1e-6)),
        chart=Panel(area.left, chart_top, chart_right, chart_bottom),
        chart_label=Spot(area.left, label_y, px(24), chart_width * 0.5, align=-1),
        pace=Spot(chart_right, label_y, px(24), chart_width * 0.5, align=1),
        rule=rule,
        caption=caption,
        cap=max(MIN_CAP, small),
    )


@dataclass(frozen=True, slots=True)
class Cells:
    """How the frames share a panel's pixels: `columns` in a row, from the left upper corner.

    Attributes
    ----------
    width, height
        Of a cell, in pixels, with the gap to the next one. Whole numbers, unless cells are tiny.
    gap
        Pixels between cells.
    """

    columns: int
    rows: int
    width: float
    height: float
    gap: int


def divide(width: int, height: int, frames: int) -> Cells:
    """Divide a panel into cells, as large as possible, and rather with round numbers in a row.

    Parameters
    ----------
    width, height
        The panel's, in pixels.
    frames
        How many cells there have to be.
    """
    side = sqrt(width * height / frames)
    least, most = ceil(width / (side * _BROADEST)) - 1, ceil(width / side * 1.4) + 1
    tried = (_cells(width, height, frames, columns) for columns in range(max(1, least), most + 1))
    return max(tried, key=lambda cells: _merit(cells, frames))


def _cells(width: int, height: int, frames: int, columns: int) -> Cells:
    columns = min(columns, frames)
    rows = ceil(frames / columns)
    across, down = width / columns, height / rows
    if min(across, down) >= _WHOLE:
        across, down = float(floor(across)), float(floor(down))
    across, down = min(across, down * _BROADEST), min(down, across / _SLIMMEST)
    if min(across, down) >= _WHOLE:
        across, down = float(floor(across)), float(floor(down))
    side = min(across, down)
    gap = round(side * 0.1) if side > 20 else 2 if side >= 10 else 1 if side >= 5 else 0
    return Cells(columns, rows, across, down, min(gap, 12))


def _merit(cells: Cells, frames: int) -> float:
    steady = next((gain for n, gain in _STEADY.items() if cells.columns % n == 0), 1)
    stretched = max(cells.width / cells.height, cells.height / cells.width)
    full = frames / (cells.columns * cells.rows)
    return float(steady * cells.width * cells.height * full**2 / stretched**0.3)
