"""Boxes, segments and polygons in pixels. A box is left, top, right and bottom edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pagereel.check.see.parts import Floats

_BLUR = 1  # pixels over which the edge of a stroke is blurred
# Pixels, and no multiple of what coordinates are multiples of. Where a curve begins and ends, as a
# circle does beside its middle, it may have a gap of the error of rounding: no ray goes through it.
_BESIDE = 0.001


def overlap(one: Floats, other: Floats) -> Floats:
    """Return how far boxes reach into each other, the lesser of both directions.

    Parameters
    ----------
    one, other
        Boxes, shapes (n, 4) and (m, 4).

    Returns
    -------
    ndarray
        Pixels, shape (n, m); negative where boxes are apart.
    """
    a, b = one[:, None], other[None]
    low, high = np.maximum(a[..., :2], b[..., :2]), np.minimum(a[..., 2:], b[..., 2:])
    depth: Floats = (high - low).min(axis=-1)
    return depth


def around(boxes: Floats) -> Floats:
    """Return the box around boxes, shape (n, 4)."""
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def bounds(points: Floats) -> Floats:
    """Return the box around points, shape (n, 2)."""
    return np.concatenate([points.min(axis=0), points.max(axis=0)])


def area(box: Floats) -> float:
    """Return the area of a box, 0 if it is turned inside out."""
    width, height = np.maximum(box[2:] - box[:2], 0)
    return float(width * height)


def common(one: Floats, other: Floats) -> Floats:
    """Return the box that two boxes share; turned inside out if they share none."""
    return np.concatenate([np.maximum(one[:2], other[:2]), np.minimum(one[2:], other[2:])])


def thickness(outline: Floats) -> float:
    """Return how thick what an outline surrounds is: the width of a bar, the radius of a disc.

    Parameters
    ----------
    outline
        Segments of closed curves, shape (n, 2, 2).
    """
    (x0, y0), (x1, y1) = outline[:, 0].T, outline[:, 1].T
    length = float(np.hypot(x1 - x0, y1 - y0).sum())
    return abs(float((x0 * y1 - x1 * y0).sum())) / max(length, 1e-9)


def points_in_boxes(segments: Floats, boxes: Floats) -> Floats:
    """Return the middle of each part of a segment that is inside a box; shape (points, 2).

    Parameters
    ----------
    segments
        Shape (n, 2, 2).
    boxes
        Shape (m, 4).
    """
    start, way = segments[:, None, 0], segments[:, None, 1] - segments[:, None, 0]
    way = np.where(np.abs(way) < 1e-9, 1e-9, way)
    at_low, at_high = (boxes[None, :, :2] - start) / way, (boxes[None, :, 2:] - start) / way
    # Shares of a segment's length at which it enters and leaves a box, shape (n, m).
    enters = np.maximum(np.minimum(at_low, at_high).max(axis=-1), 0)
    leaves = np.minimum(np.maximum(at_low, at_high).min(axis=-1), 1)
    inside = leaves > enters
    hit, _ = np.nonzero(inside)
    share = (enters[inside] + leaves[inside]) / 2
    first, last = segments[hit, 0], segments[hit, 1]
    points: Floats = first + share[:, None] * (last - first)
    return points


def stroke_in_boxes(segments: Floats, reach: float, boxes: Floats) -> Floats:
    """Return points of a stroke, or of its middle, that are inside a box; shape (points, 2).

    Parameters
    ----------
    segments
        Its middle, shape (n, 2, 2).
    reach
        Half of its width, in pixels.
    boxes
        Shape (m, 4).
    """
    inside = points_in_boxes(segments, boxes)
    if reach <= _BLUR or not len(boxes):
        return inside
    middle = along(segments, reach)[:, None]
    nearest = np.clip(middle, boxes[:, :2], boxes[:, 2:])
    near = np.hypot(*np.moveaxis(nearest - middle, -1, 0)) < reach - _BLUR
    points: Floats = np.concatenate([inside, nearest[near]])
    return points


def corners(boxes: Floats) -> Floats:
    """Return the corners of boxes, one box after another; shape (4 * boxes, 2)."""
    points: Floats = boxes[:, [0, 1, 2, 1, 0, 3, 2, 3]].reshape(-1, 2)
    return points


def contains(outline: Floats, points: Floats) -> NDArray[np.bool_]:
    """Return which points are inside an outline, by the even-odd rule.

    Parameters
    ----------
    outline
        Segments of closed curves, shape (n, 2, 2).
    points
        Shape (m, 2).
    """
    (x0, y0), (x1, y1) = outline[:, 0].T, outline[:, 1].T
    x, y = points[:, 0, None], points[:, 1, None] + _BESIDE
    straddles = (y0 > y) != (y1 > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = x0 + (y - y0) / (y1 - y0) * (x1 - x0)
    inside: NDArray[np.bool_] = (straddles & (crossing > x)).sum(axis=1) % 2 == 1
    return inside


def distances(outline: Floats, points: Floats) -> Floats:
    """Return the distance of each point from the nearest segment; shape (points,)."""
    start, way = outline[None, :, 0], outline[None, :, 1] - outline[None, :, 0]
    square = np.maximum((way**2).sum(axis=-1), 1e-12)
    share = (((points[:, None] - start) * way).sum(axis=-1) / square).clip(0, 1)
    nearest = start + share[..., None] * way
    result: Floats = np.sqrt(((points[:, None] - nearest) ** 2).sum(axis=-1)).min(axis=1)
    return result


def along(segments: Floats, step: float) -> Floats:
    """Return points along segments, at most `step` pixels apart; shape (points, 2)."""
    lengths = np.sqrt(((segments[:, 1] - segments[:, 0]) ** 2).sum(axis=-1))
    counts = np.ceil(lengths / step).astype(int) + 1
    index = np.repeat(np.arange(len(segments)), counts)
    which = np.arange(len(index)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = (which / np.maximum(counts - 1, 1)[index])[:, None]
    points: Floats = segments[index, 0] * (1 - share) + segments[index, 1] * share
    return points
