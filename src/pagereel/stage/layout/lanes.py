"""Where task rows stand: badges, page tables in print, pages, and the lanes of their connectors."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pagereel.errors import StageError
from pagereel.stage.layout.places import MIN_CAP, MONO_ADVANCE, Anchor, Need, Point, Region, px

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagereel.stage.layout.frames import PoolPlaces

_BEFORE_PAGES = px(20)  # between badge or table and the first page
_GAP = px(14)  # between badge and table
_MIN_PAGE = px(28)  # a digit fits
_GOOD_PAGE = px(44)  # with less, the printed tables make room for the pages
_AIRY = px(14)  # between a lane and the edge of a page that it passes, where there is room
_CLEAR = px(6)  # the least of that
_LEAST_BADGE, _LARGEST_BADGE = px(48), px(84)
_LEAST_NAME = 3.0  # to which names are cut, in heights of a capital
_BESIDE_NAME = px(20)  # between a name and the sides of its badge, together
_SMALL_CAP = px(24)  # of tables where there is no column for them
_HIGH_ROW = px(150)  # from here on, tables stand below badges
_LEAST_PAGES = 4  # a row has room for at least so many
_TALLEST = px(136)  # the largest distance of two rows, where nothing else is said


@dataclass(frozen=True, slots=True)
class RowsNeed(Need):
    """The need of task rows: the most `tasks` at once and the most `pages` of a task.

    `name` is the width of the widest task name in heights of a capital, `table` that of the longest
    page table in print, such as `[0 1 4 7]`, in characters.
    """

    tasks: int = 1
    pages: int = 1
    name: float = 1.0
    table: int = 3


@dataclass(frozen=True, slots=True)
class TablePlace:
    """A page table in print: its left edge and middle, seen from the middle of its badge."""

    dx: float
    dy: float
    cap: float


@dataclass(frozen=True, slots=True)
class RowsPlaces(Region):
    """Task rows; page 0 of the first row has its centre at (`x`, `y`).

    Every row stands `stagger` to the right of the one above, so that a connector that leaves a
    page upwards has a lane of its own past the rows above. At the region's top it leaves that lane.
    `name` is the greatest width of a task's name, in heights of a capital.
    """

    x: float
    y: float
    pitch: float
    row_pitch: float
    stagger: float
    page: float
    cap: float
    badge_x: float
    badge_width: float
    badge_height: float
    badge_cap: float
    name: float
    table: TablePlace | None

    def page_centre(self, row: int, page: int) -> Point:
        """Return the centre of a task's page."""
        return self.x + page * self.pitch + row * self.stagger, self.y - row * self.row_pitch

    def head(self, row: int, page: int) -> Anchor:
        """Return the anchor on a page's top edge, from which its lane leads up."""
        lane, y = self.page_centre(row, page)
        return Anchor((lane, y + self.page / 2), ((lane, self.top),))


def rows_in(region: Region, need: RowsNeed) -> RowsPlaces:
    """Return the places of rows that fill a region; their connectors leave it upwards."""
    if isinstance(region, RowsPlaces):
        return region
    return place_rows(need, region, column=0, tallest=_TALLEST)


def rows_need(tasks: int, pages: int, name: float, table: int) -> RowsNeed:
    """Return what rows need: the printed tables are left out first."""
    columns = max(_LEAST_PAGES, pages)
    least = (_LEAST_BADGE + columns * (_MIN_PAGE + 2 * _CLEAR), tasks * _LEAST_BADGE / 0.5)
    best = (tasks and columns * px(240), tasks * _TALLEST / 0.5)
    return RowsNeed(least, best, ("printed tables",), tasks, pages, name, table)


def place_rows(
    need: RowsNeed, zone: Region, *, pool: PoolPlaces | None = None, column: float, tallest: float
) -> RowsPlaces:
    """Return the places of the rows in a zone, and of the room above them that connectors cross.

    The printed tables stand where they leave room for good pages, else they are left out: the
    connectors say the same. Then names are cut, until there is room for pages at all.

    Parameters
    ----------
    zone
        From the pool, or what else connectors lead to, down to the last row's lower edge.
    pool
        The frames that the first row's pages stand below, if they can.
    column
        Width kept for badges and tables, 0 if it is to be as wide as they are.
    tallest
        The largest distance of two rows.

    Raises
    ------
    StageError
        If pages would become too small to carry their number.
    """
    share = min(0.64, 0.16 * need.tasks + 0.16)  # of the room, for the rows
    row_pitch = min(tallest, (zone.top - zone.bottom) * share / need.tasks)
    largest = min(px(96), 0.7 * row_pitch)
    for name in _names(need.name):
        for head in _heads(replace(need, name=name), row_pitch, column):
            left = zone.left + (column or head.width + _BEFORE_PAGES)
            aligned = pool and _aligned_lanes(need, pool, left, zone.right, largest)
            lanes = aligned or _filling_lanes(need, left, zone.right, largest)
            if lanes.page >= _GOOD_PAGE:
                break
        if lanes.page >= _MIN_PAGE:
            break
    else:
        raise StageError(
            f"{need.tasks} tasks of {need.pages} pages do not fit into a picture of this "
            "shape; make it wider"
        )
    bend = zone.bottom + need.tasks * row_pitch
    return RowsPlaces(
        left=zone.left,
        top=bend,
        right=zone.right,
        bottom=zone.bottom,
        x=lanes.x,
        y=bend - (row_pitch - head.drop) / 2,
        pitch=lanes.pitch,
        row_pitch=row_pitch,
        stagger=lanes.stagger,
        page=lanes.page,
        cap=min(px(36), max(MIN_CAP, 0.4 * lanes.page)),
        badge_x=zone.left + head.badge_width / 2,
        badge_width=head.badge_width,
        badge_height=head.badge_height,
        badge_cap=head.badge_cap,
        name=name,
        table=head.table,
    )


def _names(widest: float) -> Iterator[float]:
    """Yield how wide names may be: as wide as they are, then less and less."""
    yield widest
    for share in (0.75, 0.5, 0.35, 0.25):
        if widest * share > _LEAST_NAME:
            yield widest * share
    if widest > _LEAST_NAME:
        yield _LEAST_NAME


@dataclass(frozen=True, slots=True)
class _Lanes:
    """Middle of the first page, size of pages, their pitch, and the stagger of rows."""

    x: float
    page: float
    pitch: float
    stagger: float


def _aligned_lanes(
    need: RowsNeed, pool: PoolPlaces, left: float, right: float, page: float
) -> _Lanes | None:
    """Return lanes in which the first row's pages stand straight below frames, if they fit.

    A page whose frame is right above it then has a straight connector.
    """
    if left > pool.x - page / 2:
        return None
    columns, tasks = max(_LEAST_PAGES, need.pages), need.tasks
    room = right - page / 2 - pool.x
    pitch = math.floor(room / (columns - 1) / pool.pitch) * pool.pitch
    stagger = min(pitch / tasks, (room - (columns - 1) * pitch) / max(1, tasks - 1))
    if pitch == 0 or (tasks > 1 and stagger < page / 2 + _CLEAR):
        return None
    return _Lanes(pool.x, page, pitch, stagger)


def _filling_lanes(need: RowsNeed, left: float, right: float, largest: float) -> _Lanes:
    """Return lanes that fill the width: the last page of the last row ends at the right edge.

    A lane passes half a page and some air beside the pages of every other row, so a page is at
    most two staggers wide, less the air: much of it, unless the page would be too small.
    """
    columns, tasks = max(_LEAST_PAGES, need.pages), need.tasks
    steps = columns - 1 / tasks  # pitches from the first page to the last page of the last row
    across = right - left

    def page_with(air: float) -> float:
        if tasks == 1:
            return min(largest, across / columns - 2 * air)
        return min(largest, 2 * (across - steps * tasks * air) / (steps * tasks + 2))

    page = max(page_with(_AIRY), min(page_with(_CLEAR), _GOOD_PAGE))
    pitch = (across - page) / steps
    return _Lanes(left + page / 2, page, pitch, pitch / tasks)


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands left of a row's pages; `drop` is how far the table reaches below the badge."""

    badge_width: float
    badge_height: float
    badge_cap: float
    width: float
    drop: float = 0
    table: TablePlace | None = None


def _heads(need: RowsNeed, row_pitch: float, column: float) -> Iterator[_Head]:
    """Yield what may stand left of the pages: badge and table, then the badge alone.

    The table stands right of the badge, in a column of given width if there is one; below the
    badge where rows are high enough.
    """
    if column or row_pitch < _HIGH_ROW:
        width, height, cap = _badge(need, 0.7 * row_pitch)
        most = (
            (column - _BEFORE_PAGES - width - _GAP) / (need.table * MONO_ADVANCE) if column else 1
        )
        table_cap = min(px(28) if column else _SMALL_CAP, most)
        table = TablePlace(dx=width / 2 + _GAP, dy=0, cap=table_cap)
        if table_cap >= MIN_CAP:
            full = width + _GAP + need.table * MONO_ADVANCE * table_cap
            yield _Head(width, height, cap, full, table=table)
    else:
        drop = _GAP + _SMALL_CAP
        width, height, cap = _badge(need, 0.88 * row_pitch - drop)
        table = TablePlace(dx=-width / 2, dy=-height / 2 - _GAP - _SMALL_CAP / 2, cap=_SMALL_CAP)
        full = max(width, need.table * MONO_ADVANCE * _SMALL_CAP)
        yield _Head(width, height, cap, full, drop, table)
    width, height, cap = _badge(need, min(0.7 * row_pitch, _LEAST_BADGE))
    yield _Head(width, height, cap, width)


def least_head(need: RowsNeed) -> float:
    """Return the least width of a column in which a badge and its table stand beside each other."""
    badge = max(_LARGEST_BADGE, need.name * MIN_CAP + _BESIDE_NAME)
    return badge + _GAP + need.table * MONO_ADVANCE * MIN_CAP + _BEFORE_PAGES


def _badge(need: RowsNeed, most: float) -> tuple[float, float, float]:
    """Return a badge's width, height and height of capitals."""
    height = min(_LARGEST_BADGE, most)
    width, cap = badge_for(need.name, height)
    return width, height, cap


def badge_for(name: float, height: float) -> tuple[float, float]:
    """Return a badge's width and height of capitals: long names make it wider.

    Parameters
    ----------
    name
        The width of the widest task name in heights of a capital.
    height
        Of the badge.
    """
    cap = max(MIN_CAP, 0.42 * height / max(1, name / 1.5))
    return max(height, name * cap + _BESIDE_NAME), cap
