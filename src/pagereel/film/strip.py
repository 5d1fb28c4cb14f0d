"""Which tasks stand in the rows of the strip: as many as there is room for, and each in peace."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from pagereel.film.tape import Tape

SHORTEST = 12  # moments: who stays for less than that could not be read


def plan_rows(tape: Tape, moment: NDArray[np.int64], rows: int) -> dict[int, int]:
    """Give stays a row.

    Those that are seen longest come first; among them, those with the most pages. A row belongs to
    one task from its arrival to its end.

    Parameters
    ----------
    moment
        The moment of the film at which each event is shown, and one more: the film's end.
    rows
        How many rows there are.

    Returns
    -------
    dict
        Index of a stay -> its row, from 0.
    """
    spans = [(int(moment[stay.first]), int(moment[stay.end])) for stay in tape.stays]
    order = sorted(
        (index for index, (first, end) in enumerate(spans) if end - first >= SHORTEST),
        key=lambda index: (spans[index][0] - spans[index][1], -tape.stays[index].pages, index),
    )
    taken: list[list[tuple[int, int]]] = [[] for _ in range(rows)]
    chosen: dict[int, int] = {}
    for index in order:
        row = _free_row(taken, spans[index])
        if row is not None:
            taken[row].append(spans[index])
            chosen[index] = row
    return chosen


def _free_row(taken: Sequence[list[tuple[int, int]]], span: tuple[int, int]) -> int | None:
    first, end = span
    for row, spans in enumerate(taken):
        if all(end <= begun or gone <= first for begun, gone in spans):
            return row
    return None
