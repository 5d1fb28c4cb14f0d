"""Places: where everything stands, computed from the picture's size and the story's extent.

Pure functions; nothing is drawn here. Lengths are scene units, y upwards, the origin in the
middle. The short side of every picture is 8 units, so `px(22)` is 22 pixels of a picture whose
short side has 1080.
"""

from __future__ import annotations

from dataclasses import dataclass

SHORT_SIDE = 8.0
MARGIN = 0.035  # of the picture's width and height
MONO_ADVANCE = 1229 / 1349  # Liberation Mono 2.1.5: advance by height of a capital, font units


def px(pixels: float) -> float:
    """Return scene units for pixels of a picture whose short side has 1080."""
    return pixels * SHORT_SIDE / 1080


MIN_CAP = px(22)  # no text is smaller
_OUTLINE = px(2)  # by which outlines and round letters reach over the places they are given


def picture_size(width: int, height: int) -> tuple[float, float]:
    """Return a picture's width and height in scene units, from those in pixels."""
    unit = min(width, height) / SHORT_SIDE
    return width / unit, height / unit


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
    def wide(self) -> bool:
        """Whether labels stand beside the pool and the rows, and not above and below."""
        return self.width >= 1.5 * self.height

    def tall(self, square: float, tall: float) -> float:
        """Return scene units between pixels for a square picture and pixels for 9:16."""
        share = min(max((self.height / self.width - 1) / (16 / 9 - 1), 0), 1)
        return px(square + (tall - square) * share)


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a story needs: the most of everything that is ever on screen at once.

    `name` is the width of the widest task name in heights of a capital, `table` that of the
    longest page table in print, such as `[0 1 4 7]`, in characters. `counts` is how many numbers
    the counter shows.
    """

    frames: int
    tasks: int
    pages: int
    name: float
    table: int
    counts: int = 1


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a text stands: the middle of its capitals, their height, its greatest width.

    `align` says which part of it stands at `x`: -1 its left edge, 0 its middle, 1 its right edge.
    """

    x: float
    y: float
    cap: float
    width: float
    align: float


@dataclass(frozen=True, slots=True)
class PoolLayout:
    """Page frames in rows of `columns`; the first frame's centre is (`x`, `y`)."""

    x: float
    y: float
    columns: int
    rows: int
    pitch: float
    row_pitch: float
    box: float
    cap: float
    bit_cap: float
    bit_gap: float  # from a box's top to the middle of its bit

    @property
    def bottom(self) -> float:
        """The lower edge of the last row of frames."""
        return self.y - (self.rows - 1) * self.row_pitch - self.box / 2

    def frame(self, index: int) -> tuple[float, float]:
        """Return the centre of a page frame."""
        row, column = divmod(index, self.columns)
        return self.x + column * self.pitch, self.y - row * self.row_pitch

    def bit(self, index: int) -> tuple[float, float]:
        """Return where the middle of a frame's bit is."""
        x, y = self.frame(index)
        return x, y + self.box / 2 + self.bit_gap


@dataclass(frozen=True, slots=True)
class TableLayout:
    """A page table in print: its left edge and middle, seen from the middle of its badge."""

    dx: float
    dy: float
    cap: float


@dataclass(frozen=True, slots=True)
class RowsLayout:
    """Task rows; page 0 of the first row has its centre at (`x`, `y`).

    Every row stands `stagger` to the right of the one above, so that a connector that leaves a
    page upwards has a lane of its own past the rows above. At `bend` it leaves that lane.
    """

    x: float
    y: float
    pitch: float
    row_pitch: float
    stagger: float
    page: float
    cap: float
    bend: float
    badge_x: float
    badge_width: float
    badge_height: float
    badge_cap: float
    table: TableLayout | None

    def page_centre(self, row: int, page: int) -> tuple[float, float]:
        """Return the centre of a task's page."""
        return self.x + page * self.pitch + row * self.stagger, self.y - row * self.row_pitch


@dataclass(frozen=True, slots=True)
class CaptionPlace:
    """Where captions stand.

    Attributes
    ----------
    spot
        The middle of their one or two lines, the wished height of a capital, and the width.
    height
        What the lines may take together, in scene units.
    least
        The least height of a capital, in scene units.
    """

    spot: Spot
    height: float
    least: float


def arrange_foot(area: Area) -> tuple[float, CaptionPlace]:
    """Return the height of the line at the foot of a picture, and the captions' place below it."""
    rule = area.bottom + area.tall(124, 190)
    top = rule - px(14)
    spot = Spot(
        x=0,
        y=(top + area.bottom) / 2,
        cap=px(44) if area.wide else area.tall(38, 46),
        width=area.right - area.left,
        align=0,
    )
    return rule, CaptionPlace(spot, top - area.bottom, px(36) if area.wide else px(28))


@dataclass(frozen=True, slots=True)
class Layout:
    """Every place in a picture."""

    area: Area
    title: Spot
    counter: Spot
    label: Spot
    mask: Spot
    pool: PoolLayout
    rows: RowsLayout
    rule: float  # height of the line above the caption
    caption: CaptionPlace
