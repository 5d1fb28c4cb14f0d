# SPDX-License-Identifier: Apache-2.0
# Copyright the pagereel authors. This file needs nothing but recorder.py and Python 3.9.
"""Record mini-sglang's scheduler.

    recording = record(scheduler, "trace.jsonl", engine="mini-sglang 20fcd7f")

A request gets pages in the cache manager's ``allocate_paged`` and gives them back in ``cache_req``.
Its page table is its row in ``page_table``; a frame is cached while the prefix cache has its page.
The prefix cache evicts by the time of the last use, so the order of eviction is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pagereel.recorder import Recording, TraceWriter, find

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable


def record(scheduler: Any, path: str | os.PathLike[str], **options: Any) -> Recording:
    """Record what a scheduler does from now on.

    Parameters
    ----------
    scheduler
        A ``minisgl.scheduler.scheduler.Scheduler`` that has not had a request yet.
    path
        The trace.
    options
        Of the `TraceWriter`.

    Raises
    ------
    ValueError
        If this is another object, or pages are in use already.
    OSError
        If the file cannot be made.
    """
    manager = find(scheduler, "cache_manager")
    for place in ("allocate_paged", "cache_req", "prefix_cache.insert_prefix", "page_table"):
        find(manager, place)
    if len(manager.free_slots) != manager.num_pages:
        raise ValueError("pages are in use already; record from before the first request")
    writer = TraceWriter(path, manager.num_pages, page_size=manager.page_size, **options)
    return _Scheduler(scheduler, writer)


class _Scheduler(Recording):
    """A scheduler that is being recorded; `step` counts the batches."""

    def __init__(self, scheduler: Any, writer: TraceWriter) -> None:
        self._kept: set[int] = set()
        super().__init__(writer, self._kept.__contains__, last_first=True)
        writer.step = 0
        manager = scheduler.cache_manager
        self._rows, self._page_size = manager.page_table, manager.page_size
        self._aborted: set[str] = set()
        self.listen(scheduler.prefill_manager, "add_one_req", self._added)
        self.listen(scheduler.prefill_manager, "abort_req", self._abort)
        self.listen(scheduler.decode_manager, "abort_req", self._abort)
        self.listen(manager, "allocate_paged", self._allocated, self.count_step)
        self.listen(manager, "cache_req", self._returned)
        self.listen(manager.prefix_cache, "insert_prefix", self._inserted)
        self.listen(manager.prefix_cache, "evict", self._evicted)

    def _added(self, _: None, message: Any) -> None:
        self.submit(str(message.uid), len(message.input_ids))

    def _abort(self, request: Any, uid: int) -> None:
        if request is not None:
            self._aborted.add(str(uid))
        elif str(uid) in self.queued:
            self.leave(str(uid), "abort")

    def _allocated(self, _: None, requests: Iterable[Any]) -> None:
        for request in requests:
            task, pages = str(request.uid), -(-request.device_len // self._page_size)
            if len(self.tables.get(task, ())) < pages:
                hits = request.cached_len // self._page_size
                self.table(task, self._row(request, pages), hits=hits, tokens=request.device_len)
        self.drop()  # a node of the prefix cache may have more pages than were needed

    def _returned(self, _: None, request: Any, *, finished: bool) -> None:
        task = str(request.uid)
        if not finished:
            self.table(task, self._row(request, len(self.tables[task])))  # it may name others now
            return
        self.leave(task, "abort" if task in self._aborted else "finish")
        self._aborted.discard(task)

    def _inserted(self, result: Any, _: Any, indices: Any) -> None:
        new = indices[result.cached_len : result.handle.cached_len]
        self._kept.update(self._frames(new))

    def _evicted(self, indices: Any, _: int) -> None:
        self._kept.difference_update(self._frames(indices))

    def _row(self, request: Any, pages: int) -> list[int]:
        return self._frames(self._rows[request.table_idx, : pages * self._page_size])

    def _frames(self, indices: Any) -> list[int]:
        return (indices[:: self._page_size] // self._page_size).tolist()  # type: ignore[no-any-return]
