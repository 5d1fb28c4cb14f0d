"""The plan of a video: its shards and sections, and which of them are drawn.

A process plans while it runs through the scene. All processes that run through the same scene come
to the same plan, so a shard's number is enough to have any of them draw it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from pagereel.errors import RenderError
from pagereel.fast.drawn import Drawings
from pagereel.request import ALL_SECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from manim.scene.section import Section

    from pagereel.fast.drawn import Drawn

UNNAMED = "autocreated"  # manim's name for the section that a scene has not begun itself


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
        """Return the shards that are to be drawn but have no file.

        Parameters
        ----------
        path_of
            Returns the path of a complete shard.
        """
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
                *(span.first, span.end, stem_of(span.number, span.section.name)),
                section=span.section,
                shards=[i for i, each in enumerate(self._shards) if each is span.section],
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
