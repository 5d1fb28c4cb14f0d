"""Forked workers, how many of them work at a time, and how far each has come."""

from __future__ import annotations

import mmap
import select
from typing import TYPE_CHECKING

from pagereel.fast.shards.processes import ANY, Alone, Child, uninterrupted
from pagereel.fast.shards.watch import Words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pagereel.fast.shards.watch import Watch

# How many may wait: each holds a copy of the memory that the parent has changed since.
_WAITING = 4


class Crew:
    """Keeps some workers at work at the same time.

    The others wait where their shards begin. The one with the most work is next, so that all end
    at about the same time.

    Parameters
    ----------
    jobs
        How many draw at the same time.

    Attributes
    ----------
    tally
        How many images each worker has drawn, by its place.
    worked
        For how many nanoseconds each has worked when it had drawn them.
    words
        What each is at.
    held
        The shard whose worker is not to begin yet, if there is one.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self.held: int | None = None
        self._at_work: list[Child] = []
        self._waiting: list[Child] = []
        self._spare: list[Child] = []
        # In memory that this process shares with those that it forks.
        places = jobs + _WAITING + 2
        self.tally = memoryview(mmap.mmap(-1, 8 * places)).cast("Q")
        self.worked = memoryview(mmap.mmap(-1, 8 * places)).cast("Q")
        self.words = [Words() for _ in range(places)]

    def __len__(self) -> int:
        """Return how many workers draw or wait."""
        return len(self._at_work) + len(self._waiting)

    @property
    def is_full(self) -> bool:
        """Whether no more workers should wait."""
        return len(self._waiting) > _WAITING

    @property
    def has_spare(self) -> bool:
        """Whether there is a worker for any shards."""
        return bool(self._spare)

    def fork(self, shard: int = ANY) -> Child:
        """Fork a worker for a shard, or the spare one; return it, in the parent and in itself."""
        taken = {child.place for child in (*self._at_work, *self._waiting, *self._spare)}
        place = min({*range(len(taken) + 1)} - taken)
        self.tally[place] = self.worked[place] = 0
        with uninterrupted():
            child = Child(shard, place)
            if child.process:
                (self._spare if shard == ANY else self._waiting).append(child)
        return child

    def send(self, work: Mapping[int, float], *, ahead: bool) -> None:
        """Start workers as long as fewer than `jobs` are at work.

        Parameters
        ----------
        work
            How much work it is to draw each shard.
        ahead
            Whether this process is at work itself, as it runs ahead.
        """
        room = max(1, self._jobs - ahead) - len(self._at_work)
        free = (child for child in self._waiting if child.shard != self.held)
        by_work = sorted(free, key=lambda child: work[child.shard], reverse=True)
        starting = by_work[: max(0, room)]
        for child in starting:
            child.order({child.shard})
            self._waiting.remove(child)
            self._at_work.append(child)

    def send_spare(self, order: Collection[int] | Alone) -> None:
        """Have the spare worker draw shards, or all."""
        child = self._spare.pop()
        child.order(order)
        self._at_work.append(child)

    def find(self, shard: int) -> Child | None:
        """Return the worker of a shard, if there is one."""
        children = (*self._at_work, *self._waiting)
        return next((child for child in children if child.shard == shard), None)

    def at_work(self) -> Iterator[tuple[Child, Watch]]:
        """Yield the workers that draw, each with what has just looked at it."""
        for child in self._at_work:
            child.watch.look((self.tally[child.place], str(self.words[child.place])))
            yield child, child.watch

    def first_to_speak(self, patience: float) -> Child | None:
        """Wait some seconds until a worker reports something or has ended; return it."""
        return next(iter(select.select(self._at_work, (), (), patience)[0]), None)

    def end(self, child: Child) -> None:
        """Let a worker end, if it has not, and wait for it."""
        child.order(())
        self._at_work.remove(child)
        child.wait()
        self.tally[child.place] = 0

    def kill(self, after: int | None = None) -> None:
        """Kill all workers, or those of the shards after one, but not the spare one."""
        for children in (self._at_work, self._waiting, self._spare):
            for child in [*children]:
                if after is None or child.shard > after:
                    children.remove(child)
                    child.kill()
                    self.tally[child.place] = 0
