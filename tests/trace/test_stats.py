from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest
from traces import TRACES, event, header

from pagereel.cache import Arrive, Ledger, present
from pagereel.cache.events import KINDS
from pagereel.trace import Header, follow, open_trace
from pagereel.trace.report.plot import Curve, svg_of
from pagereel.trace.report.stats import Stats, stats_text

if TYPE_CHECKING:
    from pathlib import Path

    from tests.trace.conftest import Write


def report_of(path: Path) -> dict[str, Any]:
    with open_trace(path) as trace:
        stats = Stats(trace.header)
        for record, ledger in follow(trace):
            stats.add(record, ledger)
    return stats.report()


def test_numbers_of_a_story_that_can_be_counted_by_hand(write: Write) -> None:
    path = write(
        header(page_size=4, reserved=[7]),
        event(1, "submit", "a", tokens=7, step=10),
        event(2, "arrive", "a", tokens=7, frames=[0, 1], step=10),
        event(3, "submit", "b", step=11),
        event(4, "defer", "b"),
        event(5, "arrive", "b", tokens=9, frames=[2], shared=[0, 1], step=12),
        event(6, "expand", "b", frames=[3]),
        event(7, "copy", "b", page=0, src=0, dst=4),
        event(8, "finish", "b", freed=[3], cached=[2, 4], step=16),
        event(9, "evict", frames=[2], step=17),
        event(10, "arrive", "c", frames=[2], shared=[4], step=17),
        event(11, "preempt", "c", freed=[4, 2]),
        event(12, "abort", "c", step=20),
    )
    report = report_of(path)
    # Held: 2 frames for 2 steps, 5 for 4, 2 for 1, 2 for 3 (after the preemption at step 17).
    mean = (2 * 2 + 5 * 4 + 2 * 1 + 2 * 3) / 10
    assert report["held"] == {
        "peak": 5,
        "peak_at": 7,
        "mean": mean,
        "peak_share": 5 / 7,
        "mean_share": mean / 7,
    }
    assert report["cached"]["peak"] == 2
    assert report["cached"]["mean"] == (2 * 1) / 10
    assert report["steps"] == [10, 20]
    assert report["means_over"] == "steps"
    assert {verb: count for verb, count in report["counts"].items() if count} == {
        "submit": 2,
        "defer": 1,
        "arrive": 3,
        "expand": 1,
        "copy": 1,
        "evict": 1,
        "finish": 1,
        "abort": 1,
        "preempt": 1,
    }
    pages = (2 * 2 + 6 * 4 + 2 * 1 + 2 * 3) / 10
    assert report["sharing"] == {"mean": pages / mean, "peak": 5 / 3, "peak_at": 5}
    assert report["prefix_index"] == {
        "arrivals_with_hits": 2,
        "pages_shared": 3,
        "pages_arriving": 7,
        "pages_from_cached": 1,
        "hit_rate": 3 / 7,
    }
    assert report["fragmentation_at_arrival"] == (8 - 7 + 12 - 9) / (8 + 12)
    assert report["frames_evicted"] == 1
    assert report["longest_table"] == {"task": "b", "pages": 4}
    assert (report["tasks"]["peak"], report["queued"]["peak"]) == (2, 1)


@pytest.mark.parametrize("path", TRACES, ids=lambda path: path.name)
def test_running_sums_agree_with_the_tables(path: Path) -> None:
    with open_trace(path) as trace:
        stats, longest, revived, cached = Stats(trace.header), 0, 0, set[int]()
        for record, ledger in follow(trace):
            stats.add(record, ledger)
            tables = [*map(present, ledger.tables.values())]
            assert stats._pages == sum(map(len, tables))
            longest = max([longest, *map(len, tables)])
            if isinstance(record.event, Arrive):
                revived += len(cached.intersection(record.event.shared))
            cached = set(ledger.cached)
    assert stats.longest.value == longest
    assert stats.revived == revived


def test_without_steps_means_are_taken_over_events(write: Write) -> None:
    path = write(header(), event(1, "arrive", "a", frames=[0, 1, 2]), event(2, "finish", "a"))
    report = report_of(path)
    assert (report["means_over"], report["held"]["mean"]) == ("events", 1.5)


def test_an_empty_trace_has_no_numbers(write: Write) -> None:
    report = report_of(write(header()))
    assert report["held"]["mean"] is None
    assert report["sharing"]["mean"] is None
    text = stats_text(report)
    assert "use            none\n" in text
    assert "fragmentation  not known\n" in text


def test_the_table_says_it_in_words(write: Write) -> None:
    path = write(
        header(page_size=4),
        event(1, "arrive", "a", tokens=5, frames=[0, 1], step=0),
        event(2, "arrive", "b", tokens=5, frames=[2], shared=[0], step=2),
        event(3, "finish", "a", step=4),
    )
    said = (
        "engine         'toy'\n"
        "pool           8 frames of 4 tokens\n"
        "events         3, steps 0 to 4: 2 arrive, 0 expand, 1 finish\n"
        "use            peak 3 frames (37.5 %) after event 2, mean 2.5 (31.2 %) over steps\n"
        "cached         none\n"
        "tasks          at most 2 in the cache, 0 queued\n"
        "longest table  2 pages, of 'a'\n"
        "sharing        1.20 pages in a held frame, peak 1.33 after event 2\n"
        "prefix index   1 arrival with hits: 1 of 4 arriving pages (25.0 %), 0 of them from "
        "cached frames\n"
        "fragmentation  37.5 % of the slots in arriving pages hold no token\n"
        "evictions      0 frames\n"
        "defers         0\n"
        "aborts         0\n"
        "preempts       0\n"
    )
    text = stats_text(report_of(path))
    assert text.startswith(said)
    others = text.removeprefix(said).splitlines()
    assert len(others) == len(KINDS) - 11  # the rows above speak of that many
    assert "copies         0" in others


def test_a_task_of_several_groups_arrives_once(write: Write) -> None:
    groups = {"full": 4, "window": 4}
    path = write(
        header(version=2, groups=groups),
        event(1, "arrive", "a", frames=[0, 1], group="full"),
        event(2, "arrive", "a", frames=[2], group="window"),
        event(3, "arrive", "b", frames=[], shared=[0], group="full"),
        event(4, "arrive", "b", frames=[], shared=[2], group="window"),
        event(5, "finish", "b"),
        event(6, "arrive", "b", frames=[], shared=[2], group="window"),
    )
    report = report_of(path)
    assert report["counts"]["arrive"] == 3
    assert report["prefix_index"]["arrivals_with_hits"] == 2
    assert report["events"] == 6


def test_tiers_are_counted_by_pages(write: Write) -> None:
    path = write(
        header(version=2, tiers={"host": 4, "disk": 2}),
        event(1, "arrive", "a", frames=[0, 1, 2]),
        event(2, "offload", tier="host", slots=[0, 1, 3], frames=[0, 1, 2]),
        event(3, "offload", tier="host", slots=[1], frames=[2]),
        event(4, "finish", "a"),
        event(5, "load", tier="host", slots=[1, 3], frames=[4, 5]),
        event(6, "discard", tier="host", slots=[0]),
    )
    report = report_of(path)
    assert report["tiers"]["host"] == {
        "slots": 4,
        "peak": 3,
        "peak_at": 2,
        "peak_share": 3 / 4,
        "at_end": 2,
        "pages_offloaded": 4,
        "pages_loaded": 2,
        "pages_overwritten": 1,
        "pages_discarded": 1,
    }
    assert report["tiers"]["disk"]["peak_at"] is None
    text = stats_text(report)
    loaded = "2 loaded and not computed again"
    assert f"peak 3 pages (75.0 %) after event 2; 4 pages offloaded, {loaded}, 2 lost\n" in text
    assert "tier disk      peak 0 pages (0.0 %); 0 pages offloaded" in text
    assert "offloads" not in text


def test_a_curve_keeps_few_points_and_every_peak() -> None:
    ledger, curve = Ledger(4), Curve()
    for seq in range(1, 10_001):
        if seq == 7777:
            ledger.apply(Arrive("a", (0, 1, 2)))
        curve.add(ledger)
        if seq == 7777:
            ledger = Ledger(4)
    assert 500 < len(curve.points) <= 1024
    assert sum(point == (3, 0) for point in curve.points) == 1
    assert curve.points.index((3, 0)) / len(curve.points) == pytest.approx(0.7777, abs=0.01)


def test_a_chart_is_an_svg_that_escapes_what_it_shows() -> None:
    ledger, curve = Ledger(4), Curve()
    ledger.apply(Arrive("a", (0, 1)))
    curve.add(ledger)
    root = ET.fromstring(svg_of(curve, Header("<b>&", 4)))  # noqa: S314 (our own)
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == "<b>&: use of 4 frames"
    assert {"0", "2", "4", "event 1", "held", "cached"} <= set(texts)
    paths = [path.get("d", "") for path in root.iter("{http://www.w3.org/2000/svg}path")]
    assert paths[:2] == ["M70 280V160.0H910.0V280Z"] * 2
    assert ET.fromstring(svg_of(Curve(), Header("toy", 4))) is not None  # noqa: S314
