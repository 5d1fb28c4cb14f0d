"""Videos drawn by a real Dask cluster, whose workers stand in a folder of their own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import wave
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.render.conftest import ROOT, STORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not find_spec("distributed"), reason="Dask is not installed"),
]

SIZE = ("-r", "320,180", "--fps", "10")
FORMATS = ("--format", "mp4,gif")
FOLDER = Path("media/videos/mine/180p10")

SCENES = """\
from pathlib import Path
from manim import *
from helping import colours

class Long(Scene):
    def construct(self):
        self.next_section("told")
        self.add_sound("be" + "ep.wav", time_offset=1)
        self.add(Text((Path(__file__).parent / ("wor" + "ds.txt")).read_text()))
        for index in range(5):
            self.play(Create(Square(color=colours.FIRST).shift(index * RIGHT)), run_time=5)
            self.add_subcaption("going on", duration=2)
            self.play(FadeIn(Dot(np.random.uniform(-2, 2, 3))), run_time=4)

class Short(Scene):
    def construct(self):
        self.play(Create(Circle()), run_time=0.5)

class Thrown(Scene):
    def construct(self):
        from os import urandom
        self.play(Create(Circle().shift(RIGHT * urandom(1)[0] / 99)), run_time=0.5)

class Lost(Scene):
    def construct(self):
        self.play(Create(Circle()), run_time=0.5)
        if not Path("stays" + "-here.txt").exists():
            raise LookupError("it has not travelled")
"""

FILM = """\
[[scenes]]
scene = "Mine"
story = "stories/short.toml"
[[scenes]]
scene = "PrefixSharing"
beats = ["index", "shared"]
"""


class Dask:
    """A cluster: a scheduler, and workers that can be killed."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        contact = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(contact)
        )
        assert eventually(lambda: contact.exists() and contact.read_bytes().endswith(b"}"))
        self.address: str = json.loads(contact.read_bytes())["address"]

    def worker(self, name: str, **variables: str) -> subprocess.Popen[bytes]:
        """Start a worker; what it draws grows in the folder `name`."""
        place = self.place(name)
        place.mkdir()
        return self._start(
            *("worker", self.address, "--no-nanny", "--nthreads", "1", "--name", name),
            *("--local-directory", str(place)),
            TMPDIR=str(place),
            **variables,
        )

    def place(self, name: str) -> Path:
        return self._folder / name

    def is_drawing(self, name: str) -> bool:
        """Return whether a worker has images drawn at this moment."""
        return any(self.place(name).glob("pagereel-*/work/.*.shards.partial/*"))

    def _start(self, what: str, *options: str, **variables: str) -> subprocess.Popen[bytes]:
        kept = {key: value for key, value in os.environ.items() if "PAGEREEL" not in key}
        process = subprocess.Popen(
            (sys.executable, "-m", "dask", what, *options, "--no-dashboard"),
            cwd=self._folder,
            env={**kept, **variables},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._stack.callback(end, process)
        return process


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


@contextmanager
def cluster(folder: Path, *workers: str) -> Iterator[Dask]:
    with ExitStack() as stack:
        dask = Dask(folder, stack)
        for name in workers:
            dask.worker(name)
        yield dask


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """Give a cluster of two workers, for tests that do it no harm."""
    with cluster(tmp_path_factory.mktemp("cluster"), "one", "two") as dask:
        yield dask


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with scenes, a module and a file that they read, and their videos in `here`."""
    folder = tmp_path_factory.mktemp("project")
    files = {
        "mine.py": SCENES,
        "helping/__init__.py": "",
        "helping/colours.py": "from manim import RED as FIRST",
        "words.txt": "words",
        "stays-here.txt": "",
        "manim.cfg": "[CLI]\nseed = 5\nbackground_color = #223344\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    with wave.open(str(folder / "beep.wav"), "wb") as beep:
        beep.setparams((1, 2, 8000, 0, "NONE", ""))
        beep.writeframes(bytes(range(256)) * 50)
    done = finished(render(folder, "mine.py", "Long", "Short", *SIZE, *FORMATS))
    assert done.returncode == 0, done.stderr
    shutil.copytree(folder / FOLDER, folder / "here")
    return folder


def render(folder: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    kept = {key: value for key, value in os.environ.items() if "PAGEREEL" not in key}
    return subprocess.Popen(
        (sys.executable, "-m", "pagereel", "render", *arguments),
        cwd=folder,
        env={**kept, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    out, err = process.communicate(timeout=900)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def by_dask(dask: Dask, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return render(folder, "mine.py", *arguments, *SIZE, "--force", "--dask", dask.address)


def eventually(holds: Callable[[], Any], seconds: float = 300) -> bool:
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:
        time.sleep(0.02)
    return bool(holds())


def assert_same(project: Path, *names: str) -> None:
    for name in names:
        assert (project / FOLDER / name).read_bytes() == (project / "here" / name).read_bytes()


def test_videos_are_the_same_as_drawn_here(dask: Dask, project: Path) -> None:
    shutil.rmtree(project / "media")
    done = finished(by_dask(dask, project, "Long", "Short", *FORMATS))
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert any(line.startswith("Long: 3 shards go to ") for line in lines)
    assert any(line.startswith("Short: 1 shard goes to ") for line in lines)
    assert_same(project, "Long.mp4", "Long.gif", "Long.srt", "Long.vtt", "Short.mp4", "Short.gif")
    for name in ("one", "two"):
        assert not [*dask.place(name).glob("pagereel-*")]


def test_a_section_is_drawn_there_too(dask: Dask, project: Path) -> None:
    section = project / FOLDER / "sections" / "Long_0000_told.mp4"
    made = []
    for where in ((), ("--dask", dask.address)):
        words = ("mine.py", "Long", *SIZE, "--force", "--section", "told", *where)
        done = finished(render(project, *words))
        assert (done.returncode, done.stderr) == (0, "")
        made.append(section.read_bytes())
        section.unlink()
    assert made[0] == made[1]


def test_a_story_travels(dask: Dask, tmp_path: Path) -> None:
    (tmp_path / "scenes").mkdir()
    shutil.copy2(ROOT / "scenes" / "paged_cache.py", tmp_path / "scenes")
    (tmp_path / "short.toml").write_text(STORY)
    options = (*SIZE, "--story", str(tmp_path / "short.toml"), "--force")
    made = tmp_path / "media" / "videos" / "paged_cache" / "180p10" / "PagedCache-short.mp4"
    videos = []
    for where in ((), ("--dask", dask.address)):
        done = finished(render(tmp_path, *options, *where))
        assert (done.returncode, done.stderr) == (0, "")
        videos.append(made.read_bytes())
    assert videos[0] == videos[1]


def test_a_film_travels_with_its_stories_and_brand(dask: Dask, tmp_path: Path) -> None:
    """Scenes of ours and of one's own, stories and traces in other folders, and a logo."""
    files = {
        "scenes/mine.py": (ROOT / "scenes" / "paged_cache.py")
        .read_text()
        .replace("class PagedCache", "class Mine"),
        "stories/short.toml": STORY,
        "brands/own.toml": 'name = "Own"\nlogo = "own.svg"\n',
        "brands/own.svg": '<svg viewBox="0 0 9 9"><path fill="#fff" d="M0 0H9V9Z"/></svg>',
        "film.toml": FILM,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    words = ("film.toml", "--brand", "brands/own.toml", *SIZE, "--force")
    made = []
    for where in ((), ("--dask", dask.address)):
        done = finished(render(tmp_path, *words, *where))
        assert (done.returncode, done.stderr) == (0, "")
        (video,) = tmp_path.glob("media/videos/**/*.mp4")
        made.append((video.read_bytes(), video.with_suffix(".srt").read_bytes()))
        video.unlink()
    assert made[0] == made[1]


def test_all_that_is_asked_for_travels(dask: Dask, tmp_path: Path) -> None:
    """A film of a trace: its length and theme, and the scene's file by its full name."""
    shutil.copy2(ROOT / "scenes" / "replay.py", tmp_path / "film.py")
    shutil.copy2(ROOT / "assets" / "traces" / "prefix_sharing.jsonl", tmp_path / "t.jsonl")
    words = (str(tmp_path / "film.py"), "Replay", "--story", "t.jsonl", "--theme", "light", *SIZE)
    made = tmp_path / "media" / "videos" / "film" / "180p10" / "Replay-t-light.mp4"
    videos = []
    for where in ((), ("--dask", dask.address)):
        done = finished(render(tmp_path, *words, "--force", *where, PAGEREEL_SECONDS="20"))
        assert (done.returncode, done.stderr) == (0, "")
        assert "  20." in done.stdout
        videos.append(made.read_bytes())
    assert videos[0] == videos[1]


def test_a_scene_that_raises_there(dask: Dask, project: Path) -> None:
    done = finished(by_dask(dask, project, "Lost", "Short"))
    assert done.returncode == 1
    first, *trace = done.stderr.splitlines()
    assert first == "Lost: the scene raised"
    assert f'"{project / "mine.py"}", line 28, in construct' in "\n".join(trace)
    assert trace[-1] == "LookupError: it has not travelled"
    assert_same(project, "Short.mp4")


def test_a_scene_that_shows_something_else_there(dask: Dask, project: Path) -> None:
    done = finished(by_dask(dask, project, "Thrown"))
    assert done.returncode == 2
    assert done.stderr.startswith("pagereel: the scene does not show the same where the cluster")
    assert not (project / FOLDER / "Thrown.mp4").exists()


def test_a_file_can_be_named_that_has_to_travel(dask: Dask, project: Path) -> None:
    done = finished(by_dask(dask, project, "Lost", "--dask-files", "stays-*.txt"))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_worker_that_dies_costs_nothing_but_time(project: Path, tmp_path: Path) -> None:
    with cluster(tmp_path, "one", "two") as dask:
        third = dask.worker("three")
        rendering = by_dask(dask, project, "Long", "Short")
        assert eventually(lambda: dask.is_drawing("three"))
        third.kill()
        done = finished(rendering)
        assert (done.returncode, done.stderr) == (0, "")
        assert_same(project, "Long.mp4", "Short.mp4")
        assert eventually(lambda: not [*dask.place("three").glob("pagereel-*")])


def test_a_worker_with_another_pagereel_is_refused(project: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "copy" / "src")
    (tmp_path / "copy" / "assets").symlink_to(ROOT / "assets")
    with (tmp_path / "copy" / "src" / "pagereel" / "fast" / "encode" / "yuv.py").open(
        "a"
    ) as module:
        module.write("# another version\n")
    with cluster(tmp_path) as dask:
        dask.worker("old", PYTHONPATH=str(tmp_path / "copy" / "src"))
        done = finished(by_dask(dask, project, "Short"))
    assert done.returncode == 2
    assert done.stderr.startswith("pagereel: the worker on ")
    assert " has pagereel " in done.stderr
    assert done.stderr.count("\n") == 1
    assert_same(project, "Short.mp4")


def test_a_scheduler_that_goes_away(project: Path, tmp_path: Path) -> None:
    with cluster(tmp_path, "one") as dask:
        rendering = by_dask(dask, project, "Long")
        assert eventually(lambda: dask.is_drawing("one"))
        dask.scheduler.kill()
        done = finished(rendering)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith(f"pagereel: {dask.address}: the Dask scheduler was lost; ")
    assert_same(project, "Long.mp4")


def test_after_ctrl_c_the_cluster_has_nothing_to_do(dask: Dask, project: Path) -> None:
    from distributed import Client  # noqa: PLC0415 (the module is skipped without it)

    rendering = by_dask(dask, project, "Long")
    assert eventually(lambda: dask.is_drawing("one") or dask.is_drawing("two"))
    rendering.send_signal(signal.SIGINT)
    assert finished(rendering).returncode == 130
    with Client(dask.address, set_as_default=False) as client:

        def tasks() -> int:
            return int(client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)))

        assert eventually(lambda: tasks() == 0)
    assert_same(project, "Long.mp4")


def test_an_address_where_nobody_is(project: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        done = finished(render(project, "mine.py", "Short", *SIZE, "--force", "--dask", address))
    assert done.returncode == 2
    assert done.stderr.startswith(f"pagereel: {address}: no Dask scheduler answers: ")
    assert done.stderr.count("\n") == 1
    assert_same(project, "Short.mp4")


def test_an_address_where_somebody_else_is(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        done = finished(render(project, "mine.py", "Short", *SIZE, "--force", "--dask", address))
    assert done.returncode == 2
    assert done.stderr.startswith(f"pagereel: {address}: no Dask scheduler answers: ")
    assert done.stderr.count("\n") == 1
    assert_same(project, "Short.mp4")
