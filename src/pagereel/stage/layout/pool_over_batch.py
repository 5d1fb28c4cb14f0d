"""The arrangement of ContinuousBatching: pool, strip of lanes and steps, and row of waiting tasks.

From top to bottom: title and counter, the pool where PagedCache has it (higher in tall pictures),
the zone in which risers cross, the lanes with badges and tables before them, their axis, the
waiting row, the caption. Square pictures leave mask and tables out: bits and colours say the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from pagereel.stage.layout.arrangement import GUTTER, arrange_foot, arrange_head, refuse_long
from pagereel.stage.layout.batch import (
    AXIS,
    FLAT,
    HIGH,
    LEAST_NARROW,
    LEAST_PITCH,
    BatchNeed,
    NotesPlaces,
    notes_in,
    place_heads,
    place_strip,
    place_waiting,
)
from pagereel.stage.layout.frames import PoolNeed, place_pool
from pagereel.stage.layout.places import MIN_CAP, MONO_ADVANCE, Area, Region, Shape, Spot, px
from pagereel.stage.layout.pool_over_rows import labels_above, labels_beside

if TYPE_CHECKING:
    from pagereel.stage.layout.arrangement import Needs, Regions

_COLUMN = px(430)  # of mask, badges and tables: as wide as PagedCache's
_NARROW = px(216)  # of badges, where labels stand above
_LOW_AXIS = px(82)  # from the lanes to the middle of their axis, past the tables below the badges


def pool_over_batch(area: Area, needs: Needs) -> Regions:
    """Return the places of all parts of ContinuousBatching.

    Raises
    ------
    StageError
        If the picture is too long to be filled.
    """
    refuse_long(area)
    need, frames = cast("BatchNeed", needs["strip"]), cast("PoolNeed", needs["pool"]).frames
    title, counter = arrange_head(area, needs)
    caption = arrange_foot(area)
    wide, square = area.wide, area.shape is Shape.SQUARE
    labels_y = title.y - title.cap / 2 - area.tall(52, 90)
    first_bit = title.y - px(108) if wide else labels_y - area.tall(62, 68)
    label, mask = labels_above(area, labels_y)
    column = _column(need, frames) if wide else 0.0
    room = Region(area.left + column, first_bit, area.right, caption.rule)
    pool = place_pool(room, frames, label=label, hook=area.tall(56, 90))
    if wide:
        label, mask = labels_beside(area, pool, column)
    left = area.left + (column or _NARROW)
    zone = px(80) if wide else area.tall(64, 213)
    below = area.tall(24, 124)
    waiting = Region(area.left, 0, area.right, caption.rule + below)
    waiting = replace(waiting, top=waiting.bottom + px(78))
    middle = Region(left, pool.bottom - zone, area.right, waiting.top + area.tall(0, 34))
    high = not (wide or square)
    strip = place_strip(
        middle,
        need,
        share=HIGH if high else FLAT,
        least=LEAST_PITCH if wide else LEAST_NARROW,
        axis=_LOW_AXIS if high else AXIS,
    )
    before = Region(area.left, middle.top, left - GUTTER, middle.bottom)
    name_y = strip.top + px(26) if wide else strip.top + area.tall(12, 44)
    heads = place_heads(strip, before, need, label=name_y)
    notes = waiting if wide else replace(waiting, top=waiting.bottom, bottom=caption.rule)
    end = notes_in(replace(waiting, bottom=waiting.bottom - px(12)), beside=wide)
    if square:  # where the mask would be
        notes = Region(area.left + px(300), mask.top, area.right, mask.bottom)
    return {
        "title": title,
        "counter": _larger(counter, title),
        "pool": replace(pool, label=label),
        "mask": replace(mask, cap=0.0) if square else mask,
        "strip": strip,
        "running": replace(heads, label=None, table_cap=0.0) if square else heads,
        "risers": Region(area.left, pool.bottom, area.right, strip.top),
        "notes": NotesPlaces(notes.left, notes.top, notes.right, notes.bottom, end),
        "waiting": place_waiting(waiting, need.name, x=left),
        "caption": caption,
    }


def _column(need: BatchNeed, frames: int) -> float:
    """Return the width of the column left of pool and lanes: mask, badges and tables fit."""
    table = px(98) + need.table * MONO_ADVANCE * MIN_CAP
    mask = (len("free: ") + frames) * MONO_ADVANCE * MIN_CAP
    return max(_COLUMN, table + GUTTER, mask + GUTTER)


def _larger(counter: Spot, title: Spot) -> Spot:
    """Return the place of a counter that is read from afar, on the title's baseline."""
    cap = 0.74 * title.cap
    y = title.y + (cap - title.cap) / 2
    return Spot.at(counter.x, y, cap, width=counter.width, align=counter.align)
