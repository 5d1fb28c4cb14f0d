"""Time-lapse: a trace becomes a film, and each second of it shows some of the events.

A film is a row of shots. In each of them time runs, and comes to rest at an event of which a
caption speaks; nothing moves while it stands. The more events share a step, the less time each of
them takes: dense steps are merged, and steps in which nothing happens take nearly none. Each task
gets a colour of the palette and a row of the strip.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

import numpy as np

from pagereel.cache.events import task_of
from pagereel.film.captions import closing_caption, opening_caption, remarks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from pagereel.film.captions import Remark
    from pagereel.film.tape import Tape


LENGTH = 45.0
SHORTEST_LENGTH = 16.0
SECONDS_AN_EVENT = 1.0
RATE = 20  # moments a second: what changes faster than that is merged
RUNNING = 0.3  # of the shots' time, at least, in which time runs
SHORTEST = 0.6  # seconds of running time before an event of which a caption speaks, at least
_GAP = 0.02  # the time of a step without events, in events
_LONGEST_GAP = 1.0
_FEWEST_COLORS, _MOST_COLORS = 5, 36
_SPARE_COLORS = 3  # more than tasks at once: a new task does not take that of one just gone
SHORTEST_STAY = 12  # moments: a row that stands for less cannot be read


@dataclass(frozen=True, slots=True)
class Shot:
    """A stretch of the trace, and what is said of its last event.

    Attributes
    ----------
    first, end
        The events it shows, from 0; `end` is exclusive.
    reached
        How many events of the trace have happened at each of its moments, of which there are
        `RATE` a second.
    remark
        What is said where it comes to rest; None: time goes on until the trace ends.
    """

    first: int
    end: int
    reached: NDArray[np.int64]
    remark: Remark | None = None

    @property
    def seconds(self) -> float:
        """How long time runs."""
        return len(self.reached) / RATE

    @property
    def fastest(self) -> int:
        """How many events the busiest second of it shows."""
        events = np.diff(self.reached, prepend=self.first)
        return int(np.convolve(events, np.ones(RATE, np.int64)).max())


def event_weights(step: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float64]:
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


def plan_shots(tape: Tape, seconds: float, stop: Callable[[str], float]) -> list[Shot]:
    """Divide a tape into shots.

    Parameters
    ----------
    seconds
        How long the shots take together, with what is said between them.
    stop
        How many seconds the film stands still to say something.

    Returns
    -------
    list of Shot
        They show all events, in their order, and take `seconds` to within half a moment each.
    """
    if not tape.events:
        return []
    chosen, running = _chosen(tape, seconds, stop)
    bounds = [0, *(remark.event + 1 for remark in chosen)]
    told: list[Remark | None] = [*chosen]
    if bounds[-1] < tape.events:
        bounds.append(tape.events)
        told.append(None)
    ends = np.cumsum(event_weights(tape.step))  # when an event is over, in weights
    marks = np.concatenate([[0.0], ends])[bounds]
    # Of a long trace, most of what is said comes early: by its weight alone, the time before would
    # pass in a moment.
    shares = np.sqrt(np.diff(marks))
    lengths = shared_out(running, shares, np.full(len(told), SHORTEST))
    moments = np.diff(np.rint(np.cumsum(lengths) * RATE).astype(int), prepend=0)
    shots = []
    for place, (remark, count) in enumerate(zip(told, moments.tolist(), strict=True)):
        time = np.linspace(marks[place], marks[place + 1], count + 1)[1:]
        first, end = bounds[place], bounds[place + 1]
        reached = np.searchsorted(ends, time * (1 + 1e-12), side="right").clip(first, end)
        reached[-1] = end
        shots.append(Shot(first, end, reached.astype(np.int64), remark))
    return shots


def _chosen(tape: Tape, seconds: float, stop: Callable[[str], float]) -> tuple[list[Remark], float]:
    """Return the remarks for which there is time, and how much is left in which time runs.

    What matters most is chosen first; the remarks are in the order of their events.
    """
    chosen: list[Remark] = []
    running = max(seconds, SHORTEST)
    for remark in remarks(tape):
        rest = running - stop(remark.caption)
        if rest >= max(RUNNING * seconds, SHORTEST * (len(chosen) + 2)):
            chosen.append(remark)
            running = rest
    return sorted(chosen, key=lambda remark: remark.event), running


def shared_out(
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


@dataclass(frozen=True, slots=True)
class Times:
    """How long the parts of a film take in which time does not run, in seconds.

    Attributes
    ----------
    stop
        To say something while the film stands still, from what it says.
    besides
        Of opening and closing together, from what they say.
    """

    stop: Callable[[str], float]
    besides: Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Film:
    """A trace and its time-lapse.

    Attributes
    ----------
    title
        The engine's name, or what the user has chosen.
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

    title: str
    opening: str
    closing: str
    tape: Tape
    shots: tuple[Shot, ...]
    colors: tuple[int, ...]
    palette: int
    moment: NDArray[np.int64]

    @property
    def spoken_of(self) -> list[int]:
        """The stays of which captions speak."""
        remarks = (shot.remark for shot in self.shots)
        return [remark.stay for remark in remarks if remark and remark.stay >= 0]


def make_film(tape: Tape, seconds: float | None, times: Times, title: str | None = None) -> Film:
    """Plan the film of a trace.

    Parameters
    ----------
    seconds
        How long the video is to be, with its opening and closing; None for what suits the trace.
    title
        In place of the engine's name.
    """
    length = suitable_length(tape) if seconds is None else seconds
    opening, closing = opening_caption(tape), closing_caption(tape)
    length -= times.besides(opening, closing)
    shots = plan_shots(tape, length, times.stop)
    palette = palette_size(tape)
    reached = [shot.reached for shot in shots]
    at = np.concatenate([*reached, [tape.events]]) if reached else np.zeros(1, np.int64)
    moment = np.searchsorted(at[:-1], np.arange(tape.events), side="right")
    moment = np.append(moment, len(at) - 1)
    colors = tuple(color_stays(tape, palette))
    return Film(title or tape.engine, opening, closing, tape, tuple(shots), colors, palette, moment)


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
    users = [""] * size
    for number, stay in enumerate(tape.stays):
        task = task_of(stay.task)
        while ends and ends[0][0] <= stay.first:
            end, color = heappop(ends)
            used[color] -= 1
            if not used[color]:
                heappush(idle, (end, color))
        color = last.get(task, -1)
        if color < 0 or (used[color] and users[color] != task):
            color = _idle(idle, used, number % size)
        used[color] += 1
        heappush(ends, (stay.end, color))
        last[task], users[color] = color, task
        colors.append(color)
    return colors


def _idle(idle: list[tuple[int, int]], used: list[int], otherwise: int) -> int:
    """Return the colour that has been idle for longest; some entries are outdated."""
    while idle:
        _, color = heappop(idle)
        if not used[color]:
            return color
    return otherwise


def plan_rows(film: Film, rows: int) -> dict[int, int]:
    """Assign so many rows to stays.

    Those of which captions speak come first, then those that are seen longest; among them, those
    with the most pages. A row belongs to one task from its arrival to its end.

    Returns
    -------
    dict
        Index of a stay -> its row, from 0.
    """
    tape, moment, spoken_of = film.tape, film.moment, film.spoken_of
    there = len(tape.start.tables)
    spans = [
        (int(moment[stay.first]) if index >= there else 0, int(moment[stay.end]))
        for index, stay in enumerate(tape.stays)
    ]
    longest = sorted(
        (index for index, (first, end) in enumerate(spans) if end - first >= SHORTEST_STAY),
        key=lambda index: (spans[index][0] - spans[index][1], -tape.stays[index].pages, index),
    )
    order = _with_groups(tape, dict.fromkeys([*spoken_of, *longest]))
    taken: list[list[tuple[int, int]]] = [[] for _ in range(rows)]
    chosen: dict[int, int] = {}
    for index in order:
        row = _free_row(taken, spans[index])
        if row is not None:
            taken[row].append(spans[index])
            chosen[index] = row
    return chosen


def _with_groups(tape: Tape, order: dict[int, None]) -> Iterable[int]:
    """Let stays of one task that are of several groups follow each other."""
    kin: dict[tuple[str, int], list[int]] = {}
    for index in sorted(order):
        stay = tape.stays[index]
        kin.setdefault((task_of(stay.task), stay.end), []).append(index)
    if len(kin) == len(order):
        return order
    stays = (tape.stays[index] for index in order)
    return dict.fromkeys(other for stay in stays for other in kin[task_of(stay.task), stay.end])


def _free_row(taken: Sequence[list[tuple[int, int]]], span: tuple[int, int]) -> int | None:
    first, end = span
    for row, spans in enumerate(taken):
        if all(end <= begun or gone <= first for begun, gone in spans):
            return row
    return None
