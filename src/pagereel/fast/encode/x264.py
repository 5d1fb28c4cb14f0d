"""x264's options, and the encoders that use them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import av
from av.codec.context import Flags

from pagereel.fast.encode.skip_frames import are_understood
from pagereel.fast.encode.yuv import YuvPicture

if TYPE_CHECKING:
    from fractions import Fraction

# At a constant quantizer and with the cheapest motion search, flat colours hardly cost bits, but
# key frames do. So a shard begins with one and has few others. It is a good one (`ipratio`), as
# most of a picture stands still and stays as the key frame showed it. Cheap options save bits where
# something moves: CABAC, large transforms, trellis, weights for fades, and a coarser colour.
# `stitchable` gives streams of all quantizers the same header.
_OPTIONS = {
    "preset": "ultrafast",
    "forced-idr": "1",
    "color_range": "tv",
    "colorspace": "bt709",
    "color_primaries": "bt709",
    "color_trc": "bt709",
}
_X264 = (
    "chroma-qp-offset=4:keyint=infinite:scenecut=0:partitions=all:cabac=1:8x8dct=1:trellis=1"
    ":weightp=1:me=hex:no-chroma-me=1:stitchable=1:threads=1"
)
# Quantizers of pictures, and how much better key frames are. In a picture of little contrast, as at
# the end of a fade, the same quantizer would drop more of what there is to see.
_USUAL = {"qp": "19", "x264-params": f"{_X264}:ipratio=2.8"}
_FAINT = {"qp": "14", "x264-params": f"{_X264}:ipratio=1.4"}


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """Size in pixels, and images a second."""

    width: int
    height: int
    rate: Fraction


def add_stream(container: av.container.OutputContainer, video: VideoFormat) -> av.VideoStream:
    """Add a video stream to a file, with the encoder for usual pictures."""
    stream = container.add_stream("libx264", rate=video.rate, options={**_OPTIONS, **_USUAL})
    stream.pix_fmt = "yuv420p"
    stream.width, stream.height = video.width, video.height
    stream.codec_context.thread_count = 1
    return stream


def encoder(video: VideoFormat, *, faint: bool) -> av.VideoCodecContext:
    """Return an encoder, for pictures of little contrast or for usual ones."""
    context = av.CodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = video.width, video.height, "yuv420p"
    context.framerate, context.time_base = video.rate, 1 / video.rate
    context.options = {**_OPTIONS, **(_FAINT if faint else _USUAL)}
    context.thread_count = 1
    context.flags |= Flags.global_header
    return context


@lru_cache(maxsize=1)
def repeat(video: VideoFormat) -> bytes | None:
    """Return a skip frame, as x264 encodes it with our options.

    It is None if this build of x264 writes skip frames in an unknown way.
    """
    context = encoder(video, faint=False)
    frame = YuvPicture(video.width, video.height).frame
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    frame.time_base = 1 / video.rate
    packets: list[av.Packet[Any]] = []
    for frame.pts in range(3):
        packets += context.encode(frame)
    packets += context.encode()
    _, first, second = map(bytes, packets)
    return first if are_understood(first, second) else None
