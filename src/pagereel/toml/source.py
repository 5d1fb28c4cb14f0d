"""A storyboard file: its text, its data, and errors that know their line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pagereel.errors import StoryError
from pagereel.toml.locate import locate, stuck_line

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 256 * 1024
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Source:
    """A TOML file that was read.

    Parameters
    ----------
    path
        The file.
    text
        What it says.
    data
        The same as tables, lists and values.
    """

    path: Path
    text: str
    data: dict[str, Any]

    def error(self, message: str, at: tuple[str | int, ...] = ()) -> StoryError:
        """Make an error about a place in the file.

        Parameters
        ----------
        message
            What is wrong and what to do.
        at
            Path to the place in `data`; its line is looked up only now.
        """
        return StoryError(self.path, message, line=locate(self.text, at))


def read_source(path: Path) -> Source:
    """Read a TOML file.

    Raises
    ------
    StoryError
        If the file cannot be read, is larger than 256 KiB, not UTF-8 or not TOML.
    """
    text = _read_text(path)
    try:
        return Source(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line, message = _explain(str(error), text)
        raise StoryError(path, message, line=line) from None
    except (ValueError, RecursionError):
        # Python's limits for the digits of a number and for nesting.
        message = "this has too many digits or brackets; write less"
        raise StoryError(path, message, line=stuck_line(text)) from None


def _read_text(path: Path) -> str:
    raw = _read_bytes(path)
    if len(raw) > _MOST_BYTES:
        message = f"the file is larger than {_MOST_BYTES // 1024} KiB; a story is a short text"
        raise StoryError(path, message)
    try:
        return raw.decode("utf-8-sig")  # some editors put a byte order mark first
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise StoryError(path, "this is not UTF-8; save the file as UTF-8", line=line) from None


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise StoryError(path, "there is no such file; check the path") from None
    except IsADirectoryError:
        raise StoryError(path, "this is a folder; name a story file in it") from None
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL character
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise StoryError(path, f"the file cannot be read: {reason}; check the path") from None


def _explain(error: str, text: str) -> tuple[int, str]:
    """Take apart what tomllib says, as "Unclosed array (at line 3, column 7)"."""
    position = _POSITION.search(error)
    # tomllib escapes what it quotes, but does not shorten it.
    what = (error[: position.start()] if position else error)[:_LONGEST]
    if position and position[1]:
        return int(position[1]), f"this is not TOML: {what} (column {position[2]}); mend this line"
    last = text.removesuffix("\n").count("\n") + 1
    return last, f"this is not TOML: {what} (end of file); close what is open"
