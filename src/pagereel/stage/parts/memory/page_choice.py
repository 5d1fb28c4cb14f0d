"""What a page size costs: empty slots and table entries, for pages of several sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.stage.layout.bars import BarsPlace, bars_beside
from pagereel.stage.layout.places import Region, Spot, px
from pagereel.stage.parts.memory.bar import Bar, Piece, Texture
from pagereel.stage.parts.memory.bars import BarRow, ResultBars, row_sizes, text_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.stage.part import Extent
    from pagereel.stage.theme import Theme

_EMPTY, _ENTRIES = "empty slots", "table entries"
_APART = px(70)  # between the two groups of bars
_CAP = px(34)
_HEAD = px(90)  # from the top of a group to its bars
_WIDE = px(1200)  # of a region in which the groups stand side by side
_PITCH = px(180)  # from bar to bar, at most


class PageChoice(ResultBars):
    """How many slots are empty, and how many entries page tables have, by the size of pages.

    The tokens are those at the end of the story; its table `page-size` says which sizes.
    """

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        tokens = told.tokens[max(told.tokens)].values() if told.tokens else ()
        self._numbers: dict[int, tuple[int, int]] = {}
        for size in sorted({*told.own.get("page-size", {}).values()}):
            entries = sum(-(-count // size) for count in tokens)
            self._numbers[size] = entries * size - sum(tokens), entries
        for at, (name, place) in enumerate(zip((_EMPTY, _ENTRIES), _halves(region), strict=True)):
            self._lay_out(name, place, [numbers[at] for numbers in self._numbers.values()])

    @property
    def shown(self) -> dict[int, tuple[int, int]]:
        """Size of a page -> empty slots and table entries, once both are drawn."""
        return self._numbers if self.drawn == len(self.groups) else {}

    def _lay_out(self, name: str, place: Region, numbers: Sequence[int]) -> None:
        if not numbers:
            return
        theme, most = self.theme, max(max(pair) for pair in self._numbers.values())
        spot = Spot.at(place.left, place.top - _CAP / 2, _CAP, width=place.width, align=-1)
        self.texts.append(text_line(name, spot, theme.dim))
        below = Region(place.left, place.top - _HEAD, place.right, place.bottom)
        texts = [
            (f"pages of {size}", "", f"{number}")
            for size, number in zip(self._numbers, numbers, strict=True)
        ]
        places = bars_beside(below, [row_sizes(*each) for each in texts], most=_PITCH)
        hatched, rows = name == _EMPTY, list[BarRow]()
        for text, number, row in zip(texts, numbers, places, strict=True):
            pieces = [
                Piece(
                    "counted",
                    number,
                    Texture.HATCHED if hatched else Texture.SOLID,
                    theme.dim if hatched else theme.title,
                ),
                Piece("rest", most - number, Texture.FREE, theme.line),
            ]
            bar = Bar(row.bar, pieces, total=most, gap=0)
            bar.hide(rest=True)
            rows.append(BarRow(row, text, bar, theme=theme))
        self.groups.append(rows)


def _halves(region: Region) -> tuple[Region, Region]:
    """Return the places of both groups: side by side, or below each other."""
    left, top, right, bottom = region.left, region.top, region.right, region.bottom
    if isinstance(region, BarsPlace) and region.heading and region.heading.align < 0:
        top += px(40)  # there is no heading
    if region.width >= _WIDE:
        middle = (left + right) / 2
        return (
            Region(left, top, middle - _APART / 2, bottom),
            Region(middle + _APART / 2, top, right, bottom),
        )
    middle = (top + bottom) / 2
    return Region(left, top, right, middle + px(12)), Region(left, middle - px(12), right, bottom)
