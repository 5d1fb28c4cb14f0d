"""The task line: the badge of each task with its printed page table, or with `waits`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from manim import Animation, FadeIn, FadeOut, VGroup

from pagereel.stage.layout.lanes import TablePlace
from pagereel.stage.layout.places import MIN_CAP, MONO_ADVANCE, Anchor, px
from pagereel.stage.part import Extent, LimitError, Part
from pagereel.stage.parts.rows import PrintedTable, badge, printed
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase
from pagereel.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from manim import Mobject

    from pagereel.cache import Step
    from pagereel.stage.layout.places import Point, Region
    from pagereel.stage.part import Movements
    from pagereel.stage.parts.memory.use import Use
    from pagereel.stage.theme import Theme

_MOST_TASKS = 6
_CAP = px(28)
_BADGE = px(74)  # its height, at most
_BESIDE = px(18)  # between a badge and its table
_APART = px(28)  # between two tasks
_NAME = 0.38  # of a badge's height: that of a capital in it


class TaskLine(Part[Extent, "Step"]):
    """Tasks side by side, in as many lines as they need.

    A task enters as it gets pages or waits; with the other parts only those enter that have pages
    from the start. Its points: `badge`, the middle of a task's badge.
    """

    limits = f"{_MOST_TASKS} tasks"

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self._colors = theme.colored(told.colors)
        self._spots = self._places(region)
        self.badges: dict[str, VGroup] = {}
        self._says: dict[str, Mobject] = {}
        self._shown: dict[str, tuple[int, ...] | str] = {}

    @classmethod
    def check(cls, told: Extent) -> None:
        """Refuse more tasks than there is room for."""
        if len(told.colors) > _MOST_TASKS:
            raise LimitError(f"{len(told.colors)} tasks", step=told.steps[-1])

    @property
    def points(self) -> dict[str, Callable[..., Any]]:
        """The middle of a task's badge."""
        return {"badge": lambda task: Anchor(self._spots[task])}

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Badges, and what stands beside them."""
        return [*self.badges.values(), *self._says.values()]

    @property
    def shown(self) -> dict[str, tuple[int, ...] | str]:
        """Task -> its page table, or what is said instead."""
        return dict(self._shown)

    def enter(self) -> Movements:
        """Return the movement in which the tasks appear that are there from the start."""
        return self._become(self.told.initial.tables)

    def show(self, change: Step) -> Movements:
        """Return the movement in which it comes to show the page tables after a step."""
        return self._become(change.after.tables)

    def become(self, use: Use) -> Movements:
        """Return the movement in which it comes to show page tables, and which tasks wait.

        It enters with the first tables. Where pages are not of the story's size, it says only how
        many each task has.
        """
        tables: dict[str, tuple[int, ...] | str] = {**use.tables}
        if use.size != self.told.initial.page_size:
            tables = {task: counted(len(table), "page") for task, table in use.tables.items()}
            tables = tables if self._shown else {}
        waiting = use.waiting if tables else ()
        return self._become({**tables, **dict.fromkeys(waiting, "waits")})

    def _become(self, shown: Mapping[str, tuple[int, ...] | str]) -> Movements:
        if shown == self._shown:
            return {}
        return {Phase.FLIP: lambda: self._change(shown)}

    def _change(self, shown: Mapping[str, tuple[int, ...] | str]) -> list[Animation]:
        before, self._shown = self._shown, dict(shown)
        moves: list[Animation] = []
        for task in [task for task in before if task not in shown]:
            moves += [FadeOut(self.badges.pop(task)), FadeOut(self._says.pop(task))]
        for task, says in shown.items():
            if task not in self.badges:
                self.badges[task] = self._badge(task)
                moves.append(FadeIn(self.badges[task], scale=0.7))
            moves += self._say(task, says) if before.get(task) != says else []
        return moves

    def _say(self, task: str, says: tuple[int, ...] | str) -> list[Animation]:
        old = self._says.get(task)
        if isinstance(old, PrintedTable) and not isinstance(says, str):
            kept = len(old.frames)
            return [*old.correct(says), *(old.extend(says[kept:]) if says[kept:] else [])]
        moves: list[Animation] = [FadeOut(old)] if old else []
        if isinstance(says, str):
            label = Label(says, Face.SERIF, cap=self._cap, color=self._colors[task])
            x, y = self._spots[task]
            self._says[task] = label.put(x + self._high / 2 + _BESIDE, y, -1)
            return [*moves, FadeIn(label)]
        place = TablePlace(self._high / 2 + _BESIDE, 0, self._cap)
        table = PrintedTable(place, self._spots[task], color=self.theme.dim)
        self._says[task] = table
        return [*moves, *table.extend(says)]

    def _badge(self, task: str) -> VGroup:
        high = self._high
        width = max(high, text_width(task, Face.BOLD) * _NAME * high + 0.5 * high)
        return badge(
            task,
            self._spots[task],
            (width, high),
            cap=_NAME * high,
            color=self._colors[task],
            fill=self.theme.page_fill,
        )

    def _places(self, region: Region) -> dict[str, Point]:
        """Find the middle of each badge, and how high badges and texts are."""
        longest = max(map(len, map(printed, self.told.tables)), default=2) * MONO_ADVANCE
        tasks = [*self.told.colors]
        self._high = min(_BADGE, region.height)
        for lines in range(1, len(tasks) + 1):
            columns = -(-len(tasks) // lines)
            self._high = min(_BADGE, 0.84 * region.height / lines)
            self._cap = max(MIN_CAP, min(_CAP, 0.45 * self._high))
            wide = self._high + _BESIDE + longest * self._cap
            pitch = (region.width + _APART) / columns
            if wide + _APART <= pitch:
                break
        found = {}
        for number, task in enumerate(tasks):
            line, column = divmod(number, columns)
            y = region.top - (line + 0.5) * region.height / lines
            found[task] = (region.left + self._high / 2 + column * pitch, y)
        return found
