"""The close part's rows: those of PagedCache, of which one opens into its tokens."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from manim import (
    Animation,
    FadeIn,
    FadeOut,
    Group,
    ManimColor,
    RoundedRectangle,
    Transform,
    VGroup,
)

from pagereel.stage.layout.places import MIN_CAP, Anchor, Region, Spot, px
from pagereel.stage.layout.slots import SlotPlace, Style, row_of
from pagereel.stage.parts.connector import Connector
from pagereel.stage.parts.rows import TaskRows
from pagereel.stage.parts.shapes import rounded_box
from pagereel.stage.parts.slots.cell import SlotCell
from pagereel.stage.parts.slots.look import Paint, empty, word
from pagereel.stage.text.fonts import say
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject

    from pagereel.cache.lookup import Address, Context
    from pagereel.stage.layout.lanes import RowsPlaces
    from pagereel.stage.part import Extent, Movements
    from pagereel.stage.parts.rows import TaskRow
    from pagereel.stage.theme import Theme

_GAP = px(30)  # between pages
_PAD, _BETWEEN = px(9), px(6)  # around tokens, and between them
_TALLEST = px(100)
_RADIUS = px(12)
_INSIDE = 0.4  # so much is left of what fills a box that steps back
_TEXT = 5.5  # contrast of a text that does
_LABEL, _TOKEN = px(26), px(34)
_SMALL = 0.2  # of a token that comes out of its page
_LIT_LINE = 5.5


class OpeningRows(TaskRows):
    """Task rows of which one can open into its tokens, while the others step back.

    Attributes
    ----------
    opened
        The row that is open; None if none is.
    """

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.opened: OpenRow | None = None
        self._back: dict[Mobject, Mobject] = {}  # what has stepped back, and how it looked

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The parts of all rows, and the tokens of the row that is open."""
        return [*super().mobjects, *(self.opened.mobjects if self.opened else [])]

    @property
    def shown(self) -> Any:
        """Task -> the frames that its pages point to; and what the open row says."""
        return super().shown, self.opened.shown if self.opened else None

    def open(self, context: Context) -> Movements:
        """Return the movement in which a task's row opens into its tokens; the others step back."""

        def widen() -> list[Animation]:
            row = self.rows[context.task]
            tables = {task: other.frames for task, other in self.rows.items()}
            ends = [*filter(None, self._ends(row, tables))]
            self.opened = OpenRow(row, context, self.places, self.theme, ends)
            others = [other for other in self.rows.values() if other is not row]
            return [*self._step_back(others), *self.opened.open()]

        return {Phase.SLIDE: widen}

    def close(self, *, lines: bool = True) -> Movements:
        """Return the movement in which the open row closes, and all rows stand out again.

        Parameters
        ----------
        lines
            Whether the connectors of the other rows come again.
        """

        def narrow() -> list[Animation]:
            hidden = [] if lines else [c for row in self.rows.values() for c in row.connectors]
            moves: list[Animation] = [
                Transform(shape, old) for shape, old in self._back.items() if shape not in hidden
            ]
            moves += self.opened.close() if self.opened else []
            self._back, self.opened = {}, None
            return moves

        return {Phase.SLIDE: narrow}

    def ask(self, address: Address, *, page: bool = False) -> Movements:
        """Return the movement in which a token stands out; with `page`, its page and connector."""
        return {Phase.POINT: lambda: self.opened.ask(address, page=page) if self.opened else []}

    def hand_over(self) -> dict[str, TaskRow]:
        """Return all rows, which another part goes on with: this one has none any more."""
        rows, self.rows = self.rows, {}
        return rows

    def _step_back(self, rows: Sequence[TaskRow]) -> list[Animation]:
        moves: list[Animation] = []
        for row in rows:
            for shape in row.mobjects:
                self._back[shape] = shape.copy()
                gone = shape in row.connectors
                quiet = shape.copy().fade(1) if gone else _quiet(shape, self.theme)
                moves.append(Transform(shape, quiet))
        return moves


class OpenRow:
    """A row whose pages are as wide as their tokens need.

    Parameters
    ----------
    row
        The row.
    context
        Its task's tokens and page table.
    places
        Where rows stand.
    theme
        The colours.
    ends
        Where its connectors end.

    Attributes
    ----------
    cells
        The token slots, by position.
    asked
        What stands out: a position, and whether its page does, too.
    """

    def __init__(
        self,
        row: TaskRow,
        context: Context,
        places: RowsPlaces,
        theme: Theme,
        ends: Sequence[Anchor],
    ) -> None:
        self._row, self._context, self._theme, self._top = row, context, theme, places.top
        self._color, self._ends = row.color, ends
        self._boxes = _pages(row, places, len(context.table))
        self._before = [each.copy() for each in (*row.pages, *row.connectors)]
        self.asked: tuple[int, bool] | None = None
        size, slots = context.size, range(len(context.table) * context.size)
        paint = Paint(theme, {context.task: self._color})
        self._homes = [row.pages[at // size].get_center() for at in slots]
        self.cells = [
            SlotCell(
                place,
                word(context.tokens[at], context.task)
                if at < len(context.tokens)
                else empty(context.task),
                paint,
            )
            for at, place in enumerate(
                place for box in self._boxes for place in _tokens(box, context.size)
            )
        ]

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The tokens."""
        return [shape for cell in self.cells for shape in cell.mobjects]

    @property
    def shown(self) -> tuple[tuple[str, ...], int | None, bool]:
        """The tokens, the position that stands out, and whether its page does, too."""
        at, page = self.asked or (None, False)
        return tuple(cell.slot.says for cell in self.cells if cell.slot.says), at, page

    def open(self) -> list[Animation]:
        """Return the movements in which pages widen, and tokens come out of them."""
        tokens = [
            FadeIn(Group(*cell.mobjects), target_position=home, scale=_SMALL)
            for cell, home in zip(self.cells, self._homes, strict=True)
        ]
        return [*self._show(), *tokens]

    def close(self) -> list[Animation]:
        """Return the movements in which it becomes a row of pages again."""
        shapes = (*self._row.pages, *self._row.connectors)
        tokens = [
            FadeOut(Group(*cell.mobjects), target_position=home, scale=_SMALL)
            for cell, home in zip(self.cells, self._homes, strict=True)
        ]
        return [
            *tokens,
            *(Transform(shape, old) for shape, old in zip(shapes, self._before, strict=True)),
        ]

    def ask(self, address: Address, *, page: bool = False) -> list[Animation]:
        """Return the movements in which a token stands out; with `page`, its page, too."""
        self.asked = address.position, page
        cell = self.cells[address.position]
        lit = cell.turn(replace(cell.slot, lit=True))
        return [*lit, *(self._show() if page else [])]

    def _show(self) -> list[Animation]:
        """Return the movements of pages and connectors: that which stands out comes to do so."""
        lit = self.asked[0] // self._context.size if self.asked and self.asked[1] else None
        moves: list[Animation] = []
        for number, (page, line) in enumerate(
            zip(self._row.pages, self._row.connectors, strict=True)
        ):
            quiet = lit not in (None, number)
            color = self._theme.quiet(self._color) if quiet else self._color
            box = self._boxes[number]
            moves.append(Transform(page, self._page(number, color, lit=lit == number)))
            x = self._start(box)
            start = Anchor((x, box.top), ((x, self._top),))
            end, background = self._ends[number], self._theme.background
            new = Connector(start, end, color=color, background=background)
            moves.append(Transform(line, new))
        return moves

    def _start(self, box: Region) -> float:
        """Return where a connector leaves a page: beside its name."""
        name = box.left + text_width(say("page {}", 0), Face.SERIF) * _LABEL + px(24)
        return min(max(box.center[0], name), box.right - _RADIUS)

    def _page(self, number: int, color: str, *, lit: bool) -> VGroup:
        box, theme = self._boxes[number], self._theme
        ground = rounded_box(
            box.width,
            box.height,
            radius=_RADIUS,
            color=color,
            fill=0,  # tokens on it have to be legible
            line=_LIT_LINE if lit else 3,
        )
        ink = theme.ink if lit else theme.dim
        label = Label(say("page {}", number), Face.SERIF, cap=_LABEL, color=ink)
        label.put(box.left + px(4), box.top + px(12) + _LABEL / 2, -1)
        return VGroup(ground.move_to((*box.center, 0)), label)


def _quiet(shape: Mobject, theme: Theme) -> Mobject:
    """Return what something looks like that steps back, and can still be read."""
    found = shape.copy()
    for part in found.get_family():
        if isinstance(part, Label):
            part.set_fill(theme.quiet(part.get_fill_color().to_hex(), _TEXT))
        elif isinstance(part, RoundedRectangle):
            color = part.get_stroke_color() or ManimColor(theme.outline)
            part.set_stroke(theme.quiet(color.to_hex()))
            part.set_fill(opacity=_INSIDE * part.get_fill_opacity())
    return found


def _pages(row: TaskRow, places: RowsPlaces, count: int) -> tuple[Region, ...]:
    """Return the places of a row's pages while it is open: they fill the width."""
    x, y = places.page_centre(row.index, 0)
    half = min(_TALLEST, 0.8 * places.row_pitch, 1.2 * places.page) / 2
    whole = Region(x - places.page / 2, y + half, places.right, y - half)
    return row_of(whole, count, columns=count, gap=_GAP)


def _tokens(box: Region, size: int) -> list[SlotPlace]:
    """Return the places of a page's tokens."""
    inside = Region(box.left + _PAD, box.top - _PAD, box.right - _PAD, box.bottom + _PAD)
    found = []
    for number, cell in enumerate(row_of(inside, size, columns=size, gap=_BETWEEN)):
        cap = max(MIN_CAP, min(_TOKEN, 0.45 * cell.height))
        spot = Spot.at(*cell.center, cap, width=cell.width, align=0)
        found.append(SlotPlace(cell, spot, Style.TILE, number))
    return found
