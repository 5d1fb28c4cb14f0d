from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from pagereel.cache import Arrive, Checks, Event, Expand, Finish

_TRACE = Path(__file__).parents[2] / "assets" / "traces" / "three_tasks.jsonl"


@dataclass(frozen=True, slots=True)
class Trace:
    """What a real engine did: the size of its pool, and its events with the states after them."""

    frames: int
    page_size: int
    events: tuple[tuple[Event, Checks], ...]


@pytest.fixture(scope="session")
def trace() -> Trace:
    init, *lines = (json.loads(line) for line in _TRACE.read_text().splitlines())
    events = tuple((_event(line), _checks(line)) for line in lines)
    return Trace(init["frames"], init["page_size"], events)


def _event(line: dict[str, object]) -> Event:
    match line:
        case {"ev": "arrive", "task": str(task), "frames": list(frames), "tokens": int(tokens)}:
            return Arrive(task, tuple(frames), tokens)
        case {"ev": "expand", "task": str(task), "frames": [int(frame)], "pos": int(pos)}:
            return Expand(task, frame, pos)
        case {"ev": "finish", "task": str(task), "freed": list(freed)}:
            return Finish(task, tuple(freed))
    raise AssertionError(line)


def _checks(line: dict[str, object]) -> Checks:
    match line:
        case {"mask": str(mask), "refcounts": list(refcounts), "tables": dict(tables)}:
            by_task = {task: tuple(table) for task, table in tables.items()}
            return Checks(int(mask, 2), tuple(refcounts), by_task)
    raise AssertionError(line)
