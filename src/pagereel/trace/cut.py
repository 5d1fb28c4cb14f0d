"""A part of a trace that replays by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import chain, islice
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

from pagereel.cache import Arrive, Checks, Finish, Offload, Submit, present
from pagereel.errors import TraceError
from pagereel.trace.follow import carry_out, follow
from pagereel.trace.reader import LONGEST_LINE
from pagereel.trace.records import LONGEST_TEXT, VERSIONS, version_of
from pagereel.trace.write import end_line, event_line, header_line
from pagereel.wording import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from pagereel.cache import Event, Ledger
    from pagereel.trace.reader import Trace
    from pagereel.trace.records import Header, Record

# A line of so many frames can be read back, whatever their numbers.
_MOST_IN_LINE = 65536
_MOST_KEPT = 16 * 1024 * 1024  # bytes of a part that are kept in memory
_CARRIER = "before-"  # begins the names of tasks that nobody recorded
_OLD_CLAIMS = ("mask", "refcounts", "tables", "evictable")  # all that there were, long ago
_OLD_NOTE = re.compile(r"events (\d+) to (?:\d+|the end) of a longer trace")


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


class Beginning:
    """The start of a part of a trace: events that nobody recorded, which lead to its first state.

    Parameters
    ----------
    header
        Of the trace. In one that is not a part, no event is made up.

    Attributes
    ----------
    first
        The number of the first event that was recorded: in the longer trace, if there is one.
    """

    def __init__(self, header: Header) -> None:
        self.first = header.first or 1
        self._count = header.made_up or 0
        # Parts that were cut before headers had these keys: the note has the number, and the last
        # event that is made up claims all of the state.
        said = _OLD_NOTE.match(header.note or "")
        self._is_old = header.first is None and said is not None
        self._said = int(said[1]) if said else 1

    def lasts_to(self, record: Record) -> bool:
        """Return whether an event is made up, if those before it are."""
        event = record.event
        if record.seq == 1 and not (isinstance(event, Arrive) and event.task.startswith(_CARRIER)):
            self._is_old = False
        return self._is_old or record.seq <= self._count

    def ends_with(self, record: Record) -> bool:
        """Return whether an event is the last one that is made up; they come in their order."""
        if not self.lasts_to(record):
            return False
        if not self._is_old:
            return record.seq == self._count
        if any(getattr(record.checks, claim) is None for claim in _OLD_CLAIMS):
            return False
        self._is_old, self.first = False, self._said
        return True

    def check_complete(self, events: int, name: str) -> None:
        """Raise a `TraceError` if a trace of so many events has only some of those made up."""
        if self._count > events:
            message = f"made_up says that {counted(self._count, 'event')} lead to the part's start"
            raise TraceError(name, f"{message}, but there are {events}; cut it anew", line=1)


def recorded(trace: Trace, ledger: Ledger) -> Iterator[tuple[int, Record | None]]:
    """Replay a trace, and say what was recorded in it: not what leads to the start of a part.

    Parameters
    ----------
    trace
        The trace, from its start.
    ledger
        The cache that carries the events out.

    Yields
    ------
    tuple
        First the number before that of the first event, and None: the cache is as it was then. Then
        each event, and its number: in the longer trace, if there is one.

    Raises
    ------
    TraceError
        As `follow` does, and if the trace ends before a part's first event.
    """
    beginning, begun, events, number = Beginning(trace.header), False, 0, 0
    for record in trace:
        events = record.seq
        if not begun and not beginning.lasts_to(record):
            begun, number = True, beginning.first - 1
            yield number, None
        carry_out(record, ledger, trace.name)
        if begun:
            number += 1
            yield number, record
        elif beginning.ends_with(record):
            begun, number = True, beginning.first - 1
            yield number, None
    beginning.check_complete(events, trace.name)
    if not begun:
        yield beginning.first - 1, None


def cut(trace: Trace, part: EventRange, note: str | None = None) -> Iterator[str]:
    """Yield the lines of a new trace: a part of another one; its note says so, if not `note`.

    It begins with events that nobody recorded, which bring an empty cache to its state before the
    part: one task takes all frames, tiers are filled from them, the other tasks share theirs with
    it, then it finishes and leaves the cached ones. The header says how many these are; see
    `Beginning`.

    Raises
    ------
    TraceError
        If the trace cannot be read or replayed, or does not reach so far.
    """
    for line in _lines(trace, part, (note or _note(trace, part))[:LONGEST_TEXT]):
        if len(line) > LONGEST_LINE:
            message = "what is before the part does not fit on a line of a trace; begin elsewhere"
            raise TraceError(trace.name, message)
        yield line


def beginning(ledger: Ledger) -> list[Event]:
    """Return events that bring an empty cache to the state of a ledger.

    Returns
    -------
    list of Event
        They reproduce the page tables, their order, the order of eviction, and what is in tiers.
        Frames that were evicted for the next event to take are merely free.
    """
    held = dict.fromkeys(chain.from_iterable(map(present, ledger.tables.values())))
    pool = [*ledger.cached, *held]
    most = max((len(stored) for stored in ledger.stored.values()), default=0)
    # As many frames as tiers are filled from at once; those that were free are free again then.
    spare = [*islice(ledger.free_frames, max(0, min(most, _MOST_IN_LINE) - len(pool)))]
    pool += spare
    chunks = [pool[start : start + _MOST_IN_LINE] for start in range(0, len(pool), _MOST_IN_LINE)]
    names = _fresh_names(len(chunks), {*ledger.tasks, *ledger.queued})
    carriers = dict(zip(names, chunks, strict=True))
    gone = frozenset(spare)
    any_group = next(iter(ledger.groups), None)
    return [
        *(Arrive(name, tuple(frames), group=any_group) for name, frames in carriers.items()),
        *_offloads(ledger, pool[:_MOST_IN_LINE]),
        *_arrivals(ledger),
        *(
            Finish(
                name,
                tuple(frame for frame in frames if frame in gone),
                tuple(frame for frame in frames if frame in ledger.cached),
                tuple(frame for frame in frames if frame in ledger.uncomputed),
            )
            for name, frames in carriers.items()
        ),
        *(Submit(task, tokens) for task, tokens in ledger.queued.items()),
    ]


def _offloads(ledger: Ledger, frames: Sequence[int]) -> Iterator[Event]:
    """Fill tiers as they are, from frames that are held; some slots may have no key."""
    for tier, stored in ledger.stored.items():
        for has_key in (True, False):
            slots = [slot for slot, key in stored.items() if (key is not None) is has_key]
            for start in range(0, len(slots), len(frames) or 1):
                some = tuple(slots[start : start + len(frames)])
                keys = tuple(key for slot in some if (key := stored[slot]) is not None)
                yield Offload(tier, some, tuple(frames[: len(some)]), keys)


def _arrivals(ledger: Ledger) -> Iterator[Event]:
    """Let the tasks arrive that are there, in their order, with their page tables."""
    for name, table in ledger.tables.items():
        task, _, group = name.partition(" ")
        yield Arrive(task, (), shared=tuple(table), group=group or None)


def _lines(trace: Trace, part: EventRange, note: str) -> Iterator[str]:
    ledger = trace.header.ledger()
    replay = follow(trace, ledger)
    before = sum(1 for _ in islice(replay, part.first - 1))
    events = beginning(ledger)
    opening = _opening(events, ledger)
    first = next(replay, None)
    if first is None:
        raise _ends_early(trace, part, before)
    rest = None if part.last is None else part.last - part.first
    replayed = chain((first,), islice(replay, rest))
    header = trace.header
    # Of a part that is cut again, some of what is made up may be left.
    left = max(0, (header.made_up or 0) - before)
    header = replace(
        header,
        note=note,
        made_up=len(opening) + left or None,
        first=header.number_after(before),
    )
    if header.version == VERSIONS[0]:
        yield header_line(header)
        yield from opening
        yield from _rest(trace, part, replayed, seq=len(opening) + 1)
        return
    # The first line says which version of the format the part needs.
    with SpooledTemporaryFile(_MOST_KEPT, "w+", encoding="utf-8", newline="\n") as kept:
        needed = _Needed(max([1 + bool(header.groups or header.tiers), *map(version_of, events)]))
        kept.writelines(_rest(trace, part, needed.by(replayed), seq=len(opening) + 1))
        kept.seek(0)
        yield header_line(replace(header, version=needed.version))
        yield from opening
        yield from kept


def _rest(
    trace: Trace, part: EventRange, replayed: Iterable[tuple[Record, Ledger]], *, seq: int
) -> Iterator[str]:
    """Yield the lines of the events of a part, the first of them with the number `seq`."""
    end = number = 0
    for number, (record, ledger) in enumerate(replayed, seq):
        end = record.seq
        yield event_line(
            number, record.event, frames=ledger.frames, step=record.step, checks=record.checks
        )
    if part.last is None and trace.ended is not None:
        yield end_line(number + 1, trace.ended)
    if part.last is not None and end < part.last:
        raise _ends_early(trace, part, end)


class _Needed:
    """The version of the format that some events need."""

    def __init__(self, version: int) -> None:
        self.version = version

    def by(self, replayed: Iterable[tuple[Record, Ledger]]) -> Iterator[tuple[Record, Ledger]]:
        """Yield the events, and note which version they need."""
        for record, ledger in replayed:
            self.version = max(self.version, version_of(record.event))
            yield record, ledger


def _opening(events: Sequence[Event], ledger: Ledger) -> list[str]:
    """Write events that lead to the state of a ledger; the last of them checks all of it."""
    frames = ledger.frames
    checks = _all_checks(ledger) if frames <= _MOST_IN_LINE else None
    return [
        event_line(seq, event, frames=frames, checks=checks if seq == len(events) else None)
        for seq, event in enumerate(events, 1)
    ]


def _ends_early(trace: Trace, part: EventRange, end: int) -> TraceError:
    message = f"the trace ends with event {end}, so {part} cannot be cut from it"
    return TraceError(trace.name, f"{message}; choose an earlier part")


def _fresh_names(count: int, taken: Collection[str]) -> list[str]:
    candidates = (f"{_CARRIER}{number}" for number in range(1, count + len(taken) + 1))
    return list(islice((name for name in candidates if name not in taken), count))


def _all_checks(ledger: Ledger) -> Checks:
    tables = {task: tuple(table) for task, table in ledger.tables.items()}
    tiers = {tier: tuple(sorted(stored)) for tier, stored in ledger.stored.items()}
    return Checks(ledger.mask, tuple(ledger.refcounts), tables, tuple(ledger.cached), tiers or None)


def _note(trace: Trace, part: EventRange) -> str:
    said = f"{part} of a longer trace"
    note = trace.header.note
    return said if note is None else f"{said}: {note}"
