"""ContinuousBatching shows what its storyboard says, in both of its stories."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from looks import LOOKS

from pagereel.assets import ROOT, STORIES, TRACES
from pagereel.trace.simulate.engine import simulated
from pagereel.trace.simulate.workload import load_workload

if TYPE_CHECKING:
    from tests.scenes.conftest import Golden, Tell

PREEMPT = STORIES / "preempt.toml"
FULLEST = "d-moves-up"


class Row(NamedTuple):
    """A row of the storyboard's table of states."""

    step: int
    tables: dict[str, list[int]]
    mask: str
    queue: str = ""
    slots: str = ""
    notes: str = ""


ABORT = {
    "opening": Row(0, {}, "11111111", slots="00000000"),
    "start": Row(0, {"A": [0, 1, 2], "B": [3, 4, 5]}, "11000000", slots="44244100"),
    "c-joins": Row(1, {"A": [0, 1, 2], "B": [3, 4, 5], "C": [6, 7]}, "00000000", slots="44344243"),
    "d-waits": Row(
        2, {"A": [0, 1, 2], "B": [3, 4, 5], "C": [6, 7]}, "00000000", "D", slots="44444344"
    ),
    "full": Row(
        3, {"A": [0, 1, 2], "B": [3, 4, 5], "C": [6, 7]}, "00000000", "D", slots="44444444"
    ),
    "d-moves-up": Row(4, {"D": [0, 1], "B": [3, 4, 5, 2]}, "11000000", slots="42144400"),
    "grow": Row(7, {"D": [0, 1, 6], "B": [3, 4, 5, 2]}, "10000000", slots="44444410"),
    "d-leaves": Row(8, {"B": [3, 4, 5, 2, 0]}, "11000010", slots="10444400"),
    "b-alone": Row(14, {}, "11111111", slots="00000000"),
    "closing": Row(14, {}, "11111111", slots="00000000"),
}
AGAIN = "computed again so far: {} tokens"
PREEMPTED = {
    "same": Row(2, {"A": [0, 1, 2], "B": [3, 4, 5], "C": [6, 7]}, "00000000", "D"),
    "c-back": Row(3, {"A": [0, 1, 2, 6], "B": [3, 4, 5]}, "10000000", "CD"),
    "both-up": Row(
        6, {"C": [0, 1], "B": [3, 4, 5, 7], "D": [2, 6]}, "00000000", notes=AGAIN.format(8)
    ),
    "d-back": Row(7, {"C": [0, 1, 2], "B": [3, 4, 5, 7]}, "01000000", "D", notes=AGAIN.format(8)),
    "c-again": Row(12, {"B": [3, 4, 5, 7, 6, 0]}, "00000110", "CD", notes=AGAIN.format(8)),
    "restart": Row(14, {"C": [0, 1, 2], "D": [3, 4]}, "11100000", notes=AGAIN.format(26)),
    "all-done": Row(18, {}, "11111111", notes=AGAIN.format(26)),
    "closing": Row(
        18,
        {},
        "11111111",
        notes="computed again: 8 + 12 + 6 = 26 tokens; "
        "giving up instead: 2 of 4 finish, 20 tokens lost",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    "story", [pytest.param(None, id="abort"), pytest.param(PREEMPT, id="preempt")]
)
def test_states_are_those_of_the_storyboard(tell: Tell, story: None) -> None:
    rows = PREEMPTED if story else ABORT
    told = {now.key: now for now in tell("ContinuousBatching", story=story, stills=None)}
    for key, row in rows.items():
        now = told[key]
        assert now.shown["counter"] == row.step, key
        assert {task: [*table] for task, table in now.shown["running"].items()} == row.tables, key
        assert [*now.shown["running"]] == [*row.tables], f"{key}: another order of lanes"
        assert now.shown["mask"] == now.shown["pool"][1] == row.mask, key
        assert "".join(now.shown["waiting"][0]) == row.queue, key
        assert "; ".join(now.shown["notes"]) == row.notes, key
        if row.slots:
            assert "".join(map(str, now.shown["pool"][2])) == row.slots, key


@pytest.mark.slow
def test_the_sum_of_the_slots_is_that_of_the_tokens(tell: Tell) -> None:
    for now in tell("ContinuousBatching", stills=None):
        at = now.steps[-1].at if now.steps else None
        tokens = TOKENS[at] if at is not None else {}
        assert sum(now.shown["pool"][2]) == sum(tokens.values()), now.key


# Tokens in the cache after some steps: the prompt, and one for each step that has passed.
TOKENS = {
    0: {"A": 10, "B": 9},
    1: {"A": 10 + 1, "B": 9 + 1, "C": 7},
    2: {"A": 10 + 2, "B": 9 + 2, "C": 7 + 1},
    3: {"A": 3 * 4, "B": 9 + 3, "C": 2 * 4},  # A and C have no slot for one more
    4: {"B": 9 + 4, "D": 6},
    7: {"B": 9 + 7, "D": 6 + 3},
    8: {"B": 9 + 8},
    14: {},
}


def test_the_trace_is_what_its_workload_gives() -> None:
    workload = load_workload(ROOT / "workloads" / "preempt.toml")
    lines = (TRACES / "preempt.jsonl").read_text("utf-8").splitlines()
    assert [line.rstrip("\n") for line in simulated(workload)] == lines


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS)
def test_stills(golden: Golden, look: str) -> None:
    golden("ContinuousBatching", look, fullest=FULLEST)


@pytest.mark.slow
@pytest.mark.parametrize("look", ["wide", "square"])
def test_stills_of_the_second_story(golden: Golden, look: str) -> None:
    golden("ContinuousBatching", look, fullest="d-back", story=PREEMPT)
