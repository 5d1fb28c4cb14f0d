"""Parts of a film: they show one moment after another. The heading and the clock are here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from pagereel.film.timelapse import Film
from pagereel.stage.film.palette import make_palette
from pagereel.stage.layout.grid_over_chart import HeadingNeed
from pagereel.stage.layout.places import MIN_CAP, px
from pagereel.stage.part import Change, Part, Told
from pagereel.stage.text.label import Label, Ticker, advance, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from manim import Mobject
    from numpy.typing import NDArray

    from pagereel.film.captions import Remark
    from pagereel.film.pool_state import PoolState
    from pagereel.stage.layout.grid_over_chart import HeadingPlace
    from pagereel.stage.layout.places import Region, Spot
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_CLOCK_CAP = px(40)


@dataclass(frozen=True, slots=True)
class Moment:
    """What a film shows at a moment.

    Attributes
    ----------
    before, reached
        How many events had happened at the moment before, and have happened now.
    frames
        The frames that may look another way than before.
    pool
        Who owns each frame now.
    drawn
        Whether an image is drawn of it: what keeps no trace of earlier moments may skip others.
    """

    before: int
    reached: int
    frames: NDArray[np.integer]
    pool: PoolState
    drawn: bool = True


class MovingPart(Part[Told, Change]):
    """A part that changes many times a second, at once: `show` returns no movements.

    Attributes
    ----------
    standing, moving
        What stands still all the time, and what changes.
    """

    def __init__(self, told: Told, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.standing: list[Mobject] = []
        self.moving: list[Mobject] = []

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """What stands, then what changes."""
        return [*self.standing, *self.moving]


class FilmPart(MovingPart[Film, Moment]):
    """A part of a film of one trace.

    Attributes
    ----------
    palette
        The tasks' colours (hex).
    """

    def __init__(self, told: Film, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.palette = make_palette(theme, told.palette)

    def settle(self, pool: PoolState) -> None:
        """Mark nothing as just changed: the film stands still from now on."""

    def light(self, remark: Remark, share: float, pool: PoolState) -> None:
        """Let what a caption speaks of stand out, while the film stands still.

        Parameters
        ----------
        share
            How far it does, 0 to 1. At 0 everything is as before.
        pool
            Who owns each frame now.
        """


def fitted(text: str, spot: Spot, color: str) -> Label:
    """Return a text in its place: made smaller, and then cut off, if it is too wide."""
    words = " ".join(text.split())
    words = "".join(c if c.isprintable() else "?" for c in words) or "?"
    longest = int(spot.width / MIN_CAP / 0.3)  # no text of so many characters fits
    if len(words) > longest:
        words = f"{words[:longest]}…"
    while len(words) > 1 and text_width(words, Face.SERIF) * MIN_CAP > spot.width:
        words = f"{words.rstrip('…')[: -max(1, len(words) // 20)].rstrip()}…"
    return Label(words, Face.SERIF, cap=spot.cap, color=color, width=spot.width).put_in(spot)


class Heading(FilmPart):
    """The title, and the note of the trace."""

    def __init__(self, told: Film, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        place, tape = cast("HeadingPlace", region), told.tape
        self.title = fitted(told.title, place.title, theme.title)
        note = [fitted(tape.note, place.note, theme.dim)] if tape.note.strip() else []
        self.standing = [*note, self.title]

    @classmethod
    def need(cls, told: Film) -> HeadingNeed:
        """Return whether there is a note."""
        return HeadingNeed(note=bool(told.tape.note.strip()))

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
