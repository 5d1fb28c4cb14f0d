"""Parts: the nouns on screen, and the stage on which a scene's parts stand together.

A part is built from plain data: the extent of what is told, the theme, and its region. It knows no
scene, no file and no other part. It keeps what it shows as a plain value, and returns movements:
manim animations that nobody has played yet, by the phase in which a scene plays them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from manim import FadeIn, FadeOut

from pagereel.errors import StageError
from pagereel.stage.layout.places import Area, Need
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from manim import Animation, Mobject

    from pagereel.cache import CacheState, Step
    from pagereel.stage.layout.arrangement import Arrangement
    from pagereel.stage.layout.places import Anchor, Region
    from pagereel.stage.theme import Theme
    from pagereel.story import Beat, Story
    from pagereel.story.tokens import Tokens

    # Called when the phase begins: what was shown until then is still there.
    Movements = Mapping[Phase, Callable[[], Sequence[Animation]]]
    Anchors = Mapping[str, Callable[..., Anchor]]

Told = TypeVar("Told")  # what a part is told of before it is placed, such as an `Extent`
Change = TypeVar("Change")  # what it shows then, one after another, such as a `Step`


@dataclass(frozen=True)
class Extent:
    """A story as its parts see it: all that happens, so that each finds out what it needs.

    Attributes
    ----------
    title
        The story's title.
    initial
        The cache before the first step.
    steps
        All steps of the story.
    colors
        Every task -> the name of its colour in a theme.
    earlier
        What has happened before the first step, from an empty pool on.
    words
        Task -> its tokens as they are drawn, from position 0; of tasks that have words.
    tokens
        How many tokens the tasks have after each of the engine's steps; empty if not known.
    own
        What the scene has read of the story's tables: name -> value.
    """

    title: str
    initial: CacheState
    steps: Sequence[Step]
    colors: Mapping[str, str]
    earlier: Sequence[Step] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tokens: Tokens = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, story: Story, own: Mapping[str, Any] | None = None) -> Extent:
        """Return what the parts of a scene see of a story; `own` is what the scene has read."""
        return cls(
            title=story.title,
            initial=story.initial,
            steps=story.steps,
            colors=story.colors,
            earlier=story.earlier,
            words=story.words,
            tokens=story.tokens,
            own=own or {},
        )

    @property
    def frames(self) -> int:
        """Size of the pool in page frames."""
        return self.initial.frames

    @property
    def states(self) -> tuple[CacheState, ...]:
        """The cache before the first step, and after each."""
        return self.initial, *(step.after for step in self.steps)

    @cached_property
    def tables(self) -> list[tuple[int, ...]]:
        """Every page table that there ever is."""
        return [table for state in self.states for table in state.tables.values()]

    @cached_property
    def caches(self) -> bool:
        """Whether a frame is ever cached."""
        before = (step.after for step in self.earlier)
        return any(state.cached for state in (*before, *self.states))


class LimitError(StageError):
    """A part cannot show what a story tells.

    Parameters
    ----------
    says
        What is too much, and of what.
    step
        The step of the story that is too much.
    key
        Else: what of the story is: ``title``, ``frames``, ``tiers``, ``words.A``, a table of the
        scene's own.
    """

    def __init__(self, says: str, *, step: Step | None = None, key: str = "") -> None:
        super().__init__(says)
        self.step, self.key = step, key


class Part(ABC, Generic[Told, Change]):
    """One noun on screen. Nothing of it is on screen before it enters.

    Parameters
    ----------
    told
        What it will have to show: for the parts of a story its `Extent`.
    theme
        The colours.
    region
        The place that an arrangement has given it.

    Attributes
    ----------
    limits
        What it can show, in words, such as ``pools of up to 16 frames``; empty if anything.
    shortened
        What it shows of names for which it has no room -> the whole names.
    anchors
        The points of all parts of the scene that others may hold on to, by name.
    """

    limits: ClassVar[str] = ""
    shortened: Mapping[str, str] = {}
    anchors: Anchors

    def __init__(self, told: Told, theme: Theme, region: Region) -> None:
        self.told, self.theme, self.region = told, theme, region
        self.anchors = {}

    @classmethod
    def need(cls, told: Told) -> Need:  # noqa: ARG003 (others look at it)
        """Return what it asks for before it is placed."""
        return Need()

    @classmethod
    def check(cls, told: Told) -> None:
        """Raise a `LimitError` at the first that is too much for it."""

    def rehearsal(self) -> Callable[[Beat], object]:
        """Return what a story's beats are tried with before anything is drawn.

        It is called with each beat in its order, and raises a `StageError` at the first whose act
        the part cannot play there.
        """
        return lambda _: None

    @property
    def points(self) -> Anchors:
        """Its own points that others may hold on to, by name: functions that return an anchor."""
        return {}

    @property
    @abstractmethod
    def mobjects(self) -> Sequence[Mobject]:
        """What of it is on screen, or will be when it enters, from back to front."""

    @property
    @abstractmethod
    def shown(self) -> Any:
        """What it shows now, as a plain value."""

    def enter(self) -> Movements:
        """Return the movements in which it appears."""
        return {Phase.APPEAR: lambda: [FadeIn(mobject) for mobject in self.mobjects]}

    def begin(self, at: int) -> Movements:  # noqa: ARG002 (others look at it)
        """Return the movements in which a step of the engine begins, where it tells of those."""
        return {}

    def show(self, change: Change) -> Movements:  # noqa: ARG002 (others look at it)
        """Return the movements in which it comes to show what a change leaves behind.

        A part that is a picture changes its pixels at once and returns none.
        """
        return {}

    def leave(self) -> Movements:
        """Return the movements in which all of it fades out."""
        return {Phase.END: lambda: [FadeOut(mobject) for mobject in self.mobjects]}


def only(movements: Movements, *phases: Phase) -> Movements:
    """Return the movements of some phases."""
    return {phase: moves for phase, moves in movements.items() if phase in phases}


def without(movements: Movements, *phases: Phase) -> Movements:
    """Return the movements of all other phases."""
    return {phase: moves for phase, moves in movements.items() if phase not in phases}


def during(phase: Phase, *movements: Movements) -> Movements:
    """Return movements that happen all in one phase, whichever phases they had.

    So what belongs together moves together.
    """

    def make() -> list[Animation]:
        makes = [made[own] for made in movements for own in Phase if own in made]
        return [move for each in makes for move in each()]

    return {phase: make}


def merged(movements: Iterable[Movements], phase: Phase, *others: Phase) -> list[Movements]:
    """Return movements of which those of some phases all happen in the first of these."""
    each = [*movements]
    first = during(phase, *(only(one, phase, *others) for one in each))
    return [first, *(without(one, phase, *others) for one in each)]


AnyPart = Part[Any, Any]
P = TypeVar("P", bound=AnyPart)


# The parts of a scene: the names that its arrangement uses, and the classes. The parts enter, and
# change within a phase, in this order.
Parts = dict[str, type[AnyPart]]


class Stage:
    """The parts of a scene in their regions.

    Parameters
    ----------
    parts
        Which ones.
    told
        What they will have to show.
    size
        Width and height of the picture in scene units.
    theme
        The colours.
    arrangement
        How they share the picture.

    Raises
    ------
    StageError
        If they do not fit into a picture of this shape, or a font is missing.
    """

    def __init__(
        self,
        parts: Parts,
        told: object,
        *,
        size: tuple[float, float],
        theme: Theme,
        arrangement: Arrangement,
    ) -> None:
        needs = {name: part.need(told) for name, part in parts.items()}
        self.theme = theme
        self.area = Area(*size)
        self.regions = arrangement(self.area, needs)
        self.parts = {name: part(told, theme, self.regions[name]) for name, part in parts.items()}
        self._gone: set[str] = set()
        points = {name: at for part in self.parts.values() for name, at in part.points.items()}
        for part in self.parts.values():
            part.anchors = points

    def part(self, kind: type[P]) -> P:
        """Return the part of a kind.

        Raises
        ------
        StageError
            If there is none.
        """
        for part in self.parts.values():
            if isinstance(part, kind):
                return part
        raise StageError(f"this scene has no {kind.__name__}; add it to its parts")

    def enter(self) -> list[Movements]:
        """Return the movements in which all parts appear."""
        return [part.enter() for part in self.parts.values()]

    def begin(self, at: int) -> list[Movements]:
        """Return the movements in which a step of the engine begins."""
        return [part.begin(at) for part in self.parts.values()]

    def show(self, change: object) -> list[Movements]:
        """Return the movements in which all parts come to show what a change leaves behind."""
        return [part.show(change) for part in self.parts.values()]

    def dismiss(self, *names: str) -> list[Movements]:
        """Return the movements in which some parts leave before the end, together."""
        self._gone |= {*names}
        return [during(Phase.LEAVE, *(self.parts[name].leave() for name in names))]

    def leave(self) -> list[Movements]:
        """Return the movements in which all parts that are still there fade out."""
        return [part.leave() for name, part in self.parts.items() if name not in self._gone]
