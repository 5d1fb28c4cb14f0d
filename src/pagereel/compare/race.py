"""When the film of a comparison shows what: one clock for both runs, and where it stops.

As in Replay, a step takes the longer the more happens in it, in both runs together. From the last
stop on, the clock goes twice as fast: what matters has been said.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from pagereel.film.timelapse import shared_out

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from pagereel.compare.comparison import Comparison
    from pagereel.compare.run import Run
    from pagereel.compare.stops import Stop

USUAL_LENGTH = 44.0  # seconds
RATE = 10  # ticks a second; at Replay's rate, two pools would flicker
TONES = 8  # in which the tasks of a run are drawn
_APART = 5.0  # seconds from the beginning of a stop to that of the next one, at least
_SHORTEST = 1.2  # seconds of running time before a stop, at least
_RUNNING = 0.2  # of the time between opening and result, at least, in which the clock runs
_HURRY = 2.0  # how much faster the clock goes after the last stop
_HAIR = 1e-9
# Tasks that arrive one after another hold frames beside each other: their tones differ a lot.
_ORDER = (4, 1, 6, 3, 0, 5, 2, 7)


@dataclass(frozen=True, slots=True, eq=False)
class Lap:
    """A stretch of the race, and the stop at its end.

    Attributes
    ----------
    moments
        What is shown at each of its ticks, of which there are `RATE` a second: moments of the
        comparison, not falling.
    stop
        What is said then; None: the race is over.
    """

    moments: NDArray[np.int64]
    stop: Stop | None = None

    @property
    def seconds(self) -> float:
        """How long the clock runs."""
        return len(self.moments) / RATE


@dataclass(frozen=True, slots=True, eq=False)
class Race:
    """A comparison, and when its film shows what.

    Attributes
    ----------
    comparison
        The two runs.
    laps
        The stretches, one after another.
    tones
        By run and stay: in which of the `TONES` tones of the run's colour a task is drawn; the same
        request has the same one in both.
    columns
        How many page frames a row of both pools has; as the requests reserve them, if not given.
    """

    comparison: Comparison
    laps: tuple[Lap, ...]
    tones: tuple[tuple[int, ...], tuple[int, ...]]
    columns: int | None = None

    @classmethod
    def of(
        cls, comparison: Comparison, laps: Sequence[Lap] = (), *, columns: int | None = None
    ) -> Race:
        """Return a comparison with its stretches, and with a tone for each task."""
        first, second = map(_tones, comparison.runs)
        return cls(comparison, tuple(laps), (first, second), columns)

    @property
    def rows(self) -> tuple[int | None, int | None]:
        """By run: how many page frames a row of its pool has; None: any number."""
        return (self.columns, self.columns) if self.columns else self.comparison.rows

    @property
    def runs(self) -> tuple[Run, Run]:
        """The two runs."""
        return self.comparison.runs


def plan_race(comparison: Comparison, seconds: float, stop: Callable[[Stop], float]) -> Race:
    """Plan the film of a comparison.

    Parameters
    ----------
    seconds
        How long the clock runs and stands, together.
    stop
        How many seconds a stop takes.
    """
    stops = _chosen(comparison.stops, seconds, stop)
    while True:
        laps = _laps(comparison, stops, max(_SHORTEST, seconds - sum(map(stop, stops))))
        close = _too_close(laps, stop)
        if close is None:
            return Race.of(comparison, laps)
        stops.remove(close)


def _chosen(stops: Sequence[Stop], seconds: float, stop: Callable[[Stop], float]) -> list[Stop]:
    """Return the stops for which there is time; what matters most is chosen first."""
    chosen: list[Stop] = []
    running = seconds
    for each in sorted(stops, key=lambda each: each.rank):
        rest = running - stop(each)
        if rest >= max(_RUNNING * seconds, _SHORTEST * (len(chosen) + 2)) - _HAIR:
            chosen.append(each)
            running = rest
    return sorted(chosen, key=lambda each: each.moment)


def _laps(comparison: Comparison, stops: Sequence[Stop], running: float) -> list[Lap]:
    """Share the time in which the clock runs among the stretches between stops."""
    passed = np.cumsum(comparison.clock.weights)
    begins = [0, *(stop.moment if stop.end is None else stop.end for stop in stops)]
    ends = [*(stop.moment for stop in stops), len(passed) - 1]
    weights = np.maximum(passed[ends] - passed[begins], _HAIR)
    weights[-1] /= _HURRY
    least = np.array(
        [_SHORTEST if end > begin else 0 for begin, end in zip(begins, ends, strict=True)]
    )
    lengths = shared_out(running, weights, least)
    counts = np.diff(np.rint(np.cumsum(lengths) * RATE).astype(int), prepend=0)
    return [
        Lap(_moments(passed, begin, end, np.arange(1, count + 1) / max(count, 1)), stop)
        for begin, end, count, stop in zip(
            begins, ends, counts.tolist(), (*stops, None), strict=True
        )
    ]


def run_through(
    comparison: Comparison, begin: int, end: int, *, seconds: float, hurry: float = 1.0
) -> Lap:
    """Return a stretch of the race from one moment to another.

    Parameters
    ----------
    seconds
        How long it takes.
    hurry
        How much faster the clock goes at its end than at its beginning.
    """
    count = max(1, round(seconds * RATE))
    time = np.arange(1, count + 1) / count
    share = (2 * time + (hurry - 1) * time**2) / (hurry + 1)
    return Lap(_moments(np.cumsum(comparison.clock.weights), begin, end, share))


def _moments(
    passed: NDArray[np.float64], begin: int, end: int, share: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the moments at shares of the way from one to another, rising to 1."""
    time = passed[begin] + (passed[end] - passed[begin]) * share
    moments = np.searchsorted(passed, time + _HAIR, side="right") - 1
    moments = np.clip(moments, begin, max(begin, end))
    moments[-1:] = end
    whole: NDArray[np.int64] = moments.astype(np.int64)
    return whole


def _too_close(laps: Sequence[Lap], stop: Callable[[Stop], float]) -> Stop | None:
    """Return a stop that comes too soon before or after one that matters more."""
    for lap, following in pairwise(laps):
        if lap.stop and following.stop and stop(lap.stop) + following.seconds < _APART:
            return max(lap.stop, following.stop, key=lambda each: each.rank)
    return None


def _tones(run: Run) -> tuple[int, ...]:
    request_of = np.argsort(run.entry_of)
    entries = np.asarray(run.reading.stay_entry, dtype=np.int64)
    return tuple(_ORDER[request % TONES] for request in request_of[entries].tolist())
