"""One prompt, kept once: which tasks read which pages, drawn as a map of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pagereel.stage.layout.arrangement import Arrangement
from pagereel.stage.layout.pool_over_map import pool_over_map
from pagereel.stage.part import Parts, during
from pagereel.stage.parts.pool import FramePool
from pagereel.stage.parts.sharing.counts import HitCount, PageCount
from pagereel.stage.parts.sharing.index import PrefixIndex, read_index
from pagereel.stage.parts.sharing.map import PageMap
from pagereel.stage.parts.sharing.state import parts_of
from pagereel.stage.parts.text import CaptionBar, Title
from pagereel.stage.scene import StoryScene
from pagereel.stage.timing import LAST, SETTLED, Phase

if TYPE_CHECKING:
    from pagereel.cache import Step
    from pagereel.story import Beat


class PrefixSharing(StoryScene):
    """Tasks whose prompts begin alike share pages, which the prefix index finds for them."""

    default_story = "prefix_sharing.toml"
    tables: ClassVar = {"index": read_index}
    passing = ("index",)
    parts = Parts(
        title=Title,
        pool=FramePool,
        map=PageMap,
        index=PrefixIndex,
        hits=HitCount,
        counter=PageCount,
        caption=CaptionBar,
    )
    arrangement = Arrangement(pool_over_map)

    def construct(self) -> None:
        """Tell the story."""
        self.map, self.hits = self.stage.part(PageMap), self.stage.part(HitCount)
        self.index, self.counter = self.stage.part(PrefixIndex), self.stage.part(PageCount)
        self.opening(phase=Phase.LAY_OUT, under=[self.map.alike(), self.hits.count_all()])
        self.tell_all()
        self.closing(during(Phase.SLIDE, self.map.saved(), self.hits.recount()))

    def show(self, step: Step, *, slowly: bool = False) -> None:
        """Let copies rise to pages that are found; then lines run on, pages and frames change."""
        for part in parts_of(step, singly=slowly):
            self.perform([self.map.rise(part, slowly=slowly)])
            self.perform([during(Phase.FLY, *self.stage.show(part))])

    def act_slowly(self, beat: Beat) -> None:
        """Show page by page what is looked up, found and computed."""
        for step in beat.steps:
            self.show(step, slowly=True)

    def act_index(self, beat: Beat) -> None:  # noqa: ARG002 (nothing happens in it)
        """Open the prefix index, and show its other key."""
        self.perform([self.index.open()])
        self.rest(SETTLED)
        self.perform([self.map.hashes(), self.index.hashes()])
        self.rest(LAST)
        self.perform([self.map.words(), self.index.clear()])

    def act_step_by_step(self, beat: Beat) -> None:
        """Let tokens come in with every step of the engine; then all lines stand out."""
        for at, steps in beat.ticks:
            for step in steps:
                self.show(step)
            self.perform([self.map.tick(at)])
        self.perform([self.map.brighten()])

    def act_later(self, beat: Beat) -> None:
        """Let the engine's steps pass before something happens."""
        if beat.steps:
            self.perform(self.counter.run(beat.since, beat.steps[0].at))
        self.unfold(beat)
