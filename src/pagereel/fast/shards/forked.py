"""Shards drawn by forked workers while this process runs ahead through the scene.

The process that runs `construct` draws nothing. At each cut it forks a worker that waits for its
turn, goes on from there, draws one shard and ends. A fork keeps the scene's state, the fonts and
the state of all random numbers; nothing is pickled. The scene's code is run twice, then, once by
each: what it does besides drawing, such as writing a file, is done twice. What it prints is
printed once.

A spare process is forked before the first image and waits. If workers are killed, the spare runs
through the scene again and draws the shards that are missing.

Shards that an interrupted rendering has left are taken over if the scene is, where they begin and
where they end, as it was then.
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pagereel.failure import Failure, Killed
from pagereel.fast.shards.cutter import Cutter
from pagereel.fast.shards.processes import Child, first_to_end, go_apart, leave, uninterrupted
from pagereel.fast.writer import FastWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from manim import SceneFileWriter

    from pagereel.fast.report import Report
    from pagereel.fast.shards.resume import Checkpoint


class ForkingCutter(Cutter):
    """Has the shards drawn by workers.

    Whoever uses it catches all errors of the scene, to call `fail_if_child`, and calls `stop` at
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
        self._work: dict[int, float] = {}  # of each shard
        self._me: Child | None = None  # in a child: itself
        self._todo: set[int] = set()  # in a child: what to draw
        self._done: set[int] = set()
        self._taken: set[int] = set()
        self._apart = TemporaryDirectory(prefix="pagereel-", ignore_cleanup_errors=True)

    def attach(self, writer: SceneFileWriter, report: Report) -> None:
        """Cut what a writer writes; draw here what cannot be cut."""
        super().attach(writer, report)
        self.drawing = not isinstance(writer, FastWriter)

    def weigh(self, work: float) -> None:
        """Note how much work a play is going to be; the shard with the most is drawn first."""
        self._work[len(self._require_writer().plan.counts) - 1] += work

    def count(self, images: int) -> None:
        """Count images; in a child, end if the parent has."""
        super().count(images)
        if self._me is not None:
            if self.drawing:
                self._crew.tally.add(self._me.place, images)
            if os.getppid() != self._parent:
                leave(1)

    def finish(self) -> None:
        """Wait for all shards; have those drawn again whose workers were killed.

        Raises
        ------
        Killed
            If shards are missing all the same.
        """
        writer = self._writer
        if writer is None:
            return
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
        """End all children at once."""
        if self._me is None:
            self._crew.kill()
            self._apart.cleanup()

    def fail_if_child(self, error: BaseException) -> None:
        """End a child with an error, which the parent will raise. Do nothing in the parent."""
        if self._me is not None:
            self._me.tell(Failure.of(error).json)
            leave(1)

    def _begin(self, index: int) -> None:
        self._work[index] = 0
        if self._me is None:
            self._see_to(index)
        elif index > max(self._todo):
            leave(0)
        else:
            self._begin_in_child(index)

    def _see_to(self, index: int) -> None:
        """Take a shard over, or fork a worker to draw it, or pass it over."""
        writer = self._require_writer()
        if not self._crew.has_spare:
            folder = writer.shard_folder  # made before there are children
            spare = self._crew.fork_spare()
            if not spare.process:
                self._go_on(spare, index, folder if writer.delivery.checkpoint is None else None)
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
                self._report.note("a kept part of the video is damaged and drawn again")
            checkpoint.drop(index)
        worker = self._crew.fork(index)
        if not worker.process:
            self._go_on(worker, index)
            return
        self._crew.send(self._work, ahead=True)
        while self._crew.is_full:
            self._crew.send(self._work, ahead=False)
            self._await_worker()

    def _go_on(self, me: Child, index: int, folder: Path | None = None) -> None:
        """Go on, in a child, from the beginning of a shard, when told what to draw."""
        self._me = me
        self._todo = me.listen(folder)
        go_apart(Path(self._apart.name, str(me.shard)))
        self._begin_in_child(index)

    def _begin_in_child(self, index: int) -> None:
        self.drawing = index in self._todo
        if self.drawing:
            super()._begin(index)

    def _await_worker(self) -> None:
        """Wait until one of the workers has ended."""
        child = self._crew.first_to_end(self._look)
        writer = self._require_writer()
        if failure := Failure.from_json(child.wait()):
            failure.raise_again(writer.movie_file_path.parent)
        self._crew.tally.clear(child.place)
        if child.shard >= 0 and writer.shard_path(child.shard).exists():
            self._done.add(child.shard)

    def _mark(self, checkpoint: Checkpoint, index: int, state: str) -> None:
        """Note how the scene is before a shard; if it has been different, all is new from here."""
        if self._me is None and not checkpoint.mark(index, state):
            checkpoint.drop(index)
            if index - 1 in self._taken:
                self._taken.remove(index - 1)
                checkpoint.drop(index - 1)

    def _drawn(self) -> int:
        return self._crew.tally.total() + self._count_of(self._done | self._taken)

    def _look(self) -> None:
        if self._me is None:
            super()._look()

    def _count_of(self, shards: set[int]) -> int:
        counts = self._require_writer().plan.counts
        return sum(counts[shard] for shard in shards)


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
