"""How a rendering ended, and how that is told: as a table, and to machines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    def seconds(self) -> float | None:
        """How long the file plays."""
        return self.images / self.job.video.fps if self.images else None

    @property
    def speed(self) -> float | None:
        """How many times faster it was made than it plays."""
        return self.seconds / self.took if self.seconds and self.took else None


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """Return a line for each file: its name, size and length, how long it took, how fast it was.

    One scene that failed has been spoken of; among several, it is good to see which did.
    """
    several = len(outcomes) > 1
    rows = [_row(outcome) for outcome in outcomes if several or not outcome.code]
    widths = [
        max(map(len, column)) for column in zip(*(row for row in rows if row[2]), strict=True)
    ]
    first = max((len(row[0]) for row in rows), default=0)
    lines = []
    for path, *cells in rows:
        padded = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=False)]
        lines.append("  ".join([path.ljust(first), *(padded if cells[1] else cells[:1])]))
    return [line.rstrip() for line in lines]


def _row(outcome: Outcome) -> tuple[str, str, str, str, str]:
    target = str(outcome.job.target)
    if outcome.fresh or outcome.code:
        return target, "up to date" if outcome.fresh else "failed", "", "", ""
    length = f"{outcome.seconds:.1f} s long" if outcome.seconds else "made by manim"
    speed = f"{outcome.speed:.1f} x real time" if outcome.speed else ""
    return target, f"{_size(outcome):.1f} MB", length, f"made in {outcome.took:.1f} s", speed


def _size(outcome: Outcome) -> float:
    return outcome.job.target.stat().st_size / 1e6


def as_json(outcomes: Sequence[Outcome]) -> str:
    """Return outcomes for machines."""
    return json.dumps({"scenes": [_facts(outcome) for outcome in outcomes]}, indent=2)


def _facts(outcome: Outcome) -> dict[str, Any]:
    job = outcome.job
    there = not outcome.code and job.target.is_file()
    return {
        "scene": job.scene.name,
        "source": str(job.scene.file),
        "status": "up to date" if outcome.fresh else "failed" if outcome.code else "rendered",
        "code": outcome.code,
        "error": outcome.error or None,
        "file": str(job.target),
        "subtitles": [str(file) for file in job.companions if there and file.is_file()],
        "width": job.video.width,
        "height": job.video.height,
        "fps": job.video.fps,
        "bytes": job.target.stat().st_size if there else None,
        "images": outcome.images,
        "seconds": outcome.seconds,
        "took": round(outcome.took, 3),
        "speed": outcome.speed and round(outcome.speed, 2),
    }
