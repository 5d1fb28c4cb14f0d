"""What is recorded of vLLM's shape is what its block pool holds."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING, Any

import pytest
from recorded import read
from vllm_like import (
    BlockPool,
    CrossAttentionSpec,
    EncoderSpec,
    KVCacheManager,
    MambaSpec,
    Request,
    Scheduler,
    Status,
)

from pagereel import recorder
from pagereel.adapters.vllm import record
from pagereel.cache import (
    HOLE,
    Abort,
    Arrive,
    Defer,
    Evict,
    Expand,
    Finish,
    Preempt,
    Release,
    Submit,
)
from pagereel.recorder import record_each
from pagereel.trace import open_trace
from pagereel.trace.follow import check_trace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def events(path: Path) -> list[object]:
    return [record.event for record in read(path)[1]]


def step(scheduler: Scheduler, *ended: str) -> Any:
    output = scheduler.schedule()
    scheduler.update_from_output(output, {}, set(ended))
    return output


def run(scheduler: Scheduler, seed: int, steps: int = 300) -> None:
    """Let requests with shared prefixes come, grow and go, in a pool too small for them."""
    chance = random.Random(seed)  # noqa: S311 (it is no secret)
    for number in range(steps):
        if chance.random() < 0.4:
            prefix = [chance.randrange(3)] * chance.randrange(1, 13)
            own = [number] * chance.randrange(1, 30)
            scheduler.add_request(Request(f"R{number}", [*prefix, *own]))
        if scheduler.requests and chance.random() < 0.03:
            name = chance.choice(list(scheduler.requests))
            scheduler.finish_requests([name], Status.FINISHED_ABORTED)
        ended = {name for name in scheduler.requests if chance.random() < 0.12}
        scheduler.update_from_output(scheduler.schedule(), {}, ended)


@pytest.mark.parametrize("seed", range(6))
def test_the_trace_ends_where_the_pool_does(tmp_path: Path, seed: int) -> None:
    """Every event on the way is possible: what is hit is there, what is taken is free."""
    scheduler, path = Scheduler(20, 4), tmp_path / "trace.jsonl"
    recording = record(scheduler, path, engine="like vLLM", strict=True)
    run(scheduler, seed)
    recording.close()
    header, records, ledger = read(path)
    assert (header.frames, header.page_size, header.reserved) == (20, 4, (0,))
    manager = scheduler.kv_cache_manager
    held = {task: [block.block_id for block in table] for task, table in manager.tables.items()}
    assert ledger.tables == held
    blocks = manager.block_pool.blocks
    assert [ledger.refcounts[block.block_id] for block in blocks[1:]] == [
        block.ref_cnt for block in blocks[1:]
    ]
    kept = [number for number in manager.block_pool.free if blocks[number].block_hash is not None]
    assert list(ledger.cached) == kept
    assert set(ledger.queued) == {request.request_id for request in scheduler.waiting}
    kinds = {type(record.event) for record in records}
    assert kinds >= {Submit, Arrive, Expand, Finish, Evict, Preempt, Abort, Defer}
    assert any(isinstance(record.event, Arrive) and record.event.shared for record in records)
    assert [record.step for record in records if record.step is not None]


def test_without_a_prefix_cache_all_that_goes_back_is_free(tmp_path: Path) -> None:
    scheduler, path = Scheduler(20, 4, caching=False), tmp_path / "trace.jsonl"
    recording = record(scheduler, path, strict=True)
    run(scheduler, 1)
    recording.close()
    ledger = read(path)[2]
    assert not ledger.cached
    assert ledger.free_count == len(scheduler.kv_cache_manager.block_pool.free)


def test_a_long_prompt_arrives_with_its_first_chunk_and_expands(tmp_path: Path) -> None:
    scheduler, path = Scheduler(20, 4, budget=8), tmp_path / "trace.jsonl"
    recording = record(scheduler, path)
    scheduler.add_request(Request("A", list(range(18))))
    for _ in range(3):
        step(scheduler)
    step(scheduler, "A")
    recording.close()
    assert events(path) == [
        *(Submit("A", 18), Arrive("A", (1, 2), 8), Expand("A", 3, 8), Expand("A", 4, 12)),
        *(Expand("A", 5, 16), Finish("A", (5,), (4, 3, 2, 1))),
    ]
    assert [record.step for record in read(path)[1]] == [0, 1, 2, 2, 3, 4]


def test_requests_of_one_step_may_share_what_the_first_took(tmp_path: Path) -> None:
    scheduler, path = Scheduler(20, 4), tmp_path / "trace.jsonl"
    recording = record(scheduler, path)
    scheduler.add_request(Request("A", [7] * 9))
    scheduler.add_request(Request("B", [7] * 10))
    step(scheduler)
    recording.close()
    assert events(path)[2:] == [Arrive("A", (1, 2, 3), 9), Arrive("B", (4,), 10, (1, 2))]


def test_blocks_that_speculation_looks_ahead_for_need_no_tokens(tmp_path: Path) -> None:
    scheduler, path = Scheduler(20, 4), tmp_path / "trace.jsonl"
    real = scheduler.kv_cache_manager.allocate_slots
    scheduler.kv_cache_manager.allocate_slots = (  # type: ignore[method-assign]
        lambda request, count, *found: real(request, count + 4, *found)
    )
    recording = record(scheduler, path)
    scheduler.add_request(Request("A", [1, 2, 3]))
    step(scheduler)
    recording.close()
    assert events(path)[1] == Arrive("A", (1, 2), None)


def test_the_input_that_a_resumable_request_gets_later_extends_its_table(tmp_path: Path) -> None:
    """It is added again under its name, while it still has its blocks."""
    scheduler, path = Scheduler(20, 4), tmp_path / "trace.jsonl"
    recording = record(scheduler, path, strict=True)
    session = Request("S", [1] * 5)
    scheduler.add_request(session)
    step(scheduler)
    scheduler.running.remove(session)
    session.output += [9] * 4
    scheduler.add_request(session)
    scheduler.waiting.clear()
    scheduler.running.append(session)
    step(scheduler)
    recording.close()
    assert events(path) == [Submit("S", 5), Arrive("S", (1, 2), 5), Expand("S", 3, 8)]


def test_blocks_got_and_lost_within_one_step_are_recorded(tmp_path: Path) -> None:
    """The important request takes what the other got at the same step, and had not computed yet."""
    scheduler, path = Scheduler(4, 4), tmp_path / "trace.jsonl"
    recording = record(scheduler, path, strict=True)
    manager, other = scheduler.kv_cache_manager, Request("A", [1] * 9)
    scheduler.add_request(other)
    manager.allocate_slots(other, 8)
    scheduler._preempt(other)
    hits = manager.hits(other)
    manager.allocate_slots(other, 1, 8, hits)
    recording.close()
    assert events(path)[1:] == [
        *(Arrive("A", (1, 2), 8), Preempt("A", (), (2, 1), (1, 2)), Arrive("A", (3,), 9, (1, 2)))
    ]
    with open_trace(path) as trace:
        (fault,) = check_trace(trace).faults
    assert "uses content that was never computed" in str(fault)


def test_an_admission_that_fails_is_deferred(tmp_path: Path) -> None:
    scheduler, path = Scheduler(3, 4), tmp_path / "trace.jsonl"
    recording = record(scheduler, path)
    for name in "AB":
        scheduler.add_request(Request(name, [ord(name)] * 5))
    step(scheduler)
    scheduler.kv_cache_manager.can_fit_full_sequence(scheduler.requests["B"])
    scheduler.finish_requests(["B"], Status.FINISHED_ABORTED)
    recording.close()
    assert events(path)[2:] == [Arrive("A", (1, 2), 5), Defer("B"), Defer("B"), Abort("B", ())]


def test_a_cleared_prefix_cache_is_told(tmp_path: Path) -> None:
    scheduler, path = Scheduler(20, 4), tmp_path / "trace.jsonl"
    recording = record(scheduler, path)
    scheduler.add_request(Request("A", [1] * 9))
    step(scheduler)
    pool = scheduler.kv_cache_manager.block_pool
    assert not pool.reset_prefix_cache()
    step(scheduler, "A")
    assert pool.reset_prefix_cache()
    recording.close()
    assert read(path)[2].free_count == 19


def test_blocks_that_a_window_has_passed_leave_a_running_request(tmp_path: Path) -> None:
    scheduler, path = Scheduler(12, 4, caching=False, windows=(6,)), tmp_path / "trace.jsonl"
    recording = record(scheduler, path, strict=True)
    scheduler.add_request(Request("A", [*range(22)]))
    pool = scheduler.kv_cache_manager.block_pool
    for turn in range(30):
        if turn in {3, 9}:
            scheduler.add_request(Request(f"B{turn}", [*range(9)]))
        step(scheduler)
        tables = scheduler.kv_cache_manager.tables
        assert recording.tables == {
            task: [None if block is pool.null_block else block.block_id for block in table]
            for task, table in tables.items()
        }
    step(scheduler, *scheduler.requests)
    recording.close()
    header, records, ledger = read(path)
    assert {type(record.event) for record in records} >= {Release, Expand, Finish}
    assert not ledger.tables
    assert header.version == 2


def _encoder(scheduler: Scheduler) -> None:
    scheduler.kv_cache_config.kv_cache_groups[0].kv_cache_spec = EncoderSpec()


def _host(scheduler: Scheduler) -> None:
    scheduler.kv_cache_config.kv_cache_groups[0].host_resident = True


def _request(scheduler: Scheduler) -> None:
    scheduler.add_request(Request("A", [1]))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_encoder, "EncoderSpec cannot be recorded, only FullAttentionSpec"),
        (_host, "FullAttentionSpec in host memory cannot be recorded$"),
        (_request, "before the first request"),
    ],
)
def test_what_cannot_be_recorded_is_refused(
    tmp_path: Path, change: Callable[[Scheduler], None], message: str
) -> None:
    scheduler = Scheduler(20, 4)
    change(scheduler)
    with pytest.raises(ValueError, match=message):
        record(scheduler, tmp_path / "trace.jsonl")
    assert not list(tmp_path.iterdir())


def test_the_engine_is_left_as_it_was(tmp_path: Path) -> None:
    parts = (Scheduler, KVCacheManager, BlockPool)
    before = [{**vars(part)} for part in parts]
    recording = record(Scheduler(20, 4), tmp_path / "trace.jsonl")
    assert [{**vars(part)} for part in parts] != before
    recording.close()
    assert [{**vars(part)} for part in parts] == before


def test_blocks_of_another_shape_end_the_recording_and_not_the_engine(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    scheduler, path = Scheduler(20, 4), tmp_path / "trace.jsonl"
    manager = scheduler.kv_cache_manager
    manager.allocate_slots = lambda *_: [1]  # type: ignore[method-assign]
    record(scheduler, path)
    manager.tables["A"] = [manager.block_pool.blocks[1]]
    for _ in range(2):
        assert manager.allocate_slots(Request("A", [1]), 1) == [1]
    assert caplog.text.count("trace.jsonl ends here: after allocate_slots: AttributeError") == 1
    with open_trace(path) as trace:
        assert not list(trace)
        assert str(trace.ended).startswith("after allocate_slots: AttributeError: 'list' object")


def test_an_engine_starts_though_it_cannot_be_recorded(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As the scheduler of a process of its own: `record_each` records it once it is made."""

    class Encoder(Scheduler):
        def __init__(self) -> None:
            super().__init__(20, 4)
            _encoder(self)

    undo = [
        record_each(kind, record, tmp_path / "trace-{pid}.jsonl", strict=True)
        for kind in (Scheduler, Encoder)
    ]
    Encoder().add_request(Request("A", [1]))
    assert "Encoder is not recorded: EncoderSpec cannot be recorded" in caplog.text
    assert not list(tmp_path.iterdir())
    Scheduler(20, 4).add_request(Request("A", [1]))
    for each in undo:
        each()
    path = tmp_path / f"trace-{os.getpid()}.jsonl"
    (writer,) = (each for each in recorder._WRITERS if each._files.name == str(path))
    writer.close()
    assert events(path) == [Submit("A", 1)]


@pytest.mark.parametrize("seed", range(3))
def test_a_hybrid_model_has_a_page_table_for_each_kind_of_layer(tmp_path: Path, seed: int) -> None:
    scheduler, path = Scheduler(60, 4, windows=(0, 4, 6)), tmp_path / "trace.jsonl"
    recording = record(scheduler, path, strict=True)
    run(scheduler, seed)
    recording.close()
    header, records, ledger = read(path)
    assert header.groups == {"full": 4, "window": 4, "window-2": 4}
    assert header.page_size is None
    manager = scheduler.kv_cache_manager
    null, blocks = manager.block_pool.null_block, manager.block_pool.blocks
    assert ledger.tables == {
        f"{task} {name}": [HOLE if block is null else block.block_id for block in table]
        for name, group in zip(header.groups, manager.groups, strict=True)
        for task, table in group.req_to_blocks.items()
    }
    kept = [number for number in manager.block_pool.free if blocks[number].block_hash is not None]
    assert list(ledger.cached) == kept
    assert set(ledger.queued) == {request.request_id for request in scheduler.waiting}
    arrivals = [record.event for record in records if isinstance(record.event, Arrive)]
    assert any(HOLE in each.shared for each in arrivals)
    assert all(each.tokens for each in arrivals)
    kinds = {type(record.event) for record in records}
    assert kinds >= {Expand, Finish, Evict, Preempt, Abort, Defer, Release}


def test_blocks_for_the_encoder_do_not_hold_the_tokens_of_the_prompt(tmp_path: Path) -> None:
    """Even if these would fill as many blocks."""
    scheduler, path = Scheduler(60, 4, caching=False, windows=(0, 0)), tmp_path / "trace.jsonl"
    scheduler.kv_cache_config.kv_cache_groups[1].kv_cache_spec = CrossAttentionSpec()
    recording = record(scheduler, path, strict=True)
    scheduler.add_request(Request("A", [7] * 6))
    step(scheduler)
    recording.close()
    assert events(path)[1:] == [
        Arrive("A", (1, 2), 6, group="full"),
        Arrive("A", (3, 4), None, group="cross"),
    ]


def test_blocks_that_a_connector_fills_are_not_shared(tmp_path: Path) -> None:
    scheduler, path = Scheduler(20, 4), tmp_path / "trace.jsonl"
    scheduler.connector, scheduler.outside = object(), 8
    recording = record(scheduler, path, strict=True)
    scheduler.add_request(Request("A", [1] * 14))
    step(scheduler)
    scheduler.add_request(Request("B", [1] * 10))
    step(scheduler, "A")
    recording.close()
    assert events(path)[1::2] == [Arrive("A", (1, 2, 3, 4), None), Arrive("B", (5,), None, (1, 2))]


def test_blocks_that_are_filled_from_outside_alone_are_an_arrival(tmp_path: Path) -> None:
    """The engine then returns that there are no new blocks: nothing is computed yet."""
    scheduler, path = Scheduler(20, 4), tmp_path / "trace.jsonl"
    scheduler.connector = object()
    recording = record(scheduler, path, strict=True)
    request, manager = Request("A", [1] * 14), scheduler.kv_cache_manager
    scheduler.add_request(request)
    empty = manager.empty_kv_cache_blocks
    assert manager.allocate_slots(request, 0, num_external_computed_tokens=12) is empty
    request.num_computed_tokens = 12
    manager.free(request)
    recording.close()
    assert events(path)[1:] == [Arrive("A", (1, 2, 3), None), Preempt("A", (), (3, 2, 1))]


def test_a_copy_of_a_state_that_was_in_no_table_is_not_shared(tmp_path: Path) -> None:
    """Real schedulers keep a copy of a Mamba state for others: its block has a hash at once."""
    scheduler, path = Scheduler(20, 4), tmp_path / "trace.jsonl"
    scheduler.kv_cache_config.kv_cache_groups[0].kv_cache_spec = MambaSpec()
    recording = record(scheduler, path, strict=True)
    pool = scheduler.kv_cache_manager.block_pool
    copy = pool.take()
    copy.block_hash = (0, *[7] * 4)
    pool.index[copy.block_hash] = copy
    scheduler.add_request(Request("A", [7] * 6))
    step(scheduler)
    recording.close()
    assert events(path)[1] == Arrive("A", (1, 2), None)
