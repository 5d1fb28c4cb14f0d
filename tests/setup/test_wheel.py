"""The wheel alone, in an environment and a folder in which there is nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STORY = """\
title = "From the wheel"
pool.frames = 8
[[events]]
arrive = "A"
pages = 2
caption = "A arrives."
"""
# A scene of another's, built from a part of ours.
BY_HAND = """\
from paged_cache import PagedCache, _TaskRow
class ByHand(PagedCache):
    def construct(self):
        self.opening("By hand.")
        row = _TaskRow(self, "A")
        row.arrive(0, 1)
        row.expand(2)
        row.finish()
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bin_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the `bin` of an environment into which the wheel was installed.

    Libraries come from this environment; pagereel does not, as the file that leads to the sources
    here (a .pth) does not count for a folder that is only on the path.
    """
    place = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place))
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = place.glob("*.whl")
    venv.create(place / "venv", symlinks=True)
    python = place / "venv" / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps")
    subprocess.run((*pip, "--no-index", str(wheel)), capture_output=True, check=True)
    (site,) = (place / "venv" / "lib").glob("python*/site-packages")
    (site / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return python.parent


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("PAGEREEL_", "PYTHON"))]:
        monkeypatch.delenv(name)
    return tmp_path


def run(program: Path, *arguments: str) -> str:
    done = subprocess.run((program, *arguments), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_works_in_an_empty_folder(bin_folder: Path, folder: Path) -> None:
    pagereel = bin_folder / "pagereel"
    where = run(bin_folder / "python", "-c", "import pagereel; print(pagereel.__file__)")
    assert Path(where.strip()).is_relative_to(bin_folder.parent)
    assert {line.split()[0] for line in run(pagereel, "list").splitlines()} >= {
        "PagedCache",
        "Replay",
    }
    (folder / "my.toml").write_text(STORY)
    shutil.copy(ROOT / "assets" / "traces" / "three_tasks.jsonl", folder / "trace.jsonl")
    small = ("-r", "192,108", "--fps", "5", "--json")
    for scene, story in (("PagedCache", "my.toml"), ("Replay", "trace.jsonl")):
        (made,) = json.loads(run(pagereel, "render", scene, "--story", story, *small))["scenes"]
        assert made["file"].startswith("media/videos/")
        assert (folder / made["file"]).stat().st_size == made["bytes"] > 0
    run(pagereel, "check", "PagedCache", "--story", "my.toml", "--at", "gif")
    run(pagereel, "doctor")
    assert {path.name for path in folder.iterdir()} == {"media", "my.toml", "trace.jsonl"}


def test_parts_of_our_scenes_can_be_used(bin_folder: Path, folder: Path) -> None:
    """`_TaskRow` travels with the scene that it stands beside."""
    show = "from pagereel.assets import SCENES; print(SCENES)"
    scenes = Path(run(bin_folder / "python", "-c", show).strip())
    assert scenes.is_relative_to(bin_folder.parent)
    shutil.copy(scenes / "paged_cache.py", folder)
    (folder / "by_hand.py").write_text(BY_HAND)
    (folder / "my.toml").write_text(STORY)
    small = ("--story", "my.toml", "-r", "192,108", "--fps", "5")
    run(bin_folder / "pagereel", "render", "by_hand.py", "ByHand", *small)
    assert (folder / "media/videos/by_hand/108p5/ByHand.mp4").is_file()
