"""The plan of a video: its shards and sections, which of them are drawn, and what was drawn.

A process plans while it runs through the scene. All processes that run through the same scene come
to the same plan, so a shard's number is enough to have any of them draw it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import numpy as np
import srt

from pagereel.errors import RenderError
from pagereel.fast.encode.lossless import read_images
from pagereel.fast.encode.x264 import VideoFormat
from pagereel.request import ALL_SECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from fractions import Fraction
    from pathlib import Path

    from manim.scene.section import Section

    from pagereel.fast.encode.lossless import Picture

UNNAMED = "autocreated"  # manim's name for the section that a scene has not begun itself
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A scene or section that has been drawn, but not yet written into files.

    Attributes
    ----------
    stem
        The stem of its file names.
    name, type
        Of a section.
    width, height
        In pixels.
    rate
        Images a second.
    moves, detailed
        See `VideoFormat`.
    shards
        In order: files of images, or MP4 videos, as the settings ask for.
    images
        How many there are in all shards.
    chapters
        Name, first image, and the one after the last.
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
    moves: bool = False
    detailed: bool = False

    @property
    def video(self) -> VideoFormat:
        """How its video is encoded."""
        return VideoFormat(
            self.width, self.height, self.rate, moves=self.moves, detailed=self.detailed
        )

    def pictures(self) -> Iterator[Picture]:
        """Yield all pictures from shards that are files of images.

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

    def section(self, span: Span, stem: str, shards: Iterable[int]) -> Drawn:
        """Return one section of this scene, which has the shards of some numbers."""
        start = timedelta(seconds=float(span.first / self.rate))
        stop = timedelta(seconds=float(span.end / self.rate))
        return replace(
            self,
            stem=stem,
            name=span.section.name,
            type=span.section.type_,
            shards=tuple(self.shards[index] for index in shards),
            images=span.end - span.first,
            chapters=(),
            subcaptions=tuple(_cut(self.subcaptions, start, stop)),
            sound=self.sound and self.sound[start / _MILLISECOND : stop / _MILLISECOND],
        )

    def require(self, images: int) -> None:
        """Raise a `RenderError` if there are not as many images as there should be."""
        if images != self.images:
            raise RenderError(
                f"{self.stem}: {images} images instead of {self.images}; the scene does not do the "
                "same twice, render it with one job"
            )


@dataclass(frozen=True, slots=True)
class Drawings:
    """All that was drawn: the whole scene, sections of it, or both."""

    whole: Drawn | None
    sections: tuple[Drawn, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """The images of a section that has any.

    Attributes
    ----------
    number
        The section's, as manim counts.
    first, end
        Its first image, and the one after its last, counted from 0.
    """

    section: Section
    number: int
    first: int
    end: int


class ShardPlan:
    """The shards and sections of a video, as far as its scene has been run through.

    Parameters
    ----------
    wanted
        The sections to draw, by names or shell patterns. Each begins a shard of its own. If there
        are none, the whole scene is drawn, without regard to sections.

    Attributes
    ----------
    counts
        How many images each shard has.
    """

    def __init__(self, wanted: Sequence[str] = ()) -> None:
        self.wanted = tuple(wanted)
        self.counts: list[int] = []
        self._sections: list[tuple[Section, int, int]] = []  # each with its number and first image
        self._shards: list[Section] = []  # the section of each shard

    @property
    def section(self) -> Section:
        """The current section."""
        return self._sections[-1][0]

    @property
    def length(self) -> int:
        """How many images the video has, whether or not they are drawn."""
        return sum(self.counts)

    @property
    def images(self) -> int:
        """How many images are to be drawn."""
        return sum(count for index, count in enumerate(self.counts) if self.is_drawn(index))

    def begin_section(self, section: Section, number: int) -> None:
        """Note that a section begins with the next image."""
        self._sections.append((section, number, self.length))

    def begin_shard(self) -> int:
        """Begin a shard with the next image; return its number."""
        self.counts.append(0)
        self._shards.append(self.section)
        return len(self.counts) - 1

    def count(self, images: int) -> None:
        """Note that the current shard has some more images."""
        self.counts[-1] += images

    def is_drawn(self, index: int) -> bool:
        """Return whether a shard is drawn; the others are skipped."""
        return not self.wanted or _is_wanted(self._shards[index].name, self.wanted)

    def missing(self, path_of: Callable[[int], Path]) -> list[int]:
        """Return the shards that are to be drawn but have no file where `path_of` says."""
        return [
            index
            for index in range(len(self.counts))
            if self.is_drawn(index) and not path_of(index).exists()
        ]

    def spans(self) -> Iterator[Span]:
        """Yield the sections that have images."""
        ends = [*(first for *_, first in self._sections[1:]), self.length]
        for (section, number, first), end in zip(self._sections, ends, strict=True):
            if first < end:
                yield Span(section, number, first, end)

    def drawings(self, whole: Drawn, stem_of: Callable[[int, str], str]) -> Drawings:
        """Return the drawn scene, its wanted sections, or both.

        Parameters
        ----------
        whole
            The scene.
        stem_of
            Returns the stem of a section's file names, by its number and name.

        Raises
        ------
        RenderError
            If no section matches one of those wanted.
        """
        if not self.wanted:
            return Drawings(whole)
        sections = tuple(
            whole.section(
                span,
                stem_of(span.number, span.section.name),
                [index for index, each in enumerate(self._shards) if each is span.section],
            )
            for span in self.spans()
        )
        names = [section.name for section in sections]
        for wanted in self.wanted:
            if not any(_is_wanted(name, (wanted,)) for name in names):
                known = ", ".join(dict.fromkeys(names))
                raise RenderError(f"there is no section {wanted!r}; sections are {known}")
        if ALL_SECTIONS in self.wanted:
            return Drawings(whole, sections)
        return Drawings(
            None, tuple(each for each in sections if _is_wanted(each.name, self.wanted))
        )


def _is_wanted(section: str, wanted: Sequence[str]) -> bool:
    """Return whether a section is one of those wanted."""
    return any(section == each or fnmatchcase(section, each) for each in wanted)


def _cut(
    subcaptions: Sequence[srt.Subtitle], start: timedelta, stop: timedelta
) -> Iterator[srt.Subtitle]:
    """Yield the subcaptions shown between two times, counted from the first of them."""
    shown = [each for each in subcaptions if each.start < stop and each.end > start]
    for number, each in enumerate(shown, 1):
        begin, end = max(each.start, start) - start, min(each.end, stop) - start
        yield srt.Subtitle(number, begin, end, each.content)
