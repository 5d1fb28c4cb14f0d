"""Drawn scenes and sections, as they are handed to encoders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import srt

from pagereel.errors import RenderError
from pagereel.fast.encode.lossless import read_images

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from fractions import Fraction
    from pathlib import Path

    from manim.scene.section import Section

    from pagereel.fast.encode.lossless import Picture

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

    def section(
        self, first: int, end: int, stem: str, *, section: Section, shards: Iterable[int]
    ) -> Drawn:
        """Return one section of this scene.

        Parameters
        ----------
        first, end
            Its first image, and the one after its last.
        shards
            The numbers of its shards.
        """
        start, stop = (timedelta(seconds=float(image / self.rate)) for image in (first, end))
        return replace(
            self,
            stem=stem,
            name=section.name,
            type=section.type_,
            shards=tuple(self.shards[index] for index in shards),
            images=end - first,
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


def _cut(
    subcaptions: Sequence[srt.Subtitle], start: timedelta, stop: timedelta
) -> Iterator[srt.Subtitle]:
    """Yield the subcaptions shown between two times, counted from the first of them."""
    shown = [each for each in subcaptions if each.start < stop and each.end > start]
    for number, each in enumerate(shown, 1):
        begin, end = max(each.start, start) - start, min(each.end, stop) - start
        yield srt.Subtitle(number, begin, end, each.content)
