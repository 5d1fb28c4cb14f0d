"""The arrangement of the promo's close part: a pool over rows, which become lanes later.

From top to bottom: the pool, the zone that connectors cross, the rows of tasks, the caption. There
is no title. Later the rows move up as lanes, and the waiting row opens below them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.stage.layout.arrangement import arrange_foot
from pagereel.stage.layout.frames import place_pool, pool_row
from pagereel.stage.layout.places import Area, Region, Shape, Spot, px

if TYPE_CHECKING:
    from pagereel.stage.layout.frames import PoolPlaces

_LABELS = px(176)  # width of the labels left of the pool in wide pictures
_LABEL = px(28)
_MOST = px(190)  # side of a frame: as large as there is room for


def close_pool(area: Area, frames: int = 8) -> PoolPlaces:
    """Return the places of the close part's page frames.

    They fill the width: in one row, or in two where the picture is tall.
    """
    foot = arrange_foot(area).rule
    if area.wide:
        room = Region(area.left, area.top, area.right, foot)
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
