"""A shard: a stretch of the video, encoded on its own into a file without sound."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from pagereel.fast.encode.track import Track
from pagereel.fast.encode.yuv import YuvPicture

if TYPE_CHECKING:
    from concurrent.futures import Future
    from pathlib import Path

    from manim.typing import PixelArray

    from pagereel.fast.boxes import Box
    from pagereel.fast.encode.x264 import VideoFormat

# Seconds after which Python lets another thread go on. An image takes some milliseconds to encode,
# so that Python's own 5 ms, each time an image is ready, would be as long again.
_TURN = 0.0005


class ShardEncoder:
    """Encodes one shard.

    Parameters
    ----------
    path
        Where to. It appears when the shard is complete.
    video
        Size and rate.
    aside
        Whether each picture is encoded while the next one is drawn. It takes a processor that has
        nothing else to do; the file is the same.
    """

    def __init__(self, path: Path, video: VideoFormat, *, aside: bool = False) -> None:
        self._track = Track(path, video)
        self._picture = YuvPicture(video.width, video.height)
        self._aside = _Aside(self._track, video) if aside else None

    def add(self, pixels: PixelArray, boxes: list[Box], repeat: int = 1) -> None:
        """Show an image `repeat` times.

        What goes wrong in encoding it aside is raised by the next call.

        Parameters
        ----------
        pixels
            Shape (height, width, 4), RGBA, opaque.
        boxes
            Where it differs from the one before; all of it, if it is the shard's first.
        """
        changed = boxes if self._picture.patch(pixels, boxes) else []
        if self._aside is None:
            self._track.show(self._picture, changed, repeat)
        else:
            encoded = self._aside.show(self._picture, changed, repeat)
            encoded.take(self._picture, boxes)
            self._picture = encoded

    def finish(self) -> None:
        """Complete the file."""
        if self._aside is not None:
            self._aside.wait()
            self._aside.end()
        self._track.finish()

    def abort(self) -> None:
        """Stop without a file."""
        if self._aside is not None:
            self._aside.end()
        self._track.abort()


class _Aside:
    """A thread that encodes one picture, while another is patched."""

    def __init__(self, track: Track, video: VideoFormat) -> None:
        self._track = track
        self._thread = ThreadPoolExecutor(1)
        self._picture = YuvPicture(video.width, video.height)
        self._encoding: Future[None] | None = None
        self._usual_turn = sys.getswitchinterval()
        sys.setswitchinterval(min(_TURN, self._usual_turn))

    def show(self, picture: YuvPicture, boxes: list[Box], repeat: int) -> YuvPicture:
        """Have a picture encoded; return the one that was encoded before."""
        self.wait()
        self._encoding = self._thread.submit(self._track.show, picture, boxes, repeat)
        encoded, self._picture = self._picture, picture
        return encoded

    def wait(self) -> None:
        """Wait until all is encoded; raise what went wrong."""
        if self._encoding is not None:
            self._encoding.result()

    def end(self) -> None:
        """End the thread."""
        self._thread.shutdown()
        sys.setswitchinterval(self._usual_turn)
