from __future__ import annotations

import os
import shutil
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pagereel
from pagereel import assets
from pagereel.errors import RenderError
from pagereel.render import freshness
from pagereel.render.freshness import is_fresh, mark_fresh
from pagereel.render.job import preview_job, video_job

if TYPE_CHECKING:
    from pagereel.render.catalog import SceneSource

Patch = pytest.MonkeyPatch


class World:
    """A scene, a story, and copies of what travels with pagereel, all to be changed."""

    def __init__(self, folder: Path, scene: SceneSource) -> None:
        self.folder = folder
        self.scene = scene
        self.story = Path("story.toml")
        self.story.write_text("one")

    def inputs(self, quality: str = "l", theme: str | None = None) -> str:
        return video_job(self.scene, quality, story=self.story, theme=theme).inputs


@pytest.fixture
def world(tmp_path: Path, scene: SceneSource, monkeypatch: Patch) -> World:
    package = tmp_path / "pagereel"
    shutil.copytree(Path(pagereel.__file__).parent, package)
    shutil.copytree(assets.ROOT, tmp_path / "assets")
    monkeypatch.setattr(pagereel, "__file__", str(package / "__init__.py"))
    monkeypatch.setattr(assets, "ROOT", tmp_path / "assets")
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
        "pagereel/stage/new.py",
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
    for name in ("README.md", "other.toml", "scenes/other.py", "pagereel/stage/cached.pyc"):
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
    different = {
        world.inputs(),
        world.inputs("m"),
        world.inputs(theme="light"),
        world.inputs(theme="dark"),
        video_job(world.scene, "l").inputs,
        preview_job(world.scene).inputs,
        preview_job(world.scene, story=world.story).inputs,
    }
    assert len(different) == 7


def test_a_story_of_another_name_counts(world: World) -> None:
    before = world.inputs()
    world.story = world.story.rename("other.toml")
    assert world.inputs() != before


@pytest.mark.skipif(sys.platform == "darwin", reason="there, every name is text")
def test_a_name_that_is_no_text(world: World) -> None:
    world.story = world.story.rename(os.fsdecode(b"\xff.toml"))
    assert world.inputs()


@pytest.mark.parametrize("library", ["manim", "numpy", "pycairo", "ManimPango", "av"])
def test_versions_count(world: World, library: str, monkeypatch: Patch) -> None:
    before = world.inputs()
    monkeypatch.setattr(
        freshness, "version", lambda name: "0.0.1" if name == library else version(name)
    )
    assert world.inputs() != before


def test_a_library_that_is_missing(world: World, monkeypatch: Patch) -> None:
    monkeypatch.setattr(freshness, "_LIBRARIES", ("nothing-of-that-name",))
    with pytest.raises(RenderError, match="nothing-of-that-name is not installed; `pagereel doc"):
        world.inputs()


def test_python_counts(world: World, monkeypatch: Patch) -> None:
    before = world.inputs()
    monkeypatch.setattr(sys, "version", "4.0")
    assert world.inputs() != before


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Path]:
    """Give a media file, and one beside it, that are fresh."""
    files = (tmp_path / "a.mp4", tmp_path / "a.srt")
    for file in files:
        file.write_text("old")
    mark_fresh(files, "inputs")
    assert is_fresh(files, "inputs")
    return files


def _touch(file: Path) -> None:
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1))


def _grow(file: Path) -> None:
    changed = file.stat().st_mtime_ns
    file.write_text("older")
    os.utime(file, ns=(changed, changed))


def _replace(file: Path) -> None:
    other = file.with_name("other")
    other.write_text("new")
    _touch(other)
    other.replace(file)


CHANGES = [_touch, _grow, _replace, Path.unlink]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("which", [0, 1])
def test_a_file_that_was_changed_is_not_fresh(
    made: tuple[Path, Path], which: int, change: object
) -> None:
    assert callable(change)
    change(made[which])
    assert not is_fresh(made, "inputs")


def test_other_inputs_are_not_fresh(made: tuple[Path, Path]) -> None:
    assert not is_fresh(made, "other inputs")


@pytest.mark.parametrize("content", [None, b"", b"inputs", b"\xff"])
def test_without_its_key_nothing_is_fresh(made: tuple[Path, Path], content: bytes | None) -> None:
    key = made[0].with_name(".a.mp4.key")
    if content is None:
        key.unlink()
    else:
        key.write_bytes(content)
    assert not is_fresh(made, "inputs")


def test_without_files_nothing_is_fresh(tmp_path: Path) -> None:
    assert not is_fresh((tmp_path / "none" / "a.mp4",), "inputs")


def test_a_media_file_may_lie_alone(made: tuple[Path, Path]) -> None:
    made[1].unlink()
    mark_fresh(made, "inputs")
    assert is_fresh(made, "inputs")
    made[1].write_text("somebody's own")
    assert not is_fresh(made, "inputs")
