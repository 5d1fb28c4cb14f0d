"""Memory rows: what requests reserve, filled as far as their tokens reach; and the knife.

The knife runs from left to right. Behind it each row is cut into pages: those with tokens turn from
what was done before into what is done now, those without are free.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from manim import Animation, Line, VGroup, VMobject, there_and_back

from pagereel.fast import stateless
from pagereel.stage.brand.field import Cell, free, held
from pagereel.stage.layout.places import Region, px
from pagereel.stage.part import Part
from pagereel.stage.parts.shapes import box_points, stroke
from pagereel.stage.parts.slots.hatching import Hatching
from pagereel.stage.promo.memory import Memory
from pagereel.stage.theme import mixed
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject

    from pagereel.stage.part import Movements
    from pagereel.stage.promo.memory import Row
    from pagereel.stage.theme import Theme

    _Sides = tuple[float, float, float, float]  # left, top, right, bottom

_GAPS = px(5), px(9)  # between page frames, side by side and below each other
_RADIUS = px(9)
_HATCHED, _BRIGHT = 0.35, 0.95  # how far hatching goes over into the rim of its row
_BLADE = px(14)  # by which the knife reaches over the rows
_DOT = px(5)
_KNIFE = px(4)


class MemoryRows(Part[Memory, object]):
    """A memory, row by row, before the knife, behind it, and while it runs."""

    def __init__(self, told: Memory, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.front = region.left - _GAPS[0]
        places = [self._place(row.frames[0] // told.columns) for row in told.rows]
        self.rows = [
            CutRow(row, place, told, theme) for row, place in zip(told.rows, places, strict=True)
        ]
        self.rest = Rest(self._place(len(told.rows)), told, theme)
        self.knife = Line(
            (self.front, region.top + _BLADE, 0),
            (self.front, region.bottom - _BLADE, 0),
            stroke_color=theme.free,
            stroke_width=stroke(_KNIFE / px(1)),
        )

    def _place(self, number: int) -> Region:
        rows = ceil(self.told.frames / self.told.columns)
        pitch = (self.region.height + _GAPS[1]) / rows
        top = self.region.top - number * pitch
        return Region(self.region.left, top, self.region.right, top - pitch + _GAPS[1])

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The rows, and what is left below them."""
        return [*self.rows, self.rest]

    @property
    def shown(self) -> tuple[tuple[str, int] | None, ...]:
        """By page frame: whose it is, and how many of its tokens are there; None: it is free."""
        found: list[tuple[str, int] | None] = [None] * self.told.frames
        for row in self.rows:
            for frame, tokens in zip(row.row.frames, row.fill, strict=True):
                place = row.cell(frame - row.row.frames[0])
                if tokens or self.front < place[2]:
                    found[frame] = (row.row.task, tokens)
        return tuple(found)

    def brighten(self) -> Movements:
        """Return the movement in which what holds no token grows bright, and dark again."""
        return {Phase.POINT: lambda: [Brighten(row) for row in self.rows]}

    def cut(self) -> Movements:
        """Return the movement in which the knife cuts all rows into pages."""
        return {Phase.LAY_OUT: lambda: [Cut(self)]}

    def cut_to(self, front: float) -> None:
        """Show all rows cut up to a place, in scene units."""
        self.front = front
        for row in (*self.rows, self.rest):
            row.cut_to(front)
        self.knife.move_to((front, self.knife.get_y(), 0))


class CutRow(VGroup):
    """A row: whole right of the knife, in pages left of it.

    Attributes
    ----------
    row
        What it shows.
    fill
        By page: how many tokens it has.
    """

    def __init__(self, row: Row, place: Region, memory: Memory, theme: Theme) -> None:
        self.row, self._place, size = row, place, memory.page_size
        self._columns, self._size = memory.columns, size
        pages = range(memory.columns)
        self.fill = [min(max(row.tokens - page * size, 0), size) for page in pages]
        before = held(theme, theme.before, row.number)
        after = held(theme, theme.after, row.number)
        inside, self._rim = free(theme).fill, before.rim
        self._background = theme.background
        self._level = place.left + place.width * row.tokens / (memory.columns * size)
        self.whole, self.tokens = _shape(inside), _shape(before.fill)
        self.hatching = Hatching(self._right_of(self._level), color=self._hatched(_HATCHED))
        self.pages, self.words = _shape(inside), _shape(after.fill)
        self.edges = _rim(before.rim), _rim(after.rim)  # over what is in them
        self.empty = _Free(free(theme))
        super().__init__(
            *(self.whole, self.hatching, self.tokens, self.edges[0]),
            *(self.pages, self.words, self.edges[1], self.empty),
        )
        self.cut_to(place.left)

    def cell(self, page: int) -> _Sides:
        """Return the edges of a page: left, top, right, bottom."""
        width = (self._place.width + _GAPS[0]) / self._columns
        left = self._place.left + page * width
        is_last = page == self._columns - 1
        right = self._place.right if is_last else left + width - _GAPS[0]
        return left, self._place.top, right, self._place.bottom

    def cut_to(self, front: float) -> None:
        """Show it cut up to a place."""
        place = self._place
        begin = min(max(front, place.left), place.right)
        right = [(begin, place.top, place.right, place.bottom)] if begin < place.right else []
        self.whole.fit(right)
        self.edges[0].fit(right)
        reach = [(begin, place.top, self._level, place.bottom)] if begin < self._level else []
        self.tokens.fit(reach)
        held_, words, empty = [], [], []
        reached = place.left  # the left edge of the page that is being cut
        for page, tokens in enumerate(self.fill):
            left, top, edge, bottom = self.cell(page)
            if front <= left:
                break
            reached = left if front < edge else edge
            end = min(front, edge)
            if tokens:
                held_.append((left, top, end, bottom))
                words.append(
                    (left, top, min(end, left + (edge - left) * tokens / self._size), bottom)
                )
            else:
                empty.append((left, top, end, bottom))
        # Pages are drawn over the hatching: it need not follow the knife in every image.
        self.hatching.fit(self._right_of(max(reached, self._level)))
        self.pages.fit(held_)
        self.edges[1].fit(held_)
        self.words.fit(words)
        self.empty.fit(empty, self.cell(0)[2] - self.cell(0)[0])

    def brighten(self, share: float) -> None:
        """Let the hatching be bright by a share, 0 to 1."""
        self.hatching.set_fill(self._hatched(_HATCHED + (_BRIGHT - _HATCHED) * share))

    def _hatched(self, share: float) -> str:
        return mixed(self._background, self._rim, share)

    def _right_of(self, left: float) -> Region:
        place = self._place
        return Region(left, place.top, place.right, place.bottom)


class Rest(VGroup):
    """What is left of the memory below the rows: too little for another one, and free when cut."""

    def __init__(self, place: Region, memory: Memory, theme: Theme) -> None:
        left = memory.frames - len(memory.rows) * memory.columns
        width = (place.width + _GAPS[0]) / memory.columns
        self._cells = [
            (
                place.left + page * width,
                place.top,
                place.left + (page + 1) * width - _GAPS[0],
                place.bottom,
            )
            for page in range(left)
        ]
        self.whole, self.empty = _shape(free(theme).fill, theme.line), _Free(free(theme))
        super().__init__(self.whole, self.empty)
        self.cut_to(place.left)

    def cut_to(self, front: float) -> None:
        """Show it cut up to a place."""
        if not self._cells:
            return
        (left, top, edge, bottom), right = self._cells[0], self._cells[-1][2]
        begin = max(front, left)
        self.whole.fit([(begin, top, right, bottom)] if begin < right else [])
        cut = [(a, t, min(front, b), u) for a, t, b, u in self._cells if a < front]
        self.empty.fit(cut, edge - left)


class _Free(VGroup):
    """Free page frames; a whole one has its dot."""

    def __init__(self, cell: Cell) -> None:
        self.boxes, self.dots = _shape(cell.fill, cell.rim), _shape(cell.dot)
        super().__init__(self.boxes, self.dots)

    def fit(self, boxes: Sequence[_Sides], width: float) -> None:
        """Show these; `width` is that of a whole one."""
        self.boxes.fit(boxes)
        middles = [
            ((left + right) / 2, (top + bottom) / 2)
            for left, top, right, bottom in boxes
            if right - left > width / 2
        ]
        self.dots.fit([(x - _DOT, y + _DOT, x + _DOT, y - _DOT) for x, y in middles])


@stateless
class Cut(Animation):
    """The knife runs from left to right, and is gone."""

    def __init__(self, rows: MemoryRows, **kwargs: Any) -> None:
        self._rows = rows
        moved = VGroup(*rows.rows, rows.rest, rows.knife)
        super().__init__(moved, **kwargs)

    def create_starting_mobject(self) -> Mobject:
        """Return the mobject itself: a copy is of no use."""
        return cast("Mobject", self.mobject)

    def interpolate_mobject(self, alpha: float) -> None:
        """Cut up to a share of the width, 0 to 1."""
        region, share = self._rows.region, self.rate_func(alpha)
        ends = region.left - _GAPS[0], region.right + _GAPS[0]
        self._rows.cut_to(ends[0] + (ends[1] - ends[0]) * share)

    def clean_up_from_scene(self, scene: Any) -> None:
        """Take the knife away, and leave the rows."""
        super().clean_up_from_scene(scene)
        scene.remove(self.mobject)
        scene.add(*self._rows.mobjects)


@stateless
class Brighten(Animation):
    """The hatching of a row grows bright once."""

    def __init__(self, row: CutRow, **kwargs: Any) -> None:
        self._row = row
        super().__init__(row, rate_func=there_and_back, **kwargs)

    def create_starting_mobject(self) -> Mobject:
        """Return the row itself: a copy is of no use."""
        return self._row

    def interpolate_mobject(self, alpha: float) -> None:
        """Let it be bright by a share, 0 to 1."""
        self._row.brighten(self.rate_func(alpha))


class _Boxes(VMobject):
    """Boxes with round corners, as one shape."""

    def __init__(self, **style: Any) -> None:
        super().__init__(**style)
        self._fitted: Sequence[_Sides] = []

    def fit(self, boxes: Sequence[_Sides]) -> None:
        """Be these boxes: left, top, right and bottom of each."""
        if boxes != self._fitted:  # most of them are not at the knife
            self._fitted = boxes
            self.set_points(box_points(np.array(boxes).reshape(-1, 4), _RADIUS))


def _shape(fill: str, rim: str | None = None) -> _Boxes:
    shape = _Boxes(fill_color=fill, fill_opacity=1, stroke_width=0)
    return shape.set_stroke(rim, width=stroke(2)) if rim else shape


def _rim(color: str) -> _Boxes:
    return _Boxes(stroke_color=color, stroke_width=stroke(2))
