"""Applying events one after another, and saying which of them failed."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.errors import CacheError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagereel.cache.checks import Checks
    from pagereel.cache.events import Event
    from pagereel.cache.state import CacheState


@dataclass(frozen=True, slots=True)
class Step:
    """One event with the state before and after it.

    Parameters
    ----------
    number
        Which event it is, from 1.
    before, after
        The states around the event.
    event
        What happened.
    at
        The engine's step in which it happened, where it is known.
    """

    number: int
    before: CacheState
    event: Event
    after: CacheState
    at: int | None = None

    @property
    def taken(self) -> tuple[int, ...]:
        """The frames that the event took, in page order."""
        return _added(self.before, self.after)

    @property
    def freed(self) -> tuple[int, ...]:
        """The frames that the event freed, in page order; cached ones are not free."""
        cached = self.after.cached
        return tuple(f for f in _added(self.after, self.before) if f not in cached)

    def then(self, later: Step) -> Step:
        """Return this step and a later one as one: what the later one does, seen from before both.

        So an eviction and the event that takes the frame can be shown as one movement.
        """
        return Step(later.number, self.before, later.event, later.after, later.at)


class Playback:
    """A cache to which events are applied one after another.

    Parameters
    ----------
    state
        The state before the first event.

    Attributes
    ----------
    state
        The state after the events so far.
    number
        The number of the next event, from 1.
    """

    def __init__(self, state: CacheState) -> None:
        self.state = state
        self.number = 1

    def play(self, event: Event, *, checks: Checks | None = None, at: int | None = None) -> Step:
        """Apply an event, of the engine's step `at`, and compare the state after it with `checks`.

        Raises
        ------
        CacheError
            If the event is impossible or a check disagrees. The message begins with the event's
            place, ``event 3 (expand B):``. Nothing has changed then; another event may follow.
        """
        with placed(self.number, event.label):
            after = self.state.apply(event)
            if checks is not None:
                checks.verify(after)
        step = Step(self.number, self.state, event, after, at)
        self.state = after
        self.number += 1
        return step


def place(number: int, label: str = "") -> str:
    """Name an event's place as messages do: ``event 3 (expand B)``.

    Parameters
    ----------
    number
        Which event it is, from 1.
    label
        The event in two words, where they are known.
    """
    return f"event {number} ({label})" if label else f"event {number}"


@contextmanager
def placed(number: int, label: str) -> Iterator[None]:
    """Put an event's place before the message of any `CacheError` raised inside.

    Parameters
    ----------
    number
        Which event it is, from 1.
    label
        The event in two words: ``expand B``.
    """
    try:
        yield
    except CacheError as error:
        # The same exception, so that it keeps its notes.
        error.args = (f"{place(number, label)}: {error}",)
        raise


def _added(before: CacheState, after: CacheState) -> tuple[int, ...]:
    held = before.holders
    return tuple(frame for frame in after.holders if frame not in held)
