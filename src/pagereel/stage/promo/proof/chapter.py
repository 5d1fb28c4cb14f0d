"""The proof of a promo: the same requests in two pools on one clock, and how to get the project."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING

from manim import FadeIn, FadeOut

from pagereel.stage.brand.card import Card
from pagereel.stage.brand.field import Cell, fading, free
from pagereel.stage.layout.cards import COLUMNS, SIZES, CardPlaces
from pagereel.stage.parts.text import CaptionBar
from pagereel.stage.promo.close.pool import ClosePool
from pagereel.stage.promo.proof.duel import Duel
from pagereel.stage.promo.proof.riding import ride
from pagereel.stage.promo.scene import Chapter
from pagereel.stage.promo.travelling import TravellingPool
from pagereel.stage.timing import within

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from manim import Mobject
    from numpy.typing import NDArray

    from pagereel.stage.promo.scene import PromoScene
    from pagereel.story import Beat

# Seconds.
_LEAVE, _BACK, _DRAIN = 0.4, 1.4, 0.4
_DIVIDE, _ENTER = 0.8, 0.8
_RACE, _ON, _TO_END = 4.0, 4.8, 1.2
_NUMBERS = 0.6
_JOIN, _PART = 0.6, 0.6
_HURRY = 5.0  # how much faster the clock goes in the end
_SAID = (0.5, 1.0)  # of the time in which the pool parts: what stands in the gap comes


class Proof(Chapter):
    """The whole pool again, twice: what was done before beside what the project does."""

    def __init__(self, scene: PromoScene) -> None:
        super().__init__(scene)
        theme = scene.theme
        self.camera = scene.pool_camera
        self.pool = TravellingPool(
            self.camera, [free(theme)] * self.camera.frames, theme.background
        )
        self.duel, self.card = self._duel(), self._card()

    def _duel(self) -> Duel:
        return Duel(self.scene, self.scene.facts.comparison, columns=self.camera.columns)

    def _card(self) -> Card:
        return Card.end(self.scene.brand, self.scene.theme, self.scene.area)

    def pull_back(self, _: Beat) -> None:
        """Let the eight frames shrink to the first eight of all, and drain."""
        scene, close = self.scene, self.scene.stage.part(ClosePool)
        contents = [close.mobjects_of(frame) for frame in range(close.told.frames)]
        riding = [each for of_frame in contents for each in of_frame]
        scene.move(*map(FadeOut, self._besides(riding)), seconds=_LEAVE)
        vacant = self.pool.cells
        self.pool.look(
            [*(replace(each, dots=0) for each in vacant[: len(contents)]), *vacant[len(contents) :]]
        )
        scene.remove(*riding)
        self.pool.floor = scene.stage.part(CaptionBar).place.rule
        scene.add(self.pool.stand(close=1), *riding)
        scene.move(self.pool.travel(close=0), ride(contents, self.pool), seconds=_BACK)
        self.pool.floor = -inf
        scene.move(self.pool.change(vacant), *map(FadeOut, riding), seconds=_DRAIN)

    def _besides(self, riding: Sequence[Mobject]) -> list[Mobject]:
        """Return what else there is on screen of the parts, but for the line above the captions."""
        stage = self.scene.stage
        shown = {id(each) for each in self.scene.get_mobject_family_members()}
        stay = {id(each) for each in riding}
        return [
            each
            for part in stage.parts.values()
            if not isinstance(part, CaptionBar)
            for each in part.mobjects
            if not stay & {id(own) for own in each.get_family()}
            and shown & {id(own) for own in each.get_family()}
        ]

    def divide(self, _: Beat) -> None:
        """Let the pool become two, with names, one clock, and the requests."""
        self.duel.divide(self.pool, seconds=_DIVIDE)
        self.duel.enter(seconds=_ENTER)

    def race(self, _: Beat) -> None:
        """Let the clock run to the moment with which the promo began."""
        self.duel.run(self.scene.facts.moment, seconds=_RACE)

    def race_on(self, _: Beat) -> None:
        """Let the clock run until the first run is done, faster and faster."""
        self.duel.run(self.duel.comparison.first_end.moment, seconds=_ON, hurry=_HURRY)

    def done(self, _: Beat) -> None:
        """Let the plate drop onto the pool of the run that is done."""
        self.duel.drop()

    def run_out(self, _: Beat) -> None:
        """Let the other one run to its end."""
        last = len(self.duel.comparison.clock.at) - 1
        if self.duel.board.moment < last:
            self.duel.run(last, seconds=_TO_END, hurry=_HURRY)

    def verdict(self, _: Beat) -> None:
        """Let two numbers stand alone."""
        self.duel.conclude(seconds=_NUMBERS)

    def end(self, _: Beat) -> None:
        """Let both pools become one, which parts around the name, and how to get the project."""
        scene, card = self.scene, self.card
        rule = scene.stage.part(CaptionBar).rule
        self.pool.stand()
        self.duel.join(self.pool, rule, seconds=_JOIN)
        texts: list[Mobject] = [card.mark, *card.texts]
        moves = within(_SAID, [FadeIn(each) for each in texts])
        if self.camera.columns == COLUMNS and self.camera.frames >= len(self._fading()):
            boxes, cells = self._parted()
            moves = [self.pool.glide(boxes), self.pool.change(cells), *moves]
        else:
            moves = [FadeOut(self.pool), FadeIn(card.upper), FadeIn(card.lower), *moves]
        scene.move(*moves, seconds=_PART)
        scene.remove(self.pool, *texts)
        scene.add(*card.mobjects)

    def _fading(self) -> list[Cell]:
        """Return what the frames of the card look like, above and below."""
        theme, rows = self.scene.theme, SIZES[self.scene.area.shape].rows
        return [
            cell
            for upwards in (False, True)
            for cell in fading(theme, rows, COLUMNS, upwards=upwards)
        ]

    def _parted(self) -> tuple[NDArray[np.float64], list[Cell]]:
        """Return where the frames of the pool are around the card, and how they look there.

        The first full rows and the last ones are the card's. The others follow them, and fade.
        """
        frames, background = self.camera.frames, self.scene.theme.background
        fading_cells = self._fading()
        half = len(fading_cells) // 2
        full = frames // COLUMNS * COLUMNS
        places = CardPlaces.of(self.scene.area, half, half)
        boxes = self.camera.whole.copy()
        upper, lower = slice(0, half), slice(full - half, full)
        for rows, regions in ((upper, places.upper), (lower, places.lower)):
            boxes[rows] = [[r.left, r.top, r.right, r.bottom] for r in regions]
        pitch = boxes[0] - boxes[COLUMNS]
        for frame in range(half, full - half):
            boxes[frame] = boxes[frame - COLUMNS] - pitch
        for frame in range(full, frames):
            boxes[frame] = boxes[frame - COLUMNS] - pitch
        gone = Cell(background, background, 1, background)
        cells = [gone] * frames
        cells[upper], cells[lower] = fading_cells[:half], fading_cells[half:]
        return boxes, cells
