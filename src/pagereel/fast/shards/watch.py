"""Processes from which no image comes: they stand still, or compute for long.

One that stands still waits for something that does not come. One that computes may be in an endless
loop, or have much to do: nobody can know, so it is only reported, and never ended.
"""

from __future__ import annotations

import mmap
import os
import subprocess
import time
from contextlib import suppress
from pathlib import Path

# Seconds for which a process may stand still before another one is tried, or all is given up; and
# for which it may compute before that is reported, and before another one is tried.
PATIENCE, LAST_PATIENCE = 60.0, 600.0
# A process that only looks now and then whether something has come takes less of a core than this.
_IDLE = 0.01
_STEP = 2.0  # seconds; when the machine was asleep, no more are counted
_LOOK = 1.0  # seconds between two looks
_LENGTH = 160  # bytes


class Words:
    """A few words that a process says, and those that it was forked from, or forks, can read."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _LENGTH)

    def say(self, words: str) -> None:
        """Replace what was said."""
        self._memory[:] = words.encode()[:_LENGTH].ljust(_LENGTH, b"\0")

    def __str__(self) -> str:
        """Return what was said last."""
        return self._memory[:].rstrip(b"\0").decode(errors="ignore")


def complaint(who: object, still: float) -> str:
    """Return a line on a play that has stood still for some seconds."""
    return (
        f"{who} stands still: it has drawn and computed nothing for {still:.0f} s; what does it "
        "wait for?"
    )


def remark(who: object, watch: Watch) -> str:
    """Return a line on a play from which no image has come for long; nothing if one has."""
    if watch.idle > PATIENCE:
        return f"{who} stands still; Ctrl-C ends it"
    for patience in (LAST_PATIENCE, PATIENCE):
        if watch.fruitless > patience:
            return (
                f"{who} has computed for {patience:.0f} s without an image; if that is an endless "
                "loop, Ctrl-C ends it"
            )
    return ""


class Watch:
    """Says for how long no image has come from a process.

    Parameters
    ----------
    process
        Its process ID.

    Attributes
    ----------
    idle
        For how many seconds it has neither come further nor computed.
    fruitless
        For how many seconds it has not come further.
    """

    def __init__(self, process: int) -> None:
        self._process = process
        self._seen = time.monotonic()
        self._at: object = None
        self._worked = 0.0
        self.idle = self.fruitless = 0.0

    def look(self, at: object) -> None:
        """Look at the process; to be called every few seconds.

        Parameters
        ----------
        at
            How far it has come, such as the number of images that it has drawn.
        """
        now = time.monotonic()
        if now - self._seen >= _LOOK:
            self.note(now, at, work_of(self._process))

    def note(self, now: float, at: object, worked: float) -> None:
        """Note, at a time, how far it has come, and for how many seconds it has worked."""
        passed = min(now - self._seen, _STEP)
        self._seen, self.idle, self.fruitless = now, self.idle + passed, self.fruitless + passed
        if at != self._at:
            self.fruitless = 0.0
        if at != self._at or worked - self._worked > _IDLE * max(self.idle, _STEP):
            self._at, self._worked, self.idle = at, worked, 0.0


def work_of(process: int) -> float:
    """Return for how many seconds a process and those it has started have used a core.

    Where there is no `/proc`, `ps` is asked.
    """
    with suppress(OSError):
        return _by_proc(process)
    with suppress(OSError, ValueError, subprocess.CalledProcessError):
        return _by_ps(process)
    return 0.0


def _by_proc(process: int) -> float:
    folder = Path("/proc", str(process))
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    ticks = sum(map(int, fields[11:15]))  # its own, and those of children that have ended
    work = ticks / os.sysconf("SC_CLK_TCK")
    for task in (folder / "task").iterdir():
        with suppress(OSError):  # it has just ended, or the kernel does not list children
            work += sum(_by_proc(int(child)) for child in (task / "children").read_text().split())
    return work


def _by_ps(process: int) -> float:
    """Ask `ps`, which answers [[days-]hours:]minutes:seconds."""
    command = ("ps", "-o", "time=", "-p", str(process))
    answer = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    parts = reversed(answer.stdout.replace("-", ":").split(":"))
    return sum(float(part) * unit for part, unit in zip(parts, (1, 60, 3600, 86400), strict=False))
