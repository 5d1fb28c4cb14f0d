"""Finished is not forgotten: cached frames stand in line, and go when their room is needed."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from pagereel.cache import Step
from pagereel.stage.layout.arrangement import Arrangement
from pagereel.stage.layout.pool_over_stairs import pool_over_stairs
from pagereel.stage.part import Parts
from pagereel.stage.parts.eviction.line import NOTE, EvictionLine, read_note
from pagereel.stage.parts.eviction.pool import (
    LetteredPool,
    LineCounter,
    LineStep,
    admitted,
    rescued,
)
from pagereel.stage.parts.eviction.task import RunningTask
from pagereel.stage.parts.text import CaptionBar, Title
from pagereel.stage.scene import StoryScene

if TYPE_CHECKING:
    from pagereel.story import Beat


class LruEviction(StoryScene):
    """A pool, and below it its cached frames in the order in which they are evicted."""

    default_story = "lru_eviction.toml"
    tables = {NOTE: read_note}  # noqa: RUF012
    parts = Parts(
        title=Title,
        pool=LetteredPool,
        line=EvictionLine,
        task=RunningTask,
        counter=LineCounter,
        step=LineStep,
        caption=CaptionBar,
    )
    arrangement = Arrangement(pool_over_stairs)

    def construct(self) -> None:
        """Tell the story."""
        self.opening()
        self.tell_all()
        self.closing(self.stage.part(LetteredPool).light(rescued(self.story.steps)))

    def unfold(self, beat: Beat) -> None:
        """Let events happen one after another; of a task nothing is seen before it is admitted."""
        for step in admitted(beat.steps):
            self.show(step)

    def act_full(self, beat: Beat) -> None:
        """Let the last free frames go; then the zeros of the mask brighten."""
        self.unfold(beat)
        self.perform([self.stage.part(LetteredPool).brighten_bits()])

    def act_evict(self, beat: Beat) -> None:
        """Let a frame lose its content and go to the task that needs it, in one movement."""
        if beat.steps:
            self.show(reduce(Step.then, beat.steps))
        self.perform([self.stage.part(EvictionLine).note()])
