"""The promo for a feed: what it persuades with, in fifteen seconds that begin again."""

from __future__ import annotations

from pagereel.stage.layout.arrangement import Arrangement
from pagereel.stage.part import Parts
from pagereel.stage.parts.text import CaptionBar
from pagereel.stage.promo.short import Brief, ShortScene, large_words


class PromoShort(ShortScene):
    """A memory that is full, cut into pages; both runs on one clock; and the name."""

    default_brand = "brand.toml"
    default_story = "promo_short.toml"
    parts = Parts(caption=CaptionBar)
    arrangement = Arrangement(large_words)
    chapters = (Brief,)

    def construct(self) -> None:
        """Tell the story; its last image is the first one."""
        self.begin()
        for beat in self.story.beats:
            self.tell(beat)
