"""Do each task in a process of its own: what a scene changes or breaks is gone with its process.

The processes are forks of one that has imported all that a task needs and has done nothing else,
so that manim is imported once, and no scene finds what another has left behind.
`concurrent.futures` would give up all tasks when one process ends, and not say which.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context, resource_tracker, set_start_method
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection

TaskT = TypeVar("TaskT")
AnswerT = TypeVar("AnswerT")

_FORKSERVER = get_context("forkserver")
_PATIENCE = 2.0  # seconds that a worker has to end in good order


@dataclass(frozen=True, slots=True)
class Died:
    """What a task comes to whose process ended; `code` is minus the signal's number, if one did."""

    code: int


def do_all(
    work: Callable[[TaskT], AnswerT], tasks: Sequence[TaskT], *, most: int, needs: str
) -> list[AnswerT | Died]:
    """Do all tasks; return the answers in their order.

    Parameters
    ----------
    work
        Does one. It, tasks and answers are pickled.
    tasks
        They are begun in this order.
    most
        How many processes there may be at a time.
    needs
        The module to import once for all tasks.
    """
    _FORKSERVER.set_forkserver_preload([needs])
    answers: dict[int, AnswerT | Died] = {}
    waiting = list(enumerate(tasks))[::-1]
    busy: dict[Connection, tuple[int, _Worker[AnswerT]]] = {}
    try:
        while waiting or busy:
            while waiting and len(busy) < most:
                number, task = waiting.pop()
                worker = _Worker[AnswerT](work, task)
                busy[worker.line] = (number, worker)
            for line in connection.wait(busy):
                number, worker = busy.pop(cast("Connection", line))
                answers[number] = worker.answer()
    finally:
        workers = [worker for _, worker in busy.values()]
        for worker in workers:
            worker.stop()
        for worker in workers:
            worker.end()
    return [answers[number] for number in range(len(tasks))]


class _Worker(Generic[AnswerT]):
    """A process that does a task, and the line to it."""

    def __init__(self, work: Callable[[TaskT], AnswerT], task: TaskT) -> None:
        self.line, far_end = _FORKSERVER.Pipe(duplex=False)
        given = (work, task, far_end, {**os.environ})
        self._process = _FORKSERVER.Process(target=_serve, args=given)
        # Ctrl-C reaches all processes of a terminal. A worker is born with it blocked, as it would
        # answer with a traceback; we do hear it, and end the worker.
        resource_tracker.ensure_running()  # where the start of a process starts it, it unblocks
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
            far_end.close()  # only the worker has it now, so its end is seen
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def answer(self) -> AnswerT | Died:
        """Wait for what the task comes to."""
        try:
            answer: AnswerT | Died = cast("AnswerT", self.line.recv())
        except (EOFError, OSError):  # OSError: in the midst of an answer
            self._process.join()
            answer = Died(self._process.exitcode or 0)
        self.line.close()
        self.end()
        return answer

    def stop(self) -> None:
        """Ask the process to end, whatever it does."""
        self.line.close()
        self._process.terminate()

    def end(self) -> None:
        """Wait for the end of the process, but not for long."""
        self._process.join(_PATIENCE)
        self._process.kill()
        self._process.join()


def _serve(
    work: Callable[[Any], Any], task: Any, line: Connection, environment: dict[str, str]
) -> None:
    """Do a task, in the environment of now: that of the process forked from may be older."""
    os.environ.clear()
    os.environ.update(environment)
    # Died by a signal's default, it would leave behind what only its exit takes away, and Python
    # would complain about that.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    # What runs here finds the same way of starting processes as without us.
    set_start_method(None, force=True)
    answer = work(task)
    with suppress(ConnectionError):
        line.send(answer)
