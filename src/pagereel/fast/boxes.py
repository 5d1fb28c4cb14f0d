"""Dirty rectangles: boxes of pixels that change, on a grid of tiles.

A box is (left, top, right, bottom) in pixels of the picture, right and bottom exclusive.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Box: TypeAlias = tuple[int, int, int, int]

# The encoder's macroblock, and a multiple of the 2 x 2 pixels of one sample of colour.
TILE = 16
# Each box costs as much to convert and copy as a hundred tiles. So where much moves in many places,
# larger tiles are cheaper, although more stands still in them.
_MOST = 32


def intersect(one: Box, other: Box) -> bool:
    """Return whether two boxes have a pixel in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def hull(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds all of some boxes, of which there is at least one."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def cover(boxes: Iterable[Box], width: int, height: int) -> list[Box]:
    """Return not too many boxes without overlap, aligned to tiles, that cover all of `boxes`.

    Parameters
    ----------
    width, height
        The picture's, in pixels. The last tiles may be cut off by it.
    """
    tile, covering = TILE, [*boxes]
    while len(covering := _covered(covering, width, height, tile)) > _MOST:
        tile *= 2
    return covering


def _covered(boxes: Iterable[Box], width: int, height: int, tile: int) -> list[Box]:
    """Return boxes as `cover` does, aligned to tiles of a size."""
    rows = [0] * -(-height // tile)  # a bit for each tile of a row
    for left, top, right, bottom in boxes:
        if left < right and top < bottom:
            first, end = left // tile, -(-right // tile)
            bits = (1 << end) - (1 << first)
            for row in range(top // tile, -(-bottom // tile)):
                rows[row] |= bits
    covering: list[Box] = []
    top = 0
    for bits, band in groupby(rows):
        bottom = top + sum(1 for _ in band)
        covering.extend(
            (left * tile, top * tile, min(right * tile, width), min(bottom * tile, height))
            for left, right in _runs(bits)
        )
        top = bottom
    return covering


def _runs(bits: int) -> Iterator[tuple[int, int]]:
    """Yield where bits are set, as (first, behind the last)."""
    at = 0
    while bits:
        gap = (bits & -bits).bit_length() - 1
        bits >>= gap
        length = (~bits & -~bits).bit_length() - 1
        bits >>= length
        yield at + gap, at + gap + length
        at += gap + length


def whole(width: int, height: int) -> list[Box]:
    """Return the one box that is the whole picture."""
    return [(0, 0, width, height)]
