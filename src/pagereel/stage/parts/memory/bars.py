"""Rows of bars: a label with a note, a bar, and a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Animation, FadeIn, LaggedStart, VGroup

from pagereel.stage.layout.bars import RowSizes
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject

    from pagereel.stage.layout.bars import RowPlaces
    from pagereel.stage.layout.places import Spot
    from pagereel.stage.parts.memory.bar import Bar
    from pagereel.stage.theme import Theme

_SPACE = 0.42  # between two words of a number, in heights of a capital
_THEN = 0.7  # of a bar's movement, after which its number appears


class BarRow:
    """A label, a bar, and a number behind it or over it.

    Parameters
    ----------
    places
        Where they stand.
    texts
        Label, note and number; the words of a number are dim.
    bar
        The bar, in its place.
    theme
        The colours.
    color
        Of the number; ink if not given.

    Attributes
    ----------
    label
        Label and note.
    number
        The number.
    """

    def __init__(
        self,
        places: RowPlaces,
        texts: tuple[str, str, str],
        bar: Bar,
        *,
        theme: Theme,
        color: str | None = None,
    ) -> None:
        label, note, number = texts
        self.label = VGroup(text_line(label, places.label, theme.ink))
        if note and places.note is not None:
            self.label.add(text_line(note, places.note, theme.dim))
        self.number = number_label(number, places.number, color or theme.ink, theme.dim)
        self.bar = bar

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The bar and its texts."""
        return [self.bar, self.label, self.number]

    def draw(self, *, rest: bool) -> Animation:
        """Return the movement in which the bar is drawn, and then its number appears.

        Parameters
        ----------
        rest
            Whether the last piece is there from the start, and gives way to the others.
        """
        return LaggedStart(self.bar.reveal(rest=rest), FadeIn(self.number), lag_ratio=_THEN)


def row_sizes(label: str, note: str, number: str) -> RowSizes:
    """Return how wide the texts of a row are."""
    words = number.split()
    wide = sum(text_width(word, Face.SERIF) for word in words) + _SPACE * (len(words) - 1)
    note_wide = text_width(note, Face.SERIF) if note else 0.0
    return RowSizes(text_width(label, Face.SERIF), note_wide, wide)


def number_label(text: str, spot: Spot, ink: str, dim: str) -> VGroup:
    """Return a number in its place, right-aligned, with words in another colour: `40 tokens`."""
    found, right = VGroup(), spot.right
    for word in reversed(text.split()):
        label = Label(word, Face.SERIF, cap=spot.cap, color=dim if word.isalpha() else ink)
        found.add(label.put(right, spot.y, 1))
        right = label.get_left()[0] - _SPACE * spot.cap
    return found


def text_line(text: str, spot: Spot, color: str) -> Label:
    """Return a text in its place, smaller if it is too wide."""
    label = Label(text, Face.SERIF, cap=spot.cap, color=color, width=spot.width)
    return label.put_in(spot)
