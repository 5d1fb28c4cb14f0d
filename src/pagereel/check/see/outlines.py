"""Outlines of mobjects in pixels: curves as short straight segments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from manim import VMobject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Camera, Mobject
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEPS = 6  # segments of a curve
TOUCH = 1.5  # pixels between points that are one


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The outline of one mobject.

    Attributes
    ----------
    segments
        Pixels, y downwards; shape (curves * STEPS, 2, 2).
    box
        Left, top, right and bottom edge.
    closed
        Whether all its parts are closed.
    """

    segments: Floats
    box: Floats
    closed: bool


def outlines(camera: Camera, drawn: Sequence[Mobject]) -> list[Outline]:
    """Return the outlines of mobjects in pixels; all points go through the arrays at once."""
    curves = [_curves(camera, mobject) for mobject in drawn]
    counts = [len(curve) for curve in curves]
    if not counts:
        return []
    every = np.concatenate(curves)
    t = np.linspace(0, 1, STEPS + 1)[None, :, None]
    a, b, c, d = (every[:, None, i] for i in range(4))
    points = (1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t**2 * (1 - t) * c + t**3 * d
    segments = np.stack([points[:, :-1], points[:, 1:]], axis=2)  # (curves, steps, 2, 2)
    ends = np.cumsum(counts)
    return [
        _outline(segments[end - count : end], points[end - count : end])
        for count, end in zip(counts, ends, strict=True)
    ]


def _curves(camera: Camera, mobject: Mobject) -> Floats:
    """Return a mobject's Bézier curves in pixels, shape (curves, 4, 2)."""
    points = camera.points_to_subpixel_coords(mobject, mobject.points)
    if isinstance(mobject, VMobject):
        whole = len(points) - len(points) % 4
        if whole:
            return points[:whole].reshape(-1, 4, 2)
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)])
    starts, ends = corners[:-1], corners[1:]
    return np.stack([starts, (2 * starts + ends) / 3, (starts + 2 * ends) / 3, ends], axis=1)


def _outline(segments: Floats, points: Floats) -> Outline:
    flat = points.reshape(-1, 2)
    starts, ends = points[:, 0], points[:, -1]
    jumps = np.abs(starts[1:] - ends[:-1]).max(axis=1) > TOUCH
    first = np.concatenate([[True], jumps])  # curves that begin a part of the outline
    last = np.concatenate([jumps, [True]])
    closed = bool((np.abs(starts[first] - ends[last]).max(axis=1) <= TOUCH).all())
    box = np.concatenate([flat.min(axis=0), flat.max(axis=0)])
    return Outline(segments.reshape(-1, 2, 2), box, closed)
