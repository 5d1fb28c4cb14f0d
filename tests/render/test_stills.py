"""Scenes that neither play nor wait: stills, as manim makes them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCENES = """\
from manim import *
class OnlyAdds(Scene):
    def construct(self):
        self.next_section("one")
        self.add(Circle(), Text("Far too small", font_size=8).shift(DOWN))
class Empty(Scene):
    def construct(self): pass
class Moves(Scene):
    def construct(self):
        self.add(Square())
        self.wait()
"""
SMALL = ("-r", "192,108", "--fps", "10")

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine.py").write_text(SCENES)
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command: tuple[str | Path, ...] = (Path(sys.executable).with_name("pagereel"), *arguments)
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_still_is_made_where_nothing_moves(folder: Path) -> None:
    done = run(folder, "render", "mine.py", *SMALL, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    made = {scene["scene"]: scene["file"] for scene in json.loads(done.stdout)["scenes"]}
    assert made == {
        "OnlyAdds": "media/images/mine/OnlyAdds.png",
        "Empty": "media/images/mine/Empty.png",
        "Moves": "media/videos/mine/108p10/Moves.mp4",
    }
    manim = (sys.executable, "-P", "-m", "manim", *SMALL, "--media_dir", "theirs", "mine.py")
    subprocess.run((*manim, "OnlyAdds"), cwd=folder, capture_output=True, check=True)
    (theirs,) = folder.glob("theirs/images/mine/*.png")
    assert (folder / made["OnlyAdds"]).read_bytes() == theirs.read_bytes()
    done = run(folder, "render", "mine.py", "OnlyAdds", *SMALL)
    assert done.stdout == f"{made['OnlyAdds']}  up to date\n"
    done = run(folder, "render", "mine.py", "OnlyAdds", *SMALL, "--stock", "--save-sections")
    assert (folder / made["OnlyAdds"]).read_bytes() == theirs.read_bytes()
    assert "a still" in done.stdout or "made by manim" in done.stdout


def test_another_format_is_refused(folder: Path) -> None:
    for media_format in ("gif", "mp4", "webm,png"):
        done = run(folder, "render", "mine.py", "OnlyAdds", *SMALL, "--format", media_format)
        assert done.returncode == 2
        message = "OnlyAdds: nothing plays or waits in it, so it is a still; take --format png\n"
        assert done.stderr == f"pagereel: {message}"
        assert "rendering" not in done.stdout
    assert run(folder, "render", "mine.py", "OnlyAdds", *SMALL, "--format", "png").returncode == 0


def test_a_still_is_checked_too(folder: Path) -> None:
    done = run(folder, "check", "mine.py", "OnlyAdds")
    assert "mine.py:2 text-too-small 'Far too small' has capitals of 11" in done.stdout
    assert done.returncode == 1
