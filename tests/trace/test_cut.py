from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from traces import TRACES, event, header

from pagereel.cache import CacheState
from pagereel.cli import main
from pagereel.errors import TraceError
from pagereel.trace import follow, open_trace
from pagereel.trace.cut import EventRange, cut, recorded

if TYPE_CHECKING:
    from pathlib import Path

    from tests.trace.conftest import Write

SMALL = [path for path in TRACES if path.stat().st_size < 20_000]


def states(path: Path) -> list[CacheState]:
    with open_trace(path) as trace:
        return [CacheState.of(ledger) for _, ledger in follow(trace)]


def cut_to(path: Path, out: Path, first: int, last: int | None) -> Path:
    with open_trace(path) as trace:
        out.write_text("".join(cut(trace, EventRange(first, last))))
    return out


def same(one: CacheState, other: CacheState) -> bool:
    """Compare all that a trace tells: a task that was preempted is queued with unknown tokens."""
    assert list(one.tables.items()) == list(other.tables.items())
    assert one.stored == other.stored
    return (one.cached, one.mask, one.refcounts, list(one.queued)) == (
        *(other.cached, other.mask, other.refcounts, list(other.queued)),
    )


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cut") / "part.jsonl"


@settings(max_examples=50)
@given(st.data())
def test_a_part_goes_through_the_same_states(out: Path, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(SMALL))
    whole = states(path)
    first = data.draw(st.integers(1, len(whole)))
    last = data.draw(st.none() | st.integers(first, len(whole)))
    part = states(cut_to(path, out, first, last))
    expected = whole[first - 1 : last]
    assert all(map(same, part[-len(expected) :], expected))
    opening = len(part) - len(expected)
    if first > 1 and opening:
        assert same(part[opening - 1], whole[first - 2])


def test_a_part_of_a_large_trace_keeps_the_order_of_eviction(out: Path) -> None:
    path = next(path for path in TRACES if path.name == "random_256_frames.jsonl")
    whole = states(path)
    for first in (211, 700):
        part = states(cut_to(path, out, first, 715))
        assert all(map(same, part[-(716 - first) :], whole[first - 1 : 715]))


LINES: list[dict[str, Any]] = [
    header(reserved=[7], note="n" * 1000),
    event(1, "submit", "before-1", tokens=8),
    event(2, "arrive", "a", frames=[0, 1]),
    event(3, "arrive", "b", frames=[2], shared=[1]),
    event(4, "copy", "b", page=0, src=1, dst=3),
    event(5, "arrive", "c", frames=[], shared=[3, 0]),
    event(6, "preempt", "b", cached=[2]),
    event(7, "evict", frames=[2]),
    event(8, "arrive", "before-1", frames=[2, 4], mask="01100000", step=9),
    event(9, "finish", "before-1", freed=[4, 2]),
]


@pytest.mark.parametrize("first", range(1, 10))
def test_shared_pages_may_stand_anywhere(write: Write, out: Path, first: int) -> None:
    path = write(*LINES)
    whole = states(path)
    part = states(cut_to(path, out, first, None))
    assert all(map(same, part[first - 10 :], whole[first - 1 :]))
    with open_trace(out) as trace:
        assert trace.header.reserved == (7,)
        records = list(trace)
        if first < 9:
            assert (records[-2].step, records[-2].checks.mask) == (9, 0b01100000)
        assert trace.header.note is not None
        assert trace.header.note.startswith(f"events {first} to the end of a longer trace: nnn")


def test_a_part_restores_more_slots_than_the_pool_has_frames(write: Write, out: Path) -> None:
    frames = [0, 1, 2, 3, 4]
    lines: list[dict[str, Any]] = [
        header(version=2, frames=6, reserved=[5], tiers={"host": 12, "disk": 1}),
        event(1, "arrive", "a", frames=frames),
        event(2, "offload", tier="host", slots=[0, 1, 2, 3, 4], frames=frames, keys=[*"abcde"]),
        event(3, "offload", tier="host", slots=[9, 8, 7, 6, 5], frames=frames, keys=[*"vwxyz"]),
        event(4, "offload", tier="host", slots=[10, 3], frames=[0, 1]),
        event(5, "finish", "a"),
        event(6, "arrive", "b", frames=[0]),
        event(7, "load", tier="host", slots=[7], frames=[0], keys=["x"]),
    ]
    whole = states(write(*lines))
    for first in range(2, 8):
        part = states(cut_to(write(*lines), out, first, None))
        assert all(map(same, part[first - 8 :], whole[first - 1 :]))
        assert same(part[first - 9], whole[first - 2])
    with open_trace(out) as trace:
        assert [number for number, _ in recorded(trace, trace.header.ledger())] == [6, 7]


def test_the_first_part_tells_the_same_as_the_trace(write: Write) -> None:
    with open_trace(write(*LINES)) as trace:
        _, *lines = cut(trace, EventRange())
    written = [json.loads(line) for line in lines]
    assert [line.items() >= told.items() for line, told in zip(written, LINES[1:], strict=True)]


@pytest.mark.parametrize("part", [EventRange(10), EventRange(3, 10), EventRange(12, 13)])
def test_a_part_beyond_the_end_is_refused(write: Write, part: EventRange) -> None:
    with open_trace(write(*LINES)) as trace, pytest.raises(TraceError) as caught:
        list(cut(trace, part))
    assert f"the trace ends with event 9, so {part} cannot be cut" in str(caught.value)


def test_what_cannot_be_read_again_is_not_written(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pagereel.trace.cut.LONGEST_LINE", 100)
    with (
        open_trace(write(*LINES)) as trace,
        pytest.raises(TraceError, match="does not fit on a line of a trace"),
    ):
        list(cut(trace, EventRange(2)))


def test_many_frames_are_cut_into_several_lines(
    write: Write, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pagereel.trace.cut._MOST_IN_LINE", 2)
    path = write(
        header(),
        event(1, "arrive", "a", frames=[0, 1, 2, 3, 4, 5]),
        event(2, "finish", "a", freed=[0], cached=[5, 3, 1, 4, 2]),
        event(3, "arrive", "b", frames=[6], shared=[3, 4]),
        event(4, "expand", "b", frames=[0]),
    )
    assert same(states(cut_to(path, out, 4, None))[-1], states(path)[-1])


def told(path: Path) -> list[tuple[int, object, CacheState]]:
    """Return what was recorded: numbers, events, and the states after them; the start first."""
    with open_trace(path) as trace:
        ledger = trace.header.ledger()
        return [
            (number, record and record.event, CacheState.of(ledger))
            for number, record in recorded(trace, ledger)
        ]


@pytest.mark.parametrize(
    ("first", "dropped"),
    [*((first, "no key") for first in (1, 2, 5, 9)), *((n, "made_up|first") for n in (1, 5, 9))],
)
def test_what_was_recorded_is_the_same_in_a_part(
    write: Write, out: Path, first: int, dropped: str
) -> None:
    path = write(*LINES)
    whole, _ = told(path)[first - 1 :], cut_to(path, out, first, None)
    # Older parts have headers that do not say how they begin.
    out.write_text(re.sub(rf', "({dropped})": \d+', "", out.read_text()))
    (number, nothing, start), *events = told(out)
    assert (number, nothing) == (first - 1, None)
    assert same(start, whole[0][2])
    assert [each[:2] for each in events] == [each[:2] for each in whole[1:]]


def test_a_part_is_counted_as_the_longer_trace(
    write: Write, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut_to(write(*LINES), out, 5, 9)
    assert main(["trace", "stats", "--json", str(out)]) == 0
    report = json.loads(capsys.readouterr().out)
    events = [line["ev"] for line in LINES[5:10]]
    assert {verb: count for verb, count in report["counts"].items() if count} == Counter(events)
    assert report["events"] == 5
    assert 5 <= report["held"]["peak_at"] <= 9
    for at, says in ((0, "after event 4"), (6, "after event 6")):
        assert main(["trace", "show", str(out), "--at", str(at)]) == 0
        assert capsys.readouterr().out.startswith(says)
    assert main(["trace", "show", str(out), "--at", "3"]) == 2
    assert "begins with event 5; choose that or a later one" in capsys.readouterr().err
