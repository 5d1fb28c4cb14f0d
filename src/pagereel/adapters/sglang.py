# SPDX-License-Identifier: Apache-2.0
# Copyright the pagereel authors. This file needs nothing but recorder.py and Python 3.9.
"""Record SGLang's scheduler, as of version 0.5.23.

    recording = record(scheduler, "trace.jsonl", engine=f"SGLang {sglang.__version__}")

A request gets pages when a batch is prepared, and gives them back when the prefix cache releases
it; its page table is its row of ``req_to_token``. Its pages may become those that the prefix cache
has already. A page that no request has is cached until the allocator is given it. The prefix cache
evicts by its own policy, so the order of eviction is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pagereel.recorder import Recording, TraceWriter, find

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence


def record(scheduler: Any, path: str | os.PathLike[str], **options: Any) -> Recording:
    """Record what a scheduler does from now on.

    Parameters
    ----------
    scheduler
        An ``sglang.srt.managers.scheduler.Scheduler`` that has not had a request yet.
    path
        The trace.
    options
        Of the `TraceWriter`.

    Raises
    ------
    ValueError
        If this is another object or an older version; if there are sliding windows, Mamba layers or
        pages in the host's memory; or if pages are in use already.
    OSError
        If the file cannot be made.
    """
    tree = find(scheduler, "tree_cache")
    allocator = find(tree, "token_to_kv_pool_allocator")
    for place in ("checkpoint", "on_release", "reset", "req_to_token_pool.req_to_token"):
        find(tree, place)
    find(scheduler, "running_batch.prepare_for_extend")
    if tree.supports_swa() or tree.supports_mamba():
        raise ValueError("sliding windows and Mamba layers cannot be recorded, only full attention")
    if getattr(tree, "cache_controller", None) is not None:
        raise ValueError("pages in the host's memory cannot be recorded; switch HiCache off")
    if allocator.available_size() != allocator.size:
        raise ValueError("pages are in use already; record from before the first request")
    pages = allocator.size // allocator.page_size
    options = {"reserved": [0], "page_size": allocator.page_size, **options}
    return _Scheduler(scheduler, TraceWriter(path, pages + 1, **options))


class _Scheduler(Recording):
    """A scheduler that is being recorded; `step` counts the batches."""

    def __init__(self, scheduler: Any, writer: TraceWriter) -> None:
        tree = scheduler.tree_cache
        allocator = tree.token_to_kv_pool_allocator
        self._free = set(range(1, allocator.size // allocator.page_size + 1))
        super().__init__(writer, lambda frame: frame not in self._free, last_first=True)
        writer.step = 0
        self._tree, self._page_size = tree, int(allocator.page_size)
        self._rows = tree.req_to_token_pool.req_to_token
        batch = type(scheduler.running_batch)
        for name in ("prepare_for_extend", "prepare_for_decode"):
            self.listen(batch, name, self._prepared)
        for name in ("free", "free_segment", "free_page_ids"):
            if hasattr(allocator, name):
                self.listen(allocator, name, self._page_ids if "ids" in name else self._freed)
        if hasattr(scheduler, "_add_request_to_queue"):
            self.listen(scheduler, "_add_request_to_queue", self._added)
        self.listen(tree, "checkpoint", self._checkpointed)
        self.listen(tree, "on_release", self._released)
        self.listen(tree, "reset", self._reset)

    def _added(self, _: Any, req: Any, *__: Any, **___: Any) -> None:
        self.submit(str(req.rid), len(req.origin_input_ids))

    def _prepared(self, _: Any, batch: Any) -> None:
        """Record the new pages of a batch, which are read from the GPU at once."""
        if batch.tree_cache is not self._tree:
            return
        self.count_step()
        grown = []
        rows: list[int] = []
        columns: list[int] = []
        for req in batch.reqs:
            have = len(self.tables.get(str(req.rid), ()))
            need = -(-req.kv.kv_allocated_len // self._page_size)
            if need > have:
                grown.append((req, need - have))
                rows += [req.kv.req_pool_idx] * (need - have)
                columns += range(have * self._page_size, need * self._page_size, self._page_size)
        new = self._frames(self._rows[rows, columns]) if grown else []
        for req, count in grown:
            self._grow(req, new[:count])
            del new[:count]
        self.drop()  # what was evicted and not taken

    def _grow(self, req: Any, new: Sequence[int]) -> None:
        task = str(req.rid)
        table = self.tables.get(task)
        hits = req.prefix_len // self._page_size if table is None else 0
        tokens = req.kv.kv_allocated_len
        self.table(task, [*(table or ()), *new], hits=hits, tokens=tokens)
        self._free.difference_update(new)

    def _checkpointed(self, _: Any, req: Any, **__: Any) -> None:
        task = str(req.rid)
        if task in self.tables and req.kv.req_pool_idx is not None:
            end = len(self.tables[task]) * self._page_size
            row = self._rows[req.kv.req_pool_idx, 0 : end : self._page_size]
            self.table(task, self._frames(row))

    def _released(self, _: Any, req: Any, **__: Any) -> None:
        reason = type(req.finished_reason).__name__
        aborted = "abort" if reason == "FINISH_ABORT" else "finish"
        self.leave(str(req.rid), aborted if req.finished() else "preempt")

    def _freed(self, _: Any, slots: Any, **__: Any) -> None:
        self._free.update(self._frames(slots))

    def _page_ids(self, _: Any, pages: Any) -> None:
        self._free.update(pages.tolist())

    def _reset(self, _: Any) -> None:
        self._free.update(self.cached)
        self.drop()

    def _frames(self, slots: Any) -> list[int]:
        return (slots // self._page_size).tolist()  # type: ignore[no-any-return]
