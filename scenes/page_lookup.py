"""One division and one entry of the page table lead from a position to its slot."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pagereel.stage.layout.arrangement import Arrangement
from pagereel.stage.layout.path_to_slot import path_to_slot
from pagereel.stage.part import Parts
from pagereel.stage.parts.lookup.cells import PageTableCells
from pagereel.stage.parts.lookup.cite import CitedSource
from pagereel.stage.parts.lookup.count import LookUpCount
from pagereel.stage.parts.lookup.facts import acts_of, read_lookup
from pagereel.stage.parts.lookup.formula import LookUpFormulas
from pagereel.stage.parts.lookup.frames import LinedFrames
from pagereel.stage.parts.lookup.path import LookUpPath
from pagereel.stage.parts.lookup.strip import TokenStrip
from pagereel.stage.parts.text import CaptionBar, Title
from pagereel.stage.scene import StoryScene

if TYPE_CHECKING:
    from pagereel.story import Beat


class PageLookup(StoryScene):
    """A token's position, the page table, and the frame in which the token is."""

    default_story = "page_lookup.toml"
    tables: ClassVar = {"lookup": read_lookup}
    passing = ("gather", "cost", "price")
    parts = Parts(
        title=Title,
        frames=LinedFrames,
        strip=TokenStrip,
        cells=PageTableCells,
        counter=LookUpCount,
        path=LookUpPath,
        formula=LookUpFormulas,
        source=CitedSource,
        caption=CaptionBar,
    )
    arrangement = Arrangement(path_to_slot)

    def construct(self) -> None:
        """Tell the story."""
        self.opening()
        self.tell_all()
        self.closing()

    def _look_up(self, beat: Beat) -> None:
        """Play what an act of the look-up consists of."""
        strip = self.stage.part(TokenStrip)
        for act in acts_of(beat, strip.address, len(strip.pages)):
            self.perform(self.stage.show(act))

    act_question = act_divide = act_look_up = act_slot = act_gather = act_cost = act_price = (
        _look_up
    )
