"""A trace as flat arrays: what each event changes, and what there is after it.

`Taper` writes a tape while a ledger goes through a trace; `PoolState` plays it back. A trace may
have any number of events, and a pool thousands of frames. Only the frames that an event touches are
kept, so memory grows with the events and not with events times frames.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, assert_never

import numpy as np

from pagereel.cache import present
from pagereel.cache.events import (
    HOLE,
    KINDS,
    Arrive,
    Copy,
    Defer,
    Discard,
    Drop,
    Evict,
    Expand,
    Leave,
    Load,
    Offload,
    Release,
    Share,
    Shrink,
    Submit,
    TaskEvent,
    tables_of,
)
from pagereel.errors import TraceError
from pagereel.film.tiers import TierTape
from pagereel.trace import open_trace
from pagereel.trace.cut import recorded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pagereel.cache.events import Event
    from pagereel.cache.ledger import Ledger

    Ints = NDArray[np.integer]
    Mask = NDArray[np.bool_]


MOST_FRAMES = 65_536
FREE, CACHED = -1, -2  # owners of frames that no task holds
_NUMBERS = {kind.make: number for number, kind in enumerate(KINDS.values())}
_MOVES = {_NUMBERS[Copy], _NUMBERS[Share]}
_GIVES_BACK = {_NUMBERS[Release], _NUMBERS[Shrink]}


def _ints() -> array[int]:
    return array("i")


@dataclass(slots=True)
class Stay:
    """A task's time in the cache, from one arrival to its release; one for each of its groups.

    Attributes
    ----------
    task
        Its name; with that of the group, if there are groups.
    first, end
        The event in which it arrives, and the one that releases it; `end` is the number of events
        if none does.
    pages
        The most pages it ever has, its holes among them.
    shared
        How many of them, from page 0 on, it took over from the prefix index.
    """

    task: str
    first: int
    end: int
    pages: int
    shared: int


class Run(NamedTuple):
    """Pages of a task that stand together and look the same.

    Attributes
    ----------
    first, end
        The pages; `end` is exclusive.
    shared
        Whether they were taken over from the prefix index.
    """

    first: int
    end: int
    shared: bool


@dataclass(frozen=True, slots=True)
class Start:
    """What there is before the first event: nothing, unless the trace is a part of a longer one.

    Attributes
    ----------
    tables, runs
        The page tables of the stays that are there already, the first ones of the tape; and, of
        those with holes, the pages that they have.
    cells
        Frame -> its owner and its refcount, of those that are not free.
    held, cached, shared, running, queued
        How many there are.
    """

    tables: tuple[tuple[int, ...], ...] = ()
    runs: Mapping[int, tuple[Run, ...]] = field(default_factory=dict)
    cells: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    held: int = 0
    cached: int = 0
    shared: int = 0
    running: int = 0
    queued: int = 0


@dataclass(slots=True)
class Tape:
    """Everything that a film shows of a trace. Lists are by event, from 0, unless stated otherwise.

    Attributes
    ----------
    engine, note
        What the trace says of itself; the note may be empty.
    frames, reserved
        The pool's frames, and those of them that are never handed out.
    start
        What there is before the first event.
    ended_early
        Whether the recording ended before the engine did.
    stays
        In order of arrival. A frame's owner is the index of a stay, or `FREE` or `CACHED`.
    step
        The engine's step, where the trace has one, else the event's number: from 1, or from that
        which it has in the longer trace.
    kind, stay, pages
        What happens, by its place in the registry of events; whose stay it is about (-1:
        nobody's); how long its table is after it.
    held, cached, shared, running, queued
        How many there are after it.
    amount
        How many frames it hands out, takes over, gives back or needs.
    cell_end
        Where its cells end in the next three; they begin where those of the event before end.
    cell_frame, cell_owner, cell_refs
        By cell: a frame that an event touches, its owner and its refcount after it.
    runs
        Event -> the pages that the stay has after it, where these are not simply the ones that it
        took over when it arrived, and then its own: others were given back, or moved.
    ending
        Event -> the stays that end with it, where these are several: those of a task with groups.
    tiers
        What happens to the tiers, such as host memory.
    """

    frames: int
    reserved: tuple[int, ...]
    engine: str = ""
    note: str = ""
    start: Start = field(default_factory=Start)
    ended_early: bool = False
    has_steps: bool = True
    stays: list[Stay] = field(default_factory=list)
    step: array[int] = field(default_factory=lambda: array("q"))
    kind: array[int] = field(default_factory=lambda: array("b"))
    stay: array[int] = field(default_factory=_ints)
    pages: array[int] = field(default_factory=_ints)
    held: array[int] = field(default_factory=_ints)
    cached: array[int] = field(default_factory=_ints)
    shared: array[int] = field(default_factory=_ints)
    running: array[int] = field(default_factory=_ints)
    queued: array[int] = field(default_factory=_ints)
    amount: array[int] = field(default_factory=_ints)
    cell_end: array[int] = field(default_factory=lambda: array("q"))
    cell_frame: array[int] = field(default_factory=_ints)
    cell_owner: array[int] = field(default_factory=_ints)
    cell_refs: array[int] = field(default_factory=_ints)
    runs: dict[int, tuple[Run, ...]] = field(default_factory=dict)
    ending: dict[int, tuple[int, ...]] = field(default_factory=dict)
    tiers: list[TierTape] = field(default_factory=list)

    @property
    def events(self) -> int:
        """How many events there are."""
        return len(self.kind)

    @property
    def usable(self) -> int:
        """How many frames there are to be held."""
        return self.frames - len(self.reserved)

    def happens(self, kind: type[Event], first: int = 0, end: int | None = None) -> Mask:
        """Return which of the events from `first` to before `end` are of a kind."""
        of_kind: Mask = np.asarray(self.kind[first:end]) == _NUMBERS[kind]
        return of_kind

    def free(self, event: int) -> int:
        """Return how many frames are free after an event."""
        return self.usable - self.held[event] - self.cached[event]

    def touched(self, event: int) -> tuple[int, ...]:
        """Return the frames that an event touches; those that it takes over from others first."""
        return tuple(self.cell_frame[self._cells(event)])

    def owners(self, event: int) -> tuple[int, ...]:
        """Return the owners, after an event, of the frames that it touches."""
        return tuple(self.cell_owner[self._cells(event)])

    def table(self, stay: int, event: int) -> tuple[int, ...]:
        """Return the frames that a stay holds after an event, in any order."""
        kinds = self.kind
        if event >= self.stays[stay].end:
            return ()
        there = stay < len(self.start.tables)
        table = dict.fromkeys(present(self.start.tables[stay]) if there else ())
        for at in range(self.stays[stay].first, event + 1):
            if self.stay[at] != stay:
                continue
            touched = self.touched(at)
            if kinds[at] in _MOVES:
                moved = len(touched) // 2
                for frame in touched[:moved]:
                    del table[frame]
                table.update(dict.fromkeys(touched[moved:]))
            elif kinds[at] in _GIVES_BACK:
                for frame in touched:
                    del table[frame]
            else:
                table.update(dict.fromkeys(touched))
        return tuple(table)

    def _cells(self, event: int) -> slice:
        return slice(self.cell_end[event - 1] if event else 0, self.cell_end[event])


def read_tape(path: Path) -> Tape:
    """Read a trace, with all checks, into a tape.

    Raises
    ------
    TraceError
        If the file is not a trace, something in it cannot happen, or its pool is too large.
    """
    with open_trace(path) as trace:
        header = trace.header
        if header.frames > MOST_FRAMES:
            message = f"a pool of {header.frames} frames; at most {MOST_FRAMES} fit"
            raise TraceError(trace.name, f"{message} into a picture", line=1)
        ledger = header.ledger()
        for number, record in recorded(trace, ledger):
            if record is None:
                taper = Taper(ledger, number + 1)
            else:
                taper.add(record.event, record.step)
        tape = taper.finish()
        tape.engine, tape.note = header.engine, header.note or ""
        tape.ended_early = trace.ended is not None
        return tape


class Taper:
    """Writes a tape while a ledger goes through a trace.

    Parameters
    ----------
    ledger
        The cache before the first event. The caller advances it, and calls `add` after every event.
    number
        Of the first event, where the trace has no steps.
    """

    def __init__(self, ledger: Ledger, number: int = 1) -> None:
        self._ledger, self._number = ledger, number
        self._present: dict[str, int] = {}  # task -> its stay
        self._tables: dict[int, list[int]] = {}  # stay -> its page table
        self._rows: dict[int, _Row] = {}  # of stays whose pages have become holes, or moved
        # Frame -> the stays that hold it, the first of them as its owner. The ledger knows tables
        # by task; to look a frame up in all of them would cost as much as there are tasks.
        self._holders: dict[int, list[int]] = {}
        self._shared = 0
        for stay, (task, table) in enumerate(ledger.tables.items()):
            self._present[task], self._tables[stay] = stay, [*table]
            self._hold(stay, table)
            if HOLE in table:
                self._rows[stay] = _Row(table, 0)
        cells = dict.fromkeys(ledger.cached, (CACHED, 0))
        cells |= {frame: (stays[0], len(stays)) for frame, stays in self._holders.items()}
        start = Start(
            tuple(map(tuple, ledger.tables.values())),
            {stay: tuple(row.runs) for stay, row in self._rows.items()},
            cells,
            ledger.held_count,
            len(ledger.cached),
            self._shared,
            len(ledger.tasks),
            len(ledger.queued),
        )
        stays = [Stay(task, 0, -1, len(table), 0) for task, table in ledger.tables.items()]
        reserved = tuple(sorted(ledger.reserved))
        tiers = [
            TierTape(name, size, tuple(sorted(ledger.stored[name])))
            for name, size in ledger.tiers.items()
        ]
        self.tape = Tape(ledger.frames, reserved, start=start, stays=stays, tiers=tiers)

    def add(self, event: Event, step: int | None) -> None:
        """Record what an event has changed; the ledger has applied it already."""
        tape = self.tape
        number = tape.events
        stay, touched, amount = self._follow(event, number)
        for frame in dict.fromkeys(touched):
            self._write_cell(frame)
        tape.kind.append(_NUMBERS[type(event)])
        tape.step.append(self._number + number if step is None else step)
        tape.has_steps = tape.has_steps and step is not None
        tape.stay.append(stay)
        tape.amount.append(amount)
        pages = len(self._tables.get(stay, ()))
        tape.pages.append(pages)
        if stay >= 0:
            tape.stays[stay].pages = max(tape.stays[stay].pages, pages)
        if stay in self._rows:
            tape.runs[number] = tuple(self._rows[stay].runs)
        tape.held.append(self._ledger.held_count)
        tape.cached.append(len(self._ledger.cached))
        tape.shared.append(self._shared)
        tape.running.append(len(self._ledger.tasks))
        tape.queued.append(len(self._ledger.queued))
        tape.cell_end.append(len(tape.cell_frame))
        for tier in tape.tiers:
            tier.held.append(len(self._ledger.stored[tier.name]))

    def finish(self) -> Tape:
        """Return the tape; tasks that are still there stay until its end."""
        for stay in self._present.values():
            self.tape.stays[stay].end = self.tape.events
        if not self.tape.has_steps:
            self.tape.step = array("q", range(self._number, self._number + self.tape.events))
        return self.tape

    def _follow(self, event: Event, number: int) -> tuple[int, Iterable[int], int]:
        """Return the stay that an event is about, the frames it touches, and its amount."""
        stay = self._present.get(event.table, -1) if isinstance(event, TaskEvent) else -1
        touched: tuple[int, ...] = ()
        match event:
            case Arrive():
                stay, touched = self._arrive(event, number)
            case Expand(frame=frame):
                touched = tuple(present((frame,)))
                self._hold(stay, touched)
                self._grow(stay, frame)
            case Copy() | Share():
                touched = self._move(stay, event)
                return stay, touched, len(touched) // 2
            case Release() | Shrink():
                touched = self._give_back(stay, event)
            case Evict(frames=frames) | Drop(frames=frames):
                touched = frames
            case Defer(need=need):
                return -1, (), need or 0
            case Leave():
                stay, touched = self._leave(event, number)
            case Offload() | Load() | Discard():
                touched = self._use_tier(event, number)
                return -1, touched, len(event.slots)
            case Submit():
                pass
            case _:
                assert_never(event)
        return stay, touched, len(touched)

    def _use_tier(self, event: Offload | Load | Discard, number: int) -> tuple[int, ...]:
        """Note what happens to a tier; return the frames whose content changes."""
        tier = next(tier for tier in self.tape.tiers if tier.name == event.tier)
        tier.add(number, event)
        return event.frames if isinstance(event, Load) else ()

    def _leave(self, event: Leave, number: int) -> tuple[int, tuple[int, ...]]:
        names = tables_of(event, self._ledger.groups)
        stays = [self._present.pop(name) for name in names if name in self._present]
        touched: list[int] = []
        for stay in stays:
            self.tape.stays[stay].end = number
            self._rows.pop(stay, None)
            frames = present(self._tables.pop(stay))
            self._let_go(stay, frames)
            touched += frames
        if len(stays) > 1:
            self.tape.ending[number] = tuple(stays)
        return stays[0] if stays else -1, tuple(touched)  # -1: it was queued only

    def _arrive(self, event: Arrive, number: int) -> tuple[int, tuple[int, ...]]:
        stay = self._present[event.table] = len(self.tape.stays)
        self.tape.stays.append(Stay(event.table, number, -1, 0, len(present(event.shared))))
        table = self._tables[stay] = [*event.shared, *event.frames]
        touched = tuple(present(table))
        self._hold(stay, touched)
        if HOLE in table:
            self._rows[stay] = _Row(table, len(event.shared))
        return stay, touched

    def _row(self, stay: int) -> _Row:
        """Return the pages of a stay, which are no longer simply shared ones and its own."""
        if stay not in self._rows:
            self._rows[stay] = _Row(self._tables[stay], self.tape.stays[stay].shared)
        return self._rows[stay]

    def _grow(self, stay: int, frame: int) -> None:
        """Add a page to the table of a stay, or a hole."""
        table = self._tables[stay]
        table.append(frame)
        if frame == HOLE:
            self._row(stay)
        elif stay in self._rows:
            self._rows[stay].put(len(table) - 1, len(table), shared=False)

    def _move(self, stay: int, event: Copy | Share) -> tuple[int, ...]:
        """Let pages of a stay move; return the frames they were in, and then where they are."""
        is_shared = isinstance(event, Share)
        frames = event.shared if isinstance(event, Share) else (event.dst,)
        table, end = self._tables[stay], event.page + len(frames)
        if is_shared or stay in self._rows:
            self._row(stay).put(event.page, end, shared=is_shared)
        gone = tuple(table[event.page : end])
        table[event.page : end] = frames
        self._let_go(stay, gone)
        self._hold(stay, frames)
        return (*gone, *frames)

    def _give_back(self, stay: int, event: Release | Shrink) -> tuple[int, ...]:
        """Let pages of a stay become holes, or its last ones go; return their frames."""
        table, gone = self._tables[stay], tuple(present(event.frames))
        if isinstance(event, Release):
            row = self._row(stay)
            for frame in gone:
                page = table.index(frame)
                table[page] = HOLE
                row.put(page, page + 1, shared=None)
        else:
            length = len(table)
            del table[-len(event.frames) :]
            if stay in self._rows:
                self._rows[stay].put(len(table), length, shared=None)
        self._let_go(stay, gone)
        return gone

    def _hold(self, stay: int, frames: Sequence[int]) -> None:
        for frame in present(frames):
            holders = self._holders.setdefault(frame, [])
            holders.append(stay)
            self._shared += len(holders) == 2

    def _let_go(self, stay: int, frames: Iterable[int]) -> None:
        for frame in frames:
            holders = self._holders[frame]
            holders.remove(stay)
            self._shared -= len(holders) == 1
            if not holders:
                del self._holders[frame]

    def _write_cell(self, frame: int) -> None:
        holders = self._holders.get(frame)
        tape = self.tape
        tape.cell_frame.append(frame)
        if holders:
            tape.cell_owner.append(holders[0])
            tape.cell_refs.append(len(holders))
        else:
            tape.cell_owner.append(CACHED if frame in self._ledger.cached else FREE)
            tape.cell_refs.append(0)


class _Row:
    """The pages that a stay has, as runs: its holes are between them."""

    def __init__(self, table: Sequence[int], shared: int) -> None:
        self.runs: list[Run] = []
        for page, frame in enumerate(table):
            if frame != HOLE:
                self.put(page, page + 1, shared=page < shared)

    def put(self, first: int, end: int, *, shared: bool | None) -> None:
        """Let pages be shared or the stay's own, or holes for None."""
        runs = []
        for run in self.runs:
            if run.first < first:
                runs.append(run._replace(end=min(run.end, first)))
            if run.end > end:
                runs.append(run._replace(first=max(run.first, end)))
        if shared is not None:
            runs.append(Run(first, end, shared))
        self.runs = []
        for run in sorted(runs):
            last = self.runs[-1] if self.runs else None
            if last and last.end == run.first and last.shared == run.shared:
                self.runs[-1] = last._replace(end=run.end)
            else:
                self.runs.append(run)
