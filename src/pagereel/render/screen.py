"""What the user sees of a rendering: its progress, then how it ended, as a table or as JSON."""

from __future__ import annotations

import json
import shutil
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pagereel.errors import one_line
from pagereel.render.formats.registry import have_subtitles
from pagereel.render.freshness import noted_files
from pagereel.render.workplace import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pagereel.render.job import Job


_BAR = 24
_WIPE = "\r\x1b[K"


class Screen:
    """Prints lines for the user, above the progress of the scenes that are drawn.

    Parameters
    ----------
    quiet
        Whether standard output is for a program that reads JSON.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._has_bar = sys.stderr.isatty() and not quiet
        self._bar = ""
        self._scenes: list[Progress] = []

    def follow(self) -> Progress:
        """Return what shows the progress of a scene, as soon as it begins."""
        return Progress(self)

    def begin(self, scene: Progress) -> None:
        """Show the progress of a scene from now on."""
        if scene not in self._scenes:
            self._scenes.append(scene)

    def end(self, scene: Progress) -> None:
        """Show it no longer."""
        if scene in self._scenes:
            self._clear()
            self._scenes.remove(scene)
            self._bar = ""
            self.pulse()

    def pulse(self) -> None:
        """Draw the bar anew."""
        if self._has_bar and self._scenes:
            is_one = len(self._scenes) == 1
            text = "   ".join(each.bar if is_one else each.share for each in self._scenes)
            self._bar = text[: shutil.get_terminal_size().columns - 1]
            self._draw()

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


class Progress:
    """How far the drawing of a scene has come, on the screen."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._name = self._announced = ""
        self._began = 0.0
        self._total: int | None = None
        self._images = self._taken = 0

    def begin(self, job: Job, total: int | None) -> None:
        """Begin, or begin again; `total` images are expected, if the last run counted them.

        It is said only when the drawing begins: until then, it may be refused.
        """
        self._name, self._total = job.scene, total
        self._images = self._taken = 0
        self._began = time.monotonic()
        self._announced = f"{self._name}: rendering {job.kind} ..."
        self._screen.begin(self)

    def drawing(self) -> None:
        """Print what is being made, once."""
        if self._announced:
            self._screen.line(self._announced)
            self._announced = ""

    def images(self, count: int) -> None:
        """Note how many images have been drawn."""
        self.drawing()
        self._images = count
        self._screen.pulse()

    def plan(self, total: int | None, taken: int) -> None:
        """Note how many images there will be, and how many an interrupted run has drawn."""
        self.drawing()
        self._total, self._taken = total, taken

    def end(self) -> None:
        """Show it no longer: the scene has ended."""
        self._announced = ""
        self._screen.end(self)

    @property
    def bar(self) -> str:
        """A line of its own."""
        seconds = time.monotonic() - self._began
        return f"{self._name}  {bar(self._images, self._total, seconds, self._taken)}"

    @property
    def share(self) -> str:
        """A few words, beside those of other scenes."""
        if not self._total or self._images > self._total:
            return f"{self._name} {self._images} images"
        return f"{self._name} {100 * self._images // self._total} %"


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


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended.

    Attributes
    ----------
    code
        0 if its file is there; 128 + n, as in a shell, if signal n ended the worker.
    took
        How many seconds.
    images
        How many the file has, where that is known.
    fresh
        Whether there was nothing to do.
    error
        What was wrong.
    """

    job: Job
    code: int = 0
    took: float = 0
    images: int | None = None
    fresh: bool = False
    error: str = ""

    @property
    def files(self) -> tuple[Path, ...]:
        """The media files, without what belongs to them: those of the scene, then of sections."""
        job = self.job
        noted = noted_files(job.target) if job.request.sections else []
        ends = {f".{each}" for each in job.request.formats}
        return (
            *job.outputs,
            *(file for file in noted if file.parent.name == SECTIONS and file.suffix in ends),
        )

    @property
    def seconds(self) -> float | None:
        """How long the file plays."""
        return self.images / self.job.request.video.fps if self.images else None

    @property
    def speed(self) -> float | None:
        """How many times faster it was made than it plays."""
        return self.seconds / self.took if self.seconds and self.took else None


def table(outcomes: Sequence[Outcome], took: float = 0) -> list[str]:
    """Return a line for each file: its name, size and length, how long it took, how fast it was.

    The error of a scene has been printed; among several scenes, the table names those that failed.
    As these are drawn side by side, its last line says what all of them took.

    Parameters
    ----------
    took
        How many seconds all of them took.
    """
    several = len(outcomes) > 1
    rows = [row for outcome in outcomes if several or not outcome.code for row in _rows(outcome)]
    drawn = [outcome for outcome in outcomes if outcome.seconds and not outcome.fresh]
    if took and len(drawn) > 1:
        rows.append(_sum(drawn, took))
    widths = [
        max(map(len, column)) for column in zip(*(row for row in rows if row[2]), strict=True)
    ]
    first = max((len(row[0]) for row in rows), default=0)
    lines = []
    for path, *cells in rows:
        padded = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=False)]
        lines.append("  ".join([path.ljust(first), *(padded if cells[1] else cells[:1])]))
    return [line.rstrip() for line in lines]


def _rows(outcome: Outcome) -> list[tuple[str, str, str, str, str]]:
    """Return a row for each file; the first says what all of them took."""
    if outcome.fresh or outcome.code:
        word = "up to date" if outcome.fresh else "failed"
        files = outcome.files if outcome.fresh else outcome.job.outputs
        return [(str(file), word, "", "", "") for file in files or (outcome.job.target,)]
    length = "made by manim" if outcome.images is None else "a still"
    if outcome.seconds:
        length = f"{outcome.seconds:.1f} s long"
    speed = f"{outcome.speed:.1f} x real time" if outcome.speed else ""
    first, *others = ((str(file), _megabytes([file])) for file in outcome.files)
    return [
        (*first, length, f"made in {outcome.took:.1f} s", speed),
        *((*other, "", "", "") for other in others),
    ]


def _sum(outcomes: Sequence[Outcome], took: float) -> tuple[str, str, str, str, str]:
    """Return the row of all videos that were drawn."""
    seconds = sum(outcome.seconds or 0 for outcome in outcomes)
    return (
        f"all {len(outcomes)}",
        _megabytes([file for outcome in outcomes for file in outcome.files]),
        f"{seconds:.1f} s long",
        f"made in {took:.1f} s",
        f"{seconds / took:.1f} x real time",
    )


def _megabytes(files: Sequence[Path]) -> str:
    return f"{sum(file.stat().st_size for file in files) / 1e6:.1f} MB"


def as_json(outcomes: Sequence[Outcome], took: float = 0) -> str:
    """Return outcomes as JSON, and how many seconds all of them took."""
    facts = {"scenes": [_facts(outcome) for outcome in outcomes], "took": round(took, 3)}
    return json.dumps(facts, indent=2)


def _subtitles(files: Sequence[Path]) -> list[str]:
    """Return the subtitles beside media files."""
    captioned = [file for file in files if have_subtitles((file.suffix.removeprefix("."),))]
    beside = (file.with_suffix(end) for file in captioned for end in (".srt", ".vtt"))
    return [str(file) for file in dict.fromkeys(beside) if file.is_file()]


def _facts(outcome: Outcome) -> dict[str, Any]:
    job = outcome.job
    files = [] if outcome.code else [file for file in outcome.files if file.is_file()]
    return {
        "scene": job.scene,
        "source": str(job.request.file),
        "status": "up to date" if outcome.fresh else "failed" if outcome.code else "rendered",
        "code": outcome.code,
        "error": outcome.error or None,
        "file": str(files[0] if files else job.target),
        "files": {str(file): file.stat().st_size for file in files},
        "subtitles": _subtitles(files),
        "width": job.request.video.width,
        "height": job.request.video.height,
        "fps": job.request.video.fps,
        "bytes": files[0].stat().st_size if files else None,
        "images": outcome.images,
        "seconds": outcome.seconds,
        "took": round(outcome.took, 3),
        "speed": outcome.speed and round(outcome.speed, 2),
    }
