"""Shards drawn by forked workers while this process runs ahead through the scene.

The process that runs `construct` draws nothing. At each cut it forks a worker that goes on from
there, draws one shard and ends. A fork keeps the scene's state, the fonts and the state of all
random numbers; nothing is pickled. The scene's code is run twice, then, once by each: what it
does besides drawing, such as writing a file, is done twice. What it prints is printed once.

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

from manim import logger

from pagereel.fast.apart import go_apart
from pagereel.fast.cuts import Cutter
from pagereel.fast.failure import Killed, facts_of, raise_told
from pagereel.fast.processes import Child, Spare, first_to_end, leave, uninterrupted
from pagereel.fast.progress import Tally
from pagereel.fast.writer import FastWriter

if TYPE_CHECKING:
    from collections.abc import Callable

    from manim import SceneFileWriter

    from pagereel.fast.keeping import Kept


class ForkingCutter(Cutter):
    """Has the shards drawn by workers.

    Whoever uses it catches all errors of the scene, to call `fail_if_child`, and calls `stop` at
    the end, whatever happens.

    Parameters
    ----------
    jobs
        How many workers draw at the same time.
    on_progress
        Called with the number of images drawn, at most ten times a second and at the end.
    on_plan
        Called with the number of images that there will be, as soon as it is known (None until
        then), and of those that were taken over, whenever there are more.
    """

    def __init__(
        self,
        jobs: int,
        on_progress: Callable[[int], None],
        on_plan: Callable[[int | None, int], None] | None = None,
    ) -> None:
        super().__init__(on_progress)
        self._on_plan = on_plan or (lambda _total, _taken: None)
        self._jobs = jobs
        self._parent = os.getpid()
        self._workers: list[Child] = []
        self._spare: Spare | None = None
        self._me: Child | None = None  # in a child: itself
        self._todo: set[int] = set()  # in the spare: what to draw
        self._done: set[int] = set()
        self._taken: set[int] = set()
        self._tally = Tally(jobs + 1)
        self._apart = TemporaryDirectory(prefix="pagereel-", ignore_cleanup_errors=True)

    def attach(self, writer: SceneFileWriter) -> None:
        """Cut what a writer writes; draw here what cannot be cut."""
        super().attach(writer)
        self.drawing = not isinstance(writer, FastWriter)

    def count(self, images: int) -> None:
        """Count images; in a child, end if the parent has."""
        super().count(images)
        if self._me is not None:
            if self.drawing:
                self._tally.add(self._me.place, images)
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
        self._on_plan(writer.images, self._count_of(self._taken))
        while self._workers:
            self._await_worker()
        if missing := writer.missing():
            self._have_spare_draw(set(missing))
        self._pace.tell_now(writer.images)

    def stop(self) -> None:
        """End all children at once."""
        if self._me is None:
            children = [*self._workers, *([self._spare] if self._spare else [])]
            self._workers, self._spare = [], None
            for child in children:
                child.kill()
            self._apart.cleanup()

    def fail_if_child(self, error: BaseException) -> None:
        """End a child with an error, which the parent will raise. Do nothing in the parent."""
        if self._me is not None:
            self._me.tell(facts_of(error))
            leave(1)

    def _begin(self, index: int) -> None:
        if self._me is None:
            self._see_to(index)
        elif not self._todo:
            leave(0)  # a worker's shard ends where the next one begins
        else:
            self._begin_as_spare(index)

    def _see_to(self, index: int) -> None:
        """Take a shard over, or fork a worker to draw it, or pass it over."""
        if self._spare is None and self._fork_spare(index):
            return
        writer = self._require_writer()
        if not writer.is_drawn(index):
            return
        kept = writer.kept
        if kept is not None and kept.has(index):
            self._taken.add(index)
            self._on_plan(None, self._count_of(self._taken))
            return
        if kept is not None:
            if kept.is_noted(index):
                logger.info("FastRenderer: a kept part of the video is damaged and drawn again")
            kept.drop(index)
        while len(self._workers) >= self._jobs:
            self._await_worker()
        free = set(range(self._jobs)) - {worker.place for worker in self._workers}
        self._tally.clear(min(free))
        with uninterrupted():
            child = Child(index, min(free))
            if child.process:
                self._workers.append(child)
                return
        self._me, self.drawing = child, True
        go_apart(Path(self._apart.name, str(index)))
        super()._begin(index)

    def _fork_spare(self, index: int) -> bool:
        """Fork the spare; return whether this process is the spare, and has been given work."""
        writer = self._require_writer()
        folder = writer.shard_folder  # made before there are children
        with uninterrupted():
            spare = Spare(self._jobs)
            if spare.process:
                self._spare = spare
                return False
        self._me = spare
        go_apart(Path(self._apart.name, "spare"))
        self._todo = spare.listen(folder if writer.kept is None else None)
        self._begin_as_spare(index)
        return True

    def _begin_as_spare(self, index: int) -> None:
        if index > max(self._todo):
            leave(0)
        self.drawing = index in self._todo
        if self.drawing:
            super()._begin(index)

    def _have_spare_draw(self, missing: set[int]) -> None:
        spare, self._spare = self._spare, None
        if spare is not None:
            spare.order(missing)
            self._workers.append(spare)
            self._await_worker()
        if self._require_writer().missing():
            raise Killed

    def _await_worker(self) -> None:
        """Wait until one of the workers has ended."""
        child = first_to_end(self._workers, self._look)
        self._workers.remove(child)
        writer = self._require_writer()
        raise_told(child.wait(), writer.movie_file_path.parent)
        self._tally.clear(child.place)
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
        return self._tally.total() + self._count_of(self._done | self._taken)

    def _look(self) -> None:
        if self._me is None:
            super()._look()

    def _count_of(self, shards: set[int]) -> int:
        counts = self._require_writer().counts
        return sum(counts[shard] for shard in shards)
