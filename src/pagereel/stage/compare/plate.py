"""The plate that drops onto the pool of the run that is done first."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from manim import DOWN, FadeIn, VGroup, VMobject

from pagereel.stage.compare.race_part import RacePart
from pagereel.stage.layout.places import px
from pagereel.stage.parts.shapes import rounded_box, stroke
from pagereel.stage.text.fonts import say
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Animation, Mobject

    from pagereel.compare.race import Race
    from pagereel.stage.layout.places import Region
    from pagereel.stage.layout.race_places import Pair
    from pagereel.stage.theme import Theme

_WIDE = 0.42  # of a pool's width
_DONE, _WHEN = 0.19, 0.1  # heights of capitals, in the plate's width
_HIGH = 0.6  # in its width
_FALL = px(60)
_DARK = 0.98  # opacity


class DonePlate(RacePart):
    """A plate that says at which step a run is done. Nothing of it is there before that."""

    def __init__(self, told: Race, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self._clock = told.comparison.clock
        pair = cast("Pair", region)
        self._places = pair.first, pair.second
        self._shown: tuple[int, str] | None = None
        self.plate = VGroup()

    @property
    def mobjects(self) -> Sequence[Mobject]:
        """The plate, once it is there."""
        return [self.plate] if self._shown else []

    @property
    def shown(self) -> tuple[int, str] | None:
        """Whose pool it is on, and what it says."""
        return self._shown

    def drop(self, side: int, moment: int) -> list[Animation]:
        """Return the movement in which it drops onto a run's pool."""
        word, *time = self._clock.says(moment).split(" ")
        when = say(f"at {word} {{}}", " ".join(time))
        self._shown = side, when
        self.plate = self._make(side, when)
        return [FadeIn(self.plate, shift=_FALL * DOWN)]

    def width(self, pool: Region) -> float:
        """Return how wide it is on a pool."""
        return min(pool.width * _WIDE, pool.height / 1.2)

    def _make(self, side: int, when: str) -> VGroup:
        theme, color = self.theme, self.colors[side]
        x, y = self._places[side].center
        wide = self.width(self._places[side])
        box = rounded_box(wide, wide * _HIGH, radius=wide * 0.05, color=color, fill=0)
        box.set_fill(theme.background, opacity=_DARK).move_to((x, y, 0))
        cap = wide * _DONE
        width = text_width(say("done"), Face.SERIF) * cap
        mark = cap * 1.3
        left = x - (width + mark) / 2
        check = VMobject(stroke_color=color, stroke_width=stroke(8))
        corners = ((0, 0), (0.28, -0.3), (0.85, 0.42))
        check.set_points_as_corners(
            [(left + a * cap, y + wide * 0.1 + b * cap, 0) for a, b in corners]
        )
        said = Label(say("done"), Face.SERIF, cap=cap, color=color).put(
            left + mark, y + wide * 0.1, -1
        )
        small = Label(when, Face.SERIF, cap=wide * _WHEN, color=theme.ink, width=wide * 0.88)
        return VGroup(box, check, said, small.put(x, y - wide * 0.16))
