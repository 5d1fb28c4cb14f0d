"""What the two runs are called, and what is said of their pools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.errors import CompareError
from pagereel.wording import counted, shortened, shown

if TYPE_CHECKING:
    from pagereel.trace import Header

LONGEST_NAME = 24
_REFERENCE = "pagereel trace simulate"
_PART = ", "  # between the parts of a note


def engine_name(header: Header) -> str:
    """Return an engine's name as it is shown; our own is none that anybody serves with."""
    return "reference engine" if header.engine == _REFERENCE else header.engine


def choose_names(
    headers: tuple[Header, Header],
    files: tuple[str, str],
    given: tuple[str | None, str | None] = (None, None),
) -> tuple[str, str]:
    """Name two runs by what was given, else by what differs in their headers, else by their files.

    Of the headers, the engine counts first, then the page size, then the parts of the notes between
    commas, then the words of the notes. Notes of `pagereel trace simulate --vary` say what varies:
    they count before the page size.

    Parameters
    ----------
    files
        The names of their files, without folder and extension.

    Returns
    -------
    tuple of str
        Two different names of at most 24 characters.

    Raises
    ------
    CompareError
        If both are the same.
    """
    found = next(pair for pair in _candidates(headers, files) if _fits(pair))
    first, second = (name or other for name, other in zip(given, found, strict=True))
    if first == second:
        raise CompareError(f"both runs are called {shown(first)}; give them two names by --name")
    return first, second


def check_name(name: str) -> None:
    """Refuse a given name that cannot be shown.

    Raises
    ------
    CompareError
        Says why.
    """
    if not name.strip() or not name.isprintable():
        raise CompareError(f"{shown(name)} is not a name that can be shown; choose another --name")
    if len(name) > LONGEST_NAME:
        what = f"the name {shown(name)} has {len(name)} characters"
        raise CompareError(f"{what}; at most {LONGEST_NAME} fit")


def _fits(pair: tuple[str, str]) -> bool:
    return pair[0] != pair[1] and all(0 < len(name) <= LONGEST_NAME for name in pair)


def _candidates(headers: tuple[Header, Header], files: tuple[str, str]) -> list[tuple[str, str]]:
    one, other = headers
    notes = one.note or "", other.note or ""
    found = [(engine_name(one), engine_name(other))]
    if one.engine == other.engine == _REFERENCE:
        found.append(_differing(notes, _PART))
    if one.page_size != other.page_size and one.page_size and other.page_size:
        found.append((_page_size(one.page_size), _page_size(other.page_size)))
    found.extend(_differing(notes, mark) for mark in (_PART, " "))
    found.extend(
        ((shortened(files[0], LONGEST_NAME), shortened(files[1], LONGEST_NAME)), ("A", "B"))
    )
    return found


def _page_size(tokens: int) -> str:
    return f"{counted(tokens, 'token')} a page"


def _differing(notes: tuple[str, str], mark: str) -> tuple[str, str]:
    """Return the parts of two notes, divided by a mark, that are not in the other one."""
    first, second = (note.split(mark) for note in notes)
    return (
        mark.join(part for part in first if part not in second),
        mark.join(part for part in second if part not in first),
    )


def pools_said(headers: tuple[Header, Header]) -> tuple[str, ...]:
    """Say which engines and how much memory the runs have; in two lines if the memory differs."""
    engines = [*dict.fromkeys(engine_name(header) for header in headers)]
    one, other = headers
    if (one.frames, one.page_size, one.reserved) == (other.frames, other.page_size, other.reserved):
        return (_joined(engines, _pool(one)),)
    if memory(one) is not None and memory(one) == memory(other):
        return (_joined(engines, f"memory for {counted(memory(one) or 0, 'token')}"),)
    return tuple(_joined([engine_name(header)], _pool(header)) for header in headers)


def memory(header: Header) -> int | None:
    """Return how many tokens fit into a pool, with those of reserved frames; None: not known."""
    return None if header.page_size is None else header.frames * header.page_size


def _joined(engines: list[str], pool: str) -> str:
    return f"{' and '.join(engines)}, {pool}"


def _pool(header: Header) -> str:
    size = f" of {counted(header.page_size, 'token')}" if header.page_size else ""
    return f"{counted(header.frames, 'page frame')}{size}"
