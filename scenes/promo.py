"""A memory that was full, cut into pages: the promo of a brand, from one file and three traces."""

from __future__ import annotations

from pagereel.stage.layout.arrangement import Arrangement
from pagereel.stage.part import Parts
from pagereel.stage.parts.text import CaptionBar
from pagereel.stage.promo.close.chapter import CloseUp
from pagereel.stage.promo.close.life import LIVING
from pagereel.stage.promo.close.places import close_up
from pagereel.stage.promo.opening import Opening
from pagereel.stage.promo.proof.chapter import Proof
from pagereel.stage.promo.scene import PromoScene


class Promo(PromoScene):
    """A pool at work; eight frames that explain it; both runs on one clock."""

    default_brand = "brand.toml"
    default_story = "promo.toml"
    parts = Parts(**LIVING, caption=CaptionBar)
    arrangement = Arrangement(close_up)
    chapters = (Opening, CloseUp, Proof)

    def construct(self) -> None:
        """Tell the story; its last image stays."""
        self.begin()
        for beat in self.story.beats:
            self.tell(beat)
