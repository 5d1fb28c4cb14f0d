"""Routes of connectors: from a page up its lane, across the zone, to the foot of its frame.

A route is a list of points joined by straight risers and, where it changes its lane, by curves
that start and end vertically. So it can cross another connector, but no box and no text:
frames of an upper pool row are reached through a gap between the frames below.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from pagereel.stage.layout import px

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pagereel.stage.layout import Layout

_AIR = px(7)  # between an arrow's tip and the frame, and around the boxes it passes
_APART = px(7)  # from the middle of a gap: two connectors may rise in the middlemost one
_BOW = 0.5  # how far a curve keeps to its lane, as a share of its height

Point = tuple[float, float]


def route(layout: Layout, row: int, page: int, frame: int) -> tuple[Point, ...]:
    """Return the points of a connector's route, from the page's top edge to its arrow's tip.

    The second point is where it leaves its lane, the third where it reaches the pool: only
    between these it can cross other connectors.

    Parameters
    ----------
    layout
        The places of the picture.
    row, page
        The task's row on screen and the page in its table, from 0.
    frame
        The page frame it points to.
    """
    rows, pool = layout.rows, layout.pool
    lane, page_y = rows.page_centre(row, page)
    x, y = pool.frame(frame)
    tip = (x, y - pool.box / 2 - _AIR)
    points = ((lane, page_y + rows.page / 2), (lane, rows.bend))
    above, column = divmod(frame, pool.columns)
    if above == pool.rows - 1:
        return (*points, tip)
    # Up through the gap next to the frames below, on the side of the pool's middle.
    side = 1 if column < pool.columns / 2 else -1
    gap = x + side * (pool.pitch / 2 - _APART)
    below = pool.frame(frame + pool.columns)[1] + pool.box / 2 + pool.bit_gap
    return (*points, (gap, pool.bottom - _AIR), (gap, below), tip)


def route_curve(points: tuple[Point, ...]) -> NDArray[np.float64]:
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
