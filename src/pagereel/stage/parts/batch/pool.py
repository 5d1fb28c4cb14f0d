"""The pool of a running batch: page frames with their token slots, and its mask."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from manim import Animation, FadeIn, FadeOut, Indicate, LaggedStart

from pagereel.cache import Defer, Evict, Leave
from pagereel.stage.layout.places import Region, Spot, px
from pagereel.stage.layout.slots import pip_page
from pagereel.stage.parts.batch.course import first_step, seeks
from pagereel.stage.parts.batch.risers import arriving, vanishing
from pagereel.stage.parts.pool import RADIUS, FramePool, Kind
from pagereel.stage.parts.shapes import rounded_box
from pagereel.stage.parts.slots.look import FREE, Edge, PageLook, Paint, bar, empty
from pagereel.stage.parts.slots.page import SlotPage
from pagereel.stage.parts.steps import Stepped
from pagereel.stage.parts.text import FreeMask
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject, VMobject

    from pagereel.cache import Step
    from pagereel.stage.layout.slots import PagePlaces
    from pagereel.stage.part import Extent, Movements
    from pagereel.stage.parts.pool import Look
    from pagereel.stage.theme import Theme

_MOST_SLOTS = 8  # of a frame, that can be told apart
_AROUND = px(9)  # from a frame to its ring


class SlottedPool(Stepped, FramePool):
    """A pool whose frames show how many of their token slots are filled.

    Slots are left out where the tokens of tasks are not known, and where they would be too small. A
    frame that was just given back has a ring around it for as long as the engine's step lasts.

    Attributes
    ----------
    pages
        The frames.
    rings
        Frame -> the ring around it.
    """

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        size = told.initial.page_size or 0
        self._size = size if told.tokens and size <= _MOST_SLOTS else 0
        self._state, self._counts = told.initial, told.tokens.get(first_step(told) - 1, {})
        self.rings: dict[int, VMobject] = {}
        paint = Paint(theme, self._colors)
        self.pages = [
            SlotPage(self._page_places(frame), self._page_look(frame), paint)
            for frame in range(told.frames)
        ]

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Pages, marks, rings, bits and the labels."""
        pages = [shape for frame in range(self.told.frames) for shape in self.drawn(frame)]
        return [*pages, *self.rings.values(), self.bits, *self.labels]

    @property
    def shown(self) -> Any:
        """What the frames show, their bits, and how many slots of each are filled."""
        filled = tuple(sum(slot.holds for slot in page.look.slots) for page in self.pages)
        return *super().shown, filled

    def drawn(self, frame: int) -> Sequence[VMobject]:
        """Return what is drawn of a frame, from back to front."""
        mark = self.marks.get(frame)
        return [*self.pages[frame].mobjects, *([mark] if mark else [])]

    def begins(self, at: int) -> Movements:
        """Return the movements in which rings leave and the tokens of a step fill slots."""
        return {Phase.STEP: lambda: self._clear(at), Phase.TOKEN: self._turn}

    def show(self, change: Step) -> Movements:
        """Return the movements in which frames and bits change, as a riser arrives if one does."""
        begin = self.begin_with(change)
        phase = changes_in(change)
        if phase:
            return {**begin, phase: lambda: arriving(self._take(change))}
        if isinstance(change.event, Defer) and seeks(self.told, change):
            return {**begin, Phase.SLIDE: self._found}
        return begin

    def leave(self) -> Movements:
        """Return the movements in which it fades out, before what has fewer shapes."""
        return {Phase.END: lambda: vanishing(map(FadeOut, self.mobjects))}

    def calm(self) -> Movements:
        """Return the movement in which all rings leave."""
        return {Phase.CLOSE_UP: lambda: [FadeOut(self.rings.pop(frame)) for frame in [*self.rings]]}

    def _clear(self, at: int) -> list[Animation]:
        gone, self.rings = [*self.rings.values()], {}
        self._counts = {**self._counts, **self.told.tokens.get(at, {})}
        return [*map(FadeOut, gone)]

    def _turn(self) -> list[Animation]:
        """Return the movements in which pages come to show their looks and the tokens so far."""
        return [
            move
            for frame, page in enumerate(self.pages)
            for move in page.turn(self._page_look(frame))
        ]

    def _take(self, step: Step) -> list[Animation]:
        self._state = step.after
        return [*super()._take(step), *self._turn()]

    def _change(self, frame: int, before: Look) -> list[Animation]:  # noqa: ARG002 (pages know)
        moves: list[Animation] = []
        ring = self.rings.pop(frame, None)
        if ring:
            moves.append(FadeOut(ring))
        if self.looks[frame].kind is Kind.FREE:
            ring = self.rings[frame] = self._ring(frame)
            moves.append(FadeIn(ring))
        return moves

    def _found(self) -> list[Animation]:
        """Return the movement in which all bits are looked at, one after another."""
        looks = [Indicate(bit, scale_factor=1.5, color=self.theme.ink) for bit in self.bits]
        return [LaggedStart(*looks, lag_ratio=0.3)]

    def _mark(self, frame: int) -> VMobject | None:
        return super()._mark(frame) if self.looks[frame].kind is Kind.RESERVED else None

    def _ring(self, frame: int) -> VMobject:
        size = self.places.box + 2 * _AROUND
        ring = rounded_box(size, size, radius=px(16), color=self.theme.free, fill=0, line=3.5)
        return ring.move_to((*self.places.frame(frame), 0))

    def _page_places(self, frame: int) -> PagePlaces:
        (x, y), half = self.places.frame(frame), self.places.box / 2
        box = Region(x - half, y + half, x + half, y - half)
        page = pip_page(box, max(1, self._size))
        page = replace(page, radius=RADIUS * self.places.box)
        if self._size:
            return page
        cap = self.places.cap
        return replace(page, slots=(), number=Spot.at(x, y, cap, width=box.width, align=0))

    def _page_look(self, frame: int) -> PageLook:
        look, task, filled = self.looks[frame], "", 0
        if look.kind is Kind.HELD:
            task = look.tasks[0]
            page = self._state.tables[task].index(frame)
            filled = min(max(self._counts.get(task, 0) - page * self._size, 0), self._size)
        slots = [
            FREE if not task else bar(task) if n < filled else empty(task)
            for n in range(self._size)
        ]
        edge = Edge.DASHED if look.kind is Kind.CACHED else Edge.SOLID
        return PageLook(tuple(slots), look.tasks, str(frame), edge=edge)


class BatchMask(FreeMask):
    """The free mask: its digits change together with the bits. It is left out without a place."""

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """Prefix and literal, if there is a place for them."""
        return super().mobjects if self.prefix.cap else []

    def show(self, change: Step) -> Movements:
        """Return the movements by which its digits change."""
        roll = super().show(change)[Phase.FLIP]
        if not self.prefix.cap:
            roll()
            return {}
        phase = changes_in(change)
        return {phase: lambda: arriving(roll())} if phase else {}


def changes_in(step: Step) -> Phase | None:
    """Return in which phase an event changes the pool: as tasks leave, or as risers arrive."""
    if step.taken:
        return Phase.CONNECT
    return Phase.LEAVE if isinstance(step.event, Evict | Leave) else None
