"""Notes beside a batch: how many tokens are lost, and how many are computed again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from manim import Animation, FadeIn, FadeOut

from pagereel.cache import Abort, Arrive, Finish, Submit
from pagereel.cache.events import TaskEvent
from pagereel.stage.layout.batch import NotesPlaces, notes_in
from pagereel.stage.layout.places import MIN_CAP, Need, px
from pagereel.stage.part import Extent, Part
from pagereel.stage.parts.batch.course import computed_again, lost
from pagereel.stage.parts.batch.risers import arriving, leaving
from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase
from pagereel.story import load_story
from pagereel.story.load import named_trace
from pagereel.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject

    from pagereel.cache import Step
    from pagereel.stage.layout.places import Region, Spot
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme
    from pagereel.story import Story
    from pagereel.toml.table import Table

_CAP = px(28)


@dataclass(frozen=True, slots=True)
class Toll:
    """What it costs that a pool is full.

    Attributes
    ----------
    tasks, finished
        How many there were, and how many of them finished.
    lost
        Tokens of aborted tasks that were in the cache.
    """

    tasks: int
    finished: int
    lost: int


def toll_of(story: Story) -> Toll:
    """Return what it cost in a story that the pool was full."""
    told = Extent.of(story)
    events = [step.event for step in story.steps]
    aborts = [step for step in story.steps if isinstance(step.event, Abort)]
    return Toll(
        tasks=sum(isinstance(event, Submit) for event in events),
        finished=sum(isinstance(event, Finish) for event in events),
        lost=sum(lost(told, step) or 0 for step in aborts),
    )


def read_against(table: Table) -> Toll:
    """Read the trace of an engine that gives tasks up, with which a story compares its own.

    Raises
    ------
    StoryError
        If it names none.
    TraceError
        If that cannot be read or replayed.
    """
    table.allow(("trace",))
    name = table.name("trace")
    if name is None:
        raise table.error('the other trace is missing; add trace = "../traces/NAME.jsonl"')
    return toll_of(load_story(named_trace(table, name)))


def tokens_lost(told: Extent, steps: Sequence[Step]) -> Sequence[str]:
    """Return how many tokens are lost as tasks are given up, in words: in full, then briefly."""
    aborts = [step for step in steps if isinstance(step.event, Abort)]
    counts = [count for step in aborts if (count := lost(told, step)) is not None]
    if not aborts or len(counts) < len(aborts):
        return ()
    says = f"{counted(sum(counts), 'token')} lost"
    return f"{listed(_tasks(aborts))}: {says}", says


def _tasks(steps: Sequence[Step]) -> list[str]:
    return [step.event.task for step in steps if isinstance(step.event, TaskEvent)]


class Notes(Part[Extent, "Step"]):
    """How many tokens are computed again, once tasks come back that were preempted."""

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self._arrived: list[Step] = []
        self.lines: list[Label] = []

    @classmethod
    def need(cls, told: Extent) -> Need:  # noqa: ARG003 (a part of any story)
        """Return the room for a line."""
        return Need((px(400), MIN_CAP), (px(900), px(84)))

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Its lines."""
        return self.lines

    @property
    def shown(self) -> list[str]:
        """What its lines say."""
        return [line.text for line in self.lines]

    def show(self, change: Step) -> Movements:
        """Return the movements in which tokens are added that are computed again."""
        before = computed_again(self._arrived)
        self._arrived.append(change)
        again = computed_again(self._arrived)
        if again == before or not isinstance(change.event, Arrive):
            return {}
        says = f"computed again so far: {counted(sum(again), 'token')}"
        return {Phase.CONNECT: lambda: self._say([says], [self.region.line(_CAP, align=1)])}

    def compare(self) -> Movements:
        """Return the movements in which the sum is compared with an engine that gives tasks up."""
        toll = self.told.own.get("against")
        if toll is None:
            return {}
        again = computed_again(self._arrived)
        total = f"{' + '.join(map(str, again))} = {sum(again)} tokens"
        finished = f"{toll.finished} of {toll.tasks} finish"
        other = f"giving up instead: {finished}, {counted(toll.lost, 'token')} lost"
        says = [f"computed again: {total}", other]
        end = self.region.end if isinstance(self.region, NotesPlaces) else notes_in(self.region)
        return {Phase.FLY: lambda: self._say(says, end)}

    def _say(self, texts: Sequence[str], spots: Sequence[Spot]) -> list[Animation]:
        old = self.lines
        self.lines = [
            Label(
                text,
                Face.SERIF,
                cap=spot.cap,
                color=self.theme.dim if number or len(texts) == 1 else self.theme.ink,
                width=spot.width,
            ).put_in(spot)
            for number, (text, spot) in enumerate(zip(texts, spots, strict=True))
        ]
        return [*leaving(map(FadeOut, old)), *arriving(map(FadeIn, self.lines))]
