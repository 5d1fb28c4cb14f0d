"""What adapters record of calls that real engines made is what the engines' own objects held."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from played import Astrai, MiniSglang, NanoVllm, Sglang, Vllm, VllmOffload
from recorded import read

from pagereel.adapters import astrai, mini_sglang, nano_vllm, sglang, vllm
from pagereel.cache import (
    Abort,
    Arrive,
    Defer,
    Discard,
    Evict,
    Expand,
    Finish,
    Load,
    Offload,
    Preempt,
    Release,
    Submit,
)
from pagereel.trace import open_trace
from pagereel.trace.follow import check_trace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from played import Played

    from pagereel.recorder import Recording

ENGINES = [
    pytest.param(Vllm, vllm.record, {Defer, Preempt}, id="vllm"),
    pytest.param(partial(Vllm, "vllm_priority"), vllm.record, {Defer, Preempt}, id="vllm-priority"),
    pytest.param(Astrai, astrai.record, {Abort, Defer, Preempt}, id="astrai"),
    pytest.param(VllmOffload, vllm.record, {Offload, Load, Discard}, id="vllm-offload"),
    pytest.param(
        partial(VllmOffload, is_old=True), vllm.record, {Offload, Load, Discard}, id="vllm-old"
    ),
    pytest.param(NanoVllm, nano_vllm.record, {Defer, Preempt}, id="nano-vllm"),
    pytest.param(MiniSglang, mini_sglang.record, set(), id="mini-sglang"),
    pytest.param(Sglang, sglang.record, {Abort, Preempt}, id="sglang"),
    pytest.param(
        partial(Sglang, "sglang_window"), sglang.record, {Preempt, Release}, id="sglang-window"
    ),
    pytest.param(
        partial(Sglang, "sglang_host"), sglang.record, {Offload, Load, Discard}, id="sglang-host"
    ),
    pytest.param(partial(Sglang, "sglang_mamba"), sglang.record, {Release}, id="sglang-mamba"),
]


def had(name: str, table: list[Any]) -> list[Any]:
    """Return a page table; of SGLang's states only those that a request has, in any order."""
    return sorted(filter(None, table)) if name.endswith(" mamba") else table


@pytest.mark.parametrize(("make", "record", "others"), ENGINES)
def test_tables_and_cached_frames_are_those_of_the_engine(
    tmp_path: Path, make: Callable[[], Played], record: Callable[..., Recording], others: set[type]
) -> None:
    played: Any = make()
    recording = record(played.scheduler, tmp_path / "trace.jsonl", strict=True)
    truths = 0
    for tables, cached, *stored in played.play():
        ours = {name: had(name, table) for name, table in recording.tables.items()}
        assert ours == tables
        known = sorted(recording.cached) if isinstance(played, Sglang) else list(recording.cached)
        assert known == cached
        for slots in stored:
            assert recording.stored["host"] == {int(slot): key for slot, key in slots.items()}
        truths += 1
    recording.close()
    header, records, ledger = read(tmp_path / "trace.jsonl")
    assert (header.frames, header.page_size) == (played.frames, played.page_size)
    assert truths or make is MiniSglang
    kinds = {type(record.event) for record in records}
    assert kinds >= {Submit, Arrive, Expand, Evict, Finish, *others}
    found = [
        record for record in records if isinstance(record.event, Arrive) and record.event.shared
    ]
    assert found or make is MiniSglang  # its calls share nothing, since it fails where it does
    assert not ledger.tables
    assert not recording.queued
    assert records[-1].step or make is Astrai


@pytest.mark.parametrize(("make", "record", "others"), ENGINES)
def test_what_is_not_such_a_scheduler_is_refused(
    tmp_path: Path, make: Callable[[], Played], record: Callable[..., Recording], others: set[type]
) -> None:
    played: Any = make()
    assert isinstance(others, set)
    with pytest.raises(ValueError, match="so it cannot be recorded"):
        record(played, tmp_path / "trace.jsonl")
    if make is NanoVllm:
        played.blocks[1].ref_count = 1
    elif isinstance(played, Vllm):
        played.pool.blocks[1].block_hash = b"kept"
    elif make is Astrai:
        played.allocator._refs[1] = 1
    elif isinstance(played, Sglang):
        played.pool.available_size = lambda: 1
    else:
        played.manager.free_slots = [1]
    with pytest.raises(ValueError, match="are in use already"):
        record(played.scheduler, tmp_path / "trace.jsonl")
    assert not list(tmp_path.iterdir())


def test_what_of_sglang_cannot_be_recorded_is_refused(tmp_path: Path) -> None:
    played = Sglang("sglang_mamba")
    played.row_pool.mamba_ckpt_pool = object()
    with pytest.raises(ValueError, match="in a pool of their own"):
        sglang.record(played.scheduler, tmp_path / "trace.jsonl")
    played, windows = Sglang("sglang_host"), Sglang("sglang_window")
    windows.tree.cache_controller, windows.tree.host_memory_mode = played.controller, "cache"
    with pytest.raises(ValueError, match="not recorded with windows or Mamba layers"):
        sglang.record(windows.scheduler, tmp_path / "trace.jsonl")
    played.controller.enable_storage = True
    for mode in "cache", "buffer_only":
        played.tree.host_memory_mode = mode
        with pytest.raises(ValueError, match="only if it keeps pages in host memory alone"):
            sglang.record(played.scheduler, tmp_path / "trace.jsonl")
        played.controller.enable_storage = False
    played = Sglang("sglang_window")
    played.allocator.swa_req_ring = True
    with pytest.raises(ValueError, match="one pool of pages"):
        sglang.record(played.scheduler, tmp_path / "trace.jsonl")


def test_the_memory_of_the_host_is_a_tier(tmp_path: Path) -> None:
    played: Any = VllmOffload()
    vllm.record(played.scheduler, tmp_path / "trace.jsonl").close()
    assert read(tmp_path / "trace.jsonl")[0].tiers == {"host": played.head["slots"]}
    for chunks in (0, None):  # none, or they are another connector's
        played.host._num_chunks = chunks
        vllm.record(played.scheduler, tmp_path / "trace.jsonl").close()
        assert not read(tmp_path / "trace.jsonl")[0].tiers


@pytest.mark.parametrize("is_old", [False, True])
def test_a_load_may_begin_in_the_middle_of_a_chunk(tmp_path: Path, is_old: bool) -> None:  # noqa: FBT001 (a parameter)
    played: Any = VllmOffload(is_old=is_old)
    recording = vllm.record(played.scheduler, tmp_path / "trace.jsonl", strict=True)
    played.allocate_slots("A", 64, 4, [1, 2, 3, 4])
    played.prepare_store([5, 7], ["aa", "bb"])
    played.build_connector_meta([([1, 2, 3, 4], 0)])
    played.allocate_slots("B", 64, 4, [6, 7, 8, 9], 1)
    played.prepare_load([5, 7], ["aa", "bb"])
    played.update_state_after_alloc([7, 8, 9], 1)
    recording.close()
    *_, load = [record.event for record in read(tmp_path / "trace.jsonl")[1]]
    assert load == Load("host", (11, 14, 15), (7, 8, 9), ("aa.1", "bb.0", "bb.1"))


def test_copies_that_are_not_made_are_not_taken_for_others(tmp_path: Path) -> None:
    played: Any = VllmOffload(is_old=True)
    recording = vllm.record(played.scheduler, tmp_path / "trace.jsonl", strict=True)
    frames = [*range(1, 17)]
    played.allocate_slots("A", 256, 16, frames)
    for chunk in range(8):
        played.prepare_store([chunk], [f"{chunk:02}"])
    outputs = []
    for _ in range(8):
        played.prepare_store([], [])  # all of it is stored
        outputs.append(played.result)
    played.result = None
    outputs.clear()  # so that other objects may take their places in memory
    played.build_connector_meta([(frames[at : at + 2], at) for at in range(0, 16, 2)])
    recording.close()
    assert [*recording.stored["host"]] == [*range(16)]


def test_a_flushed_cache_is_free(tmp_path: Path) -> None:
    played: Any = Sglang()
    recording = sglang.record(played.scheduler, tmp_path / "trace.jsonl", strict=True)
    played.prepare_for_extend([("A", 1, 0, 20, [1, 2])])
    played.on_release("A", "FINISH_LENGTH")
    assert list(recording.cached) == [2, 1]
    played.tree.reset()
    recording.close()
    assert read(tmp_path / "trace.jsonl")[2].free_count == played.frames - 1


def test_what_the_prefix_cache_replaces_is_free(tmp_path: Path) -> None:
    """As SGLang does where a window's page is gone: it takes both pages of the request instead."""
    played: Any = Sglang()
    recording = sglang.record(played.scheduler, tmp_path / "trace.jsonl", strict=True)
    played.prepare_for_extend([("A", 1, 0, 20, [1, 2])])
    played.on_release("A", "FINISH_LENGTH")
    played.prepare_for_extend([("B", 1, 0, 20, [3, 4])])
    played.free_segment([1])
    played.checkpoint([], False, "B", 1, 0, 20, [3, 4])  # noqa: FBT003 (a line's value)
    assert [*recording.cached] == [2]
    recording.close()


def test_copies_of_a_state_are_left_to_the_prefix_cache(tmp_path: Path) -> None:
    """As SGLang does for Mamba layers without extra buffers."""
    played: Any = Sglang("sglang_mamba")
    recording = sglang.record(played.scheduler, tmp_path / "trace.jsonl", strict=True)
    first = played.frames - played.head["states"]
    played.alloc_states([3])
    req = ("A", 1, 0, 20, [1, 2], None, 0, 0, [3])
    played.prepare_for_extend([req])
    played.checkpoint([["alloc_states", [4]]], False, *req)  # noqa: FBT003 (a line's value)
    unused = [["alloc_states", [5]], ["free_states", [5]]]
    played.checkpoint(unused, False, *req)  # noqa: FBT003
    assert recording.table_of("A", "mamba") == [first + 3, None]
    assert [*recording.cached] == [first + 4]
    recording.close()
    read(tmp_path / "trace.jsonl")


def test_a_page_may_be_loaded_into_a_frame_that_was_just_freed(tmp_path: Path) -> None:
    played: Any = Sglang("sglang_host")
    recording = sglang.record(played.scheduler, tmp_path / "trace.jsonl", strict=True)
    played.prepare_for_extend([("A", 1, 0, 20, [1, 2])])
    played.write([1, 2], [7, 8])
    played.on_release("A", "FINISH_LENGTH")
    played.free_segment([1, 2])
    played.load([2], [8])
    played.prepare_for_extend([("B", 1, 0, 20, [3, 4])])
    assert [*recording.cached] == [2]
    recording.close()
    assert read(tmp_path / "trace.jsonl")[2].stored == {"host": {7: None, 8: None}}


def test_the_host_s_memory_is_emptied_with_the_prefix_cache(tmp_path: Path) -> None:
    played: Any = Sglang("sglang_host")
    recording = sglang.record(played.scheduler, tmp_path / "trace.jsonl", strict=True)
    played.prepare_for_extend([("A", 1, 0, 20, [1, 2])])
    played.write([1], [7])
    played.controller.write(None)  # there was no room
    played.controller.load(None)
    assert recording.stored == {"host": {7: ""}}
    played.host.clear()
    recording.close()
    assert read(tmp_path / "trace.jsonl")[2].stored == {"host": {}}


def test_a_request_that_is_refused_was_never_queued(tmp_path: Path) -> None:
    played: Any = Sglang()
    recording = sglang.record(played.scheduler, tmp_path / "trace.jsonl", strict=True)
    req = SimpleNamespace(rid="A", origin_input_ids=range(3))
    played.scheduler._release_aborted_request(req)  # while it is added
    played.scheduler._add_request_to_queue(req)
    recording.close()
    assert not read(tmp_path / "trace.jsonl")[1]


def test_what_was_lost_before_it_was_computed_is_told_and_its_use_is_found(tmp_path: Path) -> None:
    """vLLM 0.33.0 gives A two blocks, and takes them for B at the same step; A then finds one."""
    played, path = Vllm("vllm_priority"), tmp_path / "trace.jsonl"
    recording = vllm.record(played.scheduler, path, strict=True)
    assert list(played.play())
    recording.close()
    _, records, ledger = read(path)
    told = {each.event.task: each.event for each in records if isinstance(each.event, Preempt)}
    assert told["C"] == Preempt("C", (3,), ())
    assert told["A"] == Preempt("A", (), (7, 3, 5, 4, 2, 1), (3, 7))
    assert ledger.uncomputed == {3}
    with open_trace(path) as trace:
        checked = check_trace(trace)
    assert (checked.events, checked.uses, checked.disagreement) == (len(records), 1, None)
    (use,) = checked.faults
    assert use.record.event == Arrive("A", (7, 6), 104, (1, 2, 4, 5, 3))


def test_a_page_that_is_freed_while_a_request_names_it_is_found(tmp_path: Path) -> None:
    """mini-sglang 20fcd7f frees pages that another request has cached first: pull request 142."""
    played, path = MiniSglang("mini_sglang_fault"), tmp_path / "trace.jsonl"
    recording = mini_sglang.record(played.scheduler, path, strict=True)
    assert not list(played.play())
    recording.close()
    with open_trace(path) as trace:
        (fault,) = check_trace(trace).faults
    assert fault.record.event.verb == "expand"
    assert "is held by" in str(fault)
