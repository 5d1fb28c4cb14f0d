"""`pagereel replay`, and traces where storyboards are told."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pagereel import cli
from pagereel.assets import TRACES
from pagereel.discovery import SceneSource, Tells, choose_scenes
from pagereel.film.tape import Tape, read_tape
from pagereel.render import command
from pagereel.render.command import read_story
from pagereel.render.screen import Outcome
from pagereel.request import SceneOptions, prepare, prepared
from pagereel.story import Story

if TYPE_CHECKING:
    from pagereel.render.job import Job

    Output = pytest.CaptureFixture[str]
    Patch = pytest.MonkeyPatch

ROOT = Path(__file__).parents[2]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: Patch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("STORY", "THEME", "SECONDS", "TITLE"):
        monkeypatch.delenv(f"PAGEREEL_{name}", raising=False)
    shutil.copy2(TRACES / "prefix_sharing.jsonl", "t.jsonl")
    return tmp_path


@pytest.fixture
def planned(here: Path, monkeypatch: Patch) -> list[Job]:
    assert here.is_dir()
    jobs: list[Job] = []

    def run(given: list[Job], *_: object) -> list[Outcome]:
        jobs.extend(given)
        return [Outcome(job, 0, fresh=True) for job in given]

    monkeypatch.setattr(command, "run", run)
    return jobs


def test_a_replay_is_planned(planned: list[Job]) -> None:
    words = ["-o", "x/out.mp4", "--seconds", "20", "-q", "m", "--fps", "25"]
    words += ["--aspect", "9:16", "--theme", "light"]
    assert cli.main(["replay", "t.jsonl", *words]) == 0
    (job,) = planned
    assert job.target == Path("x/out.mp4")
    assert job.request.file.read_bytes() == (ROOT / "scenes" / "replay.py").read_bytes()
    assert (job.request.video.width, job.request.video.height, job.request.video.fps) == (
        720,
        1280,
        25,
    )
    assert job.request.options == SceneOptions(Path("t.jsonl").absolute(), "light", 20)
    assert job.alone, "nothing is left in media"
    assert job.companions == ()


def test_the_video_is_named_as_the_trace(planned: list[Job]) -> None:
    assert cli.main(["replay", "t.jsonl"]) == 0
    assert planned[0].target == Path("t.mp4")
    assert planned[0].request.options.seconds is None


def test_a_still_is_put_where_it_is_asked_for(planned: list[Job]) -> None:
    assert cli.main(["replay", "t.jsonl", "-o", "x/t.png"]) == 0
    (job,) = planned
    assert (job.target, job.request.formats, job.alone) == (Path("x/t.png"), ("png",), True)


def test_a_gif_is_small(planned: list[Job]) -> None:
    assert cli.main(["replay", "t.jsonl", "-o", "x/t.gif"]) == 0
    assert cli.main(["replay", "t.jsonl", "--format", "gif", "--aspect", "9:16"]) == 0
    assert cli.main(["replay", "t.jsonl", "-o", "t.gif", "-q", "m", "--fps", "24"]) == 0
    assert [job.target for job in planned] == [Path("x/t.gif"), Path("t.gif"), Path("t.gif")]
    assert {job.request.formats for job in planned} == {("gif",)}
    videos = [job.request.video for job in planned]
    assert [(video.width, video.height, video.fps) for video in videos] == [
        (960, 540, 20),
        (540, 960, 20),
        (1280, 720, 20),
    ]


def test_a_title_of_ones_own(planned: list[Job]) -> None:
    assert cli.main(["replay", "t.jsonl", "--title", "  My engine, at peak "]) == 0
    options = planned[0].request.options
    assert options.title == "My engine, at peak"
    with options.in_environment():
        assert SceneOptions.from_environment() == options


@pytest.mark.parametrize("title", ["", "  ", "x" * 61, "a\nb"])
def test_what_cannot_be_a_title(title: str, planned: list[Job], capsys: Output) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["replay", "t.jsonl", "--title", title])
    assert (ended.value.code, planned) == (2, [])
    message = capsys.readouterr().err
    assert "is not a title of 1 to 60 characters" in message
    assert message.count("\n") == 1
    assert len(message) < 300


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.jsonl"], "none.jsonl: "),
        (["t.jsonl", "-o", "out.mov"], "out.mov: the name of the file has to end with .mp4 or "),
        (["t.jsonl", "--format", "gif", "-o", "out.mp4"], "out.mp4: the name of the file has to "),
        (["t.jsonl", "--format", "webp", "--stock"], "Replay: "),
        (["t.jsonl", "-o", "folder.mp4"], "folder.mp4: this is a folder; "),
        (["wrong.jsonl"], "wrong.jsonl:6: event 5"),
        (["-"], "-: a film is made of a trace in a file; "),
    ],
)
def test_wrong_input(
    arguments: list[str], message: str, here: Path, planned: list[Job], capsys: Output
) -> None:
    lines = (here / "t.jsonl").read_text().splitlines(keepends=True)
    (here / "wrong.jsonl").write_text("".join([*lines[:5], lines[6]]))
    (here / "folder.mp4").mkdir()
    assert cli.main(["replay", *arguments]) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"pagereel: {message}")
    assert (said.err.count("\n"), said.out, planned) == (1, "", [])


@pytest.mark.parametrize("seconds", ["14", "601", "x", "nan"])
def test_wrong_lengths(seconds: str, planned: list[Job], capsys: Output) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["replay", "t.jsonl", "--seconds", seconds])
    message = f"argument --seconds: '{seconds}' is not a number of seconds from 15 to 600"
    assert message in capsys.readouterr().err
    assert not planned


def test_a_wrong_trace_is_no_story(here: Path, planned: list[Job], capsys: Output) -> None:
    shutil.copytree(ROOT / "scenes", here / "scenes")
    text = (here / "t.jsonl").read_text()
    (here / "t.jsonl").write_text(text.replace('"seq": 3', '"seq": 7'))
    assert cli.main(["render", "Replay", "--story", "t.jsonl"]) == 2
    assert capsys.readouterr().err.startswith("pagereel: t.jsonl:4: ")
    assert not planned


def test_a_story_is_told_by_scenes_of_its_kind(here: Path) -> None:
    shutil.copytree(ROOT / "scenes", here / "scenes")
    told = {kind: choose_scenes([], Path(kind)) for kind in ("a.toml", "a.jsonl", "a.jsonl.gz")}
    assert [scene.name for scene in told["a.toml"]] == ["PagedCache"]
    assert [scene.name for scene in told["a.jsonl"]] == ["Replay"]
    assert told["a.jsonl.gz"] == told["a.jsonl"]
    assert {scene.name for scene in choose_scenes([])} >= {"PagedCache", "Replay"}
    assert [scene.name for scene in choose_scenes(["PagedCache"], Path("a.jsonl"))] == [
        "PagedCache"
    ]


def test_another_length_is_another_video(planned: list[Job], monkeypatch: Patch) -> None:
    for seconds in ("20", "21"):
        assert cli.main(["replay", "t.jsonl", "--seconds", seconds]) == 0
    one, other = planned
    assert one.inputs != other.inputs
    monkeypatch.setenv("PAGEREEL_SECONDS", "22")
    assert cli.main(["replay", "t.jsonl"]) == 0
    assert planned[2].request.options.seconds == 22
    assert planned[2].inputs not in {one.inputs, other.inputs}


def test_a_story_is_read_once_for_each_kind_of_scene(here: Path) -> None:
    """What is read is what the scenes ask for; a scene of another's only has it checked."""
    (here / "s.toml").write_text(
        'title = "T"\n[pool]\nframes = 8\n[[events]]\narrive = "A"\npages = 1\n'
    )
    told, shown = (SceneSource(here, "A", tells=tells) for tells in (Tells.STORY, Tells.TRACE))
    other = SceneSource(here, "B")

    def read(story: str, *scenes: SceneSource) -> list[type]:
        return [type(content) for content in read_story(scenes, Path(story))]

    assert read("t.jsonl", shown, shown, other) == [Tape]
    assert read("t.jsonl", told, shown) == [Tape, Story]
    assert read("t.jsonl", other) == []
    assert read("s.toml", other) == [Story]
    assert read_story([told], None) == ()


def test_a_scene_takes_what_was_read(here: Path) -> None:
    tape = read_tape(here / "t.jsonl")
    (here / "t.jsonl").unlink()
    prepare(Path("t.jsonl"), tape)
    assert prepared(Tape, here / "t.jsonl") is tape


@pytest.mark.slow
def test_for_real(here: Path) -> None:
    """The video is there, whole, and nothing else."""
    words = ["-o", "out.mp4", "--seconds", "20", "-r", "128,72", "--fps", "5", "--jobs", "2"]
    before = {path.name for path in here.iterdir()}
    assert cli.main(["replay", "t.jsonl", *words]) == 0
    assert {path.name for path in here.iterdir()} - before == {"out.mp4"}
    import av  # noqa: PLC0415 (only here)

    with av.open(str(here / "out.mp4")) as video:
        assert abs(sum(1 for _ in video.decode(video=0)) - 100) <= 3
