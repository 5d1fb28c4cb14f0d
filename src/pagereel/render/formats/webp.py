"""Animated WebP pictures."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import TYPE_CHECKING

import av

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pagereel.fast import Drawn

_OPTIONS = {"quality": "75", "compression_level": "2"}
_MILLISECONDS = 1000
_TICK = Fraction(1, _MILLISECONDS)
_CHUNK = struct.Struct("<4sI")
_DURATION = 12  # bytes of an image's chunk before the three that say how long it stands


def write_webp(drawn: Drawn, target: Path) -> None:
    """Write what was drawn as a WebP picture that plays in an endless loop."""
    with av.open(str(target), "w", format="webp", container_options={"loop": "0"}) as output:
        stream = output.add_stream("libwebp_anim", options=_OPTIONS)
        stream.width, stream.height, stream.pix_fmt = drawn.width, drawn.height, "bgra"
        stream.codec_context.time_base = _TICK
        at = 0
        for picture in drawn.pictures():
            image = av.VideoFrame.from_ndarray(picture.pixels, format="rgba").reformat(
                format="bgra"
            )
            image.pts, image.time_base = round(at * _MILLISECONDS / drawn.rate), _TICK
            output.mux(stream.encode(image))
            at += picture.repeat
        output.mux(stream.encode())
    data = bytearray(target.read_bytes())
    set_length(data, round(at * _MILLISECONDS / drawn.rate))
    target.write_bytes(data)


def set_length(data: bytearray, milliseconds: int) -> None:
    """Let the last image of an animated WebP stand until some time.

    The encoder has to guess how long that is, as nothing comes after it.
    """
    images = [at for name, at in _chunks(data) if name == b"ANMF"]
    for at in images[:-1]:
        milliseconds -= int.from_bytes(data[at + _DURATION : at + _DURATION + 3], "little")
    if images:
        last = images[-1] + _DURATION
        data[last : last + 3] = milliseconds.to_bytes(3, "little")


def _chunks(data: bytearray) -> Iterator[tuple[bytes, int]]:
    """Yield the chunks of a WebP file, by their names and where they begin behind those."""
    at = _CHUNK.size + 4  # "RIFF", a size, "WEBP"
    while at < len(data):
        name, size = _CHUNK.unpack_from(data, at)
        at += _CHUNK.size
        yield name, at
        at += size + size % 2
