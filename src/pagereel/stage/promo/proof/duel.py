"""Two runs in two pools, on one clock: what a promo shows of a comparison, as movements.

One pool becomes two. Both run on one clock as far as is wanted, as fast as is wanted. A plate drops
onto the pool of the run that is done first. In the end both pools drain, a number stands on each,
and they become one again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from manim import FadeIn, FadeOut, Group, VMobject, config, smooth

from pagereel.compare.race import Race, run_through
from pagereel.stage import timing
from pagereel.stage.brand.field import free
from pagereel.stage.compare.board import RaceBoard
from pagereel.stage.compare.plate import DonePlate
from pagereel.stage.compare.pools import Count, Pools
from pagereel.stage.compare.race_part import RaceClock
from pagereel.stage.compare.requests import RequestStrips
from pagereel.stage.film.palette import faded, rgb
from pagereel.stage.film.scene import Following
from pagereel.stage.film.sheet import pixels_a_unit
from pagereel.stage.layout.arrangement import Arrangement
from pagereel.stage.layout.places import Region, px
from pagereel.stage.layout.proof import proof
from pagereel.stage.part import Parts, Stage
from pagereel.stage.promo.proof.numbers import Numbers
from pagereel.stage.promo.travelling import TravellingPool
from pagereel.stage.timing import within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Animation, Mobject
    from numpy.typing import NDArray

    from pagereel.compare.comparison import Comparison
    from pagereel.stage.layout.arrangement import Arranges
    from pagereel.stage.layout.places import Point
    from pagereel.stage.picture_scene import PictureScene

_FIRST, _THEN = (0.0, 0.5), (0.4, 1.0)  # of the time in which numbers take the place of all
_SWAP = 0.2  # seconds in which shapes become pictures, or the other way round
_PLATE, _WIDEST = 0.64, px(440)  # of a pool, and at most
_QUIET = 0.5  # how far the pool of a run that is done goes over into the background
_DIM = 0.7  # how far pools go over into the background behind numbers


class DonePools(Pools):
    """Both pools, with how many requests are done above them."""

    counts = Count("finished", lambda run: run.clock.requests, "done")


class LargePlate(DonePlate):
    """The plate on a pool that is narrow, too."""

    def width(self, pool: Region) -> float:
        """Return how wide it is on a pool."""
        return min(pool.width * _PLATE, pool.height / 1.2, _WIDEST)


PARTS = Parts(
    pools=DonePools, strips=RequestStrips, clock=RaceClock, plate=LargePlate, numbers=Numbers
)


class Curtain(VMobject):
    """What is behind a pool that travels: so it hides another one that is behind it."""

    def __init__(self, pool: TravellingPool, color: str) -> None:
        super().__init__(fill_color=color, fill_opacity=1, stroke_width=0)
        self._pool = pool
        self._hang()

    def follow(self) -> Animation:
        """Return the movement with the pool, which has to be moved before, at the same time."""
        return Following(self, lambda _: self._hang())

    def _hang(self) -> None:
        place = _around(self._pool.boxes)
        x = place.left, place.right, place.right, place.left, place.left
        y = place.top, place.top, place.bottom, place.bottom, place.top
        self.set_points_as_corners([(*each, 0) for each in zip(x, y, strict=True)])


class Duel:
    """A comparison as a promo shows it.

    Parameters
    ----------
    scene
        Plays the movements.
    comparison
        What is shown.
    columns
        How many page frames are in a row.
    parts
        What is in the picture.
    arrange
        How they share it.

    Attributes
    ----------
    board
        The race on its stage, at the moment that is shown.
    """

    def __init__(
        self,
        scene: PictureScene,
        comparison: Comparison,
        *,
        columns: int,
        parts: Parts = PARTS,
        arrange: Arranges = proof,
    ) -> None:
        self.scene, self.comparison = scene, comparison
        self.race = Race.of(comparison, columns=columns)
        self.stage = Stage(
            parts,
            self.race,
            size=(config.frame_width, config.frame_height),
            theme=scene.theme,
            arrangement=Arrangement(arrange),
        )
        self.board = RaceBoard(self.race, self.stage)
        self.pools = self.board.pools
        self.pools.lay_out(1)
        self._free = self.pools.pixels()

    @property
    def shown(self) -> dict[str, object]:
        """What each part shows, by its name."""
        return {name: part.shown for name, part in self.stage.parts.items()}

    def boxes(self) -> list[NDArray[np.float64]]:
        """Return left, top, right and bottom of each frame of both pools; shapes (frames, 4)."""
        unit, found = pixels_a_unit(), []
        for pool in self.pools.pools:
            cells, frames = pool.picture.cells, range(len(pool.picture.owners))
            x, y = np.array([pool.picture.centre(frame) for frame in frames]).T
            width, height = (cells.width - cells.gap) / unit, (cells.height - cells.gap) / unit
            sides = (x - width / 2, y + height / 2, x + width / 2, y - height / 2)
            found.append(np.stack(sides, axis=1))
        return found

    def divide(self, pool: TravellingPool, *, seconds: float) -> None:
        """Let a free pool that fills the picture become the two pools."""
        scene = self.scene
        other = TravellingPool(pool.camera, pool.cells, scene.theme.background)
        other.boxes = pool.boxes
        curtain = Curtain(pool, scene.theme.background)
        scene.remove(pool)
        scene.add(other, curtain, pool)
        moves = [
            each.glide(boxes) for each, boxes in zip((pool, other), self._goals(pool), strict=True)
        ]
        scene.move(*moves, curtain.follow(), seconds=seconds)
        scene.remove(curtain)
        scene.move(*map(FadeIn, self.pools.pictures), seconds=_SWAP)
        scene.remove(pool, other)

    def enter(self, *, seconds: float) -> None:
        """Let names, clock and requests come."""
        board, scene = self.board, self.scene
        entering = board.entering()
        scene.move(*map(FadeIn, entering), seconds=seconds)
        scene.remove(*entering, *self.pools.pictures)
        scene.add(board.standing, board.moving)

    def run(self, end: int, *, seconds: float, hurry: float = 1.0) -> None:
        """Let the clock run to a moment, by its end so much faster than at its beginning."""
        board = self.board
        lap = run_through(self.comparison, board.moment, end, seconds=seconds, hurry=hurry)
        self.scene.move(Following(board.moving, board.follow(lap)), seconds=seconds)
        self.pools.settle()

    def drop(self, *, seconds: float = timing.GROW) -> None:
        """Let the plate drop onto the pool of the run that is done first, which goes quiet."""
        stop = self.comparison.first_end
        plate = self.stage.part(DonePlate)
        self.scene.move(
            self.pools.quiet(stop.side, _QUIET),
            *self.pools.clear(stop.side),
            *plate.drop(stop.side, stop.moment),
            seconds=seconds,
        )

    def conclude(self, *, seconds: float, counted: bool = True) -> None:
        """Let both pools drain, and all else leave; if they are `counted`, the numbers come."""
        board, scene, numbers = self.board, self.scene, self.stage.part(Numbers)
        parts = [*board.standing.submobjects, *board.moving.submobjects]
        leaving = [each for each in parts if each not in self.pools.pictures and _draws(each)]
        leaving += self.stage.part(DonePlate).mobjects
        scene.remove(board.standing, board.moving)
        pictures = Group(*self.pools.pictures)
        scene.add(pictures, *leaving)
        background = rgb(scene.theme.background)
        before = self.pools.pixels()
        after = [faded(pixels, background, _DIM) for pixels in self._free]
        scene.move(
            *within(_FIRST, [FadeOut(each) for each in leaving]),
            Following(pictures, lambda share: self.pools.blend(before, after, smooth(share))),
            *(within(_THEN, numbers.grow(*self._origins())) if counted else []),
            seconds=seconds,
        )

    def join(self, pool: TravellingPool, *leaving: Mobject, seconds: float) -> None:
        """Let both pools become one again, every frame of it free.

        Parameters
        ----------
        pool
            The one pool; it stands in its place at last.
        leaving
            What else leaves.
        """
        scene, theme = self.scene, self.scene.theme
        dim = [free(theme, 1 - _DIM)] * len(pool.cells)
        both = [TravellingPool(pool.camera, dim, theme.background) for _ in range(2)]
        for each, boxes in zip(both, self._goals(pool), strict=True):
            each.boxes = boxes
        numbers = [*self.stage.part(Numbers).mobjects, *leaving]
        scene.remove(*self.pools.pictures, *numbers)
        first, second = both
        curtain = Curtain(first, theme.background)
        scene.add(second, curtain, first, *numbers)
        scene.move(
            *map(FadeOut, numbers),
            *(each.glide(pool.boxes) for each in both),
            *(each.change(pool.cells) for each in both),
            curtain.follow(),
            seconds=seconds,
        )
        scene.remove(*both, curtain)
        scene.add(pool)

    def _goals(self, pool: TravellingPool) -> list[NDArray[np.float64]]:
        """Return where the frames of a pool go that becomes the two, or come from.

        Where a run's pool has another number of frames, they fill its place.
        """
        return [
            boxes if len(boxes) == len(pool.cells) else pool.camera.divided(_around(boxes), 1)
            for boxes in self.boxes()
        ]

    def _origins(self) -> Sequence[Point]:
        """Return where the number of each run comes from: its plate, or the clock."""
        stop = self.comparison.first_end
        x, y, _ = self.stage.part(RaceClock).ticker.get_center()
        clock = float(x), float(y)
        places = [pool.place.center for pool in self.pools.pools]
        return [place if side == stop.side else clock for side, place in enumerate(places)]


def _around(boxes: NDArray[np.float64]) -> Region:
    left, _, _, bottom = boxes.min(axis=0).tolist()
    _, top, right, _ = boxes.max(axis=0).tolist()
    return Region(left, top, right, bottom)


def _draws(mobject: Mobject) -> bool:
    return mobject.has_points() or bool(mobject.submobjects)
