"""How many tokens the tasks have after each of the engine's steps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from traces import TRACES, event, header, text_of

from pagereel.cache import Expand
from pagereel.story import asking, load_story

if TYPE_CHECKING:
    from pathlib import Path

START = [
    header(frames=4, page_size=4),
    event(1, "arrive", "A", frames=[0, 1], tokens=6, step=2),
    event(2, "arrive", "B", frames=[2], tokens=3, step=3),
    event(3, "expand", "A", frames=[3], pos=8, step=6),
    event(4, "finish", "B", step=7),
]


def tokens(tmp_path: Path, lines: list[dict[str, Any]]) -> Any:
    path = tmp_path / "t.jsonl"
    path.write_text(text_of(*lines))
    return load_story(path).tokens


def test_tokens_after_each_step(tmp_path: Path) -> None:
    counted = tokens(tmp_path, START)
    assert counted == {
        2: {"A": 6},
        3: {"A": 7, "B": 3},
        4: {"A": 8, "B": 4},
        5: {"A": 8, "B": 4},  # neither has a slot for one more
        6: {"A": 9, "B": 4},
        7: {"A": 10},
    }
    assert [asking(counted, at) for at in (4, 5, 6, 7)] == [(), ("A", "B"), ("B",), ()]


@pytest.mark.parametrize(
    "change",
    [
        {"pos": 9},  # speculative tokens
        {"tokens": None},
        {"step": None},
        {"page_size": None},
    ],
)
def test_where_nothing_is_known(tmp_path: Path, change: dict[str, Any]) -> None:
    lines = [
        {key: change.get(key, value) for key, value in line.items()}
        | ({"frames": [3]} if line.get("pos") else {})
        for line in START
    ]
    known = [{key: value for key, value in line.items() if value is not None} for line in lines]
    assert tokens(tmp_path, known) == {}


def test_a_task_that_comes_back_within_a_step(tmp_path: Path) -> None:
    back = [
        event(4, "preempt", "B", step=6),
        event(5, "arrive", "B", frames=[2], tokens=4, step=6),
    ]
    assert tokens(tmp_path, [*START[:-1], *back]) == {}


@pytest.mark.parametrize("name", ["pool_pressure", "prefix_sharing", "lru_eviction"])
def test_every_position_in_a_recorded_trace_agrees(name: str) -> None:
    (path,) = (path for path in TRACES if path.stem == name)
    story = load_story(path)
    positions = 0
    for step in story.steps:
        if isinstance(step.event, Expand):
            assert step.at is not None
            assert story.tokens[step.at][step.event.task] == (step.event.pos or 0) + 1
            positions += 1
    assert positions


def test_the_steps_of_pool_pressure() -> None:
    (path,) = (path for path in TRACES if path.stem == "pool_pressure")
    counted = load_story(path).tokens
    # The storyboard: all 32 slots are full at step 3, and A and C need one more frame.
    assert sum(counted[3].values()) == 32
    assert asking(counted, 3) == ("A", "C")
    assert counted[7] == {"B": 16, "D": 9}
    assert json.dumps(counted[14]) == "{}"


def test_a_clock_in_place_of_steps(tmp_path: Path) -> None:
    late = [*START[:-1], event(4, "finish", "B", step=10**12)]
    assert tokens(tmp_path, late) == {}
