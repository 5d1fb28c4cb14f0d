"""Traces are followed up to the first disagreement with the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from traces import event, header

from pagereel.errors import TraceError
from pagereel.trace import follow, open_trace
from pagereel.trace.follow import CheckedTrace, Impossible, check_trace

if TYPE_CHECKING:
    from tests.trace.conftest import Write

START = [header(), event(1, "arrive", "a", frames=[0, 1], mask="11111100", evictable=[])]


def checked(write: Write, *lines: dict[str, object]) -> CheckedTrace:
    with open_trace(write(*START, *lines)) as trace:
        return check_trace(trace)


def test_events_and_claims_that_agree_are_counted(write: Write) -> None:
    assert checked(write) == CheckedTrace(1, 2)
    assert checked(write, event(2, "finish", "a", mask="11111111")) == CheckedTrace(2, 3)


def test_a_claim_that_disagrees_is_a_finding(write: Write) -> None:
    result = checked(write, event(2, "finish", "a", mask="01111111"))
    assert (result.events, result.claims) == (1, 2)
    first, *sides = result.finding
    assert first.endswith(":3: event 2 (finish a): mask says 01111111, but the cache has 11111111")
    assert sides == ["  expected  11111111", "  found     01111111"]


def test_an_impossible_event_is_a_finding_with_advice(write: Write) -> None:
    first, *sides = checked(write, event(2, "arrive", "b", frames=[1])).finding
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
