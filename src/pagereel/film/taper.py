"""Writing a tape: following a cache, event by event."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from pagereel.cache.events import (
    Abort,
    Arrive,
    Copy,
    Defer,
    Evict,
    Expand,
    Finish,
    Preempt,
    Submit,
)
from pagereel.film.tape import CACHED, FREE, Kind, Stay, Tape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pagereel.cache.events import Event
    from pagereel.cache.ledger import Ledger

_KINDS = {
    Submit: Kind.SUBMIT,
    Defer: Kind.DEFER,
    Arrive: Kind.ARRIVE,
    Expand: Kind.EXPAND,
    Copy: Kind.COPY,
    Evict: Kind.EVICT,
    Finish: Kind.FINISH,
    Abort: Kind.ABORT,
    Preempt: Kind.PREEMPT,
}


class Taper:
    """Writes a tape while a ledger goes through a trace.

    Parameters
    ----------
    ledger
        The cache. Whoever advances it calls `add` after every event.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.tape = Tape(ledger.frames, tuple(sorted(ledger.reserved)))
        self._present: dict[str, int] = {}  # task -> its stay
        self._tables: dict[int, list[int]] = {}  # stay -> the frames it holds, in any order
        # Frame -> the stays that hold it, the first of them as its owner. The ledger knows tables
        # by task; to look a frame up in all of them would cost as much as there are tasks.
        self._holders: dict[int, list[int]] = {}
        self._shared = 0

    def add(self, event: Event, step: int | None) -> None:
        """Write down what an event, which the ledger has carried out, has changed."""
        tape = self.tape
        number = tape.events
        stay, touched, amount = self._follow(event, number)
        for frame in dict.fromkeys(touched):
            self._write_cell(frame)
        tape.kind.append(_KINDS[type(event)])
        tape.step.append(number + 1 if step is None else step)
        tape.has_steps = tape.has_steps and step is not None
        tape.stay.append(stay)
        tape.amount.append(amount)
        pages = len(self._tables.get(stay, ()))
        tape.pages.append(pages)
        if stay >= 0:
            tape.stays[stay].pages = max(tape.stays[stay].pages, pages)
        tape.held.append(self._ledger.held_count)
        tape.cached.append(len(self._ledger.cached))
        tape.shared.append(self._shared)
        tape.running.append(len(self._ledger.tables))
        tape.queued.append(len(self._ledger.queued))
        tape.cell_end.append(len(tape.cell_frame))

    def finish(self) -> Tape:
        """Return the tape; tasks that are still there stay until its end."""
        for stay in self._present.values():
            self.tape.stays[stay].end = self.tape.events
        if not self.tape.has_steps:
            self.tape.step = array("q", range(1, self.tape.events + 1))
        return self.tape

    def _follow(self, event: Event, number: int) -> tuple[int, Iterable[int], int]:
        """Return the stay that an event is about, the frames it touches, and its amount."""
        stay = self._present.get(getattr(event, "task", ""), -1)
        touched: tuple[int, ...] = ()
        match event:
            case Arrive(task=task, frames=frames, shared=shared):
                stay = self._present[task] = len(self.tape.stays)
                self.tape.stays.append(Stay(task, number, -1, 0, len(shared)))
                self._tables[stay] = []
                touched = (*shared, *frames)
                self._hold(stay, touched)
            case Expand(frame=frame):
                touched = (frame,)
                self._hold(stay, touched)
            case Copy(src=src, dst=dst):
                self._tables[stay].remove(src)
                self._let_go(stay, (src,))
                self._hold(stay, (dst,))
                return stay, (src, dst), 1
            case Evict(frames=frames):
                touched = frames
            case Defer(need=need):
                return -1, (), need or 0
            case Finish(task=task) | Abort(task=task) | Preempt(task=task) if stay >= 0:
                del self._present[task]
                self.tape.stays[stay].end = number
                touched = tuple(self._tables.pop(stay))
                self._let_go(stay, touched)
        return stay, touched, len(touched)

    def _hold(self, stay: int, frames: Iterable[int]) -> None:
        for frame in frames:
            self._tables[stay].append(frame)
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
