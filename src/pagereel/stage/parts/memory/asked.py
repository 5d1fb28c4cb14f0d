"""The slots that a request asks for and does not get, outside the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from manim import Animation, AnimationGroup, FadeIn, FadeOut, LaggedStart, VGroup

from pagereel.cache import Arrive
from pagereel.stage.layout.memory import MemoryPlace
from pagereel.stage.layout.places import px
from pagereel.stage.part import Extent, Part
from pagereel.stage.parts.memory.bars import text_line
from pagereel.stage.parts.memory.use import memory_need
from pagereel.stage.parts.shapes import rounded_box
from pagereel.stage.parts.slots.cell import SlotCell
from pagereel.stage.parts.slots.look import Paint, word
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject

    from pagereel.stage.layout.places import Region
    from pagereel.stage.layout.slots import SlotPlace
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_LAG = 0.2  # of a slot's entrance, after which the next one enters
_RADIUS = px(8)
_LAST = 0.1  # size of the row when it has folded


class AskedSlots(Part[Extent, Any]):
    """The slots that a waiting request would reserve, below the memory.

    It does not enter with the other parts. It folds into the point `badge` of another part.
    """

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        place = MemoryPlace.within(region, memory_need(told))
        self._slots, self._label, self._note = place.asked()
        self._paint = Paint(theme, theme.colored(told.colors))
        self._asked: tuple[str, int] | None = None
        self._row: VGroup | None = None

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The row of slots with its labels, while a request waits."""
        return [self._row] if self._row else []

    @property
    def shown(self) -> tuple[str, int] | None:
        """The task that waits, and how many tokens its prompt has."""
        return self._asked

    def enter(self) -> Movements:
        """Return no movement: nothing is asked for yet."""
        return {}

    def ask(self, task: str) -> Movements:
        """Return the movement in which the slots appear that a task asks for."""
        return {Phase.TAKE: lambda: self._ask(task)}

    def fold(self) -> Movements:
        """Return the movement in which the row shrinks into the badge of its task."""
        return {Phase.PAGE: self._fold}

    def _ask(self, task: str) -> list[Animation]:
        tokens = next(
            step.event.tokens or 0
            for step in (*self.told.earlier, *self.told.steps)
            if isinstance(step.event, Arrive) and step.event.task == task
        )
        self._asked = task, tokens
        color = self._paint.tasks[task]
        slots = [self._slot(task, place, held=place.number < tokens) for place in self._slots]
        labels = VGroup(
            text_line(f"{task} needs {len(self._slots)}", self._label, color),
            text_line("waits", self._note, color),
        )
        self._row = VGroup(*slots, labels)
        moves = LaggedStart(*map(FadeIn, slots), lag_ratio=_LAG)
        return [AnimationGroup(moves, FadeIn(labels))]

    def _slot(self, task: str, place: SlotPlace, *, held: bool) -> VGroup:
        region, paint = place.region, self._paint
        if not held:
            color = paint.theme.quiet(paint.tasks[task])
            size = region.width, region.height
            box = rounded_box(*size, radius=_RADIUS, color=color, fill=0, line=2)
            return VGroup(box.move_to((*region.center, 0)))
        return VGroup(SlotCell(place, word(f"{task}{place.number}", task), paint).mobjects)

    def _fold(self) -> list[Animation]:
        row, asked = self._row, self._asked
        self._row = self._asked = None
        if row is None or asked is None:
            return []
        x, y = self.anchors["badge"](asked[0]).point
        return [FadeOut(row, target_position=(x, y, 0), scale=_LAST)]
