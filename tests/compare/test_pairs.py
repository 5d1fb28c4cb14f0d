"""What the comparison says of the pairs of traces that come with it."""

from __future__ import annotations

from pagereel.assets import TRACES
from pagereel.compare.comparison import compare_traces


def test_abort_and_preempt() -> None:
    files = TRACES / "pool_pressure.jsonl", TRACES / "preempt.jsonl"
    comparison = compare_traces(files, ("abort", "preempt"))
    names, result = comparison.names, comparison.result
    assert [line.text for line in result.headlines] == [
        "2 of 4 requests are given up.",
        "all 4 requests finish.",
    ]
    said = {key: pair.values for key, pair in comparison.totals.items()}
    assert said["last_step"] == (14, 18)
    assert said["lost_tokens"] == (20, 0)
    assert said["recomputed"] == (0, 26)
    lost, done = comparison.stops
    assert comparison.clock.says(lost.moment) == "step 3"
    free = "abort: none is free. preempt: 1 is."
    assert lost.caption.plain(names) == f"A needs one more frame. {free}"
    assert comparison.clock.says(done.moment) == "step 14"
