"""`ShortScene`: the promo for a feed: large words, no title, no close part, and no end to it.

Its last image is its first one: shown again and again, the frames of the card fill once more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from manim import FadeIn, FadeOut

from pagereel.stage.brand.card import END, Card
from pagereel.stage.layout.arrangement import refuse_long
from pagereel.stage.layout.places import Area, CaptionPlace, Shape, Spot, px
from pagereel.stage.layout.proof import large_pools
from pagereel.stage.part import Parts
from pagereel.stage.parts.text import CaptionBar
from pagereel.stage.promo.proof.chapter import Proof
from pagereel.stage.promo.proof.duel import PARTS, Duel
from pagereel.stage.promo.scene import PromoScene
from pagereel.stage.promo.wide import WideChapter
from pagereel.stage.text.label import caption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Animation, Mobject, VGroup

    from pagereel.stage.layout.arrangement import Needs, Regions
    from pagereel.stage.layout.race_places import PoolsNeed
    from pagereel.story import Beat, Story

# Seconds.
_DRAIN, _DIVIDE, _NAMES, _RACE = 0.2, 0.6, 0.4, 1.6
_EMPTY, _AGAIN = 0.4, 0.4
_HURRY = 2.0  # how much faster the clock goes in the end
_CAP, _LEAST = px(54), px(46)  # of the words
_LINES = px(92)  # between two sentences
# From the upper edge, as shares of the height: the line above the words, and where they end. In
# tall pictures apps cover what is below.
_WORDS = {Shape.WIDE: (0.77, 0.965), Shape.SQUARE: (0.74, 0.965), Shape.TALL: (0.685, 0.83)}


def large_words(area: Area, needs: Needs) -> Regions:  # noqa: ARG001 (others look at it)
    """Return the place of captions with large letters."""
    refuse_long(area)
    line, end = (area.height * (0.5 - share) for share in _WORDS[area.shape])
    top, width = line - px(14), area.right - area.left
    spot = Spot.at(0, (top + end) / 2, _CAP, width=width, align=0)
    return {"caption": CaptionPlace(area.left, top, area.right, end, line, spot, _LEAST)}


class Brief(WideChapter, Proof):
    """All of it in a few seconds: the memory, the knife, the race, and how to get the project."""

    knife, gather = 1.2, 0.6

    def divide(self, _: Beat) -> None:
        """Let the pool drain and become two."""
        scene, pool = self.scene, self.memory.pool
        scene.move(pool.change(self.pool.cells), seconds=_DRAIN)
        self.duel.divide(pool, seconds=_DIVIDE)
        self.duel.enter(seconds=_NAMES)

    def race(self, _: Beat) -> None:
        """Let the clock run until one of them is done."""
        self.duel.run(self.duel.comparison.first_end.moment, seconds=_RACE, hurry=_HURRY)
        self.duel.drop()

    def end(self, beat: Beat) -> None:
        """Let both pools drain and become one, which parts around the name."""
        self.duel.conclude(seconds=_EMPTY, counted=False)
        super().end(beat)

    def again(self, _: Beat) -> None:
        """Let the frames of the card fill, as they were at first."""
        scene, memory = self.scene, self.memory
        rows = memory.rows.mobjects if memory.rows else [memory.old]
        first = [*rows, scene.stage.part(CaptionBar).rule]
        scene.move(*map(FadeOut, self.card.mobjects), seconds=_AGAIN / 2)
        memory.restore()
        scene.move(*map(FadeIn, first), seconds=_AGAIN / 2)

    def _duel(self) -> Duel:
        scene = self.scene
        rule = scene.stage.part(CaptionBar).place.rule

        def arrange(area: Area, needs: Needs) -> Regions:
            fills = cast("PoolsNeed", needs["pools"]).filled
            return large_pools(area, rule, fills, clock=False)

        parts = Parts({name: part for name, part in PARTS.items() if name != "clock"})
        columns, comparison = self.camera.columns, scene.facts.comparison
        return Duel(scene, comparison, columns=columns, parts=parts, arrange=arrange)

    def _card(self) -> Card:
        says = [key for key in END if key != "line"]
        return Card.end(self.scene.brand, self.scene.theme, self.scene.area, says)


class ShortScene(PromoScene):
    """A promo of which the sentences of the first two beats stand below each other."""

    def adapt(self, story: Story) -> Story:
        """Return the story with the brand's numbers."""
        adapted = super().adapt(story)
        self._pair = tuple(beat.caption for beat in adapted.beats[:2])
        self._has_paired, self._standing = False, cast("Sequence[Mobject]", ())
        return adapted

    def lay_out(self, text: str, color: str) -> VGroup:
        """Return a caption in its place: the first two share it, each in a line of its own."""
        if text not in self._pair:
            return super().lay_out(text, color)
        place = self.stage.part(CaptionBar).place
        up = _LINES / 2 if text == self._pair[0] else -_LINES / 2
        spot = place.spot.moved(place.spot.y + up, place.spot.cap)
        return caption(text, replace(place, spot=spot), color=color)

    def unsay(self, texts: Sequence[Mobject]) -> Sequence[Animation]:
        """Return the movements in which a caption leaves: the first one, with the second."""
        if not self._has_paired:
            self._has_paired, self._standing = True, texts
            return []
        leaving, self._standing = [*self._standing, *texts], ()
        return super().unsay(leaving)
