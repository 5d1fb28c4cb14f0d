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

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pagereel.failure import Failure, Killed
from pagereel.fast.shards.apart import go_apart
from pagereel.fast.shards.crew import Crew
from pagereel.fast.shards.cutter import Cutter
from pagereel.fast.shards.processes import leave
from pagereel.fast.writer import FastWriter

if TYPE_CHECKING:
    from manim import SceneFileWriter

    from pagereel.fast.report import Report
    from pagereel.fast.shards.processes import Child
    from pagereel.fast.shards.resume import Kept


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
                self._go_on(spare, index, folder if writer.delivery.kept is None else None)
                return
        if not writer.plan.is_drawn(index):
            return
        kept = writer.delivery.kept
        if kept is not None and kept.has(index):
            self._taken.add(index)
            self._report.plan(None, self._count_of(self._taken))
            return
        if kept is not None:
            if kept.is_noted(index):
                self._report.note("a kept part of the video is damaged and drawn again")
            kept.drop(index)
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

    def _mark(self, kept: Kept, index: int, state: str) -> None:
        """Note how the scene is before a shard; if it has been different, all is new from here."""
        if self._me is None and not kept.mark(index, state):
            kept.drop(index)
            if index - 1 in self._taken:
                self._taken.remove(index - 1)
                kept.drop(index - 1)

    def _drawn(self) -> int:
        return self._crew.tally.total() + self._count_of(self._done | self._taken)

    def _look(self) -> None:
        if self._me is None:
            super()._look()

    def _count_of(self, shards: set[int]) -> int:
        counts = self._require_writer().plan.counts
        return sum(counts[shard] for shard in shards)
