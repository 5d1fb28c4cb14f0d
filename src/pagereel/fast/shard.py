"""A shard: a stretch of the video, encoded on its own into a file without sound."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import av
from av.video.frame import PictureType
from manim import logger

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction
    from pathlib import Path

    from manim.typing import PixelArray

    from pagereel.fast.boxes import Box

from pagereel.fast.repeats import Numberer, are_understood
from pagereel.fast.yuv import YuvPicture

# Flat colours hardly cost bits, at a constant quantizer and with the cheapest motion search; key
# frames do. So there is one at the beginning of a shard and then none for long, but a good one
# (`ipratio`): most of a picture stands still and stays as the key frame showed it. What saves
# bits where it moves is cheap: CABAC, large transforms, trellis, and a coarser colour.
_OPTIONS = {
    "preset": "ultrafast",
    "qp": "19",
    "forced-idr": "1",
    "x264-params": (
        "ipratio=2.2:chroma-qp-offset=6:keyint=infinite:scenecut=0:partitions=all:cabac=1:8x8dct=1"
        ":trellis=1:threads=1"
    ),
    "color_range": "tv",
    "colorspace": "bt709",
    "color_primaries": "bt709",
    "color_trc": "bt709",
}
KEY_FRAME_SECONDS = 20  # at most so far apart: who seeks waits for what lies in between


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
        repeat = _repeat(video)
        self._numberer = Numberer(repeat) if repeat else None
        self._container = av.open(str(self._growing), "w", format="mp4")
        self._stream = _add_stream(self._container, video)
        self._time_base = 1 / video.rate
        self._longest = int(KEY_FRAME_SECONDS * video.rate)
        self._since_key = 0
        self._encoded = self._written = 0
        # How often each picture that is not yet followed by another in the file is repeated.
        self._repeats: deque[int] = deque()

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
        for index in range(repeat):
            is_key = self._since_key % self._longest == 0
            if is_key or (boxes and index == 0) or self._numberer is None:
                self._encode(is_key=is_key)
            else:
                self._repeats[-1] += 1
            self._since_key += 1

    def finish(self) -> None:
        """Complete the file."""
        self._write(self._stream.encode())
        self._write_repeats()
        self._container.close()
        self._growing.replace(self._path)

    def abort(self) -> None:
        """Stop without a file."""
        self._container.close()
        self._growing.unlink(missing_ok=True)

    def _encode(self, *, is_key: bool) -> None:
        frame = self._picture.frame
        frame.pts, frame.time_base = self._encoded, self._time_base
        frame.pict_type = PictureType.I if is_key else PictureType.NONE
        self._encoded += 1
        self._repeats.append(0)
        self._write(self._stream.encode(frame))

    def _write(self, packets: Iterable[av.Packet[Any]]) -> None:
        """Write encoded pictures, each after the repeats of the one before."""
        for packet in packets:
            if self._written:
                self._write_repeats()
            data = bytes(packet)
            if self._numberer is not None:
                data = self._numberer.encoded(data, is_key=packet.is_keyframe)
            self._mux(data, is_key=packet.is_keyframe)

    def _write_repeats(self) -> None:
        repeats = self._repeats.popleft()
        if self._numberer is not None:
            for _ in range(repeats):
                self._mux(self._numberer.repeated(), is_key=False)

    def _mux(self, data: bytes, *, is_key: bool) -> None:
        packet: av.Packet[Any] = av.Packet(data)
        packet.stream, packet.time_base = self._stream, self._time_base
        packet.pts = packet.dts = self._written
        packet.duration, packet.is_keyframe = 1, is_key
        self._container.mux(packet)
        self._written += 1


def _add_stream(container: av.container.OutputContainer, video: VideoFormat) -> av.VideoStream:
    stream = container.add_stream("libx264", rate=video.rate, options=_OPTIONS)
    stream.width, stream.height = video.width, video.height
    stream.pix_fmt = "yuv420p"
    stream.codec_context.thread_count = 1
    return stream


@lru_cache(maxsize=1)
def _repeat(video: VideoFormat) -> bytes | None:
    """Return a picture that repeats another, as x264 encodes it with our options.

    None, if this build of x264 does not write it as it has to be written to be repeated.
    """
    with av.open(BytesIO(), "w", format="mp4") as container:
        stream = _add_stream(container, video)
        frame = YuvPicture(video.width, video.height).frame
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.time_base = 1 / video.rate
        packets: list[av.Packet[Any]] = []
        for frame.pts in range(3):
            packets += stream.encode(frame)
        packets += stream.encode()
    _, first, second = map(bytes, packets)
    if are_understood(first, second):
        return first
    logger.info("FastRenderer: what stands is encoded image by image: x264 writes it in a new way")
    return None
