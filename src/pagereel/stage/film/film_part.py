"""Parts of a film: they show one moment after another, most of them as pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.film.timelapse import Film
from pagereel.stage.film.palette import make_palette
from pagereel.stage.layout.places import MIN_CAP
from pagereel.stage.part import Part
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from manim import Mobject
    from numpy.typing import NDArray

    from pagereel.film.tape import PoolState
    from pagereel.stage.layout.places import Region, Spot
    from pagereel.stage.theme import Theme


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


class FilmPart(Part[Film, Moment]):
    """A part of a film. It changes at once: `show` returns no movements.

    Attributes
    ----------
    standing, moving
        What stands still all the time, and what changes.
    """

    def __init__(self, told: Film, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.palette = make_palette(theme, told.palette)
        self.standing: list[Mobject] = []
        self.moving: list[Mobject] = []

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """What stands, then what changes."""
        return [*self.standing, *self.moving]


def fitted(text: str, spot: Spot, color: str) -> Label:
    """Return a text in its place: made smaller, and then cut off, if it is too wide."""
    words = " ".join(text.split())
    words = "".join(c if c.isprintable() else "?" for c in words) or "?"
    longest = int(spot.width / MIN_CAP / 0.3)  # no text of so many characters fits
    if len(words) > longest:
        words = f"{words[:longest]}…"
    while len(words) > 1 and text_width(words, Face.SERIF) * MIN_CAP > spot.width:
        words = f"{words.rstrip('…')[: -max(1, len(words) // 20)].rstrip()}…"
    label = Label(words, Face.SERIF, cap=spot.cap, color=color, width=spot.width)
    return label.put(spot.x, spot.y - (spot.cap - label.cap) / 2, spot.align)
