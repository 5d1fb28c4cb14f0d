"""The engine's step in print."""

from __future__ import annotations

from abc import abstractmethod
from itertools import pairwise
from typing import TYPE_CHECKING

from pagereel.errors import StageError
from pagereel.stage.layout.places import px
from pagereel.stage.part import Extent, LimitError, Part
from pagereel.stage.text.label import Label, Rolling, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject

    from pagereel.cache import Step
    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme
    from pagereel.story import Beat

_CAP = px(40)
_MOST_BETWEEN = 24  # steps from an event to the next
_SPACE = 0.46  # between word and number, in heights of a capital


class Stepped(Part[Extent, "Step"]):
    """A part that notices when a step of the engine begins: by itself, or with its first event."""

    _begun = -1  # the step

    def begin(self, at: int) -> Movements:
        """Return the movements in which a step begins."""
        self._begun = at
        return self.begins(at)

    def begin_with(self, change: Step) -> Movements:
        """Return the movements in which the step of an event begins, if it has not yet."""
        at = change.at or 0
        return self.begin(at) if at > self._begun else {}

    @abstractmethod
    def begins(self, at: int) -> Movements:
        """Return the part's own movements at the beginning of a step."""


class StepCount(Part[Extent, "Step"]):
    """The engine's step, as `step 4`."""

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        spot, last = region.line(_CAP, align=1), max(step.at or 0 for step in told.steps)
        left = spot.x - text_width("0" * len(str(last)), Face.SERIF) * spot.cap
        self.word = Label("step", Face.SERIF, cap=spot.cap, color=theme.dim)
        self.word.put(left - _SPACE * spot.cap, spot.y, 1)
        self.number = Rolling(
            [str(_step_before(told))],
            lambda _, text: Label(text, Face.SERIF, cap=spot.cap, color=theme.ink).put(
                spot.x, spot.y, 1
            ),
        )

    @classmethod
    def check(cls, told: Extent) -> None:
        """Refuse a story that does not say in which steps of the engine its events happen."""
        for step in told.steps:
            if step.at is None:
                raise LimitError("the engine's step is missing", step=step)

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The word and the number."""
        return [self.word, self.number]

    @property
    def shown(self) -> int:
        """The step."""
        return int(self.number.texts[0])

    def begin(self, at: int) -> Movements:
        """Return the movement in which the number of a step comes."""
        return {Phase.STEP: lambda: self.number.roll([str(at)])}

    def show(self, change: Step) -> Movements:
        """Return the movement in which the number comes to be that of an event's step."""
        return self.begin(change.at or 0)


def refuse_gaps(told: Extent) -> None:
    """Refuse events long after those before them, where each of the engine's steps is shown."""
    known = ((step, step.at) for step in (*told.earlier[-1:], *told.steps) if step.at is not None)
    for (_, before), (step, at) in pairwise(known):
        if at - before > _MOST_BETWEEN:
            raise LimitError(f"an event {at - before:,} steps after the one before it", step=step)


def refuse_parts(told: Extent) -> None:
    """Refuse a part of a trace that begins in a cache in use, where tokens and tasks are shown.

    It has the page tables of then, but not how many tokens they hold or who left what is cached.
    """
    initial = told.initial
    if not told.earlier and (initial.tables or initial.cached):
        says = "a part that begins in a cache in use, not at the first event of its trace"
        raise LimitError(says, key="begins_after")


def refuse_events(beat: Beat) -> None:
    """Refuse a beat that has events, where nothing plays them: they would be lost."""
    if beat.steps:
        what = f"the act {beat.act}" if beat.act else "this scene"
        raise StageError(f"{what} plays no events; give them to another beat, or begin after them")


def need_events(beat: Beat) -> None:
    """Refuse a beat without events, where its act plays them."""
    if not beat.steps:
        raise StageError(f"the act {beat.act} plays events; add through, the last of them")


def _step_before(told: Extent) -> int:
    """Return the engine's step that is shown before the first event of a story."""
    before = told.earlier[-1] if told.earlier else told.steps[0] if told.steps else None
    return (before.at if before else None) or 0
