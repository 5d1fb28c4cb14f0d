"""The memory meter: every slot of a memory as a piece of one bar, sorted, and three numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Animation, FadeIn, FadeOut, VGroup

from pagereel.stage.layout.meter import SWATCH, meter_in, rows_in
from pagereel.stage.layout.places import Region, px
from pagereel.stage.part import Extent, Part
from pagereel.stage.parts.memory.bar import Bar, Piece, Texture
from pagereel.stage.parts.memory.bars import BarRow, row_sizes
from pagereel.stage.parts.memory.use import Use, paged_use, writing
from pagereel.stage.parts.shapes import rounded_box
from pagereel.stage.parts.slots.hatching import Hatching
from pagereel.stage.text.label import Label, Rolling, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from manim import Mobject

    from pagereel.cache import Step
    from pagereel.stage.layout.bars import RowPlaces
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_WORDS = ("hold tokens", "reserved, empty", "free")
_BRIEF = ("tokens", "empty", "free")
_ROWS = ("in pages", "reserved")  # what the bar is called beside the one it is compared with
_AFTER = 0.5  # between a sign, its number and its words, in heights of a capital
_FREE = "free"
_SWATCH_FILL = 0.65


class MemoryMeter(Part[Extent, "Step"]):
    """How many slots hold a token, are set aside and empty, and are free.

    Attributes
    ----------
    use
        What the memory holds, as it is shown.
    """

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.use = paged_use(told, told.earlier[-1] if told.earlier else None)
        self._slots = self.use.size * self.use.pages
        digits = text_width("0" * len(str(self._slots)), Face.SERIF)
        self.places = meter_in(region, self._widths(_WORDS, digits))
        self.bar = self._bar(self.use, self.places.bar)
        self._digits = digits
        self._words = [*map(self._word, range(len(_WORDS)))]
        self._signs = [*map(self._sign, range(len(_WORDS)))]
        self.numbers = Rolling([*map(str, self.use.counts)], self._number)
        self.rows: list[BarRow] = []
        self._places: list[RowPlaces] = []

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The bar with its legend, or the rows."""
        if self.rows:
            return [mobject for row in self.rows for mobject in row.mobjects]
        return [self.bar, *self._signs, self.numbers, *self._words]

    @property
    def shown(self) -> tuple[dict[str, int], dict[str, int], tuple[int, ...]]:
        """Task -> its tokens; task -> its empty slots; and the three numbers."""
        lengths = {piece.key: int(piece.length) for piece in self.bar.pieces}
        tokens, empty = (
            {task: lengths[kind, task] for task in self.use.tables} for kind in ("tokens", "empty")
        )
        return tokens, empty, tuple(map(int, self.numbers.texts))

    def enter(self) -> Movements:
        """Return the movement in which it appears."""
        return {Phase.LABEL: lambda: [FadeIn(each) for each in self.mobjects]}

    def show(self, change: Step) -> Movements:
        """Return the movements in which it comes to show the pages after a step."""
        return self.become(paged_use(self.told, change))

    def become(self, use: Use) -> Movements:
        """Return the movements in which slots are set aside or given back, then written."""
        before = self.use
        taken = use.taken(before)
        moves = {}
        if {**use.tables} != {**before.tables} or use.size != before.size:
            moves[Phase.FLIP] = lambda: self._change(taken)
        if {**use.tokens} != {**taken.tokens}:
            moves[writing(before, use)] = lambda: self._change(use)
        return moves

    def stress(self, entry: int | None) -> Movements:
        """Return the movement in which one entry of the legend stands out, or none does any more.

        Parameters
        ----------
        entry
            0 for what holds tokens, 1 for what is empty, 2 for what is free.
        """
        theme = self.theme
        return {
            Phase.FLIP: lambda: [
                word.animate.set_fill(theme.ink if at == entry else theme.dim).build()
                for at, word in enumerate(self._words)
            ]
        }

    def shrink(self) -> Movements:
        """Return the movement in which the legend leaves and the bar becomes a row."""
        return {Phase.CONNECT: self._shrink}

    def compare(self, other: Use) -> Movements:
        """Return the movement in which a row is drawn below, for the same slots used otherwise.

        Parameters
        ----------
        other
            What the memory would hold where each request reserves for the longest one.
        """
        return {Phase.SLIDE: lambda: self._compare(other)}

    def _change(self, use: Use) -> list[Animation]:
        self.use = use
        return [self.bar.grow(self._lengths(use)), *self.numbers.roll([*map(str, use.counts)])]

    def _shrink(self) -> list[Animation]:
        self._places = rows_in(
            self.region, [row_sizes(*self._texts(name, self.use)) for name in _ROWS]
        )
        row = BarRow(self._places[0], self._texts(_ROWS[0], self.use), self.bar, theme=self.theme)
        legend = [*self._signs, self.numbers, *self._words]
        self.rows = [row]
        return [
            *map(FadeOut, legend),
            self.bar.to(self._places[0].bar),
            FadeIn(row.label),
            FadeIn(row.number),
        ]

    def _compare(self, other: Use) -> list[Animation]:
        place = self._places[1]
        bar = self._bar(other, place.bar)
        row = BarRow(place, self._texts(_ROWS[1], other), bar, theme=self.theme)
        self.rows.append(row)
        return [FadeIn(row.label), row.draw(rest=False)]

    @staticmethod
    def _texts(label: str, use: Use) -> tuple[str, str, str]:
        return label, "", f"{use.counts[0]} tokens"

    def _bar(self, use: Use, place: Region) -> Bar:
        lengths, theme = self._lengths(use), self.theme
        colors = theme.colored(self.told.colors)
        kinds = (("tokens", Texture.SOLID), ("empty", Texture.HATCHED))
        pieces = [
            Piece((kind, task), lengths.get((kind, task), 0), texture, color)
            for kind, texture in kinds
            for task, color in colors.items()
        ]
        pieces.append(Piece(_FREE, lengths[_FREE], Texture.FREE, theme.outline))
        return Bar(place, pieces, total=self._slots)

    @staticmethod
    def _lengths(use: Use) -> dict[Hashable, float]:
        kinds = {"tokens": use.tokens, "empty": use.empty}
        found: dict[Hashable, float] = {
            (kind, task): number
            for kind, numbers in kinds.items()
            for task, number in numbers.items()
        }
        return {**found, _FREE: use.counts[2]}

    @staticmethod
    def _widths(words: Sequence[str], digits: float) -> list[float]:
        around = SWATCH + 2 * _AFTER + digits
        return [around + text_width(each, Face.SERIF) for each in words]

    def _number(self, entry: int, text: str) -> Label:
        spot = self.places.legend[entry]
        right = spot.x + (SWATCH + _AFTER + self._digits) * spot.cap
        return Label(text, Face.SERIF, cap=spot.cap, color=self.theme.ink).put(right, spot.y, 1)

    def _word(self, entry: int) -> Label:
        spot = self.places.legend[entry]
        text = (_BRIEF if self.places.brief else _WORDS)[entry]
        left = spot.x + (SWATCH + 2 * _AFTER + self._digits) * spot.cap
        return Label(text, Face.SERIF, cap=spot.cap, color=self.theme.dim).put(left, spot.y, -1)

    def _sign(self, entry: int) -> VGroup:
        """Return what a kind of slot looks like, without the colour of a task."""
        spot, color = self.places.legend[entry], self.theme.outline
        size = SWATCH * spot.cap
        place = Region(spot.x, spot.y + size / 2, spot.x + size, spot.y - size / 2)
        fill = _SWATCH_FILL if entry == 0 else 0.0
        box = rounded_box(
            size, size, radius=px(6), color=self.theme.dim if fill else color, fill=fill, line=2
        )
        box.move_to((place.left + size / 2, spot.y, 0))
        hatched = [Hatching(place, color=color, radius=px(6))] if entry == 1 else []
        return VGroup(*hatched, box)
