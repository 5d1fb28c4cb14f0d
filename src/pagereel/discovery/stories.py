"""What the file of a story says before it is read in full: for which scene it is, and its files.

A file that cannot be read says nothing here; `load_story` says what is wrong with it.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from pagereel.kinds import Unreadable, read_whole
from pagereel.request import is_trace

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 256 * 1024
_TOP = 64  # lines; a story names its scene and its trace before its first table


def scene_of(story: Path) -> str | None:
    """Return the name of the scene that a story is for; None: any that can tell it."""
    return _named(story, "scene")


def files_of(story: Path) -> tuple[Path, ...]:
    """Return the files that a story is read from: its own, and the trace that it names."""
    trace = _named(story, "trace")
    return (story, story.parent / trace) if trace else (story,)


def _named(story: Path, key: str) -> str | None:
    named = {} if is_trace(story) else _data(story)
    return value if isinstance(value := named.get(key), str) else None


def _data(story: Path) -> dict[str, Any]:
    try:
        text = read_whole(story, most=_MOST_BYTES).decode("utf-8-sig")
        lines = text.split("\n")
        ends = (n for n, line in enumerate(lines[:_TOP]) if line.lstrip().startswith("["))
        return tomllib.loads("\n".join(lines[: next(ends, _TOP)]))
    except (Unreadable, ValueError, RecursionError):
        return {}
