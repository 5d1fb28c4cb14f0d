"""Where the video is cut into shards, drawn and encoded one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.fast.writer import FastWriter

if TYPE_CHECKING:
    from collections.abc import Callable

    from manim import SceneFileWriter
    from manim.scene.section import Section

# A cut costs a key frame, in 1080p about 70 kB, and some 50 ms to draw all of a picture. Fewer
# cuts leave bytes for all other images, more of them leave less to wait for at the end.
SECTION_SECONDS = 9.0
SHARD_SECONDS = 16.0


class Cutter:
    """Cuts at the first section that begins after some seconds, or at a play after some more.

    Where it cuts depends on the scene alone, not on who draws the shards or how many do: so does,
    then, every byte of the video.

    Parameters
    ----------
    on_progress
        Called with the number of images drawn, now and then.

    Attributes
    ----------
    drawing
        Whether this process draws the current shard.
    """

    drawing = True

    def __init__(self, on_progress: Callable[[int], None] | None = None) -> None:
        self._on_progress = on_progress or (lambda _images: None)
        self._writer: FastWriter | None = None
        self._section: Section | None = None

    def attach(self, writer: SceneFileWriter) -> None:
        """Cut what a writer writes; only a `FastWriter` writes shards."""
        self._writer = writer if isinstance(writer, FastWriter) else None
        if self._writer is not None and self._writer.video_encoder is not None:
            rate = self._writer.video_encoder.frame_rate
            self._least, self._limit = int(SECTION_SECONDS * rate), int(SHARD_SECONDS * rate)

    def is_due(self) -> bool:
        """Return whether the next image begins a shard."""
        writer = self._writer
        if writer is None:
            return False
        is_new_section = writer.sections[-1] is not self._section
        self._section = writer.sections[-1]
        if not writer.counts or (is_new_section and writer.wanted):
            return True
        images = writer.counts[-1]
        return images >= self._limit or (is_new_section and images >= self._least)

    def may_cut(self, images: int) -> bool:
        """Return whether a cut may come within the next images."""
        return self._writer is not None and self._writer.counts[-1] + images > self._limit

    def cut(self) -> None:
        """Begin a shard."""
        writer = self._require_writer()
        writer.end_shard()
        self._report(sum(writer.counts))
        index = len(writer.counts)
        writer.counts.append(0)
        writer.shard_sections.append(writer.sections[-1])
        self._begin(index)

    def count(self, images: int) -> None:
        """Count images that were shown, or passed over."""
        if self._writer is not None:
            self._writer.counts[-1] += images

    def finish(self) -> None:
        """See to it that all shards are there."""
        if self._writer is not None:
            self._writer.end_shard()
            self._report(sum(self._writer.counts))

    def stop(self) -> None:
        """End all children."""

    def fail_if_child(self, error: BaseException) -> None:
        """In a child of the scene's process: end with an error, and have the parent raise it."""

    def _report(self, images: int) -> None:
        if self.drawing:
            self._on_progress(images)

    def _begin(self, index: int) -> None:
        writer = self._require_writer()
        self.drawing = writer.is_drawn(index)
        if self.drawing:
            writer.begin_shard(index)

    def _require_writer(self) -> FastWriter:
        if self._writer is None:
            raise RuntimeError("there is nothing to cut: the writer writes no shards")
        return self._writer
