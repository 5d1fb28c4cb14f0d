"""Where a media file grows, and how it gets to its place: whole, with all that belongs to it."""

from __future__ import annotations

import shutil
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from pagereel.errors import RenderError, writing
from pagereel.files import NewFile, Scratch, locked, remove_if_unlocked
from pagereel.formulas import bring_formulas, keep_formulas
from pagereel.render.freshness import marking_fresh, noted_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pagereel.render.job import Job

SECTIONS = "sections"  # the folders into which manim puts them, too
TEXTS, FORMULAS = "texts", "Tex"


class Workplace:
    """A hidden folder beside the media file, of one living process at a time.

    The processes that draw hold it, too. So it is free when the last of them is dead.

    What manim lays out is laid out in it: texts anew each time, as Pango is quick. LaTeX takes a
    second for a formula, so formulas are brought from where they are kept, and kept at the end.

    Attributes
    ----------
    path
        The folder.
    """

    def __init__(self, job: Job, scratch: Scratch) -> None:
        self._job = job
        self._scratch = scratch
        self.path = scratch.path

    @classmethod
    def claim(cls, job: Job) -> Workplace | None:
        """Claim the place of a job; return None if another process renders it.

        Raises
        ------
        RenderError
            If the media files cannot be put there: better now than after a minute of drawing.
        """
        folder = job.target.parent
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            _require_room(job)
            scratch = Scratch.claim(job.target)
        if scratch is None:
            return None
        place = cls(job, scratch)
        with writing(place.path):
            bring_formulas(job.formulas, place.path / FORMULAS)
        return place

    def fileno(self) -> int:
        """Return the descriptor that holds the folder, for a process that is to hold it, too."""
        return self._scratch.lock.fileno()

    def require(self) -> None:
        """Raise a `RenderError` if somebody has removed the folder."""
        if not self._scratch.is_there():
            raise RenderError(
                f"{self._job.target.parent}: was removed while {self._job.scene} was rendered; "
                "render it again, and leave the folder alone until it is done"
            )

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
        self.require()
        for output in job.outputs:
            if not (self.path / output.name).is_file():
                raise RenderError(f"{job.scene}: no {output.name} was made; does it play anything?")
        sections = target.parent / SECTIONS
        made = [sections / file.name for file in sorted((self.path / SECTIONS).glob("*"))]
        files = [*job.outputs, *job.companions, *made]
        with writing(target.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
        with writing(target.parent), locked(target.parent), ExitStack() as brought:
            news = {file: brought.enter_context(_bring(self._grown(file), file)) for file in files}
            grown = {file: new.partial if new else self._grown(file) for file, new in news.items()}
            facts = job.facts if job != planned else None
            if not job.alone:
                fresh = marking_fresh(planned.target, grown, inputs, images, facts)
                brought.enter_context(fresh)
            if job.request.sections and job.request.is_whole:
                _remove({*noted_files(target)} - {*files}, sections)
            for file, new in news.items():
                if new is not None:
                    new.complete()
                elif self._grown(file).is_file():
                    self._grown(file).replace(file)
                else:
                    file.unlink(missing_ok=True)

    def _grown(self, file: Path) -> Path:
        """Return where a file has grown."""
        is_section = file.parent.name == SECTIONS
        return self.path / (SECTIONS if is_section else "") / file.name

    def remove(self) -> None:
        """Remove the folder with all that is still in it."""
        if self._job.formulas and self._scratch.is_there():
            with suppress(OSError):  # then LaTeX sets them again the next time
                keep_formulas(self.path / FORMULAS, self._job.formulas)
        self._scratch.remove()
        remove_if_unlocked(self.path)  # if somebody has removed it, and manim has made it again


def _require_room(job: Job) -> None:
    """Raise a `RenderError` if something stands where only a file or a folder can be put."""
    for file in (*job.outputs, *job.companions):
        if file.is_dir():
            raise RenderError(f"{file}: this is a folder; move it out of the way of the file")
    sections = job.target.parent / SECTIONS
    if job.request.sections and sections.exists() and not sections.is_dir():
        raise RenderError(f"{sections}: this is a file; move it out of the way of the folder")


@contextmanager
def _bring(grown: Path, file: Path) -> Iterator[NewFile | None]:
    """Copy a file to the folder of its place; that can fail, and does so before any file moves.

    Give None if it grew beside its place, from where it can be moved, or has not grown at all.
    """
    if file.parent == grown.parent.parent or not grown.is_file():
        yield None
        return
    with writing(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        new = NewFile(file)
    try:
        with writing(file.parent):
            shutil.copyfile(grown, new.partial)
        yield new
    finally:
        new.discard()


def _remove(files: Iterable[Path], folder: Path) -> None:
    """Remove those of some files that are in a folder."""
    for file in files:
        if file.parent == folder:
            file.unlink(missing_ok=True)
