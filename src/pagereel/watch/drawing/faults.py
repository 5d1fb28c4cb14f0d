"""Errors of stories and scenes as plain facts: what is wrong, in which line of which file."""

from __future__ import annotations

import linecache
import traceback
from pathlib import Path
from typing import Any

from pagereel.check.playing import is_users
from pagereel.errors import FileError, PagereelError, StockNeeded, TraceError
from pagereel.failure import Failure

_LONGEST = 1500  # characters of a message
_LONGEST_LINE = 200  # characters


def fault_of(error: BaseException, file: Path) -> dict[str, Any]:
    """Return what an error says, and where it comes from.

    Parameters
    ----------
    error
        What reading, running or drawing a scene has raised.
    file
        The scene's.
    """
    place, line = _place_of(error)
    message = Failure.of(error, file).message
    if isinstance(error, StockNeeded):
        message = f"this scene cannot be watched: {message}; `pagereel render` has manim draw it"
    if isinstance(error, PagereelError) and place is not None:
        message = message.removeprefix(f"{place}:{line}: " if line else f"{place}: ")
    return fault(message, place and shown(place), line)


def fault(message: str, file: Path | None = None, line: int | None = None) -> dict[str, Any]:
    """Return a fault in a line of a file, with the line's text."""
    text = linecache.getline(str(file), line).strip() if file is not None and line else ""
    return {
        "message": message[:_LONGEST],
        "file": str(file) if file is not None else None,
        "line": line,
        "text": text[:_LONGEST_LINE],
    }


def _place_of(error: BaseException) -> tuple[Path | None, int | None]:
    """Return the file and line that an error blames, as far as it is known."""
    match error:
        case FileError(path=path, line=line):
            return path, line
        case TraceError(name=name, line=line):
            return Path(name), line
        case SyntaxError(filename=str(name), lineno=line):
            return shown(name), line
    steps = [step for step in traceback.extract_tb(error.__traceback__) if is_users(step.filename)]
    return (shown(steps[-1].filename), steps[-1].lineno) if steps else (None, None)


def shown(file: str | Path) -> Path:
    """Return a file as a reader names it: from the current folder on, if it is in there."""
    path, folder = Path(file), Path.cwd()
    return path.relative_to(folder) if path.is_relative_to(folder) else path
