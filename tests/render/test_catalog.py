from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from pagereel.errors import RenderError
from pagereel.render.catalog import SceneSource, choose_scenes, find_scenes

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
    monkeypatch.chdir(Path(__file__).parents[2])
    modules = {*sys.modules}
    assert "PagedCache" in [scene.name for scene in find_scenes()]
    assert all(scene.summary.endswith(".") for scene in find_scenes())
    assert {*sys.modules} == modules


# Where Pythons differ, they name a line or none.
@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"class A(Scene:\n", r":1: this is no valid Python: .*; mend it"),
        (b"\n\nx = = 1\n", r":3: this is no valid Python: invalid syntax; mend it"),
        (b"x = '\xff'\n", r"(:\d)?: this is no valid Python: .*; mend it"),
        (b"x = 1\0\n", r"(:\d)?: this is no valid Python: .*null bytes; mend it"),
    ],
)
def test_a_file_that_is_no_python(folder: Path, source: bytes, message: str) -> None:
    (folder / "bad.py").write_bytes(source)
    with pytest.raises(RenderError, match=f"^{re.escape(str(folder))}/bad.py{message}$"):
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
    with pytest.raises(RenderError, match=r"a\.py: cannot be read: Is a directory; check the file"):
        find_scenes(folder)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="none/: there is no such folder here; go to pagereel's"):
        find_scenes(tmp_path / "none")


def test_no_scenes(tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text("class Helper: ...\n")
    with pytest.raises(RenderError, match="there is no scene in it; write one or restore the"):
        find_scenes(tmp_path)


def test_two_scenes_of_one_name(folder: Path) -> None:
    (folder / "two.py").write_text("class First(Scene): ...\n")
    with pytest.raises(RenderError, match=r"two\.py: .*one\.py has a scene First already; rename"):
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
    assert [scene.name for scene in choose_scenes(names, folder)] == chosen


@pytest.mark.parametrize("name", ["first", "_Private", "Helper", ""])
def test_choosing_what_there_is_not(folder: Path, name: str) -> None:
    with pytest.raises(RenderError, match=f"no scene '{name}'; scenes are First, Second"):
        choose_scenes(["First", name], folder)
