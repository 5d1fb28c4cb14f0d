"""Where a running batch stands: lanes of cells, badges and tables before them, waiting tasks.

The lanes are those of `LanesPlaces`: the strip of cells and the badges before it share them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pagereel.stage.layout.lanes import badge_for
from pagereel.stage.layout.places import MIN_CAP, MONO_ADVANCE, Need, Point, Region, Spot, px

_CELL = 0.87  # of a cell in its column
FLAT, HIGH = 0.84, 0.6  # of a cell in its lane, without and with a table below the badge
LEAST_PITCH, LEAST_NARROW = px(84), px(76)  # of columns that scroll: in wide pictures, in others
_MOST_COLUMNS = 12  # that are seen before the strip closes up
_AHEAD = 2  # steps that come into sight before they begin
_LEAST_LANE, _BEST_LANE = px(56), px(222)
_BADGE = px(84)
_GAP = px(14)  # between badge and table
_CAP = px(28)
AXIS = px(34)  # from the lanes to the middle of their axis
_BAND = px(20)  # by which the band of a step reaches over the lanes


@dataclass(frozen=True, slots=True)
class BatchNeed(Need):
    """The need of a batch: so many `lanes` and `steps`.

    `name` is the width of the widest task name in heights of a capital, `table` that of the longest
    page table in print, such as `[0 1 4 7]`, in characters.
    """

    lanes: int = 1
    steps: int = 1
    name: float = 1.0
    table: int = 3


@dataclass(frozen=True, slots=True)
class LanesPlaces(Region):
    """Lanes below each other; the first one's middle is at height `y`.

    Attributes
    ----------
    count, y, pitch
        How many they are, where, and how far apart.
    cell
        How high their cells are.
    """

    count: int
    y: float
    pitch: float
    cell: float

    def middle(self, lane: int) -> float:
        """Return the height of a lane's middle."""
        return self.y - lane * self.pitch


@dataclass(frozen=True, slots=True)
class Window:
    """The steps that a strip shows: `count` of them from `first` on."""

    first: int
    count: int

    def holds(self, at: int) -> bool:
        """Return whether a step is among them."""
        return self.first <= at < self.first + self.count

    def following(self, at: int, last: int) -> Window:
        """Return the window that holds a later step, moved by some steps at once if it has to be.

        So there is room for what comes, and the strip does not run all the time. There is nothing
        to be seen behind the `last` step.
        """
        if at < self.first + self.count:
            return self
        ahead = min(at + _AHEAD, last)
        return replace(self, first=ahead - self.count + 1)


@dataclass(frozen=True, slots=True)
class StripPlaces(LanesPlaces):
    """A strip of lanes and steps: a column for each step of a window.

    Attributes
    ----------
    columns
        How many steps it shows before it closes up.
    axis
        Height of the steps' numbers.
    cap
        Of the numbers.
    """

    columns: int
    axis: float
    cap: float

    def pitch_of(self, window: Window) -> float:
        """Return how far columns are apart."""
        return self.width / window.count

    def x(self, at: int, window: Window) -> float:
        """Return the middle of a step's column: one outside the window is at its edge."""
        pitch = self.pitch_of(window)
        x = self.left + (at - window.first + 0.5) * pitch
        return min(max(x, self.left), self.right)

    def gap(self, at: int, window: Window) -> float:
        """Return where the gap behind a step's column is."""
        return self.left + (at - window.first + 1) * self.pitch_of(window)

    def box(self, lane: int, at: int, window: Window) -> Region:
        """Return the place of a cell; outside the window it is as narrow as can be."""
        x, y = self.x(at, window), self.middle(lane)
        width = _CELL * self.pitch_of(window) if window.holds(at) else px(1)
        half = self.cell / 2
        return Region(x - width / 2, y + half, x + width / 2, y - half)

    def band(self, at: int, window: Window) -> Region:
        """Return the place of the band of a step, from above the lanes to below its number."""
        x, half = self.x(at, window), self.pitch_of(window) / 2
        top = self.middle(0) + self.cell / 2
        return Region(x - half, top + px(14), x + half, self.axis - self.cap / 2 - px(18))


@dataclass(frozen=True, slots=True)
class HeadPlaces(LanesPlaces):
    """What stands before the lanes: badges, `size` high and `wide`, and tables.

    Attributes
    ----------
    label, axis
        Where the lanes and their axis are named; `label` is None where there is no room.
    x
        The middle of the badges.
    cap
        Of the names in the badges.
    table, table_cap
        Where a table begins, from the middle of its badge; its capitals are 0 if it is left out.
    """

    label: Spot | None
    axis: Spot
    x: float
    size: float
    wide: float
    cap: float
    table: Point
    table_cap: float

    def badge(self, lane: int) -> Point:
        """Return the middle of a badge."""
        return self.x, self.middle(lane)


@dataclass(frozen=True, slots=True)
class WaitingPlaces(Region):
    """Where tasks wait, one after another from `x` on, at height `y`.

    Attributes
    ----------
    label
        Where the row is named.
    pitch, size, wide, cap
        Of the badges, as in `HeadPlaces`.
    text_cap
        Of what is said behind the last one.
    """

    label: Spot
    x: float
    y: float
    pitch: float
    size: float
    wide: float
    cap: float
    text_cap: float

    def badge(self, place: int) -> Point:
        """Return the middle of the badge in a place of the queue, from 0."""
        return self.x + self.wide / 2 + place * self.pitch, self.y


@dataclass(frozen=True, slots=True)
class NotesPlaces(Region):
    """Where notes stand: a line at the right while tasks may wait, and two at the end."""

    end: tuple[Spot, Spot]


def notes_in(region: Region, *, beside: bool = False) -> tuple[Spot, Spot]:
    """Return where two notes stand in a region: at both of its ends, or below each other."""
    if beside:
        half = region.width / 2 - _GAP
        _, y = region.center
        return (
            Spot.at(region.left, y, _CAP, width=half, align=-1),
            Spot.at(region.right, y, _CAP, width=half, align=1),
        )
    upper = Region(region.left, region.top, region.right, region.center[1])
    lower = replace(upper, top=upper.bottom, bottom=region.bottom)
    return upper.line(_CAP), lower.line(_CAP)


def batch_need(lanes: int, steps: int, *, name: float, table: int) -> BatchNeed:
    """Return what a strip, and the badges before it, need: tables are left out first."""
    least = (5 * LEAST_NARROW, lanes * _LEAST_LANE + 2 * AXIS)
    best = (max(steps, _MOST_COLUMNS) * px(200), lanes * _BEST_LANE + 2 * AXIS)
    return BatchNeed(least, best, ("printed tables",), lanes, steps, name, table)


def strip_in(region: Region, need: BatchNeed) -> StripPlaces:
    """Return the places of a strip that fills a region, with its axis at the bottom."""
    if isinstance(region, StripPlaces):
        return region
    return place_strip(region, need, share=FLAT, least=LEAST_PITCH)


def place_strip(
    region: Region, need: BatchNeed, *, share: float, least: float, axis: float = AXIS
) -> StripPlaces:
    """Return the places of a strip in a region.

    Parameters
    ----------
    region
        From above the first lane to below the axis.
    share
        Of a cell in its lane.
    least
        The least pitch of the columns.
    axis
        From the last cell to the middle of the axis.
    """
    pitch = (region.height - _BAND - axis - AXIS) / (need.lanes - 1 + share)
    pitch = min(pitch, _BEST_LANE)
    cell, cap = share * pitch, px(26)
    y = region.top - _BAND - cell / 2
    axis_y = y - (need.lanes - 1) * pitch - cell / 2 - axis
    columns = min(_MOST_COLUMNS, need.steps, int(region.width / least))
    edges = (region.left, region.top, region.right, axis_y - AXIS)
    return StripPlaces(*edges, need.lanes, y, pitch, cell, columns, axis_y, cap)


def heads_in(region: Region, need: BatchNeed) -> HeadPlaces:
    """Return the places of what stands before lanes, in a region of its own."""
    if isinstance(region, HeadPlaces):
        return region
    strip = place_strip(region, need, share=FLAT, least=LEAST_PITCH)
    return place_heads(strip, region, need, label=region.top - px(15))


def place_heads(strip: StripPlaces, region: Region, need: BatchNeed, *, label: float) -> HeadPlaces:
    """Return the places of badges and tables before the lanes of a strip.

    Parameters
    ----------
    strip
        The lanes.
    region
        The column before them. The tables stand below the badges where the lanes are high enough
        and are left out where there is no room.
    label
        At which height the lanes are named.
    """
    size = min(_BADGE, 0.84 * strip.pitch)
    wide, cap = badge_for(need.name, size)
    advance = need.table * MONO_ADVANCE
    beside = min(_CAP, (region.width - wide - 2 * _GAP) / advance)
    if strip.pitch - strip.cell > px(50):
        table, table_cap = (-wide / 2, -strip.cell / 2 - px(24)), px(24)
    else:
        table, table_cap = (wide / 2 + _GAP, 0.0), beside if beside >= MIN_CAP else 0.0

    def name(y: float) -> Spot:
        return Spot.at(region.left, y, _CAP, width=region.width, align=-1)

    return HeadPlaces(
        left=region.left,
        top=strip.top,
        right=region.right,
        bottom=strip.bottom,
        count=strip.count,
        y=strip.y,
        pitch=strip.pitch,
        cell=strip.cell,
        label=name(label),
        axis=name(strip.axis),
        x=region.left + wide / 2,
        size=size,
        wide=wide,
        cap=cap,
        table=table,
        table_cap=table_cap,
    )


def waiting_in(region: Region, name: float) -> WaitingPlaces:
    """Return the places of a waiting row that fills a region, its label at the left."""
    if isinstance(region, WaitingPlaces):
        return region
    return place_waiting(region, name, x=region.left + px(170))


def place_waiting(region: Region, name: float, *, x: float) -> WaitingPlaces:
    """Return the places of a waiting row whose badges begin at `x`.

    Parameters
    ----------
    name
        The width of the widest task name in heights of a capital.
    """
    _, y = region.center
    size = min(px(78), region.height)
    wide, cap = badge_for(name, size)
    label = Spot.at(region.left, y, _CAP, width=x - region.left, align=-1)
    edges = (region.left, region.top, region.right, region.bottom)
    return WaitingPlaces(*edges, label, x, y, wide + px(16), size, wide, cap, _CAP)
