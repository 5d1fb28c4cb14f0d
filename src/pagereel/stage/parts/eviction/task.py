"""The task that runs, where one runs at a time: its badge and its page table in print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import FadeIn, FadeOut

from pagereel.cache import Leave
from pagereel.stage.layout.lanes import TablePlace
from pagereel.stage.layout.places import MIN_CAP, MONO_ADVANCE, Region, px
from pagereel.stage.part import Extent, LimitError, Part
from pagereel.stage.parts.eviction.entry import begins, settles
from pagereel.stage.parts.rows import PrintedTable, badge, printed
from pagereel.stage.text.label import text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Animation, Mobject, VGroup

    from pagereel.cache import Step
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_BADGE = px(80)
_CAP = 0.4  # of the badge's height: of a capital of the task's name
_ACROSS = 0.7  # of its width, for the name
_TABLE = px(28)
_GAP = px(22)
_SOON = (0.0, 0.5)  # of a phase, in which the badge comes or goes


class RunningTask(Part[Extent, "Step"]):
    """The badge of the task that runs and, where there is room, its page table.

    Attributes
    ----------
    badge, table
        What is on screen of it; None while no task runs.
    """

    limits = "one task at a time"

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.spot = region.line(_BADGE)
        longest = max((printed(table) for table in told.tables), key=len, default="")
        width, room = len(longest) * MONO_ADVANCE, self.spot.width - self.spot.cap - _GAP
        cap = min(_TABLE, room / max(width, 1))
        self._cap = 0.0 if self.spot.brief or cap < MIN_CAP else cap
        self._width = width * cap
        self._tables: dict[str, tuple[int, ...]] = {}
        self.badge: VGroup | None = None
        self.table: PrintedTable | None = None
        for task, frames in told.initial.tables.items():
            self._come(task, frames)

    @classmethod
    def check(cls, told: Extent) -> None:
        """Refuse two tasks at once."""
        for step in told.steps:
            if len(step.after.tables) > 1:
                raise LimitError(f"{len(step.after.tables)} tasks at once", step=step)

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The badge, and the table character by character."""
        return [*([self.badge] if self.badge else []), *(self.table or [])]

    @property
    def shown(self) -> dict[str, tuple[int, ...]]:
        """The task that runs -> its page table."""
        return dict(self._tables)

    def show(self, change: Step) -> Movements:
        """Return the movements in which the badge comes or goes, and the table grows."""
        after = dict(change.after.tables)
        if after == self._tables:
            return {}
        first = begins(change)
        if isinstance(change.event, Leave):
            return {first: lambda: within(_SOON, self._go())}
        ((task, frames),) = after.items()

        def come() -> Sequence[Animation]:
            return [] if self.badge else within(_SOON, self._come(task))

        def grow() -> Sequence[Animation]:
            return self._grow(task, frames)

        settled = settles(change)
        if settled is first:
            return {first: lambda: [*come(), *grow()]}
        return {first: come, settled: grow}

    def _come(self, task: str, frames: tuple[int, ...] = ()) -> Sequence[Animation]:
        color, size = self.theme.tasks[self.told.colors[task]], self.spot.cap
        x = self.spot.x - self.spot.align * size / 2
        at, cap = (x, self.spot.y), min(_CAP, _ACROSS / text_width(task, Face.BOLD)) * size
        fill = self.theme.page_fill
        self.badge = badge(task, at, (size, size), cap=cap, color=color, fill=fill)
        side = size / 2 + _GAP
        left = side if self.spot.align < 0 else -side - self._width
        place = TablePlace(left, 0, self._cap) if self._cap else None
        self.table = PrintedTable(place, at, color=self.theme.ink)
        self._tables = {task: frames}
        if frames:
            self.table.extend(frames)
        return [FadeIn(self.badge)]

    def _grow(self, task: str, frames: tuple[int, ...]) -> Sequence[Animation]:
        table, self._tables = self.table, {task: frames}
        if table is None:
            return []
        known = len(table.frames)
        return [*table.correct(frames), *table.extend(frames[known:])]

    def _go(self) -> Sequence[Animation]:
        gone = [*map(FadeOut, self.mobjects)]
        self.badge, self.table, self._tables = None, None, {}
        return gone
