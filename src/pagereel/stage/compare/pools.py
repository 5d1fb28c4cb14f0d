"""The two pools: each in tones of its run's colour, with its name and what it holds above it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from math import pi, sin
from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np
from manim import FadeOut, smooth

from pagereel.compare.race import TONES
from pagereel.film.pool_state import PoolState
from pagereel.stage.compare.race_part import RacePart
from pagereel.stage.film.film_part import fitted
from pagereel.stage.film.grid import LEVELS, PoolPicture, filled
from pagereel.stage.film.palette import faded, rgb
from pagereel.stage.film.scene import Following
from pagereel.stage.layout.arrangement import GUTTER
from pagereel.stage.layout.places import MIN_CAP
from pagereel.stage.layout.race_places import PoolsNeed
from pagereel.stage.text.fonts import say
from pagereel.stage.text.label import Label, Ticker, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.theme import mixed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from manim import Animation, Mobject
    from numpy.typing import NDArray

    from pagereel.compare.race import Race
    from pagereel.compare.run import Run
    from pagereel.stage.compare.race_part import Tick
    from pagereel.stage.layout.places import Region, Spot
    from pagereel.stage.layout.race_places import Pair, PoolPlace
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_FAINTEST = 0.44  # of a run's colour in the faintest tone
_FRESH = 0  # no frame is marked that has just changed: at this pace, nearly all would be
_MANY = 0.2  # of the slots that are held
_SPACE = 0.4  # between a number and its words, in heights of a capital
_GROWN = 0.35  # how much larger a number gets that is pointed at


@dataclass(frozen=True, slots=True)
class Count:
    """A number above a pool: which measure it is, what most of it can be, and its word."""

    key: str
    most: Callable[[Run], int]
    word: str


HELD = Count("held", lambda run: run.usable, "held")


def tones(color: str, background: str) -> list[str]:
    """Return the tones of a run's colour, from faint to full."""
    return [mixed(background, color, share) for share in np.linspace(_FAINTEST, 1, TONES).tolist()]


def _differs_in_empty(told: Race) -> bool:
    """Return whether one run holds many more empty slots than the other, as far as it is known."""
    first, second = (run.values.get("empty") for run in told.runs)
    return first is not None and second is not None and bool(abs(first - second).max() > _MANY)


class RunPicture(PoolPicture):
    """The grid of a run's pool, in tones of one colour."""

    fill = 0.78


class Pool:
    """The pool of one run.

    Attributes
    ----------
    picture
        Its frames.
    name
        That of the run.
    """

    def __init__(
        self,
        run: Run,
        picture: PoolPicture,
        place: PoolPlace,
        *,
        theme: Theme,
        color: str,
        counts: Count,
    ) -> None:
        self._run, self.picture, self.place, self._counts = run, picture, place, counts
        self.state = PoolState(run.tape, fresh=_FRESH)
        self.numbers = self.picture.numbers()
        spot, most = place.held, f"{counts.most(run):,}"
        slot = text_width(most, Face.SERIF)
        for words in (say(f"of {{}} {counts.word}", most), say(counts.word)):
            width = text_width(words, Face.SERIF)
            cap = min(spot.cap, spot.width / (width + _SPACE + slot))
            right = spot.x + (width + _SPACE + slot) * cap * (1 - spot.align) / 2
            at = right - (width + _SPACE) * cap
            name = _beside(place.name, spot, at - (1 + _GROWN) * slot * cap)
            if cap >= MIN_CAP and text_width(run.name, Face.SERIF) * MIN_CAP <= name.width:
                break
        base = spot.y - (spot.cap - cap) / 2
        self.name = fitted(run.name, name, color)
        self.words = Label(words, Face.SERIF, cap=cap, color=theme.dim).put(right, base, 1)
        self.count = Ticker(Face.SERIF, cap=cap, color=theme.ink, at=(at, base), align=1)
        self._cap = cap
        self.say(0)

    def say(self, moment: int) -> None:
        """Say how many there are at a moment of what is counted."""
        self.count.say(f"{int(self._run.values[self._counts.key][moment]):,}")

    def empty(self, moment: int) -> NDArray[np.int64] | None:
        """Return how much of each frame is empty, in `LEVELS`; None if that cannot be shown."""
        filled_slots, size = self._run.fill(moment), self._run.page_size
        if filled_slots is None or size is None or not self.picture.shows_empty:
            return None
        levels = np.ceil((size - filled_slots) * LEVELS / size).astype(np.int64)
        return np.where(self._run.owners(moment) >= 0, levels, 0)

    def swell(self, share: float) -> None:
        """Let the number grow and shrink again, by a share of the time."""
        said = self.count.text
        self.count.cap = self._cap * (1 + _GROWN * sin(pi * share))
        self.count.say("")
        self.count.say(said)


def _picture(told: Race, side: int, place: Region, *, theme: Theme, color: str) -> RunPicture:
    picture = RunPicture(
        told.runs[side].tape,
        told.tones[side],
        place,
        theme=theme,
        palette=tones(color, theme.background),
        columns=told.rows[side],
    )
    picture.lit_color = TONES - 1
    return picture


def _beside(name: Spot, other: Spot, left: float) -> Spot:
    """Return the place of a name with all the room before what begins at `left` in its line."""
    if name.bottom < other.top and other.bottom < name.top:
        return replace(name, right=max(name.right, left - GUTTER))
    return name


class Pools(RacePart):
    """Both pools, and what each of them holds.

    Attributes
    ----------
    counts
        What is counted above them.
    pools
        That of the first run, and of the second.
    """

    counts: ClassVar[Count] = HELD

    def __init__(self, told: Race, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        pair = cast("Pair", region)
        places = cast("tuple[PoolPlace, PoolPlace]", (pair.first, pair.second))
        self.pools = [
            Pool(
                run,
                _picture(told, run.side, place, theme=theme, color=color),
                place,
                theme=theme,
                color=color,
                counts=self.counts,
            )
            for run, place, color in zip(told.runs, places, self.colors, strict=True)
        ]
        self.standing = [label for pool in self.pools for label in (pool.name, pool.words)]
        # The first pool hides the second one while they are one.
        pictures: list[Mobject] = [pool.picture for pool in reversed(self.pools)]
        self.moving = [*pictures, *(pool.count for pool in self.pools)]
        self.moving += [number for pool in self.pools for number in pool.numbers]
        self._background = rgb(theme.background)
        self._quiet: set[int] = set()
        self._shows_empty = _differs_in_empty(told)

    @classmethod
    def need(cls, told: Race) -> PoolsNeed:
        """Return what the frames of each pool fill of a region."""
        first, second = (
            partial(filled, frames=run.frames, columns=columns)
            for run, columns in zip(told.runs, told.rows, strict=True)
        )
        return PoolsNeed(filled=(first, second))

    @property
    def shown(self) -> tuple[tuple[list[int], str], tuple[list[int], str]]:
        """By run: the owner of each frame, as in `Tape`; and the number above them."""
        first, second = ((pool.picture.owners, pool.count.text) for pool in self.pools)
        return first, second

    @property
    def pictures(self) -> list[Mobject]:
        """The frames, without the numbers on them."""
        return [pool.picture for pool in self.pools]

    def lay_out(self, share: float) -> None:
        """Show a share of the frames of both pools, from the first one on."""
        for pool in self.pools:
            pool.picture.lay_out(share)

    def part_ways(self, share: float) -> None:
        """Show the pools as one, at a share of 0, or each in its place, at 1."""
        (left, top), (right, bottom) = (pool.place.center for pool in self.pools)
        x, y = (right - left) / 2 * (1 - share), (bottom - top) / 2 * (1 - share)
        first, second = self.pools
        first.picture.slide(x, y)
        second.picture.slide(-x, -y)

    def show(self, change: Tick) -> Movements:
        """Paint the frames that may look another way, and say how many are held."""
        for side, (pool, moment) in enumerate(zip(self.pools, change.pools, strict=True)):
            if side in self._quiet:
                continue
            empty = pool.empty(change.moment) if self._shows_empty else None
            pool.picture.follow(moment.frames, moment.pool, empty)
            if moment.drawn:
                pool.say(change.moment)
        return {}

    def point_out(self, frames: Sequence[Sequence[int]], share: float) -> None:
        """Outline a request's frames in both pools, and dim the others, by a share from 0 to 1."""
        for pool, own in zip(self.pools, frames, strict=True):
            if any(frames):
                pool.picture.point_out(own, share, pool.state)

    def quiet(self, side: int, dim: float) -> Animation:
        """Return the movement in which a pool goes over into the background by a share, and stays.

        Nothing must happen in its run any more.
        """
        picture = self.pools[side].picture
        plain = picture.rgb.copy()
        self._quiet.add(side)

        def fade(share: float) -> None:
            picture.rgb[:] = faded(plain, self._background, smooth(share) * dim)

        return Following(picture, fade)

    def clear(self, side: int) -> list[Animation]:
        """Return the movement in which the numbers of a pool's frames go: a plate covers some."""
        return [FadeOut(number) for number in self.pools[side].numbers]

    def settle(self) -> None:
        """Mark no frame as just changed."""
        for pool in self.pools:
            pool.picture.settle(pool.state)

    def swell(self, share: float) -> None:
        """Let the numbers of the held frames grow once."""
        for pool in self.pools:
            pool.swell(share)

    def pixels(self) -> list[NDArray[np.uint8]]:
        """Return a copy of what the frames look like now."""
        return [pool.picture.rgb.copy() for pool in self.pools]

    def blend(
        self, before: Sequence[NDArray[np.uint8]], after: Sequence[NDArray[np.uint8]], share: float
    ) -> None:
        """Show the frames between two looks."""
        for pool, old, new in zip(self.pools, before, after, strict=True):
            mixed_pixels = old + (new.astype(np.float32) - old) * share
            pool.picture.rgb[:] = np.rint(mixed_pixels).astype(np.uint8)

    def fade(self, plain: Sequence[NDArray[np.uint8]], share: float, up: float) -> None:
        """Show the frames faded by a share, and so far above their places."""
        for pool, pixels in zip(self.pools, plain, strict=True):
            pool.picture.rgb[:] = faded(pixels, self._background, share)
            pool.picture.slide(0, up)
