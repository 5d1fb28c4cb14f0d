"""The promo's close part: one recorded life of eight page frames, beat by beat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.cache import Arrive, Defer, Expand
from pagereel.errors import StageError
from pagereel.stage.promo.close.life import Life, found_first
from pagereel.stage.promo.scene import Chapter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pagereel.cache import Step
    from pagereel.cache.events import Event
    from pagereel.stage.promo.scene import PromoScene
    from pagereel.story import Beat

_OPEN, _POINT, _SEEK = 1.0, 0.8, 1.0  # seconds

# Act -> the kind of the last event of its beat, in words, too.
_LAST: Mapping[str, tuple[type[Event], str]] = {
    "grow": (Expand, "a task that takes a further page"),
    "share": (Arrive, "a task that arrives"),
    "wait": (Defer, "a task that has to wait"),
    "move-up": (Arrive, "a task that arrives"),
    "find-again": (Arrive, "a task that arrives"),
}


class CloseUp(Chapter):
    """Eight frames explain what the pool does.

    Tasks have rows of pages at first. From the beat on in which one has to wait, they run in the
    lanes of a batch. What happened in beats that are left out is seen before the next one.
    """

    def __init__(self, scene: PromoScene) -> None:
        super().__init__(scene)
        self._life = Life(scene)

    @classmethod
    def check(cls, beat: Beat) -> None:
        """Refuse a beat whose last event is not the one that its act shows."""
        kind, what = _LAST.get(beat.act or "", (None, ""))
        if kind and not (beat.steps and isinstance(beat.steps[-1].event, kind)):
            raise StageError(f"the act {beat.act} needs, as its last event, {what}; change through")

    def arrive(self, beat: Beat) -> None:
        """Let tasks come, each with its pages and their connectors."""
        self._life.show(beat.steps)

    def grow(self, beat: Beat) -> None:
        """Let a task take one more frame."""
        *missed, step = beat.steps
        self._life.catch_up(missed)
        self._life.show([step])

    def share(self, beat: Beat) -> None:
        """Let tasks hold what they share, and then take frames of their own."""
        missed, own = _last_step(beat.steps)
        self._life.catch_up(missed)
        self._life.show(own)

    def count(self, beat: Beat) -> None:
        """Let pages and frames be counted: all have been seen."""
        self._life.catch_up(beat.steps)

    def look_up(self, beat: Beat) -> None:
        """Follow the last token of the task that came first to its slot."""
        life = self._life
        life.catch_up(beat.steps)
        if not life.rows.rows or not life.pool.told.tokens:
            raise StageError("the act look-up needs a task in the cache whose tokens are known")
        context = life.context()
        address = context.address(len(context.tokens) - 1)
        others = {*life.frames} - {*context.table}
        life.play(_OPEN, life.rows.open(context), life.pool.point_out(None, others))
        life.play(_POINT, life.rows.ask(address))
        life.play(_POINT, life.rows.ask(address, page=True))
        life.play(_POINT, life.pool.point_out(address, {*life.frames} - {address.frame}))

    def wait(self, beat: Beat) -> None:
        """Let rows become lanes; a task waits that finds too few frames."""
        life = self._life
        *missed, step = beat.steps
        life.catch_up(missed)
        life.become_lanes()
        life.seek(step, _SEEK)

    def move_up(self, beat: Beat) -> None:
        """Let a task leave, and the one that waits move up in the same step."""
        life = self._life
        missed, own = _last_step(beat.steps)
        life.catch_up(missed)
        life.become_lanes()
        life.show(own)

    def pass_by(self, beat: Beat) -> None:
        """Let steps of the engine pass in which tasks leave."""
        self._life.become_lanes()
        for at, steps in beat.ticks:
            self._life.tick(at, steps)

    def find_again(self, beat: Beat) -> None:
        """Let a task find pages that nobody holds, and take the frame that was unused longest."""
        life = self._life
        missed, own = _last_step(beat.steps)
        life.catch_up(missed)
        life.become_lanes()
        life.show([*found_first(own)])


def _last_step(steps: Sequence[Step]) -> tuple[list[Step], list[Step]]:
    """Divide events into those of earlier steps of the engine and those of the last one."""
    at = steps[-1].at
    return [step for step in steps if step.at != at], [step for step in steps if step.at == at]
