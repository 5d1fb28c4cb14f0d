"""Places: lengths, the regions that parts fill, and the anchors that connectors hold on to.

Pure functions of the picture's size; nothing is drawn here. Lengths are scene units, y upwards,
the origin in the middle. The short side of every picture is 8 units, so `px(22)` is 22 pixels of a
picture whose short side has 1080.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from math import inf

SHORT_SIDE = 8.0
MARGIN = 0.035  # of the picture's width and height
MONO_ADVANCE = 1229 / 1349  # Liberation Mono 2.1.5: advance by height of a capital, font units

Point = tuple[float, float]


def px(pixels: float) -> float:
    """Return scene units for pixels of a picture whose short side has 1080."""
    return pixels * SHORT_SIDE / 1080


MIN_CAP = px(22)  # no text is smaller
_OUTLINE = px(2)  # by which outlines and round letters reach over the places they are given
_LEAN = 1.5  # from here on, a picture's longer side in shorter sides, it is wide or tall


def picture_size(width: int, height: int) -> tuple[float, float]:
    """Return a picture's width and height in scene units, from those in pixels."""
    unit = min(width, height) / SHORT_SIDE
    return width / unit, height / unit


class Shape(Enum):
    """What a picture is arranged for: 16:9, 1:1 or 9:16, or the nearest of these."""

    WIDE = auto()
    SQUARE = auto()
    TALL = auto()


@dataclass(frozen=True, slots=True)
class Area:
    """A picture of `width` x `height` scene units, and the edges that its margins leave."""

    width: float
    height: float

    @property
    def left(self) -> float:
        """The left edge."""
        return -self.right

    @property
    def right(self) -> float:
        """The right edge."""
        return self.width * (0.5 - MARGIN) - _OUTLINE

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.height * (0.5 - MARGIN) - _OUTLINE

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return -self.top

    @property
    def shape(self) -> Shape:
        """The shape that it is arranged for."""
        if self.wide:
            return Shape.WIDE
        return Shape.TALL if self.height >= _LEAN * self.width else Shape.SQUARE

    @property
    def wide(self) -> bool:
        """Whether labels stand beside the pool and the rows, and not above and below."""
        return self.width >= _LEAN * self.height

    def tall(self, square: float, tall: float) -> float:
        """Return scene units between pixels for a square picture and pixels for 9:16."""
        share = min(max((self.height / self.width - 1) / (16 / 9 - 1), 0), 1)
        return px(square + (tall - square) * share)


@dataclass(frozen=True, slots=True)
class Need:
    """What a part asks for before it is placed.

    Attributes
    ----------
    least, best
        Width and height, in scene units: with less than the least it cannot be drawn, and more
        than the best does not help.
    drops
        What it leaves out, in this order, where it has less than the best.
    """

    least: Point = (0.0, 0.0)
    best: Point = (inf, inf)
    drops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CounterNeed(Need):
    """The need of a counter, of so many numbers; or of a panel of so many rows of numbers."""

    counts: int = 1


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of the picture that one part fills, in scene units.

    An arrangement that knows its parts may say more than the rectangle: the subclasses below are
    regions with places in them. A part that gets a plain region finds its places itself.
    """

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Its width."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Its height."""
        return self.top - self.bottom

    @property
    def center(self) -> Point:
        """Its middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def towards(self, other: Region, share: float) -> Region:
        """Return the region between this one, at a share of 0, and another one, at 1."""
        return Region(
            self.left + (other.left - self.left) * share,
            self.top + (other.top - self.top) * share,
            self.right + (other.right - self.right) * share,
            self.bottom + (other.bottom - self.bottom) * share,
        )

    def line(self, cap: float, align: float = -1) -> Spot:
        """Return where a line of text stands in it, at most `cap` high."""
        x = (self.left + self.right + align * self.width) / 2
        cap = min(cap, self.height)
        return Spot.at(x, (self.top + self.bottom) / 2, cap, width=self.width, align=align)


@dataclass(frozen=True, slots=True)
class Spot(Region):
    """Where a line of text stands: the middle of its capitals, their height, its greatest width.

    `align` says which part of it stands at `x`: -1 its left edge, 0 its middle, 1 its right edge.
    `brief` asks for short words where a part can choose.
    """

    x: float
    y: float
    cap: float
    align: float
    brief: bool = False

    def line(self, cap: float, align: float = -1) -> Spot:  # noqa: ARG002 (both are chosen)
        """Return the place itself."""
        return self

    def moved(self, y: float, cap: float) -> Spot:
        """Return the place of a line at another height, with other capitals."""
        return Spot.at(self.x, y, cap, width=self.width, align=self.align)

    @classmethod
    def at(
        cls, x: float, y: float, cap: float, *, width: float, align: float, brief: bool = False
    ) -> Spot:
        """Return the place of a text that may be `width` wide."""
        left = x - width * (align + 1) / 2
        return cls(left, y + cap / 2, left + width, y - cap / 2, x, y, cap, align, brief)


@dataclass(frozen=True, slots=True)
class CaptionPlace(Region):
    """Where captions stand.

    Attributes
    ----------
    rule
        Height of the line above them.
    spot
        The middle of their one or two lines, the wished height of a capital, and the width.
    least
        The least height of a capital.
    """

    rule: float
    spot: Spot
    least: float

    @classmethod
    def within(cls, region: Region) -> CaptionPlace:
        """Return the place of captions that fill a region."""
        if isinstance(region, CaptionPlace):
            return region
        left, top, right, bottom = region.left, region.top, region.right, region.bottom
        below = Region(left, top - px(14), right, bottom)
        spot = below.line(px(44), align=0)
        return cls(left, below.top, right, bottom, top, spot, px(28))


@dataclass(frozen=True, slots=True)
class Anchor:
    """A named point of a part that another part may hold on to.

    Attributes
    ----------
    point
        Where a connector starts or ends.
    way
        The points by which it gets there from outside, or leaves: the outermost comes last where
        it starts and first where it ends.
    room
        Width that an arrowhead may take there.
    apart
        How near other connectors of the same anchor come.
    """

    point: Point
    way: tuple[Point, ...] = ()
    room: float = inf
    apart: float = inf
