"""Cutting a video into shards, which are drawn and encoded one by one."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from manim.utils.exceptions import EndSceneEarlyException

from pagereel.fast.draw.playing import name_of
from pagereel.fast.report import Pace, Report
from pagereel.fast.shards.guard import conclude
from pagereel.fast.shards.history import History
from pagereel.fast.shards.pictures import Pictures, watch_pixels
from pagereel.fast.shards.processes import ended_by, leave

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from manim import Camera, Scene
    from manim.scene.section import Section
    from manim.typing import PixelArray

    from pagereel.fast.shards.history import Passed
    from pagereel.fast.writer import FastWriter

# A cut costs a key frame, in 1080p about 70 kB, and some 50 ms to draw all of a picture. Fewer
# cuts leave bytes for all other images. More of them leave less to draw again after an edit, less
# to wait for at the end, and something to do for more cores.
SECTION_SECONDS = 4.0
SHARD_SECONDS = 16.0


class DrawnElsewhere(EndSceneEarlyException):
    """Another process draws all of the rest, so this one need not run through it."""


class Cutter:
    """Cuts where a section begins after some seconds, or anywhere after some more; draws itself.

    The cuts, and so all bytes of the video, depend on the scene alone, and not on how many
    processes draw, or where.

    Attributes
    ----------
    drawing
        Whether this process draws the current shard.
    """

    drawing = True

    def __init__(self) -> None:
        self._report = Report()
        self._pace = Pace(self._report)
        self._history = History()
        self._pictures: Pictures | None = None  # if shards are kept
        self._shown: bytes | None = None  # a digest of what the current play shows as it begins
        self._digests: dict[int, str | None] = {}  # of the pictures of each shard
        self._is_watched = False
        self._process = os.getpid()
        self._attached: FastWriter | None = None
        self._section: Section | None = None
        self._play = ""

    def attach(self, writer: FastWriter, report: Report) -> None:
        """Cut a writer's video, and report on it; without this, nothing is cut."""
        self._attached, self._report, self._pace = writer, report, Pace(report)
        writer.give_up = self._give_up
        rate = writer.require_video().rate
        self._least, self._limit = int(SECTION_SECONDS * rate), int(SHARD_SECONDS * rate)

    def keep_shards(self, camera: Camera) -> None:
        """Find out what pictures are drawn from, if shards are kept by that."""
        if self._attached is not None and self._attached.delivery.kept is not None:
            self._pictures = Pictures(self._attached.maker)
            watch_pixels(camera, self._see_look)
            self._is_watched = True

    def is_due(self) -> bool:
        """Return whether the next image begins a shard."""
        if self._attached is None:
            return False
        plan = self._attached.plan
        is_new_section = plan.section is not self._section
        self._section = plan.section
        if not plan.counts or (is_new_section and plan.wanted):
            return True
        images = plan.counts[-1]
        return images >= self._limit or (is_new_section and images >= self._least)

    def may_cut(self, images: int) -> bool:
        """Return whether a cut may come within the next images."""
        return self._attached is not None and self._writer.plan.counts[-1] + images > self._limit

    def reach(self, scene: Scene, animations: Iterable[object]) -> None:
        """Note which play comes, in case that it never ends."""
        self._play = name_of(scene, animations)
        self._at(self._play)

    def pass_on(self) -> None:
        """Note that the scene's code goes on after the play."""
        self._at(f"the code after {self._play}")

    @property
    def keeps_shards(self) -> bool:
        """Whether it is found out what pictures are drawn from."""
        return self._pictures is not None

    def note_play(
        self, scene: Scene, look: str, images: int, *, foreseeable: bool, frozen: bool
    ) -> None:
        """Note what the pictures of a play follow from, as it begins; see `Pictures.play`."""
        if self.keeps_shards and self._pictures is not None:
            self._shown = self._pictures.play(
                scene, look, images, foreseeable=foreseeable, frozen=frozen
            )

    def begin_play(self, scene: Scene) -> None:
        """Note what a play shows as it begins."""
        if self._remembers:
            self._history.add(scene, self._shown)

    def go_on(self, scene: Scene, look: str) -> None:
        """Note what is shown where a shard has begun within a play."""
        if self._pictures is not None:
            self._pictures.go_on(scene, look)

    @property
    def wants_images(self) -> bool:
        """Whether each image of the play is to be computed and noted, even if it is not drawn."""
        return self._pictures is not None and self._pictures.wants_images

    def see_image(self, scene: Scene) -> None:
        """Note what the next image shows."""
        if self._pictures is not None and self._pictures.wants_images:
            self._pictures.image(scene)

    @contextmanager
    def unwatched(self) -> Iterator[None]:
        """Let pixels be read: it is not the scene that does."""
        watched, self._is_watched = self._is_watched, False
        try:
            yield
        finally:
            self._is_watched = watched

    def _see_look(self) -> None:
        """Note that somebody reads the camera's pixels."""
        if self._is_watched and not self.drawing and self._pictures is not None:
            self._pictures.spoil()

    def pass_by(self, scene: Scene) -> None:
        """Note what the scene has shown where a shard is about to begin, or where the last ends.

        A rendering that resumes from this one reuses a shard only if it passes both its ends with
        the same history.
        """
        plan = self._writer.plan if self._attached is not None else None
        if plan is not None and self._remembers:
            self._mark(len(plan.counts), self._history.end(scene, plan.length))
        if plan is not None and self._pictures is not None:
            self._digests[len(plan.counts) - 1] = self._pictures.end()

    def wanted(self, images: int) -> int | None:
        """Return which of the next images is to be seen, from 0, though it is not drawn here."""
        del images
        return None

    def see(self, pixels: PixelArray) -> None:
        """Take the pixels of such an image; they change with the next one."""

    def cut(self) -> None:
        """Begin a shard."""
        self._end_shard()
        self._begin(self._writer.plan.begin_shard())

    def weigh(self, work: float) -> None:
        """Note how much work it is to draw a play that is not drawn here."""

    def drew(self, seconds: float) -> None:
        """Note for how long this process has drawn an image."""

    def count(self, images: int) -> None:
        """Count images that were shown, or skipped."""
        if self._attached is not None:
            self._writer.plan.count(images)
            self._look()

    def finish(self) -> None:
        """Have all shards completed."""
        if self._attached is not None:
            self._end_shard()
            self._pace.finish(self._drawn())

    def stop(self) -> None:
        """End all children."""

    def fail_if_child(self, error: BaseException) -> None:
        """In a forked process: end, and have the parent raise the error.

        A process that the scene has forked itself ends as Python ends, and cleans up nothing here.
        """
        if os.getpid() != self._process:
            conclude()
            leave(ended_by(error))

    def _give_up(self, error: BaseException | None) -> None:
        if error is not None:
            self.fail_if_child(error)
        self.stop()

    def _end_shard(self) -> None:
        """Complete the shard that is drawn here, if one is, and keep it."""
        writer = self._writer
        writer.end_shard()
        ended = len(writer.plan.counts) - 1
        digest = self._digests.get(ended)
        if digest and self.drawing and ended >= 0 and writer.delivery.kept is not None:
            writer.delivery.kept.keep(digest, writer.shard_path(ended))

    def _look(self) -> None:
        """Report how far the scene has come, and how many images are drawn, if it is time."""
        self._report.passed(self._writer.plan.length)
        self._pace.count(self._drawn())

    def _drawn(self) -> int:
        return self._writer.plan.images

    def _at(self, words: str) -> None:
        self._report.play(words)

    @property
    def _remembers(self) -> bool:
        """Whether anything may be compared with what the scene shows."""
        return self._attached is not None and self._attached.delivery.checkpoint is not None

    def _mark(self, index: int, passed: Passed) -> None:
        """Note what the scene has come to before a shard, or at the end."""
        if (checkpoint := self._writer.delivery.checkpoint) is not None:
            checkpoint.mark(index, **passed._asdict())

    def _begin(self, index: int) -> None:
        """Begin a shard."""
        self._draw(index)

    def _draw(self, index: int, *, later: bool = False) -> None:
        """Draw a shard in this process, if it is wanted; `later` as in `ShardEncoder`."""
        writer = self._writer
        self.drawing = writer.plan.is_drawn(index)
        if self.drawing:
            writer.begin_shard(index, later=later)
            if writer.encodes_repeats:
                self._report.note("each image is encoded: x264 writes skip frames in a new way")

    @property
    def _writer(self) -> FastWriter:
        if self._attached is None:
            raise RuntimeError("there is nothing to cut: this writer does not write shards")
        return self._attached
