"""Carry a job out: in a process of its own, and so that files appear whole or not at all."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.errors import RenderError
from pagereel.render.freshness import is_fresh, mark_fresh

if TYPE_CHECKING:
    from pagereel.render.job import Job


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended.

    Attributes
    ----------
    code
        0 if its file is there; 128 + n, as in a shell, if signal n ended the worker.
    seconds
        How long it took.
    fresh
        Whether there was nothing to do.
    killed_by
        The name of the signal that ended the worker, if one did.
    """

    job: Job
    code: int
    seconds: float
    fresh: bool = False
    killed_by: str = ""


def run(job: Job, *, force: bool = False) -> Outcome:
    """Make a job's file, unless it is up to date.

    The worker speaks for itself on the terminal; where it fails, its exit code is handed on.

    Raises
    ------
    RenderError
        If the media folder cannot be written, or the worker ends well but without a file.
    """
    inputs = job.inputs
    if not force and is_fresh(job.targets, inputs):
        return Outcome(job, 0, 0, fresh=True)
    print(f"{job.scene.name}: rendering {job.kind} ...", flush=True)
    began = time.monotonic()
    try:
        _require_writable(job)
        code = _work(job)
        if code == 0:
            _put_in_place(job)
            mark_fresh(job.targets, inputs)
    except OSError as error:
        raise RenderError(
            f"{job.target.parent}: cannot be written: {error.strerror}; make it writable, or make "
            "room"
        ) from error
    finally:
        _remove_partials(job)
    seconds = time.monotonic() - began
    if code < 0:
        return Outcome(job, 128 - code, seconds, killed_by=_signal_name(-code))
    return Outcome(job, code, seconds)


def _require_writable(job: Job) -> None:
    """Fail now rather than in the worker, after a minute and with a traceback."""
    job.target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=job.target.parent):
        pass


def _work(job: Job) -> int:
    """Let the worker work; return its exit code.

    Ctrl-C reaches all processes of a terminal. The worker is born with it blocked, as it would
    answer with a traceback; we do hear it, and end the worker.
    """
    command = job.command if sys.stderr.isatty() else (*job.command, *job.quiet)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        worker = subprocess.Popen(command, env=job.environment)  # noqa: S603 (our own command)
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            return worker.wait()
        finally:  # `subprocess.run` would not wait until it is gone, and it may be writing
            worker.kill()
            worker.wait()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _put_in_place(job: Job) -> None:
    """Move what the worker made to where it belongs; what it did not make again is outdated."""
    if not job.files[0][0].is_file():
        raise RenderError(
            f"{job.scene.name}: nothing was made at {job.files[0][0]}; "
            "does a manim.cfg set a format or a folder? remove that"
        )
    for partial, target in job.files:
        if partial.is_file():
            partial.replace(target)
        else:
            target.unlink(missing_ok=True)


def _remove_partials(job: Job) -> None:
    for partial, _ in job.files:
        with suppress(OSError):
            partial.unlink()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a realtime signal
        return f"signal {number}"
