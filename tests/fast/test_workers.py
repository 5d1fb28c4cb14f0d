"""Workers that are killed, Ctrl-C, a parent that dies: nothing is lost, nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from manim import RIGHT, Create, Scene, Square, Text, config, tempconfig
from tqdm import tqdm
from unseen import unseen

from pagereel.errors import RenderError
from pagereel.fast import RenderSettings, render_scene
from pagereel.fast.draw.painter import View
from pagereel.fast.shards import cutter as cuts
from pagereel.fast.shards.processes import LaidOut

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PARENT = os.getpid()


class Simple(Scene):
    def construct(self) -> None:
        for _ in range(4):
            self.play(Create(Square()), run_time=1)


@pytest.fixture(autouse=True)
def short_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuts, "SHARD_SECONDS", 1)


def settings(jobs: int) -> RenderSettings:
    return RenderSettings(192, 108, 10, jobs)


def striking(marks: Path, times: int) -> type[Scene]:
    """Return a scene that kills those who draw its third play, as often as it is told."""

    @unseen
    def rate(alpha: float) -> float:
        done = len(list(marks.glob("*")))
        if alpha > 0.5 and os.getpid() != PARENT and done < times:
            (marks / str(done)).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return alpha

    class Striking(Scene):
        def construct(self) -> None:
            for index in range(4):
                shape = Square().shift(index * RIGHT)
                options: Any = {"rate_func": rate} if index == 2 else {}
                self.play(Create(shape, **options), run_time=1)

    return Striking


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    folder = tmp_path / "marks"
    folder.mkdir()
    return folder


def test_what_a_killed_worker_drew_is_drawn_again(marks: Path, target: Path) -> None:
    render_scene(striking(marks, 0), target, settings(1))
    data = target.read_bytes()
    rendered = render_scene(striking(marks, 1), target, settings(2))
    assert len(list(marks.glob("*"))) == 1
    assert rendered.plan.counts == [10, 10, 10, 10]
    assert target.read_bytes() == data


@pytest.mark.slow
def test_texts_are_laid_out_apart(marks: Path, target: Path) -> None:
    """manim writes a file for a moment whenever it reads a text that it has laid out."""

    @unseen
    def note(index: int) -> None:
        path = marks / f"{os.getpid()} {index}"
        path.write_text(f"{config.get_dir('text_dir')}\n{config.get_dir('tex_dir')}")

    class Noting(Scene):
        def construct(self) -> None:
            for index in range(3):
                self.play(Create(Square()), run_time=1)
                note(index)
                Text("said")

    render_scene(Noting, target, settings(2))
    folders: dict[str, set[str]] = {}
    for noted in marks.iterdir():
        folders.setdefault(noted.name.split()[0], set()).update(noted.read_text().splitlines())
    assert len(folders) > 2
    assert all(len(each) == 2 for each in folders.values())
    assert len(set.union(*folders.values())) == 2 * len(folders)
    assert folders.pop(str(PARENT)) == {str(config.get_dir(key)) for key in ("text_dir", "tex_dir")}
    assert not any(os.path.lexists(path) for each in folders.values() for path in each)


def test_what_is_laid_out_is_at_hand_where_it_is_apart(tmp_path: Path) -> None:
    """But not what the parent has written to since the fork: it may not be complete."""
    with tempconfig({"text_dir": str(tmp_path / "texts")}):
        shared = config.get_dir("text_dir")
        shared.mkdir(parents=True)
        files = LaidOut()
        for name in "ab":
            (shared / f"{name}.svg").write_text(name)
            files.note()
        for name in "abc":
            (shared / f"{name}.svg").write_text("")
        files.go_apart(tmp_path / "own")
        own = config.get_dir("text_dir")
        assert own.is_relative_to(tmp_path / "own")
        assert {file.name: file.read_text() for file in own.iterdir()} == {
            "a.svg": "a",
            "b.svg": "b",
        }
        assert config.get_dir("tex_dir").is_relative_to(tmp_path / "own")
        config.tex_dir = "{media_dir}/Tex"


def test_who_is_killed_with_tqdms_lock_stops_nobody(marks: Path, target: Path) -> None:
    @unseen
    def strike() -> None:
        if os.getpid() != PARENT and not list(marks.iterdir()):
            (marks / "struck").touch()
            tqdm.get_lock().acquire()
            os.kill(os.getpid(), signal.SIGKILL)

    class Striking(Scene):
        def construct(self) -> None:
            for index in range(3):
                if index == 1:
                    strike()
                self.play(Create(Square()), run_time=0.6)

    assert tqdm.get_lock()  # as after any bar: all forks share it
    assert render_scene(Striking, target, settings(2)).plan.length == 18
    assert list(marks.iterdir())


@pytest.mark.slow
def test_who_is_killed_twice_is_given_up(marks: Path, target: Path) -> None:
    with pytest.raises(RenderError, match="killed, twice"):
        render_scene(striking(marks, 2), target, settings(2))
    assert list(target.parent.glob("*")) == []


def test_an_error_of_a_workers_is_told(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @unseen
    def view(*given: Any, **options: Any) -> View:
        if os.getpid() != PARENT:
            raise LookupError("only when drawing")
        return View(*given, **options)

    monkeypatch.setattr("pagereel.fast.draw.painter.View", view)
    with pytest.raises(RenderError, match="LookupError: only when drawing") as caught:
        render_scene(Simple, target, settings(2))
    assert "Traceback" in caught.value.__notes__[0]
    assert list(target.parent.glob("*")) == []


TALKATIVE = """\
import sys
from pathlib import Path
from manim import Circle, Create, Scene
from pagereel.fast import RenderSettings, render_scene
from pagereel.fast.shards import cutter as cuts
from pagereel.fast.shards.processes import LaidOut

class Talkative(Scene):
    def construct(self):
        for index in range(4):
            print("play", index)
            self.play(Create(Circle()), run_time=1)

cuts.SHARD_SECONDS = 1
options = {"media_dir": sys.argv[2], "verbosity": "ERROR"}
render_scene(Talkative, Path(sys.argv[1]), RenderSettings(192, 108, 10, 2, manim=options))
"""


@pytest.mark.slow
def test_what_a_scene_prints_is_printed_once(tmp_path: Path, target: Path) -> None:
    command = (sys.executable, "-c", TALKATIVE, str(target), str(tmp_path / "media"))
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"play {index}" for index in range(4)]


SLOW = """\
import sys
from pathlib import Path
from manim import Circle, Create, Scene, tempconfig
from pagereel.fast import RenderSettings, Report, render_scene

class Slow(Scene):
    def construct(self):
        for _ in range(300):
            self.play(Create(Circle()), run_time=2)

class Said(Report):
    def images(self, count):
        print("drawn", count, flush=True)

options = {"media_dir": sys.argv[2], "verbosity": "ERROR"}
render_scene(Slow, Path(sys.argv[1]), RenderSettings(640, 360, 30, 2, manim=options), Said())
"""


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_all_processes_end_with_their_parent(
    end: signal.Signals, tmp_path: Path, target: Path
) -> None:
    script = tmp_path / "slow.py"
    script.write_text(SLOW)
    command = (sys.executable, str(script), str(target), str(tmp_path / "media"))
    parent = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    assert parent.stdout is not None
    parent.stdout.readline()  # the first shard is there
    parent.send_signal(end)
    parent.communicate(timeout=20)
    assert parent.returncode
    assert eventually(lambda: group_is_empty(parent.pid))
    assert eventually(lambda: not [*target.parent.iterdir()]), [*target.parent.rglob("*")]


def eventually(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


def group_is_empty(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False
