# SPDX-License-Identifier: Apache-2.0
# Copyright the pagereel authors. This file needs nothing but recorder.py and Python 3.9.
"""Record vLLM's v1 scheduler.

    recording = record(scheduler, "trace.jsonl", engine=f"vLLM {vllm.__version__}")

Requests are queued by ``add_request``, get blocks in ``kv_cache_manager.allocate_slots`` and give
them back in ``kv_cache_manager.free``; a request's status says why. The events are in the order of
these calls, so that blocks got and lost within one step are seen, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pagereel.recorder import Recording, TraceWriter, find

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

_FULL = ("FullAttentionSpec", "MLAAttentionSpec")
# In these a running request gives blocks back, or skips some.
_PARTIAL = ("SlidingWindowSpec", "ChunkedLocalAttentionSpec", "MambaSpec")


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
        If there is more than one KV cache group, a kind of layer that is not known, or a KV
        connector; or if the scheduler has requests, or its prefix cache content.
    OSError
        If the file cannot be made.
    """
    pool = find(scheduler, "kv_cache_manager.block_pool")
    find(scheduler, "kv_cache_manager.coordinator.single_type_managers")
    _check_kind(scheduler)
    if scheduler.requests or any(block.block_hash is not None for block in pool.blocks):
        raise ValueError("blocks are in use already; record from before the first request")
    writer = TraceWriter(
        path,
        pool.num_gpu_blocks,
        page_size=scheduler.block_size,
        reserved=[pool.null_block.block_id],
        **options,
    )
    return _Scheduler(scheduler, writer)


def _check_kind(scheduler: Any) -> None:
    groups = scheduler.kv_cache_config.kv_cache_groups
    if len(groups) != 1:
        raise ValueError(f"there are {len(groups)} KV cache groups; only one can be recorded")
    kind = type(groups[0].kv_cache_spec).__name__
    if kind not in {*_FULL, *_PARTIAL}:
        raise ValueError(f"{kind} cannot be recorded, only {', '.join((*_FULL, *_PARTIAL))}")
    if getattr(scheduler, "connector", None) is not None:
        raise ValueError("blocks that a KV connector fills look like hits; record without one")


class _Scheduler(Recording):
    """A scheduler that is being recorded; `step` counts the calls of ``schedule()``."""

    def __init__(self, scheduler: Any, writer: TraceWriter) -> None:
        manager = scheduler.kv_cache_manager
        blocks = manager.block_pool.blocks
        super().__init__(
            writer, lambda frame: blocks[frame].block_hash is not None, last_first=True
        )
        writer.step = 0
        self._null = manager.block_pool.null_block
        self._page_size = int(scheduler.block_size)
        self._blocks = manager.coordinator.single_type_managers[0].req_to_blocks
        self.listen(scheduler, "schedule", self._scheduled, self.count_step)
        self.listen(scheduler, "add_request", self._added)
        # What it returns to most requests at most steps, so the only hook that an engine may feel.
        nothing = getattr(manager, "empty_kv_cache_blocks", self)
        self.listen(manager, "allocate_slots", self._allocated, nothing=nothing)
        self.listen(manager, "free", self._freed)
        self._gave_back = False
        if type(scheduler.kv_cache_config.kv_cache_groups[0].kv_cache_spec).__name__ in _PARTIAL:
            self.listen(manager.block_pool, "free_blocks", self._given_back)
            self.listen(manager.coordinator, "remove_skipped_blocks", self._skipped)
        if hasattr(manager, "can_fit_full_sequence"):  # asked first in some versions
            self.listen(manager, "can_fit_full_sequence", self._tried)
        self.listen(manager.block_pool, "reset_prefix_cache", self._reset)

    def _scheduled(self, *_: Any, **__: Any) -> None:
        """Its allocations are recorded one by one."""

    def _added(self, _: Any, request: Any, *__: Any, **___: Any) -> None:
        self.submit(request.request_id, request.num_prompt_tokens)

    def _allocated(self, new: Any, request: Any, num_new_tokens: int, *_: Any, **__: Any) -> None:
        task = request.request_id
        table = self.tables.get(task)
        if new is None:
            self.defer(task)
        elif table is None:
            frames = self._frames(self._blocks[task])
            hits = len(frames) - len(new.blocks[0])
            tokens = hits * self._page_size + num_new_tokens
            # There may be more blocks: speculative decoding looks ahead.
            fit = -(-tokens // self._page_size) == len(frames)
            self.table(task, frames, hits=hits, tokens=tokens if fit else None)
        else:
            blocks, fresh = self._blocks[task], new.blocks[0]
            if fresh and len(blocks) == len(table) + len(fresh) and blocks[-1] is fresh[-1]:
                self.grow(task, self._frames(fresh))
            else:
                self.table(task, self._frames(blocks))

    def _given_back(self, *_: Any, **__: Any) -> None:
        self._gave_back = True

    def _skipped(self, _: None, task: str, *__: Any, **___: Any) -> None:
        if self._gave_back and task in self.tables:
            self.table(task, self._frames(self._blocks[task]))
        self._gave_back = False

    def _tried(self, fits: bool, request: Any, *_: Any, **__: Any) -> None:  # noqa: FBT001 (a result)
        if not fits:
            self.defer(request.request_id)

    def _freed(self, _: Any, request: Any, *__: Any, **___: Any) -> None:
        status = request.status.name
        finished = "finish" if status.startswith("FINISHED") else "preempt"
        aborted = status in {"FINISHED_ABORTED", "FINISHED_ERROR"}
        self.leave(request.request_id, "abort" if aborted else finished)

    def _reset(self, done: bool, *_: Any, **__: Any) -> None:  # noqa: FBT001 (a result)
        if done:
            self.drop()

    def _frames(self, blocks: Iterable[Any]) -> list[int | None]:
        """Return the blocks' numbers, None for the null block."""
        null = self._null
        return [None if block is null else block.block_id for block in blocks]
