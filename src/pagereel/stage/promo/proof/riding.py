"""What is in page frames rides with them: boxes are stretched with them, letters are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from manim import Group

from pagereel.stage.film.scene import Following
from pagereel.stage.layout.places import MIN_CAP
from pagereel.stage.text.label import Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Animation, Mobject
    from numpy.typing import NDArray

    from pagereel.stage.promo.travelling import TravellingPool

    Floats = NDArray[np.float64]

_OUTLINE = 0.8  # of a frame's width: what is as wide is its box


class _Rider:
    """A mobject in a frame."""

    def __init__(self, mobject: Mobject, box: Floats) -> None:
        self._box = box
        width = float(mobject.width)
        self._is_box = width >= _OUTLINE * (box[2] - box[0])
        # A text does not become smaller than can be read.
        self._least = MIN_CAP / mobject.cap if isinstance(mobject, Label) else 0.0
        self._center = np.asarray(mobject.get_center())
        self._leaves = [each for each in mobject.get_family() if len(each.points)]
        self._points = [each.points.copy() for each in self._leaves]

    def go(self, box: Floats) -> None:
        """Be in the frame where it is now."""
        (left, top, right, bottom), (x, y, end, foot) = self._box, box
        scale = np.array([(end - x) / (right - left), (y - foot) / (top - bottom), 1.0])
        corner, now = np.array([left, top, 0.0]), np.array([x, y, 0.0])
        if self._is_box:
            begin = corner
            to = now
        else:  # letters keep their shape
            begin = self._center
            to = now + (begin - corner) * scale
            shrunk = max(scale[:2].min(), self._least)
            scale = np.array([shrunk, shrunk, 1.0])
        for leaf, points in zip(self._leaves, self._points, strict=True):
            leaf.points = to + (points - begin) * scale


def ride(contents: Sequence[Sequence[Mobject]], pool: TravellingPool) -> Animation:
    """Return the movement in which what is in the first frames goes with them.

    Parameters
    ----------
    contents
        By frame: what is in it.
    pool
        Its frames are where these are now. It has to be moved before, at the same time.
    """
    boxes = pool.boxes.copy()
    riders = [
        (frame, _Rider(each, boxes[frame]))
        for frame, of_frame in enumerate(contents)
        for each in of_frame
    ]

    def go(_: float) -> None:
        for frame, rider in riders:
            rider.go(pool.boxes[frame])

    return Following(Group(*(each for of_frame in contents for each in of_frame)), go)
