"""A recording of pages that are copied to tiers and back, in one file and in parts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from traces import ROOT, read, replay

from pagereel.cache import CacheState, Offload
from pagereel.recorder import TraceWriter
from pagereel.trace import follow, open_trace

if TYPE_CHECKING:
    from pathlib import Path

TRACE = ROOT / "tests" / "trace" / "traces" / "tiers.jsonl"


def record(path: Path, part_bytes: int | None = None) -> None:
    """Make the calls that lead to a trace."""
    first, *lines = map(json.loads, TRACE.read_text().splitlines())
    options = {key: first[key] for key in ("page_size", "engine", "reserved", "tiers")}
    writer = TraceWriter(path, first["frames"], part_bytes=part_bytes, strict=True, **options)
    for line in lines:
        del line["seq"]
        line.pop("mask", None)  # a number to the writer
        getattr(writer, line.pop("ev"))(**line)
        writer.flush()
    writer.close()


def test_what_is_recorded_is_the_trace(tmp_path: Path) -> None:
    record(tmp_path / "t.jsonl")
    (header, records), (first, wanted) = read(tmp_path / "t.jsonl"), read(TRACE)
    assert (header.tiers, header.version) == (first.tiers, 2)
    assert [one.event for one in records] == [one.event for one in wanted]
    assert [one.checks.tiers for one in records] == [one.checks.tiers for one in wanted]
    assert replay(tmp_path / "t.jsonl") == len(wanted)


def test_each_part_begins_with_what_is_in_the_tiers(tmp_path: Path) -> None:
    record(tmp_path / "t.jsonl", part_bytes=1)
    with open_trace(TRACE) as trace:
        whole = [CacheState.of(ledger) for _, ledger in follow(trace)]
    parts = sorted(tmp_path.iterdir())
    assert len(parts) > 3
    for part in parts:
        with open_trace(part) as trace:
            made_up, first = trace.header.made_up or 0, trace.header.first or 1
            states = [CacheState.of(ledger) for _, ledger in follow(trace)]
        assert made_up or part == parts[0]
        wanted_states = whole[first - 2 :] if made_up else whole
        for state, wanted in zip(states[max(0, made_up - 1) :], wanted_states, strict=False):
            assert state.stored == wanted.stored
            assert (state.cached, state.mask) == (wanted.cached, wanted.mask)


@pytest.mark.parametrize("tiers", [{}, {"host memory": 4}])
def test_tiers_that_no_reader_takes_are_refused(tmp_path: Path, tiers: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="tiers have names of at most 32 letters"):
        TraceWriter(tmp_path / "t.jsonl", 4, tiers=tiers)


def test_an_event_of_a_tier_that_no_reader_takes_ends_the_recording(tmp_path: Path) -> None:
    writer = TraceWriter(tmp_path / "t.jsonl", 4, tiers={"host": 4})
    writer.discard("host memory", [0])
    writer.close()
    with open_trace(tmp_path / "t.jsonl") as trace:
        assert not [*trace]
        assert "tiers have names of at most 32 letters" in (trace.ended or "")


def test_keys_may_be_bytes(tmp_path: Path) -> None:
    writer = TraceWriter(tmp_path / "t.jsonl", 4, tiers={"host": 4}, strict=True)
    writer.arrive("A", [0])
    writer.offload("host", [0], [0], keys=[bytes(range(200, 232))])
    writer.close()
    _, records = read(tmp_path / "t.jsonl")
    event = records[-1].event
    assert isinstance(event, Offload)
    assert event.keys == (bytes(range(200, 232)).hex(),)


@pytest.mark.parametrize("key", ["", "a\nb", "x" * 129, bytes(65)])
def test_a_key_that_no_reader_takes_is_refused(tmp_path: Path, key: str | bytes) -> None:
    with TraceWriter(tmp_path / "t.jsonl", 4, tiers={"host": 4}, strict=True) as writer:
        writer.arrive("A", [0])
        with pytest.raises(ValueError, match="keys are texts of 1 to 128 characters"):
            writer.offload("host", [0], [0], keys=[key])
    with open_trace(tmp_path / "t.jsonl") as trace:
        assert [record.event.verb for record in trace] == ["arrive"]
