"""Placement policies: which free frames a task gets where nobody names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pagereel.cache.refusal import check_number, refusal
from pagereel.cache.wording import counted, listed, shown
from pagereel.errors import CacheError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pagereel.cache.replay import Step
    from pagereel.cache.state import CacheState


class Policy(Protocol):
    """Chooses among the free frames, and may remember what happened."""

    def choose(self, state: CacheState, count: int) -> tuple[int, ...]:
        """Choose frames to be taken.

        Parameters
        ----------
        state
            The state in which the frames must be free.
        count
            How many frames, at least 1.

        Returns
        -------
        tuple of int
            `count` different free frames, in page order.

        Raises
        ------
        CacheError
            If fewer frames are free, or `count` is not a whole number of at least 1.
        """

    def observe(self, step: Step) -> None:
        """Take note of an event; must be called after every event, whoever chose its frames."""


class LowestBit:
    """The lowest free frames first: the lowest set bits of the free mask."""

    def choose(self, state: CacheState, count: int) -> tuple[int, ...]:
        """Choose the `count` lowest free frames; see `Policy.choose`."""
        return _enough(state, count)[:count]

    def observe(self, step: Step) -> None:
        """Remember nothing: the mask says it all."""


class Fifo:
    """The frames that have been free longest first.

    Frames that were never used have been free from the start, in frame order. The frames that a
    finished task gives back queue up in page order.
    """

    def __init__(self) -> None:
        # Only when a frame was freed last. Whether it is free is the state's business.
        self._freed: dict[int, int] = {}
        self._time = 0

    def choose(self, state: CacheState, count: int) -> tuple[int, ...]:
        """Choose the `count` frames that have been free longest; see `Policy.choose`."""
        # A stable sort keeps the frames that were never used in frame order.
        free = sorted(_enough(state, count), key=lambda frame: self._freed.get(frame, 0))
        return tuple(free[:count])

    def observe(self, step: Step) -> None:
        """Remember when the frames of a finished task were freed."""
        for frame in step.freed:
            self._time += 1
            self._freed[frame] = self._time


_POLICIES: dict[str, Callable[[], Policy]] = {"lowest-bit": LowestBit, "fifo": Fifo}
POLICIES = tuple(_POLICIES)


def make_policy(name: str) -> Policy:
    """Make a policy for one replay from the start.

    Parameters
    ----------
    name
        One of `POLICIES`.

    Raises
    ------
    CacheError
        If there is no policy of that name.
    """
    if name not in _POLICIES:
        raise CacheError(
            f"there is no placement policy {shown(name)}; policies are {listed(POLICIES)}"
        )
    return _POLICIES[name]()


def _enough(state: CacheState, count: int) -> tuple[int, ...]:
    check_number(count, "the number of frames", least=1)
    free = state.free_frames
    if count > len(free):
        are = "is" if len(free) == 1 else "are"
        raise refusal(
            f"needs {counted(count, 'frame')}, {len(free)} {are} free",
            "finish a task first or make the pool larger",
        )
    return free
