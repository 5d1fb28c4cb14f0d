"""What is recorded is a trace that says what was told."""

from __future__ import annotations

import ast
import json
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded import read

from pagereel import recorder
from pagereel.cache import Abort, Arrive, Copy, Defer, Evict, Expand, Finish, Preempt, Submit
from pagereel.recorder import TraceWriter
from pagereel.trace import follow, open_trace

if TYPE_CHECKING:
    from pagereel.cache import Ledger


def tell_everything(writer: TraceWriter) -> None:
    """Tell every kind of event once, of a pool of 8 frames with 4 tokens each; 0 is reserved."""
    writer.submit("A", 8)
    writer.arrive("A", [1, 2], tokens=8, step=1)
    writer.submit("B", 9)
    writer.arrive("B", [3], tokens=9, shared=(1, 2), step=2)
    writer.expand("A", [4], pos=8)
    writer.copy("A", page=1, src=2, dst=5)
    writer.submit("C", 30)
    writer.defer("C", need=8)
    writer.finish("A", freed=[4, 5], cached=[])
    writer.preempt("B", freed=[3], cached=[2, 1])
    writer.abort("C", [])
    writer.evict([2])
    writer.arrive("B", [2, 6], shared=[1])


EVERYTHING = [
    *(Submit("A", 8), Arrive("A", (1, 2), 8), Submit("B", 9), Arrive("B", (3,), 9, (1, 2))),
    *(Expand("A", 4, 8), Copy("A", 1, 2, 5), Submit("C", 30), Defer("C", 8)),
    *(Finish("A", (4, 5)), Preempt("B", (3,), (2, 1)), Abort("C", ()), Evict((2,))),
    Arrive("B", (2, 6), None, (1,)),
]


@pytest.mark.parametrize("name", ["trace.jsonl", "trace.jsonl.gz"])
def test_every_event_is_read_back(tmp_path: Path, name: str) -> None:
    options = {"page_size": 4, "engine": "mine 1.0", "note": 'a "note"', "reserved": [0]}
    with TraceWriter(tmp_path / name, 8, strict=True, **options) as writer:  # type: ignore[arg-type]
        tell_everything(writer)
    header, records, _ = read(tmp_path / name)
    assert (header.engine, header.frames, header.page_size) == ("mine 1.0", 8, 4)
    assert (header.reserved, header.note) == ((0,), 'a "note"')
    assert [record.event for record in records] == EVERYTHING
    assert [record.step for record in records[:4]] == [None, 1, None, 2]


def test_positions_and_freed_frames_may_be_left_out(tmp_path: Path) -> None:
    with TraceWriter(tmp_path / "trace.jsonl", 8, strict=True, part_bytes=10**6) as writer:
        writer.arrive("A", [1])
        writer.expand("A", [2])
        writer.finish("A")
        writer.arrive("B", [1])
        writer.preempt("B", cached=[1])
        writer.abort("B")
    _, records, ledger = read(tmp_path / "trace.0001.jsonl")
    assert [record.event for record in records[1:]] == [
        *(Expand("A", 2), Finish("A"), Arrive("B", (1,)), Preempt("B", None, (1,)), Abort("B"))
    ]
    assert ledger.free_count == 7


def test_checks_and_steps_are_written_with_any_event(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, 3, strict=True) as writer:
        writer.step = 7
        writer.arrive("A", [1], mask=0b101, tables={"A": [1]}, refcounts=[0, 1, 0], evictable=[])
        writer.finish("A", [], [1], mask=0b101, evictable=[1], tables={}, step=9)
    _, records, _ = read(path)
    assert [record.step for record in records] == [7, 9]
    first, last = (json.loads(line) for line in path.read_text().splitlines()[1:])
    assert (first["mask"], first["refcounts"], first["tables"]) == ("0x5", [0, 1, 0], {"A": [1]})
    assert (last["evictable"], last["tables"]) == ([1], {})


def test_what_the_engine_changes_later_is_not_what_is_recorded(tmp_path: Path) -> None:
    table = [0, 1]
    with TraceWriter(tmp_path / "trace.jsonl", 4) as writer:
        writer.arrive("A", table)
        table.append(3)
    assert read(tmp_path / "trace.jsonl")[1][0].event == Arrive("A", (0, 1))


def test_numbers_of_numpy_are_numbers(tmp_path: Path) -> None:
    with TraceWriter(tmp_path / "trace.jsonl", np.int32(4), strict=True) as writer:  # type: ignore[arg-type]
        writer.arrive("A", np.array([2, 0], dtype=np.int32), tokens=np.int64(5))  # type: ignore[arg-type]
    assert read(tmp_path / "trace.jsonl")[1][0].event == Arrive("A", (2, 0), 5)


@given(st.lists(st.text(), min_size=1, unique=True))
def test_any_name_of_a_task_can_be_read(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "trace.jsonl")
        with TraceWriter(path, len(names), strict=True) as writer:
            for frame, name in enumerate(names):
                writer.arrive(name, [frame])
        tables = read(path)[2].tables
    assert list(tables.values()) == [[frame] for frame in range(len(names))]


def test_names_stay_as_they_are_where_they_can(tmp_path: Path) -> None:
    with TraceWriter(tmp_path / "trace.jsonl", 4) as writer:
        for frame, name in enumerate(("chatcmpl-8f:1/2", "with space", "y" * 300)):
            writer.arrive(name, [frame])
    plain, spaced, long = read(tmp_path / "trace.jsonl")[2].tables
    assert (plain, spaced) == ("chatcmpl-8f:1/2", "_=with=20space")
    assert long.startswith("_=yyy")
    assert len(long) <= 256


def test_threads_are_numbered_in_the_order_of_the_lines(tmp_path: Path) -> None:
    """Each thread's events come in its order, and every line has its own number."""
    with TraceWriter(tmp_path / "trace.jsonl", 64) as writer:

        def work(frame: int) -> None:
            for number in range(300):
                writer.arrive(f"T{frame}-{number}", [frame])
                writer.finish(f"T{frame}-{number}", [frame])

        threads = [threading.Thread(target=work, args=(frame,)) for frame in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    _, records, ledger = read(tmp_path / "trace.jsonl")
    assert len(records) == 8 * 300 * 2
    assert ledger.free_count == 64


def test_what_is_dropped_from_the_cache_is_free(tmp_path: Path) -> None:
    with TraceWriter(tmp_path / "trace.jsonl", 4, strict=True) as writer:
        writer.drop([])
        writer.arrive("A", [0, 1, 2])
        writer.finish("A", [0], [2, 1])
        writer.drop([2, 1], mask=0b1111, evictable=[])
    assert read(tmp_path / "trace.jsonl")[2].free_count == 4


@pytest.mark.parametrize("name", ["trace.jsonl", "trace.jsonl.gz"])
def test_every_part_is_a_trace_with_the_state_at_its_start(tmp_path: Path, name: str) -> None:
    """Frames, refcounts, eviction order and queue at the end of each part are those of the whole.

    The same events are told to a file in one piece.
    """
    whole = tmp_path / "whole.jsonl"
    stem, _, ending = name.partition(".")
    with (
        TraceWriter(whole, 64, page_size=4, strict=True) as one,
        TraceWriter(tmp_path / name, 64, page_size=4, part_bytes=900, strict=True) as many,
    ):
        for writer in (one, many):
            tell_a_story(writer)
    parts = sorted(tmp_path.glob(f"{stem}.*.{ending}"))
    assert [part.name for part in parts[:2]] == [f"trace.0001.{ending}", f"trace.0002.{ending}"]
    assert len(parts) > 3
    assert same(read(parts[-1])[2], read(whole)[2])
    assert read(parts[1])[0].note == f"continues {parts[0].name}"
    told = [record.event for part in parts for record in read(part)[1]]
    assert set(told) >= {record.event for record in read(whole)[1]}


def tell_a_story(writer: TraceWriter) -> None:
    """Share, copy, keep, evict and preempt, with some of all of it left at the end."""
    for number in range(12):
        a, b, c = (f"{letter}{number}" for letter in "ABC")
        writer.submit(b, 9)
        writer.arrive(a, [0, 1, 2, 3])
        writer.arrive(b, [4], shared=[0, 1])
        writer.copy(b, page=1, src=1, dst=5)
        writer.flush()
        writer.finish(a, [3], [2, 1])
        writer.preempt(b, [4], [5, 0])
        writer.evict([2])
        writer.flush()
        writer.arrive(c, [2])
        writer.expand(c, [6], pos=4)
        writer.arrive(b, [], shared=[0, 5, 1])
        writer.finish(b, [5, 0, 1])
        writer.finish(c, [2, 6])
        writer.submit(f"waits-{number}", 5)
        writer.flush()
    writer.arrive("stays", [9, 8, 10])
    writer.arrive("shares", [7], shared=[9, 8])
    writer.arrive("kept", [3, 2, 1])
    writer.finish("kept", [1], [3, 2])
    writer.preempt("shares", [7])
    for number in range(20):
        writer.submit(f"later-{number}")
        writer.flush()


def same(one: Ledger, other: Ledger) -> bool:
    return (
        one.tables == other.tables
        and list(one.refcounts) == list(other.refcounts)
        and list(one.cached) == list(other.cached)
        and set(one.queued) == set(other.queued)
        and one.mask == other.mask
    )


def test_each_part_knows_what_was_never_computed(tmp_path: Path) -> None:
    def tell(writer: TraceWriter) -> None:
        for number in range(4):
            writer.arrive("A", [0, 1, 2, 3])
            for task in "BD":
                writer.arrive(task, [], shared=[3])
            writer.preempt("A", [], [2, 1, 0], [1, 2, 3])
            writer.flush()
            writer.copy("B", page=0, src=3, dst=4)
            writer.arrive(f"C{number}", [], shared=[2])
            writer.flush()
            writer.evict([1])
            writer.expand(f"C{number}", [1])
            writer.offload("host", [0], [0])
            writer.flush()
            writer.load("host", [0], [2])
            for _ in range(8):  # so that a part begins here
                writer.submit("Q")
                writer.abort("Q")
                writer.flush()
            writer.finish(f"C{number}", [1, 2])
            writer.flush()
            writer.arrive(f"C{number}", [1, 2])
            writer.flush()
            for task in ("B", "D", f"C{number}"):
                writer.finish(task)
            writer.drop([0])

    path, tiers = tmp_path / "whole.jsonl", {"host": 2}
    with TraceWriter(path, 8, tiers=tiers, strict=True) as writer:
        tell(writer)
    with TraceWriter(tmp_path / "t.jsonl", 8, tiers=tiers, part_bytes=1, strict=True) as writer:
        tell(writer)
    with open_trace(path) as trace:
        whole = [{*ledger.uncomputed} for _, ledger in follow(trace)]
    assert {3, 4} in whole
    parts = sorted(tmp_path.glob("t.*.jsonl"))
    assert len(parts) > 3
    for part in parts:
        with open_trace(part) as trace:
            skipped, first = trace.header.made_up or 0, trace.header.first or 1
            states = [{*ledger.uncomputed} for _, ledger in follow(trace)][skipped:]
        assert states == whole[first - 1 :][: len(states)]


@pytest.mark.parametrize("part_bytes", [None, 10**6])
def test_what_was_never_computed_is_said_from_version_2_on(
    tmp_path: Path, part_bytes: int | None
) -> None:
    with TraceWriter(tmp_path / "t.jsonl", 8, part_bytes=part_bytes, strict=True) as writer:
        writer.arrive("uncomputed", [0])
        writer.flush()
        name = tmp_path / ("t.0001.jsonl" if part_bytes else "t.jsonl")
        assert '"version": 1' in name.read_text()
        writer.preempt("uncomputed", [], [0], [0])
    assert read(name)[0].version == 2
    assert read(name)[2].uncomputed == {0}


def test_old_parts_are_removed_and_earlier_recordings_are_not(tmp_path: Path) -> None:
    (tmp_path / "trace.0001.jsonl").write_text("an earlier recording")
    with TraceWriter(tmp_path / "trace.jsonl", 64, part_bytes=500, keep=3) as writer:
        for number in range(40):
            writer.submit(f"R{number}")
            writer.flush()
            if number == 0:
                assert (tmp_path / "trace.0001.jsonl").read_text() == "an earlier recording"
    names = sorted(part.name for part in tmp_path.iterdir())
    assert len(names) == 3
    assert "trace.0001.jsonl" not in names


def test_numbers_go_on_behind_the_highest_part_and_few_are_kept_across_restarts(
    tmp_path: Path,
) -> None:
    (tmp_path / "trace.99.jsonl").write_text("another file")
    (tmp_path / "trace.0050.jsonl.gz").write_text("another file")
    last = 0
    for _ in range(4):
        with TraceWriter(tmp_path / "trace.jsonl", 64, part_bytes=500, keep=3) as writer:
            for number in range(80):
                writer.submit(f"R{number}")
                writer.flush()
        parts = sorted(tmp_path.glob("trace.????.jsonl"))
        numbers = [int(part.name.split(".")[1]) for part in parts]
        assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]
        assert numbers[-1] > last
        for part in parts:
            read(part)
        last = numbers[-1]
    with TraceWriter(tmp_path / "trace.jsonl", 64, part_bytes=10**6, keep=1):
        pass
    assert [*tmp_path.glob("trace.????.jsonl")] == [tmp_path / f"trace.{last + 1:04}.jsonl"]
    assert len([*tmp_path.iterdir()]) == 3


def test_what_a_part_has_to_say_at_its_start_does_not_fill_it(tmp_path: Path) -> None:
    """Parts smaller than the state grow with it, or there would be one for each event."""
    with TraceWriter(tmp_path / "trace.jsonl", 4096, part_bytes=1) as writer:
        for frame in range(1000):
            writer.arrive(f"R{frame}", [frame])
            writer.flush()
    assert len(list(tmp_path.iterdir())) < 20


def test_it_can_be_vendored() -> None:
    """One file with nothing of ours or of others in it, in the syntax of Python 3.9."""
    source = Path(recorder.__file__).read_text()
    tree = ast.parse(source, feature_version=(3, 9))
    names = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    ]
    froms = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.split(".")[0] for name in (*names, *froms)} <= sys.stdlib_module_names
    assert "SPDX-License-Identifier: Apache-2.0" in source.splitlines()[0]
