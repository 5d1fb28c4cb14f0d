"""Which texts can stand on screen and name things."""

from __future__ import annotations

import re
import unicodedata

# Control, format (bidirectional and zero-width ones among them), surrogate, private, unassigned,
# and the two separators that break lines: what nobody sees, or everybody sees differently.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_MARKUP = re.compile(r"</?[A-Za-z!?][^<>]*>|&(?:#\d+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]+);")
_TASK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

LONGEST_TITLE = 40
LONGEST_TAGLINE = 80
LONGEST_TASK = 6
LONGEST_KEY = 40
RESERVED_KEYS = ("opening", "closing")


def text_fault(text: str, *, longest: int) -> str | None:
    """Say why a text cannot stand on screen.

    Parameters
    ----------
    text
        The text.
    longest
        How many characters it may have.

    Returns
    -------
    str or None
        What is wrong and what to do, to follow the name of the text; None if nothing is wrong.
    """
    if not text.strip():
        return "is blank; write some text or leave it out"
    if len(text) > longest:
        return f"has {len(text)} characters; at most {longest} fit"
    for character in text:
        if unicodedata.category(character) in _UNSEEN:
            return f"has the invisible character U+{ord(character):04X}; use plain text on one line"
    markup = _MARKUP.search(text)
    if markup:
        return f"has the markup {markup[0][:20]}; use plain text"
    return None


def task_fault(name: str) -> str | None:
    """Say why a task cannot have this name; None if it can."""
    if _TASK.fullmatch(name) and len(name) <= LONGEST_TASK:
        return None
    return (
        f"must be at most {LONGEST_TASK} letters, digits, - or _, beginning with a letter or digit"
    )


def key_fault(key: str) -> str | None:
    """Say why an event cannot have this key, which becomes a part of file names; or None."""
    if key in RESERVED_KEYS:
        return "is the key of a part that every video has; choose another"
    if _KEY.fullmatch(key) and len(key) <= LONGEST_KEY:
        return None
    return f"must be at most {LONGEST_KEY} small letters and digits, in words joined by -"
