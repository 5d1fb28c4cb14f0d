"""Plays what real engines called, on objects that have what the adapters look at.

`tests/recorder/calls/*.jsonl` name the engine and its pool, then one call a line, in the order in
which the calls returned: the method, and the values that could be seen then. Lines with `truth`
say what the engine's own objects held: the page tables, the cached frames, and, where there are
some, what is in the slots of the host's memory.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from vllm_like import FullAttentionSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CALLS = Path(__file__).parents[1] / "recorder" / "calls"


class Played:
    """An engine whose methods do nothing but return what is put before them."""

    def __init__(self, name: str) -> None:
        self._lines = (CALLS / f"{name}.jsonl").read_text().splitlines()
        self.head = head = json.loads(self._lines[0])
        self.engine, self.frames, self.page_size = head["engine"], head["frames"], head["page_size"]
        self.result: Any = None
        self.during: Callable[[], None] = lambda: None

    def play(self) -> Iterator[list[Any]]:
        """Make the calls, and yield the truths among them."""
        for line in self._lines[1:]:
            name, *values = json.loads(line)
            if name == "truth":
                yield values
            else:
                getattr(self, name)(*values)

    def methods(self, *names: str, **values: Any) -> Any:
        """Return an object with such methods, and these attributes."""

        def method(*_: Any, **__: Any) -> Any:
            self.during()
            return self.result

        return SimpleNamespace(**dict.fromkeys(names, method), **values)


class Astrai(Played):
    """The scheduler of AstrAI, the manager of its page tables, and its allocator."""

    def __init__(self) -> None:
        super().__init__("astrai")
        self.lru: dict[int, None] = {}
        self._taken = -1
        self.allocator = SimpleNamespace(
            alloc=self._alloc, inc_ref=self._uncache, _refs=[0] * self.frames, _lru=self.lru
        )
        self.manager = self.methods(
            *("task_alloc", "task_extend", "task_free"),
            page_size=self.page_size,
            _alloc=self.allocator,
        )
        self.scheduler = self.methods("remove_task", _task_cache=self.manager)

    def task_alloc(
        self,
        task: str,
        tokens: int,
        done: bool,  # noqa: FBT001 (a line's value)
        frames: list[Any],
        kept: list[int],
    ) -> None:
        self._change(done, frames, kept)
        self.manager.task_alloc(task, range(tokens))

    def task_extend(self, task: str, pos: int, done: bool, frames: list[Any]) -> None:  # noqa: FBT001
        self._change(done, frames)
        self.manager.task_extend(task, pos)

    def task_free(self, task: str, kept: list[int]) -> None:
        self._change(kept=kept)
        self.manager.task_free(task)

    def remove_task(self, task: str, held: bool, kept: list[int]) -> None:  # noqa: FBT001
        self.during = lambda: self.task_free(task, kept) if held else None
        self.scheduler.remove_task(task)

    def _change(self, done: object = None, frames: Any = (), kept: Any = ()) -> None:
        """Let a method return `done`, take frames, hits in lists, and keep some."""

        def during() -> None:
            for frame in frames:
                if isinstance(frame, list):
                    self.allocator.inc_ref(*frame)
                else:
                    self._taken = frame
                    self.allocator.alloc()
            self.lru.update(dict.fromkeys(kept))

        self.result, self.during = done, during

    def _alloc(self) -> int:
        self._uncache(self._taken)
        return self._taken

    def _uncache(self, frame: int) -> None:
        self.lru.pop(frame, None)


class NanoVllm(Played):
    """The scheduler of nano-vllm, and its block manager."""

    def __init__(self) -> None:
        super().__init__("nano_vllm")
        self.blocks = [SimpleNamespace(hash=-1, ref_count=0) for _ in range(self.frames)]
        self.manager = self.methods(
            *("allocate", "may_append", "deallocate", "can_allocate"),
            blocks=self.blocks,
            block_size=self.page_size,
        )
        self.scheduler = self.methods("add", "schedule", block_manager=self.manager)

    def schedule(self) -> None:
        self.scheduler.schedule()

    def add(self, seq: int, tokens: int) -> None:
        self.scheduler.add(_Seq(seq, tokens))

    def can_allocate(self, seq: int, found: int) -> None:
        self.result = found
        self.manager.can_allocate(_Seq(seq))

    def allocate(self, seq: int, table: list[int], found: int, tokens: int) -> None:
        for frame in table[found // self.page_size :]:
            self.blocks[frame].hash = -1
        self.manager.allocate(_Seq(seq, tokens, table, found), found // self.page_size)

    def may_append(self, seq: int, table: list[int]) -> None:
        self.manager.may_append(_Seq(seq, 0, table))

    def deallocate(self, seq: int, status: str, hashed: list[int]) -> None:
        for frame in hashed:
            self.blocks[frame].hash = 1
        self.manager.deallocate(_Seq(seq, status=status))


class _Seq:
    def __init__(
        self,
        seq_id: int,
        tokens: int = 0,
        table: list[int] | None = None,
        found: int = 0,
        status: str = "",
    ) -> None:
        self.seq_id, self._tokens, self.block_table = seq_id, tokens, table or []
        self.num_cached_tokens, self.status = found, SimpleNamespace(name=status)

    def __len__(self) -> int:
        return self._tokens


class Vllm(Played):
    """The v1 scheduler of vLLM, its KV cache manager and its block pool."""

    def __init__(self, name: str = "vllm") -> None:
        super().__init__(name)
        blocks = [SimpleNamespace(block_id=i, block_hash=None) for i in range(self.frames)]
        self.pool = self.methods(
            "reset_prefix_cache", blocks=blocks, null_block=blocks[0], num_gpu_blocks=self.frames
        )
        self.held: dict[str, list[Any]] = {}
        group = SimpleNamespace(req_to_blocks=self.held, block_size=self.page_size)
        self.manager = self.methods(
            *("allocate_slots", "free"),
            block_pool=self.pool,
            coordinator=SimpleNamespace(single_type_managers=[group]),
        )
        spec = SimpleNamespace(kv_cache_spec=FullAttentionSpec())
        self.scheduler = self.methods(
            *("schedule", "add_request"),
            requests={},
            block_size=self.page_size,
            kv_cache_manager=self.manager,
            kv_cache_config=SimpleNamespace(kv_cache_groups=[spec]),
        )

    def schedule(self) -> None:
        self.scheduler.schedule()

    def add_request(self, request: str, tokens: int) -> None:
        self.scheduler.add_request(
            SimpleNamespace(request_id=request, num_prompt_tokens=tokens), None
        )

    def allocate_slots(
        self, request: str, count: int, new: int | None, table: list[int], found: int = 0
    ) -> None:
        blocks = [self.pool.blocks[frame] for frame in table]
        for block in blocks[len(blocks) - (new or 0) :]:
            block.block_hash = None
        self.held[request] = blocks
        self.result = (
            None if new is None else SimpleNamespace(blocks=(blocks[-new:] if new else [],))
        )
        hits = SimpleNamespace(blocks=(blocks[:found],))
        self.manager.allocate_slots(SimpleNamespace(request_id=request), count, 0, hits)

    def free(
        self, request: str, status: str, hashed: list[int], computed: int = sys.maxsize
    ) -> None:
        for frame in hashed:
            self.pool.blocks[frame].block_hash = b"kept"
        self.held.pop(request, None)
        values = {"request_id": request, "num_computed_tokens": computed}
        self.manager.free(SimpleNamespace(**values, status=SimpleNamespace(name=status)))


class VllmOffload(Vllm):
    """vLLM with an ``OffloadingConnector``, in the shape of its newest version or of older ones."""

    def __init__(self, *, is_old: bool = False) -> None:
        super().__init__("vllm_offload")
        self._is_old = is_old
        self._loads: dict[int, Any] = {}
        self._stores: list[Any] = []
        methods, chunk = ("prepare_load", "prepare_store", "reset_cache"), self.head["chunk"]
        chunks = self.head["slots"] // chunk
        if is_old:
            self.host = self.methods(*methods, backend=SimpleNamespace(num_blocks=chunks))
            values = {"block_size_factor": chunk, "_reqs_to_load": self._loads}
            manager = SimpleNamespace(_backing=self.host)
        else:
            self.host = manager = self.methods(*methods, _num_chunks=chunks)
            config = SimpleNamespace(blocks_per_chunk=chunk)
            values = {"config": config, "_current_batch_load_jobs": self._loads}
        self.scheduler.connector = self.methods(
            *("update_state_after_alloc", "build_connector_meta"),
            connector_scheduler=SimpleNamespace(manager=manager, **values),
        )

    def prepare_load(self, chunks: list[int], keys: list[str]) -> None:
        self.result = _ids(chunks)
        self.host.prepare_load(map(bytes.fromhex, keys), None)
        self._loads[len(self._loads)] = self.result

    def update_state_after_alloc(self, frames: list[int], first: int) -> None:
        at = len(self._loads) - 1
        self._loads[at] = self._job(self._loads[at], self._blocks(frames, first))
        self.scheduler.connector.update_state_after_alloc(None, None, 0)

    def prepare_store(self, chunks: list[int] | None, keys: list[str]) -> None:
        self.result = None
        if chunks is not None:
            name = "block_hashes_to_store" if self._is_old else "keys_to_store"
            hashes = {name: [*map(bytes.fromhex, keys)]}
            self.result = SimpleNamespace(store_spec=_ids(chunks), **hashes)
        self.host.prepare_store([], None)
        if chunks:
            self._stores.append(self.result.store_spec)

    def build_connector_meta(self, sources: list[tuple[list[int], int]]) -> None:
        jobs = [
            self._job(self._blocks(frames, first), chunks)
            for (frames, first), chunks in zip(sources, self._stores, strict=True)
        ]
        name = "reqs_to_store" if self._is_old else "store_jobs"
        self.result = SimpleNamespace(**{name: dict(enumerate(jobs))})
        self.scheduler.connector.build_connector_meta(None)
        self._stores.clear()
        self._loads.clear()

    def reset_cache(self) -> None:
        self.host.reset_cache()

    def _blocks(self, frames: list[int], first: int) -> Any:
        if self._is_old:
            return _ids(frames)
        return _ids(frames, group_sizes=[len(frames)], block_indices=[first])

    def _job(self, source: Any, target: Any) -> Any:
        if self._is_old:
            return source, target
        return SimpleNamespace(src_spec=source, dst_spec=target)


def _ids(ids: list[int], **values: Any) -> Any:
    return SimpleNamespace(block_ids=np.array(ids), **values)


class MiniSglang(Played):
    """The scheduler of mini-sglang, its cache manager and its prefix cache."""

    def __init__(self, name: str = "mini_sglang") -> None:
        super().__init__(name)
        self.prefix_cache = self.methods("insert_prefix", "evict")
        self.manager = self.methods(
            *("allocate_paged", "cache_req"),
            prefix_cache=self.prefix_cache,
            page_table=np.zeros((32, 64 * self.page_size), dtype=np.int32),
            page_size=self.page_size,
            num_pages=self.frames,
            free_slots=range(self.frames),
        )
        self.scheduler = SimpleNamespace(
            cache_manager=self.manager,
            prefill_manager=self.methods("add_one_req", "abort_req"),
            decode_manager=self.methods("abort_req"),
        )

    def add_one_req(self, uid: int, tokens: int) -> None:
        message = SimpleNamespace(uid=uid, input_ids=range(tokens))
        self.scheduler.prefill_manager.add_one_req(message)

    def abort_req(self, where: str, uid: int, found: bool) -> None:  # noqa: FBT001 (a line's value)
        self.result = object() if found else None
        getattr(self.scheduler, f"{where}_manager").abort_req(uid)

    def allocate_paged(self, requests: list[tuple[int, int, int, int, list[int]]]) -> None:
        for _, row, _, _, table in requests:
            self._name(row, table)
        self.manager.allocate_paged(
            [
                SimpleNamespace(uid=uid, table_idx=row, cached_len=found, device_len=tokens)
                for uid, row, found, tokens, _ in requests
            ]
        )

    def cache_req(self, uid: int, row: int, finished: bool, table: list[int]) -> None:  # noqa: FBT001 (a line's value)
        self._name(row, table)
        self.manager.cache_req(SimpleNamespace(uid=uid, table_idx=row), finished=finished)

    def insert_prefix(self, found: int, inserted: int, table: list[int]) -> None:
        self.result = SimpleNamespace(cached_len=found, handle=SimpleNamespace(cached_len=inserted))
        self.prefix_cache.insert_prefix(None, self._slots(table))

    def evict(self, frames: list[int]) -> None:
        self.result = self._slots(frames)
        self.prefix_cache.evict(len(frames) * self.page_size)

    def _name(self, row: int, table: list[int]) -> None:
        self.manager.page_table[row, : len(table) * self.page_size] = self._slots(table)

    def _slots(self, frames: list[int]) -> Any:
        firsts = np.array(frames, dtype=np.int32) * self.page_size
        return (firsts[:, None] + np.arange(self.page_size, dtype=np.int32)).ravel()


class Sglang(Played):
    """The scheduler of SGLang, its prefix cache, its allocators and the rows of its requests."""

    def __init__(self, name: str = "sglang") -> None:
        super().__init__(name)
        windows, states = self.head.get("windows"), self.head.get("states")
        self.rows = np.zeros((32, 64 * self.page_size), dtype=np.int32)
        self.window_of = np.zeros(self.frames, dtype=np.int64)
        self.pool = self._pool(self.frames)
        self.allocator = self.pool
        if windows:
            self.allocator = self.methods(
                *("free_swa", "free_swa_segment"),
                page_size=self.page_size,
                full_attn_allocator=self.pool,
                swa_attn_allocator=self._pool(windows),
                swa_req_ring=False,
                translate_loc_from_full_to_swa=lambda slots: (
                    self.window_of[slots // self.page_size] * self.page_size
                ),
            )
            self.frames += windows
        pools: dict[str, Any] = {"req_to_token": self.rows, "mamba_ckpt_pool": None}
        if states:
            self.states = self.methods("alloc", "free", free_slots=(), size=states - 1)
            pools["mamba_allocator"] = self.states
            self.frames += states
        self.row_pool = self.methods("set_mamba_ping_pong_slot", **pools)
        self.tree = self.methods(
            *("checkpoint", "on_release", "release_swa_prefix_lock", "reset"),
            token_to_kv_pool_allocator=self.allocator,
            req_to_token_pool=self.row_pool,
            sliding_window_size=self.head.get("window"),
            supports_auxiliary_swa=lambda: False,
            supports_swa=lambda: bool(windows),
            supports_mamba=lambda: bool(states),
        )

        if "slots" in self.head:
            self.host = self.methods("free", "clear", size=self.head["slots"] * self.page_size)
            pool = SimpleNamespace(anchor_entry=SimpleNamespace(host_pool=self.host))
            self.controller = self.methods(
                *("write", "load"), mem_pool_host=pool, enable_storage=False
            )
            self.tree.cache_controller, self.tree.host_memory_mode = self.controller, "cache"

        class Batch:
            tree_cache = self.tree

            def __init__(self, reqs: list[Any]) -> None:
                self.reqs = reqs

            def prepare_for_extend(self) -> None:
                """Prepare nothing."""

            def prepare_for_decode(self) -> None:
                """Prepare nothing."""

        self.batch = Batch
        self.scheduler = self.methods(
            *("_add_request_to_queue", "_release_aborted_request"),
            tree_cache=self.tree,
            running_batch=Batch([]),
        )

    def _pool(self, frames: int) -> Any:
        size = (frames - 1) * self.page_size  # page 0 is for padding
        return self.methods(
            *("free", "free_segment", "free_page_ids"),
            size=size,
            page_size=self.page_size,
            available_size=lambda: size,
        )

    def _add_request_to_queue(self, rid: str, tokens: int) -> None:
        req = SimpleNamespace(rid=rid, origin_input_ids=range(tokens))
        self.scheduler._add_request_to_queue(req)

    def _release_aborted_request(self, rid: str) -> None:
        self.scheduler._release_aborted_request(SimpleNamespace(rid=rid))

    def prepare_for_extend(self, reqs: list[Any]) -> None:
        self.batch([self._named(*req) for req in reqs]).prepare_for_extend()

    def prepare_for_decode(self, reqs: list[Any]) -> None:
        self.batch([self._named(*req) for req in reqs]).prepare_for_decode()

    def free(self, frames: list[int]) -> None:
        self.pool.free(np.array(frames) * self.page_size)

    def free_segment(self, frames: list[int]) -> None:
        self.pool.free_segment(np.array(frames) * self.page_size, start_pos=0)

    def write(self, frames: list[int], slots: list[int]) -> None:
        self.result = self._tokens(slots)
        self.controller.write(self._tokens(frames), node_id=1)
        self.result = None

    def load(self, frames: list[int], slots: list[int]) -> None:
        self.result = self._tokens(frames)
        self.controller.load(self._tokens(slots), node_id=1)
        self.result = None

    def free_host(self, slots: list[int]) -> None:
        self.host.free(self._tokens(slots))

    def _tokens(self, pages: list[int]) -> Any:
        """Return where the tokens of pages are."""
        return (np.array(pages)[:, None] * self.page_size + np.arange(self.page_size)).ravel()

    def free_page_ids(self, frames: list[int]) -> None:
        self.pool.free_page_ids(np.array(frames))

    def free_swa(self, frames: list[int]) -> None:
        self.allocator.free_swa(np.array(frames) * self.page_size)

    def free_swa_segment(self, frames: list[int]) -> None:
        self.allocator.free_swa_segment(np.array(frames) * self.page_size, start_pos=0)

    def release_swa_prefix_lock(self, rid: str, kept: int, is_released: bool) -> None:  # noqa: FBT001 (a line's value)
        lock = SimpleNamespace(swa_released=is_released)
        kv = SimpleNamespace(cache_protected_len=kept)
        self.tree.release_swa_prefix_lock(SimpleNamespace(rid=rid, kv=kv, lock=lock))

    def alloc_states(self, slots: list[int]) -> None:
        self.result = np.array(slots)
        self.states.alloc(len(slots))
        self.result = None

    def free_states(self, slots: list[int]) -> None:
        self.states.free(np.array(slots))

    def set_mamba_ping_pong_slot(self, rid: str, states: list[int]) -> None:
        self.row_pool.set_mamba_ping_pong_slot(
            SimpleNamespace(rid=rid, kv=self._with_states(states)), 0, None
        )

    def checkpoint(self, nested: list[Any], is_finished: bool, *req: Any) -> None:  # noqa: FBT001 (a line's value)
        """Checkpoint a request; `nested` are calls that are made meanwhile."""
        named = self._named(*req)
        named.finished = lambda: is_finished
        self.during = lambda: self._make(nested)
        self.tree.checkpoint(named, up_to=0)
        self.during = lambda: None

    def _make(self, calls: list[Any]) -> None:
        self.during = lambda: None
        for name, *values in calls:
            getattr(self, name)(*values)

    def on_release(self, rid: str, reason: str) -> None:
        reasons = {"NoneType": None, "FINISH_ABORT": FINISH_ABORT()}
        finished = reasons.get(reason, object())
        req = SimpleNamespace(rid=rid, finished_reason=finished, finished=lambda: bool(finished))
        self.tree.on_release(req, checkpointed=True)

    def _named(  # noqa: PLR0917 (a line's values)
        self,
        rid: str,
        row: int,
        found: int,
        tokens: int,
        table: list[int],
        windows: list[int] | None = None,
        kept: int = 0,
        passed: int = 0,
        states: list[int] | None = None,
    ) -> Any:
        """Return a request whose row has these pages, each with its page of the window, or 0.

        The prefix cache has the first `kept` tokens; the window has `passed` some behind these.
        `states` begins with the one that the request computes with.
        """
        end = len(table) * self.page_size
        self.rows[row, : end : self.page_size] = np.array(table) * self.page_size
        self.window_of[table] = windows or 0
        kv = self._with_states(states or [])
        vars(kv).update(
            req_pool_idx=row,
            kv_allocated_len=tokens,
            cache_protected_len=kept,
            max_evicted_seqlen=passed,
        )
        return SimpleNamespace(rid=rid, kv=kv, prefix_len=found)

    def _with_states(self, states: list[int]) -> Any:
        return SimpleNamespace(
            mamba_pool_idx=states[0] if states else None,
            mamba_ping_pong_track_buffer=np.array(states[1:]) if states[1:] else None,
        )


class FINISH_ABORT:  # noqa: N801 (SGLang's name)
    """Why a request has ended that was aborted."""
