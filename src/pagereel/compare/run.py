"""One of the two runs: its pool, its measures, and the state of each request, by moment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pagereel.cache.events import Abort, Finish, Preempt
from pagereel.compare.measures import event_values
from pagereel.compare.reading import State
from pagereel.compare.slots import Slots
from pagereel.film.tape import FREE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pagereel.compare.clock import Clock, Ints
    from pagereel.compare.measures import Values
    from pagereel.compare.reading import Reading
    from pagereel.film.tape import Tape


class Request(NamedTuple):
    """A request of the workload that both runs have.

    Attributes
    ----------
    task
        Its name.
    tokens
        Of its prompt, where a trace says it.
    at
        The clock's time at which it is submitted.
    """

    task: str
    tokens: int | None
    at: float


@dataclass(frozen=True, eq=False)
class Run:
    """A run of the workload.

    Attributes
    ----------
    side
        0: the first one (A), 1: the second one (B).
    name
        What it is called on screen.
    file
        Its trace.
    reading
        The trace, replayed.
    entry_of
        Shape (requests,): the index of each request in the reading.
    clock
        That of both runs.
    reached
        Shape (moments,): how many of its events have happened.
    """

    side: int
    name: str
    file: Path
    reading: Reading
    entry_of: Ints
    clock: Clock
    reached: Ints

    @property
    def engine(self) -> str:
        """The engine's name and version."""
        return self.reading.header.engine

    @property
    def frames(self) -> int:
        """Page frames of the pool."""
        return self.reading.header.frames

    @property
    def usable(self) -> int:
        """Page frames that can be held."""
        return self.tape.usable

    @property
    def page_size(self) -> int | None:
        """Tokens a page, where it is known."""
        return self.reading.header.page_size

    @property
    def tape(self) -> Tape:
        """Its events, as in `Replay`."""
        return self.reading.tape

    @cached_property
    def row(self) -> int | None:
        """How many page frames a request reserves, one after another; None if it takes any."""
        tape = self.tape
        lengths = {stay.pages for stay in tape.stays}
        if len(lengths) != 1 or tape.start.tables:
            return None
        (length,) = lengths
        begins = range(0, tape.frames, length)
        are_rows = length > 1 and all(
            (frames := tape.touched(stay.first))
            and frames[0] in begins
            and frames == tuple(range(frames[0], frames[0] + length))
            for stay in tape.stays
        )
        return length if are_rows else None

    @property
    def last(self) -> int:
        """The moment of its last event."""
        return int(np.searchsorted(self.reached, self.tape.events))

    @property
    def unfinished(self) -> int:
        """How many requests are neither finished nor given up in the end: the trace is cut off."""
        return int((self.states(len(self.reached) - 1) < State.FINISHED).sum())

    @property
    def done(self) -> int | None:
        """The moment of its last event; None if requests are unfinished."""
        return None if self.unfinished else self.last

    @cached_property
    def by_event(self) -> Mapping[str, Ints]:
        """Measures before the first event and after each; see `event_values`."""
        return event_values(self.reading)

    @cached_property
    def values(self) -> Mapping[str, Values]:
        """Key of a measure -> its values, shape (moments,); only what the trace says."""
        values: dict[str, Values] = {
            key: counts[self.reached] for key, counts in self.by_event.items()
        }
        if self.slots is not None:
            values["empty"] = self.slots.empty(self.by_event["held"][self.reached])
        return values

    @cached_property
    def arrivals(self) -> Ints:
        """The moment at which each request first arrives, shape (requests,); -1 if it does not."""
        events = [self.reading.entries[entry].arrival for entry in self.entry_of.tolist()]
        after = np.array([0 if event is None else event + 1 for event in events], np.int64)
        return np.where(after > 0, np.searchsorted(self.reached, after), -1)

    @cached_property
    def losses(self) -> tuple[tuple[int, int], ...]:
        """The moment and the request of each task that is given up or preempted as it runs."""
        is_loss = self.tape.happens(Abort) | self.tape.happens(Preempt)
        lost = np.flatnonzero(is_loss & (np.asarray(self.tape.stay) >= 0))
        moments = np.searchsorted(self.reached, lost + 1).tolist()
        request_of = np.argsort(self.entry_of)
        requests = [
            int(request_of[self.reading.stay_entry[self.tape.stay[event]]])
            for event in lost.tolist()
        ]
        return tuple(zip(moments, requests, strict=True))

    def keeps(self, request: int, moment: int) -> bool:
        """Return whether a request runs at a moment and the one before, and on until it finishes.

        In a trace that is cut off it may run on until the end.
        """
        stay = self.stay(request, moment)
        if stay < 0 or self.stay(request, moment - 1) != stay:
            return False
        end = self.tape.stays[stay].end
        return end == self.tape.events or bool(self.tape.happens(Finish, end, end + 1)[0])

    def free(self, moment: int) -> int:
        """Return how many frames are neither held nor cached."""
        return self.usable - int(self.values["held"][moment]) - int(self.values["cached"][moment])

    def states(self, moment: int) -> NDArray[np.int8]:
        """Return the `State` of each request, shape (requests,)."""
        changes = slice(int(np.searchsorted(self._changes[0], self.reached[moment])))
        states = np.zeros(len(self.reading.entries), np.int8)
        # Where a request changes twice the last one counts.
        states[self._changes[1][changes]] = self._changes[2][changes]
        return states[self.entry_of]

    def task(self, request: int) -> str:
        """Return the name of a request."""
        return str(self.reading.entries[int(self.entry_of[request])].key)

    def waiting(self, moment: int) -> tuple[str, ...]:
        """Return the names of the requests that wait, in the order of submission."""
        states = self.states(moment).tolist()
        return tuple(
            self.task(request) for request, state in enumerate(states) if state == State.WAITING
        )

    def stay(self, request: int, moment: int) -> int:
        """Return the stay of a request that is in the cache, or -1."""
        for stay in self._stays_of[int(self.entry_of[request])]:
            begins = stay < len(self.tape.start.tables) or self.reached[moment] > self._first[stay]
            if begins and self.reached[moment] <= self._end[stay]:
                return stay
        return -1

    def table(self, request: int, moment: int) -> tuple[int, ...]:
        """Return the frames of a request; in page order, unless pages were copied."""
        stay = self.stay(request, moment)
        return () if stay < 0 else self.tape.table(stay, int(self.reached[moment]) - 1)

    def shared(self, request: int, moment: int) -> int:
        """Return how many of its pages a request took over from the prefix index."""
        stay = self.stay(request, moment)
        return 0 if stay < 0 else self.tape.stays[stay].shared

    def owners(self, moment: int) -> Ints:
        """Return the owner of each frame, shape (frames,): as in `Tape`."""
        owners = np.full(self.frames, FREE, np.int64)
        for frame, (owner, _) in self.tape.start.cells.items():
            owners[frame] = owner
        return self._last_of(self.tape.cell_owner, owners, moment)

    def refs(self, moment: int) -> Ints:
        """Return in how many page tables each frame stands, shape (frames,)."""
        refs = np.zeros(self.frames, np.int64)
        for frame, (_, count) in self.tape.start.cells.items():
            refs[frame] = count
        return self._last_of(self.tape.cell_refs, refs, moment)

    @cached_property
    def slots(self) -> Slots | None:
        """Which slots have a token; None if that is not known."""
        size = self.page_size
        if size is None or self.clock.unit != "step" or not self.reading.grows_by_one:
            return None
        return Slots(self.reading, self.clock, self.reached, size)

    def fill(self, moment: int) -> Ints | None:
        """Return how many slots of each frame have a token, shape (frames,), if it is known."""
        return None if self.slots is None else self.slots.fill(moment)

    @cached_property
    def _changes(self) -> tuple[Ints, Ints, Ints]:
        read = self.reading
        at, entry, to = read.changed_at, read.changed_entry, read.changed_to
        return np.asarray(at), np.asarray(entry), np.asarray(to, dtype=np.int64)

    @cached_property
    def _first(self) -> Ints:
        return np.array([stay.first for stay in self.tape.stays], np.int64)

    @cached_property
    def _end(self) -> Ints:
        return np.array([stay.end for stay in self.tape.stays], np.int64)

    @cached_property
    def _stays_of(self) -> Sequence[Sequence[int]]:
        """By entry: its stays."""
        stays: list[list[int]] = [[] for _ in self.reading.entries]
        for stay, entry in enumerate(self.reading.stay_entry):
            stays[entry].append(stay)
        return stays

    def _last_of(self, of_cell: Sequence[int], before: Ints, moment: int) -> Ints:
        """Write into what was before what the last cell of each frame says."""
        reached = int(self.reached[moment])
        cells = slice(self.tape.cell_end[reached - 1] if reached else 0)
        # Where a frame comes twice the last one counts.
        before[np.asarray(self.tape.cell_frame)[cells]] = np.asarray(of_cell)[cells]
        return before
