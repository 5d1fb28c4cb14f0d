"""The scene's own share in the time that it takes to draw, which says whether forks are of use.

From a third on, one process is not slower than several: it runs the scene's code once instead of
twice.
"""

from __future__ import annotations

import time

_FIRST_SECONDS = 1.0  # of work, before the first fork
_MOST_OWN = 1 / 3
_LEAST_OWN = 1.0  # seconds in a shard; less does not matter
_LEAST_AT_FIRST = 0.2  # seconds in the images before the first fork


class Beginning:
    """What the first images take, as the process that runs the scene draws them itself."""

    def __init__(self) -> None:
        self._thread = time.thread_time()
        self._drawing = 0.0

    def drew(self, seconds: float) -> None:
        """Note for how long this process has drawn, and not run the scene's code."""
        self._drawing += seconds

    @property
    def is_long(self) -> bool:
        """Whether they have taken so long that more processes may be of use."""
        return self._took >= _FIRST_SECONDS

    @property
    def is_mostly_own(self) -> bool:
        """Whether the scene's own code takes too much of the time for a fork to be of use.

        To encode takes about as long as to draw, so it is a third if it is as long as that.
        """
        own = self._took - self._drawing
        return own > max(_LEAST_AT_FIRST, self._drawing)

    @property
    def _took(self) -> float:
        """How many seconds of work, without what other threads encode."""
        return time.thread_time() - self._thread


class Ahead:
    """How long the process that runs ahead takes to run through a shard that a worker draws.

    Parameters
    ----------
    drawn
        How many of the shard's images were drawn before the worker was forked.
    """

    def __init__(self, drawn: int = 0) -> None:
        self._drawn = drawn
        self._since = time.process_time()
        self._own = [0.0] * (drawn + 1)  # when each image was counted

    def count(self, images: int) -> None:
        """Note that it has come some images further."""
        self._own += [time.process_time() - self._since] * images

    def is_mostly_own(self, images: int, worked: float) -> bool:
        """Return whether the scene's own code takes too much of the time for forks to be of use.

        Parameters
        ----------
        images
            How many of the shard are drawn, with those from before the fork.
        worked
            For how many seconds the worker has worked.
        """
        own, drawn = self._own[-1], images - self._drawn
        if drawn <= 0 or own < _LEAST_OWN:
            return False
        drawing = max(0.0, worked - self._own[min(images, len(self._own) - 1)])
        whole = own + drawing / drawn * (len(self._own) - 1 - self._drawn)
        return own > _MOST_OWN * whole
