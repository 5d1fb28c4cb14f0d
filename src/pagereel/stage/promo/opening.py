"""The opening of a promo: a memory that is full, cut into pages, and the name inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from manim import DOWN, FadeIn, FadeOut

from pagereel.stage.brand.card import Card
from pagereel.stage.brand.field import at_work, free, held
from pagereel.stage.layout.places import Region, px
from pagereel.stage.part import during
from pagereel.stage.parts.text import CaptionBar
from pagereel.stage.promo.camera import PoolCamera
from pagereel.stage.promo.chips import Chips, Waiting
from pagereel.stage.promo.close.places import close_boxes
from pagereel.stage.promo.layout import WidePlaces
from pagereel.stage.promo.rows import MemoryRows
from pagereel.stage.promo.scene import Chapter
from pagereel.stage.promo.travelling import GlidingPages, TravellingPool
from pagereel.stage.timing import Phase, spans, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.stage.brand.field import Cell
    from pagereel.stage.promo.facts import PoolAt
    from pagereel.stage.promo.scene import PromoScene
    from pagereel.story import Beat

_PUSH = 1.2  # seconds in which the first frames come close
_AWAY = px(70)  # by which the name moves as it leaves
_EARLY, _LATE = (0.0, 0.35), (0.6, 1.0)  # of such a time
_BEHIND = (0.25, 1.0)  # what is said has made room
_FLIGHT = 0.8  # of the time in which requests fly: the last one is there
_LANDING = 0.2  # of that time: the frames of a request light up
_LAG = 0.25  # so much of a chip's flight has passed when the next sets out


class Opening(Chapter):
    """What was done before, what the project does with the same memory, and its name."""

    def __init__(self, scene: PromoScene) -> None:
        super().__init__(scene)
        facts, theme, area = scene.facts, scene.theme, scene.area
        places = WidePlaces.of(area)
        self.facts, self.theme = facts, theme
        waiting = Waiting(facts.before.waiting(facts.moment), 1 if area.wide else 2)
        self.chips = Chips(waiting, theme, places.chips)
        memory = facts.memory
        self.rows = MemoryRows(memory, theme, places.memory) if memory else None
        self.before, self.after = (facts.pool(side) for side in (0, 1))
        eight = close_boxes(area, scene.story.initial.frames)
        self.camera = scene.pool_camera
        self.vacant = [free(theme)] * self.after.frames
        self.pool = TravellingPool(self.camera, self.vacant, theme.background)
        self.full = self._cells(self.after)
        self.old = None if memory else self._old(places.memory, eight)
        columns = self.camera.columns
        self.card = Card.title(scene.brand, theme, area, self.full, columns=columns)

    def begin(self) -> None:
        """Let the memory be there from the first image on."""
        self.scene.add(self.scene.stage.part(CaptionBar).rule)
        self.scene.add(*self.rows.mobjects if self.rows else [self.old])
        self.chips.outside()

    def hook(self, _: Beat) -> None:
        """Let the requests that wait push in."""
        self.scene.perform([self.chips.push_in()])

    def empty(self, _: Beat) -> None:
        """Let what holds no token grow bright once."""
        if self.rows:
            self.scene.perform([during(Phase.SLIDE, self.rows.brighten())])

    def claim(self, _: Beat) -> None:
        """Cut the memory into pages; what has no rows drains."""
        scene = self.scene
        if self.rows:
            scene.perform([self.rows.cut()])
        elif self.old:
            drained = [free(self.theme)] * self.before.frames
            scene.move(self.old.change(drained), seconds=Phase.LAY_OUT.seconds)
            scene.remove(self.old)
            scene.add(self.pool)

    def run(self, _: Beat) -> None:
        """Let all frames take the places that they have when the project does it."""
        scene = self.scene
        if self.rows:
            self._gather(self.rows)
        flights = spans(len(self.chips.chips), lag=_LAG)
        flights = [(begin * _FLIGHT, end * _FLIGHT) for begin, end in flights]
        landings = [(end, min(end + _LANDING, 1.0)) for _, end in flights]
        scene.move(
            self.pool.change(self.full, self._waves(), [*landings, (1 - _LANDING, 1.0)]),
            *self.chips.fly(self._goals(), flights),
            seconds=Phase.SLIDE.seconds,
        )

    def title(self, _: Beat) -> None:
        """Let the pool part around the name."""
        scene = self.scene
        rule = scene.stage.part(CaptionBar).rule
        scene.move(
            *within(_EARLY, [FadeOut(rule)]),
            self.pool.travel(parted=1),
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
            self.pool.travel(close=1, span=_BEHIND),
            self.pool.change(self.vacant, windows=[_LATE]),
            *within(_EARLY, [FadeOut(each, shift=_AWAY * DOWN) for each in said]),
            *within(_LATE, [FadeIn(scene.stage.part(CaptionBar).rule)]),
            seconds=_PUSH,
        )

    def _gather(self, rows: MemoryRows) -> None:
        """Let the pages of the rows glide to the frames in which they are when all is over."""
        scene, frames, boxes = self.scene, self.after.frames, self.camera.whole
        staying = [row for row in rows.rows if row.row.task in self.after.tables]
        pages = []
        for row in staying:
            filled = np.array([tokens for tokens in row.fill if tokens])
            goals = [*self.after.tables[row.row.task]][: len(filled)]
            begin = boxes[[*row.row.frames][: len(goals)]]
            cell = held(self.theme, self.theme.after, row.row.number)
            share = filled[: len(goals)] / rows.told.page_size
            pages.append((cell, begin, boxes[goals], share))
        gliding = GlidingPages(pages, free(self.theme).fill)
        # What goes on is drawn by the pages; below them, what does not becomes free.
        gone = {
            frame: held(self.theme, self.theme.after, row.row.number)
            for row in rows.rows
            if row not in staying
            for frame, tokens in zip(row.row.frames, row.fill, strict=True)
            if tokens
        }
        self.pool.look([gone.get(frame, self.vacant[frame]) for frame in range(frames)])
        scene.remove(*rows.mobjects)
        scene.add(self.pool, gliding)
        cached = self.after.only(())
        scene.move(
            self.pool.change(self._cells(cached)), gliding.glide(), seconds=Phase.LEAVE.seconds
        )
        scene.remove(gliding)
        self.pool.look(self._cells(self.after.only(row.row.task for row in staying)))

    def _waves(self) -> list[int]:
        """Return, by frame, which of the chips brings it; the number of chips if none does."""
        waves = [len(self.chips.chips)] * self.after.frames
        for number, name in reversed([*enumerate(self.chips.shown)]):
            for frame in self.after.tables.get(name, ()):
                waves[frame] = number
        return waves

    def _goals(self) -> dict[str, Region]:
        """Return the frame into which each request flies that gets one: the first of its own."""
        waves = self._waves()
        goals = {}
        for number, name in enumerate(self.chips.shown):
            table = self.after.tables.get(name)
            if table:
                own = next((frame for frame in table if waves[frame] == number), table[0])
                goals[name] = Region(*self.camera.whole[own])
        return goals

    def _cells(self, pool: PoolAt) -> list[Cell]:
        color = self.theme.after if pool.side else self.theme.before
        return at_work(pool, self.theme, color, pool.numbers)

    def _old(self, region: Region, eight: Sequence[Region]) -> TravellingPool:
        camera = PoolCamera(self.scene.area, self.before.frames, region, eight)
        return TravellingPool(camera, self._cells(self.before), self.theme.background)
