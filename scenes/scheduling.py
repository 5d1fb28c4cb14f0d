"""Continuous batching: tasks wait, run and leave, and the pool decides which of them may enter."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, ClassVar

from pagereel.stage.layout.arrangement import Arrangement
from pagereel.stage.layout.pool_over_batch import pool_over_batch
from pagereel.stage.part import Parts, during, merged, only, without
from pagereel.stage.parts.batch.course import together
from pagereel.stage.parts.batch.delay import read_static
from pagereel.stage.parts.batch.notes import Notes, read_against
from pagereel.stage.parts.batch.pool import BatchMask, SlottedPool
from pagereel.stage.parts.batch.risers import Risers
from pagereel.stage.parts.batch.running import RunningTasks
from pagereel.stage.parts.batch.strip import StepStrip
from pagereel.stage.parts.batch.waiting import WaitingRow
from pagereel.stage.parts.steps import StepCount
from pagereel.stage.parts.text import CaptionBar, Title
from pagereel.stage.scene import StoryScene
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagereel.stage.part import Movements
    from pagereel.story import Beat

BEGIN, TAKE = (Phase.STEP, Phase.TOKEN), (Phase.CONNECT, Phase.JOIN, Phase.POINT)


class ContinuousBatching(StoryScene):
    """The lanes of a running batch over the engine's steps, and the pool above them."""

    default_story = "scheduling.toml"
    tables: ClassVar = {"static": read_static, "against": read_against}
    optional = tables
    parts = Parts(
        title=Title,
        counter=StepCount,
        pool=SlottedPool,
        mask=BatchMask,
        strip=StepStrip,
        running=RunningTasks,
        waiting=WaitingRow,
        notes=Notes,
        risers=Risers,
        caption=CaptionBar,
    )
    arrangement = Arrangement(pool_over_batch)

    def construct(self) -> None:
        """Tell the story."""
        self.opening(phase=Phase.LAY_OUT)
        self.tell_all()
        strip, pool = self.stage.part(StepStrip), self.stage.part(SlottedPool)
        left = self.stage.part(WaitingRow).leave()
        whole = during(Phase.CLOSE_UP, strip.close_up(), pool.calm(), left)
        self.closing(whole, strip.would_begin(), self.stage.part(Notes).compare())

    def unfold(self, beat: Beat) -> None:
        """Let the engine's steps pass; one task after another takes its frames."""
        for moves in self._passing(beat):
            self.perform(without(each, Phase.CONNECT) for each in chain(*moves))
            for of_one_task in moves:
                self.perform(only(each, Phase.CONNECT) for each in of_one_task)

    def act_quick(self, beat: Beat) -> None:
        """Let the engine's steps pass; in each, all tasks take their frames at once."""
        for moves in self._passing(beat):
            self.perform(merged(merged(chain(*moves), *BEGIN), *TAKE))

    def _passing(self, beat: Beat) -> Iterator[list[list[Movements]]]:
        """Yield the movements that are played together: of events, or of a step without any."""
        for at, steps in beat.ticks:
            if not steps:
                yield [merged(self.stage.begin(at), *BEGIN)]
            for group in together(steps):
                yield [self.stage.show(step) for step in group]
