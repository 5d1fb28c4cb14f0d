"""A map of pages: a row of pages for each task, and the lines that run from page to page.

Lines run beside each other through pages that several tasks hold, and part where their tasks' pages
part. They end at the edges of pages and change rows only in the gaps between them, each in a lane
of its own. A map may be turned by 90 degrees: then tasks stand side by side, and lines run down.
Pure functions; nothing is drawn here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pagereel.stage.layout.places import MIN_CAP, Need, Point, Region, Spot, px

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_BADGE = px(78)
_BADGE_SHARE = 0.72  # of what a row has across, at most
_GAPS = px(54), px(70)  # along a row: behind the badge, between pages
_PAGE_SHARE = 0.72  # of a page in what its row has across
_TURNED_BETWEEN = px(20)  # across, between the pages of two tasks
_ROOM_FOR_HEAD = px(110)
_LEAST_PAGE = (px(150), px(70))  # words of four tokens can still be read
_MOST_APART = px(26)  # between two lines through a page
_APART_SHARE = 0.53  # of a page, for all of its lines
_BADGE_APART = 1 / 3  # of a badge: the outer lines of three still begin on its rim
_REMARK = px(28)


class Cell(NamedTuple):
    """A place for a page: the row, which is that of a task, and which of the row's pages it is."""

    row: int
    page: int


@dataclass(frozen=True, slots=True)
class MapNeed(Need):
    """The need of a map: how many tasks, and the most pages of a task."""

    tasks: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True)
class MapPlaces(Region):
    """Pages in rows.

    Lengths are along a row, in the direction of its line, or across it.

    Attributes
    ----------
    tasks, pages
        How many rows, and how many pages a row has room for.
    turned
        Whether lines run down, and rows stand side by side.
    badge
        Diameter of a badge.
    first_gap, gap
        Along a row: from the badge to its first page, and from page to page.
    length, breadth
        Of a page, along and across.
    pitch
        Across: from one row to the next.
    """

    tasks: int
    pages: int
    turned: bool
    badge: float
    first_gap: float
    gap: float
    length: float
    breadth: float
    pitch: float

    @property
    def narrow(self) -> bool:
        """Whether pages have no room for a head above their slots, nor for long words."""
        return self.turned and self.length < _ROOM_FOR_HEAD

    def page(self, cell: Cell) -> Region:
        """Return the outline of a page."""
        start, across = self.start(cell.page), cell.row * self.pitch
        left, top = self.point(start, across)
        right, bottom = self.point(start + self.length, across + self.breadth)
        return Region(left, top, right, bottom)

    def badge_at(self, row: int) -> Point:
        """Return the middle of a task's badge."""
        return self.point(self.badge / 2, self.middle(row))

    def head(self, cell: Cell) -> Point:
        """Return the middle of a page's upper edge."""
        box = self.page(cell)
        return box.center[0], box.top

    def bracket(self, pages: int) -> tuple[Point, Point]:
        """Return the ends of a bracket above the first pages of all rows."""
        first, last = self.page(Cell(0, 0)), self.page(Cell(0, pages - 1))
        if self.turned:
            last = self.page(Cell(self.tasks - 1, 0))
        y = first.top + min(px(33), 0.5 * self.first_gap)
        return (first.left - px(2), y), (last.right + px(2), y)

    def remark(self, cell: Cell) -> Region:
        """Return the place of a few words about a page: where the next page of its row stands."""
        box = self.page(Cell(cell.row, cell.page + 1))
        if self.turned:
            return box
        return Region(box.left - self.gap + px(26), box.top, self.right, box.bottom)

    def start(self, page: int) -> float:
        """Return how far along a row a page begins."""
        return self.badge + self.first_gap + page * (self.length + self.gap)

    def before(self, page: int) -> float:
        """Return the length of the gap before a page."""
        return self.gap if page else self.first_gap

    def middle(self, row: int) -> float:
        """Return how far across the middle of a row is."""
        return row * self.pitch + self.breadth / 2

    def point(self, along: float, across: float) -> Point:
        """Return a point of the map."""
        if self.turned:
            return self.left + across, self.top - along
        return self.left + along, self.top - across


def map_need(tasks: int, pages: int) -> MapNeed:
    """Return what a map needs, whether it is turned or not."""
    width, height = _LEAST_PAGE
    least = min(tasks, pages) * width, min(tasks, pages) * height
    return MapNeed(least, tasks=tasks, pages=pages)


def place_map(
    region: Region,
    need: MapNeed,
    *,
    badge: float = _BADGE,
    gaps: tuple[float, float] = _GAPS,
    turned: bool = False,
) -> MapPlaces:
    """Return the places of a map that fills a region.

    Parameters
    ----------
    badge
        The greatest diameter of a badge.
    gaps
        Along a row: from the badge to its first page, and from page to page.
    turned
        Whether lines run down, and rows stand side by side.
    """
    tasks, pages = need.tasks, need.pages
    along, across = region.width, region.height
    first_gap, gap = gaps
    if turned:
        along, across = across, along
        pitch = (across + _TURNED_BETWEEN) / tasks
        breadth = pitch - _TURNED_BETWEEN
    else:
        pitch = across / (tasks - 1 + _PAGE_SHARE)
        breadth = _PAGE_SHARE * pitch
    badge = min(badge, _BADGE_SHARE * breadth)
    length = (along - badge - first_gap - (pages - 1) * gap) / pages
    return MapPlaces(
        left=region.left,
        top=region.top,
        right=region.right,
        bottom=region.bottom,
        tasks=tasks,
        pages=pages,
        turned=turned,
        badge=badge,
        first_gap=first_gap,
        gap=gap,
        length=length,
        breadth=breadth,
        pitch=pitch,
    )


def map_in(region: Region, need: MapNeed) -> MapPlaces:
    """Return the places of a map in a region; those that an arrangement has chosen stay."""
    return region if isinstance(region, MapPlaces) else place_map(region, need)


def remark_spots(region: Region, lines: int) -> tuple[Spot, ...]:
    """Return where a few lines of words stand in a region, in its middle."""
    _, middle = region.center
    pitch = min(1.75 * _REMARK, region.height / lines)
    cap = max(MIN_CAP, min(_REMARK, pitch / 1.5))
    top = middle + (lines - 1) * pitch / 2
    return tuple(
        Spot.at(region.left, top - line * pitch, cap, width=region.width, align=-1)
        for line in range(lines)
    )


def notes_in(region: Region) -> tuple[tuple[Spot, ...], ...]:
    """Return where two notes stand in a region, a line each."""
    return tuple((spot,) for spot in remark_spots(region, 2))


class Way(NamedTuple):
    """The way of a task's line: from the badge of its row through the cells of its pages."""

    row: int
    cells: tuple[Cell, ...]


Leg = tuple[Point, ...]  # from a page to the next: where the line starts, turns and ends


def route(places: MapPlaces, ways: Sequence[Way], track: Collection[Cell]) -> list[tuple[Leg, ...]]:
    """Return the legs of all lines of a map.

    Parameters
    ----------
    places
        The map.
    ways
        The ways of the lines, in order of arrival. Those that begin with the same page run beside
        each other.
    track
        The cells through which a line keeps to its side; in all others it runs in the middle.

    Returns
    -------
    list of tuple of Leg
        For each way its legs: the first one leads from the badge to the first page.
    """
    lanes = _lanes(places, ways)
    return [
        tuple(
            _leg(places, way, page, side=_side(places, way, ways), track=track, lanes=lanes)
            for page in range(len(way.cells))
        )
        for way in ways
    ]


def _side(places: MapPlaces, way: Way, ways: Sequence[Way]) -> float:
    """Return how far from the middle a line runs, to leave room for those beside it."""
    beside = [other for other in ways if other.cells[:1] == way.cells[:1]]
    share = _APART_SHARE * places.breadth / len(beside)
    apart = min(_MOST_APART, share, _BADGE_APART * places.badge)
    return (beside.index(way) - (len(beside) - 1) / 2) * apart


def _leg(
    places: MapPlaces,
    way: Way,
    page: int,
    *,
    side: float,
    track: Collection[Cell],
    lanes: Mapping[tuple[Way, int], float],
) -> Leg:
    """Return the leg that leads to a page of a line's way."""
    old, new = way.cells[page - 1] if page else None, way.cells[page]
    row = old.row if old else way.row
    straight = row == new.row
    # In one row a line stays at its height: at that of the track, if one of the two is in it.
    leaves = side if old in track or (page == 0 and straight and new in track) else 0.0
    enters = side if new in track else leaves if straight else 0.0
    end = places.start(page)
    start = end - places.before(page)
    if page == 0:
        radius = places.badge / 2
        start -= radius - (radius**2 - min(abs(leaves), radius) ** 2) ** 0.5
    before, after = places.middle(row) + leaves, places.middle(new.row) + enters
    if straight:
        return places.point(start, after), places.point(end, after)
    lane = lanes[way, page]
    bends = ((start, before), (lane, before), (lane, after), (end, after))
    return tuple(places.point(*bend) for bend in bends)


def _lanes(places: MapPlaces, ways: Sequence[Way]) -> dict[tuple[Way, int], float]:
    """Return where, along the rows, the lines that change rows in a gap do so.

    Of the lines that turn up, that of the upper row does so first; of those that turn down, last.
    So none crosses another.
    """
    turns: dict[int, list[tuple[int, int, Way]]] = {}
    for way in ways:
        rows = (way.row, *(cell.row for cell in way.cells))
        for page, (old, new) in enumerate(pairwise(rows)):
            if old != new:
                order = (0, old) if new < old else (1, -new)
                turns.setdefault(page, []).append((*order, way))
    return {
        (way, page): places.start(page) - places.before(page) * (1 - place / (len(found) + 1))
        for page, found in turns.items()
        for place, (*_, way) in enumerate(sorted(found), 1)
    }
