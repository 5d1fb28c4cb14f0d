"""Connectors: from a page to the frame that holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from manim import Animation, CapStyleType, Polygon, VGroup, VMobject

from pagereel.stage.layout.places import px
from pagereel.stage.layout.route import route_curve
from pagereel.stage.parts.shapes import stroke

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LINE = 3.5  # pixels
_HALO = 13
_TIP_LENGTH = px(18)
_TIP_WIDTH = px(22)


class Connector(VGroup):
    """A line along a route, its arrowhead, and a halo that parts it from lines below.

    Parameters
    ----------
    route
        Points from the page to the tip, from `pagereel.stage.layout.route.route`.
    color
        Of line and tip.
    background
        Of the halo.
    room
        Width that the arrowhead may take, in scene units.
    apart
        How near, in scene units, other connectors of the same frame come: no halo reaches them.
    """

    def __init__(
        self,
        route: tuple[tuple[float, float], ...],
        *,
        color: str,
        background: str,
        room: float = _TIP_WIDTH,
        apart: float = _TIP_WIDTH,
    ) -> None:
        self.route = route
        half = min(_TIP_WIDTH, room) / 2
        *way, (x, y) = route
        foot = (x, y - _TIP_LENGTH)
        # Below its second point it has a lane of its own, above the third a gap: no crossing.
        halo = min(_HALO, 2 * apart / px(1) - _LINE)
        self.halo = _stroked(route_curve((*way, foot)[1:3]), background, halo)
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


class Connect(Animation):
    """A connector reaches out from its page, arrowhead first."""

    def __init__(self, connector: Connector, **kwargs: Any) -> None:
        super().__init__(connector, introducer=True, **kwargs)

    def interpolate_mobject(self, alpha: float) -> None:
        """Draw the connector as far as it has come at `alpha`, 0 to 1."""
        connector, whole = cast("Connector", self.mobject), cast("Connector", self.starting_mobject)
        done = self.rate_func(alpha)
        connector.line.pointwise_become_partial(whole.line, 0, done)
        # The halo belongs to the line's second curve and must not run ahead of it.
        crossing = min(max(done * whole.line.get_num_curves() - 1, 0), 1)
        connector.halo.pointwise_become_partial(whole.halo, 0, crossing)
        head = whole.tip.copy()
        if done < 1:
            base = whole.line.get_end()
            # Its own size only after a fifth of the way: it does not stand on the page at once.
            head.scale(max(min(1, done / 0.2), 1e-3), about_point=base)
            head.rotate(_heading(whole.line, done), about_point=base)
            head.shift(whole.line.point_from_proportion_of_curves(done) - base)
        connector.tip.become(head)


class _Line(VMobject):
    def point_from_proportion_of_curves(self, share: float) -> NDArray[np.float64]:
        """Return the point where `pointwise_become_partial` ends for the same share."""
        curve, rest = divmod(share * self.get_num_curves(), 1)
        return self.get_nth_curve_function(int(curve))(rest)


def _heading(line: _Line, share: float) -> float:
    """Return by how much the line leans from upright at `share`, in radians."""
    step = 1e-3
    low, high = max(0.0, share - step), min(1 - 1e-9, share + step)
    dx, dy, _ = line.point_from_proportion_of_curves(high) - line.point_from_proportion_of_curves(
        low
    )
    return float(np.arctan2(-dx, dy))


def _stroked(curve: NDArray[np.float64], color: str, width: float) -> _Line:
    line = _Line(stroke_color=color, stroke_width=stroke(width), cap_style=CapStyleType.BUTT)
    line.set_points(curve)
    return line
