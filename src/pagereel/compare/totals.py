"""What is counted over the whole of both runs, and by how much it differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from pagereel.cache.events import Abort
from pagereel.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from pagereel.compare.run import Run

Unit: TypeAlias = Literal["count", "step", "mean", "share"]
NOTABLE = 0.02  # of the greater of the two: smaller differences are no finding
_TIMES = 10  # of the first value: a greater difference is given in numbers, too
_IN_NUMBERS = 10  # a count that differs by less is not given in per cent


@dataclass(frozen=True, slots=True)
class Total:
    """Something that is counted over a whole run.

    Attributes
    ----------
    key
        Its name in JSON.
    label
        Its name for people.
    unit
        ``count``; ``step``: one of the clock; ``mean``: not whole; ``share``: a part, 0 to 1.
    of
        Counts it; None where a trace does not say it.
    more_is_better
        Which of two runs does better by it.
    in_frames
        Whether it counts page frames, so that two pools can only be compared by it if their pages
        are equally large.
    words
        How less and more of it are called.
    """

    key: str
    label: str
    unit: Unit
    of: Callable[[Run], float | None]
    more_is_better: bool = False
    in_frames: bool = False
    words: tuple[str, str] = ("fewer", "more")

    def says(self, value: float) -> str:
        """Write a value: ``11,344``, ``12.6``, ``34 %``."""
        if self.unit == "share":
            return f"{100 * value:.0f} %"
        return f"{value:,.1f}" if self.unit == "mean" else f"{value:,.0f}"


@dataclass(frozen=True, slots=True)
class Pair:
    """A total of both runs.

    Attributes
    ----------
    total
        What it is.
    values
        Of A and of B.
    """

    total: Total
    values: tuple[float, float]

    @property
    def says(self) -> tuple[str, str]:
        """Both values, written."""
        return self.total.says(self.values[0]), self.total.says(self.values[1])

    @property
    def better(self) -> int | None:
        """The side that does better; None if they are equal."""
        one, other = self.values
        if one == other:
            return None
        return int((other > one) == self.total.more_is_better)

    @property
    def is_notable(self) -> bool:
        """Whether they differ by 2 % of the greater or, of shares, by 2 points."""
        one, other = self.values
        most = 1.0 if self.total.unit == "share" else max(abs(one), abs(other))
        return one != other and abs(one - other) >= NOTABLE * most

    @property
    def difference(self) -> str:
        """How B differs from A: ``45 % fewer``, ``5 more``, ``31 points less``; may be empty."""
        one, other = self.values
        by = abs(other - one)
        if len({*self.says}) == 1:
            return ""
        word = self.total.words[other > one]
        if self.total.unit == "share":
            points = round(100 * by)
            return f"{counted(points, 'point')} {word}" if points else ""
        if by > _TIMES * abs(one) or (self.total.unit in {"count", "step"} and by < _IN_NUMBERS):
            return f"{self.total.says(by)} {word}"
        return f"{100 * by / abs(one):,.0f} % {word}"


def totals(runs: tuple[Run, Run]) -> dict[str, Pair]:
    """Return all that both traces say, by key, in the order in which it is shown."""
    pairs = {}
    same_size = runs[0].page_size == runs[1].page_size
    for total in TOTALS:
        one, other = (total.of(run) for run in runs)
        if one is not None and other is not None and (same_size or not total.in_frames):
            pairs[total.key] = Pair(total, (one, other))
    return pairs


def _final(key: str) -> Callable[[Run], float | None]:
    """Return what reads a measure that only grows: its last value."""
    return lambda run: float(run.by_event[key][-1]) if key in run.by_event else None


def _last_step(run: Run) -> float | None:
    if run.done is None or run.clock.unit != "step":
        return None
    return float(run.clock.at[run.done])


def _mean_wait(run: Run) -> float | None:
    """Return how many steps a request waits, from its submission to its first arrival."""
    if run.clock.unit != "step" or "waiting" not in run.values:
        return None
    step = run.tape.step
    waits = [
        step[entry.arrival] - step[entry.event]
        for entry in run.reading.entries
        if entry.arrival is not None and entry.event >= 0
    ]
    return float(np.mean(waits)) if waits else None


def _mean_running(run: Run) -> float | None:
    """Return how many requests run, on average over the clock's time until the run's last event."""
    return _mean(run, run.values["running"].astype(np.float64))


def _mean(run: Run, values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float | None:
    times = run.clock.at[1 : run.last + 1]
    if not len(times):
        return None
    lasts = np.diff(times, append=times[-1] + 1)  # a state lasts until the next one
    return float(np.average(values[1 : run.last + 1], weights=lasts))


def _mean_empty(run: Run) -> float | None:
    """Return the share of the slots in held frames that are empty, over all steps."""
    if "empty" not in run.values:
        return None
    held = run.values["held"].astype(np.float64)
    slots, empty = _mean(run, held), _mean(run, held * run.values["empty"])
    return empty / slots if slots and empty is not None else None


def _peak(key: str) -> Callable[[Run], float | None]:
    return lambda run: float(run.by_event[key].max())


def _peak_share(run: Run) -> float | None:
    return float(run.by_event["held"].max()) / run.usable if run.usable else None


def _tokens_lost(run: Run) -> float | None:
    """Return how many tokens were in the cache of requests that were given up."""
    slots = run.slots
    if slots is None:
        return None
    tape, lost = run.tape, 0
    for event in np.flatnonzero(tape.happens(Abort)).tolist():
        stay = tape.stay[event]
        if stay >= 0:
            before = tape.step[event] - 1
            lost += min(slots.tokens(stay, before), tape.stays[stay].pages * (run.page_size or 0))
    return float(lost)


TOTALS = (
    Total("finished", "finished", "count", _final("finished"), more_is_better=True),
    Total("given_up", "given up", "count", _final("given_up")),
    Total("last_step", "last step", "step", _last_step, words=("earlier", "later")),
    Total("mean_wait", "mean wait, in steps", "mean", _mean_wait, words=("shorter", "longer")),
    Total(
        "mean_running",
        "running, mean of all steps",
        "mean",
        _mean_running,
        more_is_better=True,
    ),
    Total("peak_running", "running, at most", "count", _peak("running"), more_is_better=True),
    Total("prefilled", "tokens prefilled", "count", _final("prefilled")),
    Total("recomputed", "tokens computed again", "count", _final("recomputed")),
    Total("lost_tokens", "tokens lost", "count", _tokens_lost),
    Total("preempted", "preempted", "count", _final("preempted")),
    Total("peak_held", "peak of frames held", "count", _peak("held"), in_frames=True),
    Total("peak_share", "peak of the pool held", "share", _peak_share, words=("less", "more")),
    Total("evicted", "cached frames evicted", "count", _final("evicted"), in_frames=True),
    Total(
        "mean_empty",
        "slots held, but empty",
        "share",
        _mean_empty,
        words=("less", "more"),
    ),
)
"""In the order of the table."""
