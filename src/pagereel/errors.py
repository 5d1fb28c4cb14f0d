"""What can be wrong with what a user gave us: one tree of exceptions.

Every message is one line and says what is wrong, where, and what to do. The command line prints
it as it is and ends with exit code 2; a traceback is only ever a bug of pagereel's.
"""

from __future__ import annotations

import errno
import math
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


LONGEST_MESSAGE = 300 - len("pagereel: ")
"""Characters of a message, so that the line that the command line prints has at most 300."""
_LONGEST_PLACE, _LONGEST_WORD = 120, 40


def printable(text: str) -> str:
    """Return a text on one line, even if it has line ends and control characters in it."""
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in text
    )


def one_line(message: str, most: int = LONGEST_MESSAGE) -> str:
    """Return a message on one line of at most `most` characters.

    A message begins with the place and ends with the advice. Where it is too long, long words
    between them are cut first: names and paths are what makes messages long.
    """
    plain = printable(message)
    return plain if len(plain) <= most else _shortened(plain, most)


def _shortened(message: str, most: int) -> str:
    place, *words = message.split(" ")
    words.insert(0, _cut(place, _LONGEST_PLACE))
    excess = len(" ".join(words)) - most
    for longest in sorted(range(1, len(words)), key=lambda n: len(words[n]), reverse=True):
        before = len(words[longest])
        if excess <= 0 or before <= _LONGEST_WORD:
            break
        words[longest] = _cut(words[longest], max(_LONGEST_WORD, before - excess))
        excess -= before - len(words[longest])
    return _cut(" ".join(words), most)


def _cut(text: str, most: int) -> str:
    """Leave out the middle of a text of more than `most` characters."""
    end = most // 2
    return text if len(text) <= most else f"{text[: most - end - 1]}…{text[-end:]}"


class PagereelError(Exception):
    """Base of all errors that a user can put right."""

    def __str__(self) -> str:
        return one_line(super().__str__())


class CacheError(PagereelError):
    """An event that the cache cannot carry out, or a check of the state that disagrees.

    Notes on it, where there are some, say what can be done.
    """

    @property
    def advice(self) -> str:
        """What can be done; may be empty."""
        return "; ".join(getattr(self, "__notes__", ()))

    @property
    def with_advice(self) -> str:
        """The message, and what can be done."""
        return f"{self}; {self.advice}" if self.advice else str(self)


class ManimRefuses(PagereelError, ImportError):  # noqa: N818 (it is the user's mistake)
    """A manim.cfg with which manim cannot be imported."""


class FileError(PagereelError):
    """A mistake in a file that a user wrote.

    Parameters
    ----------
    path
        The file.
    message
        What is wrong and what to do.
    line
        The line in the file, from 1, where it is known.
    """

    def __init__(self, path: Path, message: str, *, line: int | None = None) -> None:
        self.path = path
        self.line = line
        place = f"{path}:{line}" if line is not None else f"{path}"
        super().__init__(f"{place}: {message}")


class StoryError(FileError):
    """A story that cannot be told."""


class BrandError(FileError):
    """A brand that cannot be shown, or its logo."""


class WorkloadError(FileError):
    """A workload that cannot be run."""


class TraceError(PagereelError):
    """A trace that cannot be read or replayed.

    Parameters
    ----------
    name
        The trace's file, or ``standard input``.
    message
        What is wrong and what to do.
    line
        The line, from 1, where it is known.
    """

    def __init__(self, name: str, message: str, *, line: int | None = None) -> None:
        self.name = name
        self.line = line
        super().__init__(f"{name}:{line}: {message}" if line is not None else f"{name}: {message}")


class CompareError(PagereelError):
    """Two traces that cannot be compared."""

    def __init__(self, message: str) -> None:
        super().__init__(f"compare: {message}")


class StageError(PagereelError):
    """A story that does not fit the picture, or a font that is missing."""


class GlyphError(StageError):
    """A text with a character that no font has."""


class RequestError(PagereelError):
    """Something that is asked for and cannot be, such as a scene that is not there."""


class RenderError(PagereelError):
    """Something that keeps the media files from being made."""


class StockNeeded(RenderError):  # noqa: N818 (it is not the user's mistake)
    """Only manim can render the scene, or write the format that is asked for.

    Parameters
    ----------
    why
        What it is that keeps the fast renderer from it, as half a sentence.
    """

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"only manim can render this scene: {why}")


class CannotWrite(RenderError):  # noqa: N818 (it says what cannot be done)
    """A folder of media files that cannot be written, or not any more.

    Parameters
    ----------
    reason
        The system's.
    """

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder = folder
        self.reason = reason
        super().__init__(f"{folder}: cannot be written: {reason}; make it writable, or make room")


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Say in one line what keeps a folder from being written."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            folder = fullest(folder)
        raise CannotWrite(folder, error.strerror or str(error)) from error


NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
"""The system's errors that say that a disk is full, but not which."""


def fullest(folder: Path) -> Path:
    """Return of a folder and that for temporary files the one whose disk has less room.

    What did not fit may be gone by now, as temporary files are, so none need be full any more.
    """
    temporary = Path(os.environ.get("TMPDIR") or tempfile.gettempdir())
    if disk_of(folder) == disk_of(temporary):
        return folder
    return min((folder, temporary), key=room)


def disk_of(folder: Path) -> int:
    """Return the number of the disk that a folder is on, or would be."""
    while not folder.exists():
        folder = folder.parent
    return folder.stat().st_dev


def room(folder: Path) -> float:
    """Return how many bytes can still be written in a folder."""
    try:
        disk = os.statvfs(folder)
    except OSError:  # it is not there
        return math.inf
    has_names = disk.f_favail or not disk.f_files  # some file systems do not count files
    return disk.f_bavail * disk.f_frsize if has_names else 0


class Ended(KeyboardInterrupt):
    """A signal asks us to end; `code` is what a shell calls such an end."""

    def __init__(self, number: int) -> None:
        self.code = 128 + number
        super().__init__(number)


class CheckError(PagereelError):
    """Something that keeps a scene from being checked."""


class SceneFailed(CheckError):  # noqa: N818 (it is no mistake of ours or in what is asked for)
    """A scene that raised: several lines, the traceback, trimmed to the user's code."""

    def __str__(self) -> str:
        return "\n".join(printable(line) for line in Exception.__str__(self).splitlines())
