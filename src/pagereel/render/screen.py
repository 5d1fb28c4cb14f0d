"""Progress of a rendering for the user: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TYPE_CHECKING

from pagereel.errors import one_line

if TYPE_CHECKING:
    from pagereel.render.job import Job

_BAR = 24
_WIPE = "\r\x1b[K"


class Screen:
    """Prints lines for the user, above the progress bar if there is one.

    Parameters
    ----------
    quiet
        Whether standard output is for a program that reads JSON.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._has_bar = sys.stderr.isatty() and not quiet
        self._bar = ""
        self._name = ""
        self._began = 0.0
        self._total: int | None = None
        self._images = self._taken = 0

    def begin(self, job: Job, total: int | None) -> None:
        """Print what is being made; `total` images are expected, if the last run counted them."""
        self._name, self._total = job.scene, total
        self._images = self._taken = 0
        self._began = time.monotonic()
        self.line(f"{self._name}: rendering {job.kind} ...")

    def images(self, count: int) -> None:
        """Note how many images have been drawn."""
        self._images = count
        self.pulse()

    def plan(self, total: int | None, taken: int) -> None:
        """Note how many images there will be, and how many an interrupted run has drawn."""
        self._total, self._taken = total, taken

    def pulse(self) -> None:
        """Draw the bar anew."""
        if self._has_bar and self._name:
            seconds = time.monotonic() - self._began
            text = bar(self._images, self._total, seconds, self._taken)
            self._bar = f"{self._name}  {text}"[: shutil.get_terminal_size().columns - 1]
            self._draw()

    def end(self) -> None:
        """Remove the bar: the scene has ended."""
        self._clear()
        self._name = self._bar = ""

    def line(self, text: str) -> None:
        """Print a line on standard output."""
        if not self._quiet:
            self._clear()
            print(one_line(text), flush=True)
            self._draw()

    def complain(self, text: str) -> None:
        """Print an error in one line."""
        self.error(f"pagereel: {one_line(text)}\n".encode(errors="backslashreplace"))

    def output(self, data: bytes) -> None:
        """Pass on what a scene prints."""
        self._hand_on(data, 2 if self._quiet else 1)

    def error(self, data: bytes) -> None:
        """Pass on what a scene prints on standard error."""
        self._hand_on(data, 2)

    def _hand_on(self, data: bytes, where: int) -> None:
        self._clear()
        stream = sys.stdout if where == 1 else sys.stderr
        stream.write(data.decode(errors="backslashreplace"))
        stream.flush()
        if data.endswith(b"\n"):  # else the rest of the line comes first
            self._draw()

    def _draw(self) -> None:
        if self._bar:
            sys.stderr.write(f"{_WIPE}{self._bar}")
            sys.stderr.flush()

    def _clear(self) -> None:
        if self._bar:
            sys.stderr.write(_WIPE)
            sys.stderr.flush()


def bar(images: int, total: int | None, seconds: float, taken: int = 0) -> str:
    """Return the progress of a scene: its images, how fast they come, and the time left.

    Parameters
    ----------
    total
        How many images there will be, if that is known by now or from the last run.
    seconds
        Since the beginning.
    taken
        How many images an interrupted run has drawn.
    """
    drawn = max(images - taken, 0)
    speed = drawn / seconds if seconds > 0 else 0.0
    pace = f"{speed:.0f} images/s" if drawn else f"{seconds:.0f} s"
    if not total or images > total:
        return f"{images} images  {pace}"
    done = _BAR * images // total
    left = f"  {(total - images) / speed:.0f} s left" if drawn else ""
    return f"[{'#' * done}{'.' * (_BAR - done)}]  {images}/{total} images  {pace}{left}"
