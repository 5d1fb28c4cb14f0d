"""Compute a `Layout`: how the parts share the picture.

From top to bottom: title and counter, the pool with its label and mask, the zone in which
connectors cross, the task rows, the caption. Wide pictures keep label, mask and tables in a
column at the left; others put label and mask above the pool and tables below the badges.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pagereel.errors import StageError
from pagereel.stage.layout.arrange_rows import arrange_rows
from pagereel.stage.layout.places import (
    MIN_CAP,
    MONO_ADVANCE,
    Area,
    Layout,
    PoolLayout,
    Spot,
    arrange_foot,
    px,
)

if TYPE_CHECKING:
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
