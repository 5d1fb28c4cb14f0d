"""Compute a `Layout`: how the parts share the picture.

From top to bottom: title and counter, the pool with its label and mask, the zone in which
connectors cross, the task rows, the caption. Wide pictures keep label, mask and tables in a
column at the left; others put label and mask above the pool and tables below the badges.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.errors import StageError
from pagereel.stage.layout.places import (
    MIN_CAP,
    MONO_ADVANCE,
    Area,
    Layout,
    PoolLayout,
    RowsLayout,
    Spot,
    TableLayout,
    arrange_foot,
    px,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagereel.stage.layout.places import Extent


_LONGEST = 2.4  # a picture's longer side, in shorter sides
_MIN_PITCH = px(76)  # of page frames: two digits and a gap fit
_GUTTER = px(24)  # between the left column and what stands right of it
_BOX_SHARE = 0.73  # of a frame in its pitch


def arrange(size: tuple[float, float], extent: Extent) -> Layout:
    """Return the layout of a picture for a story of the given extent.

    Parameters
    ----------
    size
        Width and height in scene units, from `picture_size`.
    extent
        How much has to fit.

    Raises
    ------
    StageError
        If the picture is too long to be filled, or pages would become too small for a number.
    """
    if max(size) > _LONGEST * min(size):
        raise StageError(
            f"the picture is {max(size) / min(size):.1f} times as long as it is wide or high; "
            f"at most {_LONGEST} times is possible"
        )
    area = Area(*size)
    title, counter = _title(area, extent)
    if area.wide:
        column = label_column(extent)
        bits_y = title.y - px(108)
        pool = _pool(area, extent.frames, area.left + column, bits_y)
        label, mask = _labels_beside(area, extent, pool, column)
    else:
        column = 0.0
        labels_y = title.y - title.cap / 2 - area.tall(52, 90)
        label, mask = _labels_above(area, extent, labels_y)
        pool = _pool(area, extent.frames, area.left, labels_y - area.tall(62, 104))
    rule, caption = arrange_foot(area)
    return Layout(
        area=area,
        title=title,
        counter=counter,
        label=label,
        mask=mask,
        pool=pool,
        rows=arrange_rows(area, extent, pool, column=column, bottom=rule + px(16)),
        rule=rule,
        caption=caption,
    )


def label_column(extent: Extent) -> float:
    """Return the width of the column left of the pool: mask, badges and tables fit into it."""
    table = px(84) + extent.table * MONO_ADVANCE * MIN_CAP
    return max(px(430), table + _GUTTER, _mask_width(extent, MIN_CAP) + _GUTTER)


def _mask_width(extent: Extent, cap: float) -> float:
    return (len("free: ") + extent.frames) * MONO_ADVANCE * cap


def _title(area: Area, extent: Extent) -> tuple[Spot, Spot]:
    """Return the places of the title and, on the same baseline, of the counter."""
    across = area.right - area.left
    cap, counter_cap = (px(54), px(30)) if area.wide else (area.tall(48, 58), px(28))
    narrow = 0.32 if extent.counts == 1 else 0.4
    counter_width = across * (0.3 if area.wide else narrow)
    y = area.top - cap / 2 - (px(22) if area.wide else area.tall(6, 30))
    return (
        Spot(area.left, y, cap, across - counter_width - _GUTTER, align=-1),
        Spot(area.right, y + (counter_cap - cap) / 2, counter_cap, counter_width, align=1),
    )


def _labels_beside(
    area: Area, extent: Extent, pool: PoolLayout, column: float
) -> tuple[Spot, Spot]:
    """Return the places of the pool's label and mask, level with frames and bits."""
    width = column - _GUTTER
    cap = min(px(30), width / _mask_width(extent, 1))
    return (
        Spot(area.left, pool.y, px(30), width, align=-1),
        Spot(area.left, pool.bit(0)[1], cap, width, align=-1),
    )


def _labels_above(area: Area, extent: Extent, y: float) -> tuple[Spot, Spot]:
    """Return the places of the pool's label and mask, on one line."""
    half = (area.right - area.left) / 2
    cap = min(px(28), half / _mask_width(extent, 1))
    return (
        Spot(area.left, y, px(28), half - _GUTTER, align=-1),
        Spot(area.right, y, cap, half, align=1),
    )


def _pool(area: Area, frames: int, left: float, first_bit: float) -> PoolLayout:
    """Divide the frames into rows that fill the width from `left` on."""
    across = area.right - left
    rows = math.ceil(frames / int(across / _MIN_PITCH))
    columns = math.ceil(frames / rows)
    box = min(px(126), _BOX_SHARE * across / (columns - 1 + _BOX_SHARE))
    bit_cap = min(px(30), max(MIN_CAP, 0.28 * box))
    bit_gap = bit_cap / 2 + px(20)
    hook = area.tall(56, 90)  # connectors turn there into the row above
    return PoolLayout(
        x=left + box / 2,
        y=first_bit - bit_gap - box / 2,
        columns=columns,
        rows=rows,
        pitch=(across - box) / (columns - 1) if columns > 1 else across,
        row_pitch=box + bit_gap + bit_cap / 2 + hook,
        box=box,
        cap=min(px(36), max(MIN_CAP, 0.32 * box)),
        bit_cap=bit_cap,
        bit_gap=bit_gap,
    )


_BEFORE_PAGES = px(20)  # between badge or table and the first page
_GAP = px(14)  # between badge and table
_MIN_PAGE = px(28)  # a digit fits
_GOOD_PAGE = px(44)  # with less, the printed tables make room for the pages
_AIRY = px(14)  # between a lane and the edge of a page that it passes, where there is room
_CLEAR = px(6)  # the least of that
_LEAST_BADGE = px(48)
_SMALL_CAP = px(24)  # of tables where there is no column for them
_HIGH_ROW = px(150)  # from here on, tables stand below badges
_LEAST_PAGES = 4  # a row has room for at least so many


def arrange_rows(
    area: Area, extent: Extent, pool: PoolLayout, *, column: float, bottom: float
) -> RowsLayout:
    """Return the layout of the rows and of the zone between them and the pool.

    The printed tables stand where they leave room for good pages, else they are left out: the
    connectors say the same.

    Parameters
    ----------
    column
        Width kept for badges and tables, 0 if it is to be as wide as they are.
    bottom
        Height of the last row's lower edge.

    Raises
    ------
    StageError
        If pages would become too small to carry their number.
    """
    tallest = px(124) if area.wide else area.tall(136, 210)
    share = min(0.64, 0.16 * extent.tasks + 0.16)  # of the room, for the rows
    row_pitch = min(tallest, (pool.bottom - bottom) * share / extent.tasks)
    largest = min(px(96), 0.7 * row_pitch)
    for head in _heads(extent, row_pitch, column):
        left = area.left + (column or head.width + _BEFORE_PAGES)
        lanes = _aligned_lanes(extent, pool, left, area.right, largest) or _filling_lanes(
            extent, left, area.right, largest
        )
        if lanes.page >= _GOOD_PAGE:
            break
    if lanes.page < _MIN_PAGE:
        raise StageError(
            f"{extent.tasks} tasks of {extent.pages} pages do not fit into a picture of this "
            "shape; make it wider"
        )
    bend = bottom + extent.tasks * row_pitch
    return RowsLayout(
        x=lanes.x,
        y=bend - (row_pitch - head.drop) / 2,
        pitch=lanes.pitch,
        row_pitch=row_pitch,
        stagger=lanes.stagger,
        page=lanes.page,
        cap=min(px(36), max(MIN_CAP, 0.4 * lanes.page)),
        bend=bend,
        badge_x=area.left + head.badge_width / 2,
        badge_width=head.badge_width,
        badge_height=head.badge_height,
        badge_cap=head.badge_cap,
        table=head.table,
    )


@dataclass(frozen=True, slots=True)
class _Lanes:
    """Middle of the first page, size of pages, their pitch, and the stagger of rows."""

    x: float
    page: float
    pitch: float
    stagger: float


def _aligned_lanes(
    extent: Extent, pool: PoolLayout, left: float, right: float, page: float
) -> _Lanes | None:
    """Return lanes in which the first row's pages stand straight below frames, if they fit.

    A page whose frame is right above it then has a straight connector.
    """
    if left > pool.x - page / 2:
        return None
    columns, tasks = max(_LEAST_PAGES, extent.pages), extent.tasks
    room = right - page / 2 - pool.x
    pitch = math.floor(room / (columns - 1) / pool.pitch) * pool.pitch
    stagger = min(pitch / tasks, (room - (columns - 1) * pitch) / max(1, tasks - 1))
    if pitch == 0 or (tasks > 1 and stagger < page / 2 + _CLEAR):
        return None
    return _Lanes(pool.x, page, pitch, stagger)


def _filling_lanes(extent: Extent, left: float, right: float, largest: float) -> _Lanes:
    """Return lanes that fill the width: the last page of the last row ends at the right edge.

    A lane passes half a page and some air beside the pages of every other row, so a page is at
    most two staggers wide, less the air: much of it, unless the page would be too small.
    """
    columns, tasks = max(_LEAST_PAGES, extent.pages), extent.tasks
    steps = columns - 1 / tasks  # pitches from the first page to the last page of the last row
    across = right - left

    def page_with(air: float) -> float:
        if tasks == 1:
            return min(largest, across / columns - 2 * air)
        return min(largest, 2 * (across - steps * tasks * air) / (steps * tasks + 2))

    page = max(page_with(_AIRY), min(page_with(_CLEAR), _GOOD_PAGE))
    pitch = (across - page) / steps
    return _Lanes(left + page / 2, page, pitch, pitch / tasks)


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands left of a row's pages; `drop` is how far the table reaches below the badge."""

    badge_width: float
    badge_height: float
    badge_cap: float
    width: float
    drop: float = 0
    table: TableLayout | None = None


def _heads(extent: Extent, row_pitch: float, column: float) -> Iterator[_Head]:
    """Yield what may stand left of the pages: badge and table, then the badge alone.

    The table stands right of the badge, in a column of given width if there is one; below the
    badge where rows are high enough.
    """
    if column or row_pitch < _HIGH_ROW:
        width, height, cap = _badge(extent, 0.7 * row_pitch)
        most = (
            (column - _BEFORE_PAGES - width - _GAP) / (extent.table * MONO_ADVANCE) if column else 1
        )
        table_cap = min(px(28) if column else _SMALL_CAP, most)
        table = TableLayout(dx=width / 2 + _GAP, dy=0, cap=table_cap)
        if table_cap >= MIN_CAP:
            full = width + _GAP + extent.table * MONO_ADVANCE * table_cap
            yield _Head(width, height, cap, full, table=table)
    else:
        drop = _GAP + _SMALL_CAP
        width, height, cap = _badge(extent, 0.88 * row_pitch - drop)
        table = TableLayout(dx=-width / 2, dy=-height / 2 - _GAP - _SMALL_CAP / 2, cap=_SMALL_CAP)
        full = max(width, extent.table * MONO_ADVANCE * _SMALL_CAP)
        yield _Head(width, height, cap, full, drop, table)
    width, height, cap = _badge(extent, min(0.7 * row_pitch, _LEAST_BADGE))
    yield _Head(width, height, cap, width)


def _badge(extent: Extent, most: float) -> tuple[float, float, float]:
    """Return a badge's width, height and height of capitals: long names make it wider."""
    height = min(px(84), most)
    cap = max(MIN_CAP, 0.42 * height / max(1, extent.name / 1.5))
    return max(height, extent.name * cap + px(20)), height, cap
