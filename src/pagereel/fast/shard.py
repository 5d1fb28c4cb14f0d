"""A shard: a stretch of the video, encoded on its own into a file without sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import av

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    from manim.typing import PixelArray

    from pagereel.fast.boxes import Box

from pagereel.fast.yuv import YuvPicture

# Flat colours hardly cost bits, at a constant quantizer and with the cheapest motion search; key
# frames do. So there is one at the beginning of a shard and then none for long. Most of a picture
# stands still: what saves bits where it moves (CABAC, large transforms, trellis) is cheap.
_OPTIONS = {
    "preset": "ultrafast",
    "qp": "21",
    "x264-params": ("keyint=600:scenecut=0:partitions=all:cabac=1:8x8dct=1:trellis=1:threads=1"),
    "color_range": "tv",
    "colorspace": "bt709",
    "color_primaries": "bt709",
    "color_trc": "bt709",
}


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """Size in pixels, and images a second."""

    width: int
    height: int
    rate: Fraction


class ShardEncoder:
    """Encodes one shard.

    Parameters
    ----------
    path
        Where to. It appears when the shard is complete.
    video
        Size and rate.
    """

    def __init__(self, path: Path, video: VideoFormat) -> None:
        self._path = path
        self._growing = path.with_suffix(".growing")
        self._picture = YuvPicture(video.width, video.height)
        self._container = av.open(str(self._growing), "w", format="mp4")
        self._stream = self._container.add_stream("libx264", rate=video.rate, options=_OPTIONS)
        self._stream.width, self._stream.height = video.width, video.height
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.thread_count = 1
        self._time_base = 1 / video.rate
        self.images = 0

    def add(self, pixels: PixelArray, boxes: list[Box], repeat: int = 1) -> None:
        """Show an image `repeat` times.

        Parameters
        ----------
        pixels
            Shape (height, width, 4), RGBA.
        boxes
            Where it differs from the one before; all of it, if it is the shard's first.
        """
        self._picture.patch(pixels, boxes)
        frame = self._picture.frame
        for _ in range(repeat):
            frame.pts, frame.time_base = self.images, self._time_base
            self._container.mux(self._stream.encode(frame))
            self.images += 1

    def finish(self) -> None:
        """Complete the file."""
        self._container.mux(self._stream.encode())
        self._container.close()
        self._growing.replace(self._path)

    def abort(self) -> None:
        """Stop without a file."""
        self._container.close()
        self._growing.unlink(missing_ok=True)
