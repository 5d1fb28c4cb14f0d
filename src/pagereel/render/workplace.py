"""Where a media file grows, and how it gets to its place: whole, with all that belongs to it."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.errors import RenderError, writing
from pagereel.kept import remove_if_unused
from pagereel.render.freshness import mark_fresh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagereel.render.job import Job

_YOUNG = 60  # seconds; a folder that is so young may not be locked yet


class Workplace:
    """A hidden folder beside the media file, of this process alone.

    Two renderings of a scene at the same time do not meet: each has its own, locked as long as the
    process lives. What a process left behind that was killed is removed by the next.

    Raises
    ------
    RenderError
        If the folder cannot be made: better now than after a minute of drawing.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        folder = job.target.parent
        prefix = f".{job.target.stem}.partial-"
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            _remove_abandoned(folder, prefix)
            self.path = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
            self._lock = os.open(self.path, os.O_RDONLY)
            with suppress(OSError):  # a file system that knows no locks
                fcntl.flock(self._lock, fcntl.LOCK_EX)

    def put_in_place(self, inputs: str, images: int | None) -> None:
        """Move what was made to where it belongs; what was not made again is outdated.

        Raises
        ------
        RenderError
            If nothing was made, or it cannot be moved.
        """
        target = self._job.target
        if not (self.path / target.name).is_file():
            raise RenderError(
                f"{self._job.scene.name}: no {target.name} was made; "
                "does a manim.cfg set a format or a folder? remove that"
            )
        with writing(target.parent), _locked(target.parent):
            for file in (target, *self._job.companions):
                grown = self.path / file.name
                if grown.is_file():
                    grown.replace(file)
                else:
                    file.unlink(missing_ok=True)
            if not self._job.alone:
                mark_fresh(target, self._job.companions, inputs, images)

    def remove(self) -> None:
        """Remove the folder with all that is still in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let only one process at a time change what is in a folder."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _remove_abandoned(folder: Path, prefix: str) -> None:
    for left in folder.glob(f"{prefix}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime < _YOUNG:
                continue
            remove_if_unused(left)
