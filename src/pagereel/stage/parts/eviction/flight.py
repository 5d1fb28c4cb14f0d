"""Movements of tiles: flights between pool and line, falls, and what is seen for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from manim import PI, Animation, Polygon, VGroup, VMobject

from pagereel.fast import stateless
from pagereel.stage.layout.places import px
from pagereel.stage.parts.connector import route_curve
from pagereel.stage.parts.shapes import curve_of
from pagereel.stage.parts.slots.flight import along

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pagereel.stage.layout.places import Point
    from pagereel.stage.timing import Span

_TRAIL = 3.5  # pixels
_TIP_LENGTH, _TIP_WIDTH = px(18), px(22)
_AIR = px(7)  # between a trail and the tiles at its ends
_FADE = 0.1  # of a span, in which something comes, and in which it goes
_GOING = 0.55  # of a fall, from where on the tile fades
_TURN = 0.35 * PI  # of a tile that falls
_OVER = 0.6  # of a fall, in which it goes over the edge
_HELD = 0.3  # of a fall, in which it does not fall yet


@stateless
class Sight(Animation):
    """Something is seen for a while: it comes as a span begins and, unless it stays, goes again."""

    def __init__(self, mobject: VMobject, span: Span, *, stays: bool = False) -> None:
        self._span, self._stays = span, stays
        super().__init__(mobject, introducer=True, remover=not stays)

    def interpolate_mobject(self, alpha: float) -> None:
        """Show it as far as it has come at `alpha`, 0 to 1."""
        share = _share(self._span, alpha)
        seen = min(1.0, share / _FADE, 1.0 if self._stays else (1 - share) / _FADE)
        _show(cast("VMobject", self.mobject), cast("VMobject", self.starting_mobject), seen)


@stateless
class TileFlight(Animation):
    """A tile flies along a curve, over a trail, and has arrived when its span ends.

    It leaves upright and arrives upright. The trail begins and ends beside the tile's places.

    Parameters
    ----------
    tile
        What flies. It is at its destination.
    ends
        From where to where its middle flies.
    size
        Of its side.
    color
        Of the trail.
    span
        When it flies.
    stays
        Whether it is on the screen when it has arrived.
    """

    def __init__(
        self,
        tile: VGroup,
        ends: tuple[Point, Point],
        *,
        size: float,
        color: str,
        span: Span,
        stays: bool,
    ) -> None:
        start, end = ends
        up = 1 if end[1] > start[1] else -1
        edge = up * (size / 2 + _AIR)
        first, (x, y) = (start[0], start[1] + edge), (end[0], end[1] - edge)
        foot = y - up * _TIP_LENGTH
        trail = curve_of(route_curve([first, (x, foot)]), _TRAIL, color=color)
        sides = [(x + side * _TIP_WIDTH / 2, foot, 0) for side in (-1, 1)]
        tip = Polygon((x, y, 0), *sides, stroke_width=0, fill_color=color, fill_opacity=1)
        self._path = VMobject().set_points(route_curve([start, first, (x, y), end]))
        self._end = np.array((*end, 0.0))
        self._span, self._stays, self._tile = span, stays, tile
        super().__init__(VGroup(trail, tip, tile), introducer=True, remover=not stays)

    def interpolate_mobject(self, alpha: float) -> None:
        """Put tile and trail where they are at `alpha`, 0 to 1."""
        parts = cast("VGroup", self.mobject).submobjects
        wholes = cast("VGroup", self.starting_mobject).submobjects
        share = _share(self._span, alpha)
        for line, whole in zip(parts[:2], wholes[:2], strict=True):
            _show(line, whole, min(1.0, share / _FADE, (1 - share) / _FADE))
        flies = share > 0 and (share < 1 or self._stays)
        shift = along(self._path, self.rate_func(share)) - self._end
        _show(parts[2], wholes[2], float(flies), shift)

    def clean_up_from_scene(self, scene: Any) -> None:
        """Take the trail off the screen; leave the tile there if it stays."""
        super().clean_up_from_scene(scene)
        scene.remove(self.mobject)
        if self._stays:
            scene.add(self._tile)


@stateless
class Fall(Animation):
    """A tile tips over an edge, falls and is gone.

    Parameters
    ----------
    tile
        What falls, turning to the left.
    by
        How far.
    """

    def __init__(self, tile: VGroup, by: Point) -> None:
        self._by = by
        super().__init__(tile, introducer=True, remover=True)

    def interpolate_mobject(self, alpha: float) -> None:
        """Show how far it has fallen at `alpha`, 0 to 1."""
        tile, whole = cast("VGroup", self.mobject), cast("VGroup", self.starting_mobject)
        across, down = min(1.0, alpha / _OVER), max(0.0, alpha - _HELD) / (1 - _HELD)
        _show(tile, whole, min(1.0, (1 - alpha) / (1 - _GOING)))
        tile.rotate(_TURN * alpha**1.5, about_point=whole.get_center())
        tile.shift((self._by[0] * (1 - (1 - across) ** 2), self._by[1] * down**2, 0))


def _share(span: Span, alpha: float) -> float:
    start, end = span
    return min(max((alpha - start) / (end - start), 0.0), 1.0)


def _show(
    mobject: VMobject, whole: VMobject, seen: float, shift: NDArray[np.float64] | None = None
) -> None:
    """Show a mobject as a whole one with so much of its opacity, shifted if that is given."""
    for part, full in zip(mobject.get_family(), whole.get_family(), strict=True):
        part.points = full.points.copy() if shift is None else full.points + shift
        for colors in ("fill_rgbas", "stroke_rgbas"):
            seen_through = getattr(full, colors) * (1, 1, 1, seen)
            setattr(part, colors, seen_through)
