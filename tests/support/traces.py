"""Traces to be written and read by tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pagereel.trace import Header, Record, follow, open_trace

ROOT = Path(__file__).parents[2]
# The longest ones are those that are compared: `tests/compare` and `tests/scenes` replay them.
TRACES = sorted(
    path
    for folder in ("assets/traces", "tests/trace/traces")
    for path in (ROOT / folder).iterdir()
    if not path.stem.endswith("_192") and not path.stem.startswith("tidepool_")
)

Line = str | dict[str, Any]


def header(**keys: Any) -> dict[str, Any]:
    """Return the first line of a trace of 8 frames."""
    init = {"ev": "init", "format": "pagereel-trace", "version": 1, "engine": "toy", "frames": 8}
    return init | keys


def event(seq: int, ev: str, task: str | None = None, **keys: Any) -> dict[str, Any]:
    """Return a line for an event."""
    return {"seq": seq, "ev": ev} | ({} if task is None else {"task": task}) | keys


def text_of(*lines: Line) -> str:
    written = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    return "".join(f"{line}\n" for line in written)


def read(path: Path) -> tuple[Header, list[Record]]:
    with open_trace(path) as trace:
        return trace.header, list(trace)


def replay(path: Path) -> int:
    """Replay a trace with all its checks; return how many events it has."""
    with open_trace(path) as trace:
        return sum(1 for _ in follow(trace))
