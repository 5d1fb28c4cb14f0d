"""How many images have been drawn, by whichever process, told now and then."""

from __future__ import annotations

import mmap
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

EVERY = 0.1  # seconds


class Pace:
    """Hands numbers on to `hear`, but at most ten a second, and none that is less than before."""

    def __init__(self, hear: Callable[[int], None]) -> None:
        self._hear = hear
        self._next = 0.0
        self._told = 0

    def tell(self, number: int) -> None:
        """Hand a number on, if it is time."""
        now = time.monotonic()
        if now >= self._next and number > self._told:
            self._next = now + EVERY
            self.tell_now(number)

    def tell_now(self, number: int) -> None:
        """Hand a number on: it is the last."""
        self._told = max(self._told, number)
        self._hear(self._told)


class Tally:
    """A number for each of several processes, written by it and seen by all that are forked.

    Parameters
    ----------
    places
        How many.
    """

    def __init__(self, places: int) -> None:
        self._numbers = memoryview(mmap.mmap(-1, 8 * places)).cast("Q")

    def add(self, place: int, images: int) -> None:
        """Count images."""
        self._numbers[place] += images

    def clear(self, place: int) -> None:
        """Begin anew."""
        self._numbers[place] = 0

    def total(self) -> int:
        """Return the sum of all."""
        return sum(self._numbers)
