# SPDX-License-Identifier: Apache-2.0
# Copyright the pagereel authors. This file needs nothing but recorder.py and Python 3.9.
"""Record vLLM's v1 scheduler.

    recording = record(scheduler, "trace.jsonl", engine=f"vLLM {vllm.__version__}")

Requests are queued by ``add_request``, get blocks in ``kv_cache_manager.allocate_slots`` and give
them back in ``kv_cache_manager.free``; a request's status says why. The events are in the order of
these calls, so that blocks got and lost within one step are seen, too. A hybrid model has a group
of page tables for each of its KV cache groups. The host's memory, where the ``OffloadingConnector``
copies blocks to, is a tier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pagereel.recorder import Recording, TraceWriter, find, wrap

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

# Names of groups of page tables, by the kind of their layers.
_KINDS = {
    "FullAttentionSpec": "full",
    "MLAAttentionSpec": "mla",
    "CrossAttentionSpec": "cross",
    "SlidingWindowSpec": "window",
    "SlidingWindowMLASpec": "window",
    "ChunkedLocalAttentionSpec": "chunk",
    "MambaSpec": "mamba",
}
_HOST = "host"  # the tier
_LEAVING = {"window", "chunk", "mamba"}  # in these a running request gives blocks back


def record(scheduler: Any, path: str | os.PathLike[str], **options: Any) -> Recording:
    """Record what a scheduler does from now on.

    Parameters
    ----------
    scheduler
        A ``vllm.v1.core.sched.scheduler.Scheduler`` that has not had a request yet.
    path
        The trace.
    options
        Of the `TraceWriter`.

    Raises
    ------
    ValueError
        If a kind of layer is not known, or in host memory; or if the scheduler has requests, or
        its prefix cache content.
    OSError
        If the file cannot be made.
    """
    pool = find(scheduler, "kv_cache_manager.block_pool")
    managers = find(scheduler, "kv_cache_manager.coordinator.single_type_managers")
    kinds = _kinds(scheduler)
    if scheduler.requests or any(block.block_hash is not None for block in pool.blocks):
        raise ValueError("blocks are in use already; record from before the first request")
    sizes = [int(manager.block_size) for manager in managers]
    if len(kinds) == 1:
        options["page_size"] = sizes[0]
    else:
        options["groups"] = dict(zip(_names(kinds), sizes))  # noqa: B905 (Python 3.9)
    host = _host(scheduler)
    if host is not None:
        options["tiers"] = {_HOST: host.slots}
    writer = TraceWriter(path, pool.num_gpu_blocks, reserved=[pool.null_block.block_id], **options)
    return _Scheduler(scheduler, writer, kinds, host)


class _Host:
    """The host's memory, to which an ``OffloadingConnector`` copies chunks of blocks."""

    def __init__(self, connector: Any) -> None:
        self._scheduler = find(connector, "connector_scheduler")
        manager = find(self._scheduler, "manager")
        self.manager = getattr(manager, "_backing", manager)  # behind one that filters
        self._blocks = int(find(self._scheduler, "config.blocks_per_chunk", "block_size_factor"))
        chunks = find(self.manager, "_num_chunks", "_num_blocks", "backend.num_blocks")
        self.slots = int(chunks) * self._blocks
        # What transfers to come copy from or to, by identity, and the keys of these chunks.
        self.prepared: dict[int, tuple[Any, list[bytes]]] = {}

    def found(self, prepare: Callable[..., Any], keys: Iterable[bytes], *values: Any) -> Any:
        """Note which chunks are about to be loaded; some versions name them by an iterator."""
        keys = [*keys]
        chunks = prepare(keys, *values)
        self.prepared[id(chunks)] = chunks, keys
        return chunks

    def chosen(self, output: Any, *_: Any) -> None:
        """Note which chunks are about to be filled."""
        if output is not None:
            keys = find(output, "keys_to_store", "block_hashes_to_store")
            self.prepared[id(output.store_spec)] = output.store_spec, keys

    def pages(self, job: Any = None) -> list[tuple[int, int, str]]:
        """Return slot, frame and key of each page of a transfer, by default of the last load.

        Each group of frames begins with a chunk; its first frame may be in the middle of that.
        """
        if job is None:
            jobs = find(self._scheduler, "_current_batch_load_jobs", "_reqs_to_load")
            job = [*jobs.values()][-1]
        source, target = job if isinstance(job, tuple) else (job.src_spec, job.dst_spec)
        chunks, blocks = (source, target) if id(source) in self.prepared else (target, source)
        frames, each = blocks.block_ids.tolist(), self._blocks
        slots = [
            (chunk * each + at, f"{key.hex()}.{at}" if each > 1 else key.hex())
            for chunk, key in zip(chunks.block_ids.tolist(), self.prepared[id(chunks)][1])  # noqa: B905
            for at in range(each)
        ]
        sizes = getattr(blocks, "group_sizes", None) or [len(frames)]
        firsts = getattr(blocks, "block_indices", None) or [-len(frames)]
        used, end = [], 0
        for size, first in zip(sizes, firsts):  # noqa: B905
            begin = end + (first % each if size else 0)
            used += slots[begin : begin + size]
            end = -(-(begin + size) // each) * each
        return [(slot, frame, key) for (slot, key), frame in zip(used, frames)]  # noqa: B905


def _host(scheduler: Any) -> _Host | None:
    """Return the host's memory, or None where nothing is copied to it, or by another connector."""
    try:
        host = _Host(getattr(scheduler, "connector", None))
    except ValueError:
        return None
    return host if host.slots else None


def _kinds(scheduler: Any) -> list[str]:
    """Return the kind of each KV cache group."""
    kinds = []
    for group in scheduler.kv_cache_config.kv_cache_groups:
        spec = group.kv_cache_spec
        # Layers of one kind that differ in size have a specification each.
        alike = [*getattr(spec, "kv_cache_specs", {}).values()]
        name = type(alike[0] if alike else spec).__name__
        if getattr(group, "host_resident", False):  # HiSparse
            raise ValueError(f"{name} in host memory cannot be recorded")
        if name not in _KINDS:
            raise ValueError(f"{name} cannot be recorded, only {', '.join(_KINDS)}")
        kinds.append(_KINDS[name])
    return kinds


def _names(kinds: list[str]) -> list[str]:
    """Return names of the groups: ``full``, ``window``, ``window-2`` and so on."""
    counts = [kinds[: at + 1].count(kind) for at, kind in enumerate(kinds)]
    return [f"{kind}-{n}" if n > 1 else kind for kind, n in zip(kinds, counts)]  # noqa: B905


class _Scheduler(Recording):
    """A scheduler that is being recorded; `step` counts the calls of ``schedule()``."""

    def __init__(
        self, scheduler: Any, writer: TraceWriter, kinds: list[str], host: _Host | None
    ) -> None:
        manager = scheduler.kv_cache_manager
        pool, coordinator = manager.block_pool, manager.coordinator
        blocks = pool.blocks
        super().__init__(
            writer, lambda frame: blocks[frame].block_hash is not None, last_first=True
        )
        writer.step = 0
        self._null = pool.null_block
        managers = coordinator.single_type_managers
        tables = [each.req_to_blocks for each in managers]
        sizes = [int(each.block_size) for each in managers]
        names: list[str | None] = [*writer.groups] or [None]
        self._groups = [*zip(names, kinds, sizes, tables)]  # noqa: B905 (Python 3.9)
        self._of = f" {names[0]}" if names[0] else ""  # behind a task in what its table is called
        # Whether there are blocks that are filled from outside.
        self._connected = getattr(scheduler, "connector", None) is not None
        # What `allocate_slots` returns to most requests at most steps. With a connector, one that
        # arrives may have got blocks all the same.
        self._empty = getattr(manager, "empty_kv_cache_blocks", self)
        self.listen(scheduler, "schedule", before=self.count_step)
        self.listen(scheduler, "add_request", self._added)
        nothing = self if self._connected else self._empty
        self.listen(manager, "allocate_slots", self._allocated, nothing=nothing)
        self.listen(pool, "reset_prefix_cache", self._reset)
        for owner, name, after in (
            (manager, "can_fit_full_sequence", self._tried),  # asked first in some versions
            (manager, "free", self._freed),
            (manager, "pop_blocks_for_free", self._freed),  # freed when no step writes to them
            (pool, "evict_blocks", self._evicted),
        ):
            if hasattr(owner, name):
                self.listen(owner, name, after)
        self._gave_back = False
        if not _LEAVING.isdisjoint(kinds):
            self.listen(pool, "free_blocks", self._given_back)
            self.listen(coordinator, "remove_skipped_blocks", self._skipped)
        if host is not None:
            self._host = host
            self.undo_with(wrap(host.manager, "prepare_load", host.found))
            self.listen(host.manager, "prepare_store", host.chosen)
            self.listen(scheduler.connector, "update_state_after_alloc", self._loading)
            self.listen(scheduler.connector, "build_connector_meta", self._copied)
            if hasattr(host.manager, "reset_cache"):
                self.listen(host.manager, "reset_cache", self._emptied)

    def _added(self, _: Any, request: Any, *__: Any, **___: Any) -> None:
        self.submit(request.request_id, request.num_prompt_tokens)

    def _allocated(
        self,
        new: Any,
        request: Any,
        num_new_tokens: int,
        _: int = 0,
        new_computed_blocks: Any = None,
        *__: Any,
        **___: Any,
    ) -> None:
        task = request.request_id
        if new is None:
            self.defer(task)
            return
        if new is self._empty and f"{task}{self._of}" in self.tables:
            return
        for at, (group, kind, page_size, tables) in enumerate(self._groups):
            blocks, fresh = tables.get(task, ()), new.blocks[at]
            table = self.table_of(task, group)
            if table is None:
                frames, hits, tokens = self._frames(blocks), len(blocks) - len(fresh), None
                if kind == "mamba":  # a copy of a state, kept for reuse, was in no table before
                    hits = self.known(frames[:hits])
                filled = hits * page_size + num_new_tokens
                if self._connected:
                    found = new_computed_blocks.blocks[at] if new_computed_blocks else ()
                    hits = min(hits, len(found))
                elif kind != "cross" and -(-filled // page_size) == len(blocks):
                    tokens = filled  # else blocks are taken ahead, or hold what the encoder made
                self.table(task, frames, hits=hits, tokens=tokens, group=group)
            elif fresh and kind != "mamba" and len(blocks) == len(table) + len(fresh):
                self.grow(task, self._frames(fresh), group)
            elif fresh or len(blocks) != len(table):  # a state may have moved to another page
                self.table(task, self._frames(blocks), group=group)

    def _given_back(self, *_: Any, **__: Any) -> None:
        self._gave_back = True

    def _skipped(self, _: None, task: str, *__: Any, **___: Any) -> None:
        if self._gave_back:
            for group, kind, _size, tables in self._groups:
                if kind in _LEAVING and self.table_of(task, group) is not None:
                    self.table(task, self._frames(tables[task]), group=group)
        self._gave_back = False

    def _loading(self, *_: Any) -> None:
        """Record what a request loads, before others may share these blocks."""
        if self._host.prepared:
            self.load(_HOST, self._host.pages())
            self._host.prepared.clear()

    def _copied(self, meta: Any, *_: Any) -> None:
        for job in find(meta, "store_jobs", "reqs_to_store").values():
            self.offload(_HOST, self._host.pages(job))
        self._host.prepared.clear()

    def _emptied(self, *_: Any) -> None:
        self.discard(_HOST)

    def _tried(self, fits: bool, request: Any, *_: Any, **__: Any) -> None:  # noqa: FBT001 (a result)
        if not fits:
            self.defer(request.request_id)

    def _freed(self, _: Any, request: Any, *__: Any, **___: Any) -> None:
        status = request.status.name
        if not status.startswith("FINISHED"):
            # Blocks get their hashes with their places, before a step computes what is in them.
            self.leave(request.request_id, "preempt", computed=request.num_computed_tokens)
        else:
            aborted = status in {"FINISHED_ABORTED", "FINISHED_ERROR"}
            self.leave(request.request_id, "abort" if aborted else "finish")

    def _evicted(self, *_: Any) -> None:
        self.drop()

    def _reset(self, done: bool, *_: Any, **__: Any) -> None:  # noqa: FBT001 (a result)
        if done:
            self.drop()

    def _frames(self, blocks: Iterable[Any]) -> list[int | None]:
        """Return the blocks' numbers, None for the null block."""
        null = self._null
        return [None if block is null else block.block_id for block in blocks]
