"""The strips: one cell for each request, in the order of submission, and what has become of it."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, cast

import numpy as np
from manim import VMobject

from pagereel.compare.reading import State
from pagereel.stage.compare.race_part import RacePart
from pagereel.stage.layout.places import px
from pagereel.stage.parts.shapes import ROUND, stroke

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pagereel.compare.race import Race
    from pagereel.compare.run import Run
    from pagereel.stage.compare.race_part import Tick
    from pagereel.stage.layout.places import Region
    from pagereel.stage.layout.race_places import StripsPlace
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

    Floats = NDArray[np.float64]

_MOST_CELLS = 200  # above that, a strip is one bar in shares
_FEW = 40  # up to so many stand in one row
_FULL = 0.86  # of its pitch that a cell fills
_DOT = px(1.6)  # radius
_LINE, _CROSS = px(2), px(3)  # widths
_MARK = 0.34  # half of a cross, in cells' shorter sides
_FINISHED, _RUNNING = 0.8, 0.3  # opacities


def cells(region: Region, count: int, rows: int) -> Floats:
    """Return the boxes of cells in rows: left, top, right, bottom; shape (count, 4)."""
    each = ceil(count / rows)
    width, height = region.width / each, region.height / rows
    row, column = np.divmod(np.arange(count), each)
    left, top = region.left + column * width, region.top - row * height
    gap = min((1 - _FULL) * width, px(4))
    inner = height if rows == 1 else height * _FULL
    return np.stack([left + gap / 2, top, left + width - gap / 2, top - inner], axis=1)


def shares(region: Region, counts: Floats) -> Floats:
    """Return the boxes of a bar's shares, one beside the other."""
    ends = region.left + region.width * np.concatenate([[0], np.cumsum(counts)]) / counts.sum()
    top, bottom = np.full(len(counts), region.top), np.full(len(counts), region.bottom)
    return np.stack([ends[:-1], top, ends[1:], bottom], axis=1)


def straight(corners: Floats) -> Floats:
    """Return closed or open lines through points as cubic Bézier points.

    Parameters
    ----------
    corners
        Shape (lines, points, 2).

    Returns
    -------
    numpy.ndarray
        Shape (lines * (points - 1) * 4, 3).
    """
    start, end = corners[:, :-1, None], corners[:, 1:, None]
    along = np.array([0, 1 / 3, 2 / 3, 1])[:, None]
    flat = (start + (end - start) * along).reshape(-1, 2)
    return np.column_stack([flat, np.zeros(len(flat))])


def outlines(boxes: Floats, inset: float = 0) -> Floats:
    """Return the points of boxes' outlines."""
    left, top, right, bottom = (boxes + np.array([1, -1, -1, 1]) * inset).T
    x = np.stack([left, right, right, left, left], axis=1)
    y = np.stack([top, top, bottom, bottom, top], axis=1)
    return straight(np.stack([x, y], axis=2))


def frames(boxes: Floats) -> Floats:
    """Return the points of boxes' outlines as areas: what is within them is left out."""
    outer, inner = outlines(boxes), outlines(boxes + np.array([1, -1, -1, 1]) * _LINE)
    return np.concatenate([outer, inner[::-1]])


def crosses(boxes: Floats) -> Floats:
    """Return the points of a cross in the middle of each box."""
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    size = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 1] - boxes[:, 3]) * _MARK
    lines = [
        np.stack(
            [
                np.stack([x - size, x + size], axis=1),
                np.stack([y - way * size, y + way * size], axis=1),
            ],
            axis=2,
        )
        for way in (1, -1)
    ]
    return straight(np.concatenate(lines))


def dots(boxes: Floats) -> Floats:
    """Return the points of a dot in the middle of each box."""
    corners = np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0]])
    quarters = []
    for one, other in pairwise(corners):
        quarters += [one, one + other * ROUND, other + one * ROUND, other]
    middle = np.stack([boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]], axis=1) / 2
    flat = (middle[:, None] + np.array(quarters) * _DOT).reshape(-1, 2)
    return np.column_stack([flat, np.zeros(len(flat))])


class Strip:
    """The requests of one run.

    Attributes
    ----------
    idle
        All requests that are to come or wait.
    shapes
        By state: all requests that run, have finished, or were given up.
    crosses
        Those of all that were given up.
    """

    def __init__(
        self, run: Run, count: int, places: tuple[Region, Region, int], *, theme: Theme, color: str
    ) -> None:
        self._run, self._count, self._places = run, count, places
        line = stroke(_LINE / px(1))
        # What has not begun is one shape: where one request waits for a step, none comes and goes.
        self.idle = VMobject(fill_color=theme.dim, fill_opacity=1, stroke_width=0)
        self.shapes = {
            State.RUNNING: VMobject(
                stroke_color=color, stroke_width=line, fill_color=color, fill_opacity=_RUNNING
            ),
            State.FINISHED: VMobject(fill_color=color, fill_opacity=_FINISHED, stroke_width=0),
            State.GIVEN_UP: VMobject(stroke_color=theme.ink, stroke_width=line),
        }
        self.crosses = VMobject(stroke_color=theme.ink, stroke_width=stroke(_CROSS / px(1)))
        self._share = 0.0
        self._drawn: tuple[bytes, float] | None = None
        self.states = run.states(0)
        self._draw()

    @property
    def mobjects(self) -> list[VMobject]:
        """All that is drawn."""
        return [self.idle, *self.shapes.values(), self.crosses]

    def show(self, moment: int) -> None:
        """Show the requests' states at a moment."""
        self.states = self._run.states(moment)
        self._draw()

    def place(self, share: float) -> None:
        """Stand below the pool, at a share of 0, on the card, at 1, or between both."""
        self._share = share
        self._draw()

    def _draw(self) -> None:
        key = self.states.tobytes(), self._share
        if key == self._drawn:
            return
        self._drawn = key
        boxes, states = self._boxes()
        to_come = boxes[states == State.TO_COME] if self._count <= _MOST_CELLS else boxes[:0]
        waiting = frames(boxes[states == State.WAITING])
        self.idle.set_points(np.concatenate([dots(to_come), waiting]))
        for state, shape in self.shapes.items():
            inset = 0 if state is State.FINISHED else _LINE / 2
            points = outlines(boxes[states == state], inset)
            if not np.array_equal(points, shape.points):
                shape.set_points(points)
        self.crosses.set_points(crosses(boxes[states == State.GIVEN_UP]))

    def _boxes(self) -> tuple[Floats, NDArray[np.int8]]:
        """Return boxes and the state that each of them shows."""
        first, last, rows = self._places
        if self._count <= _MOST_CELLS:
            rows = 1 if self._count <= _FEW else rows
            one, other = cells(first, self._count, rows), cells(last, self._count, 1)
            return one + (other - one) * self._share, self.states
        order = np.array([3, 4, 2, 1, 0], np.int8)  # what is over, then what is not
        counts = np.array([np.count_nonzero(self.states == state) for state in order], float)
        one, other = shares(first, counts), shares(last, counts)
        some = counts > 0
        return (one + (other - one) * self._share)[some], order[some]


class RequestStrips(RacePart):
    """The requests of both runs. In the end they come to lie one above the other.

    Attributes
    ----------
    strips
        That of the first run, and of the second.
    """

    def __init__(self, told: Race, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        place = cast("StripsPlace", region)
        card = place.card
        order = 1 if told.comparison.result.headlines[0].side == 1 else 0
        bars = (card.second, card.first) if order else (card.first, card.second)
        self.strips = [
            Strip(
                run, len(told.comparison.requests), (own, bar, place.rows), theme=theme, color=color
            )
            for run, own, bar, color in zip(
                told.runs, (place.first, place.second), bars, self.colors, strict=True
            )
        ]
        self.moving = [shape for strip in self.strips for shape in strip.mobjects]

    @property
    def shown(self) -> tuple[list[int], list[int]]:
        """By run: the state of each request."""
        first, second = (strip.states.tolist() for strip in self.strips)
        return first, second

    def show(self, change: Tick) -> Movements:
        """Show what has become of the requests."""
        if change.drawn:
            for strip in self.strips:
                strip.show(change.moment)
        return {}

    def to_card(self, share: float) -> None:
        """Stretch to the picture's width, one above the other."""
        for strip in self.strips:
            strip.place(share)
