"""The line of a task: it runs from page to page, and draws back to the badge that it began at."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import numpy as np
from manim import Animation, CapStyleType, Dot, VGroup, VMobject, smooth, squish_rate_func
from manim.utils.bezier import partial_bezier_points

from pagereel.fast import stateless
from pagereel.stage.layout.places import px
from pagereel.stage.parts.shapes import ROUND, stroke

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pagereel.stage.layout.page_map import Leg

_LINE = 8  # pixels
_HEAD = px(10)  # radius of the head of a line that grows
_CORNER = px(24)  # radius
_ARRIVED = 0.6  # of the movement, when a line that grows is where it leads
_PIECE = px(60)  # a line grows evenly, since its pieces are about as long


class TaskPath(VGroup):
    """A line along some legs, and its head, which is seen while the line is on its way.

    Parameters
    ----------
    color
        Of both.

    Attributes
    ----------
    legs
        Where it runs, once it has been drawn.
    """

    def __init__(self, color: str) -> None:
        self.legs: tuple[Leg, ...] = ()
        self.line = VMobject(stroke_color=color, stroke_width=stroke(_LINE))
        self.line.cap_style = CapStyleType.BUTT
        self.head = Dot((0, 0, 0), radius=_HEAD, color=color).set_opacity(0)
        self._dot = self.head.points
        super().__init__(self.line, self.head)

    def draw(self, legs: tuple[Leg, ...], share: float = 1) -> None:
        """Run along legs, but only as far as a share of the pieces, 0 to 1; the head is there."""
        self.legs = legs
        pieces = [piece for leg in legs for piece in _pieces(leg)]
        whole, rest = divmod(share * len(pieces), 1)
        drawn = pieces[: int(whole)]
        if rest and share < 1:
            drawn.append(partial_bezier_points(pieces[int(whole)], 0, rest))
        self.line.set_points(np.concatenate(drawn) if drawn else np.zeros((0, 3)))
        self.head.set_fill(opacity=float(bool(drawn) and share < 1))
        if drawn:
            self.head.points = self._dot + drawn[-1][-1]


@stateless
class Draw(Animation):
    """A line grows, draws back, or makes room for others.

    Parameters
    ----------
    path
        The line.
    legs
        Where it runs at the end. If it has as many bends as it has now, it glides there.
    shares
        How much of it is drawn at the beginning and at the end, 0 to 1.

    Attributes
    ----------
    grows
        Whether there is more of it at the end.
    """

    def __init__(
        self, path: TaskPath, legs: tuple[Leg, ...], shares: tuple[float, float] = (1, 1)
    ) -> None:
        self._before, self._after, self._shares = path.legs, legs, shares
        path.legs = legs  # it is the newest that counts
        self.grows = shares[0] < shares[1]
        super().__init__(path, introducer=True, remover=not shares[1])

    def interpolate_mobject(self, alpha: float) -> None:
        """Draw the line as it is at `alpha`, 0 to 1."""
        done = self.rate_func(alpha)
        (begin, end), path = self._shares, cast("TaskPath", self.mobject)
        path.draw(_between(self._before, self._after, done), begin + (end - begin) * done)


def grown(path: TaskPath, legs: tuple[Leg, ...]) -> Draw:
    """Return the movement by which a line grows by the legs that it does not have yet."""
    old, new = (sum(len(_pieces(leg)) for leg in each) for each in (path.legs, legs))
    draw = Draw(path, legs, (old / new, 1))
    draw.rate_func = squish_rate_func(smooth, 0, _ARRIVED)
    return draw


def _between(before: tuple[Leg, ...], after: tuple[Leg, ...], share: float) -> tuple[Leg, ...]:
    if before == after or [*map(len, before)] != [*map(len, after)]:
        return after
    return tuple(
        tuple(tuple((1 - share) * np.array(old) + share * np.array(new)) for old, new in bends)
        for bends in (zip(*legs, strict=True) for legs in zip(before, after, strict=True))
    )


@lru_cache(maxsize=64)  # legs that stay are the same in every image
def _pieces(leg: Leg) -> list[NDArray[np.float64]]:
    """Return a leg as cubic Bézier curves with round corners.

    Returns
    -------
    list of ndarray of float64, shape (4, 3)
        About as long each.
    """
    points = [np.array([*point, 0.0]) for point in leg]
    radius = min(
        _CORNER,
        *(float(np.linalg.norm(b - a)) / 2 for a, b in pairwise(points)),
    )
    pieces, start = [], points[0]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        into, out = (_towards(corner, other, radius) for other in (before, after))
        pieces += _straight(start, into)
        handles = [_towards(corner, end, radius * (1 - ROUND)) for end in (before, after)]
        pieces.append(np.array([into, *handles, out]))
        start = out
    return pieces + _straight(start, points[-1])


def _towards(
    start: NDArray[np.float64], end: NDArray[np.float64], length: float
) -> NDArray[np.float64]:
    way = end - start
    return start + way * (length / float(np.linalg.norm(way) or 1))


def _straight(start: NDArray[np.float64], end: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    length = float(np.linalg.norm(end - start))
    if not length:
        return []
    stops = np.linspace(start, end, max(1, round(length / _PIECE)) + 1)
    return [np.linspace(a, b, 4) for a, b in pairwise(stops)]
