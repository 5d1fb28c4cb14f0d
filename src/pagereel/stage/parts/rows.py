"""Task rows: badge, page table in print, pages, and the connectors from pages to frames."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from manim import (
    Animation,
    AnimationGroup,
    FadeIn,
    FadeOut,
    GrowFromCenter,
    Line,
    Transform,
    VGroup,
)

from pagereel.cache import HOLE
from pagereel.cache.events import task_of
from pagereel.stage.layout.lanes import rows_in, rows_need
from pagereel.stage.layout.places import MONO_ADVANCE
from pagereel.stage.part import Extent, LimitError, Part
from pagereel.stage.parts.connector import Connect, Connector
from pagereel.stage.parts.shapes import rounded_box, stroke
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from manim import Mobject

    from pagereel.cache import Step
    from pagereel.stage.layout.lanes import RowsNeed, RowsPlaces, TablePlace
    from pagereel.stage.layout.places import Anchor, Point, Region
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

    Tables = Mapping[str, tuple[int, ...]]

_MOST_TASKS, _MOST_PAGES = 5, 8
_HAIR = 1e-6  # heights of a capital
_RADIUS = 0.16  # of a page's corner, as a share of its size
_DASH = 0.36  # of the size of a page: the dash of one that has no frame
_DASH_LINE = 4
_DOT = "\N{MIDDLE DOT}"


class TaskRows(Part[Extent, "Step"]):
    """A row for each task in the cache, or each of its groups; a row that was left is used again.

    Its pages reach out to the point `frame` of another part. A page that has no frame any more is a
    dash in its place.

    Attributes
    ----------
    rows
        Task -> its row.
    """

    limits = f"{_MOST_TASKS} tasks at once, {_MOST_PAGES} pages a task"

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.places = rows_in(region, self.need(told))
        tasks = dict.fromkeys(task for state in told.states for task in state.tables)
        self._names = fitting_names(tasks, self.places.name)
        self.shortened = {name: task for task, name in self._names.items() if name != task}
        self.rows: dict[str, TaskRow] = {}

    @classmethod
    def need(cls, told: Extent) -> RowsNeed:
        """Return the room for the most tasks and pages that there ever are at once."""
        return rows_need(
            max(len(state.tables) for state in told.states),
            max(map(len, told.tables)),
            name=max(text_width(task, Face.BOLD) for state in told.states for task in state.tables),
            table=max(len(printed(table)) for table in told.tables),
        )

    @classmethod
    def check(cls, told: Extent) -> None:
        """Refuse more tasks and pages than there can be lanes for."""
        for state, step in zip(told.states, (None, *told.steps), strict=True):
            tables, key = state.tables, "" if step else "begins_after"
            if len(tables) > _MOST_TASKS:
                rows = "page tables" if state.groups else "tasks"
                raise LimitError(f"{len(tables)} {rows} at once", step=step, key=key)
            for task, table in tables.items():
                if len(table) > _MOST_PAGES:
                    raise LimitError(f"{task} has {len(table)} pages", step=step, key=key)

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The parts of all rows."""
        return [mobject for row in self.rows.values() for mobject in row.mobjects]

    @property
    def shown(self) -> dict[str, tuple[int, ...]]:
        """Task -> the frames that its pages point to; a hole where a page has none."""
        return {task: row.frames for task, row in self.rows.items()}

    def enter(self) -> Movements:
        """Return the movements in which the rows of tasks appear that are there from the start."""
        return self.become(self.told.initial.tables) if self.told.initial.tables else {}

    def show(self, change: Step) -> Movements:
        """Return the movements in which the rows come to show the page tables after a step."""
        return self.become(change.after.tables)

    def become(self, tables: Tables, index: int | None = None) -> Movements:
        """Return the movements in which rows go, connectors turn, and rows come and grow.

        Connectors make room for those of other tasks below a frame that is shared, take it back,
        and follow a page that was copied.

        Parameters
        ----------
        tables
            The page table of each task.
        index
            The row in which a new task stands, from 0; the uppermost free one if not given.
        """
        return {
            Phase.LEAVE: lambda: self._drop(tables),
            Phase.TAKE: lambda: self._redirect(tables),
            Phase.JOIN: lambda: [
                self._add(task, index).enter() for task in tables if task not in self.rows
            ],
            Phase.PAGE: lambda: self._extend(tables),
            Phase.CONNECT: lambda: [move for row in self.rows.values() for move in row.connect()],
        }

    def _add(self, task: str, index: int | None) -> TaskRow:
        used = {row.index for row in self.rows.values()}
        if index is None:
            index = next(index for index in range(len(used) + 1) if index not in used)
        color = self.theme.tasks[self.told.colors[task_of(task)]]
        name = self._names.get(task, task)
        row = TaskRow(self.places, index, task=task, name=name, color=color, theme=self.theme)
        self.rows[task] = row
        return row

    def _drop(self, tables: Tables) -> list[Animation]:
        gone = [self.rows.pop(task) for task in [*self.rows] if task not in tables]
        return [move for row in gone for move in row.leave()]

    def _redirect(self, tables: Tables) -> list[Animation]:
        rows = self.rows.values()
        return [
            move for row in rows for move in row.redirect(tables[row.task], self._ends(row, tables))
        ]

    def _extend(self, tables: Tables) -> list[Animation]:
        moves = []
        for task, row in self.rows.items():
            old = len(row.frames)
            new, ends = tables[task][old:], self._ends(row, tables)[old:]
            if new:
                moves.append(row.extend(new, ends))
        return moves

    def _ends(self, row: TaskRow, tables: Tables) -> list[Anchor | None]:
        """Return where the connectors of a row end, if tasks have these page tables.

        None is a page without a frame.
        """
        foot = self.anchors["frame"]
        found: list[Anchor | None] = []
        for frame in tables[row.task]:
            holders = [task for task, table in tables.items() if frame in table]
            place = holders.index(row.task), len(holders)
            found.append(None if frame == HOLE else foot(frame, place))
        return found


class TaskRow:
    """One task's row, empty at first.

    Parameters
    ----------
    places
        Where rows stand.
    index
        Which row of the picture this is, from 0.
    task
        The task.
    name
        What it is called here.
    color
        Its colour.
    theme
        The other colours.

    Attributes
    ----------
    frames
        The frames that its pages point to, or a `HOLE`.
    color
        As above.
    """

    def __init__(
        self, places: RowsPlaces, index: int, *, task: str, name: str, color: str, theme: Theme
    ) -> None:
        self._places, self._theme, self.color = places, theme, color
        self.index = index
        self.task = task
        self.frames: tuple[int, ...] = ()
        self.badge = self._badge(name)
        self.pages: list[VGroup] = []
        self._connectors: list[Connector | None] = []  # None: the page is a hole
        self._reached = 0  # so many connectors are on screen
        x, y, _ = self.badge.get_center()
        self.table = PrintedTable(places.table, (x, y), color=theme.dim)

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Its parts, each by itself: as one group they would rise above other rows' connectors."""
        return [self.badge, *self.table, *self.pages, *self.connectors]

    @property
    def connectors(self) -> list[Connector]:
        """The connectors of the pages that have a frame."""
        return [*filter(None, self._connectors)]

    def enter(self) -> Animation:
        """Return the movement in which the badge appears."""
        return FadeIn(self.badge, scale=0.7)

    def extend(self, frames: tuple[int, ...], ends: Sequence[Anchor | None]) -> Animation:
        """Return the movement in which the first pages fade in, or more pages grow from nothing.

        Parameters
        ----------
        frames
            The frames that hold them.
        ends
            Where their connectors end; None for a page that has no frame.
        """
        arrives = not self.pages
        pages = [self._add_page(end) for end in ends]
        self.frames += frames
        enter = [FadeIn(page, scale=0.5) if arrives else GrowFromCenter(page) for page in pages]
        return AnimationGroup(*enter, *self.table.extend(frames))

    def connect(self) -> list[Animation]:
        """Return the movement in which new pages reach out to their frames."""
        new = [*filter(None, self._connectors[self._reached :])]
        self._reached = len(self._connectors)
        return [AnimationGroup(*map(Connect, new))] if new else []

    def redirect(self, frames: tuple[int, ...], ends: Sequence[Anchor | None]) -> list[Animation]:
        """Return the movements in which its pages point to other frames or places, or go."""
        moves = [*self.table.correct(frames), *self._shorten(len(frames))]
        self.frames = frames[: len(self.pages)]
        for page, (connector, end) in enumerate(zip(self._connectors, ends, strict=False)):
            if connector is None:
                continue
            if end is None:
                moves += self._empty(page, connector)
                continue
            new = self._connector(page, end)
            if new.route != connector.route:
                moves.append(Transform(connector, new))
                connector.route = new.route
        return moves

    def _shorten(self, count: int) -> list[Animation]:
        """Return the movements in which the pages behind the first `count` go."""
        gone = [*self.pages[count:], *filter(None, self._connectors[count:])]
        del self.pages[count:], self._connectors[count:]
        self._reached = len(self._connectors)
        return [FadeOut(mobject) for mobject in gone]

    def _empty(self, page: int, connector: Connector) -> list[Animation]:
        """Return the movements in which a page lets its frame go, and a dash takes its place."""
        old, self.pages[page], self._connectors[page] = self.pages[page], self._hole(page), None
        return [FadeOut(connector), FadeOut(old), FadeIn(self.pages[page])]

    def leave(self) -> list[Animation]:
        """Return the movements in which the row and its connectors fade out."""
        return [FadeOut(mobject) for mobject in self.mobjects]

    def _hole(self, page: int) -> VGroup:
        x, y = self._places.page_centre(self.index, page)
        half = _DASH * self._places.page / 2
        dash = Line((x - half, y, 0), (x + half, y, 0), color=self._theme.outline)
        return VGroup(dash.set_stroke(width=stroke(_DASH_LINE)))

    def _add_page(self, end: Anchor | None) -> VGroup:
        places, number = self._places, len(self.pages)
        if end is None:
            self.pages.append(self._hole(number))
            self._connectors.append(None)
            return self.pages[-1]
        x, y = places.page_centre(self.index, number)
        box = rounded_box(
            places.page,
            places.page,
            radius=_RADIUS * places.page,
            color=self.color,
            fill=self._theme.page_fill,
        ).move_to((x, y, 0))
        label = Label(str(number), Face.SERIF, cap=places.cap, color=self.color).put(x, y)
        page = VGroup(box, label)
        self.pages.append(page)
        self._connectors.append(self._connector(number, end))
        return page

    def _connector(self, page: int, end: Anchor) -> Connector:
        start = self._places.head(self.index, page)
        return Connector(start, end, color=self.color, background=self._theme.background)

    def _badge(self, name: str) -> VGroup:
        places = self._places
        at = places.badge_x, places.page_centre(self.index, 0)[1]
        size = places.badge_width, places.badge_height
        fill = self._theme.page_fill
        return badge(name, at, size, cap=places.badge_cap, color=self.color, fill=fill)


def badge(
    task: str, at: Point, size: tuple[float, float], *, cap: float, color: str, fill: float
) -> VGroup:
    """Return a task's name in a box that is round at its sides.

    Parameters
    ----------
    task
        Its name.
    at
        The middle, in scene units.
    size
        Width and height.
    cap
        Height of a capital.
    color
        Of the task.
    fill
        How much of the colour fills the box, 0 to 1.
    """
    width, height = size
    box = rounded_box(width, height, radius=height / 2, color=color, fill=fill)
    name = Label(task, Face.BOLD, cap=cap, color=color)
    return VGroup(box.move_to((*at, 0)), name.put(*at))


def fitting_names(tasks: Iterable[str], room: float) -> dict[str, str]:
    """Return what tasks are called where there is little room.

    The middle of long names is cut out: numbers often stand last. Those that would be alike then
    are numbered, as the first, second … task.

    Parameters
    ----------
    tasks
        Their names.
    room
        For each of them, in heights of a capital.
    """
    names = {task: _cut(task, room) for task in tasks}
    alike = Counter(names.values())
    return {
        task: name if alike[name] == 1 else f"#{number}"
        for number, (task, name) in enumerate(names.items(), 1)
    }


def _cut(name: str, room: float) -> str:
    cut = name
    for kept in reversed(range(1, len(name))):
        if text_width(cut, Face.BOLD) <= room + _HAIR:
            break
        end = kept // 3
        cut = f"{name[: kept - end]}…{name[len(name) - end :]}"
    return cut


def printed(table: tuple[int, ...]) -> str:
    """Return a page table in print, such as `[0 1 · 7]`; a dot is a hole."""
    return f"[{' '.join(_DOT if frame == HOLE else str(frame) for frame in table)}]"


class PrintedTable(VGroup):
    """A page table as text; nothing where the layout leaves it out.

    Parameters
    ----------
    layout
        Where it stands, seen from the middle of the badge.
    badge
        The middle of the badge.
    color
        Of the text.
    """

    def __init__(self, layout: TablePlace | None, badge: Point, *, color: str) -> None:
        super().__init__()
        self._layout = layout
        self._color = color
        self._x, self._y = badge
        self.frames: tuple[int, ...] = ()

    def extend(self, frames: tuple[int, ...]) -> list[Animation]:
        """Return the movements by which the table comes to list `frames` as well.

        What is there stays; the closing bracket makes room for the new entries.
        """
        layout, old = self._layout, printed(self.frames)
        self.frames += frames
        if layout is None:
            return []
        text = printed(self.frames)
        if not self.submobjects:
            self.add(
                *(self._character(layout, text, at) for at in range(len(text)) if text[at] != " ")
            )
            return [FadeIn(self)]
        bracket = self.submobjects[-1]
        new = [
            self._character(layout, text, at)
            for at in range(len(old) - 1, len(text) - 1)
            if text[at] != " "
        ]
        self.submobjects[-1:] = [*new, bracket]
        end = self._character(layout, text, len(text) - 1)
        return [*map(FadeIn, new), Transform(bracket, end)]

    def correct(self, frames: tuple[int, ...]) -> list[Animation]:
        """Return the movements by which entries change, as many as the table has.

        What says the same at the same place stays.
        """
        layout, frames = self._layout, frames[: len(self.frames)]
        old, text, self.frames = printed(self.frames), printed(frames), frames
        if layout is None or old == text:
            return []
        shown = dict(zip(_marks(old), self.submobjects, strict=True))
        kept = {at: shown[at] for at in _marks(text) if old[at : at + 1] == text[at]}
        self.submobjects = [
            kept.get(at) or self._character(layout, text, at) for at in _marks(text)
        ]
        return [
            *(FadeOut(label) for at, label in shown.items() if at not in kept),
            *(FadeIn(label) for label in self.submobjects if label not in kept.values()),
        ]

    def _character(self, table: TablePlace, text: str, at: int) -> Label:
        x = self._x + table.dx + (at + 0.5) * MONO_ADVANCE * table.cap
        label = Label(text[at], Face.MONO, cap=table.cap, color=self._color)
        return label.put(x, self._y + table.dy)


def _marks(text: str) -> list[int]:
    """Return where something is printed in a text."""
    return [at for at, character in enumerate(text) if character != " "]
