"""The close part's pool: frames with their token slots, and how many tasks hold each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from manim import Animation, FadeIn, Group

from pagereel.cache import Arrive
from pagereel.stage.layout.places import MIN_CAP, Region, Spot, px
from pagereel.stage.layout.slots import pip_page
from pagereel.stage.parts.batch.pool import SlottedPool
from pagereel.stage.parts.batch.risers import arriving
from pagereel.stage.parts.pool import RADIUS, Kind
from pagereel.stage.parts.slots.look import TIMES, bar
from pagereel.stage.text.fonts import say
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from manim import Mobject

    from pagereel.cache import Step
    from pagereel.cache.lookup import Address
    from pagereel.stage.layout.slots import PagePlaces
    from pagereel.stage.part import Movements
    from pagereel.stage.parts.slots.look import PageLook

_NUMBER = 0.13  # height of its middle over that of its box, in the box's sides; with a note
_LOOSE, _TIGHT = (0.29, -0.06), (0.32, 0.0)  # those of both; where the box is small
_SMALL = px(130)  # there is no room around notes in a smaller box
_LARGEST, _CAPS = (px(42), px(28)), (0.26, 0.17)  # of numbers and notes; the latter in sides


class ClosePool(SlottedPool):
    """A pool whose frames say how many tasks hold them; cached ones keep their tokens.

    Attributes
    ----------
    address
        The token whose slot stands out.
    """

    address: Address | None = None
    _quiet: Collection[int] = ()  # frames that step back

    def mobjects_of(self, frame: int) -> Sequence[Mobject]:
        """Return all that is on screen of a frame, without its bit."""
        ring = self.rings.get(frame)
        return [*self.drawn(frame), *([ring] if ring else [])]

    def enter(self) -> Movements:
        """Return the movements in which the frames appear in their places, then bits and labels."""
        frames = Group(*(each for n in range(self.told.frames) for each in self.drawn(n)))
        return {
            Phase.LAY_OUT: lambda: [FadeIn(frames)],
            Phase.LABEL: lambda: [FadeIn(self.bits), *map(FadeIn, self.labels)],
        }

    def show(self, change: Step) -> Movements:
        """Return the movements in which frames and bits change; also of what is only shared."""
        moves = super().show(change)
        if isinstance(change.event, Arrive) and not change.taken:
            moves = {**moves, Phase.CONNECT: lambda: arriving(self._take(change))}
        return moves

    def point_out(self, address: Address | None, quiet: Collection[int] = ()) -> Movements:
        """Return the movement in which a token's slot stands out, or none, and frames step back."""

        def light() -> list[Animation]:
            self.address, self._quiet = address, quiet
            return self._turn()

        return {Phase.POINT: light}

    def _turn(self) -> list[Animation]:
        for frame, page in enumerate(self.pages):
            page.places = self._page_places(frame)  # a number makes room for a note
        return super()._turn()

    def _page_places(self, frame: int) -> PagePlaces:
        (x, y), size = self.places.frame(frame), self.places.box
        box = Region(x - size / 2, y + size / 2, x + size / 2, y - size / 2)
        page = pip_page(box, max(1, self._size))
        caps = [
            max(MIN_CAP, min(most, share * size))
            for most, share in zip(_LARGEST, _CAPS, strict=True)
        ]
        high, below = _TIGHT if size < _SMALL else _LOOSE
        up = high if self._note(frame) else _NUMBER
        number = Spot.at(x, y + up * size, caps[0], width=size, align=0)
        note = Spot.at(x, y + below * size, caps[1], width=size - px(8), align=0)
        return replace(page, radius=RADIUS * size, number=number, note=note)

    def _note(self, frame: int) -> str:
        if self.address and self.address.frame == frame:
            return say("slot {}", self.address.slot)
        look = self.looks[frame]
        shared = look.kind is Kind.HELD and len(look.tasks) > 1
        return f"{TIMES}{len(look.tasks)}" if shared else ""

    def _page_look(self, frame: int) -> PageLook:
        look, page = self.looks[frame], super()._page_look(frame)
        if look.kind is Kind.CACHED:  # its page is full, else it would not be kept
            page = replace(page, slots=(bar(look.tasks[0]),) * self._size)
        asked = self.address is not None and self.address.frame == frame
        if asked and self.address is not None:
            offset = self.address.offset
            page = page.with_slot(offset, replace(page.slots[offset], lit=True))
        quiet = frame in self._quiet and look.kind is not Kind.FREE
        return replace(
            page,
            note=self._note(frame),
            note_lit=asked and self.places.box >= _SMALL,
            lit=asked,
            dim=quiet,
            pale=quiet,  # so that a number on it can still be read
        )
