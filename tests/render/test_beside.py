"""Modules beside a scene, whatever their names, as with the command `manim` in the same folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("pagereel")
LIBRARIES = ("PIL", "av", "cairo", "cloup", "manimpango", "numpy", "pydub", "rich", "srt", "tqdm")
SCENE = """\
from helpers import shown
from manim import *
class Mine(Scene):
    def construct(self):
        import late_helpers
        self.add(shown(late_helpers.TEXT))
        for _ in range(2):
            self.play(Create(Square()))
        self.wait()
Other = type("Other", (Mine,), {})
class Raises(Scene):
    def construct(self):
        self.wait()
        raise KeyError("key")
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a module of each name that we or manim could import, and a scene."""
    for name in (*sys.stdlib_module_names, *LIBRARIES):
        (tmp_path / f"{name}.py").write_text(f"raise ImportError('this is not {name}')\n")
    (tmp_path / "helpers.py").write_text("from manim import Text as shown\n")
    (tmp_path / "late_helpers.py").write_text("TEXT = 'Text'\n")
    (tmp_path / "mine.py").write_text(SCENE)
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command: tuple[str | Path, ...] = (COMMAND, *arguments)
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("opening", "use", "why"),
    [
        ("LOG = open('log.txt', 'w')", "LOG.write('')", "has open files or connections"),
        (
            "import sqlite3; DB = sqlite3.connect('log.db')",
            "DB.execute('select 1')",
            "has open files or connections",
        ),
        (
            "from concurrent.futures import *; POOL = ThreadPoolExecutor(1); POOL.submit(int)",
            "POOL.submit(int).result(60)",
            "has threads",
        ),
        ("import mmap; SHARED = mmap.mmap(-1, 8)", "SHARED[0] += 1", "shares memory"),
    ],
)
def test_what_a_file_opens_when_it_is_read_ties_its_scene(
    opening: str, use: str, why: str, tmp_path: Path
) -> None:
    lines = (opening, "from manim import *", "class Mine(Scene):", "    def construct(self):")
    (tmp_path / "mine.py").write_text(
        "\n".join((*lines, f"        self.wait(); {use}; self.wait()"))
    )
    done = run(tmp_path, "render", "mine.py", "-r", "192,108", "--fps", "10", "--jobs", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"one process draws: the scene's file {why}" in done.stdout


ENDING = """\
import atexit
from manim import *
{file_opens}
class Mine(Scene):
    def construct(self):
        count = 0
        atexit.register(lambda: log.write(f"ended {{count}}\\n"))
        self.wait(0.3)
        {scene_opens}
        for count in range(1, 5):
            self.wait(0.3)
            log.write(f"beat {{count}}\\n")
        self.keeps = log
"""
OPENS = "log = open('log.txt', 'w')"


@pytest.mark.parametrize("opens", [{"file_opens": OPENS}, {"scene_opens": OPENS}])
def test_what_a_scene_leaves_to_pythons_end_is_done_once(
    opens: dict[str, str], tmp_path: Path
) -> None:
    usual = {"file_opens": "", "scene_opens": ""}
    (tmp_path / "mine.py").write_text(ENDING.format(**usual | opens))
    done = run(tmp_path, "render", "mine.py", "-r", "192,108", "--fps", "10", "--jobs", "2")
    assert (done.returncode, done.stderr) == (0, "")
    written = (tmp_path / "log.txt").read_text().splitlines()
    assert written == [f"beat {count}" for count in range(1, 5)] + ["ended 4"]


def test_a_scene_may_change_its_folder(tmp_path: Path) -> None:
    lines = ("import os", "from manim import *", "class Mine(Scene):", "    def construct(self):")
    (tmp_path / "mine.py").write_text(
        "\n".join(
            (*lines, "        os.chdir('/'); self.add(Text('a')); self.wait(); os.chdir('/')")
        )
    )
    done = run(tmp_path, "render", "mine.py", "-r", "192,108", "--fps", "10", "--jobs", "2")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "media/videos/mine/108p10/Mine.mp4").is_file()


def test_no_module_beside_stands_in_for_a_library(folder: Path) -> None:
    small = ("-r", "192,108", "--fps", "10", "--jobs", "2")
    formats = ("--format", "mp4,gif,webm,webp,png")
    done = run(folder, "render", "mine.py", "Mine", *small, *formats, "--save-sections")
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "media/videos/mine/108p10/Mine.mp4").is_file()
    done = run(folder, "render", "mine.py", "Raises", *small)
    assert done.returncode == 1
    assert done.stderr.endswith("KeyError: 'key'\n")
    assert "ImportError" not in done.stderr


@pytest.mark.parametrize("name", ["manim", "numpy"])
def test_a_scenes_own_file_may_be_called_as_a_library(tmp_path: Path, name: str) -> None:
    lines = ("from manim import *", "class Mine(Scene):", "    def construct(self): self.wait()")
    (tmp_path / f"{name}.py").write_text("\n".join(lines))
    done = run(tmp_path, "render", f"{name}.py", "-r", "192,108", "--fps", "10")
    assert (done.returncode, done.stderr) == (0, "")


def test_nor_does_it_where_nothing_is_drawn(folder: Path) -> None:
    done = run(folder, "list", "mine.py")
    assert (done.stdout.split()[::2], done.stderr) == (["Mine", "Other", "Raises"], "")
    done = run(folder, "check", "mine.py", "Mine", "--at", "gif")
    assert "this is not" not in done.stderr
    assert done.returncode < 2


def test_manim_itself_is_called_so_too(folder: Path) -> None:
    done = run(folder, "render", "mine.py", "Mine", "-r", "192,108", "--fps", "10", "--stock")
    assert done.returncode == 0, done.stderr
