"""Traces are followed up to the first disagreement with the cache."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from traces import event, header

from pagereel import cli
from pagereel.errors import TraceError
from pagereel.film.captions import closing_caption
from pagereel.film.tape import read_tape
from pagereel.trace import follow, open_trace
from pagereel.trace.follow import CheckedTrace, Impossible, check_trace, finding

if TYPE_CHECKING:
    from tests.trace.conftest import Write

START = [header(), event(1, "arrive", "a", frames=[0, 1], mask="11111100", evictable=[])]


def checked(write: Write, *lines: dict[str, object]) -> CheckedTrace:
    with open_trace(write(*START, *lines)) as trace:
        return check_trace(trace)


def test_events_and_claims_that_agree_are_counted(write: Write) -> None:
    for result in checked(write), checked(write, event(2, "finish", "a", mask="11111111")):
        assert result == CheckedTrace(result.events, result.events + 1, result.ledger)
        assert not result.faults


def test_a_claim_that_disagrees_is_a_finding(write: Write) -> None:
    result = checked(write, event(2, "finish", "a", mask="01111111"))
    assert (result.events, result.claims) == (1, 2)
    (fault,) = result.faults
    first, *sides = finding(fault)
    assert first.endswith(":3: event 2 (finish a): mask says 01111111, but the cache has 11111111")
    assert sides == ["  expected  11111111", "  found     01111111"]


def test_an_impossible_event_is_a_finding_with_advice(write: Write) -> None:
    (fault,) = checked(write, event(2, "arrive", "b", frames=[1])).faults
    first, *sides = finding(fault)
    assert first.endswith(":3: event 2 (arrive b) cannot happen")
    assert sides == [
        "  expected  an event that the cache can carry out (frames 2, 3, 4, 5, 6 and 7 are free)",
        "  found     frame 1 is held by a as its page 1",
    ]


def test_a_line_that_cannot_be_read_is_an_error(write: Write) -> None:
    with pytest.raises(TraceError, match="unknown ev 'arive'"):
        checked(write, event(2, "arive", "b", frames=[1]))


def test_the_cache_has_carried_out_all_events_before_the_impossible_one(write: Write) -> None:
    path = write(*START, event(2, "finish", "a"), event(3, "finish", "a"))
    with open_trace(path) as trace:
        ledger = trace.header.ledger()
        with pytest.raises(Impossible) as caught:
            list(follow(trace, ledger))
    assert ledger.free_count == 8
    assert caught.value.record.seq == 3
    assert str(caught.value.cause) in str(caught.value)


def test_a_recording_that_ended_early_is_a_finding(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(*START, event(2, "end", why="the disk is full"))
    for command, code in ("check", 1), ("show", 0), ("stats", 0):
        assert cli.main(["trace", command, str(path)]) == code
        assert re.search("ended early:? +the disk is full", capsys.readouterr().out)
    assert cli.main(["trace", "show", str(path), "--at", "1"]) == 0
    assert "ended" not in capsys.readouterr().out
    assert closing_caption(read_tape(path)).startswith("The recording ended early. ")
    out = path.with_name("part.jsonl")
    assert cli.main(["trace", "cut", str(path), "--from", "1", "-o", str(out)]) == 0
    with open_trace(out) as part:
        assert len(list(part)) == 1
        assert part.ended == "the disk is full"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([event(2, "end")], "why is missing"),
        ([event(3, "end", why="x")], "seq must be 2"),
        ([event(2, "end", why="x", task="a")], "unknown key 'task'"),
        ([event(2, "end", why="x"), event(3, "finish", "a")], "lines after it; remove them"),
    ],
)
def test_an_early_end_is_read_strictly(
    write: Write, lines: list[dict[str, object]], message: str
) -> None:
    with pytest.raises(TraceError, match=message):
        checked(write, *lines)
