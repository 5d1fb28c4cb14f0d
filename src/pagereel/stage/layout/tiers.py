"""Where tiers, such as host memory, stand beside a pool: a row of small slots for each."""

from __future__ import annotations

from dataclasses import dataclass

from pagereel.stage.layout.places import MIN_CAP, Need, Point, Region, Spot, px

_BOX = px(54)
_PITCH = px(76)  # from slot to slot, where there is room
_BOX_SHARE = 0.72  # of a slot in its pitch, where there is less
_LABEL_CAP, _COUNT_CAP = px(28), MIN_CAP
_LABEL_UP, _COUNT_DOWN = px(16), px(19)  # from the middle of the slots, beside which both stand
_LABEL_ABOVE = px(70)  # from the middle of the label to that of the slots, where it stands above
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


def stored_height(need: StoredNeed, *, above: bool) -> float:
    """Return how much room tiers take, with the gap below them; `above` as in `place_stored`."""
    label = _LABEL_ABOVE + _LABEL_CAP / 2 - _BOX / 2 if above else 0.0
    return len(need.slots) * (label + _BOX + _GAP)


def place_stored(region: Region, need: StoredNeed, *, column: float, above: bool) -> StoredPlaces:
    """Return the places of tiers, from the top of a region down.

    Parameters
    ----------
    column
        Width of what stands at the left of the slots.
    above
        Whether name and number stand above the slots, and not in this column.
    """
    left, across = region.left + column, region.width - column
    rows, top = [], region.top
    for count in need.slots:
        pitch = min(_PITCH, across / (max(count, 1) - 1 + _BOX_SHARE))
        box = min(_BOX, _BOX_SHARE * pitch)
        if above:
            label_y = top - _LABEL_CAP / 2
            y = label_y - _LABEL_ABOVE
            half = region.width / 2
            label = Spot.at(region.left, label_y, _LABEL_CAP, width=half, align=-1)
            number = Spot.at(region.right, label_y, _LABEL_CAP, width=half, align=1)
        else:
            y, width = top - _BOX / 2, column - px(24)
            label = Spot.at(region.left, y + _LABEL_UP, _LABEL_CAP, width=width, align=-1)
            number = Spot.at(region.left, y - _COUNT_DOWN, _COUNT_CAP, width=width, align=-1)
        cap = max(MIN_CAP, _CAP_SHARE * box)
        rows.append(StoredRow(label, number, left + box / 2, y, pitch, box, cap))
        top = y - _BOX / 2 - _GAP
    return StoredPlaces(region.left, region.top, region.right, top, tuple(rows))
