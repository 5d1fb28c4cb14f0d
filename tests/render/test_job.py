from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pagereel.render.catalog import SceneSource
from pagereel.render.job import (
    PREVIEW_FPS,
    PREVIEW_HEIGHT,
    PREVIEW_WIDTH,
    Job,
    preview_job,
    video_job,
)

SCENE = SceneSource(Path("scenes/some_file.py"), "SomeScene", "What it is.")


@pytest.mark.parametrize(
    ("quality", "folder"),
    [("l", "480p15"), ("m", "720p30"), ("h", "1080p60"), ("p", "1440p60"), ("k", "2160p60")],
)
def test_a_video(quality: str, folder: str) -> None:
    job = video_job(SCENE, quality)
    place = Path("media/videos/some_file") / folder
    assert job.kind == folder
    assert job.target == place / "SomeScene.mp4"
    assert job.files == (
        (place / "SomeScene.partial.mp4", place / "SomeScene.mp4"),
        (place / "SomeScene.partial.srt", place / "SomeScene.srt"),
    )
    python, *words = job.command
    assert python == sys.executable
    assert " ".join(words) == (
        f"-m manim --hide-splash render -q{quality} --disable_caching --verbosity WARNING "
        "--media_dir media -o SomeScene.partial scenes/some_file.py SomeScene"
    )
    assert job.quiet == ("--progress_bar", "none")


def test_a_preview() -> None:
    job = preview_job(SCENE)
    place = Path("media/previews")
    assert job.kind == "GIF 540p20"
    assert job.files == ((place / "SomeScene.gif.partial", place / "SomeScene.gif"),)
    python, *words = job.command
    assert python == sys.executable
    assert " ".join(words) == (
        "-m pagereel.render.preview_worker "
        "scenes/some_file.py SomeScene media/previews/SomeScene.gif.partial"
    )
    assert job.quiet == ()


def test_the_size_of_a_preview() -> None:
    assert PREVIEW_WIDTH * 9 == PREVIEW_HEIGHT * 16
    assert 100 % PREVIEW_FPS == 0


def _jobs(story: Path | None = None, theme: str | None = None) -> list[Job]:
    return [
        video_job(SCENE, "l", story=story, theme=theme),
        preview_job(SCENE, story=story, theme=theme),
    ]


def test_story_and_theme_travel_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOMETHING", "else")
    for job in _jobs(Path("a b.toml"), "light"):
        assert job.environment["PAGEREEL_STORY"] == "a b.toml"
        assert job.environment["PAGEREEL_THEME"] == "light"
        assert job.environment["SOMETHING"] == "else"


def test_only_what_is_asked_for_travels(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line has read the environment; what it decided holds."""
    monkeypatch.setenv("PAGEREEL_STORY", "other.toml")
    monkeypatch.setenv("PAGEREEL_THEME", "light")
    for job in _jobs():
        assert not job.environment["PAGEREEL_STORY"]
        assert not job.environment["PAGEREEL_THEME"]


def test_nothing_is_written_by_planning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert all(job.inputs and job.environment and job.target for job in _jobs())
    assert not [*tmp_path.iterdir()]
