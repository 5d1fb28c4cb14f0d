"""What can happen to a task, and to the frames, in a paged KV cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pagereel.wording import counted


@dataclass(frozen=True, slots=True)
class Submit:
    """A task is queued.

    Parameters
    ----------
    task
        The task's name.
    tokens
        Length of the prompt in tokens, where it is known.
    """

    task: str
    tokens: int | None = None

    @property
    def label(self) -> str:
        """The event in two words: ``submit A``."""
        return f"submit {self.task}"


@dataclass(frozen=True, slots=True)
class Defer:
    """A queued task is not admitted, because there are too few frames; it stays queued.

    Parameters
    ----------
    task
        The task's name.
    need
        How many frames it needs, where it is known.
    """

    task: str
    need: int | None = None

    @property
    def label(self) -> str:
        """The event in two words: ``defer A``."""
        return f"defer {self.task}"


@dataclass(frozen=True, slots=True)
class Arrive:
    """A task is admitted and gets the frames for its prompt.

    Parameters
    ----------
    task
        The task's name.
    frames
        The page frames that it takes, in page order; at least one, if it shares none.
    tokens
        Length of the prompt in tokens, where it is known.
    shared
        The page frames that it takes over from the prefix index, in page order. They come first
        in its page table: ``shared + frames``.
    """

    task: str
    frames: tuple[int, ...]
    tokens: int | None = None
    shared: tuple[int, ...] = ()

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
class Copy:
    """Copy on write: a task's page moves from a shared frame to one of its own.

    Parameters
    ----------
    task
        The task's name.
    page
        Which of its pages, from 0.
    src, dst
        The page frame that it leaves to others, and the one that it takes.
    """

    task: str
    page: int
    src: int
    dst: int

    @property
    def label(self) -> str:
        """The event in two words: ``copy A``."""
        return f"copy {self.task}"


@dataclass(frozen=True, slots=True)
class Evict:
    """Cached frames lose their content and are taken by the next event.

    Parameters
    ----------
    frames
        The page frames, at least one.
    """

    frames: tuple[int, ...]

    @property
    def label(self) -> str:
        """The event in a few words: ``evict 1 frame``."""
        return f"evict {counted(len(self.frames), 'frame')}"


@dataclass(frozen=True, slots=True)
class Finish:
    """A task is done: its page table is gone.

    Parameters
    ----------
    task
        The task's name.
    freed
        The page frames that become free, in any order, where the source of the event names them.
    cached
        The page frames that are kept for reuse, the first to be evicted first. What is neither
        freed nor cached is still held by others.
    """

    task: str
    freed: tuple[int, ...] | None = None
    cached: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """The event in two words: ``finish A``."""
        return f"finish {self.task}"


@dataclass(frozen=True, slots=True)
class Abort:
    """A task is given up: its page table is gone, or it is queued no more.

    Parameters
    ----------
    task
        The task's name.
    freed, cached
        As in `Finish`.
    """

    task: str
    freed: tuple[int, ...] | None = None
    cached: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """The event in two words: ``abort A``."""
        return f"abort {self.task}"


@dataclass(frozen=True, slots=True)
class Preempt:
    """A task makes room for others: its page table is gone, and it is queued again.

    Parameters
    ----------
    task
        The task's name.
    freed, cached
        As in `Finish`.
    """

    task: str
    freed: tuple[int, ...] | None = None
    cached: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """The event in two words: ``preempt A``."""
        return f"preempt {self.task}"


Release: TypeAlias = Finish | Abort | Preempt
Event: TypeAlias = Submit | Defer | Arrive | Expand | Copy | Evict | Release
