"""Forked processes that draw: those at work, and those that wait for their turn."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

from pagereel.fast.shards.processes import Child, first_to_end, uninterrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

# How many may wait: each keeps a copy of what the process that runs ahead has changed since.
_WAITING = 4
_ANY = -1


class Crew:
    """Keeps some processes at work at the same time.

    Whoever waits was forked where its shard begins. Of those, the one with the most work is next,
    so that in the end all have done at about the same time.

    Parameters
    ----------
    jobs
        How many draw at the same time.

    Attributes
    ----------
    tally
        How many images each has drawn of its shard.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._at_work: list[Child] = []
        self._waiting: list[Child] = []
        self._spare: list[Child] = []
        self.tally = Tally(jobs + _WAITING + 2)

    def __len__(self) -> int:
        """Return how many are at work, or wait."""
        return len(self._at_work) + len(self._waiting)

    @property
    def is_full(self) -> bool:
        """Return whether no more should wait."""
        return len(self._waiting) > _WAITING

    @property
    def has_spare(self) -> bool:
        """Return whether there is one that waits to be told what to draw."""
        return bool(self._spare)

    def fork(self, shard: int) -> Child:
        """Fork a process that waits for its turn; also within it, return it."""
        return self._fork(shard, self._waiting)

    def fork_spare(self) -> Child:
        """Fork a process that waits to be told what to draw; also within it, return it."""
        return self._fork(_ANY, self._spare)

    def send(self, work: Mapping[int, float], *, ahead: bool) -> None:
        """Have those begin for whom there is room.

        Parameters
        ----------
        work
            How much work each shard is.
        ahead
            Whether this process itself is at work, too: running ahead.
        """
        room = max(1, self._jobs - ahead) - len(self._at_work)
        by_work = sorted(self._waiting, key=lambda child: work[child.shard], reverse=True)
        for child in by_work[: max(0, room)]:
            child.order({child.shard})
            self._waiting.remove(child)
            self._at_work.append(child)

    def send_spare(self, shards: Collection[int]) -> None:
        """Have the spare draw shards."""
        child = self._spare.pop()
        child.order(shards)
        self._at_work.append(child)

    def first_to_end(self, meanwhile: Callable[[], None]) -> Child:
        """Wait until one of those at work has ended, or has something to tell."""
        child = first_to_end(self._at_work, meanwhile)
        self._at_work.remove(child)
        return child

    def kill(self) -> None:
        """End all at once."""
        for children in (self._at_work, self._waiting, self._spare):
            while children:
                children.pop().kill()

    def _fork(self, shard: int, children: list[Child]) -> Child:
        taken = {child.place for child in (*self._at_work, *self._waiting, *self._spare)}
        place = min({*range(len(taken) + 1)} - taken)
        self.tally.clear(place)
        with uninterrupted():
            child = Child(shard, place)
            if child.process:
                children.append(child)
        return child


class Tally:
    """A number for each of several processes, written by it and seen by all that are forked.

    Parameters
    ----------
    places
        How many.
    """

    def __init__(self, places: int) -> None:
        self._numbers = memoryview(mmap.mmap(-1, 8 * places)).cast("Q")

    def add(self, place: int, images: int) -> None:
        """Count images."""
        self._numbers[place] += images

    def clear(self, place: int) -> None:
        """Begin anew."""
        self._numbers[place] = 0

    def total(self) -> int:
        """Return the sum of all."""
        return sum(self._numbers)
