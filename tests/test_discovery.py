from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from pagereel.discovery import SceneSource, Tells, choose_scenes, find_scenes
from pagereel.errors import RequestError

SOURCE = '''\
import nothing_that_there_is

raise SystemExit("this file is read, not run")

class First(StoryScene):
    """What it says first.

    And then more.
    """

class _Private(StoryScene): ...

class Helper: ...

class Row(VGroup): ...

class Second(Mixin, manim.MovingCameraScene): ...

def function():
    class Inner(Scene): ...
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.py").write_text(SOURCE)
    return tmp_path


def test_scenes_are_found_without_running_them(folder: Path) -> None:
    (folder / "another.py").write_text("class Third(Scene): ...\n")
    one = folder / "one.py"
    assert find_scenes(folder) == (
        SceneSource(folder / "another.py", "Third", ""),
        SceneSource(one, "First", "What it says first."),
        SceneSource(one, "Second", ""),
    )


@pytest.mark.parametrize("name", ["_helpers.py", "._one.py", "notes.txt", "one.pyc", "more/a.py"])
def test_other_files_are_not_read(folder: Path, name: str) -> None:
    before = find_scenes(folder)
    (folder / "more").mkdir()
    (folder / name).write_bytes(b"\0 class No(Scene): ...")
    assert find_scenes(folder) == before


def test_the_scenes_of_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[1])
    modules = {*sys.modules}
    assert "PagedCache" in [scene.name for scene in find_scenes()]
    assert all(scene.summary.endswith(".") for scene in find_scenes())
    assert {*sys.modules} == modules


# Where Pythons differ, they name a line or none.
@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"class A(Scene:\n", r":1: this is not valid Python: .*; correct it"),
        (b"\n\nx = = 1\n", r":3: this is not valid Python: invalid syntax; correct it"),
        (b"x = '\xff'\n", r"(:\d)?: this is not valid Python: .*; correct it"),
        (b"x = 1\0\n", r"(:\d)?: this is not valid Python: .*null bytes; correct it"),
    ],
)
def test_a_file_that_is_no_python(folder: Path, source: bytes, message: str) -> None:
    (folder / "bad.py").write_bytes(source)
    with pytest.raises(RequestError, match=f"^{re.escape(str(folder))}/bad.py{message}$"):
        find_scenes(folder)


@pytest.mark.parametrize(
    "source",
    [
        "\ufeffclass Marked(Scene): ...".encode(),
        b"# coding: latin-1\nclass Marked(Scene):\n    'caf\xe9'",
    ],
)
def test_python_says_how_a_file_is_encoded(tmp_path: Path, source: bytes) -> None:
    (tmp_path / "marked.py").write_bytes(source)
    assert [scene.name for scene in find_scenes(tmp_path)] == ["Marked"]


def test_a_folder_that_is_named_like_a_file(folder: Path) -> None:
    (folder / "a.py").mkdir()
    with pytest.raises(
        RequestError, match=r"a\.py: cannot be read: Is a directory; check the path"
    ):
        find_scenes(folder)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="none/: there is no such folder here; go to pagereel's"):
        find_scenes(tmp_path / "none")


def test_no_scenes(tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text("class Helper: ...\n")
    with pytest.raises(RequestError, match="there is no scene in it; write one or restore the"):
        find_scenes(tmp_path)


def test_two_scenes_of_one_name(folder: Path) -> None:
    (folder / "two.py").write_text("class First(Scene): ...\n")
    with pytest.raises(RequestError, match=r"two\.py: .*one\.py has a scene First already; rename"):
        find_scenes(folder)


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        ([], ["First", "Second"]),
        (["Second"], ["Second"]),
        (["Second", "First", "Second"], ["Second", "First"]),
    ],
)
def test_choosing(folder: Path, names: list[str], chosen: list[str]) -> None:
    assert [scene.name for scene in choose_scenes(names, None, folder)] == chosen


@pytest.mark.parametrize("name", ["first", "_Private", "Helper"])
def test_choosing_what_there_is_not(folder: Path, name: str) -> None:
    with pytest.raises(RequestError, match=f"no scene '{name}'; scenes are First, Second"):
        choose_scenes(["First", name], None, folder)


SCENES = Path("scenes")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    SCENES.mkdir()
    (SCENES / "ours.py").write_text("class One(StoryScene): ...\nclass Two(StoryScene): ...\n")
    Path("mine.py").write_text("from base import *\nclass Mine(Whatever): ...\n")
    return tmp_path


def chosen(arguments: list[str]) -> list[tuple[Path, str]]:
    return [(scene.file, scene.name) for scene in choose_scenes(arguments)]


@pytest.mark.usefixtures("here")
def test_all_of_scenes() -> None:
    assert chosen([]) == [(SCENES / "ours.py", "One"), (SCENES / "ours.py", "Two")]


@pytest.mark.usefixtures("here")
def test_some_of_scenes() -> None:
    assert chosen(["Two", "Two"]) == [(SCENES / "ours.py", "Two")]


@pytest.mark.usefixtures("here")
def test_all_of_a_file() -> None:
    Path("mine.py").write_text(
        "class Mine(Whatever): ...\n"
        "class One(Scene):\n    \"Says it.\"\n    default_trace = 'a.jsonl'\n"
        "class Two(One):\n    default_story: ClassVar[str] = 'a.toml'\n"
    )
    assert choose_scenes(["mine.py"]) == [
        SceneSource(Path("mine.py"), "One", "Says it.", Tells.TRACE),
        SceneSource(Path("mine.py"), "Two", "", Tells.STORY),
    ]


@pytest.mark.usefixtures("here")
def test_a_file_without_a_plain_scene() -> None:
    with pytest.raises(RequestError, match=r"mine\.py: there is no class in it that is plainly a"):
        choose_scenes(["mine.py"])


@pytest.mark.usefixtures("here")
def test_some_of_a_file_whatever_they_are_derived_from() -> None:
    file = Path("./mine.py")
    assert chosen(["./mine.py", "Mine", "Other", "Mine"]) == [(file, "Mine"), (file, "Other")]


def test_without_scenes_a_file_will_do(here: Path) -> None:
    (SCENES / "ours.py").unlink()
    assert chosen([f"{here}/mine.py", "Mine"]) == [(here / "mine.py", "Mine")]
    with pytest.raises(RequestError, match="scenes/: there is no scene in it"):
        chosen([])


@pytest.mark.usefixtures("here")
def test_a_scene_that_is_not_there() -> None:
    with pytest.raises(RequestError, match="there is no scene 'Three'; scenes are One, Two"):
        chosen(["Three"])


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.py"], "none.py: there is no such file; check the path"),
        (["scenes/none.py", "One"], "scenes/none.py: there is no such file; check the path"),
        (["mine.py/x.py"], "mine.py/x.py: cannot be read: Not a directory; check the"),
        (["a\0b.py"], "a\\x00b.py: cannot be read: embedded null byte; check the path"),
        (["scenes"], "scenes: this is a folder; name a Python file in it"),
        (["scenes/"], "scenes: this is a folder; name a Python file in it"),
        ([""], ".: this is a folder; name a Python file in it"),
        (["notes.txt"], "notes.txt: manim reads scenes only from files whose names end with .py"),
        (["notes"], "notes: manim reads scenes only from files whose names end with .py"),
        (["broken.py"], "broken.py:2: this is not valid Python: "),
        (["mine.py", "scenes/ours.py"], "'scenes/ours.py' cannot be the name of a scene; name one"),
        (["One", "mine.py"], "'mine.py' cannot be the name of a scene; name one file, then scenes"),
        (["x" * 300], "there is no scene"),
    ],
)
def test_what_cannot_be_checked(arguments: list[str], message: str) -> None:
    for name in ("notes", "notes.txt"):
        Path(name).write_text("some notes")
    Path("broken.py").write_text("a = 1\nclass Mine(\n")
    with pytest.raises(RequestError) as caught:
        chosen(arguments)
    assert str(caught.value).startswith(message)
