# SPDX-License-Identifier: Apache-2.0
# Copyright the pagereel authors. This file needs nothing but recorder.py and Python 3.9.
"""Record SGLang's scheduler, as of version 0.5.23.

    recording = record(scheduler, "trace.jsonl", engine=f"SGLang {sglang.__version__}")

A request gets pages when a batch is prepared, and gives them back when the prefix cache releases
it; its page table is its row of ``req_to_token``. Its pages may become those that the prefix cache
has already. A page that no request has is cached until the allocator is given it. The prefix cache
evicts by its own policy, so the order of eviction is not known.

Layers with a sliding window have a pool of their own, whose pages follow those of the other one in
the trace. A page of a row has one in each pool, until the window has passed it.
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
        An ``sglang.srt.managers.scheduler.Scheduler`` that has not had a request yet.
    path
        The trace.
    options
        Of the `TraceWriter`.

    Raises
    ------
    ValueError
        If this is another object or an older version; if there are Mamba layers, pages in the
        host's memory, or a pool that is not made of pages; or if pages are in use already.
    OSError
        If the file cannot be made.
    """
    tree = find(scheduler, "tree_cache")
    allocator = find(tree, "token_to_kv_pool_allocator")
    for place in ("checkpoint", "on_release", "reset", "req_to_token_pool.req_to_token"):
        find(tree, place)
    find(scheduler, "running_batch.prepare_for_extend")
    if tree.supports_mamba():
        raise ValueError("Mamba layers cannot be recorded, only attention")
    if getattr(tree, "cache_controller", None) is not None:
        raise ValueError("pages in the host's memory cannot be recorded; switch HiCache off")
    pools = [allocator]
    if tree.supports_swa():
        pools = [find(allocator, f"{group}_attn_allocator") for group in ("full", "swa")]
        is_shared = pools[0] is pools[1] or hasattr(pools[1], "bind")
        if is_shared or allocator.swa_req_ring or tree.supports_auxiliary_swa():
            raise ValueError("windows are recorded only if they have one pool of pages, all theirs")
    if any(pool.available_size() != pool.size for pool in pools):
        raise ValueError("pages are in use already; record from before the first request")
    page_size = int(allocator.page_size)
    counts = [pool.size // page_size + 1 for pool in pools]
    options = {"reserved": [0, counts[0]][: len(pools)], "page_size": page_size, **options}
    if len(pools) > 1:
        options["groups"] = {"full": page_size, "window": page_size}
    return _Scheduler(scheduler, TraceWriter(path, sum(counts), **options), counts)


class _Scheduler(Recording):
    """A scheduler that is being recorded; `step` counts the batches.

    Parameters
    ----------
    counts
        How many frames there are for full attention, and for windows, if there are some.
    """

    def __init__(self, scheduler: Any, writer: TraceWriter, counts: list[int]) -> None:
        tree = scheduler.tree_cache
        allocator = tree.token_to_kv_pool_allocator
        self._free = set(range(sum(counts)))
        super().__init__(writer, lambda frame: frame not in self._free, last_first=True)
        writer.step = 0
        self._tree, self._page_size = tree, int(allocator.page_size)
        self._rows = tree.req_to_token_pool.req_to_token
        self._groups: list[str | None] = [*writer.groups] or [None]
        self._first = counts[0]  # of the frames of windows
        self._windows: dict[int, int | None] = {}  # frame -> the same page's in the other group
        self._given_back: dict[int, None] = {}  # since the last event of it
        self._refused: Any = None
        batch = type(scheduler.running_batch)
        for name in ("prepare_for_extend", "prepare_for_decode"):
            self.listen(batch, name, self._prepared)
        pool = allocator
        if writer.groups:
            pool = allocator.full_attn_allocator
            for name in ("free_swa", "free_swa_segment"):
                self.listen(allocator, name, self._window_freed)
            self.listen(tree, "release_swa_prefix_lock", self._unlocked)
        for name in ("free", "free_segment", "free_page_ids"):
            if hasattr(pool, name):
                self.listen(pool, name, self._page_ids if "ids" in name else self._freed)
        if hasattr(scheduler, "_add_request_to_queue"):
            self.listen(scheduler, "_add_request_to_queue", self._added)
            self.listen(scheduler, "_release_aborted_request", self._aborted)
        self.listen(tree, "checkpoint", self._checkpointed)
        self.listen(tree, "on_release", self._released)
        self.listen(tree, "reset", self._reset)

    def _added(self, _: Any, req: Any, *__: Any, **___: Any) -> None:
        if req is not self._refused:
            self.submit(str(req.rid), len(req.origin_input_ids))

    def _aborted(self, _: Any, req: Any) -> None:
        """Record that a request leaves the queue, if it was in it."""
        self._refused = req
        if str(req.rid) in self.queued:
            self.leave(str(req.rid), "abort")

    def _prepared(self, _: Any, batch: Any) -> None:
        """Record the new pages of a batch, which are read from the GPU at once."""
        if batch.tree_cache is not self._tree:
            return
        self.count_step()
        grown = []
        rows: list[int] = []
        columns: list[int] = []
        for req in batch.reqs:
            if self.writer.groups:
                self._slide(req)
            have = len(self.table_of(str(req.rid), self._groups[0]) or ())
            need = -(-req.kv.kv_allocated_len // self._page_size)
            if need > have:
                grown.append((req, have, need - have))
                rows += [req.kv.req_pool_idx] * (need - have)
                columns += range(have * self._page_size, need * self._page_size, self._page_size)
        new = self._read(self._rows[rows, columns]) if grown else {}
        for req, have, count in grown:
            for group, frames in new.items():
                self._grow(req, group, frames[:count], is_new=not have)
                del frames[:count]
        self._settle()

    def _grow(self, req: Any, group: str | None, new: list[int | None], *, is_new: bool) -> None:
        task = str(req.rid)
        if is_new:
            hits, tokens = req.prefix_len // self._page_size, req.kv.kv_allocated_len
            self.table(task, self._held(req, group, new), hits=hits, tokens=tokens, group=group)
        else:
            self.grow(task, new, group)
        self._free.difference_update(frame for frame in new if frame is not None)

    def _held(self, req: Any, group: str | None, table: list[int | None]) -> list[int | None]:
        """Return a table without what is before the window, which is not kept for the request."""
        if group != "window":
            return table
        window = int(self._tree.sliding_window_size)
        first = max(0, req.kv.cache_protected_len - window) // self._page_size
        return [*[None] * first, *table[first:]]

    def _slide(self, req: Any) -> None:
        """Record that a window has passed pages that the prefix cache does not have."""
        self._lose(req, req.kv.cache_protected_len, req.kv.max_evicted_seqlen)

    def _unlocked(self, _: Any, req: Any) -> None:
        """Record that a window has passed all that the prefix cache has, if it is unlocked now."""
        if req.lock is not None and req.lock.swa_released:
            self._lose(req, 0, req.kv.cache_protected_len)

    def _lose(self, req: Any, start: int, end: int) -> None:
        """Record that a request has no pages of a window any more for these tokens."""
        task, first, last = str(req.rid), start // self._page_size, end // self._page_size
        table = self.table_of(task, "window")
        if table and first < last and table[last - 1] is not None:
            holes: list[int | None] = [None] * (last - first)
            self.table(task, [*table[:first], *holes, *table[last:]], group="window")

    def _checkpointed(self, _: Any, req: Any, **__: Any) -> None:
        task = str(req.rid)
        table = self.table_of(task, self._groups[0])
        if table and req.kv.req_pool_idx is not None:
            end = len(table) * self._page_size
            row = self._rows[req.kv.req_pool_idx, 0 : end : self._page_size]
            for group, frames in self._read(row).items():
                self.table(task, self._held(req, group, frames), group=group)
            self._settle()

    def _settle(self) -> None:
        """Record which cached pages were freed and not taken since."""
        self.drop(self._given_back)
        self._given_back.clear()

    def _released(self, _: Any, req: Any, **__: Any) -> None:
        reason = type(req.finished_reason).__name__
        aborted = "abort" if reason == "FINISH_ABORT" else "finish"
        self.leave(str(req.rid), aborted if req.finished() else "preempt")

    def _freed(self, _: Any, slots: Any, **__: Any) -> None:
        self._give_back(self._frames(slots))

    def _page_ids(self, _: Any, pages: Any) -> None:
        self._give_back(pages.tolist())

    def _window_freed(self, _: Any, slots: Any, **__: Any) -> None:
        frames = [self._windows.pop(frame, None) for frame in self._frames(slots)]
        self._give_back(frame for frame in frames if frame is not None)

    def _reset(self, _: Any) -> None:
        self._give_back(self.cached)
        self._settle()

    def _give_back(self, frames: Iterable[int]) -> None:
        for frame in frames:
            self._free.add(frame)
            self._given_back[frame] = None

    def _read(self, slots: Any) -> dict[str | None, list[int | None]]:
        """Return the frames that slots are in, in each group."""
        frames = self._frames(slots)
        if not self.writer.groups:
            return {None: [*frames]}
        allocator = self._tree.token_to_kv_pool_allocator
        pages = self._frames(allocator.translate_loc_from_full_to_swa(slots))
        windows = [self._first + page if page else None for page in pages]
        self._windows.update(zip(frames, windows))  # noqa: B905 (Python 3.9)
        return {"full": [*frames], "window": windows}

    def _frames(self, slots: Any) -> list[int]:
        return (slots // self._page_size).tolist()  # type: ignore[no-any-return]
