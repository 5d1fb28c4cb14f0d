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
    recording = _Manager(writer, allocator, step, checks=checks)
    recording.attach(manager)
    if is_scheduler:
        recording.undo_with(wrap(engine_part, "remove_task", recording.remove))
    return recording


class _Manager(Recording):
    """A manager that is being recorded."""

    def __init__(
        self,
        writer: TraceWriter,
        allocator: Any,
        step: Callable[[], int] | None,
        *,
        checks: bool,
    ) -> None:
        super().__init__(writer, allocator._lru.__contains__, step=step)
        self._allocator = allocator
        self._checks = checks
        self._lock = threading.RLock()
        self._taken: list[int] = []
        self._shared: list[int] = []
        self._failed = self._busy = False
        self._given_up: set[str] = set()
        self.listen(allocator, "alloc", self._alloc)
        self.listen(allocator, "inc_ref", lambda _, frame: self._shared.append(frame))
        if hasattr(allocator, "clear_cached"):
            self.undo_with(wrap(allocator, "clear_cached", self._noting(self._cleared)))

    def attach(self, manager: Any) -> None:
        """Record what the manager does from now on."""
        notes: tuple[Callable[..., None], ...] = (self._allocated, self._extended, self._freed)
        for names, note in zip(_METHODS, notes):  # noqa: B905 (Python 3.9)
            name = next(name for name in names if getattr(manager, name, None))
            self.undo_with(wrap(manager, name, self._noting(note)))

    def remove(self, method: Callable[..., Any], task_id: str, *values: Any, **named: Any) -> Any:
        """Record that a task is given up; a manager hears of it only if the task has a table."""
        self._given_up.add(task_id)
        done = method(task_id, *values, **named)
        self._given_up.discard(task_id)
        with self._lock:
            self.safely(lambda: self.leave(task_id, "abort", **self._state()))
        return done

    def _noting(self, note: Callable[..., None]) -> Callable[..., Any]:
        """Run a method of the manager, then record what it has done."""

        def run(method: Callable[..., Any], *values: Any, **named: Any) -> Any:
            with self._lock:
                self._taken, self._shared, self._failed, self._busy = [], [], False, True
                try:
                    done = method(*values, **named)
                except BaseException:
                    if self._taken or self._shared:
                        self.writer.stop("the manager raised in the middle of a change")
                    raise
                finally:
                    self._busy = False
                self.safely(lambda: note(done, *values, **named))
                return done

        return run

    def _alloc(self, frame: int) -> None:
        if not self._busy:
            self.writer.stop("frames are handed out without the manager that is recorded")
        if frame < 0:
            self._failed = True
        else:
            self._taken.append(frame)

    def _allocated(self, admitted: object, task_id: str, prompt_ids: Sequence[int]) -> None:
        tokens, hits = len(prompt_ids), len(self._shared)
        pages = -(-tokens // (self.writer.page_size or 1))
        table: list[int | None] = [*self._shared, *self._taken]
        self.submit(task_id, tokens)
        if admitted:
            fit = tokens if pages == len(table) else None
            self.table(task_id, table, hits=hits, tokens=fit, **self._state({task_id: table}))
        elif self._failed:  # else the engine had no room for another request
            if not self.cached.keys().isdisjoint(
                table
            ):  # frames taken and given back have lost content or place
                self.table(task_id, table, hits=hits)
                self.leave(task_id, "preempt")
            self.defer(task_id, pages - hits, **self._state())

    def _extended(self, done: object, task_id: str, pos: int) -> None:  # noqa: ARG002 (its name)
        (self._given_up.add if self._failed and not done else self._given_up.discard)(task_id)
        if self._taken:
            table: list[int | None] = [*self.tables[task_id], *self._taken]
            self.table(task_id, table, **self._state({task_id: table}))

    def _freed(self, _: object, task_id: str) -> None:
        kind = "abort" if task_id in self._given_up else "finish"
        self._given_up.discard(task_id)
        left = {task: table for task, table in self.tables.items() if task != task_id}
        self.leave(task_id, kind, **self._state(left, whole=True))

    def _cleared(self, *_: object) -> None:
        self.drop(**self._state())

    def _state(
        self, changed: dict[str, list[int | None]] | None = None, *, whole: bool = False
    ) -> Any:
        """Return the allocator's own state, with the tables that are about to be recorded."""
        if not self._checks:
            return {}
        allocator = self._allocator
        mask = {"mask": allocator._free_mask}
        if len(allocator._refs) > _FULL_CHECKS:
            return mask
        tables = changed if whole and changed is not None else {**self.tables, **(changed or {})}
        order = list(allocator._lru)
        return {**mask, "evictable": order, "refcounts": allocator._refs, "tables": tables}
