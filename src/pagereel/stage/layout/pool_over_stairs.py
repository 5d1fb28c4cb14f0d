"""The arrangement of LruEviction: the pool in its order above, the cached frames in line below.

The room between pool and stairs belongs to what flies from one to the other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from pagereel.stage.layout.arrangement import GUTTER, arrange_foot, arrange_head, refuse_long
from pagereel.stage.layout.frames import PoolNeed, PoolPlaces, place_pool, pool_row
from pagereel.stage.layout.places import Area, Region, Spot, px
from pagereel.stage.layout.stairs import StairsNeed, place_stairs

if TYPE_CHECKING:
    from pagereel.stage.layout.arrangement import Needs, Regions

_STEP = px(165)  # width of the engine's step in print
_LABELS = px(286)  # of the column in which the pool's labels stand
_BADGE = px(80)
_BOX = px(116)  # of a frame: what is higher would leave less room for the stairs
_FLIGHT = px(104)  # from the pool to the highest entry


def pool_over_stairs(area: Area, needs: Needs) -> Regions:
    """Return the places of `title`, `counter`, `step`, `pool`, `task`, `line` and `caption`.

    Raises
    ------
    StageError
        If the picture is too long to be filled.
    """
    refuse_long(area)
    frames = cast("PoolNeed", needs["pool"]).frames
    steps = cast("StairsNeed", needs["line"]).steps
    title, counter = arrange_head(area, needs)
    caption = arrange_foot(area)
    arrange = _wide if area.wide else _tall
    step, counter, pool, task = arrange(area, title, counter, frames)
    high = pool.bottom - _FLIGHT if area.wide else task.bottom - px(20)
    foot = caption.rule + px(14)
    line = place_stairs(
        Region(area.left, high, area.right, foot),
        steps,
        size=pool.box,
        beside=area.wide,
        most=px(49) if area.wide else 1.2 * pool.box,
    )
    return {
        "title": replace(title, right=counter.left - GUTTER) if area.wide else title,
        "counter": counter,
        "step": step,
        "pool": pool,
        "task": task,
        "line": line,
        "caption": caption,
    }


def _wide(
    area: Area, title: Spot, counter: Spot, frames: int
) -> tuple[Spot, Spot, PoolPlaces, Spot]:
    cap = px(34)
    step = Spot.at(area.right, counter.y, cap, width=_STEP, align=1)
    right = step.left - px(40)
    counter = Spot.at(right, counter.y, cap, width=px(760), align=1)
    room = Region(area.left, title.bottom - px(42), area.right, area.bottom)
    pool = pool_row(room, frames, labels=_LABELS, most=_BOX)
    task = Spot.at(area.left, pool.bottom - px(62), _BADGE, width=_LABELS + px(60), align=-1)
    return step, counter, pool, task


def _tall(
    area: Area, title: Spot, counter: Spot, frames: int
) -> tuple[Spot, Spot, PoolPlaces, Spot]:
    step = Spot.at(area.right, counter.y, counter.cap, width=_STEP, align=1)
    labels = title.y - title.cap / 2 - area.tall(48, 84)
    half = (area.right - area.left) / 2
    label = Spot.at(area.left, labels, px(28), width=0.7 * half, align=-1, brief=True)
    counter = Spot.at(area.right, labels, px(28), width=1.25 * half, align=1)
    first = labels - area.tall(46, 70)
    room = Region(area.left, first, area.right, area.bottom)
    pool = place_pool(room, frames, label=label)
    task = Spot.at(
        area.right,
        pool.bottom - area.tall(54, 110),
        area.tall(64, 90),
        width=half,
        align=1,
        brief=area.tall(0, 1) < px(0.5),
    )
    return step, counter, pool, task
