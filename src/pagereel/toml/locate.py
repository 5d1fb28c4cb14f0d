"""On which line of a TOML file something stands.

`tomllib` gives values without positions. This module finds them with nothing but `tomllib`:

- A statement (a header, or a key with its value) is a run of whole lines. A complete statement
  parses on its own; one that is cut short inside a list or a multi-line text does not. So the
  shortest run of lines that parses is the next statement, and its data says what it adds.
- A header says which table the keys below it belong to. So the first statement that adds something
  at a path (``("events", 2, "frames")``) is the one that makes it.

The line of a path is the first line of that statement. All entries of a list that is written as one
statement (``events = [{…}, {…}]``) are therefore found on the same line.

This takes about as long as parsing the file once. It is done when an error is reported, and once
for the lines of a list of tables.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Path: TypeAlias = tuple[str | int, ...]
# A statement: its line; the table that its keys belong to, or that it begins; its keys and values.
# A header has none of these; None stands for the rest of a file that could not be cut up.
Statement: TypeAlias = tuple[int, Path, dict[str, Any] | None]

# A statement of more than one line can only end on a line that ends so, comments aside.
_CLOSING = re.compile(r"[\]}\"'][ \t]*(#.*)?\r?$")
# How many characters are parsed in vain before the rest of the file counts as one statement. Only a
# large file that was made for this gets there; errors then name a line that is too early.
_MOST_TRIED = 2**19


def locate(text: str, path: Path) -> int | None:
    """Find the line on which a path begins.

    Parameters
    ----------
    text
        A TOML document that parses.
    path
        Keys of tables and, for lists, positions from 0.

    Returns
    -------
    int or None
        The line, from 1; None if the document has no such path, and for the empty path.
    """
    for line, base, data in _statements(text) if path else ():
        if data is None or _makes(path, base, data):
            return line
    return None


def entry_lines(text: str, key: str, count: int) -> tuple[int, ...]:
    """Find the lines on which the tables of a list begin.

    Parameters
    ----------
    text
        A TOML document that parses.
    key
        The list's key, at the top of the document.
    count
        How many tables the list has.

    Returns
    -------
    tuple of int
        By table: its line, from 1.
    """
    found: list[int] = []
    for line, base, data in _statements(text):
        while len(found) < count and (data is None or _makes((key, len(found)), base, data)):
            found.append(line)
    return tuple(found)


def stuck_line(text: str) -> int | None:
    """Find the line, from 1, of the first statement that does not parse; None if all do."""
    return next((line for line, _, data in _statements(text) if data is None), None)


def _statements(text: str) -> Iterator[Statement]:
    base: Path = ()
    lengths: dict[Path, int] = {}
    for line, run, data in _runs(text):
        if data and run.lstrip(" \t").startswith("["):
            base = _follow(data, lengths)
            yield line, base, {}
        elif data != {}:  # not an empty line or a comment
            yield line, base, data


def _runs(text: str) -> Iterator[tuple[int, str, dict[str, Any] | None]]:
    """Cut a file into statements: line, text and data; None for a rest that does not parse."""
    # Every line gets its end: a carriage return is only allowed before one.
    lines = [f"{line}\n" for line in text.split("\n")]
    start, tried = 0, 0
    for end in range(1, len(lines) + 1):
        if end > start + 1 and not _CLOSING.search(lines[end - 1]):
            continue
        run = "".join(lines[start:end])
        data = _parsed(run)
        if data is not None:
            yield start + 1, run, data
            start = end
        else:
            tried += len(run)
            if tried > _MOST_TRIED:
                break
    if start < len(lines):
        yield start + 1, "".join(lines[start:]), None


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):  # broken, or numbers and nesting beyond Python's limits
        return None


def _follow(header: Any, lengths: dict[Path, int]) -> Path:
    """Return the table that a header begins; `lengths` counts the tables of each list so far."""
    path: Path = ()
    while header:
        ((key, header),) = header.items()
        path = (*path, key)
        if isinstance(header, list):  # [[key]]: one entry more
            lengths[path] = lengths.get(path, 0) + 1
            (header,) = header
        if path in lengths:  # keys go to the last entry
            path = (*path, lengths[path] - 1)
    return path


def _makes(path: Path, base: Path, data: Any) -> bool:
    """Return whether a statement makes a path, or something below it."""
    if base[: len(path)] == path:
        return True
    if path[: len(base)] != base:
        return False
    for step in path[len(base) :]:
        known = range(len(data)) if isinstance(data, list) else data
        if not isinstance(known, dict | range) or step not in known:
            return False
        data = data[step]
    return True
