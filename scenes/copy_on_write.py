"""Two samples of one prompt share its pages, until one of them writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pagereel.stage.layout.arrangement import Arrangement
from pagereel.stage.layout.fork import pool_between_tasks
from pagereel.stage.part import Parts, during
from pagereel.stage.parts.fork import FacingTasks, ForkFrames, Verdict, read_engines
from pagereel.stage.parts.memory.measured import MeasuredBars, read_measured
from pagereel.stage.parts.sharing.counts import PageCount
from pagereel.stage.parts.text import CaptionBar, FreeMask, Title
from pagereel.stage.scene import StoryScene
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from pagereel.cache import Step
    from pagereel.story import Beat


class CopyOnWrite(StoryScene):
    """Two samples share a half-filled page; the one that writes first gets a copy."""

    default_story = "copy_on_write.toml"
    tables: ClassVar = {"engines": read_engines, "measured": read_measured}
    passing = ("engines", "measured")
    parts = Parts(
        title=Title,
        frames=ForkFrames,
        tasks=FacingTasks,
        mask=FreeMask,
        counter=PageCount,
        verdict=Verdict,
        bars=MeasuredBars,
        caption=CaptionBar,
    )
    arrangement = Arrangement(pool_between_tasks)

    def construct(self) -> None:
        """Tell the story."""
        self.frames, self.tasks = self.stage.part(ForkFrames), self.stage.part(FacingTasks)
        self.opening(phase=Phase.LAY_OUT)
        self.tell_all()
        self.closing()

    def show(self, *steps: Step) -> None:
        """Let pages reach for their frames; mask and counter change as they arrive."""
        held = [part.show(step) for step in steps for part in (self.tasks, self.frames)]
        state = [self.stage.parts[name].show(steps[-1]) for name in ("mask", "counter")]
        self.perform([*held, during(Phase.CONNECT, *state)])

    def act_stop(self, _: Beat) -> None:
        """Let a task's next token come to a frame that others hold, too."""
        self.perform([self.frames.stop(), self.tasks.look_at(self.frames.copied.src)])

    def act_copy(self, beat: Beat) -> None:
        """Copy the page, then let its connector swing to the copy."""
        self.perform_all(self.frames.withdraw(), self.frames.copy(beat.steps))
        self.show(*beat.steps)

    def act_write(self, _: Beat) -> None:
        """Let the task that has the copy write, then the others in place."""
        self.perform_all(*self.frames.write_in_turn())

    def act_grow(self, beat: Beat) -> None:
        """Let the tasks go on together; what they still share comes forward."""
        self.show(*beat.steps)
        self.perform([self.tasks.look_at(None), self.frames.point_out()])

    def act_engines(self, _: Beat) -> None:
        """Say what engines do with such pages."""
        self.perform_all(*self.stage.part(Verdict).judge())

    def act_measured(self, _: Beat) -> None:
        """Let the frames become the first of the bars."""
        bars, others = self.stage.part(MeasuredBars), ("tasks", "mask", "counter", "verdict")
        self.perform([self.frames.close_up(bars.track), *self.stage.dismiss(*others)])
        self.perform([bars.appear(), *self.stage.dismiss("frames")])
        self.perform_all(*bars.draw())
