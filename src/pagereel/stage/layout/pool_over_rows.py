"""The arrangement of PagedCache: a pool over task rows, each page under the frames.

From top to bottom: title and counter, the pool with its label and mask, the zone in which
connectors cross, the task rows, the caption. Wide pictures keep label, mask and tables in a
column at the left; others put label and mask above the pool and tables below the badges.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from pagereel.stage.layout.arrangement import GUTTER, arrange_foot, arrange_head, refuse_long
from pagereel.stage.layout.frames import PoolNeed, PoolPlaces, place_pool
from pagereel.stage.layout.lanes import RowsNeed, least_head, place_rows
from pagereel.stage.layout.places import MIN_CAP, MONO_ADVANCE, Area, Region, Spot, px
from pagereel.stage.layout.tiers import place_stored

if TYPE_CHECKING:
    from pagereel.stage.layout.arrangement import Needs, Regions
    from pagereel.stage.layout.tiers import StoredNeed


_WIDEST_COLUMN = 0.43  # of the picture, for badges and tables


def pool_over_rows(area: Area, needs: Needs) -> Regions:
    """Return the places of `title`, `counter`, `tiers`, `pool`, `mask`, `rows` and `caption`.

    Raises
    ------
    StageError
        If the picture is too long to be filled, or pages would become too small for a number.
    """
    refuse_long(area)
    frames, need = cast("PoolNeed", needs["pool"]).frames, cast("RowsNeed", needs["rows"])
    title, counter = arrange_head(area, needs)
    caption = arrange_foot(area)
    labels_y = title.y - title.cap / 2 - area.tall(52, 90)
    first_bit = title.y - px(108) if area.wide else labels_y - area.tall(62, 104)
    across = area.right - area.left
    column = _label_column(frames, need, across * _WIDEST_COLUMN) if area.wide else 0.0
    stored = cast("StoredNeed", needs["tiers"])
    above, top = not area.wide, (first_bit if area.wide else labels_y) + px(14)
    hook, label = area.tall(56, 90), labels_above(area, labels_y)[0]
    room = Region(area.left + column, first_bit, area.right, caption.rule)
    pool = place_pool(room, frames, label=label, hook=hook)
    beside = Region(area.left, top, area.right, caption.rule)
    tiers = place_stored(beside, stored, pool, column=column, above=above)
    label, mask = labels_above(area, labels_y - tiers.height)
    room = replace(room, top=first_bit - tiers.height)
    pool = place_pool(room, frames, label=label, hook=hook)
    if area.wide:
        label, mask = labels_beside(area, pool, column)
    tallest = px(124) if area.wide else area.tall(136, 210)
    zone = Region(area.left, pool.bottom, area.right, caption.rule + px(16))
    return {
        "title": title,
        "counter": counter,
        "tiers": tiers,
        "pool": replace(pool, label=label),
        "mask": mask,
        "rows": place_rows(need, zone, pool=pool, column=column, tallest=tallest),
        "caption": caption,
    }


def _label_column(frames: int, need: RowsNeed, most: float) -> float:
    """Return the width of the column left of the pool: mask, badges and tables fit into it."""
    table = min(most, least_head(need))
    mask = (len("free: ") + frames) * MONO_ADVANCE * MIN_CAP
    return max(px(430), table, mask + GUTTER)


def labels_beside(area: Area, pool: PoolPlaces, column: float) -> tuple[Spot, Spot]:
    """Return the places of the pool's label and mask, level with frames and bits."""
    width = column - GUTTER
    return (
        Spot.at(area.left, pool.y, px(30), width=width, align=-1),
        Spot.at(area.left, pool.bit(0)[1], px(30), width=width, align=-1),
    )


def labels_above(area: Area, y: float) -> tuple[Spot, Spot]:
    """Return the places of the pool's label and mask, on one line."""
    half = (area.right - area.left) / 2
    return (
        Spot.at(area.left, y, px(28), width=half - GUTTER, align=-1),
        Spot.at(area.right, y, px(28), width=half, align=1),
    )
