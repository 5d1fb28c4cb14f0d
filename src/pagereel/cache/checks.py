"""Claims about the state after an event, compared with the cache."""

from __future__ import annotations

from dataclasses import dataclass
from operator import eq
from typing import TYPE_CHECKING

from pagereel.errors import CacheError
from pagereel.wording import counted, listed, named_frames, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pagereel.cache.ledger import Ledger
    from pagereel.cache.state import CacheState

# Longer masks do not fit into a message; the frames that differ do.
_READABLE_BITS = 32
_ADVICE = "correct it or an event up to here"


class Disagreement(CacheError):  # noqa: N818 (the engine may be wrong, too)
    """A claim that disagrees with the cache.

    Parameters
    ----------
    message
        What is claimed and what the cache has, as a sentence.
    expected
        What the cache has.
    found
        What is claimed.
    """

    def __init__(self, message: str, *, expected: str, found: str) -> None:
        super().__init__(message)
        self.expected = expected
        self.found = found
        self.add_note(_ADVICE)


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
    evictable
        The cached frames, the next to be evicted first.
    tiers
        Tier -> the slots that hold something, in any order; all tiers.
    """

    mask: int | None = None
    refcounts: tuple[int, ...] | None = None
    tables: Mapping[str, tuple[int, ...]] | None = None
    evictable: tuple[int, ...] | None = None
    tiers: Mapping[str, tuple[int, ...]] | None = None

    @property
    def count(self) -> int:
        """How many claims there are."""
        claims = (self.mask, self.refcounts, self.tables, self.evictable, self.tiers)
        return sum(claim is not None for claim in claims)

    def verify(self, state: CacheState | Ledger) -> None:
        """Compare the claims with a state.

        Raises
        ------
        Disagreement
            At the first claim that disagrees; says what is claimed and what the cache has.
        """
        if self.mask is not None:
            _verify_mask(self.mask, state)
        if self.refcounts is not None:
            _verify_refcounts(self.refcounts, state)
        if self.tables is not None:
            _verify_tables(self.tables, state)
        if self.evictable is not None:
            _verify_evictable(self.evictable, state)
        if self.tiers is not None:
            _verify_tiers(self.tiers, state)


def _verify_mask(mask: int, state: CacheState | Ledger) -> None:
    has, frames = state.mask, state.frames
    if mask == has:
        return
    if not 0 <= mask < 1 << frames:
        fits = f"a mask of {counted(frames, 'frame')}"
        message = f"mask does not fit a pool of {counted(frames, 'frame')}"
        raise Disagreement(message, expected=fits, found="a longer one")
    if frames <= _READABLE_BITS:
        expected, found = f"{has:0{frames}b}", f"{mask:0{frames}b}"
        message = f"mask says {found}, but the cache has {expected}"
        raise Disagreement(message, expected=expected, found=found)
    message = f"mask and cache disagree about {_named(mask ^ has)}"
    raise Disagreement(message, expected=_free(has & ~mask), found=_free(mask & ~has))


def _bits(mask: int) -> Iterator[int]:
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1


def _named(mask: int) -> str:
    return named_frames(_bits(mask), mask.bit_count())


def _free(mask: int) -> str:
    return f"{_named(mask)} free" if mask else "none of them free"


def _verify_refcounts(refcounts: tuple[int, ...], state: CacheState | Ledger) -> None:
    has = state.refcounts
    if len(refcounts) != len(has):
        found, expected = f"{len(refcounts)} numbers", f"{len(has)} frames"
        message = f"refcounts are {found}, but the pool has {expected}"
        raise Disagreement(message, expected=f"{len(has)} numbers", found=found)
    if all(map(eq, refcounts, has)):
        return
    frame = next(i for i, count in enumerate(refcounts) if count != has[i])
    says = shown(refcounts[frame])
    message = f"refcounts say {says} for frame {frame}, but the cache has {has[frame]}"
    raise Disagreement(message, expected=str(has[frame]), found=says)


def _verify_tables(tables: Mapping[str, tuple[int, ...]], state: CacheState | Ledger) -> None:
    for task in (*state.tables, *tables):
        says, has = tables.get(task), state.tables.get(task)
        if says is None or has is None or [*says] != [*has]:
            found, expected = _table(says), _table(has)
            message = f"tables say that {task} has {found}, but in the cache it has {expected}"
            raise Disagreement(message, expected=expected, found=found)


def _verify_evictable(evictable: tuple[int, ...], state: CacheState | Ledger) -> None:
    has = tuple(state.cached)
    if evictable != has:
        found, expected = _frames(evictable), _frames(has)
        message = f"evictable says {found}, but the cache has {expected}"
        raise Disagreement(message, expected=expected, found=found)


def _verify_tiers(tiers: Mapping[str, tuple[int, ...]], state: CacheState | Ledger) -> None:
    for tier, held in state.stored.items():
        says, has = sorted(tiers.get(tier, ())), sorted(held)
        if says != has:
            found, expected = _slots(says), _slots(has)
            message = f"tiers say that {tier} holds {found}, but in the cache it holds {expected}"
            raise Disagreement(message, expected=expected, found=found)


def _slots(slots: Sequence[int]) -> str:
    if not slots:
        return "nothing"
    return f"{'slot' if len(slots) == 1 else 'slots'} {_listed(slots)}"


def _table(table: Sequence[int] | None) -> str:
    return "no page table" if table is None else f"frames {_listed(table)}"


def _frames(frames: Sequence[int]) -> str:
    return f"frames {_listed(frames)}" if frames else "no frame"


def _listed(frames: Sequence[int]) -> str:
    # What is claimed may be any number, and need not be a frame.
    return listed(map(shown, frames), count=len(frames), last=", ")
