"""The cards of a brand: the one with which a film opens, and the one with which it closes.

Page frames stand above and below. They part, and what is said stands in the gap.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from manim import DOWN, UP, FadeIn, FadeOut, VGroup

from pagereel.stage.brand.field import Field, fading
from pagereel.stage.brand.mark import draw_mark
from pagereel.stage.brand.said import Said, boxed, side_by_side, written
from pagereel.stage.layout.cards import COLUMNS, SIZES, CardPlaces, Item, stacked
from pagereel.stage.layout.places import px
from pagereel.stage.timing import Phase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from manim import Mobject

    from pagereel.stage.brand.brand import Brand
    from pagereel.stage.brand.field import Cell
    from pagereel.stage.layout.places import Area, Region
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

    # What frames look like above and below, and how many are in a row.
    _Parted = tuple[Sequence[Cell], Sequence[Cell], int]

TITLE = ("line",)
END = ("line", "command", "address", "licence")
"""What the cards say below the name: keys of the brand."""

_BELOW_NAME = 0.48  # the gap, in heights of the name
_GAP = px(58)  # between what is said
_CLOSER = 0.6  # so much of it between address and licence
_PART = px(90)  # by which frames move when they part


class Card:
    """A picture of a brand. Nothing of it is on screen before it enters.

    Attributes
    ----------
    upper, lower
        The page frames above and below.
    mark, texts
        Name and logo, and what stands below them.
    shown
        What it says, by the keys of the brand.
    """

    def __init__(
        self,
        brand: Brand,
        theme: Theme,
        area: Area,
        *,
        says: Sequence[str],
        cap: float,
        pool: _Parted,
    ) -> None:
        self._brand, self._theme, self._sizes = brand, theme, SIZES[area.shape]
        self.shown = {key: text for key in says if (text := getattr(brand, key))}
        above, below, columns = pool
        places = CardPlaces.of(area, len(above), len(below), columns)
        self.upper, self.lower = Field(places.upper, above), Field(places.lower, below)
        room = places.middle
        said = [Said(Item(cap), lambda spot, _: draw_mark(brand, theme, spot))]
        said += self._below(room, _BELOW_NAME * cap)
        scale, spots = stacked([each.item for each in said], room)
        drawn = [each.draw(spot, scale) for each, spot in zip(said, spots, strict=True)]
        self.mark, self.texts = drawn[0], VGroup(*drawn[1:])

    @classmethod
    def title(
        cls,
        brand: Brand,
        theme: Theme,
        area: Area,
        pool: Sequence[Cell] | None = None,
        *,
        columns: int = COLUMNS,
    ) -> Card:
        """Return the card that opens a film: the name, and what the project is.

        Parameters
        ----------
        brand
            Whose card it is.
        theme
            The colours, the brand's among them.
        area
            The picture.
        pool
            What the frames of a pool at work look like; free ones, if not given.
        columns
            How many frames of it are in a row.

        Raises
        ------
        BrandError
            If a text does not fit or has a character that no font has, or the logo cannot be
            drawn.
        """
        cells = _free(theme, area)
        if pool is not None:
            split = ceil(len(pool) / columns) // 2 * columns
            cells = pool[:split], pool[split:], columns
        return cls(brand, theme, area, says=TITLE, cap=SIZES[area.shape].title, pool=cells)

    @classmethod
    def end(cls, brand: Brand, theme: Theme, area: Area, says: Sequence[str] = END) -> Card:
        """Return the card that closes a film: also how to get the project, and where it is.

        The parameters and errors are those of `title`; `says` may be less than all.
        """
        cells, cap = _free(theme, area), SIZES[area.shape].name
        return cls(brand, theme, area, says=says, cap=cap, pool=cells)

    def _below(self, room: Region, gap: float) -> Iterator[Said]:
        """Yield what stands below the name, from top to bottom."""
        brand, theme, sizes = self._brand, self._theme, self._sizes
        further = sizes.air * _GAP
        if "line" in self.shown:
            yield written(brand, "line", cap=sizes.line, room=room, color=theme.ink).below(gap)
            gap = further
        if "command" in self.shown:
            yield boxed(brand, "command", sizes=sizes, room=room, theme=theme).below(gap)
        colors = {"address": theme.after, "licence": theme.dim}
        foot = [
            written(brand, key, cap=sizes.foot, room=room, color=color)
            for key, color in colors.items()
            if key in self.shown
        ]
        yield from side_by_side(foot, room, gap=further, closer=_CLOSER * further)

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """All of it, from back to front."""
        return [self.upper, self.lower, self.mark, self.texts]

    def enter(self) -> Movements:
        """Return the movements in which the frames part, and what is said comes into the gap."""
        return {
            Phase.SLIDE: lambda: [
                FadeIn(self.upper, shift=_PART * UP),
                FadeIn(self.lower, shift=_PART * DOWN),
                FadeIn(self.mark),
            ],
            Phase.FILL: lambda: [FadeIn(text) for text in self.texts],
        }

    def leave(self) -> Movements:
        """Return the movements in which the frames part further, and all of it goes."""
        return {
            Phase.END: lambda: [
                FadeOut(self.upper, shift=_PART * UP),
                FadeOut(self.lower, shift=_PART * DOWN),
                *map(FadeOut, (self.mark, *self.texts)),
            ]
        }


def _free(theme: Theme, area: Area) -> _Parted:
    """Return free frames above and below, which fade inward."""
    rows = SIZES[area.shape].rows
    above, below = (fading(theme, rows, COLUMNS, upwards=way) for way in (False, True))
    return above, below, COLUMNS
