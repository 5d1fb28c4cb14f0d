"""Two traces of one workload, compared: all that a film or a table shows of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pagereel.compare.clock import event_times, make_clock
from pagereel.compare.measures import BY_KEY, MEASURES
from pagereel.compare.names import check_name, choose_names, memory, pools_said
from pagereel.compare.reading import read
from pagereel.compare.result import conclude
from pagereel.compare.run import Request, Run
from pagereel.compare.stops import Caption, find_stops, first_end
from pagereel.compare.totals import totals
from pagereel.compare.workload import match
from pagereel.errors import CompareError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pagereel.compare.clock import Clock
    from pagereel.compare.measures import Measure
    from pagereel.compare.result import Result
    from pagereel.compare.stops import Stop
    from pagereel.compare.totals import Pair

MOST_MEASURES = 4
_SEEN = 0.05  # a difference of so much of the whole is seen


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two runs of one workload on one clock.

    Attributes
    ----------
    clock
        The moments; what is given by moment has the shape (moments,).
    requests
        In the order of submission.
    runs
        A and B.
    """

    clock: Clock
    requests: tuple[Request, ...]
    runs: tuple[Run, Run]

    @property
    def names(self) -> tuple[str, str]:
        """What the runs are called."""
        return self.runs[0].name, self.runs[1].name

    @property
    def title(self) -> str:
        """What is the same: ``The same 90 requests``."""
        count = len(self.requests)
        return "The same request" if count == 1 else f"The same {count:,} requests"

    @property
    def subtitle(self) -> tuple[str, ...]:
        """The engine and the memory; two lines if they differ."""
        return pools_said((self.runs[0].reading.header, self.runs[1].reading.header))

    @property
    def same_memory(self) -> bool:
        """Whether both pools are known to have room for equally many tokens."""
        sizes = {memory(run.reading.header) for run in self.runs}
        return len(sizes) == 1 and None not in sizes

    @property
    def opening(self) -> Caption:
        """What is said at moment 0."""
        return Caption(lead=f"{self.title}, twice, on one clock.")

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """The first four measures that differ.

        At some moment they are apart by a twentieth of what there is to count: requests, prefilled
        tokens, frames of the pool, slots. Tokens count at the end: before, they only say which run
        is behind, as the finished requests do. Frames of different sizes are not compared.
        """
        differing = []
        for measure in MEASURES:
            one, other = (run.values.get(measure.key) for run in self.runs)
            if one is None or other is None or (measure.of == "frames" and not self.same_pages):
                continue
            apart = np.abs(one - other)
            if (apart[-1] if measure.of == "tokens" else apart.max()) > _SEEN * self._most(measure):
                differing.append(measure)
        return tuple(differing[:MOST_MEASURES])

    def _most(self, measure: Measure) -> float:
        """Return how much there is of what a measure counts, in the run that has more of it."""
        match measure.of:
            case "requests":
                return len(self.requests)
            case "tokens":
                return float(max(run.values["prefilled"][-1] for run in self.runs))
            case "frames":
                return max(run.usable for run in self.runs)
            case "slots":
                return 1

    @property
    def same_pages(self) -> bool:
        """Whether the pages of both are equally large, as far as the traces say it."""
        return self.runs[0].page_size == self.runs[1].page_size

    @property
    def rows(self) -> tuple[int | None, int | None]:
        """By run: how many page frames a row of its pool has; None: any number.

        Where a request reserves a row, it is one. Pages of the same size are drawn in such rows
        in the other pool, too.
        """
        first, second = (run.row for run in self.runs)
        return (first or second, second or first) if self.same_pages else (first, second)

    @property
    def curve(self) -> Measure:
        """What is drawn over time: the frames held or, if pages differ in size, requests."""
        return BY_KEY["held" if self.same_pages else "running"]

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        """Where the clock stops, in the order of moments."""
        return find_stops(self.clock, self.runs, self.requests)

    @cached_property
    def first_end(self) -> Stop:
        """Where one run is done and the other is not; the end of both, if there is no such."""
        return first_end(self.clock, self.runs)

    @cached_property
    def totals(self) -> Mapping[str, Pair]:
        """What is counted over the whole of both runs, by key."""
        return totals(self.runs)

    @cached_property
    def result(self) -> Result:
        """The headlines and the boxes."""
        return conclude(self.clock, self.runs, self.totals)


def compare_traces(
    files: tuple[Path, Path], names: tuple[str | None, str | None] = (None, None)
) -> Comparison:
    """Compare two traces of one workload.

    Parameters
    ----------
    files
        The traces, A and B; one of them may be ``-`` for standard input.
    names
        What the runs are called; if not given, what differs in their headers, or their files.

    Raises
    ------
    TraceError
        If a file is not a trace, or something in it cannot happen.
    CompareError
        If they are not of the same workload, or the same file twice; or if a name does not fit.
    """
    if files[0] == files[1]:
        raise CompareError(f"{files[0]} is given twice; name two traces of one workload")
    if _are_one(*files):
        raise CompareError(f"{files[0]} and {files[1]} are one file; name two traces")
    for name in names:
        if name is not None:
            check_name(name)
    one, other = (read(file) for file in files)
    first, second = match((one, other))
    clock, reached = make_clock((one, other))
    stems = _stem(files[0]), _stem(files[1])
    chosen = choose_names((one.header, other.header), stems, names)
    runs = (
        Run(0, chosen[0], files[0], one, first, clock, reached[0]),
        Run(1, chosen[1], files[1], other, second, clock, reached[1]),
    )
    return Comparison(clock, _requests(runs), runs)


def _are_one(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one is not there: reading it says so
        return False


def _stem(file: Path) -> str:
    return file.name.removesuffix(".gz").removesuffix(".jsonl")


def _requests(runs: tuple[Run, Run]) -> tuple[Request, ...]:
    """Return what both traces say of each request."""
    unit = runs[0].clock.unit
    at = [_submitted(run, event_times(run.reading, unit)) for run in runs]
    entries = [[run.reading.entries[index] for index in run.entry_of.tolist()] for run in runs]
    return tuple(
        Request(str(one.key), other.tokens if one.tokens is None else one.tokens, float(min(times)))
        for one, other, *times in zip(*entries, *at, strict=True)
    )


def _submitted(run: Run, times: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Sequence[float]:
    """Return when each request is submitted; moment 0 for those that are there at the start."""
    events = np.array([entry.event for entry in run.reading.entries], np.int64)[run.entry_of]
    before = float(run.clock.at[0])
    return np.where(events < 0, before, times[np.maximum(events, 0)]).tolist()  # type: ignore[no-any-return]
