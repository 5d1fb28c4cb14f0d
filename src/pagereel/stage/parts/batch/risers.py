"""Risers: from a task's cell to the frames that it takes, for as long as that step lasts."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, ClassVar

from manim import Animation, FadeOut, there_and_back_with_pause

from pagereel.cache import Arrive, Copy, Defer, Expand
from pagereel.stage.layout.places import Anchor
from pagereel.stage.parts.batch.course import seeks
from pagereel.stage.parts.connector import Connect, Connector
from pagereel.stage.parts.steps import Stepped
from pagereel.stage.timing import Phase, within

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from manim import Mobject

    from pagereel.cache import Step
    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Extent, Movements
    from pagereel.stage.theme import Theme


class Risers(Stepped):
    """A riser for each frame that is taken, from the point `cell` to the point `frame` of others.

    Attributes
    ----------
    risers
        Frame -> the riser that reaches it, with the task that takes it.
    apart
        How near risers of a task come to each other: so narrow are their halos.
    """

    apart: ClassVar[float] = inf

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.risers: dict[int, tuple[str, Connector]] = {}

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """All of them."""
        return [riser for _, riser in self.risers.values()]

    @property
    def shown(self) -> dict[int, str]:
        """Frame -> the task that has taken it in this step."""
        return {frame: task for frame, (task, _) in self.risers.items()}

    def begins(self, at: int) -> Movements:  # noqa: ARG002 (others look at it)
        """Return the movement in which those of the step before leave."""
        return {Phase.STEP: self._clear}

    def show(self, change: Step) -> Movements:
        """Return the movements in which risers reach what an event takes."""
        begin = self.begin_with(change)
        match change.event:
            case Arrive(task=task) | Expand(task=task) | Copy(task=task):
                return {**begin, Phase.CONNECT: lambda: self._reach(task, change.taken)}
            case Defer(task=task, need=int(need)) if seeks(self.told, change):
                free = change.after.free_frames[:need]
                return {**begin, Phase.SLIDE: lambda: self._seek(task, need, free)}
            case _:
                return begin

    def _clear(self) -> list[Animation]:
        gone, self.risers = self.mobjects, {}
        return [*map(FadeOut, gone)]

    def _reach(self, task: str, frames: Sequence[int]) -> list[Animation]:
        cell, foot = self.anchors["cell"], self.anchors["frame"]
        color = self.theme.tasks[self.told.colors[task]]
        for number, frame in enumerate(frames):
            start = cell(task, number, len(frames))
            end = foot(frame)
            end = replace(end, apart=min(end.apart, self.apart))
            riser = Connector(start, end, color=color, background=self.theme.background)
            self.risers[frame] = task, riser
        return [*within((0.2, 0.8), [Connect(self.risers[frame][1]) for frame in frames])]

    def _seek(self, task: str, need: int, free: Sequence[int]) -> list[Animation]:
        """Return the movements in which a task that waits reaches for frames and comes back.

        It reaches for those that are free; if none is, everywhere.
        """
        color, frames = self.theme.tasks[self.told.colors[task]], self.told.frames
        x, y = self.anchors["waiting_top"](task).point
        way = self.anchors["passage"](x).way
        rays: list[Animation] = []
        spread = [round((number + 0.5) * frames / need - 0.5) for number in range(need)]
        for frame in free or spread:
            foot = self.anchors["frame"](frame)
            start = Anchor((x, y), way)
            ray = Connector(start, foot, color=color, background=self.theme.background)
            rays.append(Connect(ray, rate_func=there_and_back_with_pause, remover=True))
        return rays


def vanishing(moves: Iterable[Animation]) -> list[Animation]:
    """Let what has many shapes fade out before the rest does: it is costly to draw."""
    return [*within((0, 0.3), [*moves])]


def leaving(moves: Iterable[Animation]) -> list[Animation]:
    """Let movements take place before the risers of the same phase have arrived."""
    return [*within((0, 0.4), [*moves])]


def arriving(moves: Iterable[Animation]) -> list[Animation]:
    """Let movements take place as the risers of the same phase arrive."""
    return [*within((0.6, 1), [*moves])]
