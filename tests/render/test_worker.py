"""What the process that draws tells."""

from __future__ import annotations

import json
import os

import pytest

from pagereel.render.worker import EventPipe, ReaderGone


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
