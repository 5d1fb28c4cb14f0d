"""Which page frames an event may name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.cache.refusal import refusal
from pagereel.errors import CacheError
from pagereel.wording import named_frames, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from pagereel.cache.ledger import Ledger

    class Pool(Protocol):
        """What has frames, some of them free."""

        @property
        def frames(self) -> int:
            """Size of the pool."""

        @property
        def free_frames(self) -> tuple[int, ...]:
            """The free frames, lowest first."""


def check_frame(pool: Pool, frame: object) -> None:
    """Refuse what is not a frame of the pool.

    Raises
    ------
    CacheError
        Says which frames there are.
    """
    if type(frame) is int and 0 <= frame < pool.frames:
        return
    if not isinstance(frame, int) or isinstance(frame, bool):
        raise CacheError(f"a frame must be a whole number, not {shown(frame)}")
    raise refusal(
        f"frame {shown(frame)} does not exist: the pool has frames 0 to {pool.frames - 1}",
        _free(pool),
    )


def check_once(pool: Pool, frames: Sequence[int]) -> None:
    """Refuse frames that do not exist or are named twice.

    Raises
    ------
    CacheError
        Names the first of them.
    """
    seen: set[int] = set()
    for frame in frames:
        check_frame(pool, frame)
        if frame in seen:
            raise refusal(f"frame {frame} is named twice", "name it once")
        seen.add(frame)


def check_free(ledger: Ledger, frames: Sequence[int]) -> None:
    """Refuse frames that cannot be taken.

    Raises
    ------
    CacheError
        Says who holds the first of them.
    """
    check_once(ledger, frames)
    for frame in frames:
        if not ledger.is_free(frame):
            raise _taken(ledger, frame)


def check_shareable(ledger: Ledger, frames: Sequence[int]) -> None:
    """Refuse frames that no prefix index can hand out.

    Raises
    ------
    CacheError
        If one is neither held nor cached.
    """
    for frame in frames:
        if not ledger.refcounts[frame] and frame not in ledger.cached:
            kind = "free" if ledger.is_free(frame) else "reserved"
            message = f"frame {frame} is {kind}, so that it cannot be shared"
            raise refusal(message, "share only frames that are held or cached")


def check_cached(ledger: Ledger, frames: Sequence[int]) -> None:
    """Refuse frames that cannot be evicted.

    Raises
    ------
    CacheError
        If there are none, or one is not cached.
    """
    if not frames:
        raise refusal("evicts no frame", "name at least one")
    check_once(ledger, frames)
    for frame in frames:
        if frame in ledger.cached:
            continue
        if ledger.is_free(frame):
            raise refusal(f"frame {frame} is free", "only cached frames are evicted")
        raise _taken(ledger, frame)


def check_evicted_taken(ledger: Ledger, taken: Sequence[int]) -> None:
    """Refuse an event that does not take what was evicted for it.

    Raises
    ------
    CacheError
        Names the frames that are left.
    """
    left = ledger.evicted.difference(taken) if ledger.evicted else ()
    if left:
        verb = "was" if len(left) == 1 else "were"
        raise refusal(
            f"{named_frames(sorted(left))} {verb} evicted just before, but this does not take "
            f"{'it' if len(left) == 1 else 'them'}",
            "evict what the next event takes",
        )


def _taken(ledger: Ledger, frame: int) -> CacheError:
    if frame in ledger.cached:
        return refusal(f"frame {frame} is cached", "evict it first or take another")
    holder = ledger.holder(frame)
    if holder is None:
        return refusal(f"frame {frame} is reserved", _free(ledger))
    task, page = holder
    return refusal(f"frame {frame} is held by {task} as its page {page}", _free(ledger))


def _free(pool: Pool) -> str:
    free = pool.free_frames
    if not free:
        return "no frame is free"
    return f"{named_frames(free)} {'is' if len(free) == 1 else 'are'} free"
