"""The first story: tasks arrive, expand and finish over one pool of page frames."""

from __future__ import annotations

from pagereel.stage.layout.arrangement import Arrangement
from pagereel.stage.layout.pool_over_rows import pool_over_rows
from pagereel.stage.part import Parts
from pagereel.stage.parts.pool import FramePool
from pagereel.stage.parts.rows import TaskRows
from pagereel.stage.parts.text import CaptionBar, Counter, FreeMask, Title
from pagereel.stage.parts.tiers import TierPool
from pagereel.stage.scene import PlayedRow, StoryScene


class _TaskRow(PlayedRow):
    """A task's row, for scenes told by hand: `arrive(*frames)`, `expand(frame)`, `finish()`."""


class PagedCache(StoryScene):
    """A pool of page frames, its free mask, and a row of pages for each task."""

    default_story = "paged_cache.toml"
    shows_version = 2
    parts = Parts(
        title=Title,
        pool=FramePool,
        tiers=TierPool,
        rows=TaskRows,
        mask=FreeMask,
        counter=Counter,
        caption=CaptionBar,
    )
    arrangement = Arrangement(pool_over_rows)

    def construct(self) -> None:
        """Tell the story."""
        self.opening("A bit for each page frame: 1 means free.")
        self.tell_all()
        self.closing()
