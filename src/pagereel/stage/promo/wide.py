"""The whole memory of a brand: as rows that are full, cut into pages, and filled otherwise.

All that it plays is a movement of frames from where they were to where they are. Chapters say when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pagereel.stage.brand.field import at_work, free, held
from pagereel.stage.layout.places import Region
from pagereel.stage.parts.text import CaptionBar
from pagereel.stage.promo.camera import GAPS, PoolCamera
from pagereel.stage.promo.chips import Chips, Waiting
from pagereel.stage.promo.close.places import close_boxes
from pagereel.stage.promo.rows import MemoryRows
from pagereel.stage.promo.scene import Chapter
from pagereel.stage.promo.travelling import GlidingPages, TravellingPool
from pagereel.stage.timing import spans

if TYPE_CHECKING:
    from pagereel.stage.brand.field import Cell
    from pagereel.stage.part import Movements
    from pagereel.stage.promo.facts import PoolAt
    from pagereel.stage.promo.scene import PromoScene
    from pagereel.story import Beat

_ENTER, _BRIGHTEN, _FLY = 1.4, 1.0, 1.0  # seconds
_FLIGHT = 0.8  # of the time in which requests fly: the last one is there
_LANDING = 0.2  # of that time: the frames of a request light up
_LAG = 0.25  # so much of a chip's flight has passed when the next sets out


class WholeMemory:
    """A memory before and after, at the moment of a promo.

    Parameters
    ----------
    scene
        The promo; it plays the movements.

    Attributes
    ----------
    rows
        What was done before, if requests reserve rows; else None, and `old` shows it.
    chips
        The requests that wait for it.
    pool
        The same memory in pages.
    vacant, full
        What its frames look like when all are free, and as the project fills them.
    """

    def __init__(self, scene: PromoScene) -> None:
        self.scene, self.theme = scene, scene.theme
        facts, theme, places = scene.facts, scene.theme, scene.places
        waiting = Waiting(facts.before.waiting(facts.moment), 1 if scene.area.wide else 2)
        self.chips = Chips(waiting, theme, places.chips)
        self.rows = MemoryRows(facts.memory, theme, places.memory) if facts.memory else None
        self._before, self._after = (facts.pool(side) for side in (0, 1))
        self.camera = scene.pool_camera
        self.vacant = [free(theme)] * self._after.frames
        self.full = self._cells(self._after)
        self.pool = TravellingPool(self.camera, self.vacant, theme.background)
        self.old = None if facts.memory else self._old(places.memory)

    def begin(self) -> None:
        """Let the memory be there from the first image on, and the requests outside."""
        self.scene.add(self.scene.stage.part(CaptionBar).rule)
        self.scene.add(*self.rows.mobjects if self.rows else [self.old])
        self.chips.outside()

    def restore(self) -> None:
        """Be as at first, to be shown once more."""
        if self.rows:
            self.rows.cut_to(self.rows.region.left - GAPS[0])
        elif self.old:
            self.old.look(self._cells(self._before))

    def push_in(self, seconds: float) -> None:
        """Let the requests that wait push in."""
        self._play(self.chips.push_in(), seconds)

    def brighten(self, seconds: float) -> None:
        """Let what holds no token grow bright once."""
        if self.rows:
            self._play(self.rows.brighten(), seconds)

    def cut(self, seconds: float) -> None:
        """Cut the memory into pages; what has no rows drains."""
        scene = self.scene
        if self.rows:
            self._play(self.rows.cut(), seconds)
        elif self.old:
            drained = [free(self.theme)] * self._before.frames
            scene.move(self.old.change(drained), seconds=seconds)
            scene.remove(self.old)
            scene.add(self.pool)

    def fill(self, *, gather: float, fly: float) -> None:
        """Let all frames take the places that they have when the project does it.

        Parameters
        ----------
        gather, fly
            For how many seconds the pages of rows glide, and those who waited fly.
        """
        if self.rows:
            self._gather(self.rows, gather)
        flights = spans(len(self.chips.chips), lag=_LAG)
        flights = [(begin * _FLIGHT, end * _FLIGHT) for begin, end in flights]
        landings = [(end, min(end + _LANDING, 1.0)) for _, end in flights]
        self.scene.move(
            self.pool.change(self.full, self._waves(), [*landings, (1 - _LANDING, 1.0)]),
            *self.chips.fly(self._goals(), flights),
            seconds=fly,
        )
        self.scene.remove(*self.chips.mobjects)

    def _play(self, movements: Movements, seconds: float) -> None:
        self.scene.move(*(move for make in movements.values() for move in make()), seconds=seconds)

    def _gather(self, rows: MemoryRows, seconds: float) -> None:
        """Let the pages of the rows glide to the frames in which they are when all is over."""
        scene, frames, boxes = self.scene, self._after.frames, self.camera.whole
        staying = [row for row in rows.rows if row.row.task in self._after.tables]
        pages = []
        for row in staying:
            filled = np.array([tokens for tokens in row.fill if tokens])
            goals = [*self._after.tables[row.row.task]][: len(filled)]
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
        cached = self._after.only(())
        scene.move(self.pool.change(self._cells(cached)), gliding.glide(), seconds=seconds)
        scene.remove(gliding)
        self.pool.look(self._cells(self._after.only(row.row.task for row in staying)))

    def _waves(self) -> list[int]:
        """Return, by frame, which of the chips brings it; the number of chips if none does."""
        waves = [len(self.chips.chips)] * self._after.frames
        for number, name in reversed([*enumerate(self.chips.shown)]):
            for frame in self._after.tables.get(name, ()):
                waves[frame] = number
        return waves

    def _goals(self) -> dict[str, Region]:
        """Return the frame into which each request flies that gets one: the first of its own."""
        waves = self._waves()
        goals = {}
        for number, name in enumerate(self.chips.shown):
            table = self._after.tables.get(name)
            if table:
                own = next((frame for frame in table if waves[frame] == number), table[0])
                goals[name] = Region(*self.camera.whole[own])
        return goals

    def _cells(self, pool: PoolAt) -> list[Cell]:
        color = self.theme.after if pool.side else self.theme.before
        return at_work(pool, self.theme, color, pool.numbers)

    def _old(self, region: Region) -> TravellingPool:
        eight = close_boxes(self.scene.area, self.scene.story.initial.frames)
        camera = PoolCamera(self.scene.area, self._before.frames, region, eight)
        return TravellingPool(camera, self._cells(self._before), self.theme.background)


class WideChapter(Chapter):
    """A chapter that begins with what was done before, and cuts it into pages.

    Attributes
    ----------
    knife, gather
        For how many seconds the knife runs, and the pages of rows glide.
    memory
        The whole memory.
    """

    knife: ClassVar[float]
    gather: ClassVar[float]

    def __init__(self, scene: PromoScene) -> None:
        self.memory = WholeMemory(scene)
        super().__init__(scene)

    def begin(self) -> None:
        """Let the memory be there from the first image on."""
        self.memory.begin()

    def hook(self, _: Beat) -> None:
        """Let the requests that wait push in."""
        self.memory.push_in(_ENTER)

    def empty(self, _: Beat) -> None:
        """Let what holds no token grow bright once."""
        self.memory.brighten(_BRIGHTEN)

    def claim(self, _: Beat) -> None:
        """Cut the memory into pages."""
        self.memory.cut(self.knife)

    def run(self, _: Beat) -> None:
        """Let all frames take the places that they have when the project does it."""
        self.memory.fill(gather=self.gather, fly=_FLY)
