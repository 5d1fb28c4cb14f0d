"""Shards drawn by forked workers while this process runs ahead through the scene.

The process that runs `construct` draws nothing. At each cut it forks a worker that goes on from
there, draws one shard and ends. A fork keeps the scene's state, the fonts and the state of all
random numbers; nothing is pickled. The scene's code is run twice, then, once by each: what it
does besides drawing, such as writing a file, is done twice. What it prints is printed once.

A spare process is forked before the first image and waits. If workers are killed, the spare runs
through the scene again and draws the shards that are missing.
"""

from __future__ import annotations

import os
import traceback
from typing import TYPE_CHECKING

from pagereel.errors import RenderError
from pagereel.fast.cuts import Cutter
from pagereel.fast.processes import Child, Spare, first_to_end, leave, uninterrupted
from pagereel.fast.writer import FastWriter

if TYPE_CHECKING:
    from collections.abc import Callable

    from manim import SceneFileWriter


class ForkingCutter(Cutter):
    """Has the shards drawn by workers.

    Whoever uses it catches all errors of the scene, to call `fail` in a child, and calls `stop`
    at the end, whatever happens.

    Parameters
    ----------
    jobs
        How many workers draw at the same time.
    on_progress
        Called with the number of images drawn, whenever a shard is complete.
    """

    def __init__(self, jobs: int, on_progress: Callable[[int], None]) -> None:
        super().__init__(on_progress)
        self._jobs = jobs
        self._parent = os.getpid()
        self._workers: list[Child] = []
        self._spare: Spare | None = None
        self._me: Child | None = None  # in a child: itself
        self._todo: set[int] = set()  # in the spare: what to draw
        self._done: list[int] = []

    def attach(self, writer: SceneFileWriter) -> None:
        """Cut what a writer writes; draw here what cannot be cut."""
        super().attach(writer)
        self.drawing = not isinstance(writer, FastWriter)

    def count(self, images: int) -> None:
        """Count images; in a child, end if the parent has."""
        super().count(images)
        if self._me is not None and os.getppid() != self._parent:
            leave(1)

    def finish(self) -> None:
        """Wait for all shards; have those drawn again whose workers were killed.

        Raises
        ------
        RenderError
            If shards are missing all the same.
        """
        super().finish()
        if self._me is not None:
            leave(0)
        while self._workers:
            self._await_worker()
        if self._spare is not None and (missing := self._missing()):
            spare, self._spare = self._spare, None
            _raise_if_told(spare.order(missing))
            if self._missing():
                raise RenderError(
                    "the processes that draw were killed, twice; is there too little memory?"
                )
            self._report_shards(*missing)

    def stop(self) -> None:
        """End all children at once."""
        if self._me is None:
            children = [*self._workers, *([self._spare] if self._spare else [])]
            self._workers, self._spare = [], None
            for child in children:
                child.kill()

    def fail_if_child(self, error: BaseException) -> None:
        """End a child with an error, which the parent will raise. Do nothing in the parent."""
        if self._me is not None:
            self._me.tell("".join(traceback.format_exception(error)))
            leave(1)

    def _begin(self, index: int) -> None:
        if self._me is None:
            if self._require_writer().is_drawn(index):
                self._fork_worker(index)
        elif not self._todo:
            leave(0)  # a worker's shard ends where the next one begins
        else:
            self._begin_as_spare(index)

    def _fork_worker(self, index: int) -> None:
        if self._spare is None and self._fork_spare(index):
            return
        while len(self._workers) >= self._jobs:
            self._await_worker()
        with uninterrupted():
            child = Child(index)
            if child.process:
                self._workers.append(child)
                return
        self._me, self.drawing = child, True
        super()._begin(index)

    def _fork_spare(self, index: int) -> bool:
        """Fork the spare; return whether this process is the spare, and has been given work."""
        folder = self._require_writer().shard_folder  # made before there are children
        with uninterrupted():
            spare = Spare()
            if spare.process:
                self._spare = spare
                return False
        self._me = spare
        self._todo = spare.listen(folder)
        self._begin_as_spare(index)
        return True

    def _begin_as_spare(self, index: int) -> None:
        if index > max(self._todo):
            leave(0)
        self.drawing = index in self._todo
        if self.drawing:
            super()._begin(index)

    def _await_worker(self) -> None:
        """Wait until one of the workers has ended."""
        child = first_to_end(self._workers)
        self._workers.remove(child)
        _raise_if_told(child.wait())
        if self._require_writer().shard_path(child.shard).exists():
            self._report_shards(child.shard)

    def _report(self, images: int) -> None:
        """Do nothing: images are drawn elsewhere."""

    def _missing(self) -> set[int]:
        writer = self._require_writer()
        shards = range(len(writer.counts))
        return {
            shard
            for shard in shards
            if writer.is_drawn(shard) and not writer.shard_path(shard).exists()
        }

    def _report_shards(self, *shards: int) -> None:
        self._done.extend(shards)
        counts = self._require_writer().counts
        self._on_progress(sum(counts[shard] for shard in self._done))


def _raise_if_told(story: str) -> None:
    """Raise what a child has told, if anything."""
    if story:
        error = RenderError(f"drawing failed: {story.strip().splitlines()[-1]}")
        error.add_note(story)
        raise error
