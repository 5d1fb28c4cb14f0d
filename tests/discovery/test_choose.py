from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from pagereel.assets import OWN_FILM, SCENES, STORIES
from pagereel.discovery import SceneSource, Tells, choose, choose_scenes, find_scenes
from pagereel.errors import RequestError

SOURCE = '''\
import manim
from pagereel.stage.scene import StoryScene

raise SystemExit("this file is read, not run")

class First(StoryScene):
    """What it says first.

    And then more.
    """

    def construct(self): ...

class _Private(StoryScene):
    def construct(self): ...

class Helper: ...

class Row(manim.VGroup): ...

class Second(Helper, manim.MovingCameraScene):
    def construct(self): ...
'''
SCENE = "class {}(StoryScene):\n    def construct(self): ...\n"
OURS = "from pagereel.stage.scene import StoryScene\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.py").write_text(SOURCE)
    return tmp_path


def test_scenes_are_found_without_running_them(folder: Path) -> None:
    (folder / "another.py").write_text(OURS + SCENE.format("Third"))
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
        f"\ufeff{OURS}{SCENE.format('Marked')}".encode(),
        f"# coding: latin-1\n{OURS}{SCENE.format('Marked')}    'caf\xe9'".encode("latin-1"),
    ],
)
def test_python_says_how_a_file_is_encoded(tmp_path: Path, source: bytes) -> None:
    (tmp_path / "marked.py").write_bytes(source)
    assert [scene.name for scene in find_scenes(tmp_path)] == ["Marked"]


def test_a_folder_that_is_named_like_a_file(folder: Path) -> None:
    (folder / "a.py").mkdir()
    with pytest.raises(RequestError, match=r"a\.py: this is a folder; name a file in it"):
        find_scenes(folder)


def test_ours_stand_in_where_there_is_no_folder(tmp_path: Path) -> None:
    found = {scene.name: scene.file for scene in find_scenes(tmp_path / "none")}
    assert {*found.values()} == {*SCENES.glob("[!_]*.py")}
    assert found["PagedCache"] == SCENES / "paged_cache.py"


def test_no_scenes(tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text("class Helper: ...\n")
    with pytest.raises(RequestError, match="there is no scene in it; write one or restore the"):
        find_scenes(tmp_path)


def test_two_scenes_of_one_name(folder: Path) -> None:
    (folder / "two.py").write_text(OURS + SCENE.format("First"))
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
    with pytest.raises(RequestError, match=f"no scene '{name}' in .*; .*known: First, Second; "):
        choose_scenes(["First", name], None, folder)


def test_one_of_ours_by_its_name(folder: Path) -> None:
    (scene,) = choose_scenes(["PagedCache"], None, folder)
    assert (scene.file, scene.tells) == (SCENES / "paged_cache.py", Tells.STORY)


HERE = Path("scenes")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    HERE.mkdir()
    (HERE / "ours.py").write_text(OURS + SCENE.format("One") + SCENE.format("Two"))
    Path("mine.py").write_text("from base import *\nclass Mine(Whatever): ...\n")
    Path("base.py").write_text("from manim import *\nclass Whatever(Scene): ...\n")
    return tmp_path


def chosen(arguments: list[str]) -> list[tuple[Path, str]]:
    return [(scene.file, scene.name) for scene in choose_scenes(arguments)]


@pytest.mark.usefixtures("here")
def test_all_of_scenes() -> None:
    assert chosen([]) == [(HERE / "ours.py", "One"), (HERE / "ours.py", "Two")]


@pytest.mark.usefixtures("here")
def test_some_of_scenes() -> None:
    assert chosen(["Two", "Two"]) == [(HERE / "ours.py", "Two")]


@pytest.mark.usefixtures("here")
def test_all_of_a_file() -> None:
    Path("mine.py").write_text(OURS + SCENE.format("B") + SCENE.format("A"))
    assert chosen(["mine.py"]) == [(Path("mine.py"), "B"), (Path("mine.py"), "A")]


@pytest.mark.slow
@pytest.mark.usefixtures("here")
def test_a_file_without_a_scene() -> None:
    with pytest.raises(RequestError, match=r"mine\.py: there is no scene in it; write a class"):
        choose_scenes(["mine.py"])


@pytest.mark.usefixtures("here")
def test_a_file_that_cannot_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "ask", lambda files: {file: f"{file}: it ends" for file in files})
    with pytest.raises(RequestError, match=r"^mine\.py: it ends; correct it$"):
        choose_scenes(["mine.py"])
    Path("scenes/unsure.py").write_text("A = type('A', (), {})\n")
    with pytest.raises(RequestError, match=r"^scenes/unsure\.py: it ends; correct it$"):
        choose_scenes([])
    assert chosen(["One"]) == [(HERE / "ours.py", "One")], "nothing else had to be known"


@pytest.mark.usefixtures("here")
def test_some_of_a_file_whatever_they_are_derived_from() -> None:
    file = Path("./mine.py")
    assert chosen(["./mine.py", "Mine", "Other", "Mine"]) == [(file, "Mine"), (file, "Other")]


def test_without_scenes_a_file_will_do(here: Path) -> None:
    (HERE / "ours.py").unlink()
    assert chosen([f"{here}/mine.py", "Mine"]) == [(here / "mine.py", "Mine")]
    with pytest.raises(RequestError, match="scenes/: there is no scene in it"):
        chosen([])


@pytest.mark.usefixtures("here")
def test_a_scene_that_is_not_there() -> None:
    advice = "name its file first, as in: pagereel render FILE.py Three"
    with pytest.raises(RequestError, match=f"scene 'Three' in scenes/; known: One, Two; {advice}$"):
        chosen(["Three"])
    Path("others.py").write_text(OURS + SCENE.format("Three"))
    Path("not_python.py").write_text("class Three(\n")
    advice = "pagereel check others.py Three"
    with pytest.raises(RequestError, match=f"in scenes/, but in others.py: {advice}$"):
        choose_scenes(["Three"], command="check")


@pytest.mark.usefixtures("here")
def test_a_scene_that_is_not_in_a_file() -> None:
    Path("mine.py").write_text(OURS + "".join(SCENE.format(f"Scene{n:02}") for n in range(90)))
    with pytest.raises(RequestError) as caught:
        chosen(["mine.py", "Scene01", "Scene9"])
    said = str(caught.value)
    assert said.startswith("mine.py: there is no scene 'Scene9' in it; did you mean Scene")
    assert "known: Scene00, Scene01" in said
    assert len(said) < 300


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.py"], "none.py: there is no such file; check the path"),
        (["scenes/none.py", "One"], "scenes/none.py: there is no such file; check the path"),
        (["mine.py/x.py"], "mine.py/x.py: the file cannot be read: Not a directory; check the"),
        (["a\0b.py"], "a\\x00b.py: the file cannot be read: embedded null byte; check the path"),
        (["scenes"], "scenes: this is a folder; name a file in it"),
        (["scenes/"], "scenes: this is a folder; name a file in it"),
        ([""], ".: this is a folder; name a file in it"),
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


def test_a_story_chooses_who_tells_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "STORIES", tmp_path)
    for name, text in {
        "any.toml": 'title = "T"\n[pool]\n',
        "own.toml": 'title = "T"\nscene = "Own"\n[pool]\n',
        "other.toml": 'scene = "Other"\n',
        "one.py": OURS
        + SCENE.format("Any")
        + '    default_story = "any.toml"\n'
        + SCENE.format("Own")
        + '    default_story = "own.toml"\n',
    }.items():
        (tmp_path / name).write_text(text)

    def names(story: str) -> list[str]:
        return [scene.name for scene in choose_scenes([], tmp_path / story, tmp_path)]

    assert names("any.toml") == ["Any"]
    assert names("own.toml") == ["Own"]
    with pytest.raises(RequestError, match="there is no scene 'Other'"):
        names("other.toml")


def test_a_film_of_ones_own_names_its_scenes_itself(tmp_path: Path) -> None:
    film = tmp_path / "film.toml"
    film.write_text('[[scenes]]\nscene = "PagedCache"\n')
    (chosen,) = choose_scenes([], film)
    assert (chosen.file, chosen.name) == (OWN_FILM, "OwnFilm")
    with pytest.raises(RequestError, match="names its scenes itself; leave out 'PagedCache'"):
        choose_scenes(["PagedCache"], film)
    tellers = choose.storytellers()
    assert tellers["PagedCache"].story == STORIES / "paged_cache.toml"
    assert "Replay" not in tellers
