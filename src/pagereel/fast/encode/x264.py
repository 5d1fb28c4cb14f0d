"""x264: its options, the encoders that use them, and skip frames.

Most pictures stand still, or move in few places. Their encoders are cheap, and have no B-frames, so
that repeats can be written as skip frames. Where a camera moves all of the picture, that would cost
up to four times as many bits. Such a video is encoded as manim encodes it, with B-frames, but
without a key frame at each play. Where much moves under a camera that stands still, an encoder
searches for the motion in three pictures. It has parameter sets of its own, which are in the header
of every video.

In 1080p x264 takes some 4 ms to find that nothing has changed. It then writes a skip frame of some
70 bytes, always the same except for the picture's number, which counts from 0 at each key frame.
So these bytes are kept and written with new numbers, and the numbers of the encoded pictures after
them are raised by the number of repeats since the key frame.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
from av.codec.context import Flags

from pagereel.fast.encode.yuv import YuvPicture

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

# At a constant quantizer and with the cheapest motion search, flat colours hardly cost bits, but
# key frames do. So a shard begins with one and has few others. It is a good one (`ipratio`), as
# most of a picture stands still and stays as the key frame showed it. Cheap options save bits where
# something moves: CABAC, large transforms, trellis, weights for fades, and a coarser colour.
# `stitchable` gives streams of all quantizers the same header.
_COMMON = {
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
_USUAL = {"preset": "ultrafast", "qp": "19", "x264-params": f"{_X264}:ipratio=2.8"}
_FAINT = {"preset": "ultrafast", "qp": "14", "x264-params": f"{_X264}:ipratio=1.4"}


# Where much moves: nearly as small as manim's files at the same SSIM, without B-frames. What
# `psy` adds would be good for grain, and is bad for flat colours. A finer search than that of
# `subme=2` would take half as long again, for 3 % fewer bytes.
_SEARCHING = (
    "sps-id=1:bframes=0:psy=0:chroma-qp-offset=2:keyint=infinite:scenecut=0:stitchable=1:threads=1"
)
_BUSY = {"preset": "fast", "crf": "22.7", "x264-params": f"{_SEARCHING}:ref=3:subme=2"}
# Where movements may take more bytes: 5 % more in two thirds of the time at the same SSIM, and with
# one reference, so that repeats need not be encoded. With `subme=0`, without trellis and parts of
# blocks, a fifth of that time would be saved, for 20 % more bytes.
_BUSY_IN_DETAIL = {
    "preset": "fast",
    "crf": "22.3",
    "x264-params": f"{_SEARCHING}:ref=1:subme=1:me=dia",
}

# As manim's, but for the key frames and a coarser colour.
_MOVING = {
    "preset": "medium",
    "crf": "23",
    "x264-params": "chroma-qp-offset=2:keyint=infinite:scenecut=0:threads=1",
}


_CPU = Path("/proc/cpuinfo")


@lru_cache(maxsize=1)
def instructions(about: Path) -> str:
    """Return x264's option for the instructions that it may use; nothing if it may use all.

    Its code for AVX-512 now and then encodes the same picture into other bytes, most often where
    other threads are at work. What is shown is the same, but not the file. It is no faster, either.

    Parameters
    ----------
    about
        A file in which Linux says what the processor has.
    """
    try:
        has_avx512 = re.search(r"^flags\b.*\bavx512f\b", about.read_text(), re.MULTILINE)
    except OSError:
        return ""
    return "asm=avx2,bmi2,fma3" if has_avx512 else ""


class Look(Enum):
    """What pictures look like, which chooses their encoder."""

    USUAL = auto()
    FAINT = auto()  # of little contrast
    BUSY = auto()  # much moves


_OPTIONS = {Look.USUAL: _USUAL, Look.FAINT: _FAINT, Look.BUSY: _BUSY}


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """How a video is encoded.

    Attributes
    ----------
    width, height
        In pixels.
    rate
        Images a second.
    moves
        Whether all of the picture may move, as where the camera does. It is encoded with B-frames.
    detailed
        Whether movements may take more bytes than in manim's files, to show more detail.
    """

    width: int
    height: int
    rate: Fraction
    moves: bool = False
    detailed: bool = False

    def options(self, look: Look = Look.USUAL) -> dict[str, str]:
        """Return the encoder's options for pictures of a look."""
        chosen = _OPTIONS[look]
        if self.moves:
            chosen = _MOVING
        elif self.detailed and look is Look.BUSY:
            chosen = _BUSY_IN_DETAIL
        params = ":".join(filter(None, (chosen["x264-params"], instructions(_CPU))))
        return {**_COMMON, **chosen, "x264-params": params}


def add_stream(container: av.container.OutputContainer, video: VideoFormat) -> av.VideoStream:
    """Add a video stream to a file, with the encoder for usual pictures and a header for all."""
    stream = container.add_stream("libx264", rate=video.rate, options=video.options())
    stream.pix_fmt = "yuv420p"
    stream.width, stream.height = video.width, video.height
    context = stream.codec_context
    context.thread_count = 1
    context.open()
    if not video.moves:
        busy = encoder(video, Look.BUSY)
        busy.open()
        context.extradata = (context.extradata or b"") + (busy.extradata or b"")
    return stream


def encoder(video: VideoFormat, look: Look) -> av.VideoCodecContext:
    """Return an encoder for pictures of a look."""
    context = av.CodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = video.width, video.height, "yuv420p"
    context.framerate, context.time_base = video.rate, 1 / video.rate
    context.options = video.options(look)
    context.thread_count = 1
    context.flags |= Flags.global_header
    return context


@lru_cache(maxsize=1)
def repeats(video: VideoFormat) -> Mapping[Look, bytes]:
    """Return skip frames, as x264 encodes them with our options for each look.

    There is none if there are B-frames, nor for a look whose encoder looks back at pictures that
    repeats would push out of a decoder's memory, or whose skip frames this build of x264 writes in
    an unknown way.
    """
    if video.moves:
        return {}
    found = {Look.USUAL: _repeat(video, Look.USUAL)}
    found[Look.FAINT] = found[Look.USUAL]
    if video.detailed:
        found[Look.BUSY] = _repeat(video, Look.BUSY)
    return {look: repeat for look, repeat in found.items() if repeat}


def _repeat(video: VideoFormat, look: Look) -> bytes | None:
    context = encoder(video, look)
    # At a constant quantizer all repeats are alike. The stream's header is the same as with `crf`,
    # as it is `stitchable`.
    options = {key: value for key, value in context.options.items() if key != "crf"}
    context.options = {**options, "qp": _USUAL["qp"]}
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


_START = b"\x00\x00\x00\x01"
_TYPE, _SLICE = 31, 1  # the bits of a unit's type; the type of pictures that are not key frames
# x264's slice headers begin with 1 (first block), 00110 (predicted) and the set of parameters: 1
# for the first, 010 for the second. Then comes the picture's number, of 4 bits as long as there is
# one reference.
_HEADERS = ((0b1001101, 7), (0b100110010, 9))
_NUMBER_BITS = 4


class Numberer:
    """Numbers the pictures of a stream in which some are repeats.

    Parameters
    ----------
    repeats
        For each look whose pictures may be repeated, a skip frame with its encoder's options.
    """

    def __init__(self, repeats: Mapping[Look, bytes]) -> None:
        self._repeats = repeats
        self._look = Look.USUAL
        self._number = self._added = 0

    def knows(self, look: Look) -> bool:
        """Return whether pictures of a look can be repeated."""
        return look in self._repeats

    def encoded(self, data: bytes, look: Look, *, is_key: bool) -> bytes:
        """Return an encoded picture with its new number."""
        self._look = look
        if is_key:
            self._number = self._added = 0
            return data
        self._number += 1
        return renumbered(data, number_of(data) + self._added) if self._added else data

    def repeated(self) -> bytes:
        """Return a picture that repeats the one before."""
        self._number += 1
        self._added += 1
        return renumbered(self._repeats[self._look], self._number)


def are_understood(first: bytes, second: bytes) -> bool:
    """Return whether two repeats, encoded one after the other behind a key frame, are as expected.

    Then they differ only in their numbers and in the last bit, which x264 sets by turns and no
    decoder reads.
    """
    try:
        expected = renumbered(first, 2)
        is_first = number_of(first) == 1
    except ValueError:
        return False
    return is_first and expected[:-1] == second[:-1] and expected[-1] | 1 == second[-1] | 1


def number_of(data: bytes) -> int:
    """Return the number, modulo 16, of a picture that is not a key frame."""
    plain, _, behind = _plain(data)
    return int.from_bytes(plain[:2], "big") >> behind & (1 << _NUMBER_BITS) - 1


def renumbered(data: bytes, number: int) -> bytes:
    """Return a picture that is not a key frame, with another number."""
    plain, header, behind = _plain(data)
    head = int.from_bytes(plain[:2], "big") & (1 << behind) - 1
    head |= (header << _NUMBER_BITS | number % (1 << _NUMBER_BITS)) << behind
    plain = head.to_bytes(2, "big") + plain[2:]
    return data[:5] + re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", plain)


def _plain(data: bytes) -> tuple[bytes, int, int]:
    """Return the payload of a picture's unit, its header, and the bits behind it and the number.

    In a stream, 0, 0 and then 0 to 3 must not follow each other, so a 3 is put in between.
    """
    plain = data[5:].replace(b"\x00\x00\x03", b"\x00\x00")
    is_slice = data[:4] == _START and len(plain) > 1 and data[4] & _TYPE == _SLICE
    if is_slice and _START[1:] not in data[4:]:
        head = int.from_bytes(plain[:2], "big")
        for header, bits in _HEADERS:
            if head >> 16 - bits == header:
                return plain, header, 16 - bits - _NUMBER_BITS
    raise ValueError("this build of x264 writes pictures in an unknown way")
