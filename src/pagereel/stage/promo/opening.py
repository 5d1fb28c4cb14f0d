"""The opening of a promo: a memory that is full, cut into pages, and the name inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import DOWN, FadeIn, FadeOut

from pagereel.stage.brand.card import Card
from pagereel.stage.layout.places import px
from pagereel.stage.parts.text import CaptionBar
from pagereel.stage.promo.wide import WideChapter
from pagereel.stage.timing import Phase, within

if TYPE_CHECKING:
    from pagereel.stage.promo.scene import PromoScene
    from pagereel.story import Beat

_PUSH = 1.2  # seconds in which the first frames come close
_AWAY = px(70)  # by which the name moves as it leaves
_EARLY, _LATE = (0.0, 0.35), (0.6, 1.0)  # of the time in which the pool parts or comes close
_BEHIND = (0.25, 1.0)  # what is said has made room


class Opening(WideChapter):
    """What was done before, what the project does with the same memory, and its name."""

    knife, gather = 1.6, 0.8

    def __init__(self, scene: PromoScene) -> None:
        super().__init__(scene)
        memory = self.memory
        columns = memory.camera.columns
        self.card = Card.title(scene.brand, scene.theme, scene.area, memory.full, columns=columns)

    def title(self, _: Beat) -> None:
        """Let the pool part around the name."""
        scene = self.scene
        rule = scene.stage.part(CaptionBar).rule
        scene.move(
            *within(_EARLY, [FadeOut(rule)]),
            self.memory.pool.travel(parted=1),
            *within(_LATE, [FadeIn(self.card.mark)]),
            seconds=Phase.SLIDE.seconds,
        )
        if len(self.card.texts):
            scene.move(*map(FadeIn, self.card.texts), seconds=Phase.FILL.seconds)

    def push_in(self, _: Beat) -> None:
        """Let the first frames grow until they fill the width, and drain."""
        scene = self.scene
        said = self.card.mark, *self.card.texts
        scene.move(
            self.memory.pool.travel(close=1, span=_BEHIND),
            self.memory.pool.change(self.memory.vacant, windows=[_LATE]),
            *within(_EARLY, [FadeOut(each, shift=_AWAY * DOWN) for each in said]),
            *within(_LATE, [FadeIn(scene.stage.part(CaptionBar).rule)]),
            seconds=_PUSH,
        )
