"""MP4 videos: shards and sound joined, without encoding the images again."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from manim import __version__
from manim.scene.scene_file_writer import convert_audio

from pagereel.errors import RenderError
from pagereel.fast.encode.lossless import read_images
from pagereel.fast.encode.shard import ShardEncoder
from pagereel.files import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction
    from pathlib import Path

    from pagereel.fast.plan import Drawn

_COMMENT = f"Rendered with Manim Community v{__version__}"


def write_mp4(drawn: Drawn, target: Path) -> None:
    """Write an MP4 video with sound and chapters.

    Its bytes are the same for shards of images and shards of video. Temporary files are written
    beside the shards.

    Raises
    ------
    RenderError
        If the shards do not fit together.
    """
    track = drawn.shards[0].with_name("sound.aac") if drawn.sound else None
    if track is not None:
        write_sound(drawn.sound, track, "aac")
    shards = [*_encoded(drawn)]
    drawn.require(join(shards, target, drawn.rate, sound=track, chapters=drawn.chapters))


def _encoded(drawn: Drawn) -> Iterator[Path]:
    """Yield the shards as MP4 videos; encode those that are not."""
    canvas = np.full((drawn.height, drawn.width, 4), 255, np.uint8)
    for shard in drawn.shards:
        path = shard.with_suffix(".mp4")
        if path != shard:
            encoder = ShardEncoder(path, drawn.video)
            for picture in read_images(shard, canvas):
                encoder.add(picture.pixels, picture.boxes, picture.repeat)
            encoder.finish()
        yield path


def join(
    shards: Sequence[Path],
    target: Path,
    rate: Fraction,
    *,
    sound: Path | None = None,
    chapters: Sequence[tuple[str, int, int]] = (),
) -> int:
    """Join shards into a file, which appears when it is complete.

    Parameters
    ----------
    shards
        In the order in which they are shown.
    rate
        Images a second.
    sound
        An AAC file that begins with the video, if there is any.
    chapters
        Name, first image, and the one after the last.

    Returns
    -------
    int
        How many images the video has.

    Raises
    ------
    RenderError
        If the shards do not fit together.
    """
    with (
        replacing(target) as partial,
        av.open(str(partial), "w", format="mp4", options={"movflags": "+faststart"}) as output,
    ):
        output.metadata["comment"] = _COMMENT
        with av.open(str(shards[0])) as first:
            video = output.add_stream_from_template(first.streams.video[0])
        video.time_base = 1 / rate
        output.set_chapters(
            [
                {
                    "id": number,
                    "start": first,
                    "end": end,
                    "time_base": 1 / rate,
                    "metadata": {"title": name},
                }
                for number, (name, first, end) in enumerate(chapters)
            ]
        )
        # Both iterators begin before anything is written, so the file has both streams by then.
        audio = _audio_packets(sound, output) if sound is not None else ()
        images = 0
        for packet in heapq.merge(_video_packets(shards, video, rate), audio, key=_seconds):
            images += packet.stream.type == "video"
            output.mux(packet)
    return images


def _seconds(packet: av.Packet[Any]) -> Fraction:
    return (packet.dts or 0) * packet.time_base


def _video_packets(
    shards: Sequence[Path], stream: av.VideoStream, rate: Fraction
) -> Iterator[av.Packet[Any]]:
    """Yield the shards' images at a constant rate.

    Where there are B-frames, images are decoded some images before they are shown.
    """
    at = 0
    header: bytes | None = None
    for shard in shards:
        with av.open(str(shard)) as container:
            source = container.streams.video[0]
            extradata = source.codec_context.extradata
            header = header or extradata
            if extradata != header:
                raise RenderError(f"{shard}: encoded in another way than the shards before it")
            first, tick = at, (source.time_base or 0) * rate
            for packet in container.demux(source):
                if packet.dts is None:  # the end
                    continue
                packet.time_base, packet.duration, packet.stream = 1 / rate, 1, stream
                packet.pts, packet.dts = (
                    first + round(time * tick) for time in (packet.pts or 0, packet.dts)
                )
                at += 1
                yield packet


def _audio_packets(sound: Path, output: av.container.OutputContainer) -> Iterator[av.Packet[Any]]:
    """Add a stream for a file's sound; yield what it holds."""
    with av.open(str(sound)) as container:
        source = container.streams.audio[0]
        stream = output.add_stream_from_template(source)
        for packet in container.demux(source):
            if packet.dts is not None:
                packet.stream = stream
                yield packet


def write_sound(sound: Any, track: Path, codec: str) -> None:
    """Write a `pydub.AudioSegment` into a file, as manim does.

    Parameters
    ----------
    codec
        The encoder's name in FFmpeg.
    """
    wave = track.with_suffix(".wav")
    sound.export(wave, format="wav", bitrate="312k").close()
    convert_audio(wave, track, codec)
    wave.unlink()
