"""What a `Recording` derives from page tables, and how it listens to an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from recorded import read

from pagereel.cache import (
    HOLE,
    Abort,
    Arrive,
    Defer,
    Discard,
    Drop,
    Evict,
    Expand,
    Finish,
    Load,
    Offload,
    Preempt,
    Release,
    Share,
    Shrink,
    Submit,
)
from pagereel.recorder import Recording, TraceWriter, find, wrap
from pagereel.trace import open_trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def kept() -> set[int]:
    """Return the frames whose content the engine keeps."""
    return set()


@pytest.fixture
def recording(tmp_path: Path, kept: set[int]) -> Iterator[Recording]:
    writer = TraceWriter(tmp_path / "trace.jsonl", 8, page_size=4, strict=True)
    recording = Recording(writer, kept.__contains__, last_first=True)
    yield recording
    recording.close()


@pytest.fixture
def events(recording: Recording, tmp_path: Path) -> Callable[[], list[object]]:
    def recorded() -> list[object]:
        recording.writer.flush()
        _, records, ledger = read(tmp_path / "trace.jsonl")
        tables = recording.tables.items()
        assert ledger.tables == {
            task: [HOLE if frame is None else frame for frame in table] for task, table in tables
        }
        assert list(ledger.cached) == list(recording.cached)
        assert set(ledger.queued) == recording.queued
        return [record.event for record in records]

    return recorded


def test_events_follow_from_tables(
    recording: Recording, events: Callable[[], list[object]], kept: set[int]
) -> None:
    """B shares A's first page; C takes a cached page, and then finds one."""
    recording.submit("A", 8)
    recording.submit("A", 8)
    recording.table("A", [0, 1], tokens=8)
    recording.table("A", [0, 1])
    recording.table("A", [0, 1, 2, 3])
    recording.table("B", [0, 4], hits=1)
    kept |= {0, 1, 2}
    recording.leave("A")
    recording.table("C", [1, 2, 5], hits=1)
    assert events() == [
        *(Submit("A", 8), Arrive("A", (0, 1), 8), Expand("A", 2, 8), Expand("A", 3, 12)),
        *(Arrive("B", (4,), None, (0,)), Finish("A", (3,), (2, 1)), Evict((2,))),
        Arrive("C", (2, 5), None, (1,)),
    ]


def test_what_is_not_known_has_no_event(
    recording: Recording, events: Callable[[], list[object]]
) -> None:
    recording.table("A", [])
    recording.leave("A")
    recording.defer("A")
    recording.submit("B")
    recording.leave("B", "preempt")
    recording.drop()
    recording.leave("B")
    assert events() == [Submit("B"), Abort("B", ())]


def test_what_a_failed_admission_took_and_gave_back_is_recorded(
    recording: Recording, events: Callable[[], list[object]], kept: set[int]
) -> None:
    """It found page 0 and took 2, which were cached; then it would have needed a frame more."""
    kept |= {0, 1, 2}
    recording.table("A", [0, 1, 2])
    recording.leave("A")
    recording.submit("B")
    kept.remove(2)
    recording.defer("B", 2, tried=[0, 2], hits=1)
    recording.defer("B", 3, tried=[3])
    assert list(recording.cached) == [1, 0]
    assert events()[3:] == [
        *(Evict((2,)), Arrive("B", (2,), None, (0,)), Preempt("B", (2,), (0,))),
        *(Defer("B", 2), Defer("B", 3)),
    ]


def test_the_last_event_of_a_call_carries_the_state_of_the_engine(tmp_path: Path) -> None:
    writer = TraceWriter(tmp_path / "trace.jsonl", 4, strict=True)
    recording = Recording(writer, {2}.__contains__, state=lambda: {"mask": 8})
    recording.submit("A")
    recording.table("A", [0])
    recording.table("A", [0, 1, 2])
    recording.defer("A")
    recording.leave("A")
    recording.drop()
    recording.close()
    with open_trace(tmp_path / "trace.jsonl") as trace:
        told = [(type(one.event), one.checks.mask) for one in trace]
    assert told == [(Submit, None), (Arrive, 8), (Expand, None), (Expand, 8), (Finish, 8)]


def test_pages_that_are_given_back_or_exchanged_leave_a_running_table(
    recording: Recording, events: Callable[[], list[object]], kept: set[int]
) -> None:
    """A's last page is rolled back, its first becomes the one that B has, a window moves on."""
    recording.table("A", [0, 1, 2])
    recording.table("B", [3])
    recording.table("A", [0, 1])
    kept.add(0)
    recording.table("A", [3, 1, 4])
    recording.table("A", [None, 1, 4, None, 0])
    recording.table("B", [1])
    recording.leave("A")
    recording.table("C", [None, 0, 5], hits=2)
    assert events()[2:] == [
        *(Shrink("A", (2,), (2,)), Share("A", 0, (3,), (), (0,)), Expand("A", 4, 8)),
        *(Release("A", (3,), ()), Expand("A", HOLE, 12), Evict((0,)), Expand("A", 0, 16)),
        *(Share("B", 0, (1,), (3,)), Finish("A", (4,), (0,))),
        Arrive("C", (5,), None, (HOLE, 0)),
    ]


def test_a_page_that_nobody_had_comes_into_the_middle_by_leaving_and_returning(
    recording: Recording, events: Callable[[], list[object]]
) -> None:
    recording.table("A", [0, 1, 2])
    recording.table("A", [0, 3, 2])
    assert events()[1:] == [
        *(Preempt("A", (1,), (2, 0)), Evict((2,)), Arrive("A", (3, 2), None, (0,)))
    ]


def test_content_that_is_lost_makes_frames_free(
    recording: Recording, events: Callable[[], list[object]], kept: set[int]
) -> None:
    kept |= {0, 1}
    recording.table("A", [0, 1])
    recording.leave("A")
    kept.remove(1)
    recording.drop()
    assert list(recording.cached) == [0]
    assert events()[2] == Drop((1,))


def test_an_error_of_an_adapter_ends_the_recording_alone(
    recording: Recording, caplog: pytest.LogCaptureFixture
) -> None:
    class Engine:
        def free(self, count: int, *, more: int = 0) -> int:
            return count + more

    engine = Engine()
    recording.listen(engine, "free", lambda *_, **__: recording.table("A", None))  # type: ignore[arg-type]
    assert (engine.free(2, more=1), engine.free(1)) == (3, 1)
    assert caplog.text.count("trace.jsonl ends here: after free: TypeError") == 1


def test_what_is_called_before_a_method_may_fail_too(
    recording: Recording, caplog: pytest.LogCaptureFixture
) -> None:
    recording.listen(cache := Cache(), "free", before=recording.count_step)
    assert (cache.free(1), recording.writer.step) == ("free 1", 1)
    recording.listen(cache, "free", before=lambda: recording.leave(1, 2, 3))  # type: ignore[call-arg, arg-type]
    assert cache.free(1) == "free 1"
    assert "trace.jsonl ends here: before free: TypeError" in caplog.text


def test_pages_that_are_kept_before_they_are_computed_are_told(
    recording: Recording, events: Callable[[], list[object]], kept: set[int]
) -> None:
    """Of four pages of 4 tokens, 9 tokens were computed, and others hold the last."""
    kept |= {0, 1, 2}
    recording.table("A", [0, 1, 2, 3, None])
    recording.table("B", [3], hits=1)
    recording.leave("A", "preempt", computed=9)
    recording.table("A", [0, 1], hits=2)
    recording.leave("A", computed=8)
    assert events()[2:] == [
        *(Preempt("A", (), (2, 1, 0), (2, 3)), Arrive("A", (), None, (0, 1))),
        Finish("A", (), (1, 0)),
    ]


def test_in_each_group_other_pages_are_computed(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    groups = {"full": 4, "window": 8, "states": None}
    recording = Recording(TraceWriter(path, 8, groups=groups, strict=True), lambda _: True)
    for group, frames in ("full", [0, 1, 2]), ("window", [None, 3]), ("states", [4]):
        recording.table("A", frames, group=group)
    recording.leave("A", "preempt", computed=9)
    recording.close()
    assert read(path)[1][-1].event == Preempt("A", (), (0, 1, 2, 3, 4), (2, 3))


@pytest.mark.parametrize("kind", [object, type])
def test_a_method_is_heard_with_all_kinds_of_parameters(recording: Recording, kind: type) -> None:
    """Of one object, and of all objects of a class; others are not heard, nor who is not asked."""

    class Engine:
        def free(self, a: int, /, b: int = 2, *c: int, d: int = 4, **e: int) -> object:
            return a, b, c, d, e

        def bare(self, /, a: int = 1) -> int:
            return a

        def rest(*all_of_them: object) -> int:
            return len(all_of_them)

    seen: list[object] = []
    engine, other = Engine(), Engine()
    heard: list[object] = [] if kind is object else [engine]
    for name in ("free", "bare", "rest"):
        owner = engine if kind is object else Engine
        recording.listen(owner, name, lambda *values, **named: seen.append((values, named)))
    assert engine.free(1) == (1, 2, (), 4, {})
    assert engine.free(1, 3, 5, d=6, f=7) == (1, 3, (5,), 6, {"f": 7})
    assert (engine.bare(), engine.rest(8), Engine.bare(engine, 3)) == (1, 2, 3)
    assert seen == [
        (((1, 2, (), 4, {}), *heard, 1, 2), {"d": 4}),
        (((1, 3, (5,), 6, {"f": 7}), *heard, 1, 3, 5), {"d": 6, "f": 7}),
        ((1, *heard, 1), {}),
        ((2, *heard, 8), {}),
        ((3, *heard, 3), {}),
    ]
    assert (other.free(9, d=1), other.rest()) == ((9, 2, (), 1, {}), 1)
    assert len(seen) == (5 if kind is object else 7)
    recording.close()
    engine.free(1)
    assert len(seen) == (5 if kind is object else 7)


class Cache:
    """As mini-sglang's: for a while the engine sets an attribute of the method's name."""

    def free(self, frame: int) -> str:
        return f"free {frame}"

    @staticmethod
    def align(frame: int) -> str:
        return f"align {frame}"

    @classmethod
    def make(cls, frame: int) -> str:
        return f"{cls.__name__} {frame}"

    def free_later(self) -> str:
        self.free = lambda frame: f"later {frame}"  # type: ignore[method-assign]
        try:
            return self.free(1)
        finally:
            del self.free


def noting(seen: list[object], *also: object) -> Callable[..., str]:
    def around(method: Callable[..., str], *values: object) -> str:
        seen.extend((*also, *values))
        return method(*values)

    return around


def test_one_object_is_wrapped_and_may_set_and_delete_the_attribute() -> None:
    seen: list[object] = []
    cache, other = Cache(), Cache()
    before = {**vars(Cache)}
    undo = wrap(cache, "free", noting(seen))
    assert [cache.free(0), cache.free_later(), cache.free(2), other.free(3)] == [
        *("free 0", "later 1", "free 2", "free 3")
    ]
    assert seen == [0, 2]
    undo()
    undo()
    assert vars(Cache) == before


def test_a_class_is_wrapped_for_all_its_objects() -> None:
    seen: list[object] = []

    before, cache = {**vars(Cache)}, Cache()
    undo = [wrap(Cache, name, noting(seen)) for name in ("free", "align", "make")]
    assert (cache.free(1), cache.align(2), Cache.make(3)) == ("free 1", "align 2", "Cache 3")
    assert seen == [cache, 1, 2, Cache, 3]
    for each in undo:
        each()
    assert vars(Cache) == before


def test_wrappers_may_be_undone_in_any_order() -> None:
    seen: list[object] = []
    before, cache = {**vars(Cache)}, Cache()
    one, two = (wrap(cache, "free", noting(seen, name)) for name in ("one", "two"))
    one()
    cache.free(1)
    two()
    assert seen == ["two", 1]
    assert cache.free(1) == "free 1"
    one()
    assert vars(Cache) == before


def test_what_an_engine_lacks_is_named() -> None:
    assert find(Cache(), "none.free", "free")(1) == "free 1"
    with pytest.raises(ValueError, match=r"Cache has no a\.b or c, so it cannot be recorded"):
        find(Cache(), "a.b", "c")
    with pytest.raises(ValueError, match="Cache has no c"):
        find(Cache, "c")


def test_groups_have_tables_of_their_own(tmp_path: Path, kept: set[int]) -> None:
    """A task arrives in each, and leaves all of them at once."""
    path = tmp_path / "groups.jsonl"
    groups = {"full": 4, "window": 8}
    recording = Recording(
        TraceWriter(path, 20, groups=groups, strict=True), kept.__contains__, last_first=True
    )
    recording.submit("A")
    recording.table("A", [1, 2], group="full", tokens=8)
    recording.submit("A")
    recording.table("A", [3], group="window", tokens=8)
    recording.grow("A", [4], "window")
    recording.table("A", [None, 4], group="window")
    kept.add(2)
    assert recording.tables == {"A full": [1, 2], "A window": [None, 4]}
    recording.leave("A", "preempt")
    assert (recording.queued, recording.tables) == ({"A"}, {})
    recording.close()
    assert [record.event for record in read(path)[1]] == [
        Submit("A"),
        Arrive("A", (1, 2), 8, group="full"),
        Arrive("A", (3,), 8, group="window"),
        Expand("A", 4, 8, group="window"),
        Release("A", (3,), (3,), (), group="window"),
        Preempt("A", (1, 4), (2,)),
    ]


def test_a_page_in_the_middle_of_a_group_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "groups.jsonl"
    writer = TraceWriter(path, 20, groups={"full": None, "state": None}, strict=True)
    recording = Recording(writer, set[int]().__contains__)
    recording.table("A", [1, 2], group="full")
    recording.table("A", [3], group="state")
    recording.table("A", [4], group="state")
    recording.close()
    header, records, ledger = read(path)
    assert header.version == 2
    assert [type(record.event) for record in records][2:] == [Preempt, Arrive, Arrive]
    assert ledger.tables == {"A full": [1, 2], "A state": [4]}


def test_pages_are_copied_to_a_tier_and_back(tmp_path: Path) -> None:
    writer = TraceWriter(tmp_path / "trace.jsonl", 8, tiers={"host": 4}, strict=True)
    recording = Recording(writer, lambda _: False)
    recording.table("A", [1, 2])
    recording.offload("host", [(0, 1, "a"), (1, 2, "b"), (2, 5, "c")])  # nobody has frame 5
    recording.offload("host", [(1, 5, "c")])  # and what it holds replaces what was there
    recording.load("host", [(0, 3, "a"), (1, 4, "c")])
    recording.load("host", [(0, 3, "a")])
    recording.discard("host", [1])
    assert (recording.stored, [*recording.cached]) == ({"host": {0: "a"}}, [3])
    recording.discard("host")
    recording.discard("host")
    recording.close()
    _, records, ledger = read(tmp_path / "trace.jsonl")
    assert [record.event for record in records[1:]] == [
        Offload("host", (0, 1), (1, 2), ("a", "b")),
        Discard("host", (1,)),
        Load("host", (0,), (3,), ("a",)),
        Evict((3,)),
        Load("host", (0,), (3,), ("a",)),
        Discard("host", (0,)),
    ]
    assert list(ledger.cached) == [3]
    assert not ledger.stored["host"]
