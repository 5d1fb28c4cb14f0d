"""Two tasks that face each other: badges, pages, page tables, and connectors to the frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Animation, FadeIn, GrowFromCenter, Transform, VGroup

from pagereel.stage.layout.fork import FacingPlaces, ForkNeed
from pagereel.stage.layout.lanes import TablePlace
from pagereel.stage.layout.places import MONO_ADVANCE, Anchor, px
from pagereel.stage.part import Extent, LimitError, Part
from pagereel.stage.parts.connector import Connect, Connector
from pagereel.stage.parts.rows import PrintedTable, badge, printed
from pagereel.stage.parts.shapes import rounded_box
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from manim import Mobject

    from pagereel.cache import Step
    from pagereel.stage.layout.places import Point, Region, Spot
    from pagereel.stage.part import Anchors, Movements
    from pagereel.stage.theme import Theme

_CAP = 0.38  # of a page's number and of a badge's name, as a share of their size
_ACROSS = 0.8  # of a badge's width, for its name
_SIDES = 2
_RADIUS = 0.16  # of a page's corner


class FacingTasks(Part[Extent, "Step"]):
    """The tasks of a story, one on each side of the frames.

    Its points: `mouth`, where a page's connector and its tokens leave, and `beside`, where a token
    waits; both are called with the task and the page. Connectors hold on to the point `edge`.

    Attributes
    ----------
    tables
        Task -> the frames that its pages point to.
    """

    limits = f"{_SIDES} tasks"

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.places = FacingPlaces.within(region, self.need(told))
        self.tables = dict(told.initial.tables)
        self.badges = [*map(self._badge, told.colors)]
        self._pages: dict[tuple[str, int], VGroup] = {}
        self._connectors: dict[tuple[str, int], Connector] = {}
        self._words: dict[str, Label] = {}
        self._prints: dict[str, PrintedTable] = {}
        self._back: Collection[tuple[str, int]] = ()

    @classmethod
    def need(cls, told: Extent) -> ForkNeed:
        """Return how many frames there are, and how many pages a task has."""
        return ForkNeed.of(told)

    @classmethod
    def check(cls, told: Extent) -> None:
        """Refuse more tasks than there are sides."""
        if len(told.colors) > _SIDES:
            raise LimitError(f"{len(told.colors)} tasks", key="frames")

    @property
    def points(self) -> Anchors:
        """Where tokens leave a page, and where they wait beside it."""
        return {"mouth": self._mouth, "beside": self._beside}

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Badges, pages, page tables and connectors."""
        return [
            *self.badges,
            *self._pages.values(),
            *self._words.values(),
            *self._prints.values(),
            *self._connectors.values(),
        ]

    @property
    def shown(self) -> dict[str, tuple[int, ...]]:
        """Task -> the frames that its pages point to."""
        return self.tables

    def enter(self) -> Movements:
        """Return the entrance of the badges, and of the pages that there are from the start."""
        for task, table in self.tables.items():
            for page in range(len(table)):
                self._add((task, page))
                self._connect((task, page))
            self._print(task)
        return super().enter()

    def show(self, change: Step) -> Movements:
        """Return the movements in which pages come, and connectors reach out or swing."""
        tables = dict(change.after.tables)
        old, self.tables = self.tables, tables
        every = [(task, page) for task, table in tables.items() for page in range(len(table))]
        new = [each for each in every if each[1] >= len(old.get(each[0], ()))]
        swung = [each for each in every if each not in new and _at(old, each) != _at(tables, each)]
        changed = [task for task in tables if tables[task] != old.get(task)]
        return {
            Phase.PAGE: lambda: [GrowFromCenter(self._add(each)) for each in new],
            Phase.CONNECT: lambda: [
                *(Connect(self._connect(each)) for each in new),
                *(Transform(self._connectors[each], self._connector(each)) for each in swung),
                *(move for task in changed for move in self._print(task)),
            ],
        }

    def look_at(self, frame: int | None) -> Movements:
        """Return the movements in which connectors to other frames step back, or none does."""

        def turn() -> list[Animation]:
            self._back = [
                (task, page)
                for task, table in self.tables.items()
                for page, held in enumerate(table)
                if frame not in (None, held)
            ]
            return [
                Transform(connector, self._connector(each))
                for each, connector in self._connectors.items()
            ]

        return {Phase.POINT: turn}

    def _side(self, task: str) -> int:
        return [*self.told.colors].index(task)

    def _color(self, task: str) -> str:
        return self.theme.tasks[self.told.colors[task]]

    def _badge(self, task: str) -> VGroup:
        at, size = self.places.sides[self._side(task)].badge, self.places.badge
        cap = min(0.9 * _CAP, _ACROSS / text_width(task, Face.BOLD)) * size
        color, fill = self._color(task), self.theme.page_fill
        return badge(task, at, (size, size), cap=cap, color=color, fill=fill)

    def _add(self, each: tuple[str, int]) -> VGroup:
        task, number = each
        size, color = self.places.page, self._color(task)
        x, y = self._middle(task, number)
        box = rounded_box(size, size, radius=_RADIUS * size, color=color, fill=self.theme.page_fill)
        label = Label(str(number), Face.SERIF, cap=_CAP * size, color=color).put(x, y)
        page = self._pages[each] = VGroup(box.move_to((x, y, 0)), label)
        return page

    def _connect(self, each: tuple[str, int]) -> Connector:
        connector = self._connectors[each] = self._connector(each)
        return connector

    def _connector(self, each: tuple[str, int]) -> Connector:
        task, page = each
        color = self._color(task)
        if each in self._back:
            color = self.theme.quiet(color)
        return Connector(
            self._mouth(task, page),
            self.anchors["edge"](self.tables[task][page], self._side(task)),
            color=color,
            background=self.theme.background,
            level=self.places.level,
        )

    def _print(self, task: str) -> list[Animation]:
        """Return the movements by which a printed page table comes to list its task's frames."""
        spots, table = self.places.sides[self._side(task)].table, self.tables[task]
        if spots is None:
            return []
        moves: list[Animation] = []
        if task not in self._prints:
            words = self._words[task] = Label(
                "page table", Face.SERIF, cap=spots[0].cap, color=self.theme.dim
            ).put_in(spots[0])
            self._prints[task] = self._printed(task, spots[1])
            moves.append(FadeIn(words))
        value = self._prints[task]
        moves += value.correct(table)
        new = table[len(value.frames) :]
        return [*moves, *(value.extend(new) if new else [])]

    def _printed(self, task: str, spot: Spot) -> PrintedTable:
        """Return a page table that says nothing yet, with room for all its entries."""
        middle = self.places.sides[self._side(task)].badge
        x, y = middle
        left = spot.x
        if spot.align > 0:
            longest = max(len(printed(table)) for table in self.told.tables)
            left -= longest * MONO_ADVANCE * spot.cap
        place = TablePlace(left - x, spot.y - y, spot.cap)
        return PrintedTable(place, middle, color=self.theme.ink)

    def _middle(self, task: str, page: int) -> Point:
        return self.places.sides[self._side(task)].pages[page]

    def _mouth(self, task: str, page: int) -> Anchor:
        # A hair off, so that the connector's halo does not cut into the page's outline.
        (x, y), half = self._middle(task, page), self.places.page / 2 + px(2)
        sign = 1 - 2 * self._side(task)
        return Anchor((x + sign * half, y) if self.places.level else (x, y - sign * half))

    def _beside(self, task: str, page: int) -> Anchor:
        level, sign = self.places.level, 1 - 2 * self._side(task)
        (x, y), half = self._middle(task, page), self.places.page / 2
        return Anchor((x + sign * px(36), y + half + px(50)) if level else (x + half + px(95), y))


def _at(tables: dict[str, tuple[int, ...]], each: tuple[str, int]) -> int:
    task, page = each
    return tables[task][page]
