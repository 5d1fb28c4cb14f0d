"""What an event may claim about the state after it, to be compared with the cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.cache.rules import refusal
from pagereel.cache.wording import counted, listed, named_frames, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pagereel.cache.state import CacheState

# Longer masks do not fit into a message; the frames that differ do.
_READABLE_BITS = 32
_ADVICE = "correct it or an event up to here"


@dataclass(frozen=True, slots=True)
class Checks:
    """Claims about a state; what is None is not claimed.

    Parameters
    ----------
    mask
        The free mask: bit i is set exactly if frame i is free.
    refcounts
        By frame: in how many page tables it stands.
    tables
        Task -> page table; the order of the tasks does not matter.
    """

    mask: int | None = None
    refcounts: tuple[int, ...] | None = None
    tables: Mapping[str, tuple[int, ...]] | None = None

    def verify(self, state: CacheState) -> None:
        """Compare the claims with a state.

        Raises
        ------
        CacheError
            At the first claim that disagrees; says what is claimed and what the cache has.
        """
        if self.mask is not None and self.mask != state.mask:
            raise refusal(_mask_differs(self.mask, state), _ADVICE)
        if self.refcounts is not None and self.refcounts != state.refcounts:
            raise refusal(_refcounts_differ(self.refcounts, state), _ADVICE)
        if self.tables is not None and self.tables != state.tables:
            raise refusal(_tables_differ(self.tables, state), _ADVICE)


def _mask_differs(mask: int, state: CacheState) -> str:
    if not 0 <= mask < 1 << state.frames:
        return f"mask does not fit a pool of {counted(state.frames, 'frame')}"
    if state.frames <= _READABLE_BITS:
        return f"mask says {mask:0{state.frames}b}, but the cache has {state.mask_literal}"
    bits = f"{mask ^ state.mask:b}"[::-1]
    differ = [frame for frame, bit in enumerate(bits) if bit == "1"]
    return f"mask and cache disagree about {named_frames(differ)}"


def _refcounts_differ(refcounts: tuple[int, ...], state: CacheState) -> str:
    if len(refcounts) != state.frames:
        return f"refcounts are {len(refcounts)} numbers, but the pool has {state.frames} frames"
    has = state.refcounts
    frame = next(i for i, count in enumerate(refcounts) if count != has[i])
    return (
        f"refcounts say {shown(refcounts[frame])} for frame {frame}, but the cache has {has[frame]}"
    )


def _tables_differ(tables: Mapping[str, tuple[int, ...]], state: CacheState) -> str:
    for task in (*state.tables, *tables):
        says, has = _table(tables, task), _table(state.tables, task)
        if says != has:
            return f"tables say that {task} has {says}, but in the cache it has {has}"
    return "tables disagree with the cache"


def _table(tables: Mapping[str, tuple[int, ...]], task: str) -> str:
    return f"frames {listed(tables[task], last=', ')}" if task in tables else "no page table"
