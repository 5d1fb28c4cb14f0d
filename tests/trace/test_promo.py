"""The traces that a promo shows are in the states that it tells of, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from pagereel.assets import TRACES
from pagereel.cache.events import Arrive, Finish
from pagereel.trace import follow, open_trace

if TYPE_CHECKING:
    from pathlib import Path

CLOSE = TRACES / "promo.jsonl"


class State(NamedTuple):
    """A cache after a step: its page tables, and the cached frames, the first to go first."""

    tables: dict[str, list[int]]
    cached: list[int]
    free: list[int]
    queued: list[str]


def states(path: Path) -> dict[int, State]:
    """Return the state after each step in which something happens."""
    found = {}
    with open_trace(path) as trace:
        for record, ledger in follow(trace):
            assert record.step is not None
            found[record.step] = State(
                {task: [*table] for task, table in ledger.tables.items()},
                [*ledger.cached],
                [*ledger.free_frames],
                [*ledger.queued],
            )
    return found


@pytest.mark.parametrize(
    ("step", "tables", "cached", "free"),
    [
        (0, {"A": [0, 1], "B": [2, 3]}, [], [4, 5, 6, 7]),
        (1, {"A": [0, 1, 4], "B": [2, 3]}, [], [5, 6, 7]),
        (2, {"A": [0, 1, 4], "B": [2, 3], "C": [0, 1, 5], "D": [0, 1, 6]}, [], [7]),
        (3, {"A": [0, 1, 4], "C": [0, 1, 5], "D": [0, 1, 6], "E": [3, 7]}, [2], []),
        (5, {"A": [0, 1, 4, 5], "E": [3, 7]}, [2, 6], []),
        (6, {"E": [3, 7, 5]}, [2, 6, 0, 1, 4], []),
        (7, {"E": [3, 7, 5], "F": [0, 1, 2]}, [6, 4], []),
    ],
)
def test_the_close_part_step_by_step(
    step: int, tables: dict[str, list[int]], cached: list[int], free: list[int]
) -> None:
    state = states(CLOSE)[step]
    assert (state.tables, state.cached, state.free) == (tables, cached, free)
    assert state.queued == (["E"] if step == 2 else [])


def test_eleven_pages_fit_into_seven_frames() -> None:
    tables = states(CLOSE)[2].tables
    pages = [frame for table in tables.values() for frame in table]
    assert [pages.count(frame) for frame in range(8)] == [3, 3, 1, 1, 1, 1, 1, 0]
    assert (len(pages), len({*pages})) == (11, 7)
    page, offset = divmod(9, 4)  # A's token 9 is there by then: it has 8 and makes one a step
    assert (page, offset, tables["A"][page] * 4 + offset) == (2, 1, 17)


def test_how_many_tokens_are_made() -> None:
    arrived, made = {}, {}
    with open_trace(CLOSE) as trace:
        for record, _ in follow(trace):
            match record.event:
                case Arrive(task):
                    arrived[task] = record.step or 0
                case Finish(task):
                    made[task] = (record.step or 0) - arrived[task]
    assert made == {"A": 6, "B": 3, "C": 3, "D": 3, "E": 10, "F": 4}


@pytest.mark.parametrize(
    ("name", "running", "waiting", "held", "cached", "last"),
    [("reserved_rows_192", 11, 14, 187, 0, 461), ("pages_192", 24, 0, 148, 44, 293)],
)
def test_the_two_runs(
    name: str, running: int, waiting: int, held: int, cached: int, last: int
) -> None:
    """At step 70, and at their ends, where all requests are done."""
    found = states(TRACES / f"{name}.jsonl")
    now = found[max(step for step in found if step <= 70)]
    frames = {frame for table in now.tables.values() for frame in table}
    assert (len(now.tables), len(now.queued)) == (running, waiting)
    assert (len(frames), len(now.cached)) == (held, cached)
    assert max(found) == last
    assert (found[last].tables, found[last].queued) == ({}, [])
