"""How numbers, names and values are written in messages and captions: short, and on one line."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST = 40
_KINDS: dict[type, str] = {dict: "table", list: "list", tuple: "list"}


def listed(items: Sequence[object], *, most: int = 8, last: str = " and ") -> str:
    """Join items as in a sentence.

    Parameters
    ----------
    items
        What to list: frame numbers, names.
    most
        From how many items on the rest is only counted.
    last
        What stands before the last item.

    Returns
    -------
    str
        ``0, 1 and 4``, or ``0, 1, 2 and 61 more``.
    """
    words = [str(item) for item in items[:most]]
    if len(items) > most:
        return f"{', '.join(words)} and {len(items) - most} more"
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])}{last}{words[-1]}"


def named_frames(frames: Sequence[int]) -> str:
    """Name page frames, at least one: ``frame 4``, ``frames 0 and 1``."""
    return f"frame{'s' if len(frames) > 1 else ''} {listed(frames)}"


def counted(number: int, noun: str) -> str:
    """Count things: ``1 page``, ``2 pages``, ``1,024 pages``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def shown(value: object) -> str:
    """Write a user's value so that it fits into a one-line message, whatever it is.

    Parameters
    ----------
    value
        Anything that a TOML or JSON file can hold.

    Returns
    -------
    str
        At most about 40 characters, all printable: text is quoted, escaped and shortened.
    """
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool | float):
        return str(value).lower()
    if isinstance(value, int):
        # Python refuses to write integers of more than 4300 digits, and nobody reads them.
        if abs(value) < 10**18:
            return str(value)
        return "10^18 or more" if value > 0 else "-10^18 or less"
    return f"a {_KINDS.get(type(value), type(value).__name__)}"


def suggestion(word: str, known: Sequence[str]) -> str:
    """Return a hint after an unknown word: the nearest known one, and all that are known."""
    near = get_close_matches(word[:_LONGEST], known, n=1)
    guess = f"did you mean {near[0]}? " if near else ""
    return f"{guess}known: {', '.join(known)}"


def _quoted(text: str) -> str:
    # repr escapes whatever is not printable: line ends, control and format characters.
    quoted = repr(text[: _LONGEST + 1])
    if len(quoted) <= _LONGEST:
        return quoted
    return f"{quoted[: _LONGEST - 2]}…{quoted[0]}"
