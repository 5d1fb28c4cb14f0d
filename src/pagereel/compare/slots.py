"""How many slots of the held page frames have a token, where a trace says enough to know it.

A running task gets one token a step. So it has its tokens at its arrival, and one for each step
since, if the positions that its trace names agree (`Reading.grows_by_one`). What it shares are full
pages. A task that is given up or preempted because it gets no frame for its next token may stay for
a step more; it then has as many tokens as its pages have slots.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pagereel.cache.events import Abort, Arrive, Expand, Finish, Preempt
from pagereel.film.tape import FREE

if TYPE_CHECKING:
    from pagereel.compare.clock import Clock, Floats, Ints
    from pagereel.compare.reading import Reading


class Slots:
    """The slots of one run; only for a trace that says enough.

    Parameters
    ----------
    reading
        The run's trace.
    clock
        The clock, which counts steps.
    reached
        Shape (moments,): how many events have happened.
    size
        Tokens a page.
    """

    def __init__(self, reading: Reading, clock: Clock, reached: Ints, size: int) -> None:
        self._tape, self._at, self._reached, self._size = reading.tape, clock.at, reached, size
        self._first = np.array([stay.first for stay in self._tape.stays], np.int64)
        self._tokens = np.asarray(reading.stay_tokens, dtype=np.int64)
        self._since = np.asarray(self._tape.step, dtype=np.int64)[self._first]

    def tokens(self, stay: int, step: float) -> int:
        """Return how many tokens a stay has at a step, or would need to have room for."""
        return int(self._tokens[stay] - self._since[stay] + step)

    def needs_page(self, stay: int, moment: int) -> bool:
        """Return whether a stay has no slot for the token of the step after a moment."""
        room = self._tape.stays[stay].pages * self._size
        return self.tokens(stay, float(self._at[moment]) + 1) > room

    def fill(self, moment: int) -> Ints:
        """Return how many slots of each frame have a token, shape (frames,)."""
        tape, reached = self._tape, int(self._reached[moment])
        cells = slice(tape.cell_end[reached - 1] if reached else 0)
        frames = np.asarray(tape.cell_frame)[cells]
        owner, page = np.full(tape.frames, FREE, np.int64), np.zeros(tape.frames, np.int64)
        owner[frames] = np.asarray(tape.cell_owner)[cells]
        # A frame that passes from one task to another is the same page of both.
        is_new = self._page_of_cell[cells] >= 0
        page[frames[is_new]] = self._page_of_cell[cells][is_new]
        held = np.flatnonzero(owner >= 0)
        stay = owner[held]
        tokens = self._tokens[stay] - self._since[stay] + int(self._at[moment])
        fill = np.zeros(tape.frames, np.int64)
        fill[held] = np.clip(tokens - page[held] * self._size, 0, self._size)
        return fill

    def empty(self, held: Ints) -> Floats:
        """Return the share of the slots in held frames that have no token.

        Parameters
        ----------
        held
            Shape (moments,): how many frames are held.

        Returns
        -------
        numpy.ndarray
            Shape (moments,): from 0 to 1; 0 where no frame is held.
        """
        tape = self._tape
        amount = np.asarray(tape.amount, dtype=np.int64)
        comes, grows = tape.happens(Arrive), tape.happens(Expand)
        stays = np.asarray(tape.stay, dtype=np.int64)
        goes = (tape.happens(Finish) | tape.happens(Abort) | tape.happens(Preempt)) & (stays >= 0)
        pages = np.where(comes | grows, amount, np.where(goes, -amount, 0))
        enters = comes.astype(np.int64) - goes
        base = np.where(enters != 0, (self._tokens - self._since)[stays], 0) * enters
        total, running, tokens = (
            np.concatenate([[0], np.cumsum(each)])[self._reached] for each in (pages, enters, base)
        )
        tokens = tokens + running * self._at - self._too_many()
        empty: Floats = (total * self._size - tokens) / np.maximum(held * self._size, 1)
        return empty

    def _too_many(self) -> Floats:
        """Return how many tokens of running tasks do not fit into their pages, shape (moments,)."""
        too_many = np.zeros(len(self._at))
        for number, stay in enumerate(self._tape.stays):
            room = stay.pages * self._size - self._tokens[number] + self._since[number]
            last = int(np.searchsorted(self._reached, stay.end, side="right"))
            if last and self._at[last - 1] > room:
                moments = slice(int(np.searchsorted(self._at, room, side="right")), last)
                too_many[moments] += self._at[moments] - room
        return too_many

    @cached_property
    def _page_of_cell(self) -> Ints:
        """By cell: which page of a task its frame has become; -1 if it becomes none."""
        tape = self._tape
        ends = np.asarray(tape.cell_end, dtype=np.int64)
        starts = np.concatenate([[0], ends[:-1]])
        event = np.repeat(np.arange(tape.events), ends - starts)
        place = np.arange(len(event)) - starts[event]
        new = np.asarray(tape.pages, dtype=np.int64)[event] - 1
        arrives, expands = (tape.happens(kind)[event] for kind in (Arrive, Expand))
        return np.where(arrives, place, np.where(expands, new, -1))
