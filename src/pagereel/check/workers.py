"""Run each scene in a process of its own: what it changes or breaks is gone with the process.

The processes are forks of one that has imported all that a task needs and has done nothing else,
so that manim is imported once, and no scene finds what another has left behind.
`concurrent.futures` would give up all tasks when one process ends, and not say which.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context, resource_tracker, set_start_method
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from pagereel.errors import PagereelError, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection

    Task = tuple[Any, ...]

AnswerT = TypeVar("AnswerT")

_FORKSERVER = get_context("forkserver")
_PATIENCE = 2.0  # seconds that a worker has to end in good order


@dataclass(frozen=True, slots=True)
class Failed:
    """The outcome of a task that has no answer; `message` has one or several printable lines."""

    message: str


def do_all(
    work: Callable[..., AnswerT], tasks: Sequence[Task], *, most: int, needs: str
) -> list[AnswerT | Failed]:
    """Do all tasks; return the answers in their order.

    Parameters
    ----------
    work
        Does one, with its members as arguments. It, tasks and answers are pickled. What it prints
        goes to standard error: standard output is kept for what we say.
    tasks
        They are begun in this order. Each is about a scene: its first members are the file and the
        name of the class.
    most
        How many processes there may be at a time.
    needs
        The module to import once for all tasks.
    """
    _FORKSERVER.set_forkserver_preload([needs])
    answers: dict[int, AnswerT | Failed] = {}
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


def _death(task: Task, code: int) -> Failed:
    """Return how a process ended in the middle of a task; by a signal, if its code is negative."""
    if code >= 0:
        end, advice = f"exit code {code}", "if it is the scene that ends its process, change that"
    else:
        known = (number.name for number in signal.Signals if number == -code)
        end = next(known, f"signal {-code}")
        advice = "if memory ran out, close other programs or take --jobs 1"
    file, scene, *_ = task
    name = f"{file}: {scene}" if scene else f"{file}"
    return Failed(one_line(f"{name}: the check was ended by {end}; {advice}"))


class _Worker(Generic[AnswerT]):
    """A process that does a task, and the line to it."""

    def __init__(self, work: Callable[..., AnswerT], task: Task) -> None:
        self._task = task
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

    def answer(self) -> AnswerT | Failed:
        """Wait for what the task comes to."""
        try:
            answer: AnswerT | Failed = cast("AnswerT", self.line.recv())
        except (EOFError, OSError):  # OSError: in the midst of an answer
            self._process.join()
            answer = _death(self._task, self._process.exitcode or 0)
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
    work: Callable[..., Any], task: Task, line: Connection, environment: dict[str, str]
) -> None:
    """Do a task, in the environment of now: that of the process forked from may be older."""
    os.environ.clear()
    os.environ.update(environment)
    # Died by a signal's default, it would leave behind what only its exit takes away, and Python
    # would complain about that.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    # What runs here finds the same way of starting processes as without us.
    set_start_method(None, force=True)
    try:
        with redirect_stdout(sys.stderr):
            answer = work(*task)
    except PagereelError as error:
        answer = Failed(str(error))
    with suppress(ConnectionError):
        line.send(answer)
