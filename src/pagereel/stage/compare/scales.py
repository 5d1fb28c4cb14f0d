"""The scales: two numbers back to back, and two bars outward from the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from manim import Line, VMobject

from pagereel.stage.compare.race_part import RacePart
from pagereel.stage.compare.requests import outlines
from pagereel.stage.film.film_part import fitted
from pagereel.stage.layout.places import px
from pagereel.stage.layout.race_places import ScalesNeed
from pagereel.stage.parts.shapes import stroke
from pagereel.stage.text.label import Ticker, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from pagereel.compare.measures import Measure
    from pagereel.compare.race import Race
    from pagereel.stage.compare.race_part import Tick
    from pagereel.stage.layout.places import Region
    from pagereel.stage.layout.race_places import ScalePlace, ScalesPlace
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_ASIDE = px(6)  # from the middle to the numbers
_MIDDLE = 0.6  # between both numbers, in heights of a digit
_GAP = px(4)  # from the middle to the bars
_TRACK = 0.5  # opacity of what a bar could fill


class Scale:
    """One measure of both runs."""

    def __init__(
        self,
        told: Race,
        measure: Measure,
        place: ScalePlace,
        *,
        theme: Theme,
        colors: tuple[str, str],
    ) -> None:
        self.measure = measure
        self._values = [run.values[measure.key] for run in told.runs]
        self._most = max(float(values.max()) for values in self._values) or 1.0
        bar, digits = place.bar, place.digits
        x, half = bar.center[0], bar.width / 2 - _GAP
        cap = min(digits.cap, (place.width / 2 - _ASIDE) / _widest(told, measure))
        self.label = fitted(measure.label, place.label, theme.dim)
        line = Line(
            (x, digits.top + px(3), 0),
            (x, digits.bottom - px(8), 0),
            stroke_color=theme.line,
            stroke_width=stroke(2),
        )
        ways = (-1, 1)
        self._ends = [(x + way * _GAP, x + way * (_GAP + half)) for way in ways]
        self._bar = bar
        tracks = VMobject(fill_color=theme.line, fill_opacity=_TRACK, stroke_width=0)
        tracks.set_points(np.concatenate([self._box(side, 1) for side in (0, 1)]))
        self.bars = [VMobject(fill_color=color, fill_opacity=1, stroke_width=0) for color in colors]
        self.tickers = [
            Ticker(Face.MONO, cap=cap, color=color, at=(x + way * _ASIDE, digits.y), align=-way)
            for way, color in zip(ways, colors, strict=True)
        ]
        self.standing = [self.label, line, tracks]
        self.say(0)

    def say(self, moment: int) -> None:
        """Show the values at a moment."""
        for side, values in enumerate(self._values):
            value = float(values[moment])
            self.tickers[side].say(self.measure.says(value))
            self.bars[side].set_points(self._box(side, value / self._most))

    def _box(self, side: int, share: float) -> np.ndarray:
        near, far = self._ends[side]
        end = near + (far - near) * share
        if not share:
            return np.zeros((0, 3))
        box = [min(near, end), self._bar.top, max(near, end), self._bar.bottom]
        return outlines(np.array([box]))


def _widest(told: Race, measure: Measure) -> float:
    """Return how wide a measure's widest number is, in heights of its digits."""
    values = [run.values[measure.key] for run in told.runs]
    ends = [end for each in values for end in (each.max(), each.min())]
    return max(text_width(measure.says(end), Face.MONO) for end in ends)


class Scales(RacePart):
    """The first measures that ever differ.

    Attributes
    ----------
    scales
        As many as there is room for.
    """

    def __init__(self, told: Race, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        places = cast("ScalesPlace", region).scales
        self.scales = [
            Scale(told, measure, place, theme=theme, colors=self.colors)
            for measure, place in zip(told.comparison.measures, places, strict=False)
        ]
        self.standing = [each for scale in self.scales for each in scale.standing]
        self.moving = [each for scale in self.scales for each in (*scale.bars, *scale.tickers)]

    @classmethod
    def need(cls, told: Race) -> ScalesNeed:
        """Return how many there are, and how wide."""
        measures = told.comparison.measures
        widths = tuple(
            (text_width(measure.label, Face.SERIF), 2 * _widest(told, measure) + _MIDDLE)
            for measure in measures
        )
        return ScalesNeed(count=len(measures), widths=widths)

    @property
    def shown(self) -> dict[str, tuple[str, str]]:
        """Key of a measure -> what its numbers say."""
        return {
            scale.measure.key: (scale.tickers[0].text, scale.tickers[1].text)
            for scale in self.scales
        }

    def show(self, change: Tick) -> Movements:
        """Show the values at a moment."""
        if change.drawn:
            for scale in self.scales:
                scale.say(change.moment)
        return {}
