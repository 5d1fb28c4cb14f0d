"""Connectors: from an anchor of one part to an anchor of another, such as from a page to its frame.

A route is a list of points joined by straight risers and, where it changes its lane, by curves
that start and end vertically. Anchors bring their own way past what stands around them, so a
connector can cross another connector, but no box and no text.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from manim import Animation, CapStyleType, Polygon, VGroup, VMobject

from pagereel.fast import stateless
from pagereel.stage.layout.places import px
from pagereel.stage.parts.shapes import stroke

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pagereel.stage.layout.places import Anchor, Point

_LINE = 3.5  # pixels
_HALO = 13
_TIP_LENGTH = px(18)
_TIP_WIDTH = px(22)
_BOW = 0.5  # how far a curve keeps to its lane, as a share of its height


class Connector(VGroup):
    """A line along a route, its arrowhead, and a halo that parts it from lines below.

    Parameters
    ----------
    start, end
        The anchors: it leaves one by that one's way and reaches the other by that other's.
    color
        Of line and tip.
    background
        Of the halo.
    level
        Whether it leaves and arrives sideways.

    Attributes
    ----------
    up
        1 if its arrowhead points up or, of a level one, to the right; else -1.
    """

    def __init__(
        self, start: Anchor, end: Anchor, *, color: str, background: str, level: bool = False
    ) -> None:
        self.route = route(start, end)
        self.level = level
        self.lane = len(start.way)  # so many curves before it can cross others
        half = min(_TIP_WIDTH, end.room) / 2
        # A level one is an upright one with x and y exchanged.
        *way, (x, y) = [(b, a) for a, b in self.route] if level else self.route
        self.up = 1 if way[-1][1] <= y else -1
        foot = (x, y - self.up * _TIP_LENGTH)
        # Both ways are its own: it can cross others only between them.
        crossing = (*way, foot)[self.lane : self.lane + 2]
        halo = min(_HALO, 2 * end.apart / px(1) - _LINE)
        self.halo = _stroked(route_curve(crossing), background, halo)
        self.line = _stroked(route_curve((*way, foot)), color, _LINE)
        self.tip = Polygon(
            (x, y, 0),
            (x - half, foot[1], 0),
            (x + half, foot[1], 0),
            stroke_width=0,
            fill_color=color,
            fill_opacity=1,
        )
        super().__init__(self.halo, self.line, self.tip)
        if level:
            for shape in self:
                shape.points = shape.points[:, [1, 0, 2]]


@stateless
class Connect(Animation):
    """A connector reaches out from its page, arrowhead first."""

    def __init__(self, connector: Connector, **kwargs: Any) -> None:
        super().__init__(connector, introducer=True, **kwargs)

    def interpolate_mobject(self, alpha: float) -> None:
        """Draw the connector as far as it has come at `alpha`, 0 to 1."""
        connector, whole = cast("Connector", self.mobject), cast("Connector", self.starting_mobject)
        done = self.rate_func(alpha)
        connector.line.pointwise_become_partial(whole.line, 0, done)
        # The halo belongs to one curve of the line and must not run ahead of it.
        crossing = min(max(done * whole.line.get_num_curves() - whole.lane, 0), 1)
        connector.halo.pointwise_become_partial(whole.halo, 0, crossing)
        head = whole.tip.copy()
        if done < 1:
            base = whole.line.get_end()
            # Its own size only after a fifth of the way: it does not stand on the page at once.
            head.scale(max(min(1, done / 0.2), 1e-3), about_point=base)
            head.rotate(_lean(whole, done), about_point=base)
            head.shift(whole.line.point_from_proportion_of_curves(done) - base)
        connector.tip.become(head)


def route(start: Anchor, end: Anchor) -> tuple[Point, ...]:
    """Return the points of the route from an anchor to another."""
    return (start.point, *start.way, *end.way, end.point)


def route_curve(points: Sequence[Point]) -> NDArray[np.float64]:
    """Return a route as cubic Bézier curves that start and end vertically.

    Returns
    -------
    ndarray of float64, shape (4 * (len(points) - 1), 3)
        Start, two handles and end of each curve.
    """
    curves = []
    for (x0, y0), (x1, y1) in pairwise(points):
        bow = _BOW * (y1 - y0)
        curves += [(x0, y0, 0), (x0, y0 + bow, 0), (x1, y1 - bow, 0), (x1, y1, 0)]
    return np.array(curves, dtype=np.float64)


class _Line(VMobject):
    def point_from_proportion_of_curves(self, share: float) -> NDArray[np.float64]:
        """Return the point where `pointwise_become_partial` ends for the same share."""
        curve, rest = divmod(share * self.get_num_curves(), 1)
        return self.get_nth_curve_function(int(curve))(rest)


def _lean(connector: Connector, share: float) -> float:
    """Return by how much the line leans at `share` from where its arrowhead points, in radians."""
    step, line, up = 1e-3, connector.line, connector.up
    low, high = max(0.0, share - step), min(1 - 1e-9, share + step)
    dx, dy, _ = line.point_from_proportion_of_curves(high) - line.point_from_proportion_of_curves(
        low
    )
    if connector.level:
        return float(np.arctan2(up * dy, up * dx))
    return float(np.arctan2(-up * dx, up * dy))


def _stroked(curve: NDArray[np.float64], color: str, width: float) -> _Line:
    line = _Line(stroke_color=color, stroke_width=stroke(width), cap_style=CapStyleType.BUTT)
    line.set_points(curve)
    return line
