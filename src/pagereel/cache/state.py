"""The state of a paged KV cache: a pool of page frames and the tasks' page tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import filterfalse
from types import MappingProxyType
from typing import TYPE_CHECKING

from pagereel.cache import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pagereel.cache.events import Event


@dataclass(frozen=True, slots=True)
class CacheState:
    """An immutable state of the cache.

    The page tables are the only truth. Mask, refcounts and free frames are derived from them each
    time, so that they cannot disagree.

    Parameters
    ----------
    frames
        Size of the pool in page frames; they are numbered from 0.
    page_size
        Tokens per page, where it is known.
    tables
        Task -> page table, in order of arrival; ``tables[task][page]`` is a page frame. Use
        `empty` and `apply` to come to a state: they keep the tables possible.

    Raises
    ------
    CacheError
        If `frames` or `page_size` is not a whole number of at least 1.
    """

    frames: int
    page_size: int | None = None
    tables: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rules.check_number(self.frames, "the number of frames in the pool", least=1)
        if self.page_size is not None:
            rules.check_number(self.page_size, "page_size", least=1)
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))

    def __reduce__(self) -> tuple[type[CacheState], tuple[object, ...]]:
        # Read-only mappings cannot be copied or pickled; a state must be both.
        return CacheState, (self.frames, self.page_size, dict(self.tables))

    @classmethod
    def empty(cls, frames: int, page_size: int | None = None) -> CacheState:
        """Make the state before the first event: no tasks, all frames free.

        Raises
        ------
        CacheError
            If `frames` or `page_size` is not a whole number of at least 1.
        """
        return cls(frames, page_size)

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
        return replace(self, tables=rules.tables_after(self, event))

    @property
    def holders(self) -> dict[int, tuple[str, int]]:
        """Held frame -> (task, page), in order of arrival, then of pages."""
        return {
            frame: (task, page)
            for task, table in self.tables.items()
            for page, frame in enumerate(table)
        }

    def holder(self, frame: int) -> tuple[str, int] | None:
        """Say which task holds a frame, and as which of its pages; None if it is free.

        Raises
        ------
        CacheError
            If there is no such frame.
        """
        rules.check_frame(self, frame)
        return self.holders.get(frame)

    @property
    def free_frames(self) -> tuple[int, ...]:
        """The free frames, lowest first."""
        return tuple(filterfalse(self.holders.__contains__, range(self.frames)))

    @property
    def refcounts(self) -> tuple[int, ...]:
        """By frame: in how many page tables it stands."""
        counts = Counter(frame for table in self.tables.values() for frame in table)
        return tuple(counts[frame] for frame in range(self.frames))

    @property
    def mask(self) -> int:
        """The free mask: bit i is set exactly if frame i is free."""
        return int(self.mask_literal, 2)

    @property
    def mask_literal(self) -> str:
        """The free mask in `frames` binary digits, most significant bit left."""
        held = self.holders
        return "".join("0" if frame in held else "1" for frame in reversed(range(self.frames)))
