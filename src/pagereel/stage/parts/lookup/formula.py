"""The two formulas of a look-up, one below the other, term by term."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import Animation, FadeOut, VGroup, Write

from pagereel.stage.layout.path_to_slot import FormulaPlaces
from pagereel.stage.layout.places import px
from pagereel.stage.part import Extent, Part
from pagereel.stage.parts.lookup.acts import Act, CountLookUps, Divide, Locate
from pagereel.stage.parts.lookup.facts import address_of, context_of
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Mobject

    from pagereel.cache.lookup import Address
    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_CAP = px(44)
_SPACE = 0.5  # between two terms, in heights of a capital
_TIMES = "\N{MULTIPLICATION SIGN}"
_FIRST, _SECOND = 0, 2  # the column in which each of them begins
_TURNING = 2  # the column of what one look-up changes: the page, and below it its frame
_SIZE = 4  # the column of the page size


class LookUpFormulas(Part[Extent, Act]):
    """Position = page, page size, offset; below it frame, page size, offset = slot.

    Equal terms stand below each other. The terms that differ, page and frame, have the task's
    colour; page size and signs step back.

    Attributes
    ----------
    lines
        The formulas that have been written: their terms, in order.
    """

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        if isinstance(region, FormulaPlaces):
            self._ys, cap = (region.first, region.second), region.cap
        else:
            self._ys, cap = (region.top - _CAP, region.bottom + _CAP), _CAP
        self._color = theme.tasks[told.colors[context_of(told).task]]
        address = address_of(told)
        first, second = divided(address), located(address)
        columns = [
            max(text_width(text, Face.SERIF) for text in (first.get(at), second.get(at)) if text)
            for at in range(_SECOND + len(second))
        ]
        widest = sum(columns) + _SPACE * (len(columns) - 1)
        self._cap = min(cap, region.width / widest)
        left = region.center[0] - widest * self._cap / 2
        self._xs = []
        for width in columns:
            self._xs.append(left + width * self._cap / 2)
            left += (width + _SPACE) * self._cap
        self.lines: list[_Line] = []

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The formulas that have been written."""
        return self.lines

    @property
    def shown(self) -> tuple[str, ...]:
        """What they say."""
        return tuple(" ".join(line.terms) for line in self.lines)

    def show(self, change: Act) -> Movements:
        """Return the movements in which a formula is written, and in which both leave."""
        match change:
            case Divide(address):
                return {Phase.FLY: lambda: self._write(divided(address))}
            case Locate(address):
                return {Phase.FLY: lambda: self._write(located(address))}
            case CountLookUps():
                return {Phase.LEAVE: self._clear}
            case _:
                return {}

    def _write(self, terms: dict[int, str]) -> list[Animation]:
        y = self._ys[len(self.lines)]
        line = _Line([*terms.values()], [self._term(at, text, y) for at, text in terms.items()])
        self.lines.append(line)
        return [Write(line)]

    def _clear(self) -> list[Animation]:
        lines, self.lines = self.lines, []
        return [*map(FadeOut, lines)]

    def _term(self, at: int, text: str, y: float) -> Label:
        theme = self.theme
        quiet = at == _SIZE or not text.isdigit()
        color = self._color if at == _TURNING else theme.dim if quiet else theme.ink
        return Label(text, Face.SERIF, cap=self._cap, color=color).put(self._xs[at], y)


def divided(address: Address) -> dict[int, str]:
    """Return the terms of the position's formula, by their columns."""
    a = address
    terms = (a.position, "=", a.page, _TIMES, a.size, "+", a.offset)
    return {_FIRST + number: str(term) for number, term in enumerate(terms)}


def located(address: Address) -> dict[int, str]:
    """Return the terms of the slot's formula, by their columns."""
    a = address
    terms = (a.frame, _TIMES, a.size, "+", a.offset, "=", a.slot)
    return {_SECOND + number: str(term) for number, term in enumerate(terms)}


class _Line(VGroup):
    """A formula, term by term."""

    def __init__(self, terms: list[str], labels: list[Label]) -> None:
        self.terms = terms
        super().__init__(*labels)
