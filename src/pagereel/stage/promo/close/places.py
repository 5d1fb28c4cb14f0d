"""The arrangement of the promo's close part: a pool over rows, which become lanes later.

From top to bottom: the pool, the zone that connectors cross, the rows of tasks, the caption. There
is no title. Later the rows move up as the lanes of a batch, and a row of waiting tasks opens below
them. Pure functions; nothing is drawn here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from pagereel.stage.layout.arrangement import GUTTER, arrange_foot, refuse_long
from pagereel.stage.layout.batch import (
    AXIS,
    FLAT,
    HIGH,
    LEAST_NARROW,
    BatchNeed,
    place_heads,
    place_strip,
    place_waiting,
)
from pagereel.stage.layout.frames import PoolNeed, place_pool, pool_row
from pagereel.stage.layout.lanes import RowsNeed, place_rows
from pagereel.stage.layout.places import MIN_CAP, MONO_ADVANCE, Area, Region, Shape, Spot, px

if TYPE_CHECKING:
    from pagereel.stage.layout.arrangement import Needs, Regions
    from pagereel.stage.layout.frames import PoolPlaces

_ABOVE = px(6)  # the bits stand on the upper edge, and their name is higher than they are
_LABELS = px(176)  # width of the labels left of the pool in wide pictures
_LABEL = px(28)
_MOST = px(190)  # side of a frame: as large as there is room for
_BADGE = px(114)  # a badge and the gaps around a table
_NARROW = px(216)  # of badges, where tables stand below them
_LOW_AXIS = px(82)  # from the lanes to the middle of their axis, past the tables below the badges


def close_pool(area: Area, frames: int = 8) -> PoolPlaces:
    """Return the places of the close part's page frames.

    They fill the width: in one row, or in two where the picture is tall.
    """
    foot = arrange_foot(area).rule
    if area.wide:
        room = Region(area.left, area.top - _ABOVE, area.right, foot)
        return pool_row(room, frames, labels=_LABELS, most=_MOST)
    line = area.top - area.tall(16, 40)
    label = Spot.at(area.left, line, _LABEL, width=area.right - area.left, align=-1)
    room = Region(area.left, line - area.tall(54, 74), area.right, foot)
    rows = 2 if area.shape is Shape.TALL else 1
    return place_pool(room, frames, label=label, hook=px(44), most=_MOST, rows=rows)


def close_boxes(area: Area, frames: int = 8) -> tuple[Region, ...]:
    """Return the outlines of the close part's page frames, at which the pool's camera aims."""
    pool = close_pool(area, frames)
    half = pool.box / 2

    def box(frame: int) -> Region:
        x, y = pool.frame(frame)
        return Region(x - half, y + half, x + half, y - half)

    return tuple(map(box, range(frames)))


def close_up(area: Area, needs: Needs) -> Regions:
    """Return the places of all parts of the close part, by their names.

    Raises
    ------
    StageError
        If the picture is too long to be filled, or the rows do not fit.
    """
    refuse_long(area)
    caption = arrange_foot(area)
    pool = close_pool(area, cast("PoolNeed", needs["pool"]).frames)
    tallest = px(124) if area.wide else area.tall(124, 200)
    zone = Region(area.left, pool.bottom, area.right, caption.rule + px(16))
    need = cast("RowsNeed", needs["rows"])
    column = _column(need.table) if area.wide else 0.0
    rows = place_rows(need, zone, column=column, tallest=tallest)
    below = Region(area.left, pool.bottom, area.right, caption.rule)
    lanes = _lanes(area, below, cast("BatchNeed", needs["strip"]), column)
    line = pool.label
    mask = Spot.at(area.right, line.y, 0 if area.wide else line.cap, width=line.width, align=1)
    return {"pool": pool, "mask": mask, "rows": rows, "caption": caption, **lanes}


def _lanes(area: Area, room: Region, need: BatchNeed, column: float) -> Regions:
    """Return the places of the lanes of a batch, and of what waits below them."""
    wide, square = area.wide, area.shape is Shape.SQUARE
    left = area.left + (column or _NARROW)
    foot = room.bottom + (px(14) if wide else area.tall(14, 36))
    waiting = Region(area.left, foot + px(78), area.right, foot)
    zone = px(124) if wide else area.tall(90, 140)
    middle = Region(left, room.top - zone, area.right, waiting.top + area.tall(0, 34))
    high = not (wide or square)
    strip = place_strip(
        middle,
        need,
        share=HIGH if high else FLAT,
        least=LEAST_NARROW,
        axis=_LOW_AXIS if high else AXIS,
    )
    before = Region(area.left, middle.top, left - GUTTER, middle.bottom)
    heads = place_heads(strip, before, need, label=strip.top)
    return {
        "strip": strip,
        "running": replace(heads, label=None, table_cap=0.0 if square else heads.table_cap),
        "risers": Region(area.left, room.top, area.right, strip.top),
        "waiting": place_waiting(waiting, need.name, x=left),
    }


def _column(table: int) -> float:
    """Return the width of the column of badges and tables, such as `[0 1 4 5]`."""
    return _BADGE + table * MONO_ADVANCE * MIN_CAP + GUTTER
