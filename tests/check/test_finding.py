"""Comments that silence a rule at one place."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pagereel.check.finding import Finding, is_ignored, read_comments
from pagereel.check.see.parts import Place
from pagereel.errors import CheckError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mine.py"


def silenced(file: Path, line: int, end_line: int | None = None, rule: str = "flash") -> bool:
    place = Place(file, line, end_line or line)
    return is_ignored(Finding(place, rule, "", "Mine", "1080p 16:9", "", 0))


@pytest.mark.parametrize(
    "comment",
    [
        "# pagereel: ignore[flash]",
        "#pagereel:ignore[flash]",
        "# pagereel: ignore[ tiny-shape , flash ]",
        "# as in the book  # pagereel: ignore[flash]",
        "# pagereel: ignore[flash]  # as in the book",
        "# pagereel: ignore[tiny-shape] # pagereel: ignore[flash]",
        "# pagereel: ignore[flash] # pagereel: ignore[tiny-shape]",
        "# ruff: x # pagereel: ignore [flash]",
    ],
)
def test_a_comment_silences_its_rules(file: Path, comment: str) -> None:
    file.write_text(f"self.play(a)\nself.play(b)  {comment}\nself.play(c)\n")
    assert [silenced(file, line) for line in (1, 2, 3)] == [False, True, False]
    assert not silenced(file, 2, rule="too-short")


def test_on_any_line_of_the_call(file: Path) -> None:
    file.write_text("play(\n    a,  # pagereel: ignore[flash]\n    b,\n)\nplay(c)\n")
    assert silenced(file, 1, 4)
    assert silenced(file, 2)
    assert not silenced(file, 3, 5)


@pytest.mark.parametrize(
    "line",
    [
        'text = "# pagereel: ignore[flash]"',
        "play(a)  # what pagereel says: ignore[flash]",
        "play(a)  # pagereel: see the notes",
        "play(a)  # pagereel: ignored[flash] by everybody",
    ],
)
def test_what_is_no_such_comment(file: Path, line: str) -> None:
    file.write_text(f"{line}\n")
    assert not silenced(file, 1)


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("ignore[flsh]", "unknown rule 'flsh'; did you mean flash? known: caption-"),
        ("ignore[flash, a\x0cb]", "unknown rule 'a\\x0cb'; known: caption-cross-fade, "),
        ("ignore", "name a rule: # pagereel: ignore[text-too-small]"),
        ("ignore[]", "name a rule: # pagereel: ignore[text-too-small]"),
        ("ignore[flash", "name a rule: # pagereel: ignore[text-too-small]"),
    ],
)
def test_a_wrong_comment_is_an_error_wherever_it_is(file: Path, comment: str, message: str) -> None:
    file.write_text(f"play(a)\nplay(b)\nplay(c)  # pagereel: {comment}\n")
    with pytest.raises(CheckError) as caught:
        silenced(file, 1)
    assert str(caught.value).startswith(f"{file}:3: {message}")


def test_any_encoding(file: Path) -> None:
    text = "# coding: latin-1\nplay('ä')  # größer # pagereel: ignore[flash]\n"
    file.write_bytes(text.encode("latin-1"))
    assert silenced(file, 2)


def test_a_changed_file_is_read_again(file: Path) -> None:
    file.write_text("play(a)\n")
    assert not silenced(file, 1)
    file.write_text("play(a)  # pagereel: ignore[flash]\n")
    os.utime(file, (1_000_000_000, 1_000_000_000))
    assert silenced(file, 1)


def test_a_file_that_is_gone(file: Path) -> None:
    with pytest.raises(CheckError, match=r"mine\.py: cannot be read: No such file or directory; "):
        read_comments(file)


@pytest.mark.parametrize("source", ["'''", "if a:\n        b\n    c\n", "# coding: none\n"])
def test_a_file_that_is_no_python(file: Path, source: str) -> None:
    file.write_text(source)
    with pytest.raises(CheckError, match=r"mine\.py: this is not valid Python: .*; correct it"):
        read_comments(file)
