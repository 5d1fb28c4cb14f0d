"""Hatching: the texture of what is set aside and holds nothing, and of computed work that is lost.

It is one shape of thin filled strips without a stroke: cheap to draw, and not a line that connects
anything. The strips have fixed places in the picture, so those of neighbours continue each other,
and an area that grows uncovers strips and does not push them.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import sqrt
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from manim import Animation, VMobject

from pagereel.fast import stateless
from pagereel.stage.layout.places import Region, px

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_PITCH = px(9)  # from strip to strip
_STRIP = px(3)  # width of a strip
_CORNER = sqrt(0.5)


class Hatching(VMobject):
    """A hatched area.

    Parameters
    ----------
    area
        What is hatched, in scene units.
    color
        Of the strips.
    radius
        Of the area's corners.

    Attributes
    ----------
    area
        What is hatched now.
    """

    def __init__(self, area: Region, *, color: str, radius: float = 0) -> None:
        super().__init__(fill_color=color, fill_opacity=1, stroke_width=0)
        self.radius = radius
        self.fit(area)

    def fit(self, area: Region) -> None:
        """Hatch another area."""
        self.area = area
        self.set_points(_strips(area, self.radius))


@stateless
class Sweep(Animation):
    """An area is hatched from left to right, or loses its hatching from left to right.

    Parameters
    ----------
    hatching
        What appears, or goes.
    out
        Whether it goes.
    """

    def __init__(self, hatching: Hatching, *, out: bool = False, **kwargs: Any) -> None:
        self._area, self._out = hatching.area, out
        super().__init__(hatching, introducer=not out, remover=out, **kwargs)

    def interpolate_mobject(self, alpha: float) -> None:
        """Hatch what is left or right of the front at `alpha`, 0 to 1."""
        area = self._area
        front = area.left + self.rate_func(alpha) * area.width
        left, right = (front, area.right) if self._out else (area.left, front)
        cast("Hatching", self.mobject).fit(Region(left, area.top, right, area.bottom))


@stateless
class Refit(Animation):
    """A hatched area moves, grows or shrinks to another one."""

    def __init__(self, hatching: Hatching, area: Region, **kwargs: Any) -> None:
        self._from, self._to = hatching.area, area
        super().__init__(hatching, **kwargs)

    def interpolate_mobject(self, alpha: float) -> None:
        """Hatch the area between both at `alpha`, 0 to 1."""
        share = self.rate_func(alpha)
        cast("Hatching", self.mobject).fit(self._from.towards(self._to, share))


@lru_cache(maxsize=256)  # most areas stand still while others change
def _strips(area: Region, radius: float) -> Floats:
    """Return the strips in an area as cubic Bézier curves, shape (4 * edges, 3)."""
    if area.width <= 0 or area.height <= 0:
        return np.zeros((0, 3))
    polygon = _polygon(area, min(radius, area.width / 2, area.height / 2))
    across = [depth for _, _, depth in polygon]
    numbers = np.arange(min(across) // _PITCH, max(across) // _PITCH + 1)
    lows, highs = numbers * _PITCH, numbers * _PITCH + _STRIP
    plain = np.searchsorted(np.sort(across), lows) == np.searchsorted(np.sort(across), highs)
    plain &= (lows > min(across)) & (highs < max(across))  # no corner is in such a strip
    edges = [_plain(polygon, lows[plain], highs[plain])]
    for low, high in zip(lows[~plain].tolist(), highs[~plain].tolist(), strict=True):
        strip = _clip(_clip(polygon, low, above=True), high, above=False)
        if len(strip) > 2:
            edges.append(np.array([*pairwise([*strip, strip[0]])])[:, :, :2])
    starts, ends = np.moveaxis(np.concatenate(edges), 1, 0)
    curves = np.stack([starts, (2 * starts + ends) / 3, (starts + 2 * ends) / 3, ends], axis=1)
    return np.pad(curves.reshape(-1, 2), ((0, 0), (0, 1)))


def _plain(polygon: list[_Corner], lows: Floats, highs: Floats) -> Floats:
    """Return the edges of strips across a convex polygon that have four corners each.

    Returns
    -------
    ndarray of float64, shape (4 * strips, 2, 2)
        Start and end of each edge.
    """
    first = polygon.index(min(polygon, key=itemgetter(2)))
    around = np.array([*polygon[first:], *polygon[: first + 1]])
    turn = int(around[:, 2].argmax())
    sides = around[: turn + 1], around[: turn - 1 : -1]
    corners = [
        np.column_stack([np.interp(at, side[:, 2], axis) for axis in side.T[:2]])
        for at, side in ((lows, sides[0]), (highs, sides[0]), (highs, sides[1]), (lows, sides[1]))
    ]
    loops = np.stack([*corners, corners[0]], axis=1)
    return np.stack([loops[:, :-1], loops[:, 1:]], axis=2).reshape(-1, 2, 2)


# Plain floats: arrays of two numbers would take ten times as long.
_Corner = tuple[float, float, float]  # x, y, and how far across the strips it is


def _polygon(area: Region, radius: float) -> list[_Corner]:
    """Return the corners of an area, each rounded by three points, counterclockwise."""
    left, right = area.left + radius, area.right - radius
    bottom, top = area.bottom + radius, area.top - radius
    arc = [(0.0, -1.0), (_CORNER, -_CORNER), (1.0, 0.0)]
    points = []
    for x, y in ((right, bottom), (right, top), (left, top), (left, bottom)):
        points += [(x + radius * dx, y + radius * dy) for dx, dy in arc]
        arc = [(-dy, dx) for dx, dy in arc]
    return [(x, y, (x - y) * _CORNER) for x, y in points]


def _clip(polygon: list[_Corner], at: float, *, above: bool) -> list[_Corner]:
    """Return what of a convex polygon is on one side of a line across the strips."""
    if not polygon:
        return polygon
    sign, kept = (1 if above else -1), []
    x0, y0, depth = polygon[-1]
    was = sign * (depth - at)
    for corner in polygon:
        x, y, depth = corner
        now = sign * (depth - at)
        if (was < 0) != (now < 0):
            share = was / (was - now)
            kept.append((x0 + (x - x0) * share, y0 + (y - y0) * share, at))
        if now >= 0:
            kept.append(corner)
        x0, y0, was = x, y, now
    return kept
