"""Options that several commands have."""

from __future__ import annotations

import argparse
import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


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


def cores() -> int:
    """Return how many cores this process may use, where the system says so."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def environment(story: Path | None, theme: str | None) -> dict[str, str]:
    """Return the variables by which scenes hear of a story and a theme; empty: their own."""
    return {"PAGEREEL_STORY": str(story or ""), "PAGEREEL_THEME": theme or ""}
