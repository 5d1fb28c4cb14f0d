"""What the process that draws tells."""

from __future__ import annotations

import json
import os
import time
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from pagereel.fast.shards.watch import Watch
from pagereel.render import worker
from pagereel.render.worker import EventPipe, ReaderGone, attend

if TYPE_CHECKING:
    from collections.abc import Callable


def test_who_talks_to_nobody_ends() -> None:
    ear, pipe = os.pipe()
    events = EventPipe(pipe)
    events.plan(None, 3)
    assert json.loads(os.read(ear, 1000)) == {
        "event": "plan",
        "scene": -1,
        "total": None,
        "taken": 3,
    }
    events.note("it rains")
    assert json.loads(os.read(ear, 1000))["message"] == "it rains"
    os.close(ear)
    with pytest.raises(ReaderGone):
        events.images(3)
    os.close(pipe)


def attended(work: Callable[[], object], play: str = "") -> list[dict[str, Any]]:
    """Attend to a process that does some work in a play; return the events."""
    ear, pipe = os.pipe()
    events = EventPipe(pipe)
    events.play(play)
    alive, held = os.pipe()
    process = os.fork()
    if not process:
        work()
        os._exit(0)
    os.close(held)
    attend(process, alive, events)
    os.close(pipe)
    os.close(alive)
    with open(ear, "rb") as told:  # noqa: PTH123 (a number, no path)
        return [json.loads(line) for line in told]


def test_a_scene_that_stands_still_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    still = iter((1.0, 61.0, 62.0, 601.0))
    monkeypatch.setattr(worker, "_LOOK", 0.01)
    monkeypatch.setattr(Watch, "still", lambda *_: next(still))
    noted, failed = attended(lambda: Event().wait(), "play 7 (Write)")
    assert noted["message"] == "play 7 (Write) stands still; Ctrl-C ends it"
    assert failed["failure"]["message"].startswith("play 7 (Write) stands still: it has drawn")
    assert failed["failure"]["kind"] == "mistake"


def test_a_scene_that_is_over_may_wait_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_LOOK", 0.01)
    monkeypatch.setattr(Watch, "still", lambda *_: 601.0)
    assert attended(lambda: time.sleep(0.1)) == []


def test_the_end_of_a_scenes_process_is_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_LOOK", 60)
    assert attended(lambda: os.kill(os.getpid(), 9)) == [
        {"event": "killed", "scene": -1, "signal": 9}
    ]
