"""What the comparison says of the pairs of traces that come with it: the numbers of the films."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pagereel import cli
from pagereel.assets import TRACES
from pagereel.compare.comparison import compare_traces
from pagereel.compare.measures import BY_KEY

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.compare.comparison import Comparison
    from pagereel.compare.stops import Stop

OFF, ON, ROWS = (
    TRACES / f"{name}.jsonl" for name in ("prefix_off_192", "pages_192", "reserved_rows_192")
)
WORKLOADS = TRACES.parent / "workloads"
ABORT, PREEMPT = TRACES / "pool_pressure.jsonl", TRACES / "preempt.jsonl"


@pytest.fixture(scope="module")
def index() -> Comparison:
    return compare_traces((OFF, ON), ("off", "on"))


def at(comparison: Comparison, stop: Stop, *keys: str) -> list[tuple[float, ...]]:
    """Return measures of both runs at a stop."""
    return [tuple(run.values[key][stop.moment] for run in comparison.runs) for key in keys]


def stops(comparison: Comparison) -> list[tuple[str, str, str]]:
    return [
        (stop.kind, comparison.clock.says(stop.moment), stop.caption.plain(comparison.names))
        for stop in comparison.stops
    ]


def boxes(comparison: Comparison) -> list[tuple[str, str, str, str]]:
    return [(box.total.label, *box.says, box.difference) for box in comparison.result.boxes]


def headlines(comparison: Comparison) -> list[str]:
    said = comparison.result.headlines
    return [
        f"{'' if line.side is None else comparison.names[line.side]}: {line.text}" for line in said
    ]


def test_prefix_index_off_and_on(index: Comparison) -> None:
    assert index.title == "The same 90 requests"
    assert index.subtitle == ("AstrAI 75304d0, 192 page frames of 16 tokens",)
    assert stops(index) == [
        ("share", "step 9", "R23 arrives. off: 9 new frames. on: 3 new, 6 shared."),
        ("lost", "step 64", "R52 needs one more frame. off: none is free. on: 15 are."),
        ("gap", "step 72", "off: 20 requests fill the pool. on: 24 requests leave 50 frames."),
    ]
    assert headlines(index) == [
        "off: 17 of 90 requests are given up.",
        "on: all 90 requests finish.",
    ]
    assert boxes(index) == [
        ("tokens prefilled", "11,344", "6,240", "45 % fewer"),
        ("running, mean of all steps", "12.6", "15.5", "23 % more"),
        ("peak of frames held", "192", "187", "5 fewer"),
        ("cached frames evicted", "0", "440", "440 more"),
    ]
    assert [box.better for box in index.result.boxes] == [1, 1, 1, 0]
    assert index.result.command == "pagereel compare prefix_off_192.jsonl pages_192.jsonl"
    shown = [measure.key for measure in index.measures]
    assert shown == ["running", "finished", "given_up", "prefilled"]


def test_states_at_the_stops(index: Comparison) -> None:
    share, lost, gap = index.stops
    assert at(index, share, "held", "prefilled") == [(30, 24), (444, 348)]
    assert share.frames == (tuple(range(21, 30)), (*range(8, 14), 21, 22, 23))
    assert at(index, lost, "held", "cached", "running") == [(192, 130), (0, 47), (20, 20)]
    assert [run.free(lost.moment) for run in index.runs] == [0, 15]
    assert [len(frames) for frames in lost.frames] == [10, 11]
    assert lost.request is not None
    assert index.runs[1].shared(lost.request, lost.moment) == 6
    assert lost.end == lost.moment + 1
    assert index.clock.says(lost.end) == "step 65"
    assert [run.values["given_up"][lost.end] for run in index.runs] == [2, 0]
    assert at(index, gap, "held", "running", "given_up") == [(192, 142), (20, 24), (4, 0)]
    assert at(index, gap, "cached", "waiting", "prefilled") == [(0, 50), (0, 0), (4324, 2308)]


def test_the_end(index: Comparison) -> None:
    last = len(index.clock.at) - 1
    assert index.clock.says(last) == "step 293"
    ends = [
        [int(run.values[key][last]) for key in ("finished", "given_up", "prefilled")]
        for run in index.runs
    ]
    assert ends == [[73, 17, 11_344], [90, 0, 6_240]]
    assert [run.done for run in index.runs] == [last, last]
    waits = index.totals["mean_wait"].says
    assert waits == ("0.4", "0.9")


def test_reserved_rows_and_pages() -> None:
    rows = compare_traces((ROWS, ON), ("reserved rows", "pages"))
    assert rows.subtitle == ("AstrAI 75304d0, memory for 3,072 tokens",)
    assert rows.same_memory
    assert headlines(rows) == ["reserved rows: done at step 461.", "pages: done at step 293."]
    share, gap, queue, done = stops(rows)
    assert (share[0], gap[0]) == ("share", "gap")
    assert queue == (
        *("queue", "step 219"),
        "reserved rows: 40 requests wait. pages: nobody waits.",
    )
    assert done == (
        *("done", "step 293"),
        "pages: all 90 requests are done. reserved rows: 32 are not done yet.",
    )
    assert rows.totals["peak_running"].values == (11, 24)
    assert rows.totals["mean_wait"].says == ("85.2", "0.9")
    assert rows.result.boxes[-1].better == 0  # what the pages cost: evictions
    last = rows.stops[-1]
    assert at(rows, last, "held", "running", "waiting") == [(187, 0), (11, 0), (21, 0)]
    assert at(rows, last, "finished") == [(58, 90)]


@pytest.mark.slow
def test_page_sizes(tmp_path: Path) -> None:
    workload, out = WORKLOADS / "page_sizes.toml", tmp_path / "s.jsonl"
    vary = ("--vary", "page_size=256,16", "-o", str(out))
    assert cli.main(["trace", "simulate", str(workload), *vary]) == 0
    sizes = compare_traces((tmp_path / "s-page_size-256.jsonl", tmp_path / "s-page_size-16.jsonl"))
    assert sizes.title == "The same 16,000 requests"
    assert sizes.subtitle == ("reference engine, memory for 1,048,576 tokens",)
    assert headlines(sizes) == [
        "256 tokens a page: done at step 1,047.",
        "16 tokens a page: done at step 801.",
    ]
    assert sizes.totals["peak_running"].values == (3063, 4397)
    assert sizes.curve.key == "running"
    shown = [measure.key for measure in sizes.measures]
    assert shown == ["running", "waiting", "finished", "empty"]
    now = sizes.clock.moment(550)
    assert sizes.clock.says(now) == "step 550"
    values = [tuple(run.values[key][now] for run in sizes.runs) for key in shown]
    assert values[:3] == [(2749, 3877), (4537, 0), (8714, 12_123)]
    assert [BY_KEY["empty"].says(value) for value in values[3]] == ["34 %", "3 %"]
    assert [run.values["held"][now] for run in sizes.runs] == [4096, 64_135]


def test_abort_and_preempt() -> None:
    comparison = compare_traces((ABORT, PREEMPT), ("abort", "preempt"))
    said = {key: pair.values for key, pair in comparison.totals.items()}
    assert headlines(comparison) == [
        "abort: 2 of 4 requests are given up.",
        "preempt: all 4 requests finish.",
    ]
    assert said["last_step"] == (14, 18)
    assert said["lost_tokens"] == (20, 0)
    assert said["recomputed"] == (0, 26)
    lost, done = stops(comparison)
    free = "abort: none is free. preempt: 1 is."
    assert lost == ("lost", "step 3", f"A needs one more frame. {free}")
    both = "abort: 2 of 4 requests are done, 2 given up. preempt: 2 are not done yet."
    assert done == ("done", "step 14", both)


@pytest.mark.parametrize("files", [(OFF, ON), (ROWS, ON), (ABORT, PREEMPT)])
def test_swapped_files_give_the_mirror_image(files: tuple[Path, Path]) -> None:
    one, other = compare_traces(files, ("a", "b")), compare_traces(files[::-1], ("b", "a"))
    assert (one.clock.at == other.clock.at).all()
    assert one.requests == other.requests
    assert one.measures == other.measures
    assert one.result.rule == other.result.rule
    assert headlines(one) == headlines(other)
    assert one.result.winner != other.result.winner
    for box, mirrored in zip(one.result.boxes, other.result.boxes, strict=True):
        assert box.total == mirrored.total
        assert box.values == mirrored.values[::-1]
        assert {box.better, mirrored.better} == {0, 1}
    for stop, seen in zip(one.stops, other.stops, strict=True):
        assert (stop.kind, stop.moment, stop.end) == (seen.kind, seen.moment, seen.end)
        assert (stop.request, stop.side) == (seen.request, 1 - seen.side)
        assert stop.frames == seen.frames[::-1]
    for side in (0, 1):
        for key, values in one.runs[side].values.items():
            assert (values == other.runs[1 - side].values[key]).all()
