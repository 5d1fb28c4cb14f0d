"""The names that tasks and beats can have, and those that are made up for beats."""

from __future__ import annotations

import re
from itertools import chain, count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

_TASK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

LONGEST_TASK = 6
LONGEST_KEY = 40
_LONGEST_MADE = LONGEST_KEY - 4  # leaves room for what tells two equal ones apart
RESERVED_KEYS = ("opening", "closing")


def task_fault(name: str) -> str | None:
    """Return why a task cannot have this name; None if it can."""
    if _TASK.fullmatch(name) and len(name) <= LONGEST_TASK:
        return None
    return (
        f"must be at most {LONGEST_TASK} letters, digits, - or _, beginning with a letter or digit"
    )


def key_fault(key: str) -> str | None:
    """Return why a beat cannot have this key, which becomes a part of file names; or None."""
    if key in RESERVED_KEYS:
        return "is the key of a part that every video has; choose another"
    if _KEY.fullmatch(key) and len(key) <= LONGEST_KEY:
        return None
    return f"must be at most {LONGEST_KEY} small letters and digits, in words joined by -"


def made_key(number: int, label: str, *, written: Container[object] = ()) -> str:
    """Make up a key: ``01-arrive-a``.

    Parameters
    ----------
    number
        Which beat it is, from 1. It keeps made-up keys apart where labels are equal.
    label
        What the beat is about: ``arrive A``. A long one is cut.
    written
        The keys of other beats.
    """
    words = re.sub("[^a-z0-9]+", "-", label.lower()).strip("-")
    key = f"{number:02d}-{words}"[:_LONGEST_MADE].strip("-")
    candidates = chain((key,), (f"{key}-{n}" for n in count(2)))
    return next(candidate for candidate in candidates if candidate not in written)
