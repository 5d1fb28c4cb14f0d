# SPDX-License-Identifier: Apache-2.0
# Copyright the pagereel authors. This file needs nothing but recorder.py and Python 3.9.
"""Record AstrAI, and engines of the same shape.

    recording = record(scheduler, "trace.jsonl", engine="AstrAI 75304d0")
    ...
    recording.close()

A manager of page tables has ``task_alloc(task_id, prompt_ids) -> bool``, ``task_extend(task_id,
pos) -> bool`` and ``task_free(task_id)``, or the same as ``alloc_slots``, ``extend_slots`` and
``free_slots``. The allocator below it keeps a bitmask: ``alloc() ->
int``, -1 if nothing is left, ``inc_ref(frame)`` for hits of the prefix index, and the attributes
``_free_mask``, ``_refs`` (by frame) and ``_lru`` (the cached frames in eviction order).

The adapter notes the calls of the allocator while one of the manager's methods runs; other threads
wait meanwhile.
"""

# ruff: noqa: SLF001 (an engine's private attributes are what is recorded)
from __future__ import annotations

import functools
import threading
from typing import TYPE_CHECKING, Any

from pagereel.recorder import Recording, TraceWriter, find, wrap

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

_MANAGERS = ("_task_cache", "_kv_manager", "_cache")
_METHODS = (
    ("task_alloc", "alloc_slots"),
    ("task_extend", "extend_slots"),
    ("task_free", "free_slots"),
)
_FULL_CHECKS = 64  # frames up to which checks name every frame


def record(
    engine_part: Any,
    path: str | os.PathLike[str],
    *,
    step: Callable[[], int] | None = None,
    checks: bool = False,
    **options: Any,
) -> Recording:
    """Record what a manager does from now on.

    Parameters
    ----------
    engine_part
        The manager that has these methods, or a scheduler that has `remove_task` and such a manager
        as `_task_cache`, `_kv_manager` or `_cache`. It has no task yet. Only the scheduler says
        which tasks leave the queue.
    path
        The trace.
    step
        Returns the engine's step number, where it has one. If it fails, events have no step.
    checks
        Write the allocator's own state beside the events, for ``pagereel trace check`` to compare:
        the mask, and in pools of up to 64 frames everything else.
    options
        Of the `TraceWriter`.

    Raises
    ------
    ValueError
        If this is another object, if a frame is in use already, or if there is no allocator, as in
        AstrAI's contiguous mode. Nothing has changed then.
    OSError
        If the file cannot be made.
    """
    is_scheduler = hasattr(engine_part, "remove_task")
    manager = find(engine_part, *_MANAGERS) if is_scheduler else engine_part
    for names in _METHODS:
        find(manager, *names)
    allocator = find(manager, "_alloc", "_strategy._alloc", "_pool._alloc")
    page_size = find(manager, "page_size", "_pool.page_size", "_strategy._page_size")
    if any(allocator._refs) or allocator._lru:
        raise ValueError("frames are in use already; record from before the first task")
    writer = TraceWriter(path, len(allocator._refs), page_size=page_size, **options)
    state = functools.partial(_held, manager, allocator) if checks else None
    recording = _Manager(manager, allocator, writer, step=step, state=state)
    if is_scheduler:
        recording.undo_with(wrap(engine_part, "remove_task", recording.remove))
        if hasattr(engine_part, "run_batch"):
            recording.undo_with(wrap(engine_part, "run_batch", recording.run_batch))
    return recording


def _held(manager: Any, allocator: Any) -> Any:
    """Return the allocator's own state, and in small pools the manager's page tables, too."""
    checks = {"mask": allocator._free_mask}
    if len(allocator._refs) > _FULL_CHECKS:
        return checks
    tables = {task: state.pages for task, state in manager._states.items()}
    return {**checks, "refcounts": allocator._refs, "evictable": allocator._lru, "tables": tables}


class _Manager(Recording):
    """A manager that is being recorded."""

    def __init__(self, manager: Any, allocator: Any, writer: TraceWriter, **options: Any) -> None:
        super().__init__(writer, allocator._lru.__contains__, **options)
        self._lock = threading.RLock()
        # What the allocator has handed out since the last call of the manager; -1 if it had none.
        self._shared: list[int] = []
        self._taken: list[int] = []
        self._given_up: set[str] = set()
        self.listen(allocator, "inc_ref", lambda _, frame: self._shared.append(frame))
        self.listen(allocator, "alloc", self._taken.append)
        notes: tuple[Callable[..., None], ...] = (self._allocated, self._extended, self._freed)
        for names, note in zip(_METHODS, notes):  # noqa: B905 (Python 3.9)
            name = next(name for name in names if getattr(manager, name, None))
            self._follow(manager, name, note)
        if hasattr(allocator, "clear_cached"):
            self._follow(allocator, "clear_cached", lambda *_: self.drop())

    def remove(self, method: Callable[..., Any], task_id: str, *values: Any, **named: Any) -> Any:
        """Record that a task is given up; a manager hears of it only if the task has a table."""
        self._given_up.add(task_id)
        done = method(task_id, *values, **named)
        self._given_up.discard(task_id)
        with self._lock:
            self.safely(self.leave, task_id, "abort")
        return done

    def run_batch(self, method: Callable[..., Any], *values: Any, **named: Any) -> Any:
        """Record that tasks of a batch that were not admitted are given up with it."""
        waiting = {*self.queued}
        try:
            return method(*values, **named)
        finally:
            with self._lock:
                for task in sorted(self.queued - waiting):
                    self.safely(self.leave, task, "abort")

    def _follow(self, owner: Any, name: str, note: Callable[..., None]) -> None:
        """Let a method run alone, and note what it has done before another one runs."""

        def alone(method: Callable[..., Any], *values: Any, **named: Any) -> Any:
            with self._lock:
                return method(*values, **named)

        self.listen(owner, name, note, self._begin)
        self.undo_with(wrap(owner, name, alone))

    def _begin(self) -> None:
        if self._shared or self._taken:
            self.writer.stop("frames were handed out without the manager, or as it failed")

    def _got(self) -> tuple[list[int], list[int], bool]:
        """Return the frames of the prefix index, the new ones, and whether there were too few."""
        shared, taken = [*self._shared], [frame for frame in self._taken if frame >= 0]
        failed = len(taken) < len(self._taken)
        self._shared.clear()
        self._taken.clear()
        return shared, taken, failed

    def _allocated(self, admitted: object, task_id: str, prompt_ids: Sequence[int]) -> None:
        shared, taken, failed = self._got()
        table, hits, tokens = [*shared, *taken], len(shared), len(prompt_ids)
        pages = -(-tokens // (self.writer.page_size or 1))
        self.submit(task_id, tokens)
        if admitted:
            fit = tokens if pages == len(table) else None
            self.table(task_id, table, hits=hits, tokens=fit)
        elif failed:  # else the engine had no room for another request
            self.defer(task_id, pages - hits, tried=table, hits=hits)

    def _extended(self, done: object, task_id: str, pos: int) -> None:  # noqa: ARG002 (its name)
        _, taken, failed = self._got()
        (self._given_up.add if failed and not done else self._given_up.discard)(task_id)
        if taken:
            self.grow(task_id, taken)

    def _freed(self, _: object, task_id: str) -> None:
        self.leave(task_id, "abort" if task_id in self._given_up else "finish")
        self._given_up.discard(task_id)
