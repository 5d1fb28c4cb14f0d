"""Which colour of the palette a task gets, and which row of the strip."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from pagereel.film.tape import Tape


FEWEST, MOST = 5, 36
_SPARE = 3  # colours more than tasks at once: a new task does not take that of one just gone


def palette_size(tape: Tape) -> int:
    """Return how many colours a tape is shown in."""
    return min(max(FEWEST, max(tape.running, default=0) + _SPARE), MOST)


def color_stays(tape: Tape, size: int) -> list[int]:
    """Return the colour of each stay, an index below `size`.

    A task that returns gets its colour back, unless another task has it now. Others get the colour
    that has been unused for longest. Two tasks share one only where there are more tasks than
    colours at the same time.
    """
    last: dict[str, int] = {}
    used = [0] * size  # by how many stays now
    idle = [(-1, color) for color in range(size)]  # since when
    heapify(idle)
    ends: list[tuple[int, int]] = []
    colors: list[int] = []
    for number, stay in enumerate(tape.stays):
        while ends and ends[0][0] <= stay.first:
            end, color = heappop(ends)
            used[color] -= 1
            if not used[color]:
                heappush(idle, (end, color))
        color = last.get(stay.task, -1)
        if color < 0 or used[color]:
            color = _idle(idle, used, number % size)
        used[color] += 1
        heappush(ends, (stay.end, color))
        last[stay.task] = color
        colors.append(color)
    return colors


def _idle(idle: list[tuple[int, int]], used: list[int], otherwise: int) -> int:
    """Return the colour that has been idle for longest; some entries are outdated."""
    while idle:
        _, color = heappop(idle)
        if not used[color]:
            return color
    return otherwise


SHORTEST_STAY = 12  # moments: a row that stands for less cannot be read


def plan_rows(tape: Tape, moment: NDArray[np.int64], rows: int) -> dict[int, int]:
    """Assign rows to stays.

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
        (index for index, (first, end) in enumerate(spans) if end - first >= SHORTEST_STAY),
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
