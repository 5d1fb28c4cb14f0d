"""Cells of a page table: one for each page, with the number of its frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Animation, RoundedRectangle, Transform, VGroup

from pagereel.stage.layout.path_to_slot import CellsPlaces, StripNeed
from pagereel.stage.layout.places import Anchor, px
from pagereel.stage.layout.slots import row_of
from pagereel.stage.part import Extent, Part
from pagereel.stage.parts.lookup.acts import Act, CountLookUps, EndReading, LookUp, ReadPage
from pagereel.stage.parts.lookup.facts import context_of
from pagereel.stage.parts.shapes import rounded_box
from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face
from pagereel.stage.theme import mixed
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject

    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Anchors, Movements
    from pagereel.stage.theme import Theme

_CAP = px(36)
_RADIUS = px(9)
_LINE, _LIT_LINE = 3.0, 5.0  # pixels: outlines
_GAP = px(24)
_BACK = 6.0  # contrast to the background of a number that steps back: to its cell it is 5
_AIR = px(2.5)  # between a cell's edge and a line: the line's halo leaves the outline alone


class PageTableCells(Part[Extent, Act]):
    """The page table of the task that is asked about, a cell for each page.

    Its points: `cell`, above and below the cell of a page.

    Attributes
    ----------
    boxes, numbers
        The cells, and the frames' numbers in them, by page.
    lit
        The page whose cell stands out.
    """

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        context = context_of(told)
        self.table = context.table
        pages = len(self.table)
        if isinstance(region, CellsPlaces):
            self.places, spots = region.cells, region.label
        else:
            self.places, spots = row_of(region, pages, columns=pages, gap=_GAP), ()
        self._color = theme.tasks[told.colors[context.task]]
        self.lit: int | None = None
        self.boxes = [self._box(page) for page in range(pages)]
        self.numbers = [self._number(page) for page in range(pages)]
        words = ("page", "table") if len(spots) > 1 else ("page table",)
        self.label = VGroup(
            *(
                Label(says, Face.SERIF, cap=spot.cap, color=theme.dim, width=spot.width).put_in(
                    spot
                )
                for says, spot in zip(words, spots, strict=False)
            )
        )

    @classmethod
    def need(cls, told: Extent) -> StripNeed:
        """Return how many pages it has."""
        context = context_of(told)
        return StripNeed(pages=len(context.table), size=context.size)

    @property
    def points(self) -> Anchors:
        """The points above and below the cell of a page, as one: `cell(page, above=True)`."""
        return {"cell": self._edge}

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Cells, numbers and the label."""
        return [*self.boxes, *self.numbers, self.label]

    @property
    def shown(self) -> tuple[tuple[int, ...], int | None]:
        """The frames' numbers, by page, and the page whose cell stands out."""
        return tuple(int(label.text) for label in self.numbers), self.lit

    def show(self, change: Act) -> Movements:
        """Return the movements in which a cell lights up, and the others step back for a path."""
        match change:
            case LookUp(address):
                return {Phase.JOIN: lambda: self._light(address.page, dim=True)}
            case ReadPage(page):
                return {Phase.POINT: lambda: self._light(page)}
            case CountLookUps():
                return {Phase.LEAVE: lambda: self._light(None)}
            case EndReading():
                return {Phase.POINT: lambda: self._light(None)}
            case _:
                return {}

    def _light(self, page: int | None, *, dim: bool = False) -> list[Animation]:
        self.lit = page
        moves: list[Animation] = []
        for number in range(len(self.table)):
            back = dim and number != page
            moves += [
                Transform(self.boxes[number], self._box(number, dim=back)),
                Transform(self.numbers[number], self._number(number, dim=back)),
            ]
        return moves

    def _box(self, page: int, *, dim: bool = False) -> RoundedRectangle:
        place, lit, theme = self.places[page], page == self.lit, self.theme
        color = theme.quiet(self._color) if dim else self._color
        line = _LIT_LINE if lit else _LINE
        box = rounded_box(place.width, place.height, radius=_RADIUS, color=color, fill=1, line=line)
        shade = theme.frame_fill if lit else theme.page_fill / (2 if dim else 1)
        box.set_fill(mixed(theme.background, self._color, shade))
        return box.move_to((*place.center, 0))

    def _number(self, page: int, *, dim: bool = False) -> Label:
        place, theme = self.places[page], self.theme
        color = theme.quiet(theme.ink, _BACK) if dim else theme.ink
        return Label(str(self.table[page]), Face.MONO, cap=_CAP, color=color).put_in(
            place.line(_CAP, 0)
        )

    def _edge(self, page: int, *, above: bool) -> Anchor:
        place = self.places[page]
        y = place.top + _AIR if above else place.bottom - _AIR
        return Anchor((place.center[0], y))
