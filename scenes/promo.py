"""A memory that was full, cut into pages: the promo of a brand, from one file and three traces."""

from __future__ import annotations

from pagereel.stage.layout.arrangement import Arrangement
from pagereel.stage.part import Parts
from pagereel.stage.parts.text import CaptionBar
from pagereel.stage.promo.layout import promo
from pagereel.stage.promo.opening import Opening
from pagereel.stage.promo.scene import PromoScene


class Promo(PromoScene):
    """A pool at work; eight frames that explain it; both runs on one clock."""

    default_brand = "brand.toml"
    default_story = "promo.toml"
    parts = Parts(caption=CaptionBar)
    arrangement = Arrangement(promo)
    chapters = (Opening,)
