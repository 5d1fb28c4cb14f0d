from __future__ import annotations

from pathlib import Path

import pytest
from planning import preview_job, video_job

from pagereel.discovery import SceneSource
from pagereel.errors import RenderError
from pagereel.render import job as jobs
from pagereel.render.stock import require_possible
from pagereel.request import PREVIEW, SceneOptions, Video, chosen_video

SCENE = SceneSource(Path("scenes/some_file.py"), "SomeScene", "What it is.")
LOW = chosen_video("l")


@pytest.mark.parametrize(
    ("quality", "folder"),
    [("l", "480p15"), ("m", "720p30"), ("h", "1080p60"), ("p", "1440p60"), ("k", "2160p60")],
)
def test_a_video(quality: str, folder: str) -> None:
    job = video_job(SCENE, chosen_video(quality))
    place = Path("media/videos/some_file") / folder
    assert job.kind == folder
    assert job.target == place / "SomeScene.mp4"
    assert job.companions == (place / "SomeScene.srt", place / "SomeScene.vtt")


@pytest.mark.parametrize(
    ("video", "folder"),
    [
        (chosen_video("l", (480, 854)), "854p15"),
        (chosen_video("h", None, 29.97), "1080p29.97"),
        (chosen_video("k", (100, 50), 24.0), "50p24"),
    ],
)
def test_another_size_goes_where_manim_would_put_it(video: Video, folder: str) -> None:
    assert video_job(SCENE, video).target.parent.name == folder


FORMATS = ("mp4", "webm", "gif", "webp", "png")


def test_formats_lie_where_manim_would_put_them() -> None:
    job = video_job(SCENE, LOW, formats=FORMATS)
    place = Path("media/videos/some_file/480p15")
    assert job.outputs == (
        *(place / f"SomeScene.{each}" for each in FORMATS[:-1]),
        Path("media/images/some_file/SomeScene.png"),
    )
    assert job.target == job.outputs[0]
    assert job.kind == "480p15 mp4, webm, gif, webp, png"
    assert len(job.companions) == len(video_job(SCENE, LOW, formats=("webm",)).companions) == 2
    assert video_job(SCENE, LOW, formats=("gif", "png")).companions == ()


def test_sections_alone_have_no_files_that_are_known_before() -> None:
    job = video_job(SCENE, LOW, sections=("a", "b*"))
    assert (job.request.is_whole, job.outputs, job.companions) == (False, (), ())
    assert job.target == Path("media/videos/some_file/480p15/SomeScene.sections")
    assert job.kind == "480p15, only sections a, b*"
    every = video_job(SCENE, LOW, sections=("*",))
    assert every.outputs == video_job(SCENE, LOW).outputs


def test_videos_and_images_that_were_drawn_are_kept_apart() -> None:
    video, both, stills = (
        video_job(SCENE, LOW, formats=formats).shards("abc")
        for formats in (("mp4",), ("mp4", "gif"), ("png",))
    )
    assert video != both == stills
    assert video_job(SCENE, LOW).shards("other") not in {video, both}


def test_what_manim_cannot_make() -> None:
    stock = chosen_video("l", stock=True)
    require_possible(
        video_job(SCENE, stock, formats=("mp4", "gif", "webm", "png"), sections=("*",))
    )
    with pytest.raises(RenderError, match="SomeScene: manim makes no webp; leave that out"):
        require_possible(video_job(SCENE, stock, formats=("mp4", "webp")))
    with pytest.raises(RenderError, match="manim makes all sections or none; take --save-sections"):
        require_possible(video_job(SCENE, stock, sections=("a",)))


def test_a_preview() -> None:
    job = preview_job(SCENE)
    assert (job.kind, job.request.video) == ("540p20 gif", PREVIEW)
    assert (job.target, job.companions) == (Path("media/previews/SomeScene.gif"), ())


def test_previews_of_other_stories_and_themes_leave_the_committed_one_alone() -> None:
    previews = Path("media/previews")
    my = Path("stories/my.engine.toml")
    assert preview_job(SCENE, my).target == previews / "SomeScene-my.gif"
    assert preview_job(SCENE, theme="light").target == previews / "SomeScene-light.gif"
    assert preview_job(SCENE, my, "light").target == previews / "SomeScene-my-light.gif"
    assert preview_job(SCENE, theme="dark").target == previews / "SomeScene.gif"


def test_the_size_of_a_preview() -> None:
    assert PREVIEW.width * 9 == PREVIEW.height * 16
    assert 100 % PREVIEW.fps == 0


def test_a_preview_is_short_unless_somebody_has_chosen() -> None:
    def seconds(chosen: float | None) -> float | None:
        options = SceneOptions(seconds=chosen)
        return jobs.preview_job(SCENE.file, SCENE.name, options).request.options.seconds

    assert (seconds(None), seconds(45)) == (25, 45)
    assert video_job(SCENE).request.options.seconds is None


@pytest.mark.parametrize(("given", "used"), [(None, "0"), ("7", "7")])
def test_hashes_are_the_same_in_every_run(
    monkeypatch: pytest.MonkeyPatch, given: str | None, used: str
) -> None:
    monkeypatch.setenv("SOMETHING", "else")
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    if given:
        monkeypatch.setenv("PYTHONHASHSEED", given)
    environment = jobs.worker_environment()
    assert (environment["PYTHONHASHSEED"], environment["SOMETHING"]) == (used, "else")


def test_nothing_is_written_by_planning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert all(job.inputs and job.target for job in (video_job(SCENE), preview_job(SCENE)))
    assert not [*tmp_path.iterdir()]
