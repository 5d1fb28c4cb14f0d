"""Which parts of the picture change: boxes of pixels, on a grid of tiles.

A box is (left, top, right, bottom) in pixels of the picture, right and bottom exclusive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

Box: TypeAlias = tuple[int, int, int, int]

# A macroblock of the encoder's, and a multiple of what one sample of colour covers (2 x 2).
TILE = 16


def intersect(one: Box, other: Box) -> bool:
    """Return whether two boxes have a pixel in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def cover(boxes: Iterable[Box], width: int, height: int) -> list[Box]:
    """Return boxes without overlap, aligned to tiles, that cover all of `boxes`.

    Parameters
    ----------
    width, height
        The picture's, in pixels. The last tiles may be cut off by it.
    """
    grid = np.zeros((-(-height // TILE), -(-width // TILE)), bool)
    for left, top, right, bottom in boxes:
        if left < right and top < bottom:
            grid[top // TILE : -(-bottom // TILE), left // TILE : -(-right // TILE)] = True
    return [
        (left * TILE, top * TILE, min(right * TILE, width), min(bottom * TILE, height))
        for left, top, right, bottom in _rectangles(grid)
    ]


def _rectangles(grid: NDArray[np.bool_]) -> Iterator[Box]:
    """Yield rectangles of tiles: runs of one row, as tall as they go on unchanged below."""
    growing: dict[tuple[int, int], int] = {}  # (left, right) -> top
    for row in range(len(grid) + 1):
        runs = _runs(grid[row]) if row < len(grid) and grid[row].any() else []
        for run in [run for run in growing if run not in runs]:
            yield run[0], growing.pop(run), run[1], row
        for run in runs:
            growing.setdefault(run, row)


def _runs(row: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return where a row of tiles is set, as (first, behind the last)."""
    edges = np.flatnonzero(np.diff(row, prepend=False, append=False)).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def whole(width: int, height: int) -> list[Box]:
    """Return the one box that is the whole picture."""
    return [(0, 0, width, height)]


def area(boxes: Sequence[Box]) -> int:
    """Return how many pixels boxes have that do not overlap."""
    return sum((right - left) * (bottom - top) for left, top, right, bottom in boxes)
