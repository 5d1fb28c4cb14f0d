"""A story that can be told: the pool, and event by event what happens and what is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pagereel.cache import CacheState, Step


@dataclass(frozen=True, slots=True)
class Beat:
    """One event of a story.

    Parameters
    ----------
    key
        Names the beat's chapter, section and still; unique in the story, small letters, digits
        and ``-``.
    caption
        What is said, one sentence or two, at most 100 characters.
    step
        The event, with the states before and after it.
    line
        Where the event stands in the story's file, from 1.
    """

    key: str
    caption: str
    step: Step
    line: int


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
    """

    path: Path
    title: str
    tagline: str | None
    initial: CacheState
    beats: tuple[Beat, ...]
    colors: Mapping[str, str]

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
