"""Where tiers, such as host memory, stand beside a pool: a row of small slots for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.stage.layout.places import MIN_CAP, Need, Point, Region, Spot, px

if TYPE_CHECKING:
    from pagereel.stage.layout.frames import PoolPlaces

_LEAST_BOX = px(54)  # where there is room
_FRAME_SHARE = 0.62  # of a slot in a frame, which is the larger one
_BOX_SHARE = 0.72  # of a slot in its pitch
_LABEL_CAP, _COUNT_CAP = px(30), px(25)
_LABEL_UP, _COUNT_DOWN = px(19), px(22)  # from the middle of the slots, beside which both stand
_BELOW_LABEL = px(29)  # to the slots, where it stands above them
_CAP_SHARE = 0.4  # of a number's capitals in a slot
_GAP = px(42)  # between tiers, and below the last one


@dataclass(frozen=True, slots=True)
class StoredNeed(Need):
    """The need of tiers; `slots` says how many of each are drawn."""

    slots: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredRow:
    """Where a tier stands: its name, how full it is, and its slots.

    Attributes
    ----------
    x, y
        The middle of its first slot.
    """

    label: Spot
    count: Spot
    x: float
    y: float
    pitch: float
    box: float
    cap: float

    def slot(self, index: int) -> Point:
        """Return the middle of a slot; `index` counts those that are drawn."""
        return self.x + index * self.pitch, self.y


@dataclass(frozen=True, slots=True)
class StoredPlaces(Region):
    """Where the tiers stand, below each other."""

    rows: tuple[StoredRow, ...] = ()


def place_stored(
    region: Region,
    need: StoredNeed,
    pool: PoolPlaces | None = None,
    *,
    column: float = 0,
    above: bool = True,
) -> StoredPlaces:
    """Return the places of tiers, from the top of a region down; they end with a gap.

    Parameters
    ----------
    pool
        The frames below them: slots stand in their columns, where these are enough.
    column
        Width of what stands at the left of the slots.
    above
        Whether name and number stand above the slots, and not in this column.
    """
    left, across = region.left + column, region.width - column
    rows, top = [], region.top
    largest = max(_LEAST_BOX, _FRAME_SHARE * pool.box) if pool else _LEAST_BOX
    for count in need.slots:
        fitting = across / (max(count, 1) - 1 + _BOX_SHARE)
        box = min(largest, _BOX_SHARE * fitting)
        pitch, x = min(fitting, box / _BOX_SHARE), left + box / 2
        if pool and count <= pool.columns and box < pool.pitch:
            pitch, x = pool.pitch, pool.x
        if above:
            label_y = top - _LABEL_CAP / 2
            y = label_y - _LABEL_CAP / 2 - _BELOW_LABEL - box / 2
            half = region.width / 2
            label = Spot.at(region.left, label_y, _LABEL_CAP, width=half, align=-1)
            number = Spot.at(region.right, label_y, _LABEL_CAP, width=half, align=1)
        else:
            y, width = top - box / 2, column - px(24)
            label = Spot.at(region.left, y + _LABEL_UP, _LABEL_CAP, width=width, align=-1)
            number = Spot.at(region.left, y - _COUNT_DOWN, _COUNT_CAP, width=width, align=-1)
        cap = max(MIN_CAP, _CAP_SHARE * box)
        rows.append(StoredRow(label, number, x, y, pitch, box, cap))
        top = y - box / 2 - _GAP
    return StoredPlaces(region.left, region.top, region.right, top, tuple(rows))
