"""Options that several commands have."""

from __future__ import annotations

import argparse
import os
import re


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
