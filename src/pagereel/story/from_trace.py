"""A trace becomes a story: its events become beats, with captions written from them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pagereel.cache import CacheState, Defer, Evict, Replay, Submit
from pagereel.errors import StoryError
from pagereel.story.captions import default_captions
from pagereel.story.colors import assign_colors
from pagereel.story.keys import made_key
from pagereel.story.story import Beat, Story
from pagereel.story.text import LONGEST_TAGLINE, LONGEST_TITLE, task_fault
from pagereel.toml.table import text_fault
from pagereel.trace import follow, open_trace
from pagereel.wording import counted, named_frames

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pagereel.cache import Event, Step
    from pagereel.trace import Header, Record, Trace

# What to do with a trace that is too much for a story.
ADVICE = "take a part with pagereel trace cut, or show all of it with pagereel replay"
_MOST_FRAMES = 65536
_MOST_EVENTS = 500
_MOST_BEATS = 60  # some five minutes
_TITLE = "Paged KV Cache"
_LONGEST_NAME = 24  # of a task, where its short name is explained


def story_of_trace(path: Path) -> Story:
    """Read a trace, compare all that it says with the cache, and make a story of it.

    Parameters
    ----------
    path
        The trace.

    Returns
    -------
    Story
        A task is called by its own name if that is as short as a storyboard's, else ``T1`` if it
        is the trace's first task. What only queues a task is not told.

    Raises
    ------
    TraceError
        If the trace cannot be read or replayed.
    StoryError
        If there is nothing to tell in it, or too much.
    """
    with open_trace(path) as trace:
        header, records = trace.header, _read(trace, path)
    names = _short_names(records)
    replay = Replay(CacheState.empty(header.frames, header.page_size, header.reserved))
    initial = replay.state
    steps = [replay.play(_renamed(record.event, names)) for record in records]
    told = [*_told_together(steps)]
    _check_length(path, [records[beat[-1].number - 1].line for beat in told])
    return Story(
        path=path,
        title=_title(header),
        tagline=_tagline(header),
        initial=initial,
        beats=_beats(told, records),
        colors=assign_colors({}, steps),
        preface=(*_on_reserved(header.reserved), *_on_names(names)),
    )


def _read(trace: Trace, path: Path) -> list[Record]:
    """Return the events, replayed with all checks."""
    if trace.header.frames > _MOST_FRAMES:
        message = f"a pool of {trace.header.frames} frames; a story has at most {_MOST_FRAMES}"
        raise StoryError(path, f"{message}; {ADVICE}", line=1)
    records = []
    for record, _ in follow(trace):
        if record.seq > _MOST_EVENTS:
            message = f"more than {_MOST_EVENTS} events are no story"
            raise StoryError(path, f"{message}; {ADVICE}", line=record.line)
        records.append(record)
    return records


def _check_length(path: Path, lines: Sequence[int]) -> None:
    """Refuse stories without a beat and those with too many; `lines` says where beats stand."""
    if not lines:
        message = "the trace has nothing to tell: no task arrives; record a longer one"
        raise StoryError(path, message)
    if len(lines) > _MOST_BEATS:
        message = f"{len(lines)} beats make too long a video, at most {_MOST_BEATS} are told"
        raise StoryError(path, f"{message}; {ADVICE}", line=lines[_MOST_BEATS])


def _told_together(steps: Iterable[Step]) -> Iterator[tuple[Step, ...]]:
    """Yield the steps of each beat; the last of them is what it is about.

    An eviction is told with what it makes room for. Nothing is to be seen of a task that is
    queued, so that is told only when it has to wait, and once.
    """
    before: list[Step] = []
    waiting: set[str] = set()
    for step in steps:
        event = step.event
        waiting &= set(step.after.queued)
        before.append(step)
        if isinstance(event, Submit | Evict) or (
            isinstance(event, Defer) and event.task in waiting
        ):
            continue
        if isinstance(event, Defer):
            waiting.add(event.task)
        yield tuple(before)
        before = []
    evictions = [step for step in before if isinstance(step.event, Evict)]
    if evictions:
        yield tuple(evictions)


def _beats(told: Sequence[tuple[Step, ...]], records: Sequence[Record]) -> tuple[Beat, ...]:
    beats = []
    for number, (steps, caption) in enumerate(zip(told, default_captions(told), strict=True), 1):
        *earlier, step = steps
        record = records[step.number - 1]
        verb = type(record.event).__name__.lower()
        # The chapter keeps the task's own name.
        key = made_key(number, verb, getattr(record.event, "task", ""))
        beats.append(Beat(key, caption, step, record.line, tuple(earlier)))
    return tuple(beats)


def _short_names(records: Iterable[Record]) -> dict[str, str]:
    """Task -> its name in the story, in the order in which the tasks appear."""
    events = (record.event for record in records)
    tasks = dict.fromkeys(event.task for event in events if not isinstance(event, Evict))
    letter = next(
        letter
        for letter in ("T", "U", "V", "W", "X", "Y", "Z")
        if not any(f"{letter}{number}" in tasks for number in range(1, len(tasks) + 1))
    )
    return {
        task: f"{letter}{number}" if task_fault(task) else task
        for number, task in enumerate(tasks, 1)
    }


def _renamed(event: Event, names: Mapping[str, str]) -> Event:
    return event if isinstance(event, Evict) else replace(event, task=names[event.task])


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


def _on_names(names: Mapping[str, str]) -> Iterator[str]:
    numbered = [(task, short) for task, short in names.items() if short != task]
    if numbered:
        task, short = numbered[0]
        cut = task if len(task) <= _LONGEST_NAME else f"{task[: _LONGEST_NAME - 1]}…"
        yield f"Tasks with long names are numbered: {short} is {cut}."
