from __future__ import annotations

import pytest

from pagereel.errors import LONGEST_MESSAGE, FileError, one_line
from pagereel.wording import listed, named_frames, suggestion

WORDS = "known: " + ", ".join(["name"] * 500)


def test_what_is_short_stays_as_it_is() -> None:
    assert (
        one_line("a.toml:3: " + "x" * 200 + "; do this") == "a.toml:3: " + "x" * 200 + "; do this"
    )
    assert one_line("two\nlines\x1b") == r"two\nlines\x1b"


@pytest.mark.parametrize(
    "value", ["x" * 5_000, "x" * 300, WORDS, " ".join(["x" * 256] * 20), " ", "\n" * 400]
)
@pytest.mark.parametrize("folder", ["", "folder/" * 12, "folder/" * 500])
def test_a_long_message_keeps_its_place_and_its_advice(value: str, folder: str) -> None:
    error = FileError(f"{folder}story.toml", f"there is no {value!r}; name another one", line=3)  # type: ignore[arg-type]
    said = str(error)
    assert len(said) <= LONGEST_MESSAGE
    assert len(f"pagereel: {said}") <= 300
    assert "story.toml:3: there is no " in said
    assert said.endswith("; name another one")
    assert said.startswith("fold" if folder else "story.toml:3: ")


def test_a_long_word_is_cut_before_what_stands_around_it() -> None:
    said = one_line(f"a.toml:3: the task {'x' * 400} is not there; {WORDS[:150]}")
    assert said.startswith("a.toml:3: the task xxx")
    assert "x…x" in said
    assert said.endswith(f"xx is not there; {WORDS[:150]}")
    assert len(said) == LONGEST_MESSAGE


def test_of_many_names_some_are_listed() -> None:
    names = [f"{'n' * 60}{number}" for number in range(30_000)]
    said = suggestion(names[7], names)
    assert said.startswith(f"did you mean {'n' * 39}…? known: {'n' * 39}…, ")
    assert said.endswith("… and 29998 more")
    assert suggestion("", ["a", "b"]) == "known: a, b"
    assert listed(["x" * 50]) == "x" * 39 + "…"


def test_frames_are_counted_without_going_through_all_of_them() -> None:
    frames = iter(range(2**40))
    assert named_frames(frames, 2**40) == f"frames 0, 1, 2, 3, 4, 5, 6, 7 and {2**40 - 8} more"
    assert next(frames) <= 9
