"""A part of a trace that replays by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from pagereel.cache import Arrive, Checks, Finish, Submit
from pagereel.errors import TraceError
from pagereel.trace.follow import follow
from pagereel.trace.reader import LONGEST_LINE
from pagereel.trace.records import LONGEST_TEXT
from pagereel.trace.write import event_line, header_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pagereel.cache import Event, Ledger
    from pagereel.trace.reader import Trace

# A line of so many frames can be read back, whatever their numbers.
_MOST_IN_LINE = 65536


@dataclass(frozen=True, slots=True)
class EventRange:
    """A range of the events of a trace.

    Parameters
    ----------
    first, last
        Events, from 1; `last` is included, and None means the last of the trace.
    """

    first: int = 1
    last: int | None = None

    def __str__(self) -> str:
        end = "the end" if self.last is None else str(self.last)
        return f"events {self.first} to {end}"


def cut(trace: Trace, part: EventRange) -> Iterator[str]:
    """Yield the lines of a new trace: a part of another one.

    It begins with events that nobody recorded, which bring an empty cache to its state before the
    part: one task takes all frames, the other tasks share theirs with it, then it finishes and
    leaves the cached ones.

    Raises
    ------
    TraceError
        If the trace cannot be read or replayed, or does not reach so far.
    """
    for line in _lines(trace, part):
        if len(line) > LONGEST_LINE:
            message = "what is before the part does not fit on a line of a trace; begin elsewhere"
            raise TraceError(trace.name, message)
        yield line


def beginning(ledger: Ledger) -> list[Event]:
    """Return events that bring an empty cache to the state of a ledger.

    Returns
    -------
    list of Event
        They reproduce the page tables, their order and the order of eviction. Frames that were
        evicted for the next event to take are merely free.
    """
    pool = [*ledger.cached, *dict.fromkeys(chain.from_iterable(ledger.tables.values()))]
    chunks = [pool[start : start + _MOST_IN_LINE] for start in range(0, len(pool), _MOST_IN_LINE)]
    names = _fresh_names(len(chunks), {*ledger.tables, *ledger.queued})
    carriers = dict(zip(names, chunks, strict=True))
    return [
        *(Arrive(name, tuple(frames)) for name, frames in carriers.items()),
        *(Arrive(task, (), shared=tuple(table)) for task, table in ledger.tables.items()),
        *(
            Finish(name, (), tuple(frame for frame in frames if frame in ledger.cached))
            for name, frames in carriers.items()
        ),
        *(Submit(task, tokens) for task, tokens in ledger.queued.items()),
    ]


def _lines(trace: Trace, part: EventRange) -> Iterator[str]:
    ledger = trace.header.ledger()
    replay = follow(trace, ledger)
    before = sum(1 for _ in islice(replay, part.first - 1))
    opening = _opening(ledger)
    first = next(replay, None)
    if first is None:
        raise _ends_early(trace, part, before)
    yield header_line(replace(trace.header, note=_note(trace, part)))
    yield from opening
    end, frames = before, ledger.frames
    rest = None if part.last is None else part.last - part.first
    for seq, (told, _) in enumerate(chain((first,), islice(replay, rest)), len(opening) + 1):
        end = told.seq
        yield event_line(seq, told.event, frames=frames, step=told.step, checks=told.checks)
    if part.last is not None and end < part.last:
        raise _ends_early(trace, part, end)


def _opening(ledger: Ledger) -> list[str]:
    """Write events that lead to the state of a ledger; the last of them checks all of it."""
    events, frames = beginning(ledger), ledger.frames
    checks = _all_checks(ledger) if frames <= _MOST_IN_LINE else None
    return [
        event_line(seq, event, frames=frames, checks=checks if seq == len(events) else None)
        for seq, event in enumerate(events, 1)
    ]


def _ends_early(trace: Trace, part: EventRange, end: int) -> TraceError:
    message = f"the trace ends with event {end}, so {part} cannot be cut from it"
    return TraceError(trace.name, f"{message}; choose an earlier part")


def _fresh_names(count: int, taken: Collection[str]) -> list[str]:
    candidates = (f"before-{number}" for number in range(1, count + len(taken) + 1))
    return list(islice((name for name in candidates if name not in taken), count))


def _all_checks(ledger: Ledger) -> Checks:
    tables = {task: tuple(table) for task, table in ledger.tables.items()}
    return Checks(ledger.mask, tuple(ledger.refcounts), tables, tuple(ledger.cached))


def _note(trace: Trace, part: EventRange) -> str:
    said = f"{part} of a longer trace"
    note = trace.header.note
    return (said if note is None else f"{said}: {note}")[:LONGEST_TEXT]
