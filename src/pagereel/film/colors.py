"""Which colour of a palette each task has, by its index."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pagereel.film.tape import Tape

FEWEST, MOST = 5, 36
_SPARE = 3  # colours more than tasks at once: a new task does not take that of one just gone


def palette_size(tape: Tape) -> int:
    """Return how many colours a tape is shown in."""
    return min(max(FEWEST, max(tape.running, default=0) + _SPARE), MOST)


def color_stays(tape: Tape, size: int) -> list[int]:
    """Return the colour of each stay, an index below `size`.

    A task that comes again has its colour again, if nobody has it now. Others get the colour that
    has been out of use for longest. Only where more tasks than colours are there at the same time
    do two of them share one.
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
    """Return the colour that is idle for longest; some entries are no longer true."""
    while idle:
        _, color = heappop(idle)
        if not used[color]:
            return color
    return otherwise
