"""A TOML file: its text, its data, and errors that know their line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pagereel.toml.locate import locate, stuck_line

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.errors import PagereelError

_MOST_BYTES = 256 * 1024
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_LONGEST = 80


class MakeError(Protocol):
    """Makes an error about a file; `StoryError` and its like do."""

    def __call__(self, path: Path, message: str, *, line: int | None = None) -> PagereelError:
        """Return an error about a line, from 1, or about the file as a whole."""


@dataclass(frozen=True, slots=True)
class Source:
    """A TOML file that was read.

    Parameters
    ----------
    path
        The file.
    text
        Its text.
    data
        The same as tables, lists and values.
    make_error
        The kind of error that mistakes in this file are.
    """

    path: Path
    text: str
    data: dict[str, Any]
    make_error: MakeError

    def error(self, message: str, at: tuple[str | int, ...] = ()) -> PagereelError:
        """Make an error about a place in the file.

        Parameters
        ----------
        message
            What is wrong and what to do.
        at
            Path to the place in `data`; its line is looked up only now.
        """
        return self.make_error(self.path, message, line=self.line(at))

    def line(self, at: tuple[str | int, ...]) -> int | None:
        """Return the line, from 1, of a path in `data`; None if it is not written."""
        return locate(self.text, at)


def read_source(path: Path, make_error: MakeError) -> Source:
    """Read a TOML file.

    Raises
    ------
    PagereelError
        Made by `make_error`, if the file cannot be read, is larger than 256 KiB, is not UTF-8 or
        is not TOML.
    """
    text = _read_text(path, make_error)
    try:
        return Source(path, text, tomllib.loads(text), make_error)
    except tomllib.TOMLDecodeError as error:
        line, message = _explain(str(error), text)
        raise make_error(path, message, line=line) from None
    except (ValueError, RecursionError):
        # Python's limits for the digits of a number and for nesting.
        message = "this has too many digits or brackets; write less"
        raise make_error(path, message, line=stuck_line(text)) from None


def _read_text(path: Path, make_error: MakeError) -> str:
    raw = _read_bytes(path, make_error)
    if len(raw) > _MOST_BYTES:
        message = f"the file is larger than {_MOST_BYTES // 1024} KiB; make it shorter"
        raise make_error(path, message)
    try:
        return raw.decode("utf-8-sig")  # some editors put a byte order mark first
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise make_error(path, "this is not UTF-8; save the file as UTF-8", line=line) from None


def _read_bytes(path: Path, make_error: MakeError) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise make_error(path, "there is no such file; check the path") from None
    except IsADirectoryError:
        raise make_error(path, "this is a folder; name a file in it") from None
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL character
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise make_error(path, f"the file cannot be read: {reason}; check the path") from None


def _explain(error: str, text: str) -> tuple[int, str]:
    """Return line and message for what tomllib says: "Unclosed array (at line 3, column 7)"."""
    position = _POSITION.search(error)
    # tomllib escapes what it quotes, but does not shorten it.
    what = (error[: position.start()] if position else error)[:_LONGEST]
    if position and position[1]:
        return int(position[1]), f"this is not TOML: {what} (column {position[2]}); fix this line"
    last = text.removesuffix("\n").count("\n") + 1
    return last, f"this is not TOML: {what} (end of file); close what is open"
