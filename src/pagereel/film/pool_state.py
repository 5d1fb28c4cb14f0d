"""Plays a tape back: what a pool of page frames and its tiers look like, moment by moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pagereel.film.tape import CACHED, FREE

if TYPE_CHECKING:
    from pagereel.film.tape import Ints, Mask, Tape
    from pagereel.film.tiers import Copied, TierTape

FRESH = 5  # moments for which a frame that has changed is marked
AGES = (0, 16, 40, 80, 140, 220)  # moments; a cached frame's tone fades at each of them
LONG_AGO = -1_000_000


class _Changes:
    """Knows when frames, or slots, have changed, moment by moment.

    Attributes
    ----------
    since
        By frame: the moment of its last change.
    moment
        How many moments have passed.
    """

    def __init__(self, count: int, fresh: int = FRESH) -> None:
        self._fresh = fresh
        self.since = np.full(count, LONG_AGO, np.int64)
        self.moment = 0

    def fresh(self, frames: Ints) -> Mask:
        """Return which frames have just changed."""
        fresh: Mask = self.moment - 1 - self.since[frames] < self._fresh
        return fresh

    def _no_longer_fresh(self) -> Ints:
        """Return the frames that are marked no longer from the coming moment on."""
        return np.flatnonzero(self.moment - self.since == self._fresh)


class PoolState(_Changes):
    """Plays a tape back, moment by moment.

    Parameters
    ----------
    tape
        What happens.
    fresh
        For how many moments a frame that has changed is marked.

    Attributes
    ----------
    owner, refs
        By frame: its owner as in `Tape`, its refcount.
    event
        How many events have passed.
    """

    def __init__(self, tape: Tape, fresh: int = FRESH) -> None:
        super().__init__(tape.frames, fresh)
        self._end = np.concatenate([[0], np.asarray(tape.cell_end)])
        self._frame = np.asarray(tape.cell_frame)
        self._owner = np.asarray(tape.cell_owner)
        self._refs = np.asarray(tape.cell_refs)
        self.owner = np.full(tape.frames, FREE, np.int32)
        self.refs = np.zeros(tape.frames, np.int32)
        for frame, (owner, refs) in tape.start.cells.items():
            self.owner[frame], self.refs[frame] = owner, refs
        self.event = 0

    def advance(self, reached: int) -> Ints:
        """Go on to the next moment, at which `reached` events have happened.

        Returns
        -------
        numpy.ndarray
            The frames that may look another way than before.
        """
        cells = slice(self._end[self.event], self._end[reached])
        frames = self._frame[cells]
        # Where a frame comes twice the last one counts.
        self.owner[frames] = self._owner[cells]
        self.refs[frames] = self._refs[cells]
        self.since[frames] = self.moment
        age = self.moment - self.since
        faded = np.flatnonzero((self.owner == CACHED) & np.isin(age, AGES[1:]))
        plain = self._no_longer_fresh()
        self.event = reached
        self.moment += 1
        return np.unique(np.concatenate([frames, faded, plain]))

    def tones(self, frames: Ints) -> Ints:
        """Return how far cached frames have faded, 0 for young ones."""
        age = self.moment - 1 - self.since[frames]
        return np.searchsorted(AGES, age, side="right") - 1


class TierState(_Changes):
    """Plays the tape of a tier back.

    Attributes
    ----------
    full
        By slot: whether it holds something.
    """

    def __init__(self, tape: TierTape) -> None:
        super().__init__(tape.size)
        self._events = np.fromiter(tape.copied, np.int64, len(tape.copied))
        self._copied = [*tape.copied.values()]
        self.full = np.zeros(tape.size, bool)
        self.full[list(tape.start)] = True
        self._passed = 0

    def advance(self, reached: int) -> Ints:
        """Go on to the next moment, at which `reached` events have happened.

        Returns
        -------
        numpy.ndarray
            The slots that may look another way than before.
        """
        end = int(np.searchsorted(self._events, reached))
        touched = [self._change(copied) for copied in self._copied[self._passed : end]]
        plain = self._no_longer_fresh()
        self._passed = end
        self.moment += 1
        return np.unique(np.concatenate([*touched, plain]))

    def _change(self, copied: Copied) -> Ints:
        slots = np.array(copied.slots)
        self.full[slots], self.since[slots] = bool(copied.frames), self.moment
        return slots
