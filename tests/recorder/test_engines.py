"""What adapters record of calls that real engines made is what the engines' own objects held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from played import Astrai, MiniSglang, NanoVllm, Sglang, Vllm
from recorded import read

from pagereel.adapters import astrai, mini_sglang, nano_vllm, sglang, vllm
from pagereel.cache import Abort, Arrive, Defer, Evict, Expand, Finish, Preempt, Submit
from pagereel.trace import open_trace
from pagereel.trace.follow import check_trace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from played import Played

    from pagereel.recorder import Recording

ENGINES = [
    pytest.param(Vllm, vllm.record, {Defer, Preempt}, id="vllm"),
    pytest.param(Astrai, astrai.record, {Abort, Defer, Preempt}, id="astrai"),
    pytest.param(NanoVllm, nano_vllm.record, {Defer, Preempt}, id="nano-vllm"),
    pytest.param(MiniSglang, mini_sglang.record, set(), id="mini-sglang"),
    pytest.param(Sglang, sglang.record, {Preempt}, id="sglang"),
]


@pytest.mark.parametrize(("make", "record", "others"), ENGINES)
def test_tables_and_cached_frames_are_those_of_the_engine(
    tmp_path: Path, make: Callable[[], Played], record: Callable[..., Recording], others: set[type]
) -> None:
    played: Any = make()
    recording = record(played.scheduler, tmp_path / "trace.jsonl", strict=True)
    truths = 0
    for tables, cached in played.play():
        assert recording.tables == tables
        assert list(recording.cached) == cached
        truths += 1
    recording.close()
    header, records, ledger = read(tmp_path / "trace.jsonl")
    assert (header.frames, header.page_size) == (played.frames, played.page_size)
    assert truths or make in {MiniSglang, Sglang}
    kinds = {type(record.event) for record in records}
    assert kinds >= {Submit, Arrive, Expand, Evict, Finish, *others}
    found = [
        record for record in records if isinstance(record.event, Arrive) and record.event.shared
    ]
    assert found or make is MiniSglang  # its calls share nothing, since it fails where it does
    assert not ledger.tables
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
    elif make is Vllm:
        played.pool.blocks[1].block_hash = b"kept"
    elif make is Astrai:
        played.allocator._refs[1] = 1
    elif make is Sglang:
        played.allocator.available_size = lambda: 1
    else:
        played.manager.free_slots = [1]
    with pytest.raises(ValueError, match="are in use already"):
        record(played.scheduler, tmp_path / "trace.jsonl")
    assert not list(tmp_path.iterdir())


def test_what_sglang_has_besides_full_attention_is_refused(tmp_path: Path) -> None:
    played = Sglang()
    played.tree.supports_mamba = lambda: True
    with pytest.raises(ValueError, match="only full attention"):
        sglang.record(played.scheduler, tmp_path / "trace.jsonl")
    played = Sglang()
    played.tree.cache_controller = object()
    with pytest.raises(ValueError, match="switch HiCache off"):
        sglang.record(played.scheduler, tmp_path / "trace.jsonl")


def test_a_flushed_cache_is_free(tmp_path: Path) -> None:
    played: Any = Sglang()
    recording = sglang.record(played.scheduler, tmp_path / "trace.jsonl", strict=True)
    played.prepare_for_extend([("A", 1, 0, 20, [1, 2])])
    played.on_release("A", "FINISH_LENGTH")
    assert list(recording.cached) == [2, 1]
    played.tree.reset()
    recording.close()
    assert read(tmp_path / "trace.jsonl")[2].free_count == played.frames - 1


def test_a_page_that_is_freed_while_a_request_names_it_is_found(tmp_path: Path) -> None:
    """mini-sglang 20fcd7f frees pages that another request has cached first: pull request 142."""
    played, path = MiniSglang("mini_sglang_fault"), tmp_path / "trace.jsonl"
    recording = mini_sglang.record(played.scheduler, path, strict=True)
    assert not list(played.play())
    recording.close()
    with open_trace(path) as trace:
        finding = check_trace(trace).finding
    assert "expand" in finding[0]
    assert "is held by" in finding[2]
