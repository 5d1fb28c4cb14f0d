"""What has been drawn of a scene, and of its sections, as it is handed to encoders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import numpy as np
import srt

from pagereel.errors import RenderError
from pagereel.fast.encode.lossless import read_images

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction
    from pathlib import Path

    from manim.scene.section import Section

    from pagereel.fast.encode.lossless import Picture
    from pagereel.fast.writer import FastWriter

UNNAMED = "autocreated"  # what manim calls a section that the scene has not begun itself
EVERY = "*"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A scene or a section that has been drawn, and is yet to be written into files.

    Attributes
    ----------
    stem
        What its files are called, without an ending.
    name, type
        Of a section.
    width, height
        In pixels.
    rate
        Images a second.
    shards
        In order: files of images, or MP4 videos, by what was asked for.
    images
        How many there are in all shards.
    chapters
        Name, first image, and the one behind the last.
    subcaptions
        In its own time.
    sound
        A `pydub.AudioSegment` that begins with the first image, if anything is heard.
    """

    stem: str
    width: int
    height: int
    rate: Fraction
    shards: tuple[Path, ...]
    images: int
    chapters: tuple[tuple[str, int, int], ...] = ()
    subcaptions: tuple[srt.Subtitle, ...] = ()
    sound: Any = None
    name: str = ""
    type: str = ""

    def pictures(self) -> Iterator[Picture]:
        """Yield all pictures, where shards are files of images.

        Raises
        ------
        RenderError
            If there are not as many images as there should be.
        """
        canvas = np.full((self.height, self.width, 4), 255, np.uint8)
        count = 0
        for shard in self.shards:
            for picture in read_images(shard, canvas):
                count += picture.repeat
                yield picture
        self.require(count)

    def require(self, images: int) -> None:
        """Raise a `RenderError` if there are not as many images as there should be."""
        if images != self.images:
            raise RenderError(
                f"{self.stem}: {images} images instead of {self.images}; the scene does not do the "
                "same twice, render it with one job"
            )


@dataclass(frozen=True, slots=True)
class Drawings:
    """All that was drawn: the scene, unless only some sections were asked for, and sections."""

    whole: Drawn | None
    sections: tuple[Drawn, ...] = ()


def is_wanted(section: str, wanted: Sequence[str]) -> bool:
    """Return whether a section is one of those wanted, by their names or patterns of a shell."""
    return any(section == each or fnmatchcase(section, each) for each in wanted)


def drawings(writer: FastWriter) -> Drawings:
    """Return what a writer's shards hold.

    Raises
    ------
    RenderError
        If no section has a name that is asked for.
    """
    whole = _whole(writer)
    if not writer.wanted:
        return Drawings(whole)
    sections = tuple(_sections(writer, whole))
    names = [section.name for section in sections]
    for wanted in writer.wanted:
        if not any(is_wanted(name, (wanted,)) for name in names):
            known = ", ".join(dict.fromkeys(names))
            raise RenderError(f"there is no section {wanted!r}; sections are {known}")
    if EVERY in writer.wanted:
        return Drawings(whole, sections)
    return Drawings(None, tuple(each for each in sections if is_wanted(each.name, writer.wanted)))


def _whole(writer: FastWriter) -> Drawn:
    spec = writer.require_video()
    return Drawn(
        stem=writer.movie_file_path.stem,
        width=spec.width,
        height=spec.height,
        rate=spec.rate,
        shards=tuple(writer.shard_path(index) for index in range(len(writer.counts))),
        images=sum(writer.counts),
        chapters=tuple(
            (section.name, first, end)
            for section, first, end in spans(writer)
            if section.name != UNNAMED
        ),
        subcaptions=tuple(writer.subcaptions),
        sound=writer.audio_segment if writer.includes_sound else None,
    )


def spans(writer: FastWriter) -> Iterator[tuple[Section, int, int]]:
    """Yield the sections that have images: the first, and the one behind the last."""
    ends = [*(first for _, first in writer.starts[1:]), sum(writer.counts)]
    for (section, first), end in zip(writer.starts, ends, strict=True):
        if first < end:
            yield section, first, end


def _sections(writer: FastWriter, whole: Drawn) -> Iterator[Drawn]:
    # manim knows where its own would lie, if it had been asked for them.
    plan = replace(writer.output_plan, sections_dir=writer.shard_folder, output_stem=whole.stem)
    for section, first, end in spans(writer):
        number = next(i for i, each in enumerate(writer.sections) if each is section)
        indices = [i for i, each in enumerate(writer.shard_sections) if each is section]
        start, stop = (timedelta(seconds=float(image / whole.rate)) for image in (first, end))
        yield replace(
            whole,
            stem=plan.section_path(number, section.name).stem,
            name=section.name,
            type=section.type_,
            shards=tuple(whole.shards[index] for index in indices),
            images=end - first,
            chapters=(),
            subcaptions=tuple(_cut(whole.subcaptions, start, stop)),
            sound=whole.sound and whole.sound[start / _MILLISECOND : stop / _MILLISECOND],
        )


_MILLISECOND = timedelta(milliseconds=1)


def _cut(
    subcaptions: Sequence[srt.Subtitle], start: timedelta, stop: timedelta
) -> Iterator[srt.Subtitle]:
    """Yield what is to be read between two times, in the time from the first of them."""
    shown = [each for each in subcaptions if each.start < stop and each.end > start]
    for number, each in enumerate(shown, 1):
        begin, end = max(each.start, start) - start, min(each.end, stop) - start
        yield srt.Subtitle(number, begin, end, each.content)
