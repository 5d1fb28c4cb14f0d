"""Placement policies: which free frames a task gets where nobody names them."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

from pagereel.cache.rules import check_number, refusal
from pagereel.errors import CacheError
from pagereel.wording import counted, listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pagereel.cache.ledger import Ledger

POLICIES = ("lowest-bit", "fifo")


class Policy:
    """Chooses among the free frames of one cache, in the order of a queue.

    The cost of a choice depends on how many frames are chosen, and hardly on the pool.

    Parameters
    ----------
    by_age
        The frames that have been free longest come first; else the lowest ones do. Frames that were
        never used have been free from the start, in frame order.
    """

    def __init__(self, *, by_age: bool) -> None:
        self._by_age = by_age
        self._time = 0
        self._freed: dict[int, int] = {}
        # (when it was freed, frame). Only the ledger knows whether it is still free, so a frame
        # may be queued in vain, and more than once.
        self._queue: list[tuple[int, int]] = []
        self._queued = 0  # frames from this one on were never queued

    def choose(self, ledger: Ledger, count: int) -> tuple[int, ...]:
        """Choose free frames for a task, and leave them free.

        Parameters
        ----------
        ledger
            The cache; the policy has observed all that was freed in it.
        count
            How many frames, at least 1.

        Returns
        -------
        tuple of int
            `count` different free frames, in page order.

        Raises
        ------
        CacheError
            If fewer frames are free, or `count` is not a whole number of at least 1.
        """
        check_number(count, "the number of frames", least=1)
        if count > ledger.free_count:
            are = "is" if ledger.free_count == 1 else "are"
            evict = "evict cached frames, " if ledger.cached else ""
            raise refusal(
                f"needs {counted(count, 'frame')}, {ledger.free_count} {are} free",
                f"{evict}finish a task first or make the pool larger",
            )
        chosen: dict[int, tuple[int, int]] = {}
        while len(chosen) < count:
            self._queue_unused(ledger.frames)
            entry = time, frame = heappop(self._queue)
            if ledger.is_free(frame) and time == self._freed.get(frame, 0):
                chosen[frame] = entry
        for entry in chosen.values():
            heappush(self._queue, entry)
        return tuple(chosen)

    def _queue_unused(self, frames: int) -> None:
        """Queue frames that were never queued, as far as one of them may be the next."""
        while self._queued < frames and not (self._queue and self._queue[0] <= (0, self._queued)):
            heappush(self._queue, (self._freed.get(self._queued, 0), self._queued))
            self._queued += 1

    def observe(self, freed: Iterable[int]) -> None:
        """Note the frames that an event freed, in their order, whoever chose them."""
        for frame in freed:
            if self._by_age:
                self._time += 1
                self._freed[frame] = self._time
            heappush(self._queue, (self._time, frame))


def make_policy(name: str) -> Policy:
    """Make a policy for one cache from the start.

    Parameters
    ----------
    name
        One of `POLICIES`.

    Raises
    ------
    CacheError
        If there is no policy of that name.
    """
    if name not in POLICIES:
        raise CacheError(
            f"there is no placement policy {shown(name)}; policies are {listed(POLICIES)}"
        )
    return Policy(by_age=name == "fifo")
