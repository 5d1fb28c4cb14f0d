"""Forked processes, started, awaited and ended so that none is left behind, and kept apart.

manim keeps the texts that Pango and LaTeX have laid out in files, and writes to them again when it
reads them: it takes a last move out of the file of a text, and for a moment has another file beside
it. Two processes that read the same text at the same time would find half of it. So each forked
process gets folders of its own, with all that has been laid out so far.

manim also makes a bar of tqdm for every play, shown or not. Bars wait for a lock that all forks of
a process share, so a process killed while it holds the lock would stop all others.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Pipe
from threading import RLock
from typing import TYPE_CHECKING, Any, NoReturn

from manim import config
from tqdm import tqdm

from pagereel.failure import Failure
from pagereel.fast.shards.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

ANY = -1  # in place of a shard's number


@dataclass(frozen=True, slots=True)
class Alone:
    """Tells a child to draw all from where it is.

    Attributes
    ----------
    printed
        After how many images the parent has stopped printing what the scene prints.
    """

    printed: float


class Child:
    """A forked process. It waits for an order from its parent, and asks for one when it is done.

    Attributes
    ----------
    shard
        The shard to draw, or `ANY`.
    place
        Its place in the tally of images.
    process
        Its process ID; 0 in the child itself.
    watch
        Says whether it stands still.
    """

    def __init__(self, shard: int, place: int) -> None:
        self.shard = shard
        self.place = place
        ours, theirs = Pipe()
        _flush()  # or buffered output is printed twice
        dice = random.getstate()
        self.process = os.fork()
        random.setstate(dice)  # Python reseeds it in a child
        # A pipe ends when the process at its other end does, even if that is killed.
        self._pipe = ours if self.process else theirs
        (theirs if self.process else ours).close()
        self.watch = Watch(self.process)
        if not self.process:
            self._stdout = _silence()

    def fileno(self) -> int:
        """Return a descriptor that is readable when the child has ended or failed."""
        return self._pipe.fileno()

    def listen(self, folder: Path | None = None) -> set[int] | Alone:
        """Wait, in the child, for the order: the shards to draw; none if it is to end.

        If the parent ends without an order, even by SIGKILL, remove a folder and end, too.
        """
        try:
            order: set[int] | Alone = self._pipe.recv()
        except (EOFError, ConnectionError):
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
            leave(0)
        return order

    def order(self, order: Iterable[int] | Alone) -> None:
        """Order the child to draw shards; see `listen`."""
        with suppress(ConnectionError):  # it was killed
            self._pipe.send(order if isinstance(order, Alone) else set(order))

    def report(self, fact: object) -> None:
        """Send a fact, such as a failure, from the child to its parent; end if that has ended."""
        try:
            self._pipe.send(fact)
        except ConnectionError:
            leave(1)

    def speak_up(self) -> None:
        """Print again, in the child, what is printed."""
        _flush()  # what was not to be printed
        os.dup2(self._stdout, 1)

    def hear(self) -> Any:
        """Wait for what the child reports next; return None if it has ended."""
        try:
            return self._pipe.recv()
        except (EOFError, OSError):  # also if it was killed as it reported
            return None

    def wait(self) -> Failure | None:
        """Wait until the child has ended; return the failure that it reported, if any."""
        failure: Failure | None = None
        while (fact := self.hear()) is not None:
            failure = fact if isinstance(fact, Failure) else failure
        self._pipe.close()
        with suppress(ChildProcessError):  # the scene ignores SIGCHLD, so the system has waited
            os.waitpid(self.process, 0)
        return failure

    def kill(self) -> None:
        """Kill the child."""
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        self.wait()


def _silence() -> int:
    """Print nothing, as the parent runs the same code and prints it; return where it would go."""
    stdout = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return stdout


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back SIGINT (Ctrl-C) while a process is forked, or a folder made, and noted.

    It stays blocked in the child, which is killed by its parent.
    """
    parent = os.getpid()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if os.getpid() == parent:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def leave(code: int) -> NoReturn:
    """End this process without Python's clean-up, which is left to the parent."""
    _flush()
    os._exit(code)


def ended_by(error: BaseException) -> int:
    """Return with which code Python ends a process that nobody has caught an error in, and say it.

    As Python does, nothing is said of a `SystemExit` but what is neither a number nor nothing.
    """
    if not isinstance(error, SystemExit):
        sys.excepthook(type(error), error, error.__traceback__)
        return 1
    if error.code is None or isinstance(error.code, int):
        return error.code or 0
    print(error.code, file=sys.stderr)
    return 1


def _flush() -> None:
    """Print what is buffered, unless the scene has closed or replaced what it would go to."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):
            stream.flush()


class LaidOut:
    """The texts and formulas that a process has laid out before it forks.

    A forked process must not read them from the files: its parent goes on, and writes to them.
    """

    def __init__(self) -> None:
        self._files: dict[str, dict[str, bytes]] = {"text_dir": {}, "tex_dir": {}}

    def note(self) -> None:
        """Note what is new."""
        for key, known in self._files.items():
            for file in config.get_dir(key).glob("*.svg"):
                if file.name not in known:
                    with suppress(FileNotFoundError):  # another process lays out there, too
                        known[file.name] = file.read_bytes()

    def go_apart(self, folder: Path) -> None:
        """Lay out in folders within `folder` from now on, where what was noted is at hand."""
        for key, files in self._files.items():
            own = folder / key
            own.mkdir(parents=True)
            for name, content in files.items():
                (own / name).write_bytes(content)
            config[key] = str(own)


def share_no_bars() -> None:
    """Take a lock for tqdm's bars of this process's own."""
    tqdm.set_lock(RLock())
