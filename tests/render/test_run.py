"""Jobs carried out by a worker that is a few lines of Python."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, NoReturn

import pytest

from pagereel.errors import RenderError
from pagereel.render.job import Job, preview_job, video_job
from pagereel.render.run import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pagereel.render.catalog import SceneSource

    Worker = Callable[..., Job]

Output = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch

WORKER = """\
import os, signal, sys
from pathlib import Path
video, subtitles = Path({video!r}), Path({subtitles!r})
with Path("calls").open("a") as calls:
    print(*sys.argv[1:], os.environ["PAGEREEL_STORY"], os.environ["PAGEREEL_THEME"], file=calls)
"""
MAKE = 'video.write_text("video"); subtitles.write_text("subtitles")'


@pytest.fixture
def worker(scene: SceneSource) -> Worker:
    """Plan a video that is made by some lines of Python."""

    def plan(lines: str = MAKE, *, story: Path | None = None, theme: str | None = None) -> Job:
        job = video_job(scene, "l", story=story, theme=theme)
        (video, _), (subtitles, _) = job.files
        code = WORKER.format(video=str(video), subtitles=str(subtitles)) + lines
        return dataclasses.replace(job, command=(sys.executable, "-c", code), quiet=())

    return plan


def there(job: Job) -> dict[str, str]:
    """Return the files of a job's folder, without the keys."""
    folder = job.target.parent
    files = [path for path in folder.iterdir() if not path.name.endswith(".key")]
    return {path.name: path.read_text() for path in files}


def calls(path: Path) -> int:
    return len((path / "calls").read_text().splitlines())


WHOLE = {"SomeScene.mp4": "video", "SomeScene.srt": "subtitles"}


def test_files_appear(worker: Worker, capfd: Output) -> None:
    job = worker()
    outcome = run(job)
    assert (outcome.code, outcome.fresh, outcome.killed_by) == (0, False, "")
    assert outcome.seconds > 0
    assert there(job) == WHOLE
    assert capfd.readouterr() == ("SomeScene: rendering 480p15 ...\n", "")


def test_what_is_done_is_said_first(worker: Worker, tmp_path: Path) -> None:
    """Into a pipe as well: what Python keeps back would come after what the worker says."""
    job = worker(f'print("working", flush=True); {MAKE}')
    code = (
        "import sys; from pagereel.render import run, job, catalog; from pathlib import Path\n"
        "scene = catalog.SceneSource(Path('scenes/some_file.py'), 'SomeScene', '')\n"
        "plan = job.video_job(scene, 'l')\n"
        f"import dataclasses; run.run(dataclasses.replace(plan, command={job.command!r}))\n"
    )
    done = subprocess.run(
        (sys.executable, "-c", code),
        cwd=tmp_path,
        env={key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "SomeScene: rendering 480p15 ...\nworking\n"


def test_until_they_are_whole_they_have_other_names(worker: Worker) -> None:
    job = worker(f"{MAKE}; Path('seen').write_text(' '.join(sorted(os.listdir(video.parent))))")
    run(job)
    seen = (job.scene.file.parents[1] / "seen").read_text()
    assert seen == "SomeScene.partial.mp4 SomeScene.partial.srt"


def test_a_second_call_does_nothing(worker: Worker, tmp_path: Path, capfd: Output) -> None:
    run(worker())
    capfd.readouterr()
    outcome = run(worker())
    assert (outcome.code, outcome.fresh) == (0, True)
    assert calls(tmp_path) == 1
    assert capfd.readouterr() == ("", "")


def test_force(worker: Worker, tmp_path: Path) -> None:
    run(worker())
    assert not run(worker(), force=True).fresh
    assert calls(tmp_path) == 2


def test_another_story_is_told_into_the_same_file(worker: Worker, tmp_path: Path) -> None:
    stories = (tmp_path / "a.toml", tmp_path / "b.toml", None)
    for story in stories:
        assert worker(story=story).target == worker().target
        assert not run(worker(story=story)).fresh
        assert run(worker(story=story)).fresh
    assert not run(worker(theme="light")).fresh
    lines = (tmp_path / "calls").read_text().splitlines()
    assert lines == [f"{stories[0]} ", f"{stories[1]} ", " ", " light"]


def test_what_changes_during_the_work_is_noticed(worker: Worker) -> None:
    run(worker(f"{MAKE}; open('scenes/some_file.py', 'a').write('#')"))
    assert not run(worker()).fresh


@pytest.mark.parametrize("code", [1, 2, 77])
def test_a_failing_worker(worker: Worker, code: int) -> None:
    job = worker(f"{MAKE}; sys.exit({code})")
    outcome = run(job)
    assert (outcome.code, outcome.fresh, outcome.killed_by) == (code, False, "")
    assert there(job) == {}


def test_a_failing_worker_leaves_what_was_there(worker: Worker) -> None:
    run(worker())
    job = worker("video.write_text('half'); sys.exit(1)")
    changed = job.target.stat().st_mtime_ns
    assert run(job, force=True).code == 1
    assert there(job) == WHOLE
    assert job.target.stat().st_mtime_ns == changed
    assert run(job).fresh


def test_after_a_failure_it_is_tried_again(worker: Worker) -> None:
    run(worker("sys.exit(1)"))
    job = worker()
    assert not run(job).fresh
    assert there(job) == WHOLE


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGTERM"])
def test_a_killed_worker(worker: Worker, name: str) -> None:
    number = signal.Signals[name]
    job = worker(f"{MAKE}; os.kill(os.getpid(), {number:d})")
    outcome = run(job)
    assert (outcome.code, outcome.killed_by) == (128 + number, name)
    assert there(job) == {}


@pytest.mark.skipif(sys.platform == "darwin", reason="it has no realtime signals")
def test_a_signal_without_a_name(worker: Worker) -> None:
    number = 40
    outcome = run(worker(f"os.kill(os.getpid(), {number})"))
    assert (outcome.code, outcome.killed_by) == (128 + number, f"signal {number}")


def test_an_interrupt_ends_the_worker(worker: Worker, tmp_path: Path) -> None:
    """Ctrl-C: both hear of it, and the worker does not answer."""
    run(worker())
    job = worker(
        f"{MAKE}; import time; Path('pid').write_text(str(os.getpid()))\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "os.kill(os.getppid(), signal.SIGINT)\n"
        "time.sleep(60)"
    )
    with pytest.raises(KeyboardInterrupt):
        run(job, force=True)
    assert there(job) == WHOLE
    assert run(worker()).fresh
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_leftovers_are_removed(worker: Worker) -> None:
    job = worker("sys.exit(1)")
    job.target.parent.mkdir(parents=True)
    for partial, _ in job.files:
        partial.write_text("of a run that was killed")
    run(job)
    assert there(job) == {}


def test_subtitles_that_are_not_made_again_are_removed(worker: Worker) -> None:
    run(worker())
    job = worker("video.write_text('silent')")
    run(job, force=True)
    assert there(job) == {"SomeScene.mp4": "silent"}
    assert run(job).fresh


def test_a_worker_that_makes_nothing(worker: Worker) -> None:
    run(worker())
    job = worker("subtitles.write_text('only')")
    with pytest.raises(RenderError, match=r"SomeScene: nothing was made at media/.*; does a manim"):
        run(job, force=True)
    assert there(job) == WHOLE


def test_a_preview_appears(scene: SceneSource) -> None:
    job = preview_job(scene)
    code = f"open({str(job.files[0][0])!r}, 'w').write('GIF')"
    job = dataclasses.replace(job, command=(sys.executable, "-c", code))
    assert run(job).code == 0
    assert there(job) == {"SomeScene.gif": "GIF"}


@pytest.mark.parametrize("name", ["media", "media/videos/some_file"])
def test_a_file_in_the_place_of_a_folder(worker: Worker, tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("")
    with pytest.raises(RenderError, match=r"480p15: cannot be written: .*; make it writable, or"):
        run(worker())
    assert not (tmp_path / "calls").exists()


def test_a_folder_that_cannot_be_written(
    worker: Worker, tmp_path: Path, monkeypatch: Patch
) -> None:
    def refuse(**_: Path) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)  # whoever runs this may be root
    with pytest.raises(RenderError, match="480p15: cannot be written: Permission denied; make it"):
        run(worker())
    assert not (tmp_path / "calls").exists()


@pytest.mark.parametrize(("terminal", "words"), [(True, "  \n"), (False, "--calm  \n")])
def test_without_a_terminal_the_worker_is_quiet(
    worker: Worker, tmp_path: Path, monkeypatch: Patch, *, terminal: bool, words: str
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    run(dataclasses.replace(worker(), quiet=("--calm",)))
    assert (tmp_path / "calls").read_text().lstrip(" ") == words.lstrip(" ")
