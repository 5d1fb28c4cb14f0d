"""`pagereel render` as a process: interrupted, struck, short of room, and twice at once."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

# Many short shards, which take long enough to be struck in between.
SCENE = """\
from manim import *
from pagereel.fast.shards import cutter as cuts

cuts.SHARD_SECONDS = 1

class Long(Scene):
    def construct(self):
        for index in range(12):
            self.play(Create(VGroup(*[Circle(0.1 * i) for i in range(1, 9)])), run_time=1)
"""
IMAGES = 120
COMMAND = ("-m", "pagereel", "render", "mine.py", "-r", "192,108", "--fps", "10", "--jobs", "2")
VIDEOS = Path("media/videos/mine/108p10")
DONE = {".Long.mp4.key", "Long.mp4"}


class Studio:
    """A folder with a scene, where the command line is called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.videos = folder / VIDEOS
        (folder / "mine.py").write_text(SCENE)

    def start(self, *options: str, limit: int | None = None) -> subprocess.Popen[str]:
        """Start rendering; files may not be larger than `limit`, if there is one."""

        def set_limit() -> None:
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        return subprocess.Popen(
            (sys.executable, *COMMAND, *options),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
            preexec_fn=set_limit,  # noqa: PLW1509 (there are no threads)
        )

    def render(self, *options: str, code: int = 0, limit: int | None = None) -> tuple[str, str]:
        """Render; return what is said."""
        process = self.start(*options, limit=limit)
        said = process.communicate(timeout=120)
        assert process.returncode == code, said
        return said

    def there(self) -> set[str]:
        return {path.name for path in self.videos.iterdir()}

    def wait_for_shards(self, count: int) -> None:
        """Wait until so many shards are kept."""
        until = time.monotonic() + 60
        while len([*self.videos.glob(".*.shards-*/*.note")]) < count:
            assert time.monotonic() < until
            time.sleep(0.01)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give the video, as it is when nothing happens."""
    studio = Studio(tmp_path_factory.mktemp("whole"))
    studio.render()
    assert studio.there() == DONE
    return (studio.videos / "Long.mp4").read_bytes()


@pytest.fixture
def studio(tmp_path: Path, whole: bytes) -> Studio:
    assert whole
    return Studio(tmp_path)


def interrupt(studio: Studio, end: signal.Signals, code: int) -> int:
    """Start rendering and end it by a signal; return how many images are kept."""
    process = studio.start()
    studio.wait_for_shards(3)
    process.send_signal(end)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (code, "")
    begun, interrupted = out.splitlines()
    assert begun == "Long: rendering 108p10 ..."
    start = "Long: interrupted; the next run resumes from "
    assert interrupted.startswith(start)
    images = int(interrupted.removeprefix(start).split()[0])
    assert 30 <= images < IMAGES
    assert [name[: len(".Long.mp4.shards-")] for name in studio.there()] == [".Long.mp4.shards-"]
    return images


def resume(studio: Studio, whole: bytes, images: int) -> None:
    out, _ = studio.render()
    assert f"Long: {images} of {IMAGES} images were there already" in out.splitlines()
    assert (studio.videos / "Long.mp4").read_bytes() == whole
    assert studio.there() == DONE


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """Give a folder where Ctrl-C has ended a rendering, and how many images are kept in it."""
    studio = Studio(tmp_path_factory.mktemp("kept"))
    return studio.folder, interrupt(studio, signal.SIGINT, 130)


@pytest.fixture
def interrupted(studio: Studio, kept: tuple[Path, int]) -> Studio:
    """Give a studio with a copy of what was kept."""
    shutil.copytree(kept[0], studio.folder, dirs_exist_ok=True)
    return studio


def test_the_next_run_goes_on(interrupted: Studio, whole: bytes, kept: tuple[Path, int]) -> None:
    resume(interrupted, whole, kept[1])


@pytest.mark.parametrize(("end", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_the_next_run_goes_on_after_other_signals(
    studio: Studio, whole: bytes, end: signal.Signals, code: int
) -> None:
    resume(studio, whole, interrupt(studio, end, code))


def test_force_begins_anew(interrupted: Studio, whole: bytes) -> None:
    out, _ = interrupted.render("--force")
    assert "already" not in out
    assert (interrupted.videos / "Long.mp4").read_bytes() == whole
    assert interrupted.there() == DONE


def test_a_changed_scene_begins_anew(interrupted: Studio, whole: bytes) -> None:
    (interrupted.folder / "mine.py").write_text(SCENE.replace("Circle", "Square"))
    out, _ = interrupted.render()
    assert "already" not in out
    assert (interrupted.videos / "Long.mp4").read_bytes() != whole
    assert interrupted.there() == DONE


def children_of(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(child) for child in found.split()]


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
@pytest.mark.parametrize("depth", [1, 2], ids=["imports manim", "runs the scene"])
def test_whoever_is_killed_once_the_video_is_made(studio: Studio, whole: bytes, depth: int) -> None:
    process = studio.start()
    studio.wait_for_shards(3)
    victim = process.pid
    for _ in range(depth):
        *_, victim = children_of(victim)  # after the guard
    os.kill(victim, signal.SIGKILL)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    lines = out.splitlines()
    assert lines[1] == "Long: SIGKILL ended the rendering; once more"
    assert lines[3].endswith("images were there already")
    assert (studio.videos / "Long.mp4").read_bytes() == whole
    assert studio.there() == DONE


def test_when_the_command_itself_is_killed_the_others_end(studio: Studio, whole: bytes) -> None:
    process = studio.start()
    studio.wait_for_shards(3)
    process.kill()
    process.communicate(timeout=60)  # until the last has let go of standard output
    out, _ = studio.render()
    assert "images were there already" in out
    assert (studio.videos / "Long.mp4").read_bytes() == whole
    assert studio.there() == DONE


def test_what_is_silent_ends_with_the_command_as_well(studio: Studio, whole: bytes) -> None:
    """A scene that computes, and reports nothing for a long time."""
    silent = SCENE.replace(
        "        for index", "        import time\n        time.sleep({})\n        for index"
    )
    (studio.folder / "mine.py").write_text(silent.format(600))
    process = studio.start()
    until = time.monotonic() + 60
    while len(children_of(process.pid)) < 2 or not children_of(children_of(process.pid)[-1]):
        assert time.monotonic() < until
        time.sleep(0.01)
    process.kill()
    process.communicate(timeout=20)  # until the last has let go of standard output
    (studio.folder / "mine.py").write_text(silent.format(0))
    studio.render()
    assert (studio.videos / "Long.mp4").read_bytes() == whole
    assert studio.there() == DONE


def test_two_at_once(studio: Studio, whole: bytes) -> None:
    processes = [studio.start(), studio.start()]
    for process in processes:
        process.communicate(timeout=120)
    assert [process.returncode for process in processes] == [0, 0]
    assert (studio.videos / "Long.mp4").read_bytes() == whole
    assert studio.there() == DONE
    assert "up to date" in studio.render()[0]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_when_there_is_no_room(studio: Studio, jobs: str) -> None:
    """The same as where the disk is full: writing fails in the middle of a file."""
    studio.videos.mkdir(parents=True)
    (studio.videos / "Long.mp4").write_text("earlier")
    _, err = studio.render("--jobs", jobs, limit=1000, code=2)
    assert err == (
        f"pagereel: {VIDEOS}: cannot be written: File too large; make it writable, or make room\n"
    )
    assert (studio.videos / "Long.mp4").read_text() == "earlier"
    assert studio.there() == {"Long.mp4"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_only_be_read(studio: Studio) -> None:
    studio.videos.mkdir(parents=True)
    studio.videos.chmod(0o555)
    _, err = studio.render(code=2)
    assert err == (
        f"pagereel: {VIDEOS}: cannot be written: Permission denied; make it writable, or make "
        "room\n"
    )
    assert studio.there() == set()
