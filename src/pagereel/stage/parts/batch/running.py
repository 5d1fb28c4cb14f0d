"""The running tasks: a badge before each lane of the batch, and the task's page table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Animation, FadeIn, FadeOut

from pagereel.cache import Arrive, Copy, Expand, Leave, Preempt
from pagereel.stage.layout.batch import heads_in
from pagereel.stage.layout.lanes import TablePlace
from pagereel.stage.layout.places import Anchor
from pagereel.stage.part import Extent, Part
from pagereel.stage.parts.batch.badge import Badge, Move, handed_over
from pagereel.stage.parts.batch.course import caught_up, first_course
from pagereel.stage.parts.batch.risers import arriving, leaving
from pagereel.stage.parts.batch.strip import need_of_batch
from pagereel.stage.parts.rows import PrintedTable
from pagereel.stage.parts.shapes import dashed, rounded_box
from pagereel.stage.text.fonts import say
from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject, VMobject

    from pagereel.cache import Step
    from pagereel.stage.layout.batch import BatchNeed
    from pagereel.stage.layout.places import Point, Region, Spot
    from pagereel.stage.part import Anchors, Movements
    from pagereel.stage.theme import Theme


class RunningTasks(Part[Extent, "Step"]):
    """A badge for each task in the batch, before its lane, and its page table in print.

    Its points: `running`, the middle of a task's badge. A task that arrives comes from the point
    `waiting` of another part.

    Attributes
    ----------
    badges
        Lane -> badge.
    tables
        Task -> its page table in print.
    """

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.places = heads_in(region, self.need(told))
        self._course = first_course(told)
        self._followed = 0  # the last event in the course
        self._empty = [*map(self._empty_place, range(self.places.count))]
        names = {say("running"): self.places.label, say("step"): self.places.axis}
        self._labels = [self._name(text, spot) for text, spot in names.items() if spot]
        self.badges: dict[int, Badge] = {}
        self.tables: dict[str, PrintedTable] = {}
        self._lanes: dict[str, int] = {}  # in which each task runs, or did last
        for lane, task in enumerate(self._course.lanes):
            self._lanes[task] = lane
            self.badges[lane] = self._badge(task, self.places.badge(lane))
            self.tables[task] = self._table(lane)
            self.tables[task].extend(told.initial.tables[task])

    @classmethod
    def need(cls, told: Extent) -> BatchNeed:
        """Return the room for all lanes."""
        return need_of_batch(told)

    @property
    def points(self) -> Anchors:
        """The middle of a task's badge: where it is, or was last."""
        return {"running": lambda task: Anchor(self.places.badge(self._lanes[task]))}

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Labels, empty places, badges, and tables character by character."""
        tables = [label for table in self.tables.values() for label in table]
        return [*self._labels, *self._empty, *self.badges.values(), *tables]

    @property
    def shown(self) -> dict[str, tuple[int, ...]]:
        """Task -> its page table, in the order of the lanes."""
        return {
            badge.task: self.tables[badge.task].frames for _, badge in sorted(self.badges.items())
        }

    def show(self, change: Step) -> Movements:
        """Return the movements in which badges come and go, and tables grow."""
        match change.event:
            case Arrive(task=task):
                return {
                    Phase.JOIN: lambda: self._arrive(change, task),
                    Phase.CONNECT: lambda: arriving(self._print(change, task)),
                }
            case Expand(task=task) | Copy(task=task):
                return {Phase.CONNECT: lambda: arriving(self._print(change, task))}
            case Leave(task=task):
                return {Phase.LEAVE: lambda: leaving(self._leave(change, task))}
            case _:
                return {}

    def _arrive(self, step: Step, task: str) -> list[Animation]:
        self._follow(step)
        lane = self._course.lanes.index(task)
        target = self._badge(task, self.places.badge(lane))
        self._lanes[task] = lane
        self.tables[task] = self._table(lane)
        if "waiting" not in self.anchors:
            self.badges[lane] = target
            return [FadeIn(target)]
        badge = self._badge(task, self.anchors["waiting"](task).point, waits=True)
        self.badges[lane] = badge
        return [Move(badge, target)]

    def _print(self, step: Step, task: str) -> list[Animation]:
        self._follow(step)
        table, frames = self.tables[task], step.after.tables[task]
        new = frames[len(table.frames) :]
        return [*table.correct(frames), *(table.extend(new) if new else [])]

    def _leave(self, step: Step, task: str) -> list[Animation]:
        if task not in self.tables:  # it was queued
            return []
        self._follow(step)
        badge, table = self.badges.pop(self._lanes[task]), self.tables.pop(task)
        moves_on = isinstance(step.event, Preempt) and "waiting" in self.anchors
        return [
            handed_over(badge) if moves_on else FadeOut(badge),
            *map(FadeOut, table),
        ]

    def _follow(self, step: Step) -> None:
        if step.number > self._followed:
            self._course = caught_up(self._course, self.told, step.at or 0).after(step)
            self._followed = step.number

    def _badge(self, task: str, at: Point, *, waits: bool = False) -> Badge:
        color = self.theme.tasks[self.told.colors[task]]
        return Badge(task, at, places=self.places, color=color, theme=self.theme, waits=waits)

    def _table(self, lane: int) -> PrintedTable:
        (dx, dy), cap = self.places.table, self.places.table_cap
        x, y = self.places.badge(lane)
        place = TablePlace(dx, dy, cap) if cap else None
        return PrintedTable(place, (x, y), color=self.theme.dim)

    def _empty_place(self, lane: int) -> VMobject:
        places, (x, y) = self.places, self.places.badge(lane)
        rim = rounded_box(
            places.wide,
            places.size,
            radius=places.size / 2,
            color=self.theme.line,
            fill=0,
            line=2.5,
        )
        return dashed(rim.move_to((x, y, 0)))

    def _name(self, text: str, spot: Spot) -> Label:
        label = Label(text, Face.SERIF, cap=spot.cap, color=self.theme.dim, width=spot.width)
        return label.put_in(spot)
