"""Everything that is counted is what an independent judge of traces counts, at each moment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from judge import Judge

from pagereel.assets import TRACES
from pagereel.compare.comparison import compare_traces
from pagereel.film.tape import CACHED, FREE

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.compare.run import Run

# Two traces, and how many of them are judged: the others are, in another pair.
PAIRS = [("prefix_off_192", "pages_192", 2), ("reserved_rows_192", "pages_192", 1)]
PAIRS += [("pool_pressure", "preempt", 2)]
WAITS, RUNS, FINISHED, GIVEN_UP = 1, 2, 3, 4


class Counted:
    """A judge that also counts, from the lines of the trace alone."""

    def __init__(self, path: Path) -> None:
        first, *self.lines = map(json.loads, path.read_text().splitlines())
        self.judge = Judge(first)
        self.size = first["page_size"]
        self.done = 0
        self.counts = dict.fromkeys(("finish", "abort", "preempt"), 0)
        self.evicted = self.prefilled = self.recomputed = 0
        self.prompts: dict[str, int] = {}
        self.states: dict[str, int] = {}
        self.grown: dict[str, tuple[int, int]] = {}
        self.seen: set[str] = set()

    def go_to(self, step: float) -> None:
        while self.done < len(self.lines) and self.lines[self.done]["step"] <= step:
            self.done += 1
            self.judge.event(self.done, self.lines[self.done - 1])
            self.count(self.lines[self.done - 1])

    def count(self, line: dict[str, Any]) -> None:
        verb, task = line["ev"], line.get("task", "")
        if verb == "submit":
            self.prompts[task] = line["tokens"]
            self.states[task] = WAITS
        elif verb == "arrive":
            tokens = line.get("tokens", self.prompts[task])
            computed = tokens - len(line.get("shared", [])) * self.size
            self.prefilled += computed
            self.recomputed += computed if task in self.seen else 0
            self.seen.add(task)
            self.states[task] = RUNS
            self.grown[task] = (tokens, line["step"])
        elif verb == "evict":
            self.evicted += len(line["frames"])
        elif verb in self.counts:
            self.counts[verb] += 1
            self.states[task] = {"finish": FINISHED, "abort": GIVEN_UP, "preempt": WAITS}[verb]

    def values(self) -> dict[str, int]:
        judge = self.judge
        return {
            "running": len(judge.tables),
            "waiting": len(judge.queued),
            "finished": self.counts["finish"],
            "given_up": self.counts["abort"],
            "preempted": self.counts["preempt"],
            "recomputed": self.recomputed,
            "prefilled": self.prefilled,
            "held": len(judge.held()),
            "cached": len(judge.cached),
            "evicted": self.evicted,
        }

    def slots(self, step: float) -> dict[int, int]:
        """Return how many slots of each held frame have a token."""
        filled: dict[int, int] = {}
        for task, table in self.judge.tables.items():
            tokens, since = self.grown[task]
            for page, frame in enumerate(table):
                here = min(self.size, max(0, tokens + int(step) - since - page * self.size))
                assert filled.setdefault(frame, here) == here  # only full pages are shared
        return filled


@pytest.mark.parametrize(("one", "other", "judged"), PAIRS)
def test_all_that_is_counted(one: str, other: str, judged: int) -> None:
    comparison = compare_traces((TRACES / f"{one}.jsonl", TRACES / f"{other}.jsonl"))
    assert comparison.clock.unit == "step"
    for run in comparison.runs[:judged]:
        counted = Counted(run.file)
        for moment, step in enumerate(comparison.clock.at.tolist()):
            counted.go_to(step)
            for key, value in counted.values().items():
                assert run.values[key][moment] == value, (key, step)
            is_now = [counted.states.get(request.task, 0) for request in comparison.requests]
            assert run.states(moment).tolist() == is_now, step
            check_slots(run, moment, counted.slots(step))
            if not moment % 20:
                check_pool(run, moment, counted.judge)


def check_slots(run: Run, moment: int, filled: dict[int, int]) -> None:
    assert run.page_size is not None
    slots = run.page_size * len(filled)
    empty = (slots - sum(filled.values())) / max(slots, 1)
    assert run.values["empty"][moment] == pytest.approx(empty)
    fill = run.fill(moment)
    assert fill is not None
    assert {*np.flatnonzero(fill)} <= filled.keys()
    assert {frame: fill[frame] for frame in filled} == filled


def check_pool(run: Run, moment: int, judge: Judge) -> None:
    held = judge.held()
    assert run.refs(moment).tolist() == [held[frame] for frame in range(run.frames)]
    for frame, owner in enumerate(run.owners(moment).tolist()):
        if frame in held:
            assert frame in judge.tables[run.tape.stays[owner].task]
        else:
            assert owner == (CACHED if frame in judge.cached else FREE)
    for request, entry in enumerate(run.entry_of.tolist()):
        task = run.reading.entries[entry].key.task
        assert run.table(request, moment) == tuple(judge.tables.get(task, ()))


@pytest.mark.parametrize(
    ("first", "columns"),
    [("reserved_rows_192", (17, 17)), ("prefix_off_192", (None, None))],
)
def test_a_request_that_reserves_a_row_has_a_row(
    first: str, columns: tuple[int | None, int | None]
) -> None:
    comparison = compare_traces((TRACES / f"{first}.jsonl", TRACES / "pages_192.jsonl"))
    assert comparison.rows == columns


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (
            ("reserved_rows_192", "pages_192"),
            "step 293: B: all 90 requests are done. A: 32 are not done yet.",
        ),
        (
            ("prefix_off_192", "pages_192"),
            "step 293: A: 73 of 90 requests are done, 17 given up. B: all 90 requests are done.",
        ),
    ],
)
def test_the_first_end_or_that_of_both(pair: tuple[str, str], said: str) -> None:
    names = ("A", "B")
    first, second = (TRACES / f"{name}.jsonl" for name in pair)
    comparison = compare_traces((first, second), names)
    stop = comparison.first_end
    assert f"{comparison.clock.says(stop.moment)}: {stop.caption.plain(names)}" == said
    assert stop.side == 1
