"""A TOML file: its text, its data, and errors that know their line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pagereel.kinds import Unreadable, read_whole
from pagereel.toml.locate import locate, stuck_line

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.errors import PagereelError

_MOST_BYTES = 256 * 1024
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_LONGEST = 80
# Parts that a key or a header may have; ours have at most four. The time and memory of `tomllib`
# grow with the square of their number: 40 KB of `a.a.a…` take 1.6 GB. So it never sees such a file.
_DEEPEST = 16

_QUOTED = r'"(?:[^"\\\n]|\\[^\n])*+"|\'[^\'\n]*+\''
_PART = rf"(?:[A-Za-z0-9_-]++|{_QUOTED})"
_DOT = r"[ \t]*+\.[ \t]*+"
# Dots in comments and texts are not keys. A text may itself be a part of a key, so keys come first.
# A text that is not closed takes what is left, so that nothing is looked through twice. Texts of
# several lines do not repeat with `*+`: Python before 3.11.5 gets alternatives in it wrong.
_TOKEN = re.compile(
    rf"""
    \#[^\n]*+
    | \"{{3}}[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:\"{{3,5}}|\Z)
    | '{{3}}[^']*(?:'(?!'')[^']*)*(?:'{{3,5}}|\Z)
    | (?P<deep>{_PART}(?:{_DOT}{_PART}){{{_DEEPEST},}}+)
    | {_PART}
    | ["'][^\n]*+
    """,
    re.VERBOSE | re.DOTALL,
)


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
        is not TOML, or a key in it has too many parts.
    """
    text = _read_text(path, make_error)
    try:
        return Source(path, text, parsed(text), make_error)
    except TooDeepError as error:
        message = f"a key has more than {_DEEPEST} parts; write fewer tables within tables"
        raise make_error(path, message, line=error.line) from None
    except tomllib.TOMLDecodeError as error:
        line, message = _explain(str(error), text)
        raise make_error(path, message, line=line) from None
    except (ValueError, RecursionError):
        # Python's limits for the digits of a number and for nesting.
        message = "this has too many digits or brackets; write less"
        raise make_error(path, message, line=stuck_line(text)) from None


class TooDeepError(ValueError):
    """A key has more parts than `tomllib` should see.

    Attributes
    ----------
    line
        Its line, from 1.
    """

    def __init__(self, line: int) -> None:
        super().__init__(f"a key of line {line} has more than {_DEEPEST} parts")
        self.line = line


def parsed(text: str) -> dict[str, Any]:
    """Return the data of a text in TOML, in little time and memory whatever the text is.

    Raises
    ------
    ValueError
        If it is not TOML; a `TooDeepError`, if a key has too many parts.
    RecursionError
        If it has too many brackets.
    """
    if line := _too_deep_line(text):
        raise TooDeepError(line)
    return tomllib.loads(text)


def _read_text(path: Path, make_error: MakeError) -> str:
    try:
        raw = read_whole(path, most=_MOST_BYTES)
    except Unreadable as error:
        raise make_error(path, str(error)) from None
    try:
        return raw.decode("utf-8-sig")  # some editors put a byte order mark first
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise make_error(path, "this is not UTF-8; save the file as UTF-8", line=line) from None


def _too_deep_line(text: str) -> int | None:
    """Return the line, from 1, of the first key of more than `_DEEPEST` parts; None: there is none.

    In a text that is not TOML, what looks like such a key may be none.
    """
    deep = next((found for found in _TOKEN.finditer(text) if found["deep"]), None)
    return deep and text.count("\n", 0, deep.start()) + 1


def _explain(error: str, text: str) -> tuple[int, str]:
    """Return line and message for what tomllib says: "Unclosed array (at line 3, column 7)"."""
    position = _POSITION.search(error)
    # tomllib escapes what it quotes, but does not shorten it.
    what = (error[: position.start()] if position else error)[:_LONGEST]
    if position and position[1]:
        return int(position[1]), f"this is not TOML: {what} (column {position[2]}); fix this line"
    last = text.removesuffix("\n").count("\n") + 1
    return last, f"this is not TOML: {what} (end of file); close what is open"
