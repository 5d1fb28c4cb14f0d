"""What can happen to a task in a paged KV cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Arrive:
    """A task is admitted and gets the frames for its prompt.

    Parameters
    ----------
    task
        The task's name.
    frames
        The page frames of its pages 0, 1, 2 …, in page order; at least one.
    tokens
        Length of the prompt in tokens, where it is known.
    """

    task: str
    frames: tuple[int, ...]
    tokens: int | None = None

    @property
    def label(self) -> str:
        """The event in two words: ``arrive A``."""
        return f"arrive {self.task}"


@dataclass(frozen=True, slots=True)
class Expand:
    """A task gets one page more.

    Parameters
    ----------
    task
        The task's name.
    frame
        The page frame of its new page.
    pos
        The token position, from 0, that the page is needed for, where it is known.
    """

    task: str
    frame: int
    pos: int | None = None

    @property
    def label(self) -> str:
        """The event in two words: ``expand A``."""
        return f"expand {self.task}"


@dataclass(frozen=True, slots=True)
class Finish:
    """A task is done: its page table is gone.

    Parameters
    ----------
    task
        The task's name.
    freed
        The page frames that become free, in any order, where the source of the event names them.
    """

    task: str
    freed: tuple[int, ...] | None = None

    @property
    def label(self) -> str:
        """The event in two words: ``finish A``."""
        return f"finish {self.task}"


Event: TypeAlias = Arrive | Expand | Finish
