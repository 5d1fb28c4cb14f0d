"""A trace as flat arrays: what each event changes, and what there is after it.

A trace has as many events as one likes, and a pool thousands of frames. Kept are only the frames
that an event touches, so that memory grows with the events and not with events times frames.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from enum import IntEnum

FREE, CACHED = -1, -2  # owners of frames that no task holds


class Kind(IntEnum):
    """What happens in an event."""

    SUBMIT = 0
    DEFER = 1
    ARRIVE = 2
    EXPAND = 3
    COPY = 4
    EVICT = 5
    FINISH = 6
    ABORT = 7
    PREEMPT = 8


def _ints() -> array[int]:
    return array("i")


@dataclass(slots=True)
class Stay:
    """A task's time in the cache, from one arrival to its release.

    Attributes
    ----------
    task
        Its name.
    first, end
        The event in which it arrives, and the one that releases it; `end` is the number of events
        if none does.
    pages
        The most pages it ever has.
    shared
        How many of them, from page 0 on, it took over from the prefix index.
    """

    task: str
    first: int
    end: int
    pages: int
    shared: int


@dataclass(slots=True)
class Tape:
    """All that is shown of a trace. Lists are by event, from 0, if nothing else is said.

    Attributes
    ----------
    frames, reserved
        The pool's frames, and those of them that are never handed out.
    stays
        In order of arrival. A frame's owner is the index of a stay, or `FREE` or `CACHED`.
    step
        The engine's step, where the trace has one, else the event's number, from 1.
    kind, stay, pages
        What happens, whose stay it is about (-1: nobody's), how long its table is after it.
    held, cached, shared, running, queued
        How many there are after it.
    amount
        How many frames it hands out, takes over, gives back or needs.
    cell_end
        Where its cells end in the next three; they begin where those of the event before end.
    cell_frame, cell_owner, cell_refs
        By cell: a frame that an event touches, its owner and its refcount after it.
    """

    frames: int
    reserved: tuple[int, ...]
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

    @property
    def events(self) -> int:
        """How many events there are."""
        return len(self.kind)

    @property
    def usable(self) -> int:
        """How many frames there are to be held."""
        return self.frames - len(self.reserved)

    def free(self, event: int) -> int:
        """Return how many frames are free after an event."""
        return self.usable - self.held[event] - self.cached[event]
