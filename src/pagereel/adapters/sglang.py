# SPDX-License-Identifier: Apache-2.0
# Copyright the pagereel authors. This file needs nothing but recorder.py and Python 3.9.
"""Record SGLang's scheduler, as of version 0.5.23.

    recording = record(scheduler, "trace.jsonl", engine=f"SGLang {sglang.__version__}")

A request gets pages when a batch is prepared, and gives them back when the prefix cache releases
it; its page table is its row of ``req_to_token``. Its pages may become those that the prefix cache
has already. A page that no request has is cached until the allocator is given it. The prefix cache
evicts by its own policy, so the order of eviction is not known.

Layers with a sliding window have a pool of their own, whose pages follow those of the other one in
the trace. A page of a row has one in each pool, until the window has passed it. The states of Mamba
layers come last: a request's states are in the order in which it got them, and those that the
prefix cache has taken over are holes.

The host's memory, where HiCache copies pages of the prefix cache to, is a tier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pagereel.recorder import Recording, TraceWriter, find

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable


_HOST = "host"  # the tier


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
        If this is another object or an older version; if a pool that is divided in another way, or
        what HiCache does, cannot be recorded; or if pages are in use already.
    OSError
        If the file cannot be made.
    """
    tree = find(scheduler, "tree_cache")
    allocator = find(tree, "token_to_kv_pool_allocator")
    for place in ("checkpoint", "on_release", "supports_swa", "req_to_token_pool.req_to_token"):
        find(tree, place)
    find(scheduler, "running_batch.prepare_for_extend")
    page_size = int(allocator.page_size)
    pools: dict[str, Any] = {"full": allocator}
    if tree.supports_swa():
        pools = {"full": find(allocator, "full_attn_allocator")}
        pools["window"] = window = find(allocator, "swa_attn_allocator")
        is_shared = pools["full"] is window or hasattr(window, "bind")
        if is_shared or allocator.swa_req_ring or tree.supports_auxiliary_swa():
            raise ValueError("windows are recorded only if they have one pool of pages, all theirs")
    sizes = {group: pool.size // page_size for group, pool in pools.items()}
    if any(pool.available_size() != pool.size for pool in pools.values()):
        raise ValueError("pages are in use already; record from before the first request")
    groups: dict[str, int | None] = dict.fromkeys(pools, page_size)
    if tree.supports_mamba():
        states = find(tree, "req_to_token_pool.mamba_allocator")
        find(states, "free_slots")
        if tree.req_to_token_pool.mamba_ckpt_pool is not None:
            raise ValueError("states that are kept in a pool of their own cannot be recorded")
        sizes["mamba"], groups["mamba"] = states.size, None
    first, frames = {}, 0
    for group, size in sizes.items():
        first[group] = frames
        frames += size + 1  # a pool's first page is for padding
    host = _host(tree)
    if host is not None:
        options["tiers"] = {_HOST: host.size // page_size}
    options = {"reserved": [*first.values()], "page_size": page_size, **options}
    if len(groups) > 1:
        options["groups"] = groups
    writer = TraceWriter(path, frames, **options)
    return _Scheduler(scheduler, writer, first)


def _host(tree: Any) -> Any:
    """Return HiCache's pool in the host's memory, or None where there is none."""
    controller = getattr(tree, "cache_controller", None)
    if controller is None:
        return None
    if tree.supports_swa() or tree.supports_mamba():
        raise ValueError("HiCache is not recorded with windows or Mamba layers")
    if controller.enable_storage or tree.host_memory_mode != "cache":
        raise ValueError("HiCache is recorded only if it keeps pages in host memory alone")
    return find(controller, "mem_pool_host.anchor_entry.host_pool")


class _Scheduler(Recording):
    """A scheduler that is being recorded; `step` counts the batches.

    Parameters
    ----------
    first
        Group -> the first of its frames, which is reserved.
    """

    def __init__(self, scheduler: Any, writer: TraceWriter, first: dict[str, int]) -> None:
        tree = scheduler.tree_cache
        allocator = tree.token_to_kv_pool_allocator
        self._kept: set[int] = set()  # what the allocators have not got back
        super().__init__(writer, lambda frame: frame in self._kept, last_first=True)
        writer.step = 0
        self._tree, self._page_size = tree, int(allocator.page_size)
        self._rows = tree.req_to_token_pool.req_to_token
        self._group = "full" if writer.groups else None
        self._first = first
        self._windows: dict[int, int | None] = {}  # frame -> the same page's in the other group
        self._allocated: dict[int, None] = {}  # states, since a checkpoint began
        self._given_back: dict[int, None] = {}  # since the last event of it
        self._refused: Any = None
        batch = type(scheduler.running_batch)
        for name in ("prepare_for_extend", "prepare_for_decode"):
            self.listen(batch, name, self._prepared)
        pool = allocator
        if "window" in first:
            pool = allocator.full_attn_allocator
            for name in ("free_swa", "free_swa_segment"):
                self.listen(allocator, name, self._window_freed)
            self.listen(tree, "release_swa_prefix_lock", self._unlocked)
        for name in ("free", "free_segment", "free_page_ids"):
            if hasattr(pool, name):
                self.listen(pool, name, self._page_ids if "ids" in name else self._freed)
        if "mamba" in first:
            states = tree.req_to_token_pool.mamba_allocator
            self.listen(states, "alloc", self._state_allocated)
            self.listen(states, "free", self._states_freed)
            self.listen(tree.req_to_token_pool, "set_mamba_ping_pong_slot", self._track)
        if hasattr(scheduler, "_add_request_to_queue"):
            self.listen(scheduler, "_add_request_to_queue", self._added)
            self.listen(scheduler, "_release_aborted_request", self._aborted)
        host = _host(tree)
        if host is not None:
            self.listen(tree.cache_controller, "write", self._copied)
            self.listen(tree.cache_controller, "load", self._loaded)
            self.listen(host, "free", self._host_freed)
            self.listen(host, "clear", lambda *_: self.discard(_HOST))
        self.listen(tree, "checkpoint", self._checkpointed, self._allocated.clear)
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
        tables, size, of = self.tables, self._page_size, f" {self._group}" if self._group else ""
        for req in batch.reqs:  # of which most have room for another token
            if "window" in self._first:
                self._slide(req)
            have = len(tables.get(f"{req.rid}{of}", ()))
            if req.kv.kv_allocated_len > have * size:
                need = -(-req.kv.kv_allocated_len // size)
                grown.append((req, have, need - have))
                rows += [req.kv.req_pool_idx] * (need - have)
                columns += range(have * size, need * size, size)
        new = self._read(self._rows[rows, columns]) if grown else {}
        for req, have, count in grown:
            for group, frames in new.items():
                self._grow(req, group, frames[:count], is_new=not have)
                del frames[:count]
            if "mamba" in self._first and not have:
                self._track(None, req)
        self._settle()

    def _grow(self, req: Any, group: str | None, new: list[int | None], *, is_new: bool) -> None:
        task = str(req.rid)
        if is_new:
            hits, tokens = req.prefix_len // self._page_size, req.kv.kv_allocated_len
            self.table(task, self._within(req, group, new), hits=hits, tokens=tokens, group=group)
        else:
            self.grow(task, new, group)
        self._kept.update(frame for frame in new if frame is not None)

    def _within(self, req: Any, group: str | None, table: list[int | None]) -> list[int | None]:
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
        table = self.table_of(task, self._group)
        if table and req.kv.req_pool_idx is not None:
            end = len(table) * self._page_size
            row = self._rows[req.kv.req_pool_idx, 0 : end : self._page_size]
            for group, frames in self._read(row).items():
                self.table(task, self._within(req, group, frames), group=group)
            self._donate(task)
            self._settle()

    def _track(self, _: Any, req: Any, *__: Any) -> None:
        """Record which states a request has; of those before, the prefix cache has taken some."""
        kv, task = req.kv, str(req.rid)
        if self.table_of(task, "full") is None:
            return
        tracked = [] if kv.mamba_ping_pong_track_buffer is None else kv.mamba_ping_pong_track_buffer
        slots = [int(slot) for slot in (kv.mamba_pool_idx, *tracked)]
        now = dict.fromkeys(self._first["mamba"] + slot for slot in slots if slot > 0)
        table = [frame if frame in now else None for frame in self.table_of(task, "mamba") or ()]
        self.table(task, [*table, *(frame for frame in now if frame not in table)], group="mamba")
        self._kept.update(now)

    def _donate(self, task: str) -> None:
        """Record copies of a request's state that a checkpoint has left to the prefix cache."""
        table = [*(self.table_of(task, "mamba") or ())]
        copies = [frame for frame in self._allocated if frame not in table]
        if copies:
            self.table(task, [*table, *copies], group="mamba")
            self._kept.update(copies)
            self.table(task, [*table, *[None] * len(copies)], group="mamba")

    def _state_allocated(self, slots: Any, *_: Any) -> None:
        if slots is not None:
            frames = [self._first["mamba"] + slot for slot in slots.tolist()]
            self._allocated.update(dict.fromkeys(frames))

    def _states_freed(self, _: Any, slots: Any) -> None:
        frames = [self._first["mamba"] + slot for slot in slots.tolist()]
        for frame in frames:
            self._allocated.pop(frame, None)
        self._give_back(frames)

    def _settle(self) -> None:
        """Record which cached pages were freed and not taken since."""
        if self._given_back:
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

    def _copied(self, slots: Any, device_indices: Any, *_: Any, **__: Any) -> None:
        if slots is not None:
            self.offload(_HOST, self._copies(slots, device_indices))

    def _loaded(self, frames: Any, host_indices: Any, *_: Any, **__: Any) -> None:
        """Record what the prefix cache gets back, before a request finds it there."""
        if frames is not None and len(frames):
            pages = self._copies(host_indices, frames)
            self._kept.update(frame for _slot, frame, _key in pages)
            self.load(_HOST, pages)

    def _host_freed(self, _: Any, indices: Any) -> None:
        self.discard(_HOST, self._frames(indices[:: self._page_size]))

    def _copies(self, slots: Any, frames: Any) -> list[tuple[int, int, str]]:
        """Return slot and frame of each page; SGLang does not name the content."""
        each = self._frames(slots[:: self._page_size]), self._frames(frames[:: self._page_size])
        return [(slot, frame, "") for slot, frame in zip(*each)]  # noqa: B905 (Python 3.9)

    def _reset(self, _: Any) -> None:
        self._give_back(self.cached)
        self._settle()

    def _give_back(self, frames: Iterable[int]) -> None:
        for frame in frames:
            self._kept.discard(frame)
            self._given_back[frame] = None

    def _read(self, slots: Any) -> dict[str | None, list[int | None]]:
        """Return the frames that slots are in, in each group."""
        frames = self._frames(slots)
        if "window" not in self._first:
            return {self._group: [*frames]}
        allocator = self._tree.token_to_kv_pool_allocator
        pages = self._frames(allocator.translate_loc_from_full_to_swa(slots))
        windows = [self._first["window"] + page if page else None for page in pages]
        self._windows.update(zip(frames, windows))  # noqa: B905 (Python 3.9)
        return {"full": [*frames], "window": windows}

    def _frames(self, slots: Any) -> list[int]:
        return (slots // self._page_size).tolist()  # type: ignore[no-any-return]
