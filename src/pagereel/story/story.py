"""A story that can be told: the pool, and beat by beat the events and the caption."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pagereel.cache import place
from pagereel.languages import ENGLISH, columns, is_wide

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pagereel.cache import CacheState, Step
    from pagereel.story.tokens import Tokens
    from pagereel.toml.table import Table

MOST_FRAMES = 4096
"""Of a pool. Each step keeps all page tables, and a story may have 500 steps."""
LONGEST_TITLE = 40
LONGEST_TAGLINE = 80
LONGEST_CAPTION = 100
LONGEST_TASK = 16
TASK_LETTERS = "A-Za-z0-9\u3005\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff\uac00-\ud7a3"
"""Of which a task's name may be made, as in a pattern: Latin, kana, Han and Hangul."""
LONGEST_KEY = 40
LONGEST_FILM = 600  # seconds
RESERVED_KEYS = ("opening", "closing", "brand-opening", "brand-closing")
_TASK = re.compile(rf"[{TASK_LETTERS}][{TASK_LETTERS}_-]*")
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Beat:
    """One idea of a story: a caption, and the events that happen under it.

    Parameters
    ----------
    key
        Names the beat's chapter, section and still; unique in the story, small letters, digits
        and ``-``.
    caption
        One sentence or two, at most 100 characters.
    number
        Which event of the story's file it is about, from 1.
    line
        Where that event stands in the file, from 1.
    steps
        Its events, with the states before and after each. The last is the one that it is about;
        others lead up to it, such as an eviction. There may be none.
    since
        The engine's step that the beats before it have reached, where it is known.
    named
        Its name in messages, if that is not its last event's: ``beat 3 (stop)``.
    late
        Whether the caption comes when the movement has ended, because it is true only then.
    rest
        For how many seconds the picture stands at the end, at least; None: as long as usual.
    act
        Which of the scene's own movements play the beat, if any do.
    source
        What a caption or a number rests on.
    optional
        Whether it may be left out of a film that is to be short.
    told
        Whether it is told at all: a film of one's own may tell others.
    """

    key: str
    caption: str
    number: int
    line: int
    steps: tuple[Step, ...]
    since: int | None = None
    named: str = ""
    late: bool = False
    rest: float | None = None
    act: str | None = None
    source: str | None = None
    optional: bool = False
    told: bool = True

    @property
    def place(self) -> str:
        """The beat's name in messages: ``event 3 (expand B)``."""
        label = self.steps[-1].event.label if self.steps else ""
        return self.named or place(self.number, label)

    @property
    def ticks(self) -> Iterator[tuple[int, tuple[Step, ...]]]:
        """The engine's steps that pass in the beat, each with its events; most may have none.

        A beat goes on in the step in which the beat before it has ended, if its first event
        happens there. There are none where the engine's steps are not known.
        """
        known = [step.at for step in self.steps if step.at is not None]
        if known:
            first = known[0] if self.since is None else min(known[0], self.since + 1)
            for at in range(first, known[-1] + 1):
                yield at, tuple(step for step in self.steps if step.at == at)


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
        The state before the first beat: the empty pool, unless the story begins later.
    beats
        The events in order; at least one task arrives in them or is there from the start, unless
        each beat has an act.
    colors
        Every task of the story, in order of arrival -> one of `COLOR_NAMES`.
    lines
        What stands in the file -> its line, from 1: ``title``, ``tagline``, ``opening``,
        ``frames``, ``tiers``, ``words``, ``words.A``, and the tables of a scene's own.
    preface
        Captions about the pool and the tasks, shown before the first beat.
    advice
        What to do where a scene cannot show all of it; may be empty.
    scene
        The scene that tells it; None: any that can.
    opening
        The caption under which the parts enter, if the story has one.
    earlier
        What has happened before the first beat, from an empty pool on.
    words
        Task -> its tokens as they are drawn, from position 0: at least those of its prompt.
    tokens
        How many tokens the tasks have after each of the engine's steps.
    tables
        Tables that the scene reads: name -> table.
    language
        The code of the language that it is told in.
    length
        How many seconds the film takes at most; None: as long as it takes.
    """

    path: Path
    title: str
    tagline: str | None
    initial: CacheState
    beats: tuple[Beat, ...]
    colors: Mapping[str, str]
    lines: Mapping[str, int | None]
    preface: tuple[str, ...] = ()
    advice: str = ""
    scene: str | None = None
    opening: str | None = None
    earlier: tuple[Step, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tokens: Tokens = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    language: str = ENGLISH.code
    length: float | None = None

    @property
    def texts(self) -> Iterator[str]:
        """All that is shown of what the file says."""
        yield from filter(None, (self.title, self.tagline, self.opening, *self.preface))
        yield from self.colors
        for beat in self.beats:
            yield from filter(None, (beat.caption, beat.source))
        for words in self.words.values():
            yield from words
        for table in self.tables.values():
            yield from table.all_texts()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of all beats."""
        return tuple(step for beat in self.beats for step in beat.steps)


def task_fault(name: str) -> str | None:
    """Return why a task cannot have this name; None if it can."""
    if _TASK.fullmatch(name) and columns(name) <= LONGEST_TASK:
        return None
    twice = "; a Chinese, Japanese or Korean letter counts as two" if is_wide(name) else ""
    return (
        f"must be at most {LONGEST_TASK} letters, digits, - or _, beginning with a letter or digit"
        f"{twice}"
    )


def key_fault(key: str) -> str | None:
    """Return why a beat cannot have this key, which becomes a part of file names; or None."""
    if key in RESERVED_KEYS:
        return "is the key of a part that every video has; choose another"
    if _KEY.fullmatch(key) and len(key) <= LONGEST_KEY:
        return None
    return f"must be at most {LONGEST_KEY} small letters and digits, in words joined by -"
