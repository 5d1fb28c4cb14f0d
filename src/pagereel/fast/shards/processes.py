"""Forked processes, started, awaited and ended so that none is left behind, and kept apart.

manim keeps the texts that Pango and LaTeX have laid out in files, and for a moment writes another
file beside each when it reads one. Two processes that read the same text at the same time would
take that file from each other. So each forked process gets folders of its own, with copies of all
that has been laid out so far.

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
from multiprocessing.connection import Pipe
from threading import RLock
from typing import TYPE_CHECKING, NoReturn

from manim import config
from tqdm import tqdm

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pagereel.failure import Failure


ANY = -1  # in place of a shard's number


class Child:
    """A forked process. It waits for an order from its parent.

    Attributes
    ----------
    shard
        The shard to draw, or `ANY`.
    place
        Its place in the tally of images.
    process
        Its process ID; 0 in the child itself.
    """

    def __init__(self, shard: int, place: int) -> None:
        self.shard = shard
        self.place = place
        ours, theirs = Pipe()
        sys.stdout.flush()  # or buffered output is printed twice
        sys.stderr.flush()
        dice = random.getstate()
        self.process = os.fork()
        random.setstate(dice)  # Python reseeds it in a child
        # A pipe ends when the process at its other end does, even if that is killed.
        self._pipe = ours if self.process else theirs
        (theirs if self.process else ours).close()
        if not self.process:
            _silence()

    def fileno(self) -> int:
        """Return a descriptor that is readable when the child has ended or failed."""
        return self._pipe.fileno()

    def listen(self, folder: Path | None = None) -> set[int]:
        """Wait, in the child, for the order; return the shards to draw.

        If the parent ends without an order, even by SIGKILL, remove a folder and end, too.
        """
        try:
            shards: set[int] = self._pipe.recv()
        except EOFError:
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
            leave(0)
        return shards

    def order(self, shards: Iterable[int]) -> None:
        """Order the child to draw shards."""
        with suppress(ConnectionError):  # it was killed
            self._pipe.send(set(shards))

    def report(self, failure: Failure) -> None:
        """Send a failure from the child to its parent."""
        self._pipe.send(failure)

    def wait(self) -> Failure | None:
        """Wait until the child has ended; return the failure that it reported, if any."""
        failure: Failure | None = None
        with self._pipe, suppress(EOFError, OSError):  # it has none, or was killed as it sent it
            failure = self._pipe.recv()
        os.waitpid(self.process, 0)
        return failure

    def kill(self) -> None:
        """Kill the child."""
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        self.wait()


def _silence() -> None:
    """Print nothing, as the parent runs the same code and prints it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back SIGINT (Ctrl-C) while a process is forked and noted.

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
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def go_apart(folder: Path) -> None:
    """Lay out texts and formulas in folders within `folder` from now on, and share no lock."""
    tqdm.set_lock(RLock())
    for key in ("text_dir", "tex_dir"):
        shared, own = config.get_dir(key), folder / key
        if shared.is_dir():
            shutil.copytree(shared, own, copy_function=_copy_if_there)
        config[key] = str(own)


def _copy_if_there(source: str, target: str) -> None:
    with suppress(FileNotFoundError):  # it was one of the temporary files
        shutil.copyfile(source, target)
