"""Options that several commands have."""

from __future__ import annotations

import argparse
import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SHORTEST_FILM, LONGEST_FILM = 15, 600  # seconds
SECONDS_VARIABLE = "PAGEREEL_SECONDS"  # by which scenes hear of a length


def jobs(text: str) -> int:
    """Return a number of worker processes, as it is typed.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is none, or has more than three digits.
    """
    if not re.fullmatch("[1-9][0-9]{0,2}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to 999")
    return int(text)


def seconds(text: str) -> float:
    """Return how long a film is to be, as it is typed.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is no number of seconds from 15 to 600.
    """
    try:
        length = float(text)
    except ValueError:
        length = math.nan
    if not SHORTEST_FILM <= length <= LONGEST_FILM:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no number of seconds from {SHORTEST_FILM} to {LONGEST_FILM}"
        )
    return length


def is_trace(story: Path) -> bool:
    """Return whether a file to be told is a trace, by its name; others are storyboards."""
    return story.name.endswith((".jsonl", ".jsonl.gz"))


def environment(story: Path | None, theme: str | None) -> dict[str, str]:
    """Return the variables by which scenes hear of a story and a theme; empty: their own."""
    return {"PAGEREEL_STORY": str(story or ""), "PAGEREEL_THEME": theme or ""}
