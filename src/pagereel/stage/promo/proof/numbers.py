"""What the race comes to: a number for each run, which stands where its pool was."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from manim import FadeIn, VGroup

from pagereel.stage.compare.race_part import RacePart
from pagereel.stage.layout.places import px
from pagereel.stage.text.fonts import say
from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Animation, Mobject

    from pagereel.compare.race import Race
    from pagereel.stage.layout.places import Point, Region
    from pagereel.stage.layout.race_places import Pair
    from pagereel.stage.theme import Theme

_CAP, _WORD = px(170), px(44)
_WIDE, _HIGH = 0.7, 0.36  # of a pool, at most
_BELOW = px(62)  # from the number's foot to the middle of its word
_SMALL = 0.3  # of its size, from which a number grows


class Numbers(RacePart):
    """The total by which the runs differ most, of each of them. Nothing is there before it grows.

    Attributes
    ----------
    numbers
        That of the first run, and of the second, with their words; none if nothing differs.
    """

    def __init__(self, told: Race, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        pair, by = cast("Pair", region), told.comparison.result.by
        self.numbers: list[VGroup] = []
        self._shown = False
        if by is None:
            return
        self.word = say("steps") if by.total.key == "last_step" else by.total.label
        for text, place, color in zip(by.says, (pair.first, pair.second), self.colors, strict=True):
            cap = min(_CAP, place.height * _HIGH)
            number = Label(text, Face.SERIF, cap=cap, color=color, width=place.width * _WIDE)
            x, y = place.center
            number.put(x, y + _BELOW / 2)
            word = Label(self.word, Face.SERIF, cap=_WORD, color=theme.ink, width=place.width)
            self.numbers.append(VGroup(number, word.put(x, y - cap / 2 - _BELOW / 2)))

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The numbers, once they are there."""
        return self.numbers if self._shown else []

    @property
    def shown(self) -> tuple[str, str, str] | None:
        """The number of each run, and what they count."""
        by = self.told.comparison.result.by
        return (*by.says, self.word) if by and self._shown else None

    def grow(self, *begin: Point) -> list[Animation]:
        """Return the movement in which each number comes from a point and grows."""
        self._shown = True
        return [
            FadeIn(number, target_position=(*point, 0), scale=_SMALL)
            for number, point in zip(self.numbers, begin, strict=True)
        ]
