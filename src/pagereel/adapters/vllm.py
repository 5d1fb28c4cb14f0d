# SPDX-License-Identifier: Apache-2.0
# Copyright the pagereel authors. This file needs nothing but recorder.py and Python 3.9.
"""Record vLLM's v1 scheduler.

    recording = record(scheduler, "trace.jsonl", engine=f"vLLM {vllm.__version__}")

The adapter reads the ``SchedulerOutput`` of each ``schedule()``: which requests got which blocks,
in the order of ``num_scheduled_tokens``, which is the order of the allocations. Requests are queued
by ``add_request``. ``kv_cache_manager.free`` returns a request's blocks; only there can the adapter
see which of them the prefix cache keeps: those whose ``block_hash`` stays. It needs
``finished_req_ids`` and ``preempted_req_ids`` only for requests that did not pass through there.

Within one step, it records the blocks given back before the blocks taken.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pagereel.recorder import TraceWriter, wrap

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Sequence

# In other kinds of layers a running request gives blocks back, or skips some.
_KINDS = ("FullAttentionSpec", "MLAAttentionSpec")


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
        If there is more than one KV cache group, attention that is not full, or a KV connector; or
        if the scheduler has requests, or its prefix cache content.
    OSError
        If the file cannot be made.
    """
    pool = scheduler.kv_cache_manager.block_pool
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
    return Recording(scheduler, writer)


def _check_kind(scheduler: Any) -> None:
    groups = scheduler.kv_cache_config.kv_cache_groups
    if len(groups) != 1:
        raise ValueError(f"there are {len(groups)} KV cache groups; only one can be recorded")
    kind = type(groups[0].kv_cache_spec).__name__
    if kind not in _KINDS:
        raise ValueError(f"{kind} cannot be recorded, only {' and '.join(_KINDS)}")
    if getattr(scheduler, "connector", None) is not None:
        raise ValueError("blocks that a KV connector fills look like hits; record without one")


class Recording:
    """A scheduler that is being recorded; made by `record`.

    Attributes
    ----------
    writer
        Writes the trace. Its `step` counts the calls of ``schedule()``.
    """

    def __init__(self, scheduler: Any, writer: TraceWriter) -> None:
        self.writer = writer
        writer.step = 0
        manager = scheduler.kv_cache_manager
        self._pool = manager.block_pool
        self._page_size = int(scheduler.block_size)
        self._tables: dict[str, list[int]] = {}
        self._refs: Counter[int] = Counter()
        self._cached: dict[int, None] = {}
        self._queued: set[str] = set()
        self._undo = [
            wrap(scheduler, "add_request", self._add_request),
            wrap(scheduler, "schedule", self._schedule),
            wrap(manager, "free", self._free),
            wrap(self._pool, "reset_prefix_cache", self._reset_prefix_cache),
        ]

    def close(self) -> None:
        """Restore the engine, and close the trace."""
        while self._undo:
            self._undo.pop()()
        self.writer.close()

    def _add_request(
        self, add: Callable[..., Any], request: Any, *values: Any, **named: Any
    ) -> Any:
        self._safely(self._submit, request)
        return add(request, *values, **named)

    def _schedule(self, schedule: Callable[..., Any], *values: Any, **named: Any) -> Any:
        self.writer.step = (self.writer.step or 0) + 1
        output = schedule(*values, **named)
        self._safely(self._read, output)
        return output

    def _free(self, free: Callable[..., Any], request: Any, *values: Any, **named: Any) -> Any:
        result = free(request, *values, **named)
        self._safely(self._leave, request)
        return result

    def _reset_prefix_cache(self, reset: Callable[..., Any], *values: Any, **named: Any) -> Any:
        done = reset(*values, **named)
        if done:
            self._safely(self.writer.drop, tuple(self._cached))
            self._cached.clear()
        return done

    def _safely(self, note: Callable[[Any], None], about: Any) -> None:
        try:
            note(about)
        except Exception as error:  # noqa: BLE001 (it must not reach the engine)
            self.writer.stop(repr(error))

    def _submit(self, request: Any) -> None:
        task = request.request_id
        if task not in self._tables and task not in self._queued:
            self._queued.add(task)
            self.writer.submit(task, request.num_prompt_tokens)

    def _leave(self, request: Any) -> None:
        """Record that a request has given its blocks back; its status says why."""
        task, status = request.request_id, request.status.name
        finished = status.startswith("FINISHED")
        aborted = status in {"FINISHED_ABORTED", "FINISHED_ERROR"}
        if task in self._tables:
            self._release("abort" if aborted else "finish" if finished else "preempt", task)
        elif task in self._queued and finished:
            self._queued.discard(task)
            self.writer.abort(task, ())

    def _read(self, output: Any) -> None:
        for kind, tasks in (
            ("finish", output.finished_req_ids),
            ("preempt", output.preempted_req_ids),
        ):
            for task in [task for task in self._tables if task in (tasks or ())]:
                self._release(kind, task)
        new = {request.req_id: request for request in output.scheduled_new_reqs}
        cached = output.scheduled_cached_reqs
        rows = {task: row for row, task in enumerate(cached.req_ids)}
        for task, tokens in output.num_scheduled_tokens.items():
            if task in new:
                computed = new[task].num_computed_tokens
                self._arrive(task, _only(new[task].block_ids), computed, tokens)
                continue
            row = rows[task]
            blocks = _only(cached.new_block_ids[row])
            if task in cached.resumed_req_ids:
                self._arrive(task, blocks, cached.num_computed_tokens[row], tokens)
            else:
                self._expand(task, blocks)

    def _arrive(self, task: str, blocks: Sequence[int], computed: int, scheduled: int) -> None:
        """Record a request's whole table; its first `computed` tokens hit the prefix cache."""
        hits, tokens = computed // self._page_size, computed + scheduled
        shared, frames = blocks[:hits], blocks[hits:]
        self._take(frames)
        # There may be more blocks: speculative decoding looks ahead.
        fit = -(-tokens // self._page_size) == len(blocks)
        self.writer.arrive(task, frames, tokens=tokens if fit else None, shared=shared)
        for frame in shared:
            self._cached.pop(frame, None)
        self._refs.update(blocks)
        self._tables[task] = list(blocks)
        self._queued.discard(task)

    def _expand(self, task: str, blocks: Iterable[int]) -> None:
        table = self._tables[task]
        for frame in blocks:
            self._take([frame])
            self.writer.expand(task, len(table) * self._page_size, [frame])
            self._refs[frame] += 1
            table.append(frame)

    def _take(self, frames: Iterable[int]) -> None:
        evicted = [frame for frame in frames if frame in self._cached]
        if evicted:
            self.writer.evict(evicted)
            for frame in evicted:
                del self._cached[frame]

    def _release(self, kind: str, task: str) -> None:
        """Record that a table is gone; its last block is the first to be evicted."""
        left = []
        for frame in reversed(self._tables.pop(task)):
            self._refs[frame] -= 1
            if not self._refs[frame]:
                del self._refs[frame]
                left.append(frame)
        cached = [frame for frame in left if self._pool.blocks[frame].block_hash is not None]
        self._cached.update(dict.fromkeys(cached))
        freed = [frame for frame in left if frame not in self._cached]
        getattr(self.writer, kind)(task, freed, cached)
        if kind == "preempt":
            self._queued.add(task)


def _only(groups: Sequence[Sequence[int]] | None) -> Sequence[int]:
    """Return the blocks of the only group; None means that there are no new ones."""
    if groups is None:
        return ()
    (blocks,) = groups
    if 0 in blocks:
        raise ValueError("a request has the null block in its table")
    return blocks
