"""How the frames of a pool share a panel's pixels: cells in rows, from the left upper corner."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, sqrt

_STEADY = {16: 1.12, 8: 1.08, 4: 1.04}  # how much rather rows have a multiple of so many frames
_EVEN = 1.3  # how much rather all rows are full
_BROADEST = 2.3  # a cell's width, in heights
_SLIMMEST = 0.9
_ROW_SLIMMEST = 0.7  # where a row has as many as is wanted
_LEAST_SHARE = 0.5  # of the largest cells' area, for a row of so many frames as is wanted
_WHOLE = 3  # pixels; smaller cells need not all have the same size


@dataclass(frozen=True, slots=True)
class Cells:
    """How the frames share a panel's pixels: `columns` in a row, from the left upper corner.

    Attributes
    ----------
    width, height
        Of a cell, in pixels, with the gap to the next one. Whole numbers, unless cells are tiny.
    gap
        Pixels between cells.
    """

    columns: int
    rows: int
    width: float
    height: float
    gap: int


def divide(width: int, height: int, frames: int, columns: int | None = None) -> Cells:
    """Divide a panel into cells, as large as possible, and rather with round numbers in a row.

    Parameters
    ----------
    width, height
        The panel's, in pixels.
    frames
        How many cells there have to be.
    columns
        How many cells a row has, where that means something; not if it makes them much smaller.
    """
    side = sqrt(width * height / frames)
    least, most = ceil(width / (side * _BROADEST)) - 1, ceil(width / side * 1.4) + 1
    tried = (_cells(width, height, frames, columns) for columns in range(max(1, least), most + 1))
    best = max(tried, key=lambda cells: _merit(cells, frames))
    if columns is None:
        return best
    wanted = _cells(width, height, frames, columns, slimmest=_ROW_SLIMMEST)
    is_small = wanted.width * wanted.height < _LEAST_SHARE * best.width * best.height
    return best if is_small else wanted


def _cells(
    width: int, height: int, frames: int, columns: int, *, slimmest: float = _SLIMMEST
) -> Cells:
    columns = min(columns, frames)
    rows = ceil(frames / columns)
    across, down = width / columns, height / rows
    if min(across, down) >= _WHOLE:
        across, down = float(floor(across)), float(floor(down))
    across, down = min(across, down * _BROADEST), min(down, across / slimmest)
    if min(across, down) >= _WHOLE:
        across, down = float(floor(across)), float(floor(down))
    side = min(across, down)
    gap = round(side * 0.1) if side > 20 else 2 if side >= 10 else 1 if side >= 5 else 0
    return Cells(columns, rows, across, down, min(gap, 12))


def _merit(cells: Cells, frames: int) -> float:
    steady = next((gain for n, gain in _STEADY.items() if cells.columns % n == 0), 1)
    stretched = max(cells.width / cells.height, cells.height / cells.width)
    full = frames / (cells.columns * cells.rows)
    even = _EVEN if full == 1 else full**2
    return float(even * steady * cells.width * cells.height / stretched**0.3)
