from __future__ import annotations

import dataclasses
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from planning import preview_job, video_job

import pagereel
from pagereel import assets, manifest
from pagereel.errors import RenderError
from pagereel.manifest import LIBRARIES
from pagereel.render import freshness, sources
from pagereel.render.freshness import is_fresh, marking_fresh, read_key
from pagereel.request import chosen_video

if TYPE_CHECKING:
    from pagereel.discovery import SceneSource

Patch = pytest.MonkeyPatch


# Stands for pagereel: parsing and hashing all of it takes seconds, and test_sources does it.
PACKAGE = {
    "__init__.py": "",
    "stage/__init__.py": "",
    "stage/scene.py": "from pagereel.stage import timing",
    "stage/timing.py": "",
    "fast/__init__.py": "from pagereel.fast.encode import yuv",
    "fast/encode/__init__.py": "",
    "fast/encode/yuv.py": "",
    "render/__init__.py": "",
    "render/formats/__init__.py": "",
    "render/formats/encode.py": "from pagereel.render.formats import gif",
    "render/formats/gif.py": "",
    "render/run.py": "",
    "check/runner.py": "",
    "cli.py": "from pagereel.render import run",
}


class World:
    """A scene, a story, a small pagereel and its assets, all to be changed."""

    def __init__(self, folder: Path, scene: SceneSource) -> None:
        self.folder = folder
        self.scene = scene
        self.story = Path("story.toml")
        self.story.write_text("one")
        self.forget()

    def forget(self) -> None:
        sources._parsed.cache_clear()
        sources._found_at.cache_clear()
        sources._needed_by.cache_clear()

    def inputs(self, quality: str = "l", theme: str | None = None) -> str:
        self.forget()
        video = chosen_video(quality)
        return video_job(self.scene, video, story=self.story, theme=theme).inputs


@pytest.fixture
def world(tmp_path: Path, scene: SceneSource, monkeypatch: Patch) -> World:
    package = tmp_path / "pagereel"
    for name, text in PACKAGE.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)
    shutil.copytree(assets.ROOT, tmp_path / "assets")
    monkeypatch.setattr(pagereel, "__file__", str(package / "__init__.py"))
    monkeypatch.setattr(sources, "_PACKAGE", package)
    monkeypatch.setattr(assets, "ROOT", tmp_path / "assets")
    monkeypatch.setattr(assets, "STORIES", tmp_path / "assets" / "stories")
    scene.file.write_text("import helper, pagereel.stage.scene\nclass SomeScene(Scene): ...\n")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return World(tmp_path, scene)


def test_the_same_gives_the_same(world: World) -> None:
    assert world.inputs() == world.inputs()
    assert len(world.inputs()) == 64


@pytest.mark.parametrize(
    "file",
    [
        "scenes/some_file.py",
        "story.toml",
        "manim.cfg",
        "home/.config/manim/manim.cfg",
        "pagereel/stage/timing.py",
        "pagereel/fast/encode/yuv.py",
        "pagereel/fast/new.py",
        "pagereel/render/formats/gif.py",
        "scenes/helper.py",
        "assets/fonts/LiberationSerif-Bold.ttf",
        "assets/stories/paged_cache.toml",
        "assets/fonts/New.ttf",
    ],
)
def test_a_file_that_counts(world: World, file: str) -> None:
    before = world.inputs()
    path = world.folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as content:
        content.write(b"\n")
    changed = world.inputs()
    assert changed != before
    path.unlink()
    assert world.inputs() != changed


def test_a_file_that_does_not_count(world: World) -> None:
    before = world.inputs()
    others = ("README.md", "other.toml", "scenes/other.py", "pagereel/stage/new.py")
    for name in (*others, "pagereel/check/runner.py", "pagereel/render/run.py", "pagereel/cli.py"):
        (world.folder / name).write_text("something")
    assert world.inputs() == before


def test_content_does_not_slip_from_file_to_file(world: World) -> None:
    scene, story = world.folder / world.scene.file, world.folder / world.story
    scene.write_bytes(b"a\nstory.toml\nb")
    story.write_bytes(b"c")
    before = world.inputs()
    scene.write_bytes(b"a")
    story.write_bytes(b"b\nstory.toml\nc")
    assert world.inputs() != before


def test_settings_that_count(world: World) -> None:
    another = dataclasses.replace(world.scene, name="AnotherScene")
    different = {
        world.inputs(),
        world.inputs("m"),
        world.inputs(theme="light"),
        world.inputs(theme="dark"),
        video_job(world.scene, chosen_video("l")).inputs,
        video_job(world.scene, chosen_video("l", (480, 854))).inputs,
        video_job(world.scene, chosen_video("l", exact=True)).inputs,
        video_job(world.scene, chosen_video("l", stock=True)).inputs,
        video_job(another, chosen_video("l")).inputs,
        preview_job(world.scene).inputs,
        preview_job(world.scene, story=world.story).inputs,
        video_job(world.scene, chosen_video("l"), sections=("a",)).inputs,
        video_job(world.scene, chosen_video("l"), sections=("a",), formats=("gif",)).inputs,
    }
    assert len(different) == 13


def test_formats_do_not_count_for_each_other(world: World) -> None:
    """A video is as fresh with a GIF beside it as without."""
    asked = ("mp4", "gif", "png")
    job = video_job(world.scene, chosen_video("l"), story=world.story, formats=asked)
    assert job.inputs == world.inputs()


def test_a_story_of_another_name_counts(world: World) -> None:
    before = world.inputs()
    world.story = world.story.rename("other.toml")
    assert world.inputs() != before


@pytest.mark.skipif(sys.platform == "darwin", reason="there, every name is text")
def test_a_name_that_is_no_text(world: World) -> None:
    world.story = world.story.rename(os.fsdecode(b"\xff.toml"))
    assert world.inputs()


@pytest.mark.parametrize("library", LIBRARIES)
def test_versions_count(world: World, library: str, tmp_path: Path, monkeypatch: Patch) -> None:
    before = world.inputs()
    folder = tmp_path / "before" / f"{library.replace('-', '_')}-0.0.1.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Name: {library}\nVersion: 0.0.1\n")
    monkeypatch.syspath_prepend(folder.parent)
    assert world.inputs() != before


def test_a_library_that_is_missing(world: World, monkeypatch: Patch) -> None:
    nothing = {"numpy": "2.0", "nothing-of-that-name": manifest.MISSING}
    monkeypatch.setattr(freshness, "library_versions", lambda: nothing)
    with pytest.raises(RenderError, match="nothing-of-that-name is not installed; `pagereel doc"):
        world.inputs()


def test_python_counts(world: World, monkeypatch: Patch) -> None:
    before = world.inputs()
    monkeypatch.setattr(sys, "version", "4.0")
    assert world.inputs() != before


Files = tuple[Path, tuple[Path, ...]]


def mark_fresh(target: Path, companions: tuple[Path, ...], images: int | None = None) -> None:
    with marking_fresh(target, {file: file for file in companions}, "inputs", images):
        pass


@pytest.fixture
def made(tmp_path: Path) -> Files:
    """Give a media file, and one beside it, that are fresh."""
    files = (tmp_path / "a.mp4", (tmp_path / "a.srt",))
    for file in (files[0], *files[1]):
        file.write_text("old")
    mark_fresh(*files, 7)
    assert is_fresh(files[0], "inputs")
    return files


def _damage(file: Path) -> None:
    """Change a file, but neither its size nor its time."""
    changed = file.stat().st_mtime_ns
    file.write_text("odd")
    os.utime(file, ns=(changed, changed))


def _replace(file: Path) -> None:
    other = file.with_name("other")
    other.write_text("new")
    other.replace(file)


@pytest.mark.parametrize("change", [_damage, _replace, Path.unlink])
@pytest.mark.parametrize("which", [0, 1])
def test_a_file_that_was_changed_is_not_fresh(made: Files, which: int, change: object) -> None:
    assert callable(change)
    change((made[0], *made[1])[which])
    assert not is_fresh(made[0], "inputs")


def test_a_file_that_was_only_touched_is_fresh(made: Files) -> None:
    os.utime(made[0], ns=(0, 0))
    assert is_fresh(made[0], "inputs")


def test_other_inputs_are_not_fresh(made: Files) -> None:
    assert not is_fresh(made[0], "other inputs")


KEYS = [None, b"", b"inputs", b"\xff", b"[]", b"{}", b'{"inputs": "inputs", "files": {}}']


@pytest.mark.parametrize("content", [*KEYS, b'{"inputs": "inputs", "files": []}'])
def test_without_its_key_nothing_is_fresh(made: Files, content: bytes | None) -> None:
    key = made[0].with_name(".a.mp4.key")
    if content is None:
        key.unlink()
    else:
        key.write_bytes(content)
    assert not is_fresh(made[0], "inputs")


def test_the_key_is_whole_and_alone(made: Files) -> None:
    folder = made[0].parent
    assert {path.name for path in folder.iterdir()} == {"a.mp4", "a.srt", ".a.mp4.key"}
    assert json.loads((folder / ".a.mp4.key").read_text())["images"] == 7
    assert read_key(made[0])["images"] == 7
    assert read_key(folder / "b.mp4") == {}


def test_the_key_appears_behind_what_it_is_of(tmp_path: Path) -> None:
    file, grown, key = (tmp_path / name for name in ("a.mp4", "grown", ".a.mp4.key"))
    grown.write_text("new")
    with marking_fresh(file, {file: grown}, "inputs"):
        grown.replace(file)
        assert not key.exists()
    assert is_fresh(file, "inputs")


def test_without_files_nothing_is_fresh(tmp_path: Path) -> None:
    assert not is_fresh(tmp_path / "none" / "a.mp4", "inputs")


def test_a_media_file_may_lie_alone(made: Files) -> None:
    made[1][0].unlink()
    mark_fresh(*made)
    assert is_fresh(made[0], "inputs")
    made[1][0].write_text("somebody's own")
    assert not is_fresh(made[0], "inputs")
