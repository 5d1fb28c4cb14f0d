"""Where a media file grows, and how it gets to its place: whole, with all that belongs to it."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.errors import RenderError, writing
from pagereel.files import FolderLock, locked, remove_if_unlocked
from pagereel.render.freshness import mark_fresh, noted_files

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pagereel.render.job import Job

SECTIONS = "sections"  # the folder into which manim puts them, too
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
            self._lock = FolderLock(self.path)
            self._lock.wait()

    def put_in_place(self, inputs: str, images: int | None, job: Job | None = None) -> None:
        """Move what was made to where it belongs; what was not made again is outdated.

        Parameters
        ----------
        job
            The job as the scene's file has changed it, if it has.

        Raises
        ------
        RenderError
            If nothing was made, or it cannot be moved.
        """
        planned, job = self._job, job or self._job
        target = job.target
        for output in job.outputs:
            if not (self.path / output.name).is_file():
                raise RenderError(f"{job.scene}: no {output.name} was made; does it play anything?")
        sections = target.parent / SECTIONS
        made = [sections / file.name for file in sorted((self.path / SECTIONS).glob("*"))]
        files = [*job.outputs, *job.companions, *made]
        with writing(target.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
        with writing(target.parent), locked(target.parent):
            grown: dict[Path, Path] = {}
            try:
                for file in files:
                    grown[file] = near = self._near(file)
                    _bring(self._grown(file), near)
                if job.request.sections and job.request.is_whole:
                    _remove({*noted_files(target)} - {*files}, sections)
                for file, near in grown.items():
                    if near.is_file():
                        near.replace(file)
                    else:
                        file.unlink(missing_ok=True)
            finally:
                for near in grown.values():
                    with suppress(OSError):  # what went wrong has been said
                        near.unlink(missing_ok=True)
            if not job.alone:
                facts = job.facts if job != planned else None
                mark_fresh(planned.target, files, inputs, images, facts)

    def _grown(self, file: Path) -> Path:
        """Return where a file has grown."""
        is_section = file.parent.name == SECTIONS
        return self.path / (SECTIONS if is_section else "") / file.name

    def _near(self, file: Path) -> Path:
        """Return from where a file can be moved to its place in one step."""
        if file.parent == self.path.parent:
            return self._grown(file)
        return file.with_name(f".{file.name}.{os.getpid()}.partial")

    def remove(self) -> None:
        """Remove the folder with all that is still in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()


def _bring(grown: Path, near: Path) -> None:
    """Copy a file to the file system of its place: that can fail, and does so before any moves."""
    if near != grown and grown.is_file():
        with writing(near.parent):
            near.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(grown, near)


def _remove(files: Iterable[Path], folder: Path) -> None:
    """Remove those of some files that are in a folder."""
    for file in files:
        if file.parent == folder:
            file.unlink(missing_ok=True)


def _remove_abandoned(folder: Path, prefix: str) -> None:
    for left in folder.glob(f"{prefix}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime >= _YOUNG:
                remove_if_unlocked(left)
