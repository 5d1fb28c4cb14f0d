"""Errors of forked processes, told as facts: no text of a user's is taken for something else."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

import pytest
from av.error import err_check

from pagereel import errors
from pagereel.errors import CannotWrite, RenderError, StoryError, writing
from pagereel.failure import DrawingFailed, Failure, Killed, Kind
from pagereel.fast.writer import encoding

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path("here")


def met(error: BaseException) -> BaseException:
    """Return an error with a traceback."""

    def meet() -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        meet()
    return caught.value


def told(error: BaseException) -> BaseException:
    """Return what a parent raises when a child has met an error."""
    failure = Failure.from_facts(json.loads(json.dumps(Failure.of(met(error)).facts)))
    with pytest.raises((RenderError, SystemExit)) as caught:
        failure.raise_again(HERE)
    return caught.value


def test_what_cannot_be_written_is_said_of_its_folder_or_else_of_the_parents() -> None:
    assert str(told(CannotWrite(Path("x"), "No room"))) == str(CannotWrite(Path("x"), "No room"))
    assert str(told(OSError(errno.ENOSPC, "No room"))) == str(CannotWrite(HERE, "No room"))


@pytest.fixture
def disks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Give the room that there is for media and for temporary files, to be changed."""
    for name in ("media", "temporary"):
        (tmp_path / name).mkdir()
    room = {"media": 10**9, "temporary": 10**9}

    def statvfs(folder: Path) -> SimpleNamespace:
        bytes_left = room[Path(folder).name]
        return SimpleNamespace(f_bavail=bytes_left, f_frsize=1, f_files=9, f_favail=9)

    monkeypatch.setattr(os, "statvfs", statvfs)
    monkeypatch.setattr(errors, "disk_of", lambda folder: folder.name)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.chdir(tmp_path)
    return room


@pytest.mark.parametrize("full", ["media", "temporary"])
def test_the_disk_that_is_full_is_named(disks: dict[str, int], full: str, tmp_path: Path) -> None:
    media, there = tmp_path / "media", tmp_path / full
    disks[full] = 10**6  # what did not fit is gone again
    error = OSError(errno.ENOSPC, "No room")
    assert Failure.of(error, folder=media) == Failure(Kind.UNWRITABLE, "No room", folder=str(there))
    with pytest.raises(CannotWrite, match=f"{there}: cannot be written: No room"), writing(media):
        raise error
    with pytest.raises(CannotWrite, match=f"{media}: cannot be"), writing(media):
        raise PermissionError(errno.EACCES, "no right")


@pytest.mark.parametrize("full", ["media", "temporary"])
def test_where_there_is_no_room_at_all_that_is_why(
    disks: dict[str, int], full: str, tmp_path: Path
) -> None:
    """Pango leaves an empty file, and says nothing."""
    media = tmp_path / "media"
    assert Failure.of(met(SyntaxError("empty")), folder=media).kind is Kind.RAISED
    disks[full] = 4096
    failure = Failure.of(met(SyntaxError("empty")), folder=media)
    assert (failure.kind, failure.folder) == (Kind.UNWRITABLE, str(tmp_path / full))
    assert failure.message == os.strerror(errno.ENOSPC)
    assert Failure.of(met(StoryError(Path("a"), "is wrong")), folder=media).kind is Kind.MISTAKE


@pytest.mark.parametrize(("text", "kind"), [("<svg", "unwritable"), ("<svg></svg>\n", "raised")])
def test_a_text_that_is_cut_off_had_no_room(
    disks: dict[str, int], tmp_path: Path, text: str, kind: str
) -> None:
    """Pango does not say that a disk is full, and there may be room again."""
    media = tmp_path / "media"
    disks["media"] = 10**6
    (media / "texts").mkdir()
    (media / "texts" / "whole.svg").write_text("<svg></svg>")
    (media / "texts" / "a.svg").write_text(text)
    failure = Failure.of(met(ParseError("no element found")), folder=media)
    assert failure.kind == kind
    assert failure.folder == ("" if kind == "raised" else str(media))
    assert Failure.of(met(ValueError("no")), folder=media).kind is Kind.RAISED


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
    assert found.failure.traceback.startswith("Traceback (most recent call last):\n")
    assert "in meet" in found.failure.traceback
    assert str(found).startswith("drawing failed: ")


def test_a_failure_of_a_failure_is_the_first() -> None:
    failure = Failure(Kind.RAISED, "ValueError: no", "Traceback ...\nValueError: no\n")
    assert Failure.of(met(DrawingFailed(failure))) == failure
    assert Failure.from_facts(failure.facts) == failure


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (StoryError(Path("a.toml"), "is wrong"), Kind.MISTAKE, 2),
        (CannotWrite(Path("x"), "No room"), Kind.UNWRITABLE, 2),
        (OSError(errno.EDQUOT, "No room"), Kind.UNWRITABLE, 2),
        (OSError(errno.ENOMEM, "No memory"), Kind.MEMORY, 1),
        (MemoryError(), Kind.MEMORY, 1),
        (SystemExit(3), Kind.EXIT, 3),
        (SystemExit(0), Kind.RAISED, 1),
        (ValueError("no"), Kind.RAISED, 1),
    ],
)
def test_kinds_and_exit_codes(error: BaseException, kind: Kind, code: int) -> None:
    failure = Failure.of(error)
    assert (failure.kind, failure.code) == (kind, code)
    assert failure.is_the_machines == (kind in {"unwritable", "memory"})


def test_a_traceback_begins_in_the_scenes_file() -> None:
    with pytest.raises(ValueError, match="Expecting") as caught:
        json.loads("{")
    assert "test_failure.py" in Failure.of(caught.value).traceback
    lines = Failure.of(caught.value, Path(json.decoder.__file__)).traceback
    assert "in raw_decode" in lines
    assert "test_failure.py" not in lines


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
