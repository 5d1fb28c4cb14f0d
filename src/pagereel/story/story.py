"""A story that can be told: the pool, and beat by beat what happens and what is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pagereel.cache import CacheState, Step


@dataclass(frozen=True, slots=True)
class Beat:
    """One idea of a story: an event, and what is told together with it.

    Parameters
    ----------
    key
        Names the beat's chapter, section and still; unique in the story, small letters, digits
        and ``-``.
    caption
        What is said, one sentence or two, at most 100 characters.
    step
        The event that it is about, with the states before and after it.
    line
        Where the event stands in the story's file, from 1.
    earlier
        Events just before it that are told together with it, such as an eviction.
    """

    key: str
    caption: str
    step: Step
    line: int
    earlier: tuple[Step, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """All that happens, in order."""
        return (*self.earlier, self.step)


@dataclass(frozen=True, slots=True)
class Story:
    """A story whose events were all replayed.

    Parameters
    ----------
    path
        The file that it was read from.
    title
        At most 40 characters.
    tagline
        At most 80 characters, or None.
    initial
        The state before the first beat: the empty pool.
    beats
        The events in order; at least one.
    colors
        Every task of the story, in order of arrival -> one of `COLOR_NAMES`.
    preface
        What is said of the pool and the tasks before the first beat: captions.
    """

    path: Path
    title: str
    tagline: str | None
    initial: CacheState
    beats: tuple[Beat, ...]
    colors: Mapping[str, str]
    preface: tuple[str, ...] = ()

    @property
    def frames(self) -> int:
        """Size of the pool in page frames."""
        return self.initial.frames

    @property
    def page_size(self) -> int | None:
        """Tokens per page, where the story says it."""
        return self.initial.page_size

    @property
    def most_tasks(self) -> int:
        """How many tasks are in the cache at once, at most."""
        return max(len(beat.step.after.tables) for beat in self.beats)

    @property
    def most_pages(self) -> int:
        """How many pages the longest page table of the story has."""
        tables = (table for beat in self.beats for table in beat.step.after.tables.values())
        return max(map(len, tables))
