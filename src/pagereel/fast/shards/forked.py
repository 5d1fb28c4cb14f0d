"""Shards drawn by forked workers while this process runs ahead through the scene.

The process that runs `construct` draws nothing. At each cut it forks a worker that waits for its
turn, draws one shard and ends. A fork keeps the scene's state, the fonts and the state of all
random numbers; nothing is pickled. So each part of the scene's code runs twice, once in the parent
and once in a worker, and its side effects, such as writing a file, happen twice. Output is printed
only once.

A spare worker is forked before the first image. If other workers are killed, it runs through the
scene again and draws the missing shards.

Shards of a checkpoint are reused if the scene passes both their ends in the same state again.
"""

from __future__ import annotations

import mmap
import os
import select
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pagereel.failure import Failure, Killed
from pagereel.fast.report import INTERVAL
from pagereel.fast.shards.cutter import Cutter
from pagereel.fast.shards.processes import ANY, Child, go_apart, leave, uninterrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pagereel.checkpoints import Checkpoint


class ForkingCutter(Cutter):
    """Has the shards drawn by workers.

    Its user must catch all errors of the scene and call `fail_if_child`, and must call `stop` at
    the end, whatever happens.

    Parameters
    ----------
    jobs
        How many workers draw at the same time.
    """

    def __init__(self, jobs: int) -> None:
        super().__init__()
        self.jobs = jobs
        self._parent = os.getpid()
        self._crew = Crew(jobs)
        self._work: dict[int, float] = {}  # of each shard, see `work_of`
        self._me: Child | None = None  # in a worker: itself
        self._todo: set[int] = set()  # in a worker: the shards to draw
        self._done: set[int] = set()
        self._taken: set[int] = set()
        self._apart = TemporaryDirectory(prefix="pagereel-", ignore_cleanup_errors=True)

    def weigh(self, work: float) -> None:
        """Note how much work a play is; the shard with the most work is drawn first."""
        self._work[len(self._writer.plan.counts) - 1] += work

    def count(self, images: int) -> None:
        """Count images; in a worker, end if the parent has ended."""
        super().count(images)
        if self._me is not None:
            if self.drawing:
                self._crew.tally[self._me.place] += images
            if os.getppid() != self._parent:
                leave(1)

    def finish(self) -> None:
        """Wait for all shards; have the shards of killed workers drawn again.

        Raises
        ------
        Killed
            If shards are still missing.
        """
        writer = self._writer
        writer.end_shard()
        if self._me is not None:
            leave(0)
        self._report.plan(writer.plan.images, self._count_of(self._taken))
        while self._crew:
            self._crew.send(self._work, ahead=False)
            self._await_worker()
        if (missing := writer.missing()) and self._crew.has_spare:
            self._crew.send_spare(missing)
            self._await_worker()
        if writer.missing():
            raise Killed
        self._pace.finish(writer.plan.images)

    def stop(self) -> None:
        """Kill all workers."""
        if self._me is None:
            self._crew.kill()
            self._apart.cleanup()

    def fail_if_child(self, error: BaseException) -> None:
        """End a worker with an error, which the parent will raise. Do nothing in the parent."""
        if self._me is not None:
            self._me.report(Failure.of(error))
            leave(1)

    def _begin(self, index: int) -> None:
        self._work[index] = 0
        if self._me is None:
            self._provide(index)
        elif index > max(self._todo):
            leave(0)
        else:
            self._begin_in_worker(index)

    def _provide(self, index: int) -> None:
        """Reuse a shard, fork a worker to draw it, or skip it."""
        self.drawing = False
        writer = self._writer
        if not self._crew.has_spare:
            folder = writer.shard_folder  # made before there are workers
            spare = self._crew.fork()
            if not spare.process:
                self._start(spare, index, folder if writer.delivery.checkpoint is None else None)
                return
        if not writer.plan.is_drawn(index):
            return
        checkpoint = writer.delivery.checkpoint
        if checkpoint is not None and checkpoint.has(index):
            self._taken.add(index)
            self._report.plan(None, self._count_of(self._taken))
            return
        if checkpoint is not None:
            if checkpoint.is_noted(index):
                self._report.note(
                    "a part of the video in the checkpoint is damaged and drawn again"
                )
            checkpoint.drop(index)
        worker = self._crew.fork(index)
        if not worker.process:
            self._start(worker, index)
            return
        self._crew.send(self._work, ahead=True)
        while self._crew.is_full:
            self._crew.send(self._work, ahead=False)
            self._await_worker()

    def _start(self, me: Child, index: int, folder: Path | None = None) -> None:
        """In a worker, wait for an order, and continue where a shard begins."""
        self._me = me
        self._todo = me.listen(folder)
        go_apart(Path(self._apart.name, str(me.shard)))
        self._begin_in_worker(index)

    def _begin_in_worker(self, index: int) -> None:
        self.drawing = index in self._todo
        if self.drawing:
            super()._begin(index)

    def _await_worker(self) -> None:
        """Wait until one of the workers has ended."""
        child = self._crew.first_to_end(self._look)
        writer = self._writer
        if failure := child.wait():
            failure.raise_again(writer.movie_file_path.parent)
        self._crew.tally[child.place] = 0
        if child.shard != ANY and writer.shard_path(child.shard).exists():
            self._done.add(child.shard)

    def _mark(self, checkpoint: Checkpoint, index: int, state: str) -> None:
        """Note the scene's state before a shard; if it has changed, drop the shards beside it."""
        if self._me is None and not checkpoint.mark(index, state):
            checkpoint.drop(index)
            if index - 1 in self._taken:
                self._taken.remove(index - 1)
                checkpoint.drop(index - 1)

    def _drawn(self) -> int:
        return sum(self._crew.tally) + self._count_of(self._done | self._taken)

    def _look(self) -> None:
        if self._me is None:
            super()._look()

    def _count_of(self, shards: set[int]) -> int:
        counts = self._writer.plan.counts
        return sum(counts[shard] for shard in shards)


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
        How many images each worker has drawn of its shard.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._at_work: list[Child] = []
        self._waiting: list[Child] = []
        self._spare: list[Child] = []
        # In memory that this process shares with those that it forks.
        self.tally = memoryview(mmap.mmap(-1, 8 * (jobs + _WAITING + 2))).cast("Q")

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
        self.tally[place] = 0
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
        by_work = sorted(self._waiting, key=lambda child: work[child.shard], reverse=True)
        for child in by_work[: max(0, room)]:
            child.order({child.shard})
            self._waiting.remove(child)
            self._at_work.append(child)

    def send_spare(self, shards: Collection[int]) -> None:
        """Have the spare worker draw shards."""
        child = self._spare.pop()
        child.order(shards)
        self._at_work.append(child)

    def first_to_end(self, meanwhile: Callable[[], None]) -> Child:
        """Wait until a worker has ended or failed; return it. Call `meanwhile` now and then."""
        while not (ended := select.select(self._at_work, (), (), INTERVAL)[0]):
            meanwhile()
        child: Child = ended[0]
        self._at_work.remove(child)
        return child

    def kill(self) -> None:
        """Kill all workers."""
        for children in (self._at_work, self._waiting, self._spare):
            while children:
                children.pop().kill()
