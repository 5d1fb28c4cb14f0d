"""Rows of bars: a label with a note, a bar, and a number; and parts that are made of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from manim import Animation, FadeIn, FadeOut, LaggedStart, VGroup

from pagereel.stage.layout.bars import RowSizes
from pagereel.stage.part import Extent, Part
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject

    from pagereel.stage.layout.bars import RowPlaces
    from pagereel.stage.layout.places import Region, Spot
    from pagereel.stage.part import Movements
    from pagereel.stage.parts.memory.bar import Bar
    from pagereel.stage.theme import Theme

_SPACE = 0.42  # between two words of a number, in heights of a capital
_FADES, _GOES = (0.0, 0.3), (0.0, 0.6)  # of the end: texts, and bars
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


class ResultBars(Part[Extent, Any]):
    """Bars that show what came out, at the end of a film.

    Nothing of it enters with the other parts: a scene lets it `appear`, and then draws its bars.

    Attributes
    ----------
    texts
        What stands around the bars.
    groups
        The rows of bars that are drawn together.
    drawn
        How many groups are drawn.
    tracks
        Whether the last piece of each bar is there before the bar is drawn.
    """

    tracks = True

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.texts: list[Mobject] = []
        self.groups: list[list[BarRow]] = []
        self.drawn = 0
        self._there: list[Mobject] = []

    @property
    def track(self) -> Region:
        """The place of the first bar."""
        return self.groups[0][0].bar.region

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """What has appeared of it."""
        return self._there

    def enter(self) -> Movements:
        """Return no movement: it appears when its beat comes."""
        return {}

    def appear(self) -> Movements:
        """Return the movement in which texts and empty bars appear."""
        return {Phase.APPEAR: self._appear}

    def draw(self) -> list[Movements]:
        """Return the movements in which the bars are drawn, group after group."""
        return [{Phase.POINT: partial(self._draw, rows)} for rows in self.groups]

    def leave(self) -> Movements:
        """Return the movement in which texts fade out, and bars go as they came."""
        bars = [row.bar for group in self.groups for row in group]
        return {
            Phase.END: lambda: [
                *within(_GOES, [bar.withdraw() for bar in bars if bar in self._there]),
                *within(_FADES, [FadeOut(each) for each in self._there if each not in bars]),
            ]
        }

    def _appear(self) -> list[Animation]:
        rows = [row for group in self.groups for row in group]
        self._there = [*self.texts, *(each for row in rows for each in (row.bar, row.label))]
        return [FadeIn(each) for each in self._there]

    def _draw(self, rows: Sequence[BarRow]) -> list[Animation]:
        self.drawn += 1
        self._there += [row.number for row in rows]
        return [row.draw(rest=self.tracks) for row in rows]
