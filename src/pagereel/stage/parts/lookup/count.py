"""The corner of the picture: the page size, and later how many look-ups there were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import UP, Animation, FadeIn, FadeOut

from pagereel.stage.layout.places import CounterNeed, px
from pagereel.stage.part import Extent, Part
from pagereel.stage.parts.lookup.acts import Act, CountLookUps, ReadPage
from pagereel.stage.parts.lookup.facts import context_of
from pagereel.stage.text.label import Label, Rolling, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject

    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_CAP = px(30)
_SPACE = 0.45  # between number and word, in heights of a capital
_AIR = px(2)  # left of the number, where it begins a line
_ROLL = 0.7  # how far a text rolls in and out, in heights of a capital


class LookUpCount(Part[Extent, Act]):
    """The page size, as `page size 4`; once look-ups are counted, their number, as `3 look-ups`."""

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self._spot = spot = region.line(_CAP, align=1)
        size = f"page size {context_of(told).size}"
        self.size = Label(size, Face.SERIF, cap=spot.cap, color=theme.dim, width=spot.width)
        self.size.put_in(spot)
        self.count: int | None = None
        self.cells = Rolling(["0", _noun(0)], self._cell)

    @classmethod
    def need(cls, told: Extent) -> CounterNeed:  # noqa: ARG003 (it is as wide in all stories)
        """Return that it has one number."""
        return CounterNeed(counts=1)

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The page size, or the number and its word."""
        return [self.size if self.count is None else self.cells]

    @property
    def shown(self) -> str:
        """What it says."""
        return self.size.text if self.count is None else " ".join(self.cells.texts)

    def show(self, change: Act) -> Movements:
        """Return the movements in which it begins to count, and counts."""
        match change:
            case CountLookUps():
                return {Phase.LEAVE: self._begin}
            case ReadPage():
                return {Phase.POINT: lambda: self._say((self.count or 0) + 1)}
            case _:
                return {}

    def _begin(self) -> list[Animation]:
        self.count = 0
        shift = _ROLL * self._spot.cap * UP
        return [FadeOut(self.size, shift=shift), FadeIn(self.cells, shift=shift)]

    def _say(self, count: int) -> list[Animation]:
        self.count = count
        return self.cells.roll([str(count), _noun(count)])

    def _cell(self, cell: int, text: str) -> Label:
        """Return the number or its word; both begin or end where they meet."""
        spot, theme = self._spot, self.theme
        word = text_width(_noun(0), Face.SERIF) * spot.cap
        digit = text_width("4", Face.SERIF) * spot.cap + _AIR  # the widest
        meet = spot.x - word if spot.align > 0 else spot.x + digit + _SPACE * spot.cap
        if cell == 0:
            label = Label(text, Face.SERIF, cap=spot.cap, color=theme.ink)
            return label.put(meet - _SPACE * spot.cap, spot.y, 1)
        return Label(text, Face.SERIF, cap=spot.cap, color=theme.dim).put(meet, spot.y, -1)


def _noun(count: int) -> str:
    return "look-up" if count == 1 else "look-ups"
