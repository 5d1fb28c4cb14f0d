"""How many cores there are."""

from __future__ import annotations

import os


def cores() -> int:
    """Return how many cores this process may use, where the system says so."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS
    return len(affinity(0)) if affinity else os.cpu_count() or 1
