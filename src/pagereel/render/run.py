"""Carry a job out: in a process of its own, and so that files appear whole or not at all."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.errors import RenderError
from pagereel.render.freshness import is_fresh, mark_fresh

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.render.job import Job


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended: exit code 0 if its file is there, and the seconds it took."""

    job: Job
    code: int
    seconds: float
    fresh: bool = False


def run(job: Job, *, force: bool = False) -> Outcome:
    """Make a job's file, unless it is up to date.

    The worker speaks for itself on the terminal; where it fails, its exit code is handed on.

    Raises
    ------
    RenderError
        If the media folder cannot be written.
    """
    inputs = job.inputs
    if not force and is_fresh(job.target, inputs):
        return Outcome(job, 0, 0, fresh=True)
    began = time.monotonic()
    try:
        job.target.parent.mkdir(parents=True, exist_ok=True)
        code = subprocess.run(_command(job), env=job.environment, check=False).returncode  # noqa: S603 (our own command)
        if code == 0:
            for partial in _partials(job):
                partial.replace(partial.with_name(partial.name.replace(".partial", "")))
            mark_fresh(job.target, inputs)
    except OSError as error:
        raise RenderError(f"{job.target.parent}: cannot be written: {error.strerror}") from error
    finally:
        for partial in _partials(job):
            partial.unlink(missing_ok=True)
    return Outcome(job, code, time.monotonic() - began)


def _command(job: Job) -> tuple[str, ...]:
    """Return the worker's command; without a terminal, manim's bars would fill the log."""
    if "manim" in job.command and not sys.stderr.isatty():
        return (*job.command, "--progress_bar", "none")
    return job.command


def _partials(job: Job) -> list[Path]:
    """Return the files that the worker has made: the media file and its subtitles."""
    return sorted(job.partial.parent.glob(f"{job.partial.stem}.*"))
