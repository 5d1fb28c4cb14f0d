from __future__ import annotations

from pathlib import Path

import pytest

from pagereel.errors import RenderError
from pagereel.render.catalog import SceneSource
from pagereel.render.cluster.address import Cluster
from pagereel.render.job import Job, Way, preview_job, video_job
from pagereel.render.stock import require_possible, stock_command
from pagereel.render.video import PREVIEW, Video, chosen_video

SCENE = SceneSource(Path("scenes/some_file.py"), "SomeScene", "What it is.")
LOW = chosen_video("l")


@pytest.mark.parametrize(
    ("quality", "folder"),
    [("l", "480p15"), ("m", "720p30"), ("h", "1080p60"), ("p", "1440p60"), ("k", "2160p60")],
)
def test_a_video(quality: str, folder: str) -> None:
    job = video_job(SCENE, chosen_video(quality))
    place = Path("media/videos/some_file") / folder
    assert (job.kind, job.way) == (folder, Way.FAST)
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
    assert (job.is_whole, job.outputs, job.companions) == (False, (), ())
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


def test_manims_own_command_for_other_formats() -> None:
    job = video_job(SCENE, chosen_video("m", stock=True), sections=("*",))
    gif = stock_command(job, "gif", Path(), verbose=False, terminal=False)
    assert "--fps 25 --format gif" in " ".join(gif)
    assert "--save_sections" not in gif
    assert "--save_sections" in stock_command(job, "mp4", Path(), verbose=False, terminal=False)


def test_what_the_worker_is_told() -> None:
    job = video_job(SCENE, chosen_video("l", exact=True))
    alone = job.request(Path("place"), 3, keep=Path("kept"))
    assert alone == {
        "file": "scenes/some_file.py",
        "scene": "SomeScene",
        "target": "place/SomeScene.mp4",
        "formats": ("mp4",),
        "sections": (),
        "media": "media",
        "width": 854,
        "height": 480,
        "fps": 15.0,
        "exact": True,
        "jobs": 3,
        "keep": "kept",
        "dask": None,
        "travelling": (),
    }
    helped = job.request(Path("place"), 3, cluster=Cluster("tcp://host:1", ("*.mp4",)))
    assert helped == {
        **alone,
        "keep": None,
        "dask": "tcp://host:1",
        "travelling": ("*.mp4",),
    }


def test_manims_own_command() -> None:
    job = video_job(SCENE, chosen_video("m", stock=True))
    assert job.way is Way.STOCK
    words = stock_command(job, "mp4", Path("place"), verbose=False, terminal=False)[1:]
    assert " ".join(words) == (
        "-m manim --hide-splash render -r 1280,720 --fps 30 --format mp4 --disable_caching "
        "--verbosity WARNING --progress_bar none --media_dir place -o SomeScene "
        "scenes/some_file.py SomeScene"
    )
    assert "--progress_bar" not in stock_command(job, "mp4", Path(), verbose=False, terminal=True)
    assert "INFO" in stock_command(job, "mp4", Path(), verbose=True, terminal=True)


def test_a_preview() -> None:
    job = preview_job(SCENE)
    assert (job.kind, job.way) == ("540p20 gif", Way.FAST)
    assert (job.target, job.companions) == (Path("media/previews/SomeScene.gif"), ())


def test_the_size_of_a_preview() -> None:
    assert PREVIEW.width * 9 == PREVIEW.height * 16
    assert 100 % PREVIEW.fps == 0


def _jobs(story: Path | None = None, theme: str | None = None) -> list[Job]:
    return [
        video_job(SCENE, LOW, story=story, theme=theme),
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


@pytest.mark.parametrize(("given", "used"), [(None, "0"), ("7", "7")])
def test_hashes_are_the_same_in_every_run(
    monkeypatch: pytest.MonkeyPatch, given: str | None, used: str
) -> None:
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    if given:
        monkeypatch.setenv("PYTHONHASHSEED", given)
    assert {job.environment["PYTHONHASHSEED"] for job in _jobs()} == {used}


def test_nothing_is_written_by_planning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert all(job.inputs and job.environment and job.target for job in _jobs())
    assert not [*tmp_path.iterdir()]
