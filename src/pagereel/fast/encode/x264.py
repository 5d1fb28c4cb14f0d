"""x264: its options, and the encoders that use them.

A video is encoded as manim does it, but without a key frame at each play, without what is good for
grain and bad for flat colours, and without all images of a rest: see `skip`.

Where movements may take more bytes than with manim, to show more detail, most pictures go to
encoders that cost half as much, and have no B-frames. Only where much moves, one of these searches
for the motion. It has parameter sets of its own, which are in the header of each such video.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
from av.codec.context import Flags

from pagereel.fast.encode.skip import Numberer
from pagereel.fast.encode.yuv import YuvPicture

if TYPE_CHECKING:
    from fractions import Fraction

# At a constant quantizer and with the cheapest motion search, flat colours hardly cost bits, but
# key frames do. So a shard begins with one and has few others. It is a good one (`ipratio`), as
# most of a picture stands still and stays as the key frame showed it. Cheap options save bits where
# something moves: CABAC, large transforms, trellis, and a coarser colour. Weights for fades would
# save 6 %, but x264 looks at each picture a second time for them, which takes a tenth of all time.
# `no-dct-decimate` keeps small differences: on a dark ground they show where something was.
# `stitchable` gives streams of all quantizers the same header.
_COMMON = {
    "forced-idr": "1",
    "color_range": "tv",
    "colorspace": "bt709",
    "color_primaries": "bt709",
    "color_trc": "bt709",
}
_ALL = "keyint=infinite:scenecut=0"
_X264 = (
    f"{_ALL}:chroma-qp-offset=4:partitions=all:cabac=1:8x8dct=1:trellis=1:weightp=0:me=hex"
    ":no-chroma-me=1:no-dct-decimate=1:stitchable=1"
)
# Quantizers of pictures, and how much better key frames are. In a picture of little contrast, as at
# the end of a fade, the same quantizer would drop more of what there is to see.
_USUAL = {"preset": "ultrafast", "qp": "21", "x264-params": f"{_X264}:ipratio=2.6"}
_FAINT = {"preset": "ultrafast", "qp": "13", "x264-params": f"{_X264}:ipratio=1.4"}


# Where much moves: 5 % more bytes than with `subme=2` in two thirds of the time at the same SSIM.
# With `subme=0` and without parts of blocks, a fifth would be saved, for 20 % more. Looking ahead,
# weights and trellis would take a tenth more time for 3 % fewer bytes; the worst images get worse.
_BUSY = {
    "preset": "fast",
    "crf": "26.8",
    "x264-params": f"{_ALL}:sps-id=1:bframes=0:psy=0:chroma-qp-offset=2:stitchable=1:ref=1:subme=1"
    ":me=dia:mbtree=0:rc-lookahead=0:trellis=0:weightp=0",
}

# Nothing may depend on how long ago a picture was shown, as skip frames come between: no weights by
# time, and no vectors by it. A B-frame is no reference, so the last one is what skip frames repeat.
# What `psy` adds would be good for grain, and is bad for flat colours.
_ORDERED = f"{_ALL}:psy=0:chroma-qp-offset=2:b-pyramid=none:weightb=0:direct=spatial"

# crf, `qcomp` and search. What stays as it is, is drawn finely, and what passes, coarsely, the more
# so the lower `qcomp` is: no key frame at each play shows anew what stays.
# Thin lines need small blocks (`partitions`), and what moves fast a wide search (`me`): at the same
# SSIM each saves a tenth of the bytes. `subme=7` decides by what a block costs in bits, which saves
# another tenth, and encodes faster than 3 to 6, as more blocks are skipped.
_SEARCHED = 20.5, 0.4, "ref=2:subme=7:me=umh:partitions=all"
# Where the camera moves, nothing stays as it is, and all is encoded: that has to be faster.
_MOVING = 24.4, 0.8, "ref=2:subme=4:partitions=all"
# At fewer images a second than 60, x264 draws each more finely, the more so the lower `qcomp` is.
# Half of what is more than with 0.6, manim's, is taken back.
_RATE, _MANIMS, _TAKEN_BACK = 60, 0.6, 3

# Of our own films several shards are drawn at once, and threads would take a twentieth more.
# Most others have one shard, and threads encode while the next image is drawn. How many there are
# changes what x264 writes, so it does not depend on the cores.
_ALONE, _THREADS = 1, 3

_BLOCK = 16  # pixels of the side of what x264 calls a macroblock
_SMALL, _FEW = 64, 8  # pixels, and images, that tell how x264 writes them

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
        Whether all of the picture may move, as where the camera does.
    detailed
        Whether movements may take more bytes than in manim's files, to show more detail.
    """

    width: int
    height: int
    rate: Fraction
    moves: bool = False
    detailed: bool = False

    @property
    def takes_turns(self) -> bool:
        """Whether encoders without B-frames take turns, one for each look."""
        return self.detailed and not self.moves

    @property
    def delay(self) -> int:
        """How many images decoding has to be ahead of showing, as B-frames look forward."""
        return 0 if self.takes_turns else 1

    def options(self, look: Look = Look.USUAL) -> dict[str, str]:
        """Return the encoder's options for pictures of a look."""
        if self.takes_turns:
            chosen = _OPTIONS[look]
        else:
            crf, qcomp, search = _MOVING if self.moves else _SEARCHED
            crf += _TAKEN_BACK * (_MANIMS - qcomp) * log2(_RATE / self.rate)
            params = f"{_ORDERED}:qcomp={qcomp}:{search}"
            chosen = {"preset": "fast", "crf": f"{crf:.1f}", "x264-params": params}
        threads = f"threads={_ALONE if self.takes_turns else _THREADS}:sliced-threads=0"
        params = ":".join(filter(None, (chosen["x264-params"], threads, instructions(_CPU))))
        return {**_COMMON, **chosen, "x264-params": params}


def add_stream(
    container: av.container.OutputContainer, video: VideoFormat
) -> tuple[av.VideoStream, Numberer | None]:
    """Add a video stream to a file, with the encoder for usual pictures and a header for all.

    Returns
    -------
    tuple
        The stream, and what numbers its pictures; None if skip frames cannot come between them.
    """
    stream = container.add_stream("libx264", rate=video.rate, options=video.options())
    stream.pix_fmt = "yuv420p"
    stream.width, stream.height = video.width, video.height
    context = stream.codec_context
    context.open()
    header = context.extradata or b""
    if video.takes_turns:
        busy = encoder(video, Look.BUSY)
        busy.open()
        header += busy.extradata or b""
    numberer = None
    if is_understood(video):
        blocks = -(-video.width // _BLOCK) * -(-video.height // _BLOCK)
        numberer = Numberer(header, blocks)
        header = numberer.header
    context.extradata = header
    return stream, numberer


def encoder(video: VideoFormat, look: Look) -> av.VideoCodecContext:
    """Return an encoder for pictures of a look."""
    context = av.CodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = video.width, video.height, "yuv420p"
    context.framerate, context.time_base = video.rate, 1 / video.rate
    context.options = video.options(look)
    context.flags |= Flags.global_header
    return context


@lru_cache(maxsize=1)
def is_understood(video: VideoFormat) -> bool:
    """Return whether this build of x264 writes pictures so that skip frames can come between."""
    small = replace(video, width=_SMALL, height=_SMALL)
    looks = Look if video.takes_turns else (Look.USUAL,)
    return all(_counts_as_expected(encoder(small, look)) for look in looks)


def _counts_as_expected(context: av.VideoCodecContext) -> bool:
    picture = YuvPicture(context.width, context.height)
    picture.frame.time_base = context.time_base
    packets: list[av.Packet[Any]] = []
    for picture.frame.pts in range(_FEW):
        picture.planes[0][: _FEW * picture.frame.pts] = 200
        packets += context.encode(picture.frame)
    packets += context.encode()
    try:
        numberer = Numberer(context.extradata or b"", 1)
        return all(numberer.is_as_expected(bytes(each), each.pts or 0) for each in packets)
    except ValueError:
        return False
