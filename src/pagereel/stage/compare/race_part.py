"""Parts of a comparison: they show both runs, moment by moment. Title and clock are here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from pagereel.compare.race import Race
from pagereel.stage.film.film_part import MovingPart, fitted
from pagereel.stage.layout.race_places import Pair, RaceNeed
from pagereel.stage.text.fonts import say
from pagereel.stage.text.label import Label, Ticker, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from pagereel.stage.film.film_part import Moment
    from pagereel.stage.layout.places import Region, Spot
    from pagereel.stage.layout.race_places import RaceHeading
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_SPACE = 0.6  # between the clock's words and numbers, in heights of a capital


def run_colors(theme: Theme) -> tuple[str, str]:
    """Return the colours of the first and of the second run."""
    return theme.before, theme.after


@dataclass(frozen=True, slots=True)
class Tick:
    """What a comparison shows at a tick of its film.

    Attributes
    ----------
    moment
        Of the comparison's clock.
    pools
        What has happened to the pools of both runs since the tick before.
    """

    moment: int
    pools: tuple[Moment, Moment]

    @property
    def drawn(self) -> bool:
        """Whether an image is drawn of it."""
        return self.pools[0].drawn


class RacePart(MovingPart[Race, Tick]):
    """A part of a comparison; what it shows of each run is in the run's colour."""

    def __init__(self, told: Race, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.colors = run_colors(theme)


class RaceTitle(RacePart):
    """What is compared, and with which engine and how much memory."""

    def __init__(self, told: Race, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        place = cast("RaceHeading", region)
        self.title = fitted(told.comparison.title, place.title, theme.ink)
        notes = zip(told.comparison.subtitle, place.notes, strict=True)
        self.notes = [fitted(text, spot, theme.dim) for text, spot in notes]
        self.standing = [*self.notes, self.title]

    @classmethod
    def need(cls, told: Race) -> RaceNeed:
        """Return how many lines stand below or beside the title."""
        return RaceNeed(count=len(told.comparison.subtitle))

    @property
    def shown(self) -> str:
        """What the title says."""
        return self.title.text


class RaceClock(RacePart):
    """The one clock of both runs: the engine's step, or how many requests there are so far.

    It stands on a line or, where its place is a pair, with the number below its word.

    Attributes
    ----------
    ticker
        The number.
    """

    ticker: Ticker

    def __init__(self, told: Race, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self._clock, self._moment = told.comparison.clock, 0
        if isinstance(region, Pair):
            self._stack(region)
        else:
            self._line_up(cast("Spot", region))
        self.moving = [self.ticker]
        self._say(0)

    def _stack(self, place: Pair) -> None:
        """Put the number below its word."""
        unit, number = place.first.line(place.first.height, 0), cast("Spot", place.second)
        cap = min(number.cap, number.width / text_width(self._last[1], Face.SERIF))
        self.ticker = Ticker(
            Face.SERIF, cap=cap, color=self.theme.ink, at=(number.x, number.y), align=0
        )
        self.standing = [
            Label(
                self._last[0], Face.SERIF, cap=unit.cap, color=self.theme.dim, width=unit.width
            ).put_in(unit)
        ]

    @property
    def _last(self) -> list[str]:
        word, *rest = self._clock.says(len(self._clock.at) - 1).split(" ")
        return [say(word), *rest]

    def _line_up(self, spot: Spot) -> None:
        """Put words and number beside each other."""
        theme, last = self.theme, self._last
        slot = text_width(last[1], Face.SERIF)
        words = [last[0], *([" ".join(last[2:])] if last[2:] else [])]
        widths = [text_width(word, Face.SERIF) for word in words]
        whole = sum(widths) + slot + _SPACE * len(words)
        cap = min(spot.cap, spot.width / whole)
        left = spot.x - whole * cap * (spot.align + 1) / 2
        pen = left + (widths[0] + _SPACE) * cap
        # At the right margin the number ends there; else it begins behind its word.
        at = (pen + slot * cap, spot.y) if spot.align == 1 else (pen, spot.y)
        self.ticker = Ticker(
            Face.SERIF, cap=cap, color=theme.ink, at=at, align=1 if spot.align == 1 else -1
        )
        starts = [left, pen + (slot + _SPACE) * cap]
        self.standing = [
            Label(word, Face.SERIF, cap=cap, color=theme.dim).put(at, spot.y, -1)
            for word, at in zip(words, starts, strict=False)
        ]

    @property
    def shown(self) -> str:
        """What it says."""
        return self._clock.says(self._moment)

    def show(self, change: Tick) -> Movements:
        """Show the time of a moment."""
        self._say(change.moment)
        return {}

    def _say(self, moment: int) -> None:
        self._moment = moment
        self.ticker.say(self._clock.says(moment).split(" ")[1])
