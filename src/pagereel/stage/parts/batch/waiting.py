"""The waiting row: badges in the queue's order, the first at the left, and what that one needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import RIGHT, Animation, FadeIn, FadeOut

from pagereel.cache import Abort, Arrive, Defer, Leave, Preempt, Submit
from pagereel.stage.layout.batch import waiting_in
from pagereel.stage.layout.places import Anchor, Need, px
from pagereel.stage.part import Extent, LimitError, Part
from pagereel.stage.parts.batch.badge import Badge, Move, handed_over
from pagereel.stage.parts.batch.course import queue_after, seeks
from pagereel.stage.parts.batch.risers import arriving, leaving
from pagereel.stage.text.fonts import say
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase
from pagereel.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject

    from pagereel.cache import CacheState, Step
    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Anchors, Movements
    from pagereel.stage.theme import Theme

_MOST = 6  # tasks that have room


class WaitingRow(Part[Extent, "Step"]):
    """The queue: a badge with a dashed rim for each task, and why the first of them waits.

    Its points: `waiting`, the middle of a task's badge, and `waiting_top`. A task that is preempted
    comes from the point `running` of another part.

    Attributes
    ----------
    badges
        The badges, in the queue's order.
    """

    limits = f"{_MOST} tasks that wait"

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.places = waiting_in(region, _widest_name(told))
        self.label = self._text(say("waiting"), self.places.label.x, color=theme.dim)
        self.nobody = self._text(say("nobody"), self.places.x, color=theme.dim)
        self.badges = [
            self._badge(task, self.places.badge(place))
            for place, task in enumerate(told.initial.queued)
        ]
        self._needs: tuple[str, int] | None = None  # of the task that was deferred last
        self._says: Label | None = None
        self._known = {badge.task: badge for badge in self.badges}
        self._there = True

    @classmethod
    def need(cls, told: Extent) -> Need:  # noqa: ARG003 (any queue has room)
        """Return the room for its label, a badge and what that needs."""
        high = px(50)
        return Need((px(500), high), (px(1700), px(90)))

    @classmethod
    def check(cls, told: Extent) -> None:
        """Refuse a queue that is too long."""
        queue = tuple(told.initial.queued)
        for step in told.steps:
            queue = queue_after(queue, step)
            if len(queue) > _MOST:
                raise LimitError(f"{len(queue)} tasks that wait", step=step)

    @property
    def points(self) -> Anchors:
        """The middle of a task's badge, where it is or was last, and the middle of its top."""
        return {"waiting": self._place, "waiting_top": lambda task: self._place(task, 1)}

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Label, badges or nobody, and what is said; nothing, once the row has left."""
        if not self._there:
            return []
        says = [self._says] if self._says else []
        who = [*self.badges] if self.badges else [self.nobody]
        return [self.label, *who, *says]

    @property
    def shown(self) -> tuple[tuple[str, ...], str]:
        """The tasks that wait, and what is said of the first."""
        return tuple(badge.task for badge in self.badges), self._says.text if self._says else ""

    def show(self, change: Step) -> Movements:
        """Return the movements in which tasks come and go, and it is said what the first needs."""
        after = change.after
        match change.event:
            case Submit():
                return {Phase.TOKEN: lambda: self._queue(change)}
            case Arrive():
                return {
                    Phase.JOIN: lambda: [*self._queue(change), *self._say(after)],
                    Phase.CONNECT: lambda: self._say(after),
                }
            case Defer(task=task, need=need):
                phase = Phase.SLIDE if seeks(self.told, change) else Phase.POINT
                return {phase: lambda: self._defer(task, need, after)}
            case Leave():
                return {
                    Phase.LEAVE: lambda: [*self._queue(change), *self._say(after)],
                }
            case _:
                return {Phase.CONNECT: lambda: self._say(after)}

    def leave(self) -> Movements:
        """Return the movement in which the row leaves, when the last step is over."""

        def fade() -> list[Animation]:
            gone, self._there = self.mobjects, False
            return [*map(FadeOut, gone)]

        return {Phase.CLOSE_UP: fade}

    def _place(self, task: str, up: int = 0) -> Anchor:
        # Where it is seen: what moves in this phase has not begun yet.
        x, y, _ = self._known[task].get_center()
        return Anchor((x, y + up * self.places.size / 2))

    def _queue(self, step: Step) -> list[Animation]:
        """Return the movements in which the row becomes the queue after an event."""
        queue = queue_after([badge.task for badge in self.badges], step)
        shown = {badge.task: badge for badge in self.badges}
        moves: list[Animation] = []
        for task in [task for task in shown if task not in queue]:
            badge = shown.pop(task)
            if self._needs and self._needs[0] == task:
                self._needs = None  # it asks anew if it comes back
            gone = isinstance(step.event, Abort) or "running" not in self.anchors
            moves.append(FadeOut(badge) if gone else handed_over(badge))
        was_empty, self.badges = not self.badges, []
        for place, task in enumerate(queue):
            at = self.places.badge(place)
            if task in shown:
                self.badges.append(shown[task])
                moves += [] if shown[task].at == at else [Move(shown[task], self._badge(task, at))]
            else:
                moves.append(self._come(step, task, at))
        self._known |= {badge.task: badge for badge in self.badges}
        if was_empty and self.badges:
            moves += leaving([FadeOut(self.nobody)])
        elif not was_empty and not self.badges:
            moves += arriving([FadeIn(self.nobody)])
        return moves

    def _come(self, step: Step, task: str, at: tuple[float, float]) -> Animation:
        """Return the movement in which a task joins: from the left, or from its lane."""
        target = self._badge(task, at)
        if isinstance(step.event, Preempt) and "running" in self.anchors:
            badge = self._badge(task, self.anchors["running"](task).point, waits=False)
            self.badges.append(badge)
            return Move(badge, target)
        self.badges.append(target)
        return FadeIn(target, shift=2 * self.places.pitch * RIGHT)

    def _defer(self, task: str, need: int | None, state: CacheState) -> list[Animation]:
        self._needs = (task, need) if need else None
        return self._say(state)

    def _say(self, state: CacheState) -> list[Animation]:
        """Return the movements in which it is said what the first in the queue needs."""
        old, text = self._says, self._why(state)
        new = self._text(text, self._behind()) if text else None
        if old and new and (old.text, old.get_left()[0]) == (new.text, new.get_left()[0]):
            return []
        self._says = new
        gone, come = [FadeOut(old)] if old else [], [FadeIn(new)] if new else []
        return [*leaving(gone), *arriving(come)]

    def _why(self, state: CacheState) -> str:
        if not self.badges or not self._needs or self._needs[0] != self.badges[0].task:
            return ""
        task, need = self._needs
        free = len(state.free_frames)
        have = f"{free or 'none'} {'are' if free > 1 else 'is'} free"
        only = "only " if 0 < free < need else ""
        name = f"{task} " if len(self.badges) > 1 else ""
        english = f"needs {counted(need, 'frame')}, {only}{have}"
        return f"{name}{say('needs {} frames, {} are free', need, free, plural=english)}"

    def _behind(self) -> float:
        """Return where there is room behind the last badge."""
        last = self.places.badge(len(self.badges) - 1)[0]
        return last + self.places.wide / 2 + px(16)

    def _text(self, text: str, x: float, *, color: str | None = None) -> Label:
        places = self.places
        label = Label(text, Face.SERIF, cap=places.text_cap, color=color or self.theme.ink)
        return label.put(x, places.y, -1)

    def _badge(self, task: str, at: tuple[float, float], *, waits: bool = True) -> Badge:
        color = self.theme.tasks[self.told.colors[task]]
        return Badge(task, at, places=self.places, color=color, theme=self.theme, waits=waits)


def _widest_name(told: Extent) -> float:
    return max(text_width(task, Face.BOLD) for task in told.colors)
