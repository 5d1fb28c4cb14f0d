"""WebM videos: VP9, with Opus for what is heard."""

from __future__ import annotations

import heapq
from contextlib import ExitStack
from math import ceil
from typing import TYPE_CHECKING, Any

import av

from pagereel.fast import YuvPicture, write_sound

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction
    from pathlib import Path

    from pagereel.fast import Drawn

# As good as what takes six times as long, where colours are flat. One thread and one picture after
# the other, so that the bytes are the same on every machine.
_OPTIONS = {
    "deadline": "realtime",
    "cpu-used": "5",
    "crf": "24",
    "b": "0",
    "tune-content": "screen",
    "lag-in-frames": "0",
    "color_range": "tv",
    "colorspace": "bt709",
    "color_primaries": "bt709",
    "color_trc": "bt709",
}
_BYTES = {"fflags": "bitexact"}  # no random numbers as names of the tracks


def write_webm(drawn: Drawn, target: Path) -> None:
    """Write what was drawn as a WebM video with sound.

    A picture that stands still is written again once a second, for seeking, and at its end.
    """
    with ExitStack() as files:
        output = files.enter_context(av.open(str(target), "w", format="webm", options=_BYTES))
        stream = output.add_stream("libvpx-vp9", rate=drawn.rate, options=_OPTIONS)
        stream.width, stream.height, stream.pix_fmt = drawn.width, drawn.height, "yuv420p"
        stream.codec_context.thread_count = 1
        heard: Iterator[av.Packet[Any]] = iter(())
        if drawn.sound:
            track = drawn.shards[0].with_name("sound.ogg")
            write_sound(drawn.sound, track, "libopus")
            sound = files.enter_context(av.open(str(track)))
            audio = output.add_stream_from_template(sound.streams.audio[0])
            heard = _heard(sound, audio)
        for packet in heapq.merge(_seen(drawn, stream), heard, key=_seconds):
            output.mux(packet)


def _seen(drawn: Drawn, stream: av.VideoStream) -> Iterator[av.Packet[Any]]:
    yuv = YuvPicture(drawn.width, drawn.height)
    at = 0
    for picture in drawn.pictures():
        yuv.patch(picture.pixels, picture.boxes)
        for image in sorted({*range(0, picture.repeat, ceil(drawn.rate)), picture.repeat - 1}):
            yuv.frame.pts, yuv.frame.time_base = at + image, 1 / drawn.rate
            yield from stream.encode(yuv.frame)
        at += picture.repeat
    yield from stream.encode()


def _heard(sound: av.container.InputContainer, stream: av.AudioStream) -> Iterator[av.Packet[Any]]:
    for packet in sound.demux(audio=0):
        if packet.dts is not None:
            packet.stream = stream
            yield packet


def _seconds(packet: av.Packet[Any]) -> Fraction:
    return (packet.dts or 0) * packet.time_base
