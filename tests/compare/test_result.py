"""Headlines by the first rule that holds, and boxes of which one speaks for the other side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from traces import event, header, text_of

from pagereel.compare.comparison import compare_traces
from pagereel.compare.result import conclude
from pagereel.compare.totals import TOTALS, Pair

if TYPE_CHECKING:
    from pagereel.compare.comparison import Comparison
    from pagereel.compare.result import Result

EVERY = {total.key: total for total in TOTALS}
SAME = {"given_up": 0, "last_step": 100, "mean_wait": 5, "prefilled": 1000, "recomputed": 0}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Return a comparison of 100 steps in which nothing differs."""
    folder = tmp_path_factory.mktemp("plain")
    lines = (
        event(1, "submit", "R1", step=1, tokens=4),
        event(2, "arrive", "R1", step=1, tokens=4, frames=[0]),
        event(3, "finish", "R1", step=100),
    )
    files = []
    for name in ("a", "b"):
        files.append(folder / f"{name}.jsonl")
        files[-1].write_text(text_of(header(page_size=4), *lines))
    return compare_traces((files[0], files[1]))


def concluded(plain: Comparison, **values: tuple[float, float]) -> Result:
    """Return what comes of totals that are the same but for some."""
    both = {**{key: (value, value) for key, value in SAME.items()}, **values}
    pairs = {key: Pair(EVERY[key], both[key]) for key in EVERY if key in both}
    return conclude(plain.clock, plain.runs, pairs)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"last_step": (461, 293)}, "293 steps instead of 461."),
        ({"last_step": (293, 1461)}, "293 steps instead of 1,461."),
        ({"given_up": (0, 1)}, "b: 1 of 1 request is given up. a: the request finishes."),
        ({}, "The two do the same work."),
    ],
)
def test_the_verdict_is_one_sentence_where_steps_decide(
    plain: Comparison, values: dict[str, tuple[float, float]], said: str
) -> None:
    assert concluded(plain, **values).verdict.plain(("a", "b")) == said


@pytest.mark.parametrize(
    ("rule", "values", "said"),
    [
        (1, {"given_up": (0, 1)}, ["1 of 1 request is given up.", "the request finishes."]),
        (2, {"last_step": (102, 100)}, ["done at step 102.", "done at step 100."]),
        (3, {"mean_wait": (6.2, 5)}, ["the mean wait is 6 steps.", "the mean wait is 5 steps."]),
        (
            3,
            {"mean_wait": (1.3, 0.2)},
            ["the mean wait is 1 step.", "the mean wait is less than a step."],
        ),
        (4, {"prefilled": (1000, 970)}, ["1,000 tokens are prefilled.", "970 tokens are"]),
        (4, {"recomputed": (0, 1)}, ["1 token is computed again.", "0 tokens are computed again."]),
        (5, {"peak_share": (0.5, 0.98)}, ["at most 98 % of the pool is held.", "at most 50 % of"]),
    ],
)
def test_rules(
    plain: Comparison, rule: int, values: dict[str, tuple[float, float]], said: list[str]
) -> None:
    result = concluded(plain, **values)
    assert result.rule == rule
    for line, start in zip(result.headlines, said, strict=True):
        assert line.text.startswith(start)
    assert [line.side for line in result.headlines] == [1 - (result.winner or 0), result.winner]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"last_step": (101, 100)},  # less than 2 %
        {"mean_wait": (5.9, 5)},  # less than a step
        {"mean_wait": (30, 28)},  # less than 10 %
        {"prefilled": (1000, 990)},
        {"peak_share": (0.98, 0.97)},
    ],
)
def test_nothing_differs(plain: Comparison, values: dict[str, tuple[float, float]]) -> None:
    result = concluded(plain, **values)
    assert (result.rule, result.winner) == (6, None)
    (line,) = result.headlines
    nearly = "nearly " if values else ""
    assert line == (None, f"The two do {nearly}the same work.")


def test_an_earlier_rule_counts(plain: Comparison) -> None:
    assert concluded(plain, last_step=(50, 100), mean_wait=(9, 1)).rule == 2


def test_one_box_speaks_for_the_other_side(plain: Comparison) -> None:
    better = {"mean_running": (1, 2), "peak_held": (90, 50), "preempted": (50, 0)}
    costs = {"lost_tokens": (0, 70), "mean_empty": (0.1, 0.4)}
    result = concluded(plain, last_step=(200, 100), mean_wait=(9, 1), **better, **costs)
    assert [box.total.key for box in result.boxes] == [
        *("mean_wait", "mean_running", "peak_held"),
        "mean_empty",
    ]
    assert [box.better for box in result.boxes] == [1, 1, 1, 0]


def test_a_short_wait_speaks_only_where_nothing_else_does(plain: Comparison) -> None:
    result = concluded(plain, last_step=(200, 100), prefilled=(50, 40), mean_wait=(0.1, 0.5))
    assert [box.total.key for box in result.boxes] == ["prefilled", "mean_wait"]
    result = concluded(plain, last_step=(200, 100), evicted=(0, 40), mean_wait=(0.1, 0.5))
    assert [box.total.key for box in result.boxes] == ["evicted"]


@pytest.mark.parametrize(
    ("key", "values", "said"),
    [
        ("prefilled", (11_344, 6240), "45 % fewer"),
        ("prefilled", (6240, 11_344), "82 % more"),
        ("prefilled", (20, 11), "9 fewer"),
        ("evicted", (0, 440), "440 more"),
        ("mean_running", (12.6, 15.5), "23 % more"),
        ("mean_wait", (0.0, 0.5), "0.5 longer"),
        ("mean_wait", (0.92, 85.18), "84.3 longer"),
        ("last_step", (461, 293), "36 % earlier"),
        ("mean_empty", (0.34, 0.03), "31 points less"),
        ("mean_empty", (0.034, 0.031), ""),
        ("finished", (90, 90), ""),
    ],
)
def test_differences(key: str, values: tuple[float, float], said: str) -> None:
    assert Pair(EVERY[key], values).difference == said
