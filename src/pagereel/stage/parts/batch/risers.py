"""Risers: from a task's cell to the frames that it takes, for as long as that step lasts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from manim import Animation, FadeOut, there_and_back_with_pause

from pagereel.cache import Arrive, Copy, Defer, Expand
from pagereel.stage.layout.places import Anchor, px
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


_APART = px(5)  # so near risers of a step come to each other: their halos are as narrow
_RISE = 0.4  # how much higher the highest of a step's risers turns, in the height of the room


class Risers(Stepped):
    """A riser for each frame that is taken, from the point `cell` to the point `frame` of others.

    Attributes
    ----------
    risers
        Frame -> the riser that reaches it, with the task that takes it.
    """

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
        if not frames:
            return []
        ways = {frame: (cell(task, n, len(frames)), foot(frame)) for n, frame in enumerate(frames)}
        first, _ = ways[frames[0]]
        levels = self._levels((first.point, *first.way)[-1][0])
        # The highest come last: halos of others would cut the line by which they get there.
        order = sorted(frames, key=levels.__getitem__)
        for frame in order:
            start, end = ways[frame]
            riser = Connector(
                _raised(start, end, levels[frame]),
                replace(end, apart=min(end.apart, _APART)),
                color=color,
                background=self.theme.background,
            )
            self.risers[frame] = task, riser
        return [*within((0.2, 0.8), [Connect(self.risers[frame][1]) for frame in order])]

    def _levels(self, x: float) -> dict[int, float]:
        """Return at which level, 0 to 1, the risers of a step turn to their frames.

        Those to the frames that are farthest from the step's column, at `x`, turn first. So none
        of those to one side crosses another, and they do not run into each other.
        """
        feet = {
            frame: self.anchors["frame"](frame)
            for step in self.told.steps
            if step.at == self._begun and isinstance(step.event, Arrive | Expand | Copy)
            for frame in step.taken
        }
        taken = {frame: (*foot.way, foot.point)[0][0] - x for frame, foot in feet.items()}
        levels: dict[int, float] = {}
        for side in (1, -1):
            order = sorted((-abs(far), frame) for frame, far in taken.items() if far * side > 0)
            levels |= {
                frame: place / max(1, len(order) - 1) for place, (_, frame) in enumerate(order)
            }
        return levels | {frame: 1.0 for frame, far in taken.items() if far == 0}

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


def _raised(start: Anchor, end: Anchor, level: float) -> Anchor:
    """Return a start whose riser turns to its frame at a level, 0 to 1, of the room for that."""
    if not start.way:
        return start
    *way, (x, y) = start.way
    top = (*end.way, end.point)[0][1]
    return replace(start, way=(*way, (x, y + _RISE * level * (top - y))))


def vanishing(moves: Iterable[Animation]) -> list[Animation]:
    """Let what has many shapes fade out before the rest does: it is costly to draw."""
    return [*within((0, 0.3), [*moves])]


def leaving(moves: Iterable[Animation]) -> list[Animation]:
    """Let movements take place before the risers of the same phase have arrived."""
    return [*within((0, 0.4), [*moves])]


def arriving(moves: Iterable[Animation]) -> list[Animation]:
    """Let movements take place as the risers of the same phase arrive."""
    return [*within((0.6, 1), [*moves])]
