"""What the process that draws tells of errors."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from pagereel.errors import CannotWrite, StoryError
from pagereel.fast.failure import DrawingFailed
from pagereel.render.worker import Mouth, Unheard, _explained

SCENE = Path(__file__)


def explained(error: BaseException) -> dict[str, Any]:
    def meet() -> None:
        raise error

    with pytest.raises(type(error)) as met:
        meet()
    return _explained(met.value, SCENE)


def test_what_a_user_can_mend_is_one_line() -> None:
    wrong = StoryError(Path("a.toml"), "is wrong")
    assert explained(wrong) == {"code": 2, "message": "a.toml: is wrong"}
    assert explained(CannotWrite(Path("x"), "No room")) == {"code": 2, "unwritable": "No room"}
    full = OSError(errno.ENOSPC, "No space left on device")
    assert explained(full) == {"code": 2, "unwritable": "No space left on device"}


def test_a_scene_may_end_the_program() -> None:
    message = "the scene ended with exit code 3"
    assert explained(SystemExit(3)) == {"code": 3, "message": message}
    assert explained(SystemExit(0))["code"] == 1


@pytest.mark.parametrize(
    "text", ["[Errno 28] No space left on device", "pagereel.errors.RenderError: a lie"]
)
def test_what_a_users_error_says_is_not_taken_for_ours(text: str) -> None:
    error = ValueError(text)
    error.add_note("pagereel.errors.StoryError: a note of the user's own")
    found = explained(error)
    assert found["code"] == 1
    assert found["traceback"].startswith("Traceback (most recent call last):\n")
    assert f"ValueError: {text}" in found["traceback"]
    assert "test_worker.py" in found["traceback"]


def test_a_traceback_of_a_forked_process_is_handed_on() -> None:
    failed = DrawingFailed("ValueError: no", "Traceback ...\nValueError: no\n")
    assert explained(failed) == {"code": 1, "traceback": "Traceback ...\nValueError: no\n"}


def test_who_talks_to_nobody_ends() -> None:
    ear, pipe = os.pipe()
    mouth = Mouth(pipe)
    mouth.plan(None, 3)
    assert json.loads(os.read(ear, 1000)) == {
        "event": "plan",
        "scene": -1,
        "total": None,
        "taken": 3,
    }
    os.close(ear)
    with pytest.raises(Unheard):
        mouth.images(3)
    os.close(pipe)
