"""Forked processes: started, waited for and ended so that none is ever left behind."""

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
    """A forked process, seen from its parent. It does nothing before it is told to.

    Attributes
    ----------
    shard
        Which one it is there to draw; -1, if any that it is told to.
    place
        Where it counts its images.
    process
        Its number; 0 in the child itself.
    """

    def __init__(self, shard: int, place: int) -> None:
        self.shard = shard
        self.place = place
        self._reader, self._writer = os.pipe()
        ear, mouth = os.pipe()
        sys.stdout.flush()  # or what waits there is said twice
        sys.stderr.flush()
        dice = random.getstate()
        self.process = os.fork()
        random.setstate(dice)  # Python seeds a child's anew
        # A pipe is at its end when who writes to it is, however it ends.
        os.close(self._writer if self.process else self._reader)
        os.close(ear if self.process else mouth)
        self._order = mouth if self.process else ear
        if not self.process:
            _silence()

    def fileno(self) -> int:
        """Return what can be read from when the child has ended."""
        return self._reader

    def listen(self, folder: Path | None = None) -> set[int]:
        """Wait, within the child, for the order: which shards to draw.

        If the parent ends without a word, even by SIGKILL, clear a folder up and end, too.
        """
        with open(self._order, encoding="ascii") as pipe:  # noqa: PTH123 (a number, no path)
            order = pipe.readline()
        if not order:
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
            leave(0)
        return set(json.loads(order))

    def order(self, shards: Iterable[int]) -> None:
        """Have shards drawn."""
        with suppress(BrokenPipeError), open(self._order, "w", encoding="ascii") as pipe:  # noqa: PTH123 (a number, no path)
            # The end of the line is the end: of the pipe, those forked since have this end, too.
            pipe.write(json.dumps(sorted(shards)) + "\n")
        self._order = -1

    def tell(self, story: str) -> None:
        """Tell the parent, from within the child, what has gone wrong."""
        data = story.encode()
        while data:
            data = data[os.write(self._writer, data) :]

    def wait(self) -> str:
        """Wait until the child has ended; return what it had to tell."""
        with open(self._reader, encoding="utf-8") as pipe:  # noqa: PTH123 (a number, no path)
            story = pipe.read()
        os.waitpid(self.process, 0)
        return story

    def kill(self) -> None:
        """End the child at once."""
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        self.wait()
        if self._order >= 0:
            os.close(self._order)


def _silence() -> None:
    """Print nothing: the parent runs through the same code and has printed it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def first_to_end(children: Sequence[Child], meanwhile: Callable[[], None]) -> Child:
    """Wait until one of several children has ended, or has something to tell.

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
    """Hold Ctrl-C back while a process is forked and noted.

    The child never gets it: its parent, who does, ends it.
    """
    parent = os.getpid()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if os.getpid() == parent:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def leave(code: int) -> NoReturn:
    """End this process, without what a Python program does at its end: that is the parent's."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


_FOLDERS = ("text_dir", "tex_dir")


def go_apart(folder: Path) -> None:
    """Lay texts and formulas out in folders within `folder` from now on, and wait for nobody."""
    tqdm.set_lock(RLock())
    for key in _FOLDERS:
        shared, own = config.get_dir(key), folder / key
        for path, _, names in os.walk(shared):
            place = own / os.path.relpath(path, shared)
            place.mkdir(parents=True, exist_ok=True)
            for name in names:
                with suppress(FileNotFoundError):  # it was there for a moment only
                    shutil.copyfile(os.path.join(path, name), place / name)  # noqa: PTH118 (as os.walk says)
        config[key] = str(own)
