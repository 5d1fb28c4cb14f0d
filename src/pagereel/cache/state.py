"""An immutable state of a paged KV cache: a pool of page frames and the tasks' page tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain, filterfalse
from types import MappingProxyType
from typing import TYPE_CHECKING

from pagereel.cache.events import HOLE
from pagereel.cache.ledger import Ledger
from pagereel.cache.rules import check_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pagereel.cache.events import Event


@dataclass(frozen=True, slots=True)
class CacheState:
    """An immutable state of the cache: a snapshot of a `Ledger`.

    Only the page tables are kept. Mask, refcounts and free frames are derived from them each time,
    so they cannot disagree.

    Parameters
    ----------
    frames
        Size of the pool in page frames; they are numbered from 0.
    page_size
        Tokens per page, where it is known.
    tables
        Task -> page table, in order of arrival; ``tables[task][page]`` is a page frame or a `HOLE`.
        Build a state with `empty` and `apply`, which keep the tables possible.
    cached
        The cached frames, the next to be evicted first.
    reserved
        Frames that are never handed out.
    queued
        Task that is queued -> tokens, where they are known.
    evicted
        Frames that were evicted for the next event to take. They are free.
    groups
        Name of a group -> tokens per page in it; see `Ledger`.
    tiers
        Name of a tier -> how many slots it has.
    stored
        Tier -> slot that holds something -> the key of that, where it has one.

    Raises
    ------
    CacheError
        If `frames` or `page_size` is not a whole number of at least 1.
    """

    frames: int
    page_size: int | None = None
    tables: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    cached: tuple[int, ...] = ()
    reserved: tuple[int, ...] = ()
    queued: Mapping[str, int | None] = field(default_factory=dict)
    evicted: frozenset[int] = frozenset()
    uncomputed: frozenset[int] = frozenset()
    groups: Mapping[str, int | None] = field(default_factory=dict)
    tiers: Mapping[str, int] = field(default_factory=dict)
    stored: Mapping[str, Mapping[int, str | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_number(self.frames, "the number of frames in the pool", least=1)
        if self.page_size is not None:
            check_number(self.page_size, "page_size", least=1)
        stored = {tier: MappingProxyType(dict(held)) for tier, held in self.stored.items()}
        object.__setattr__(self, "stored", MappingProxyType(stored))
        for name in ("tables", "queued", "groups", "tiers"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __reduce__(self) -> tuple[type[CacheState], tuple[object, ...]]:
        # Read-only mappings cannot be copied or pickled; a state must be both.
        tables, queued = dict(self.tables), dict(self.queued)
        rest = (self.cached, self.reserved, queued, self.evicted, self.uncomputed)
        stored = {tier: dict(held) for tier, held in self.stored.items()}
        tiers = (dict(self.groups), dict(self.tiers), stored)
        return CacheState, (self.frames, self.page_size, tables, *rest, *tiers)

    @classmethod
    def empty(
        cls, frames: int, page_size: int | None = None, reserved: tuple[int, ...] = ()
    ) -> CacheState:
        """Make the state before the first event: no tasks, all frames free that can be.

        Raises
        ------
        CacheError
            If `frames` or `page_size` is not a whole number of at least 1, or a reserved frame
            does not exist.
        """
        return cls.of(Ledger(frames, page_size, reserved))

    @classmethod
    def of(cls, ledger: Ledger) -> CacheState:
        """Take a snapshot of a ledger."""
        return cls(
            frames=ledger.frames,
            page_size=ledger.page_size,
            tables={task: tuple(table) for task, table in ledger.tables.items()},
            cached=tuple(ledger.cached),
            reserved=ledger.reserved,
            queued=ledger.queued,
            evicted=frozenset(ledger.evicted),
            uncomputed=frozenset(ledger.uncomputed),
            groups=ledger.groups,
            tiers=ledger.tiers,
            stored=ledger.stored,
        )

    def ledger(self) -> Ledger:
        """Make a ledger in this state."""
        ledger = Ledger(self.frames, self.page_size, self.reserved, self.groups, self.tiers)
        ledger.fill(
            self.tables,
            cached=self.cached,
            queued=self.queued,
            evicted=self.evicted,
            uncomputed=self.uncomputed,
            stored=self.stored,
        )
        return ledger

    def apply(self, event: Event) -> CacheState:
        """Carry out an event.

        Returns
        -------
        CacheState
            The state after the event; this one stays as it is.

        Raises
        ------
        CacheError
            If the event is impossible in this state. The message says why; a note on the
            exception, where there is one, says what can be done.
        """
        ledger = self.ledger()
        ledger.apply(event)
        return CacheState.of(ledger)

    @property
    def holders(self) -> dict[int, tuple[str, int]]:
        """Held frame -> (task, page), in order of arrival, then of pages.

        Of several tasks that share a frame the one that arrived first is named.
        """
        holders: dict[int, tuple[str, int]] = {}
        for task, table in self.tables.items():
            for page, frame in enumerate(table):
                if frame != HOLE:
                    holders.setdefault(frame, (task, page))
        return holders

    @property
    def free_frames(self) -> tuple[int, ...]:
        """The free frames, lowest first."""
        used = {*chain.from_iterable(self.tables.values()), *self.cached, *self.reserved}
        return tuple(filterfalse(used.__contains__, range(self.frames)))

    @property
    def refcounts(self) -> tuple[int, ...]:
        """By frame: in how many page tables it stands."""
        counts = Counter(chain.from_iterable(self.tables.values()))
        return tuple(counts[frame] for frame in range(self.frames))

    @property
    def mask(self) -> int:
        """The free mask: bit i is set exactly if frame i is free."""
        return int(self.mask_literal, 2)

    @property
    def mask_literal(self) -> str:
        """The free mask in `frames` binary digits, most significant bit left."""
        free = set(self.free_frames)
        return "".join("1" if frame in free else "0" for frame in reversed(range(self.frames)))
