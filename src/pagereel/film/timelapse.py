"""Time-lapse: a trace becomes a film, and each second of it shows some of the events.

A film is a row of shots, each with a caption. A shot begins with the event that its caption speaks
of; then time runs. The more events share a step, the less time each of them takes: dense steps are
merged, and steps in which nothing happens take nearly none. Each task gets a colour of the palette
and a row of the strip.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from pagereel.film.captions import closing_caption, highlights, opening_caption, summary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from pagereel.film.tape import Tape


LENGTH = 45.0
SHORTEST_LENGTH = 16.0
SECONDS_AN_EVENT = 1.0
RATE = 20  # moments a second: what changes faster than that is merged
LEAD = 1.0  # seconds from the event that a caption speaks of to the next one
SHORTEST = 3.4  # seconds of running time between two captions, at least
LONGEST = 7.0
_GAP = 0.02  # the time of a step without events, in events
_LONGEST_GAP = 1.0
_FEWEST_COLORS, _MOST_COLORS = 5, 36
_SPARE_COLORS = 3  # more than tasks at once: a new task does not take that of one just gone
SHORTEST_STAY = 12  # moments: a row that stands for less cannot be read


@dataclass(frozen=True, slots=True)
class Shot:
    """A stretch of the trace under one caption.

    Attributes
    ----------
    caption
        What it says.
    first, end
        The events it shows, from 0; `end` is exclusive.
    reached
        How many events of the trace have happened at each of its moments, of which there are
        `RATE` a second.
    """

    caption: str
    first: int
    end: int
    reached: NDArray[np.int64]

    @property
    def seconds(self) -> float:
        """How long it runs."""
        return len(self.reached) / RATE

    @property
    def merged(self) -> int:
        """How many events a moment shows at once, on average; 1 where each has its own."""
        moving = int(np.count_nonzero(np.diff(self.reached, prepend=self.first)))
        return max(1, round((self.end - self.first) / (moving or 1)))


def event_weights(step: Sequence[int]) -> NDArray[np.float64]:
    """Return how much of the film each event takes, relative to the others.

    Parameters
    ----------
    step
        The step of each event, not falling.

    Returns
    -------
    numpy.ndarray
        Shape (events,). A step of n events weighs √n, and what was empty before it a little more.
    """
    steps = np.asarray(step, dtype=np.int64)
    first = np.flatnonzero(np.diff(steps, prepend=steps[0] - 1))
    counts = np.diff(first, append=len(steps)).astype(np.float64)
    weights = np.repeat(1 / np.sqrt(counts), counts.astype(np.int64))
    gaps = np.diff(steps[first], prepend=steps[:1])
    weights[first] += np.minimum(np.maximum(gaps - 1, 0) * _GAP, _LONGEST_GAP)
    return weights


def plan_shots(
    tape: Tape, seconds: float, pause: float, reading: Callable[[str], float]
) -> list[Shot]:
    """Divide a tape into shots.

    Parameters
    ----------
    seconds
        How long the shots take together, with the pauses between them.
    pause
        How long each shot stands before and after it runs, together.
    reading
        How many seconds a caption needs to be read.

    Returns
    -------
    list of Shot
        They show all events, in their order, and take `seconds` to within half a moment each,
        unless that is too short to read the captions.
    """
    if not tape.events:
        return []
    ends = np.cumsum(event_weights(tape.step))  # when an event is over, in weights
    guess = max(1, round(seconds / (pause + (SHORTEST + LONGEST) / 2)))
    pace = ends[-1] / max(seconds - guess * pause, SHORTEST)  # weights a second
    told = _chosen(tape, ends / pace)
    bounds = [*_split(told, ends / pace), tape.events]
    stretches = [*pairwise(bounds)]
    captions = [told.get(first) or summary(tape, first, end) for first, end in stretches]
    weights = np.diff([0.0, *(ends[bound - 1] for bound in bounds[1:])])
    least = np.array([max(reading(caption), LEAD + 1 / RATE) for caption in captions])
    lengths = _shared_out(seconds - pause * len(captions), weights, least)
    marks = np.rint(np.cumsum(lengths) * RATE).astype(int)
    moments = np.diff(marks, prepend=0)
    return [
        Shot(caption, first, end, _reached(ends, first, end, count))
        for caption, (first, end), count in zip(captions, stretches, moments.tolist(), strict=True)
    ]


def _chosen(tape: Tape, at: NDArray[np.float64]) -> dict[int, str]:
    """Return the highlights to tell: event -> caption, far enough apart.

    What matters most is chosen first: each kind of highlight once, where there is room for it.

    Parameters
    ----------
    at
        When each event is over, in seconds.
    """
    chosen: dict[int, str] = {}
    for highlight in highlights(tape):
        when = at[highlight.events]
        fits = (when >= SHORTEST) | (highlight.events == 0)
        fits &= (at[-1] - when >= LEAD) | (highlight.events == 0)
        for other in chosen:
            fits &= np.abs(when - at[other]) >= SHORTEST
        if fits.any():
            event = int(highlight.events[np.argmax(fits)])
            chosen[event] = highlight.caption(tape, event)
    return chosen


def _split(chosen: Mapping[int, str], at: NDArray[np.float64]) -> list[int]:
    """Return the events that begin shots: also within what would be too long for one."""
    starts: list[int] = []
    marks = sorted({0, *chosen})
    for first, end in zip(marks, [*marks[1:], len(at)], strict=True):
        starts.append(first)
        begins, ends = at[first], at[end - 1]
        parts = int(np.ceil((ends - begins) / LONGEST))
        for part in range(1, parts):
            event = int(np.searchsorted(at, begins + part * (ends - begins) / parts))
            if starts[-1] < event < end:
                starts.append(event)
    return starts


def _shared_out(
    seconds: float, weights: NDArray[np.float64], least: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return lengths proportional to weights, but none below its least; `seconds` together."""
    lengths = least.copy()
    bound = np.zeros(len(weights), dtype=bool)  # those that are at their least
    while not bound.all():
        rest = seconds - least[bound].sum()
        share = rest * weights / weights[~bound].sum()
        short = ~bound & (share < least)
        if not short.any():
            lengths[~bound] = share[~bound]
            break
        bound |= short
    return lengths


def _reached(ends: NDArray[np.float64], first: int, end: int, moments: int) -> NDArray[np.int64]:
    """Return how many events have happened at each moment of a shot."""
    lead = min(round(LEAD * RATE), moments - 1)
    begins = ends[first]  # the first event is shown at once, the others from then on
    run = begins + (ends[end - 1] - begins) * np.arange(1, moments - lead + 1) / (moments - lead)
    later = np.searchsorted(ends, run * (1 + 1e-12), side="right")
    reached = np.concatenate([np.full(lead, first + 1), np.clip(later, first + 1, end)])
    reached[-1] = end
    return reached.astype(np.int64)


@dataclass(frozen=True, slots=True)
class Times:
    """How long what is around the shots takes, in seconds.

    Attributes
    ----------
    pause
        For which each shot stands before and after it runs, together.
    reading
        For which a shot has to run, at least, so that its caption can be read.
    besides
        Of opening and closing together, from what they say.
    """

    pause: float
    reading: Callable[[str], float]
    besides: Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Film:
    """A trace and its time-lapse.

    Attributes
    ----------
    opening, closing
        What is said before the first event and after the last one.
    tape
        What happens.
    shots
        When.
    colors
        By stay: an index into a palette of `palette` colours.
    moment
        By event, the moment at which it is shown, counted over all shots; behind the last one, the
        number of moments.
    """

    opening: str
    closing: str
    tape: Tape
    shots: tuple[Shot, ...]
    colors: tuple[int, ...]
    palette: int
    moment: NDArray[np.int64]


def make_film(tape: Tape, seconds: float | None, times: Times) -> Film:
    """Plan the film of a trace.

    Parameters
    ----------
    seconds
        How long the video is to be, with its opening and closing; None for what suits the trace.
    """
    length = suitable_length(tape) if seconds is None else seconds
    opening, closing = opening_caption(tape), closing_caption(tape)
    length -= times.besides(opening, closing)
    shots = plan_shots(tape, length, times.pause, times.reading)
    palette = palette_size(tape)
    reached = [shot.reached for shot in shots]
    at = np.concatenate([*reached, [tape.events]]) if reached else np.zeros(1, np.int64)
    moment = np.searchsorted(at[:-1], np.arange(tape.events), side="right")
    moment = np.append(moment, len(at) - 1)
    colors = tuple(color_stays(tape, palette))
    return Film(opening, closing, tape, tuple(shots), colors, palette, moment)


def suitable_length(tape: Tape) -> float:
    """Return the default length of a video in seconds: shorter for a trace of few events."""
    return min(LENGTH, SHORTEST_LENGTH + SECONDS_AN_EVENT * tape.events)


def palette_size(tape: Tape) -> int:
    """Return how many colours a tape is shown in."""
    most = max(tape.running, default=0)
    return min(max(_FEWEST_COLORS, most + _SPARE_COLORS), _MOST_COLORS)


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
