"""Which names and keys a story can have."""

from __future__ import annotations

import re

_TASK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

LONGEST_TITLE = 40
LONGEST_TAGLINE = 80
LONGEST_TASK = 6
LONGEST_KEY = 40
RESERVED_KEYS = ("opening", "closing")


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
