"""A page or page frame with its token slots, in whichever shape its places say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from manim import (
    Animation,
    FadeIn,
    FadeOut,
    Line,
    RoundedRectangle,
    Transform,
    there_and_back_with_pause,
)

from pagereel.stage.layout.slots import Style
from pagereel.stage.parts.shapes import dashed, rounded_box, striped, stroke
from pagereel.stage.parts.slots.cell import DIGITS, TEXT, SlotCell
from pagereel.stage.parts.slots.look import Edge, PageLook
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import VMobject

    from pagereel.stage.layout.places import Point, Spot
    from pagereel.stage.layout.slots import PagePlaces
    from pagereel.stage.parts.slots.look import Paint

_KEPT = 0.35  # of its fill, on a page that nobody holds any more
_DIMMED = 0.6  # of its fill, on a page that steps back
_FREE_FILL = 0.1
_PILL = 1.7  # height of the pill behind a note, in heights of a capital


class SlotPage:
    """A page that shows a `PageLook`.

    Parameters
    ----------
    places
        Where everything of it stands.
    look
        What it shows at first.
    paint
        The colours.
    first
        The number of its first slot, where slots have numbers.

    Attributes
    ----------
    look
        What it shows.
    cells
        Its slots.
    """

    def __init__(self, places: PagePlaces, look: PageLook, paint: Paint, *, first: int = 0) -> None:
        self.places, self.look = places, look
        self._theme, self._colors, self._first = paint.theme, paint.tasks, first
        self.box = self._box()
        self._dashes = self._dashed()
        self._pill, self._number, self._note = self._pill_shape(), self._name(), self._said()
        self._rules = [self._rule(ends) for ends in places.rules]
        self._indexes = [self._index(number) for number in range(len(places.indexes))]
        self.cells = [
            SlotCell(place, slot, paint, dim=look.dim)
            for place, slot in zip(places.slots, look.slots, strict=True)
        ]

    @property
    def mobjects(self) -> Sequence[VMobject]:
        """All of it, from back to front."""
        drawn = [self._dashes, *self._rules, self._pill, self._number, self._note]
        bodies = [cell.body for cell in self.cells]
        contents = [cell.content for cell in self.cells]
        return [
            self.box,
            *(shape for shape in (*drawn, *bodies, *self._indexes, *contents) if shape),
        ]

    def turn(self, look: PageLook) -> list[Animation]:
        """Return the movements by which it comes to show another look: what is alike stays."""
        before, self.look = self.look, look
        moves = [] if replace(look, slots=before.slots) == before else self._reframe(before)
        moves += [
            Transform(label, self._index(number))
            for number, label in enumerate(self._indexes)
            if _index_look(look, number) != _index_look(before, number)
        ]
        for cell, slot in zip(self.cells, look.slots, strict=True):
            moves += cell.turn(slot, dim=look.dim)
        return moves

    def blink(self, index: int) -> list[Animation]:
        """Return the movements in which a slot lights up, and goes out again."""
        before, slot = self.look, self.look.slots[index]
        moves = self.turn(before.with_slot(index, replace(slot, lit=True)))
        self.turn(before)
        for move in moves:
            move.rate_func = there_and_back_with_pause
        return moves

    def _reframe(self, before: PageLook) -> list[Animation]:
        """Return the movements by which all of it but the slots comes to show its look."""
        look = self.look
        moves: list[Animation] = [Transform(self.box, self._box())]
        old, self._dashes = self._dashes, self._dashed()
        moves += _replaced(old, self._dashes)
        moves += [
            Transform(line, self._rule(ends))
            for line, ends in zip(self._rules, self.places.rules, strict=True)
        ]
        self._number, changed = _relabelled(self._number, self._name())
        moves += changed
        if self._pill and (look.note, look.note_lit) != (before.note, before.note_lit):
            moves.append(Transform(self._pill, self._pill_shape()))
        self._note, changed = _relabelled(self._note, self._said())
        return [*moves, *changed]

    def to(self, places: PagePlaces) -> list[Animation]:
        """Return the movements by which it takes other places, for as many slots."""
        self.places = places
        moves: list[Animation] = [Transform(self.box, self._box())]
        if self._dashes:
            moves.append(Transform(self._dashes, self._dashed()))
        for old, new in ((self._number, self._name()), (self._note, self._said())):
            if old and new:
                moves.append(Transform(old, new))
        if self._pill:
            moves.append(Transform(self._pill, self._pill_shape()))
        moves += [
            Transform(line, self._rule(ends))
            for line, ends in zip(self._rules, places.rules, strict=True)
        ]
        moves += [
            Transform(label, self._index(number)) for number, label in enumerate(self._indexes)
        ]
        for cell, place in zip(self.cells, places.slots, strict=True):
            moves += cell.to(place)
        return moves

    def slot(self, index: int) -> Point:
        """Return the middle of a slot, or of the place of its word where that is a line."""
        spot = self.places.slots[index].word
        return spot.center[0], spot.y

    @property
    def top(self) -> Point:
        """The middle of its upper edge."""
        return self.places.box.center[0], self.places.box.top

    @property
    def bottom(self) -> Point:
        """The middle of its lower edge."""
        return self.places.box.center[0], self.places.box.bottom

    @property
    def left(self) -> Point:
        """The middle of its left edge."""
        return self.places.box.left, self.places.box.center[1]

    @property
    def right(self) -> Point:
        """The middle of its right edge."""
        return self.places.box.right, self.places.box.center[1]

    def _tones(self) -> list[str]:
        """Return the colours of its outline, from left to right."""
        look, theme = self.look, self._theme
        free = theme.line if look.dim else theme.free if look.fresh else theme.outline
        tones = [self._colors[task] for task in look.holders] or [free]
        if look.dim and look.holders:
            return [theme.quiet(tone) for tone in tones]
        return [theme.ink] if look.lit and not look.holders else tones

    def _fill(self) -> float:
        look, theme = self.look, self._theme
        if self.places.style is Style.TILE or look.edge is Edge.NONE:
            return 0.0
        if not look.holders:
            return _FREE_FILL if self.places.style is Style.PIP else 0.0
        pale = look.pale or self.places.style is Style.LINE
        fill = theme.page_fill if pale else theme.frame_fill
        fill *= _KEPT if look.edge is Edge.DASHED else 1
        return fill * (_DIMMED if look.dim else 1)

    def _box(self, *, fill: float | None = None) -> RoundedRectangle:
        look, region, tones = self.look, self.places.box, self._tones()
        width = 2.5 if not look.holders else 3.5
        box = rounded_box(
            round(region.width, DIGITS),
            round(region.height, DIGITS),
            radius=round(self.places.radius, DIGITS),
            color=tones[0],
            fill=self._fill() if fill is None else fill,
            line=width + 2 if look.lit else width,
        )
        if len(tones) > 1:
            striped(box, tones, self._fill())
        if look.edge is not Edge.SOLID:
            box.set_stroke(opacity=0)  # there is none, or the dashes are its outline
        return box.move_to((*region.center, 0))

    def _dashed(self) -> VMobject | None:
        if self.look.edge is not Edge.DASHED:
            return None
        return dashed(self._box(fill=0).set_stroke(opacity=1))

    def _rule(self, ends: tuple[Point, Point]) -> Line:
        (x0, y0), (x1, y1) = ends
        theme, tones = self._theme, self._tones()
        color = theme.quiet(tones[0], 1.9) if self.look.holders else theme.line
        # On a page that no task holds, the number stands alone: a line would part it from nothing.
        seen = float(bool(self.look.holders) or self.places.style is not Style.CELL)
        line = Line((x0, y0, 0), (x1, y1, 0), stroke_color=color, stroke_width=stroke(1.5))
        return line.set_stroke(opacity=seen)

    def _name(self) -> Label | None:
        spot, look, theme = self.places.number, self.look, self._theme
        if spot is None or not look.number:
            return None
        above = spot.y > self.places.box.top
        if self.places.style is Style.CELL and not look.note and spot.align == 0:
            spot = replace(spot, y=self.places.box.center[1])  # alone on its spine
        color = theme.ink if look.lit or (look.holders and not above) else theme.dim
        return self._label(look.number, spot, theme.free if look.fresh else color)

    def _said(self) -> Label | None:
        spot, look, theme = self.places.note, self.look, self._theme
        if spot is None or not look.note:
            return None
        color = theme.ink if look.holders else theme.free
        return self._label(look.note, spot, theme.background if look.note_lit else color)

    def _label(self, text: str, spot: Spot, color: str) -> Label:
        if self.look.dim:
            color = self._theme.quiet(color, TEXT)
        return Label(text, Face.SERIF, cap=spot.cap, color=color, width=spot.width).put_in(spot)

    def _pill_shape(self) -> RoundedRectangle | None:
        """Return what is behind the note and seen only while that is lit."""
        spot, look = self.places.note, self.look
        if spot is None:
            return None
        high = _PILL * spot.cap
        text = text_width(look.note, Face.SERIF) * spot.cap if look.note else spot.width
        width = min(spot.width, text) + 0.9 * spot.cap
        color, seen = self._theme.ink, float(look.note_lit)
        pill = rounded_box(width, high, radius=high / 2, color=color, fill=seen, line=0)
        x = spot.x - spot.align * (width / 2 - 0.45 * spot.cap)
        return pill.set_stroke(width=0).move_to((x, spot.y, 0))

    def _index(self, number: int) -> Label:
        spot, slot = self.places.indexes[number], self.look.slots[number]
        color = self._theme.background if slot.lit else self._theme.dim
        if self.look.dim:
            color = self._theme.quiet(color, TEXT)
        label = Label(str(self._first + number), Face.MONO, cap=spot.cap, color=color)
        return label.put_in(spot)


def _index_look(look: PageLook, number: int) -> tuple[bool, bool]:
    return look.slots[number].lit, look.dim


def _relabelled(old: Label | None, new: Label | None) -> tuple[Label | None, list[Animation]]:
    """Return the label to keep, and the movements by which the old one becomes the new one."""
    if old and new and old.text == new.text:
        return old, [Transform(old, new)]
    return new, _replaced(old, new)


def _replaced(old: VMobject | None, new: VMobject | None) -> list[Animation]:
    moves: list[Animation] = []
    if old:
        moves.append(FadeOut(old))
    if new:
        moves.append(FadeIn(new))
    return moves
