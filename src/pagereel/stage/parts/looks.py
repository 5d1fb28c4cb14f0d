"""What a page frame shows: whether it is free, held, cached or reserved, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from pagereel.cache import Abort, Finish, Preempt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.cache import CacheState, Step


class Kind(Enum):
    """What a frame is; always exactly one of these."""

    FREE = auto()
    HELD = auto()
    CACHED = auto()
    RESERVED = auto()


@dataclass(frozen=True, slots=True)
class Look:
    """What one frame shows.

    Parameters
    ----------
    kind
        What it is.
    tasks
        The tasks that hold it, in order of arrival; of a cached frame the one that held it last.
    """

    kind: Kind
    tasks: tuple[str, ...] = ()

    def place_of(self, task: str) -> tuple[int, int]:
        """Return which of its holders a task is, from 0, and how many there are."""
        if task in self.tasks:
            return self.tasks.index(task), len(self.tasks)
        return 0, 1


FREE = Look(Kind.FREE)
RESERVED = Look(Kind.RESERVED)


def first_looks(state: CacheState) -> tuple[Look, ...]:
    """Return what the frames show before the first event, by frame."""
    return tuple(RESERVED if frame in state.reserved else FREE for frame in range(state.frames))


def next_looks(before: Sequence[Look], step: Step) -> tuple[Look, ...]:
    """Return what the frames show after a step, by frame.

    Parameters
    ----------
    before
        What they show before it: a cached frame keeps the task that it has there.
    step
        What happens.
    """
    state = step.after
    looks = [*first_looks(state)]
    for frame in state.cached:
        looks[frame] = before[frame]
    if isinstance(step.event, Finish | Abort | Preempt):
        for frame in step.event.cached:
            looks[frame] = Look(Kind.CACHED, (step.event.task,))
    for task, table in state.tables.items():
        for frame in table:
            looks[frame] = Look(Kind.HELD, (*_holders(looks[frame]), task))
    return tuple(looks)


def _holders(look: Look) -> tuple[str, ...]:
    return look.tasks if look.kind is Kind.HELD else ()
