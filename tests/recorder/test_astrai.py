"""What is recorded of AstrAI's shape agrees with the allocator's own state, event by event."""

from __future__ import annotations

import logging
import random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from astrai_like import Allocator, Manager, Scheduler
from recorded import read

from pagereel.adapters.astrai import record
from pagereel.cache import Abort, Arrive, Defer, Evict, Expand, Finish, Preempt, Submit

if TYPE_CHECKING:
    from pathlib import Path


def events(path: Path) -> list[object]:
    return [record.event for record in read(path)[1]]


def run(manager: Manager, seed: int, steps: int = 300) -> None:
    """Let tasks with shared prefixes come, grow and go, in a pool too small for them."""
    chance = random.Random(seed)  # noqa: S311 (it is no secret)
    waiting: dict[str, list[int]] = {}
    lengths: dict[str, int] = {}
    for step in range(steps):
        if chance.random() < 0.3:
            prefix = [chance.randrange(3)] * chance.randrange(0, 13)
            waiting[f"R{step}"] = [
                *prefix,
                *(1000 * step + i for i in range(chance.randrange(1, 9))),
            ]
        for task, prompt in list(waiting.items()):
            if manager.task_alloc(task, prompt):
                manager.task_record_hashes(task, waiting.pop(task))
                lengths[task] = len(prompt)
        for task in list(lengths):
            if chance.random() < 0.1 or not manager.task_extend(task, lengths[task]):
                manager.task_free(task)
                del lengths[task]
            else:
                lengths[task] += 1
        if chance.random() < 0.02:
            manager.invalidate_cache()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("frames", [12, 70])
def test_every_event_agrees_with_the_allocator(tmp_path: Path, seed: int, frames: int) -> None:
    """Its mask, and in small pools its refcounts, eviction order and tables, are in the trace."""
    manager, path = Manager(frames, 4), tmp_path / "trace.jsonl"
    recording = record(manager, path, engine="like AstrAI", checks=True, strict=True)
    run(manager, seed)
    recording.close()
    header, records, ledger = read(path)
    assert (header.frames, header.page_size, header.engine) == (frames, 4, "like AstrAI")
    assert ledger.tables == manager.pages
    assert list(ledger.cached) == list(manager._alloc._lru)
    assert list(ledger.refcounts) == manager._alloc._refs
    ends = [one.checks for one in records if isinstance(one.event, Finish | Defer)]
    assert None not in {one.mask for one in ends}
    assert {one.tables is None for one in ends} == {frames > 64}
    kinds = {type(record.event) for record in records}
    assert kinds >= {Submit, Arrive, Expand, Finish}
    if frames == 12:
        assert kinds >= {Defer, Evict, Abort}
        assert any(isinstance(record.event, Arrive) and record.event.shared for record in records)


def test_a_task_from_its_arrival_to_its_end(tmp_path: Path) -> None:
    manager, path = Manager(4, 4), tmp_path / "trace.jsonl"
    step = 0
    recording = record(manager, path, step=lambda: step)
    assert manager.task_alloc(task_id="A", prompt_ids=[1, 2, 3, 4, 5])
    assert manager.task_extend("A", pos=7)
    step = 2
    assert manager.task_extend("A", pos=8)
    step = 3
    manager.task_free("A")
    recording.close()
    assert events(path) == [
        *(Submit("A", 5), Arrive("A", (0, 1), 5), Expand("A", 2, 8), Finish("A", (0, 1, 2)))
    ]
    assert [record.step for record in read(path)[1]] == [0, 0, 2, 3]


def test_what_a_failed_admission_did_to_the_cache_is_recorded(tmp_path: Path) -> None:
    """It evicts the cached frame, finds no other, and gives both back."""
    manager, path = Manager(3, 4), tmp_path / "trace.jsonl"
    with_index = [1, 2, 3, 4]
    recording = record(manager, path, checks=True)
    manager.task_alloc("A", with_index)
    manager.task_record_hashes("A", with_index)
    manager.task_alloc("B", [5])
    manager.task_free("A")
    assert not manager.task_alloc("C", list(range(10, 22)))
    recording.close()
    assert events(path)[-4:] == [
        *(Evict((0,)), Arrive("C", (2, 0)), Preempt("C", (2, 0)), Defer("C", 3))
    ]


def test_cached_frames_that_a_failed_admission_woke_lose_their_place(tmp_path: Path) -> None:
    """Frame 1 was to be evicted first; the admission gives back 0 before it."""
    manager, path = Manager(3, 4), tmp_path / "trace.jsonl"
    recording = record(manager, path, checks=True)
    manager.task_alloc("A", range(8))
    manager.task_record_hashes("A", range(8))
    manager.task_alloc("B", [0, 1, 2, 3, 9])
    manager.task_free("A")
    manager.task_free("B")
    manager.task_alloc("D", [5])
    assert list(manager._alloc._lru) == [1, 0]
    assert not manager.task_alloc("C", range(9))
    recording.close()
    assert list(read(path)[2].cached) == list(manager._alloc._lru) == [0, 1]


def test_a_plain_failure_only_defers(tmp_path: Path) -> None:
    manager, path = Manager(2, 4), tmp_path / "trace.jsonl"
    recording = record(manager, path, checks=True)
    assert not manager.task_alloc("A", range(12))
    assert not manager.task_alloc("A", range(12))
    manager.task_free("A")
    recording.close()
    assert events(path) == [Submit("A", 12), Defer("A", 3), Defer("A", 3), Abort("A", ())]


def test_a_manager_may_call_its_methods_otherwise(tmp_path: Path) -> None:
    class Slots(Manager):
        alloc_slots, extend_slots, free_slots = (
            *(Manager.task_alloc, Manager.task_extend, Manager.task_free),
        )
        task_alloc = task_extend = task_free = None  # type: ignore[assignment]

    manager, path = Slots(4, 4), tmp_path / "trace.jsonl"
    recording = record(manager, path, strict=True)
    assert manager.alloc_slots("A", [1] * 4)
    assert manager.extend_slots("A", 4)
    manager.free_slots("A")
    recording.close()
    assert events(path)[1:] == [Arrive("A", (0,), 4), Expand("A", 1, 4), Finish("A", (0, 1))]


def test_a_task_that_finds_no_frame_to_grow_into_is_aborted(tmp_path: Path) -> None:
    manager, path = Manager(2, 4), tmp_path / "trace.jsonl"
    recording = record(manager, path)
    manager.task_alloc("A", range(8))
    assert not manager.task_extend("A", 8)
    manager.task_free("A")
    recording.close()
    assert events(path)[-1] == Abort("A", (0, 1))


def test_want_of_another_thing_than_frames_is_no_defer(tmp_path: Path) -> None:
    manager, path = Manager(8, 4, slots=1), tmp_path / "trace.jsonl"
    recording = record(manager, path)
    manager.task_alloc("A", [1])
    assert not manager.task_alloc("B", [2])
    recording.close()
    assert events(path) == [Submit("A", 1), Arrive("A", (0,), 1), Submit("B", 1)]


def test_the_engine_is_left_as_it_was(tmp_path: Path) -> None:
    parts = (Manager, Allocator)
    before = [{**vars(part)} for part in parts]
    recording = record(Manager(4, 4), tmp_path / "trace.jsonl")
    assert [{**vars(part)} for part in parts] != before
    recording.close()
    assert [{**vars(part)} for part in parts] == before


def test_what_cannot_be_recorded_is_refused(tmp_path: Path) -> None:
    manager = Manager(4, 4)
    manager.task_alloc("A", [1])
    with pytest.raises(ValueError, match="in use already"):
        record(manager, tmp_path / "trace.jsonl")
    pool = SimpleNamespace(_strategy=SimpleNamespace(_alloc=Allocator(4)), page_size=4)
    with pytest.raises(ValueError, match="SimpleNamespace has no task_alloc"):
        record(pool, tmp_path / "trace.jsonl")
    manager = Manager(4, 4)
    del manager._alloc
    with pytest.raises(ValueError, match="Manager has no _alloc or "):
        record(manager, tmp_path / "trace.jsonl")
    assert not list(tmp_path.iterdir())
    assert not hasattr(Allocator.alloc, "__wrapped__")


def test_a_step_that_fails_costs_only_the_step(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A scheduler without such an attribute, a step that is no number, one that goes back."""
    scheduler: Any = object()
    steps: list[Any] = [lambda: scheduler.step, lambda: "1", iter((3, 2)).__next__]
    for step in steps:
        manager = Manager(4, 4)
        recording = record(manager, tmp_path / "trace.jsonl", step=step)
        for task in "AB":
            manager.task_alloc(task, [1])
        recording.close()
        assert len(events(tmp_path / "trace.jsonl")) == 4
    assert caplog.text.count("events have no step from here on") == 3


def test_a_task_that_leaves_the_queue_is_queued_no_more(tmp_path: Path) -> None:
    """The manager does not hear of it, so the scheduler is recorded."""
    scheduler, path = Scheduler(Manager(2, 4)), tmp_path / "trace.jsonl"
    recording = record(scheduler, path, checks=True)
    manager = scheduler._task_cache
    assert manager.task_alloc("A", [1])
    assert not manager.task_alloc("B", range(8))
    scheduler.remove_task("B")
    scheduler.remove_task("A")
    scheduler.remove_task("C")
    recording.close()
    assert events(path)[2:] == [*(Submit("B", 8), Defer("B", 2), Abort("B", ()), Abort("A", (0,)))]
    assert not hasattr(Scheduler.remove_task, "__wrapped__")


def test_a_task_that_a_batch_had_no_room_for_is_queued_no_more(tmp_path: Path) -> None:
    """It is not tried again; another task waits on."""
    scheduler, path = Scheduler(Manager(2, 4, slots=1)), tmp_path / "trace.jsonl"
    recording = record(scheduler, path, strict=True)
    assert not scheduler._task_cache.task_alloc("A", range(12))
    scheduler.run_batch([[1], [2]])
    recording.close()
    assert events(path)[2:] == [
        *(Submit("batch_0", 1), Arrive("batch_0", (0,), 1), Submit("batch_1", 1)),
        *(Finish("batch_0", (0,)), Abort("batch_1", ())),
    ]
    assert read(path)[2].queued.keys() == {"A"}
    assert not hasattr(Scheduler.run_batch, "__wrapped__")


def test_an_error_of_the_engine_stays_its_own(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    manager, path = Manager(4, 4), tmp_path / "trace.jsonl"
    record(manager, path)
    manager.task_alloc("A", [1])
    with pytest.raises(KeyError):
        manager.task_extend("B", 0)
    assert not caplog.records
    with pytest.raises(TypeError):
        manager.task_alloc("C", None)  # type: ignore[arg-type]
    manager._alloc.alloc()  # nobody's frame: no trace can say whose
    manager.task_alloc("D", [1])
    assert "without the manager" in caplog.text
    assert caplog.records[0].levelno == logging.WARNING
    assert events(path) == [Submit("A", 1), Arrive("A", (0,), 1)]
