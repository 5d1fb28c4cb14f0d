"""A worker process, seen from outside: started, listened to, and ended with all its children.

Signals that end us, such as SIGTERM, are answered as Ctrl-C is: processes end, and folders are
cleared. A signal that is ignored, as under `nohup`, stays ignored.
"""

from __future__ import annotations

import os
import pickle
import selectors
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, NoReturn, TypeAlias, cast

from pagereel.errors import Ended
from pagereel.pipe import read_event

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence

    from pagereel.render.job import Assignment

Event = dict[str, Any]
Pipes: TypeAlias = tuple[IO[bytes], IO[bytes], IO[bytes]]
_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
_PULSE = 0.2  # seconds between two looks at the clock
_GUARD = ("/bin/sh", "-c", "read -r _; kill -KILL 0")  # 0 is the group that it belongs to
# Collecting garbage while manim is imported costs time and frees next to nothing.
_RUN = "import gc; gc.disable(); from pagereel.failure import run; run('{}')"
_MAIN = _RUN.format("pagereel.render.worker.main")


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


class _Held:
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


class Group:
    """A group of processes that ends with us, however we end.

    A guard kills the group at once if we are killed, whatever its processes are doing. The guard
    leads the group and waits for the end of a pipe, which comes with our end.

    Attributes
    ----------
    number
        The group's.
    """

    def __init__(self) -> None:
        self._guard = subprocess.Popen(_GUARD, stdin=subprocess.PIPE, process_group=0)  # noqa: S603 (ours)
        self.number = self._guard.pid

    def end(self) -> None:
        """Kill all of it."""
        with suppress(ProcessLookupError, PermissionError):  # an empty group is not an error
            os.killpg(self.number, signal.SIGKILL)
        self._guard.communicate()


@contextmanager
def started(
    command: Sequence[str], environment: Mapping[str, str], **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process and let it work during the `with` block; then end it and its children.

    It belongs to a group of its own, so that Ctrl-C reaches us alone and a signal of ours reaches
    all of it. It is born with SIGINT blocked: it would answer with a traceback.

    If we are killed, so is the group; see `Group`.
    """
    held = _Held()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        group = Group()
        worker = None
        try:
            worker = subprocess.Popen(  # noqa: S603 (our own command)
                command, env=environment, process_group=group.number, **options
            )
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            held.release()
            yield worker
        finally:
            group.end()  # a worker that has ended may have left children
            if worker is not None:
                worker.wait()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


class Worker:
    """The process that draws scene after scene, and the events that it reports.

    Parameters
    ----------
    assign
        Makes the assignments. It is called when the process has been started, as that first
        imports manim, which takes longer than to read what the scenes are made of.
    verbose
        Whether manim's log is wanted.
    holding
        Descriptors of folders that it is to hold as long as it lives.
    """

    def __init__(
        self,
        assign: Callable[[], Sequence[Assignment]],
        *,
        verbose: bool,
        holding: Sequence[int] = (),
    ) -> None:
        self._assign, self._verbose = assign, verbose
        self._holding = (*holding,)
        self.code = 0

    def events(self, environment: Mapping[str, str]) -> Generator[Event]:
        """Yield events until the worker has ended, and a "pulse" now and then.

        What the scenes print comes as the events "out" and "err".
        """
        reading, writing = os.pipe()
        passed = (writing, *self._holding)
        # -P: modules in the current folder do not stand in for the standard library's
        command = (sys.executable, "-P", "-u", "-c", _MAIN, *map(str, passed))
        pipe = subprocess.PIPE
        try:
            with started(
                command, environment, stdin=pipe, stdout=pipe, stderr=pipe, pass_fds=passed
            ) as worker:
                os.close(writing)
                # All three were asked for, which their types cannot know.
                given, out, err = cast("Pipes", (worker.stdin, worker.stdout, worker.stderr))
                order = pickle.dumps((self._assign(), self._verbose))
                with suppress(BrokenPipeError), given:
                    given.write(order)
                with out, err:
                    yield from self._listen(
                        worker, {reading: "events", out.fileno(): "out", err.fileno(): "err"}
                    )
            self.code = worker.returncode
        finally:
            os.close(reading)

    def _listen(self, worker: subprocess.Popen[bytes], pipes: dict[int, str]) -> Iterator[Event]:
        part = b""
        with selectors.DefaultSelector() as selector:
            for pipe, name in pipes.items():
                selector.register(pipe, selectors.EVENT_READ, name)
            while selector.get_map():
                ended = worker.poll() is not None  # its children may still hold the pipes
                ready = selector.select(0 if ended else _PULSE)
                if not ready:
                    if ended:
                        return
                    yield {"event": "pulse"}
                for key, _ in ready:
                    data = os.read(key.fd, 65536)
                    if not data:
                        selector.unregister(key.fd)
                    elif key.data == "events":
                        *lines, part = (part + data).split(b"\n")
                        yield from map(read_event, lines)
                    else:
                        yield {"event": key.data, "data": data}
            worker.wait()
