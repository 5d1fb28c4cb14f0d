"""How a rendering ended, reported as a table or as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pagereel.render.formats.registry import have_subtitles
from pagereel.render.freshness import noted_files
from pagereel.render.workplace import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pagereel.render.job import Job


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


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """Return a line for each file: its name, size and length, how long it took, how fast it was.

    The error of a scene has been printed; among several scenes, the table names those that failed.
    """
    several = len(outcomes) > 1
    rows = [row for outcome in outcomes if several or not outcome.code for row in _rows(outcome)]
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
    length = f"{outcome.seconds:.1f} s long" if outcome.seconds else "made by manim"
    speed = f"{outcome.speed:.1f} x real time" if outcome.speed else ""
    first, *others = ((str(file), f"{file.stat().st_size / 1e6:.1f} MB") for file in outcome.files)
    return [
        (*first, length, f"made in {outcome.took:.1f} s", speed),
        *((*other, "", "", "") for other in others),
    ]


def as_json(outcomes: Sequence[Outcome]) -> str:
    """Return outcomes as JSON."""
    return json.dumps({"scenes": [_facts(outcome) for outcome in outcomes]}, indent=2)


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
