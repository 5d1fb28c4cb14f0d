"""The arrangement of Fragmentation: the memory, a lane for tasks, the meter, and the captions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from pagereel.stage.layout.arrangement import GUTTER, arrange_foot, arrange_head, refuse_long
from pagereel.stage.layout.bars import BarsPlace
from pagereel.stage.layout.memory import MemoryNeed, MemoryPlace
from pagereel.stage.layout.places import Area, Region, Shape, Spot, px

if TYPE_CHECKING:
    from pagereel.stage.layout.arrangement import Needs, Regions


@dataclass(frozen=True, slots=True)
class _Heights:
    """Heights and distances in pixels of a picture whose short side has 1080."""

    above: float  # between the head and the panel
    lane: float
    between: float  # between panel, lane and meter
    meter: float
    below: float  # between meter and rule


_HEIGHTS = {
    Shape.WIDE: _Heights(above=34, lane=126, between=38, meter=112, below=34),
    Shape.TALL: _Heights(above=38, lane=262, between=40, meter=200, below=34),
    Shape.SQUARE: _Heights(above=22, lane=156, between=20, meter=92, below=18),
}


def memory_over_meter(area: Area, needs: Needs) -> Regions:
    """Return the places of all parts of the scene.

    Raises
    ------
    StageError
        If the picture is too long to be filled.
    """
    refuse_long(area)
    high = _HEIGHTS[area.shape]
    title, counter = arrange_head(area, needs)
    caption = arrange_foot(area)
    if area.shape is Shape.TALL:  # what the memory is stands under the title
        y = title.bottom - px(64)
        label = Spot.at(area.left, y, px(32), width=area.right - area.left, align=-1)
        top = label.bottom
    else:
        label, top = _beside(area, title, counter), title.bottom
    left, right = area.left, area.right
    foot = caption.rule + px(high.below)
    meter = Region(left, foot + px(high.meter), right, foot)
    lane_foot = meter.top + px(high.between)
    lane = Region(left, lane_foot + px(high.lane), right, lane_foot)
    memory = MemoryPlace(
        left=left,
        top=top - px(high.above),
        right=right,
        bottom=lane.top + px(high.between) / 2,
        need=cast("MemoryNeed", needs["slots"]),
        label=label,
        below=lane,
        tabs=area.shape is Shape.SQUARE,
    )
    bars = _measured(Region(left, top, right, foot), label, own=not area.wide)
    return {
        "title": title,
        "slots": memory,
        "asked": memory,
        "line": lane,
        "meter": meter,
        "measured": bars,
        "choice": bars,
        "caption": caption,
    }


def _measured(region: Region, label: Spot, *, own: bool) -> BarsPlace:
    """Return the place of bars; where their heading does not fit beside the title, below it."""
    top = region.top - px(52)
    if own:
        y = label.y if label.align < 0 else region.top - px(50)
        label = Spot.at(region.left, y, px(30), width=region.width, align=-1)
        top = label.bottom - px(48)
    return BarsPlace(region.left, top, region.right, region.bottom, label)


def _beside(area: Area, title: Spot, counter: Spot) -> Spot:
    """Return the place of a text right of the title; the title is short."""
    width = (area.right - area.left) * (0.68 if area.wide else 0.6)
    spot = Spot.at(counter.x, counter.y, counter.cap, width=width, align=1)
    return replace(spot, left=max(spot.left, title.left + GUTTER))
