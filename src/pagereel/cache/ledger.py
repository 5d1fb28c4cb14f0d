"""A cache that changes in place; an event costs the same in any pool, at any time."""

from __future__ import annotations

from array import array
from itertools import chain
from typing import TYPE_CHECKING, assert_never

from pagereel.cache.events import (
    HOLE,
    Arrive,
    Copy,
    Defer,
    Discard,
    Drop,
    Evict,
    Expand,
    Leave,
    Load,
    Offload,
    Preempt,
    Release,
    Share,
    Shrink,
    Submit,
    tables_of,
    task_of,
)
from pagereel.cache.rules import check_number, check_once, check_possible, present

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pagereel.cache.events import Event, LetGo


class Ledger:
    """A paged KV cache, and what is queued for it.

    Every frame is one of: reserved, free, held (refcount 1 or more), cached (refcount 0, with
    content to be reused). The attributes are live; only `apply` may change them.

    Parameters
    ----------
    frames
        Size of the pool in page frames; they are numbered from 0.
    page_size
        Tokens per page, where it is known.
    reserved
        Frames that are never handed out.
    groups
        Name of a group -> tokens per page in it, where they are known. If there are groups, a task
        has a page table in each of them, which is called ``task group``.
    tiers
        Name of a tier, such as host memory -> how many slots it has. A slot has room for what is in
        a frame.

    Attributes
    ----------
    tables
        Task -> page table, in order of arrival; ``tables[task][page]`` is a page frame or a `HOLE`.
    refcounts
        By frame: in how many page tables it stands.
    cached
        The cached frames as the keys, the next to be evicted first.
    queued
        Task that is submitted or preempted and not (again) admitted -> tokens, where known.
    evicted
        Frames that were evicted for the next event to take. They are free.
    uncomputed
        Held and cached frames that have no content, though the engine has kept them as if they had.
    free_count
        How many frames are free.
    stored
        Tier -> slot that holds something -> the key of that, or None where it has none.

    Raises
    ------
    CacheError
        If `frames` or `page_size` is not a whole number of at least 1, or a reserved frame does
        not exist.
    """

    def __init__(
        self,
        frames: int,
        page_size: int | None = None,
        reserved: Iterable[int] = (),
        groups: Mapping[str, int | None] | None = None,
        tiers: Mapping[str, int] | None = None,
    ) -> None:
        check_number(frames, "the number of frames in the pool", least=1)
        if page_size is not None:
            check_number(page_size, "page_size", least=1)
        self.frames = frames
        self.page_size = page_size
        self.groups = dict(groups or {})
        self.tiers = dict(tiers or {})
        self.stored: dict[str, dict[int, str | None]] = {tier: {} for tier in self.tiers}
        self.tables: dict[str, list[int]] = {}
        self.refcounts = array("I", (0,)) * frames
        self.cached: dict[int, None] = {}
        self.queued: dict[str, int | None] = {}
        self.evicted: set[int] = set()
        self.uncomputed: set[int] = set()
        self.free_count = frames
        # One bit a frame, lowest first.
        self._free = bytearray(((1 << frames) - 1).to_bytes(-(-frames // 8), "little"))
        self.reserved = tuple(reserved)
        check_once(self, self.reserved)
        self._occupy(self.reserved)

    def fill(
        self,
        tables: Mapping[str, Sequence[int]],
        *,
        cached: Sequence[int],
        queued: Mapping[str, int | None],
        evicted: Iterable[int],
        uncomputed: Iterable[int],
        stored: Mapping[str, Mapping[int, str | None]],
    ) -> None:
        """Bring a new ledger, which has carried out no event, to the state of another cache."""
        for task, table in tables.items():
            self._occupy([frame for frame in present(table) if not self.refcounts[frame]])
            self._hold(table)
            self.tables[task] = list(table)
        self._occupy(cached)
        self.cached.update(dict.fromkeys(cached))
        self.queued.update(queued)
        self.evicted.update(evicted)
        self.uncomputed.update(uncomputed)
        for tier, held in stored.items():
            self.stored[tier].update(held)

    def apply(self, event: Event) -> None:
        """Carry out an event.

        Raises
        ------
        CacheError
            If the event is impossible; nothing has changed then. The message says why; a note on
            the exception, where there is one, says what can be done.
        """
        check_possible(self, event)
        match event:
            case Expand():
                frames = present((event.frame,))
                self._occupy(frames)
                self._hold(frames)
                self.tables[event.table].append(event.frame)
            case Arrive():
                self._arrive(event)
            case Leave() | Release() | Shrink() | Share():
                self._let_go(self._leaving(event), event.cached)
            case Evict() | Drop():
                self._lose(event)
            case Copy():
                self._occupy((event.dst,))
                self._hold((event.dst,))
                self.refcounts[event.src] -= 1
                self.tables[event.table][event.page] = event.dst
                if event.src in self.uncomputed:
                    self.uncomputed.add(event.dst)
            case Submit():
                self.queued[event.task] = event.tokens
            case Offload() | Load() | Discard():
                self._use_tier(event)
            case Defer():
                pass
            case _:
                assert_never(event)

    @property
    def tasks(self) -> Collection[str]:
        """The tasks that have a page table."""
        return dict.fromkeys(map(task_of, self.tables)) if self.groups else self.tables

    @property
    def mask(self) -> int:
        """The free mask: bit i is set exactly if frame i is free. Computed at each call."""
        return int.from_bytes(self._free, "little")

    @property
    def held_count(self) -> int:
        """How many frames stand in page tables."""
        return self.frames - len(self.reserved) - self.free_count - len(self.cached)

    @property
    def free_frames(self) -> Iterator[int]:
        """The free frames, lowest first."""
        return filter(self.is_free, range(self.frames))

    def is_free(self, frame: int) -> bool:
        """Say whether a frame of the pool is free."""
        return bool(self._free[frame >> 3] >> (frame & 7) & 1)

    def _lose(self, event: Evict | Drop) -> None:
        for frame in event.frames:
            del self.cached[frame]
        self._free_up(event.frames)
        if isinstance(event, Evict):
            self.evicted.update(event.frames)

    def _use_tier(self, event: Offload | Load | Discard) -> None:
        stored = self.stored[event.tier]
        match event:
            case Offload(slots=slots, keys=keys):
                stored.update(zip(slots, keys, strict=True) if keys else dict.fromkeys(slots))
            case Load(frames=frames):
                free = [frame for frame in frames if not self.refcounts[frame]]
                self._occupy(free)
                self.cached.update(dict.fromkeys(free))
                self.uncomputed.difference_update(frames)
            case Discard(slots=slots):
                for slot in slots:
                    del stored[slot]

    def _arrive(self, event: Arrive) -> None:
        for frame in event.shared:
            self.cached.pop(frame, None)
        self._occupy(present(event.frames))
        table = [*event.shared, *event.frames]
        self._hold(table)
        self.tables[event.table] = table
        self.queued.pop(event.task, None)

    def _leaving(self, event: LetGo) -> Sequence[int]:
        """Take from a page table what an event takes from it; return its frames and holes."""
        match event:
            case Release(table=name, frames=left):
                gone = frozenset(left)
                self.tables[name] = [HOLE if f in gone else f for f in self.tables[name]]
                return left
            case Shrink(table=name, frames=left):
                del self.tables[name][-len(left) :]
                return left
            case Share(table=name, page=first, shared=shared):
                for frame in shared:
                    self.cached.pop(frame, None)
                self._hold(shared)
                table, pages = self.tables[name], slice(first, first + len(shared))
                moved, table[pages] = table[pages], shared
                return moved
            case Leave(task=task):
                self.uncomputed.update(event.uncomputed)
                if isinstance(event, Preempt):
                    self.queued[task] = None
                else:
                    self.queued.pop(task, None)
                if not self.groups:
                    return self.tables.pop(task, ())
                names = tables_of(event, self.groups)
                return [*chain.from_iterable(self.tables.pop(name, ()) for name in names)]

    def _hold(self, frames: Sequence[int]) -> None:
        for frame in present(frames):
            self.refcounts[frame] += 1

    def _let_go(self, frames: Sequence[int], cached: Iterable[int]) -> None:
        """Let frames go that stand in one page table less now."""
        left = []
        for frame in present(frames):
            self.refcounts[frame] -= 1
            if not self.refcounts[frame]:
                left.append(frame)
        kept = dict.fromkeys(cached)
        self._free_up([frame for frame in left if frame not in kept])
        self.cached.update(kept)

    def _occupy(self, frames: Sequence[int]) -> None:
        for frame in frames:
            self._free[frame >> 3] &= ~(1 << (frame & 7))
        self.free_count -= len(frames)
        self.evicted.clear()

    def _free_up(self, frames: Sequence[int]) -> None:
        for frame in frames:
            self._free[frame >> 3] |= 1 << (frame & 7)
        self.free_count += len(frames)
        self.uncomputed.difference_update(frames)
