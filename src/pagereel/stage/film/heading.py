"""The head of a film: the engine, its note, and the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pagereel.stage.film.film_part import FilmPart, fitted
from pagereel.stage.layout.places import px
from pagereel.stage.text.label import Label, Ticker, advance
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from pagereel.film.timelapse import Film
    from pagereel.stage.film.film_part import Moment
    from pagereel.stage.layout.grid_over_chart import HeadingPlace
    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_CLOCK_CAP = px(40)


class Heading(FilmPart):
    """The engine's name, as the title, and the note of its trace."""

    def __init__(self, told: Film, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        place, tape = cast("HeadingPlace", region), told.tape
        self.title = fitted(tape.engine, place.title, theme.title)
        note = [fitted(tape.note, place.note, theme.dim)] if tape.note.strip() else []
        self.standing = [*note, self.title]

    @property
    def shown(self) -> str:
        """What the title says."""
        return self.title.text


class Clock(FilmPart):
    """The engine's step, or the number of the event where the trace has no steps."""

    def __init__(self, told: Film, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        spot, tape = region.line(_CLOCK_CAP, align=1), told.tape
        self.ticker = Ticker(
            Face.SERIF, cap=spot.cap, color=theme.ink, at=(spot.x, spot.y), align=1
        )
        digits = len(f"{tape.step[-1]:,}") if tape.events else 1
        self.ticker.say(f"{tape.step[0]:,}" if tape.events else "0")
        # Its word stands left of where the largest number begins.
        right = spot.x - (digits + 0.85) * advance(Face.SERIF) * spot.cap
        word = "step" if tape.has_steps else "event"
        label = Label(word, Face.SERIF, cap=spot.cap, color=theme.dim).put(right, spot.y, 1)
        self.standing, self.moving = [label], [self.ticker]

    @property
    def shown(self) -> str:
        """What the number says."""
        return self.ticker.text

    def show(self, change: Moment) -> Movements:
        """Show the step of a moment."""
        if change.drawn and change.reached:
            self.ticker.say(f"{self.told.tape.step[change.reached - 1]:,}")
        return {}
