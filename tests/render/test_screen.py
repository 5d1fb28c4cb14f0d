from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from planning import video_job

from pagereel.discovery import SceneSource
from pagereel.render.screen import Outcome, Screen, as_json, bar, table
from pagereel.request import chosen_video

if TYPE_CHECKING:
    from pagereel.render.job import Job


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Plan three videos, of which one is there."""
    monkeypatch.chdir(tmp_path)
    scenes = [SceneSource(Path("s.py"), name, "") for name in ("A", "Long", "C")]
    planned = [video_job(scene, chosen_video("l")) for scene in scenes]
    planned[0].target.parent.mkdir(parents=True)
    planned[0].target.write_bytes(b"0" * 1_250_000)
    planned[0].companions[0].write_text("")
    return planned


def test_a_table(jobs: list[Job]) -> None:
    done = Outcome(jobs[0], took=2.5, images=150)
    assert table([done, Outcome(jobs[1], fresh=True), Outcome(jobs[2], 1)]) == [
        "media/videos/s/480p15/A.mp4     1.2 MB  10.0 s long  made in 2.5 s  4.0 x real time",
        "media/videos/s/480p15/Long.mp4  up to date",
        "media/videos/s/480p15/C.mp4     failed",
    ]


def test_a_table_says_what_all_took_as_they_are_drawn_side_by_side(jobs: list[Job]) -> None:
    jobs[1].target.write_bytes(b"0" * 750_000)
    jobs[1].companions[0].write_text("")
    done = [Outcome(jobs[0], took=2.5, images=150), Outcome(jobs[1], took=4, images=300)]
    assert table([*done, Outcome(jobs[2], 1)], 5)[-1] == (
        "all 2                           2.0 MB  30.0 s long  made in 5.0 s  6.0 x real time"
    )
    assert json.loads(as_json(done, 5))["took"] == 5
    assert len(table([done[0], Outcome(jobs[1], fresh=True, images=300)], 5)) == 2


def test_a_table_of_several_formats(jobs: list[Job]) -> None:
    job = replace(jobs[0], request=replace(jobs[0].request, formats=("mp4", "png")))
    job.outputs[1].parent.mkdir(parents=True)
    job.outputs[1].write_bytes(b"0" * 50_000)
    assert table([Outcome(job, took=2.5, images=150)]) == [
        "media/videos/s/480p15/A.mp4  1.2 MB  10.0 s long  made in 2.5 s  4.0 x real time",
        "media/images/s/A.png         0.1 MB",
    ]
    (facts,) = json.loads(as_json([Outcome(job, fresh=True)]))["scenes"]
    assert facts["files"] == {
        "media/videos/s/480p15/A.mp4": 1_250_000,
        "media/images/s/A.png": 50_000,
    }


def test_a_table_of_one(jobs: list[Job]) -> None:
    assert table([Outcome(jobs[2], 1)]) == [], "it has been said why"
    assert table([Outcome(jobs[0], took=2.5)]) == [
        "media/videos/s/480p15/A.mp4  1.2 MB  made by manim  made in 2.5 s"
    ]
    assert table([]) == []


def test_for_machines(jobs: list[Job]) -> None:
    outcomes = [Outcome(jobs[0], took=2.5, images=150), Outcome(jobs[1], 2, error="wrong")]
    done, failed = json.loads(as_json(outcomes))["scenes"]
    assert done == {
        "scene": "A",
        "source": "s.py",
        "status": "rendered",
        "code": 0,
        "error": None,
        "file": "media/videos/s/480p15/A.mp4",
        "files": {"media/videos/s/480p15/A.mp4": 1_250_000},
        "subtitles": ["media/videos/s/480p15/A.srt"],
        "width": 854,
        "height": 480,
        "fps": 15.0,
        "bytes": 1_250_000,
        "images": 150,
        "seconds": 10.0,
        "took": 2.5,
        "speed": 4.0,
    }
    assert (failed["status"], failed["code"], failed["error"]) == ("failed", 2, "wrong")
    assert (failed["bytes"], failed["seconds"], failed["speed"]) == (None, None, None)


@pytest.mark.parametrize(
    ("images", "total", "seconds", "text"),
    [
        (0, 100, 2, "[........................]  0/100 images  2 s"),
        (50, 100, 2, "[############............]  50/100 images  25 images/s  2 s left"),
        (100, 100, 4, "[########################]  100/100 images  25 images/s  0 s left"),
        (120, 100, 4, "120 images  30 images/s"),
        (50, None, 2, "50 images  25 images/s"),
        (0, None, 0, "0 images  0 s"),
    ],
)
def test_a_bar(images: int, total: int | None, seconds: float, text: str) -> None:
    assert bar(images, total, seconds) == text


def test_a_bar_that_does_not_begin_at_nothing() -> None:
    """What was there already was not drawn: it says nothing of the pace."""
    line = "[############............]  50/100 images  10 images/s  5 s left"
    assert bar(50, 100, 2, 30) == line
    assert bar(30, 100, 2, 30) == "[#######.................]  30/100 images  2 s"


def test_the_bar_hears_what_is_planned(
    jobs: list[Job], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    scene = Screen().follow()
    scene.begin(jobs[0], None)
    scene.plan(100, 30)
    scene.images(30)
    assert "30/100 images  0 s" in capsys.readouterr().err


def test_on_a_terminal_the_bar_gives_way(
    jobs: list[Job], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    scene = (screen := Screen()).follow()
    scene.begin(jobs[0], 100)
    scene.images(50)
    screen.output(b"hel")
    screen.output(b"lo\n")
    screen.line("a note")
    scene.end()
    said = capsys.readouterr()
    assert said.out == "A: rendering 480p15 ...\nhello\na note\n"
    wipe = "\r\x1b[K"
    first, *more = said.err.split(wipe)[1:]
    assert first.startswith("A  [############............]  50/100 images")
    # It is drawn again when a line is whole: after the second output, and after the note.
    assert more == ["", "", first, "", first, ""]


def test_scenes_that_are_drawn_side_by_side_share_the_bar(
    jobs: list[Job], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    screen = Screen()
    first, second = screen.follow(), screen.follow()
    first.begin(jobs[0], 200)
    second.begin(jobs[1], None)
    second.images(7)
    first.images(50)
    assert capsys.readouterr().err.endswith("A 25 %   Long 7 images")
    first.end()
    assert re.search(r"\x1b\[KLong  7 images  \d+ images/s$", capsys.readouterr().err)
    second.end()
    assert capsys.readouterr().err.endswith("\x1b[K")


def test_elsewhere_there_is_no_bar(jobs: list[Job], capsys: pytest.CaptureFixture[str]) -> None:
    scene = Screen().follow()
    scene.begin(jobs[0], 100)
    scene.images(50)
    scene.end()
    assert capsys.readouterr() == ("A: rendering 480p15 ...\n", "")


def test_a_machine_has_standard_output_alone(
    jobs: list[Job], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    scene = (screen := Screen(quiet=True)).follow()
    scene.begin(jobs[0], 100)
    scene.images(50)
    screen.output(b"hello\n")
    scene.end()
    screen.complain("a\nb")
    assert capsys.readouterr() == ("", "hello\npagereel: a\\nb\n")
