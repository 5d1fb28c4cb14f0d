"""Signals that end us, such as SIGTERM, answered as Ctrl-C is: processes end, folders are cleared.

Whoever has such a signal ignored, as `nohup` does, keeps it so.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from pagereel.errors import Ended

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def endable() -> Iterator[None]:
    """Let the signals raise `Ended` during the `with` block; in the main thread, that is."""
    ours = _handled_by(signal.SIG_DFL)
    for number in ours:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


class Held:
    """Signals that are held back until `release`, such as while a process is started.

    They are not blocked, because a process that is started then would be born so.
    """

    def __init__(self) -> None:
        self._came: list[int] = []
        self._ours = _handled_by(_end)
        for number in self._ours:
            signal.signal(number, lambda came, _frame: self._came.append(came))

    def release(self) -> None:
        """Let the signals end us again; also those that came meanwhile."""
        for number in self._ours:
            signal.signal(number, _end)
        if self._came:
            _end(self._came[0])


def _handled_by(handler: object) -> list[signal.Signals]:
    """Return those of the signals that have a certain handler; only the main thread may set one."""
    if threading.current_thread() is not threading.main_thread():
        return []
    return [number for number in _SIGNALS if signal.getsignal(number) is handler]


def _end(number: int, _frame: object = None) -> NoReturn:
    for again in _handled_by(_end):  # a second one does not disturb the clearing up
        signal.signal(again, signal.SIG_IGN)
    raise Ended(number)
