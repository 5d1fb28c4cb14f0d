"""What is known about a video that was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.errors import RenderError
from pagereel.fast.drawn import spans

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import Path

    import srt

    from pagereel.fast.encode.sound import Sound
    from pagereel.fast.writer import FastWriter

EMPTY = "the scene shows nothing; let it play or wait"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section of the video.

    Attributes
    ----------
    first, end
        Its first image, and the one behind its last, from 0.
    start, stop
        The same in seconds.
    """

    name: str
    type: str
    first: int
    end: int
    start: float
    stop: float


@dataclass(frozen=True, slots=True)
class Rendered:
    """A video that was made.

    Attributes
    ----------
    path
        Where it is.
    images, seconds
        How long it is.
    chapters
        The sections that have images.
    subcaptions
        As given by the scene, in its time.
    sounds
        What is heard, and when.
    shards
        How many images each of the separately drawn stretches has.
    """

    path: Path
    images: int
    seconds: float
    chapters: tuple[Chapter, ...]
    subcaptions: tuple[srt.Subtitle, ...]
    sounds: tuple[Sound, ...]
    shards: tuple[int, ...]


def rendered(writer: FastWriter, target: Path) -> Rendered:
    """Return what a writer knows about the video that it has written.

    Raises
    ------
    RenderError
        If there are no images in it.
    """
    images = sum(writer.counts)
    if writer.video_encoder is None or not images:
        raise RenderError(f"{target}: {EMPTY}")
    rate = writer.video_encoder.frame_rate
    return Rendered(
        path=target,
        images=images,
        seconds=float(images / rate),
        chapters=_chapters(writer, rate),
        subcaptions=tuple(writer.subcaptions),
        sounds=tuple(writer.sounds),
        shards=tuple(writer.counts),
    )


def _chapters(writer: FastWriter, rate: Fraction) -> tuple[Chapter, ...]:
    return tuple(
        Chapter(section.name, section.type_, first, end, float(first / rate), float(end / rate))
        for section, first, end in spans(writer)
    )
