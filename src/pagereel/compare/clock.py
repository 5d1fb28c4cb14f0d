"""The clock that both runs are shown by: the engine's step or, without one, the requests so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from pagereel.film.timelapse import event_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pagereel.compare.reading import Reading

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

Unit: TypeAlias = Literal["step", "request"]


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """The moments at which two runs are compared.

    Moment 0 is before the first event. Each later one is after all that happens at a time in which
    something happens in either run, or at the step before it; between them nothing changes.

    Attributes
    ----------
    unit
        What is counted.
    at
        Shape (moments,): the time of each; rises. A whole number of steps; or of requests so far,
        with what happens between two of them spread evenly.
    weights
        Shape (moments,): how much of a film's running time passes before each moment, relative to
        the others: the more events of both runs, the more, as in Replay.
    requests
        How many there are.
    """

    unit: Unit
    at: Floats
    weights: Floats
    requests: int

    def says(self, moment: int) -> str:
        """Return the time in words: ``step 64``, ``request 37 of 90``."""
        time = max(0, int(self.at[moment]))
        return f"step {time:,}" if self.unit == "step" else f"request {time:,} of {self.requests:,}"

    def moment(self, time: float) -> int:
        """Return the last moment that is not after a time."""
        return max(0, int(np.searchsorted(self.at, time, side="right")) - 1)


def event_times(reading: Reading, unit: Unit) -> Floats:
    """Return the time of each event, shape (events,).

    Without steps, what happens after the k-th request is submitted, and before the next one is, has
    times from k to below k + 1, evenly spread.
    """
    if unit == "step":
        return np.asarray(reading.tape.step, dtype=np.float64)
    there = sum(entry.event < 0 for entry in reading.entries)
    starts = np.array([entry.event for entry in reading.entries[there:]], dtype=np.int64)
    events = np.arange(reading.tape.events)
    group = np.searchsorted(starts, events, side="right")
    bounds = np.concatenate([[0], starts, [reading.tape.events]])
    size = np.diff(bounds)[group]
    spread: Floats = there + group + (events - bounds[group]) / np.maximum(size, 1)
    return spread


def make_clock(readings: tuple[Reading, Reading]) -> tuple[Clock, tuple[Ints, Ints]]:
    """Make the clock of two runs, and say how many events of each have happened at each moment.

    Returns
    -------
    clock
        The clock.
    reached
        By run, shape (moments,): events so far.
    """
    has_steps = all(reading.tape.has_steps for reading in readings)
    unit: Unit = "step" if has_steps else "request"
    times = tuple(event_times(reading, unit) for reading in readings)
    together = np.unique(np.concatenate(times))
    if unit == "step":
        together = np.unique(np.concatenate([together, together - 1]))
    else:
        together = np.concatenate([together[:1] - 1, together])
    first, second = (np.searchsorted(time, together, side="right") for time in times)
    events = np.sort(np.concatenate(times))
    moments = np.searchsorted(together, events)
    weights = np.zeros(len(together))
    np.add.at(weights, moments, event_weights(np.floor(events).astype(np.int64)))
    clock = Clock(unit, together, weights, len(readings[0].entries))
    return clock, (first, second)
