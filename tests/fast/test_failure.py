"""Errors of forked processes, told as facts: no text of a user's is taken for something else."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from av.error import err_check

from pagereel.errors import CannotWrite, RenderError, StoryError
from pagereel.fast.failure import DrawingFailed, Killed, encoding, facts_of, raise_told

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path("here")


def told(error: BaseException) -> BaseException:
    """Return what a parent raises when a child has met an error."""

    def meet() -> None:
        raise error

    with pytest.raises(type(error)) as met:
        meet()
    with pytest.raises((RenderError, SystemExit)) as caught:
        raise_told(facts_of(met.value), HERE)
    return caught.value


def test_what_cannot_be_written_is_said_of_the_parents_folder() -> None:
    for error in (CannotWrite(Path("x"), "No room"), OSError(errno.ENOSPC, "No room")):
        assert str(told(error)) == str(CannotWrite(HERE, "No room"))


def test_what_is_wrong_with_the_input_stays_one_line() -> None:
    found = told(StoryError(Path("a.toml"), "is wrong", line=3))
    assert isinstance(found, RenderError)
    assert str(found) == "a.toml:3: is wrong"


def test_an_exit_is_one() -> None:
    found = told(SystemExit(3))
    assert isinstance(found, SystemExit)
    assert found.code == 3


@pytest.mark.parametrize(
    "text", ["[Errno 28] No space left on device", "pagereel.errors.RenderError: a lie", "a\nb", ""]
)
@pytest.mark.parametrize("kind", [ValueError, LookupError, OSError, SystemExit])
def test_all_else_has_a_traceback(kind: Callable[[str], BaseException], text: str) -> None:
    found = told(kind(text))
    assert isinstance(found, DrawingFailed)
    assert found.traceback.startswith("Traceback (most recent call last):\n")
    assert "in meet" in found.traceback
    assert str(found).startswith("drawing failed: ")


def test_half_a_word_is_none() -> None:
    story = facts_of(ValueError("no"))
    for end in (0, 1, len(story) // 2, len(story) - 1):
        raise_told(story[:end], HERE)
    assert json.loads(story)["kind"] == "other"


def fail(code: int) -> None:
    with encoding(HERE):
        err_check(code)


def test_what_ffmpeg_says_is_one_line() -> None:
    with pytest.raises(CannotWrite, match="here: cannot be written: No space left on device;"):
        fail(-errno.ENOSPC)
    with pytest.raises(RenderError, match="here: the video cannot be encoded: Generic error in "):
        fail(-542398533)


def test_who_is_killed_is_said_to_be() -> None:
    assert "killed, twice" in str(Killed())
