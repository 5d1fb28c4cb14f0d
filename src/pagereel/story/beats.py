"""Which events make a beat together, and what it is called and says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING

from pagereel.cache import Defer, Evict, Submit
from pagereel.story.captions import Narrator
from pagereel.story.story import LONGEST_KEY, Beat

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from pagereel.cache import CacheState, Step

_LONGEST_MADE = LONGEST_KEY - 4  # leaves room for what tells two equal ones apart


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a story's file, after it was played.

    Parameters
    ----------
    number, line
        Which event of the file it is, and on which line it begins; both from 1.
    label
        What a key that is made up for it says: ``arrive A``.
    step
        What happens; None if the entry has only a caption.
    caption, key
        As written in the file, if they are.
    closing
        Whether a beat ends with it in any case.
    optional
        Whether its beat may be left out.
    """

    number: int
    line: int
    label: str
    step: Step | None
    caption: str | None = None
    key: str | None = None
    closing: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Played:
    """The events of a story's file, all replayed.

    Parameters
    ----------
    initial
        The state before the first of them.
    entries
        The events.
    preface
        Captions about the pool and the tasks, for before the first beat.
    """

    initial: CacheState
    entries: tuple[Entry, ...]
    preface: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """What the events do, in order; a caption alone does nothing."""
        return steps_of(self.entries)


def steps_of(entries: Iterable[Entry]) -> tuple[Step, ...]:
    """Return what events do, in order; a caption alone does nothing."""
    return tuple(entry.step for entry in entries if entry.step)


def make_beats(entries: Iterable[Entry], earlier: Iterable[Entry] = ()) -> tuple[Beat, ...]:
    """Make the beats of a story.

    An eviction shares the beat of the event that it makes room for. Nothing can be seen of a task
    that is queued, so this has a beat only when the task has to wait, and only once.

    Parameters
    ----------
    entries
        The events of the file in order.
    earlier
        What has happened before them.

    Returns
    -------
    tuple of Beat
        With captions and keys made up where the file has none. Queued tasks at the end of the
        file have no beat, unless an entry is `closing`.
    """
    groups = [*_groups(entries)]
    written = {group[-1].key for group in groups}
    narrator, beats = Narrator(), []
    before = steps_of(earlier)
    narrator.note(before)
    for number, group in enumerate(groups, 1):
        last = group[-1]
        steps = steps_of(group)
        caption = last.caption or narrator.caption(steps)
        narrator.note(steps)
        key = last.key or made_key(number, last.label, written=written)
        since = before[-1].at if before else None
        beat = Beat(key, caption, last.number, last.line, steps, since, optional=last.optional)
        beats.append(beat)
        before = steps or before
    return tuple(beats)


def _groups(entries: Iterable[Entry]) -> Iterator[Sequence[Entry]]:
    """Yield the entries of each beat; it is about the last of them."""
    group: list[Entry] = []
    waiting: set[str] = set()
    for entry in entries:
        group.append(entry)
        has_beat = entry.step is None or _has_beat(entry.step, waiting)
        if has_beat or entry.closing:
            yield group
            group = []
    evictions = [entry for entry in group if entry.step and isinstance(entry.step.event, Evict)]
    if evictions:
        yield evictions


def _has_beat(step: Step, waiting: set[str]) -> bool:
    """Return whether a beat is about a step; `waiting` has the tasks that were seen to wait."""
    waiting.intersection_update(step.after.queued)
    match step.event:
        case Submit() | Evict():
            return False
        case Defer(task=task):
            first = task not in waiting
            waiting.add(task)
            return first
        case _:
            return True


def made_key(number: int, label: str, *, written: Container[object]) -> str:
    """Make up the key of beat `number`, ``01-arrive-a``, that no other beat has."""
    words = re.sub("[^a-z0-9]+", "-", label.lower()).strip("-")
    key = f"{number:02d}-{words}"[:_LONGEST_MADE].strip("-")
    candidates = chain((key,), (f"{key}-{n}" for n in count(2)))
    return next(candidate for candidate in candidates if candidate not in written)
