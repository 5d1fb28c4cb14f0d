"""Which scenes are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from pagereel.errors import RenderError
from pagereel.render.targets import choose

SCENES = Path("scenes")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    SCENES.mkdir()
    (SCENES / "ours.py").write_text("class One(StoryScene): ...\nclass Two(StoryScene): ...\n")
    Path("mine.py").write_text("from base import *\nclass Mine(Whatever): ...\n")
    return tmp_path


def test_all_of_scenes() -> None:
    assert choose([]) == [(SCENES / "ours.py", "One"), (SCENES / "ours.py", "Two")]


def test_some_of_scenes() -> None:
    assert choose(["Two", "Two"]) == [(SCENES / "ours.py", "Two")]


def test_all_of_a_file() -> None:
    assert choose(["mine.py"]) == [(Path("mine.py"), None)]


def test_some_of_a_file_whatever_they_are_derived_from() -> None:
    file = Path("./mine.py")
    assert choose(["./mine.py", "Mine", "Other", "Mine"]) == [(file, "Mine"), (file, "Other")]


def test_without_scenes_a_file_will_do(folder: Path) -> None:
    (SCENES / "ours.py").unlink()
    assert choose([f"{folder}/mine.py"]) == [(folder / "mine.py", None)]
    with pytest.raises(RenderError, match="scenes/: there is no scene in it"):
        choose([])


def test_a_scene_that_is_not_there() -> None:
    with pytest.raises(RenderError, match="there is no scene 'Three'; scenes are One, Two"):
        choose(["Three"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.py"], "none.py: there is no such file; check the path"),
        (["scenes/none.py", "One"], "scenes/none.py: there is no such file; check the path"),
        (["mine.py/x.py"], "mine.py/x.py: the file cannot be read: Not a directory; check the"),
        (["a\0b.py"], "a\\x00b.py: the file cannot be read: embedded null byte; check the path"),
        (["scenes"], "scenes: this is a folder; name a Python file in it"),
        (["scenes/"], "scenes: this is a folder; name a Python file in it"),
        ([""], ".: this is a folder; name a Python file in it"),
        (["notes.txt"], "notes.txt: manim reads scenes only from files whose names end with .py"),
        (["notes"], "notes: manim reads scenes only from files whose names end with .py"),
        (["broken.py"], "broken.py:2: this is no valid Python: "),
        (["mine.py", "scenes/ours.py"], "'scenes/ours.py' cannot be the name of a scene; name one"),
        (["One", "mine.py"], "'mine.py' cannot be the name of a scene; name one file, then scenes"),
        (["x" * 300], "there is no scene"),
    ],
)
def test_what_cannot_be_checked(arguments: list[str], message: str) -> None:
    for name in ("notes", "notes.txt"):
        Path(name).write_text("some notes")
    Path("broken.py").write_text("a = 1\nclass Mine(\n")
    with pytest.raises(RenderError) as caught:
        choose(arguments)
    assert str(caught.value).startswith(message)
