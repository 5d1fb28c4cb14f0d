"""Reading a story from its file, a storyboard or a trace, and replaying its events."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.errors import StoryError
from pagereel.languages import CODES, language_of
from pagereel.request import is_trace
from pagereel.story.beats import make_beats, steps_of
from pagereel.story.colors import task_colors
from pagereel.story.from_trace import play_trace, story_of_trace
from pagereel.story.grouping import group, read_groups
from pagereel.story.playing import play_events
from pagereel.story.story import (
    LONGEST_CAPTION,
    LONGEST_FILM,
    LONGEST_TAGLINE,
    LONGEST_TITLE,
    Story,
)
from pagereel.story.tokens import count_tokens
from pagereel.story.words import read_words
from pagereel.toml.source import read_source
from pagereel.toml.table import Table
from pagereel.wording import shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.cache import Step
    from pagereel.story.beats import Entry, Played
    from pagereel.story.story import Beat

_KEYS = (
    *("title", "tagline", "pool", "colors", "events", "language"),
    *("scene", "opening", "trace", "begins_after", "words", "beats", "length"),
)
_PLACES = ("title", "tagline", "scene", "opening", "begins_after", "words", "length")


def load_story(path: Path | str) -> Story:
    """Read a story and play its events.

    Parameters
    ----------
    path
        A storyboard (TOML; ``assets/stories`` has some to copy), or a trace whose name ends in
        ``.jsonl`` or ``.jsonl.gz``.

    Returns
    -------
    Story
        Complete: missing captions, keys and colours were made up.

    Raises
    ------
    StoryError
        If the file cannot be read, says something that it should not, or tells of an event that
        is impossible. The message is one line: file, line, event, what is wrong, what to do.
    TraceError
        The same, if it is a trace, and of the trace that a storyboard names.
    """
    path = Path(path)
    return story_of_trace(path) if is_trace(path) else _read_storyboard(path)


def _read_storyboard(path: Path) -> Story:
    source = read_source(path, StoryError)
    top = Table(source, source.data)
    scene, tables = top.name("scene"), _own_tables(top)
    title = top.text("title", longest=LONGEST_TITLE)
    if title is None:
        raise top.error('title is missing; add title = "…" at the top')
    tagline = top.text("tagline", longest=LONGEST_TAGLINE)
    opening = top.text("opening", longest=LONGEST_CAPTION)
    length = top.decimal("length", least=1, most=LONGEST_FILM)
    colors = top.table("colors")
    played = _play(top)
    earlier, beats = _told(top, played)
    steps = [*earlier, *(step for beat in beats for step in beat.steps)]
    assigned = task_colors(steps, colors)
    if not assigned and not all(beat.act for beat in beats):  # those are the scene's own
        raise top.error('no task arrives; add an event with arrive = "A"')
    words = read_words(top, steps)
    places: dict[str, tuple[str, ...]] = {}
    places |= {key: (key,) for key in (*_PLACES, *tables)}
    for key in ("frames", "tiers"):
        places[key] = ("trace",) if "trace" in source.data else ("pool", key)
    if "begins_after" not in source.data:
        places["begins_after"] = ("trace",)
    places |= {f"words.{task}": ("words", task) for task in words}
    story = Story(
        path=path,
        title=title,
        tagline=tagline,
        initial=earlier[-1].after if earlier else played.initial,
        beats=beats,
        colors=assigned,
        lines={key: source.line(place) for key, place in places.items()},
        preface=played.preface,
        scene=scene,
        opening=opening,
        earlier=earlier,
        words=words,
        tokens=count_tokens(played.steps),
        tables=tables,
        length=length,
    )
    return replace(story, language=_language(top) or language_of(story.texts).code)


def _language(top: Table) -> str | None:
    """Read in which language a story is told, if its letters do not tell."""
    code = top.name("language")
    if code is not None and code not in CODES:
        raise top.error(f"unknown language {shown(code)}; {suggestion(code, CODES)}", "language")
    return code


def _own_tables(top: Table) -> dict[str, Table]:
    """Return the tables that are not the format's: the scene that the story names reads them."""
    others = [key for key in top.values if key not in _KEYS]
    tables = {key: table for key in others if "scene" in top.values and (table := top.table(key))}
    top.allow((*_KEYS, *tables))
    return tables


def _play(top: Table) -> Played:
    """Play the events of the trace that a storyboard names, or else its own."""
    name = top.name("trace")
    if name is None:
        return play_events(top)
    for key in ("pool", "events"):
        if key in top.values:
            raise top.error(f"has both a trace and {key}; remove one", key)
    return play_trace(named_trace(top, name))


def named_trace(table: Table, name: str) -> Path:
    """Return the path of the trace that a table names, as seen from the storyboard's folder.

    Raises
    ------
    StoryError
        If there is no such file, or it is no trace.
    """
    path = table.source.path.parent / name
    if not is_trace(path):
        raise table.error("trace must name a file *.jsonl or *.jsonl.gz; record one", "trace")
    if not path.is_file():
        message = f"the trace {name!r} is not there; name it as seen from this file's folder"
        raise table.error(message, "trace")
    return path


def _told(top: Table, played: Played) -> tuple[tuple[Step, ...], tuple[Beat, ...]]:
    """Return what happens before the story begins, and its beats."""
    first, last = (played.entries[at].number if played.entries else 1 for at in (0, -1))
    begins = top.number("begins_after", least=first, most=last) or 0
    early, entries = _split(played.entries, begins)
    groups = read_groups(top)
    beats = make_beats(entries, early) if groups is None else group(groups, entries, early)
    if not beats:
        raise top.error("nothing is told after that event; add a later one", "begins_after")
    return steps_of(early), beats


def _split(entries: Sequence[Entry], number: int) -> tuple[Sequence[Entry], Sequence[Entry]]:
    """Divide events into those up to a number, and those after it."""
    early = [entry for entry in entries if entry.number <= number]
    return early, entries[len(early) :]
