"""How numbers, names and values are written in messages and captions: short, and on one line."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import accumulate, islice, takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LONGEST = 40
_MOST_GUESSES = 200  # names that are compared with a mistyped one; each takes some microseconds
_MOST_KNOWN = 120  # characters of all known names together
_KINDS: dict[type, str] = {dict: "table", list: "list", tuple: "list"}


def listed(
    items: Iterable[object], *, count: int | None = None, most: int = 8, last: str = " and "
) -> str:
    """Join items as in a sentence.

    Parameters
    ----------
    items
        What to list: frame numbers, names. Long names are cut.
    count
        How many there are, where it would take long to go through all of them.
    most
        From how many items on the rest is only counted.
    last
        What stands before the last item.

    Returns
    -------
    str
        ``0, 1 and 4``, or ``0, 1, 2 and 61 more``.
    """
    if count is None:
        items = [*items]
        count = len(items)
    words = [shortened(str(item)) for item in islice(items, most)]
    if count > most:
        return f"{', '.join(words)} and {count - most} more"
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])}{last}{words[-1]}"


def named_frames(frames: Iterable[int], count: int | None = None) -> str:
    """Name page frames, at least one: ``frame 4``, ``frames 0 and 1``.

    Parameters
    ----------
    count
        How many there are, where it would take long to go through all of them.
    """
    if count is None:
        frames = [*frames]
        count = len(frames)
    return f"frame{'s' if count > 1 else ''} {listed(frames, count=count)}"


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
    """Return a hint after an unknown word: the nearest known one, and the known ones.

    Of very many known words only the first are compared and listed.
    """
    near = get_close_matches(word[:_LONGEST], known[:_MOST_GUESSES], n=1)
    guess = f"did you mean {shortened(near[0])}? " if near else ""
    ends = accumulate(len(shortened(name)) + 2 for name in known)
    fitting = sum(1 for _ in takewhile(_MOST_KNOWN.__ge__, ends))
    return f"{guess}known: {listed(known, most=max(1, fitting), last=', ')}"


def shortened(text: str, most: int = _LONGEST) -> str:
    """Leave out the end of a text of more than `most` characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _quoted(text: str) -> str:
    # repr escapes whatever is not printable: line ends, control and format characters.
    quoted = repr(text[: _LONGEST + 1])
    if len(quoted) <= _LONGEST:
        return quoted
    return f"{quoted[: _LONGEST - 2]}…{quoted[0]}"
