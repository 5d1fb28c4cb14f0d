"""Routes of connectors: from a page up its lane, across the zone, to the foot of its frame.

A route is a list of points joined by straight risers and, where it changes its lane, by curves
that start and end vertically. So it can cross another connector, but no box and no text:
frames of an upper pool row are reached through a gap between the frames below.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from pagereel.stage.layout.places import px

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pagereel.stage.layout.places import Layout, PoolLayout

_AIR = px(7)  # between an arrow's tip and the frame, and around the boxes it passes
_APART = px(7)  # from the middle of a gap: two connectors may rise in the middlemost one
_BESIDE = px(9)  # between the connectors of one frame in its gap
_BOW = 0.5  # how far a curve keeps to its lane, as a share of its height

Point = tuple[float, float]


def route(
    layout: Layout, row: int, page: int, frame: int, *, place: tuple[int, int] = (0, 1)
) -> tuple[Point, ...]:
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
    place
        Which of the frame's holders points to it, from 0, and how many there are: each ends below
        a part of its own.
    """
    rows, pool = layout.rows, layout.pool
    lane, page_y = rows.page_centre(row, page)
    x, y = pool.frame(frame)
    index, holders = place
    aside = index - (holders - 1) / 2  # parts to the right of the middle
    tip = (x + aside * pool.box / holders, y - pool.box / 2 - _AIR)
    points = ((lane, page_y + rows.page / 2), (lane, rows.bend))
    above, column = divmod(frame, pool.columns)
    if above == pool.rows - 1:
        return (*points, tip)
    # Up through the gap next to the frames below, on the side of the pool's middle.
    side = 1 if column < pool.columns / 2 else -1
    middle = _APART if holders == 1 or _is_middle(pool, column) else 0
    gap = x + side * (pool.pitch / 2 - middle) + aside * spacing(layout, frame, holders)
    below = pool.frame(frame + pool.columns)[1] + pool.box / 2 + pool.bit_gap
    return (*points, (gap, pool.bottom - _AIR), (gap, below), tip)


def spacing(layout: Layout, frame: int, holders: int) -> float:
    """Return how far apart the connectors of a frame's holders are where they are nearest."""
    pool = layout.pool
    above, column = divmod(frame, pool.columns)
    if above == pool.rows - 1:
        return pool.box / holders
    # Of the middlemost gap a frame has one half.
    room = 2 * _APART if _is_middle(pool, column) else pool.pitch - pool.box - 2 * _AIR
    return min(_BESIDE, room / holders)


def _is_middle(pool: PoolLayout, column: int) -> bool:
    """Return whether frames of two columns are reached through the gap beside this one."""
    half = -(-pool.columns // 2)
    return column in (half - 1, half)


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
