"""Forked processes, started, awaited and ended so that none is left behind, and kept apart.

manim keeps the texts that Pango and LaTeX have laid out in files, and for a moment writes another
file beside each when it reads one. Two processes that read the same text at the same time would
take that file from each other. So each forked process gets folders of its own, with copies of all
that has been laid out so far.

manim also makes a bar of tqdm for every play, shown or not. Bars wait for a lock that all forks of
a process share, so a process killed while it holds the lock would stop all others.
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import sys
from contextlib import contextmanager, suppress
from threading import RLock
from typing import TYPE_CHECKING, NoReturn

from manim import config
from tqdm import tqdm

from pagereel.fast.report import INTERVAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path


class Child:
    """A forked process. It waits for an order from its parent.

    Attributes
    ----------
    shard
        The shard to draw; -1 for any.
    place
        Its place in the tally of images.
    process
        Its process ID; 0 in the child itself.
    """

    def __init__(self, shard: int, place: int) -> None:
        self.shard = shard
        self.place = place
        self._reader, self._writer = os.pipe()
        ear, mouth = os.pipe()
        sys.stdout.flush()  # or buffered output is printed twice
        sys.stderr.flush()
        dice = random.getstate()
        self.process = os.fork()
        random.setstate(dice)  # Python reseeds it in a child
        # A pipe ends when its writer ends, even if that is killed.
        os.close(self._writer if self.process else self._reader)
        os.close(ear if self.process else mouth)
        self._order = mouth if self.process else ear
        if not self.process:
            _silence()

    def fileno(self) -> int:
        """Return a descriptor that is readable when the child has ended or failed."""
        return self._reader

    def listen(self, folder: Path | None = None) -> set[int]:
        """Wait, in the child, for the order; return the shards to draw.

        If the parent ends without an order, even by SIGKILL, remove a folder and end, too.
        """
        with open(self._order, encoding="ascii") as pipe:  # noqa: PTH123 (a number, no path)
            order = pipe.readline()
        if not order:
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
            leave(0)
        return set(json.loads(order))

    def order(self, shards: Iterable[int]) -> None:
        """Order the child to draw shards."""
        with suppress(BrokenPipeError), open(self._order, "w", encoding="ascii") as pipe:  # noqa: PTH123 (a number, no path)
            # The child reads up to the line's end, as later forks keep the pipe itself open.
            pipe.write(json.dumps(sorted(shards)) + "\n")
        self._order = -1

    def report(self, failure: str) -> None:
        """Send a failure from the child to its parent."""
        data = failure.encode()
        while data:
            data = data[os.write(self._writer, data) :]

    def wait(self) -> str:
        """Wait until the child has ended; return the failure that it reported, if any."""
        with open(self._reader, encoding="utf-8") as pipe:  # noqa: PTH123 (a number, no path)
            failure = pipe.read()
        os.waitpid(self.process, 0)
        return failure

    def kill(self) -> None:
        """Kill the child."""
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        self.wait()
        if self._order >= 0:
            os.close(self._order)


def _silence() -> None:
    """Print nothing, as the parent runs the same code and prints it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def first_to_end(children: Sequence[Child], meanwhile: Callable[[], None]) -> Child:
    """Wait until one of several children has ended or failed; return it.

    Parameters
    ----------
    meanwhile
        Called now and then.
    """
    while not (ended := select.select(children, (), (), INTERVAL)[0]):
        meanwhile()
    return ended[0]


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


_FOLDERS = ("text_dir", "tex_dir")


def go_apart(folder: Path) -> None:
    """Lay out texts and formulas in folders within `folder` from now on, and share no lock."""
    tqdm.set_lock(RLock())
    for key in _FOLDERS:
        shared, own = config.get_dir(key), folder / key
        for path, _, names in os.walk(shared):
            place = own / os.path.relpath(path, shared)
            place.mkdir(parents=True, exist_ok=True)
            for name in names:
                with suppress(FileNotFoundError):  # it was one of the temporary files
                    shutil.copyfile(os.path.join(path, name), place / name)  # noqa: PTH118 (as os.walk says)
        config[key] = str(own)
