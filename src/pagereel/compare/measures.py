"""What is measured of a run, moment by moment: in the order in which it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from pagereel.cache.events import Abort, Evict, Finish, Preempt
from pagereel.compare.reading import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pagereel.compare.clock import Ints
    from pagereel.compare.reading import Reading

Values: TypeAlias = "NDArray[np.int64] | NDArray[np.float64]"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is counted in both runs.

    Attributes
    ----------
    key
        Its name in JSON.
    label
        Its name for people.
    unit
        ``count``, or ``share`` for a part of a whole, from 0 to 1.
    of
        What it is a part of, which says how large a difference has to be to be seen.
    """

    key: str
    label: str
    of: Literal["requests", "tokens", "frames", "slots"]
    unit: Literal["count", "share"] = "count"

    def says(self, value: float) -> str:
        """Write a value: ``4,324``, ``34 %``."""
        return f"{value:,.0f}" if self.unit == "count" else f"{100 * value:.0f} %"


MEASURES = (
    Measure("running", "running", "requests"),
    Measure("waiting", "waiting", "requests"),
    Measure("finished", "finished", "requests"),
    Measure("given_up", "given up", "requests"),
    Measure("preempted", "preempted", "requests"),
    Measure("recomputed", "tokens computed again", "tokens"),
    Measure("prefilled", "tokens prefilled", "tokens"),
    Measure("held", "page frames held", "frames"),
    Measure("evicted", "cached frames evicted", "frames"),
    Measure("empty", "slots held, but empty", "slots", "share"),
)
BY_KEY = {measure.key: measure for measure in MEASURES}


def event_values(reading: Reading) -> dict[str, Ints]:
    """Return all measures but `empty`, as far as the trace says them, and the frames `cached`.

    Returns
    -------
    dict
        Key -> shape (events + 1,): before the first event, and after each.
    """
    tape, start = reading.tape, reading.tape.start
    values = {
        "running": _with_start(start.running, tape.running),
        "waiting": _with_start(start.queued, tape.queued),
        "finished": _so_far(tape.happens(Finish)),
        "given_up": _so_far(tape.happens(Abort)),
        "preempted": _so_far(tape.happens(Preempt)),
        "held": _with_start(start.held, tape.held),
        "cached": _with_start(start.cached, tape.cached),
        "evicted": _so_far(np.asarray(tape.amount) * tape.happens(Evict)),
    }
    if not all(entry.is_submitted for entry in reading.entries):
        del values["waiting"]  # nobody knows how long those without a submission have waited
    tokens = prefilled(reading)
    if tokens is not None:
        first = [stay.first for stay in tape.stays[len(start.tables) :]]
        again = np.asarray(reading.stay_again, dtype=np.bool_)[len(start.tables) :]
        for key, counts in (("prefilled", tokens), ("recomputed", tokens * again)):
            by_event = np.zeros(tape.events, np.int64)
            by_event[first] = counts
            values[key] = _so_far(by_event)
    return values


def prefilled(reading: Reading) -> Ints | None:
    """Return how many tokens are computed at the arrival of each stay that does not begin before.

    Those that are taken over from the prefix index are not. None if the trace does not say it.
    """
    there = len(reading.tape.start.tables)
    tokens = np.asarray(reading.stay_tokens, dtype=np.int64)[there:]
    shared = np.array([stay.shared for stay in reading.tape.stays[there:]], dtype=np.int64)
    size = reading.header.page_size
    if (tokens == UNKNOWN).any() or (size is None and shared.any()):
        return None
    counts: Ints = np.maximum(tokens - shared * (size or 0), 0)
    return counts


def _with_start(start: int, values: Sequence[int]) -> Ints:
    return np.concatenate([[start], np.asarray(values, dtype=np.int64)])


def _so_far(amounts: NDArray[np.integer] | NDArray[np.bool_]) -> Ints:
    return np.concatenate([[0], np.cumsum(amounts, dtype=np.int64)])
