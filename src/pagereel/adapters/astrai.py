# SPDX-License-Identifier: Apache-2.0
# Copyright the pagereel authors. This file needs nothing but recorder.py and Python 3.9.
"""Record AstrAI as it is at commit 75304d0, and engines of the same shape.

    recording = record(cache, "trace.jsonl", engine="AstrAI 75304d0")
    ...
    recording.close()

A manager has ``task_alloc(task_id, prompt_ids) -> bool``, ``task_extend(task_id, pos) -> bool`` and
``task_free(task_id)``. The allocator below it keeps a bitmask: ``alloc() -> int``, -1 if nothing is
left, ``inc_ref(frame)`` for hits of the prefix index, ``free(frame, ...)``, and the attributes
``_free_mask``, ``_refs`` (by frame) and ``_lru`` (the cached frames in eviction order).

The adapter does not guess what happened. It notes the calls of the allocator while one of the
manager's methods runs; no other thread may enter one meanwhile.
"""

# ruff: noqa: SLF001 (an engine's private attributes are what is recorded)
from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from pagereel.recorder import TraceWriter, wrap

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

_FULL_CHECKS = 64  # frames up to which checks name every frame


def record(
    manager: Any,
    path: str | os.PathLike[str],
    *,
    allocator: Any = None,
    step: Callable[[], int] | None = None,
    checks: bool = False,
    **options: Any,
) -> Recording:
    """Record what a manager does from now on.

    Parameters
    ----------
    manager
        Has `task_alloc`, `task_extend` and `task_free`, and has no task yet.
    path
        The trace.
    allocator
        The manager's, if not given.
    step
        Returns the engine's step number, where it has one.
    checks
        Write the allocator's own state beside the events, for ``pagereel trace check`` to compare:
        the mask, and in pools of up to 64 frames everything else.
    options
        Of the `TraceWriter`.

    Raises
    ------
    ValueError
        If a frame is in use already, or there is no allocator, as in AstrAI's contiguous mode.
    OSError
        If the file cannot be made.
    """
    allocator = _find(manager, ("_alloc", "_strategy._alloc", "_pool._alloc"), allocator)
    page_size = _find(manager, ("page_size", "_pool.page_size", "_strategy._page_size"))
    frames = len(allocator._refs)
    if any(allocator._refs) or allocator._lru:
        raise ValueError("frames are in use already; record from before the first task")
    writer = TraceWriter(path, frames, page_size=page_size, **options)
    recording = Recording(writer, allocator, page_size, step, checks=checks)
    recording.attach(manager)
    return recording


def _find(manager: Any, places: Sequence[str], found: Any = None) -> Any:
    """Return the first of these dotted attributes that exists."""
    for place in places:
        if found is not None:
            return found
        found = manager
        for name in place.split("."):
            found = getattr(found, name, None)
    if found is None:
        raise ValueError(f"the manager has none of {', '.join(places)}; is its cache paged?")
    return found


@dataclass
class _Calls:
    """The calls of the allocator during one call of the manager."""

    shared: list[int] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    evicted: list[int] = field(default_factory=list)
    returned: dict[int, None] = field(default_factory=dict)
    woken: bool = False  # a cached frame was taken over
    starved: bool = False  # no frame was left


class Recording:
    """A manager that is being recorded; made by `record`.

    Attributes
    ----------
    writer
        Writes the trace.
    """

    def __init__(
        self,
        writer: TraceWriter,
        allocator: Any,
        page_size: int,
        step: Callable[[], int] | None,
        *,
        checks: bool,
    ) -> None:
        self.writer = writer
        self._allocator = allocator
        self._page_size = page_size
        self._step = step
        self._checks = checks
        self._tables: dict[str, list[int]] = {}
        self._queued: set[str] = set()
        self._starved: set[str] = set()
        self._calls: _Calls | None = None
        self._lock = threading.RLock()
        self._undo: list[Callable[[], None]] = []

    def attach(self, manager: Any) -> None:
        """Wrap the methods of the manager and of its allocator."""
        for name in ("alloc", "inc_ref", "free", "clear_cached"):
            if hasattr(self._allocator, name):
                self._undo.append(wrap(self._allocator, name, getattr(self, f"_{name}")))
        for name, note in (
            ("task_alloc", self._record_alloc),
            ("task_extend", self._record_extend),
            ("task_free", self._record_free),
        ):
            self._undo.append(wrap(manager, name, partial(self._manage, note)))

    def close(self) -> None:
        """Restore the engine, and close the trace."""
        while self._undo:
            self._undo.pop()()
        self.writer.close()

    def _alloc(self, alloc: Callable[[], int]) -> int:
        mask = self._allocator._free_mask
        frame = alloc()
        calls = self._called()
        if frame < 0:
            calls.starved = True
            return frame
        calls.taken.append(frame)
        if not mask >> frame & 1:
            calls.evicted.append(frame)
        return frame

    def _inc_ref(self, inc_ref: Callable[[int], None], frame: int) -> None:
        calls = self._called()
        calls.woken |= frame in self._allocator._lru
        calls.shared.append(frame)
        inc_ref(frame)

    def _free(self, free: Callable[..., None], frame: int, *values: Any, **named: Any) -> None:
        free(frame, *values, **named)
        self._called().returned[frame] = None

    def _clear_cached(self, clear_cached: Callable[[], Any]) -> Any:
        with self._lock:
            dropped = list(self._allocator._lru)
            count = clear_cached()
            self.writer.drop(dropped, **self._state())
            return count

    def _called(self) -> _Calls:
        if self._calls is None:
            self.writer.stop("frames are handed out without the manager that is recorded")
            return _Calls()
        return self._calls

    def _manage(
        self,
        note: Callable[..., None],
        method: Callable[..., Any],
        task_id: str,
        *values: Any,
        **named: Any,
    ) -> Any:
        """Run a method of the manager, then record what happened to its task."""
        with self._lock:
            self._calls = calls = _Calls()
            try:
                done = method(task_id, *values, **named)
            except BaseException:
                if calls != _Calls():
                    self.writer.stop("the manager raised in the middle of a change")
                raise
            finally:
                self._calls = None
            try:
                if self._step:
                    self.writer.step = self._step()
                note(task_id, calls, done, *values, **named)
            except Exception as error:  # noqa: BLE001 (it must not reach the engine)
                self.writer.stop(repr(error))
            return done

    def _record_alloc(
        self, task: str, calls: _Calls, admitted: object, prompt_ids: Sequence[int]
    ) -> None:
        tokens = len(prompt_ids)
        if task not in self._queued:
            self._queued.add(task)
            self.writer.submit(task, tokens)
        if admitted:
            pages = len(calls.shared) + len(calls.taken)
            self._tables[task] = [*calls.shared, *calls.taken]
            self._arrive(task, calls, tokens if -(-tokens // self._page_size) == pages else None)
            self._queued.discard(task)
        elif calls.starved:  # else the engine had no room for another request
            if calls.evicted or calls.woken:  # frames taken and given back have lost their place
                self._arrive(task, calls, None)
                freed, cached = self._left(calls)
                self.writer.preempt(task, freed, cached)
            need = -(-tokens // self._page_size) - len(calls.shared)
            self.writer.defer(task, need, **self._state())

    def _arrive(self, task: str, calls: _Calls, tokens: int | None) -> None:
        if calls.evicted:
            self.writer.evict(calls.evicted)
        # In the middle of a change the allocator is already in the state after it.
        state = self._state() if task in self._tables else {}
        self.writer.arrive(task, calls.taken, tokens=tokens, shared=calls.shared, **state)

    def _record_extend(self, task: str, calls: _Calls, done: object, pos: int) -> None:
        if calls.starved and not done:
            self._starved.add(task)
        else:
            self._starved.discard(task)
        for frame in calls.taken:
            table = self._tables[task]
            page = len(table)
            table.append(frame)
            if frame in calls.evicted:
                self.writer.evict([frame])
            where = pos if pos // self._page_size == page else page * self._page_size
            state = self._state() if frame == calls.taken[-1] else {}
            self.writer.expand(task, where, [frame], **state)

    def _record_free(self, task: str, calls: _Calls, _done: object) -> None:
        held = self._tables.pop(task, None)
        starved = task in self._starved
        self._starved.discard(task)
        if held is not None:
            release = self.writer.abort if starved else self.writer.finish
            freed, cached = self._left(calls)
            release(task, freed, cached, **self._state())
        elif task in self._queued:
            self._queued.discard(task)
            self.writer.abort(task, (), **self._state())

    def _left(self, calls: _Calls) -> tuple[list[int], list[int]]:
        """Return, of the frames that no task holds any more, the free and the cached ones."""
        mask, refs = self._allocator._free_mask, self._allocator._refs
        left = [frame for frame in calls.returned if not refs[frame]]
        freed = [frame for frame in left if mask >> frame & 1]
        return freed, [frame for frame in left if not mask >> frame & 1]

    def _state(self) -> Any:
        if not self._checks:
            return {}
        allocator = self._allocator
        mask = {"mask": allocator._free_mask}
        if len(allocator._refs) > _FULL_CHECKS:
            return mask
        order = list(allocator._lru)
        return {**mask, "evictable": order, "refcounts": allocator._refs, "tables": self._tables}
