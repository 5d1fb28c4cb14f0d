"""The tiers of a film: a quiet second pool for each, with how many pages are in it."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, cast

import numpy as np

from pagereel.cache.events import tier_words
from pagereel.film.pool_state import TierState
from pagereel.film.tape import MOST_FRAMES
from pagereel.stage.film.film_part import FilmPart
from pagereel.stage.film.grid import FrameGrid
from pagereel.stage.film.sheet import CACHED, FREE
from pagereel.stage.layout.grid_over_chart import TiersNeed
from pagereel.stage.text.label import Label, Ticker, advance, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.theme import mixed

if TYPE_CHECKING:
    from manim import Mobject
    from numpy.typing import NDArray

    from pagereel.film.captions import Remark
    from pagereel.film.pool_state import PoolState
    from pagereel.film.tiers import TierTape
    from pagereel.film.timelapse import Film
    from pagereel.stage.film.film_part import Moment
    from pagereel.stage.layout.grid_over_chart import TierPlace, TiersPlace
    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_SPACE = 0.5  # between number and words, in heights of a capital


class Tiers(FilmPart):
    """A small grid of slots for each tier, and how many of them hold a page.

    A slot does not show whose page is in it: as in the pool, what is kept for reuse is grey.

    Attributes
    ----------
    lit
        The slots that are outlined, since a caption speaks of them.
    """

    def __init__(self, told: Film, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        places = cast("TiersPlace", region).places
        self._tiers = [
            _Tier(tape, place, theme) for tape, place in zip(told.tape.tiers, places, strict=True)
        ]
        self.lit: tuple[int, ...] = ()
        self.standing = [mobject for tier in self._tiers for mobject in tier.standing]
        self.moving = [mobject for tier in self._tiers for mobject in tier.moving]

    @classmethod
    def need(cls, told: Film) -> TiersNeed:
        """Return how many tiers there are, and how wide what is said of them is."""
        tiers = told.tape.tiers
        return TiersNeed(tiers=len(tiers), widest=max(map(_width, tiers), default=inf))

    @property
    def shown(self) -> dict[str, tuple[str, list[int]]]:
        """Tier -> what its number says, and the slots that are shown full."""
        return {tier.tape.name: (tier.ticker.text, tier.full) for tier in self._tiers}

    def show(self, change: Moment) -> Movements:
        """Paint the slots that may look another way, and count them."""
        for tier in self._tiers:
            tier.follow(change)
        return {}

    def settle(self, pool: PoolState) -> None:  # noqa: ARG002 (others)
        """Mark no slot as just changed."""
        for tier in self._tiers:
            tier.settle()

    def light(self, remark: Remark, share: float, pool: PoolState) -> None:  # noqa: ARG002 (others)
        """Outline the slots of which a caption speaks, and dim the others."""
        self.lit = remark.slots if share else ()
        for tier in self._tiers:
            tier.light(remark, share)


class _Tier:
    """A tier: its name, its number, and its slots, if they are few enough to be drawn."""

    def __init__(self, tape: TierTape, place: TierPlace, theme: Theme) -> None:
        self.tape, self._theme = tape, theme
        self.ticker, words = self._count(place)
        self.standing: list[Mobject] = [*words]
        self.moving: list[Mobject] = [self.ticker]
        self._state = TierState(tape) if tape.size <= MOST_FRAMES else None
        if self._state:
            self._grid = FrameGrid(place.grid, tape.size, theme=theme, palette=())
            self.moving.insert(0, self._grid)
            self._paint(np.arange(tape.size))

    @property
    def full(self) -> list[int]:
        """The slots that are shown full."""
        return np.flatnonzero(self._state.full).tolist() if self._state else []

    def follow(self, change: Moment) -> None:
        """Show a moment."""
        if self._state:
            self._paint(self._state.advance(change.reached))
        if change.drawn:
            self.ticker.say(f"{self.tape.held_after(change.reached):,}")

    def light(self, remark: Remark, share: float) -> None:
        """Let what a caption speaks of stand out, by a share."""
        is_meant, theme = remark.tier == self.tape.name, self._theme
        self.ticker.say(
            self.ticker.text, theme.ink if is_meant else mixed(theme.ink, theme.dim, share)
        )
        self.settle()
        if self._state and (is_meant or remark.frames):
            self._grid.light(remark.slots if is_meant else (), share)

    def settle(self) -> None:
        """Mark no slot as just changed."""
        if self._state:
            slots = np.arange(self.tape.size)
            self._paint(slots[self._state.fresh(slots)], settled=True)

    def _paint(self, slots: NDArray[np.integer], *, settled: bool = False) -> None:
        state = self._state
        if state:
            looks = np.where(state.full[slots], CACHED, FREE)
            self._grid.paint(slots, looks, state.fresh(slots) & (not settled))

    def _count(self, place: TierPlace) -> tuple[Ticker, list[Label]]:
        """Return the number of pages, and the words before and behind it."""
        spot, theme = place.label, self._theme
        before, digits, behind = _said(self.tape)

        def word(text: str, x: float) -> Label:
            return Label(text, Face.SERIF, cap=spot.cap, color=theme.dim).put(x, spot.y, -1)

        name = word(before, spot.left)
        right = name.get_right()[0] + (_SPACE + digits * advance(Face.SERIF)) * spot.cap
        of = word(behind, right + _SPACE * spot.cap)
        ticker = Ticker(Face.SERIF, cap=spot.cap, color=theme.ink, at=(right, spot.y), align=1)
        ticker.say(f"{self.tape.held_after(0):,}")
        return ticker, [name, of]


def _said(tape: TierTape) -> tuple[str, int, str]:
    """Return what is said of a tier: what stands before its number, most digits, and behind it."""
    words, size = tier_words(tape.name), f"{tape.size:,}"
    return f"{words[0].upper()}{words[1:]}:", len(size), f"of {size} pages"


def _width(tape: TierTape) -> float:
    """Return how wide what is said of a tier is, in heights of a capital."""
    before, digits, behind = _said(tape)
    words = text_width(before, Face.SERIF) + text_width(behind, Face.SERIF)
    return words + digits * advance(Face.SERIF) + 2 * _SPACE
