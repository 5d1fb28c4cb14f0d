"""A trace becomes a story, with captions, keys and colours made up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pagereel.cache import CacheState, Step
from pagereel.cache.events import TaskEvent, task_of
from pagereel.errors import StoryError
from pagereel.story.beats import Entry, Played, make_beats
from pagereel.story.captions import explained
from pagereel.story.colors import task_colors
from pagereel.story.story import (
    LONGEST_TAGLINE,
    LONGEST_TASK,
    LONGEST_TITLE,
    MOST_FRAMES,
    Story,
)
from pagereel.story.tokens import count_tokens
from pagereel.toml.table import text_fault
from pagereel.trace import open_trace
from pagereel.trace.cut import recorded
from pagereel.wording import counted, named_frames

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pagereel.cache import Event
    from pagereel.story.story import Beat
    from pagereel.trace import Header, Record, Trace

# What to do with a trace that is too much for a story.
_ADVICE = "take a part with pagereel trace cut, or show all of it with pagereel replay"
_MOST_EVENTS = 500
_MOST_BEATS = 60  # some five minutes
_TITLE = "Paged KV Cache"
_IN_HEADER = ("title", "tagline", "frames", "tiers", "begins_after", "length")
_LINES = dict.fromkeys(_IN_HEADER, 1)


def story_of_trace(path: Path) -> Story:
    """Read a trace, compare all its checks with the cache, and make a story of it.

    Parameters
    ----------
    path
        The trace.

    Returns
    -------
    Story
        A task keeps its own name if that has at most 16 characters; else it is called ``T1`` if it
        is the trace's first task, and its name is said. What only queues a task has no beat.

    Raises
    ------
    TraceError
        If the trace cannot be read or replayed.
    StoryError
        If there is nothing to tell in it, or too much.
    """
    header, played = _play(path)
    beats = make_beats(played.entries)
    colors = task_colors(played.steps)
    _check_length(path, beats if colors else ())
    return Story(
        path=path,
        title=_title(header),
        tagline=_tagline(header),
        initial=played.initial,
        beats=beats,
        colors=colors,
        lines=_LINES,
        advice=_ADVICE,
        preface=played.preface,
        tokens=count_tokens(played.steps),
    )


def play_trace(path: Path) -> Played:
    """Replay a trace for the storyboard that names it.

    Raises
    ------
    TraceError
        If the trace cannot be read or replayed.
    StoryError
        If it is too much for a story.
    """
    return _play(path)[1]


def _play(path: Path) -> tuple[Header, Played]:
    with open_trace(path) as trace:
        header = trace.header
        initial, records, steps = _replayed(trace, path)
    names = _short_names(initial, records)
    entries = map(_entry, records, _renamed(steps, names))
    numbered = {short: task for task, short in names.items() if short != task}
    numbers = explained("Tasks with long names are numbered", numbered)
    preface = (*_on_reserved(header.reserved), *numbers)
    return header, Played(_with_names(initial, names), tuple(entries), preface)


def _replayed(trace: Trace, path: Path) -> tuple[CacheState, list[Record], list[Step]]:
    """Return the state before the first recorded event, these events, and what each does."""
    if trace.header.frames > MOST_FRAMES:
        message = f"a pool of {trace.header.frames} frames; a story has at most {MOST_FRAMES}"
        raise StoryError(path, f"{message}; {_ADVICE}", line=1)
    ledger = trace.header.ledger()
    initial = state = CacheState.of(ledger)
    records: list[Record] = []
    steps: list[Step] = []
    for number, record in recorded(trace, ledger):
        if record is None:  # in a part, a cache that is in use
            initial = state = CacheState.of(ledger)
            continue
        if len(steps) == _MOST_EVENTS:
            message = f"more than {_MOST_EVENTS} events are too much for a story"
            raise StoryError(path, f"{message}; {_ADVICE}", line=record.line)
        step = Step(number, state, record.event, CacheState.of(ledger), record.step)
        records.append(record)
        steps.append(step)
        state = step.after
    return initial, records, steps


def _check_length(path: Path, beats: Sequence[Beat]) -> None:
    """Refuse stories without a beat, and those with too many."""
    if not beats:
        message = "the trace has nothing to tell: no task arrives; record a longer one"
        raise StoryError(path, message)
    if len(beats) > _MOST_BEATS:
        message = f"{len(beats)} beats make too long a video, at most {_MOST_BEATS} are told"
        raise StoryError(path, f"{message}; {_ADVICE}", line=beats[_MOST_BEATS].line)


def _entry(record: Record, step: Step) -> Entry:
    # The chapter keeps the task's own name.
    event = record.event
    label = event.label if isinstance(event, TaskEvent) else event.verb
    return Entry(step.number, record.line, label, step)


def _short_names(initial: CacheState, records: Iterable[Record]) -> dict[str, str]:
    """Task -> its name in the story, in the order in which the tasks appear."""
    events = (record.event for record in records)
    later = (event.task for event in events if isinstance(event, TaskEvent))
    tasks = dict.fromkeys((*map(task_of, initial.tables), *initial.queued, *later))
    letter = next(
        letter
        for letter in ("T", "U", "V", "W", "X", "Y", "Z")
        if not any(f"{letter}{number}" in tasks for number in range(1, len(tasks) + 1))
    )
    return {
        task: f"{letter}{number}" if len(task) > LONGEST_TASK else task
        for number, task in enumerate(tasks, 1)
    }


def _renamed(steps: Sequence[Step], names: Mapping[str, str]) -> list[Step]:
    """Return the steps with the tasks' names in the story."""
    if all(name == task for task, name in names.items()):
        return [*steps]
    renamed: list[Step] = []
    for step in steps:
        before = renamed[-1].after if renamed else _with_names(step.before, names)
        after = _with_names(step.after, names)
        renamed.append(Step(step.number, before, _with_name(step.event, names), after, step.at))
    return renamed


def _with_name(event: Event, names: Mapping[str, str]) -> Event:
    return replace(event, task=names[event.task]) if isinstance(event, TaskEvent) else event


def _with_task(table: str, names: Mapping[str, str]) -> str:
    task = task_of(table)
    return names[task] + table.removeprefix(task)


def _with_names(state: CacheState, names: Mapping[str, str]) -> CacheState:
    tables = {_with_task(name, names): table for name, table in state.tables.items()}
    queued = {names[task]: tokens for task, tokens in state.queued.items()}
    return replace(state, tables=tables, queued=queued)


def _title(header: Header) -> str:
    title = f"{_TITLE} of {header.engine}"
    return _TITLE if text_fault(title, longest=LONGEST_TITLE) else title


def _tagline(header: Header) -> str | None:
    """Return the trace's note, if it is short enough, as a sentence begins."""
    note = (header.note or "").strip()
    return None if text_fault(note, longest=LONGEST_TAGLINE) else note[0].upper() + note[1:]


def _on_reserved(reserved: Sequence[int]) -> Iterator[str]:
    if len(reserved) == 1:
        yield f"Frame {reserved[0]} is reserved: the engine never hands it out."
    elif reserved:
        named = named_frames(reserved) if len(reserved) <= 5 else counted(len(reserved), "frame")
        yield f"{named.capitalize()} are reserved: the engine never hands them out."
