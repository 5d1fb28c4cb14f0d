"""Hatching: the texture of what is set aside and holds nothing, and of computed work that is lost.

It is one shape of thin filled strips without a stroke: cheap to draw, and not a line that connects
anything. The strips have fixed places in the picture, so those of neighbours continue each other,
and an area that grows uncovers strips and does not push them.
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt
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
# The corners of an area, three points each, on both ways around it across the strips: from the
# upper left one below and above to the lower right one. By x and y: which side of the area a point
# is on, and where on the arc around its corner; shape (2, 2 ways, 7 points).
_WAY = ((-1, 1), (-1, 1), (-1, -1), (-1, -1), (-1, -1), (1, -1), (1, -1))
_TURNS = (
    (-_CORNER, _CORNER),
    (-1, 0),
    (-1, 0),
    (-_CORNER, -_CORNER),
    (0, -1),
    (0, -1),
    (_CORNER, -_CORNER),
)
_ROUNDED, _ARCS = (
    np.array([way, [(-y, -x) for x, y in way]]).transpose(2, 0, 1) for way in (_WAY, _TURNS)
)


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
    """Return the strips in an area as cubic Bézier curves, shape (4 * edges, 3).

    Arrays of all strips at once: many areas are hatched anew in one image.
    """
    if area.width <= 0 or area.height <= 0:
        return np.zeros((0, 3))
    radius = min(radius, area.width / 2, area.height / 2)
    left, right = area.left + radius, area.right - radius
    bottom, top = area.bottom + radius, area.top - radius
    x = np.where(_ROUNDED[0] > 0, right, left) + radius * _ARCS[0]
    y = np.where(_ROUNDED[1] > 0, top, bottom) + radius * _ARCS[1]
    depths = (x - y) * _CORNER  # how far across the strips the corners are, for each side
    lows = np.arange(depths[0, 0] // _PITCH, depths[0, -1] // _PITCH + 1)[:, None] * _PITCH
    starts = np.empty((len(lows), 2 * len(_WAY), 2))
    for side, turn in enumerate((slice(None), slice(None, None, -1))):
        # A corner that is not in a strip becomes an end of its border.
        within = np.clip(depths[side], lows, lows + _STRIP)
        across = np.interp(within, depths[side], x[side])
        half = starts[:, side * len(_WAY) : (side + 1) * len(_WAY)]
        half[..., 0], half[..., 1] = across[:, turn], (across - within / _CORNER)[:, turn]
    ends = np.concatenate([starts[:, 1:], starts[:, :1]], axis=1)
    edges = (starts != ends).any(axis=2)
    start, end = starts[edges], ends[edges]
    curves = np.zeros((len(start), 4, 3))
    for at in range(4):
        curves[:, at, :2] = ((3 - at) * start + at * end) / 3
    return curves.reshape(-1, 3)
