"""The places of a card: page frames above and below, and what is said between them.

What is said stands in the middle, item below item, each as large as it is wished to be; where that
is too high, all of it is made smaller.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from pagereel.stage.layout.places import Area, Region, Shape, Spot, px

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = 17
_GAP = px(5)  # between two page frames
_AIR = px(24)  # between the frames and what is said, at least
_ROW = {Shape.WIDE: px(41), Shape.SQUARE: px(41), Shape.TALL: px(65)}  # height of a page frame


@dataclass(frozen=True, slots=True)
class CardSizes:
    """What is wished for on a card: heights of capitals, in scene units.

    Attributes
    ----------
    title, name
        Of the name, on the card that opens a film and on the one that closes it.
    line, command, foot
        Of what the project is, how to get it, and where it is.
    air
        How large gaps are, against those of a wide picture.
    rows
        How many rows of frames are above and below on the card that closes a film.
    """

    title: float
    name: float
    line: float
    command: float
    foot: float
    air: float
    rows: int


SIZES = {
    Shape.WIDE: CardSizes(px(171), px(140), px(42), px(36), px(40), air=1.0, rows=4),
    Shape.SQUARE: CardSizes(px(140), px(116), px(44), px(38), px(38), air=0.8, rows=3),
    Shape.TALL: CardSizes(px(141), px(134), px(49), px(44), px(46), air=1.7, rows=4),
}


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is said: its height, and the gap above it, in scene units."""

    height: float
    gap: float = 0.0


@dataclass(frozen=True, slots=True)
class CardPlaces:
    """Where page frames stand on a card, in the order of the pool, and what is said between them.

    Attributes
    ----------
    upper, lower
        The places of the frames, in rows.
    middle
        What is left between them.
    """

    upper: tuple[Region, ...]
    lower: tuple[Region, ...]
    middle: Region

    @classmethod
    def of(cls, area: Area, upper: int, lower: int, columns: int = COLUMNS) -> CardPlaces:
        """Return the places of so many frames above and below, in rows of `columns`."""
        pitch = _ROW[area.shape] + _GAP
        foot = area.bottom + ceil(lower / columns) * pitch - _GAP
        above = _frames(area, area.top, upper, columns)
        head = above[-1].bottom
        middle = Region(area.left, head - _AIR, area.right, foot + _AIR)
        return cls(above, _frames(area, foot, lower, columns), middle)


def _frames(area: Area, top: float, count: int, columns: int) -> tuple[Region, ...]:
    width, height = (area.right - area.left + _GAP) / columns, _ROW[area.shape] + _GAP
    places = (divmod(number, columns) for number in range(count))
    return tuple(
        Region(
            area.left + column * width,
            top - row * height,
            area.left + (column + 1) * width - _GAP,
            top - (row + 1) * height + _GAP,
        )
        for row, column in places
    )


def stacked(items: Sequence[Item], region: Region) -> tuple[float, list[Spot]]:
    """Return by how much items are made smaller, and where each stands, in the middle of a region.

    The gap above the first item is not used.
    """
    total = sum(item.height + item.gap for item in items) - items[0].gap
    scale = min(1.0, region.height / total)
    x, middle = region.center
    top = middle + scale * total / 2
    spots: list[Spot] = []
    for item in items:
        top -= scale * item.gap if spots else 0
        height = scale * item.height
        spots.append(Spot.at(x, top - height / 2, height, width=region.width, align=0))
        top -= height
    return scale, spots
