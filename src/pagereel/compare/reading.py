"""A trace as the comparison needs it: Replay's tape, and what becomes of each request."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from pagereel.cache import place
from pagereel.cache.events import Abort, Arrive, Copy, Drop, Expand, Finish, Preempt, Submit
from pagereel.errors import TraceError
from pagereel.film.tape import Taper
from pagereel.trace import open_trace
from pagereel.trace.cut import recorded
from pagereel.trace.records import version_of

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.cache import Ledger
    from pagereel.film.tape import Tape
    from pagereel.trace import Header, Record

UNKNOWN = -1


class State(IntEnum):
    """What a request is doing."""

    TO_COME = 0
    WAITING = 1
    RUNNING = 2
    FINISHED = 3
    GIVEN_UP = 4


class Key(NamedTuple):
    """A request's name; a task that is submitted again under its old name is another request."""

    task: str
    time: int = 1

    def __str__(self) -> str:
        return self.task if self.time == 1 else f"{self.task} (time {self.time})"


@dataclass(slots=True)
class Entry:
    """A request as one trace has it.

    Attributes
    ----------
    key
        Its name.
    tokens
        Of its prompt, where they are known.
    event
        The event that submits it, from 0; -1 if it is there at the start of a part of a trace.
    is_submitted
        Whether the trace has a `submit` for it, or only an arrival.
    arrival
        The event in which it first arrives; None if it never does.
    """

    key: Key
    tokens: int | None
    event: int
    is_submitted: bool
    arrival: int | None = None


@dataclass(slots=True)
class Reading:
    """A trace that has been replayed.

    Attributes
    ----------
    name
        What messages call the file.
    header
        What the trace says about its engine.
    tape
        What happens, event by event.
    entries
        The requests, in the order in which they are submitted.
    changed_at, changed_entry, changed_to
        Each change of a request's state: its event (-1: at the start), the request's index, and its
        `State` after it.
    stay_entry, stay_tokens, stay_again
        By stay of the tape: whose it is; how many tokens are in the cache at its arrival, or
        `UNKNOWN`; whether it was preempted before.
    grows_by_one
        Whether each running task gets one token a step, as far as the trace says: so its tokens are
        known at any time.
    """

    name: str
    header: Header
    tape: Tape
    entries: list[Entry] = field(default_factory=list)
    changed_at: array[int] = field(default_factory=lambda: array("q"))
    changed_entry: array[int] = field(default_factory=lambda: array("q"))
    changed_to: array[int] = field(default_factory=lambda: array("b"))
    stay_entry: array[int] = field(default_factory=lambda: array("q"))
    stay_tokens: array[int] = field(default_factory=lambda: array("q"))
    stay_again: array[int] = field(default_factory=lambda: array("b"))
    grows_by_one: bool = True


def read(path: Path) -> Reading:
    """Replay a trace, with all checks.

    Raises
    ------
    TraceError
        If the file is not a trace, or something in it cannot happen or be compared.
    """
    with open_trace(path) as trace:
        ledger = trace.header.ledger()
        for number, record in recorded(trace, ledger):
            if record is None:
                taper = Taper(ledger, number + 1)
                reading = Reading(trace.name, trace.header, taper.tape)
                reader = _Reader(reading, ledger)
            else:
                if version_of(record.event) > 1 and not isinstance(record.event, Drop):
                    message = f"{place(record.seq, record.event.label)}: runs in which pages leave"
                    message += " a running table, or that have groups or tiers, cannot be compared"
                    raise TraceError(trace.name, message, line=record.line)
                taper.add(record.event, record.step)
                reader.add(record)
        taper.finish()
        return reading


class _Reader:
    """Writes down what becomes of each request while a ledger goes through a trace.

    Parameters
    ----------
    reading
        What is written.
    ledger
        The cache before the first event: in a part of a trace, some tasks are there.
    """

    def __init__(self, reading: Reading, ledger: Ledger) -> None:
        self.reading = reading
        self._present: dict[str, int] = {}  # task that is queued or in the cache -> its entry
        self._times: dict[str, int] = {}
        # Running task -> its tokens at its arrival, and in which step that is.
        self._grown: dict[str, tuple[int, int]] = {}
        self._preempted: set[int] = set()
        self._now = -1  # the event
        self.reading.grows_by_one = not ledger.tables
        for task in ledger.tables:
            self._run(self._submit(task, None, is_submitted=False), None)
        for task, tokens in ledger.queued.items():
            self._submit(task, tokens, is_submitted=True)
        self._now = 0

    def add(self, record: Record) -> None:
        """Write down what an event has changed."""
        event = record.event
        match event:
            case Submit(task=task, tokens=tokens):
                self._submit(task, tokens, is_submitted=True)
            case Arrive():
                self._arrive(event, record.step)
            case Expand():
                self._follow_growth(event, record.step)
            case Preempt(task=task):
                entry = self._present[task]
                self._preempted.add(entry)
                self._change(entry, State.WAITING)
            case Finish(task=task):
                self._change(self._present.pop(task), State.FINISHED)
            case Abort(task=task):
                self._change(self._present.pop(task), State.GIVEN_UP)
            case Copy():
                # A page that is shared and not full: the sum of the tokens of those that hold it
                # would count some of them twice.
                self.reading.grows_by_one = False
            case _:
                pass
        self._now += 1

    def _submit(self, task: str, tokens: int | None, *, is_submitted: bool) -> int:
        time = self._times[task] = self._times.get(task, 0) + 1
        index = self._present[task] = len(self.reading.entries)
        self.reading.entries.append(Entry(Key(task, time), tokens, self._now, is_submitted))
        self._change(index, State.WAITING)
        return index

    def _arrive(self, event: Arrive, step: int | None) -> None:
        index = self._present.get(event.task)
        if index is None:
            index = self._submit(event.task, event.tokens, is_submitted=False)
        entry = self.reading.entries[index]
        again = index in self._preempted
        tokens = event.tokens
        if not again:
            # A row that is reserved for the longest request may say nothing of the prompt.
            tokens = entry.tokens if tokens is None else tokens
            entry.tokens = tokens if entry.tokens is None else entry.tokens
            entry.arrival = self._now
        self._run(index, tokens)
        if tokens is None or step is None:
            self.reading.grows_by_one = False
        else:
            self._grown[event.task] = (tokens, step)

    def _run(self, index: int, tokens: int | None) -> None:
        """Begin a stay of a request in the cache."""
        self.reading.stay_entry.append(index)
        self.reading.stay_tokens.append(UNKNOWN if tokens is None else tokens)
        self.reading.stay_again.append(index in self._preempted)
        self._change(index, State.RUNNING)

    def _follow_growth(self, event: Expand, step: int | None) -> None:
        if not self.reading.grows_by_one:
            return
        tokens, since = self._grown[event.task]
        # The page is needed for the last token of this step; positions are counted from 0.
        is_so = step is not None and event.pos == tokens + (step - since) - 1
        self.reading.grows_by_one = is_so

    def _change(self, index: int, state: State) -> None:
        self.reading.changed_at.append(self._now)
        self.reading.changed_entry.append(index)
        self.reading.changed_to.append(state)
