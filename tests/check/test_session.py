"""A scene is checked in quiet, and by its own settings as manim would have them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from manim import config
from PIL import Image

from pagereel.check.output import parse_outputs
from pagereel.check.playing import scene_class

if TYPE_CHECKING:
    from pathlib import Path

MINE = """\
from manim import *


class Mine(Scene):
    def construct(self):
        word = Text("small", font="No Such Font", font_size=9)
        self.play(
            FadeIn(word),
            run_time=0.001,
        )


class Other(Scene):
    def construct(self):
        helper()


def helper():
    raise ValueError("not today")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mine")
    (folder / "mine.py").write_text(MINE)
    return folder


@pytest.fixture(scope="module")
def done(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check both scenes, of which one raises."""
    command = "pagereel check mine.py Mine Other --at gif --format json --stills stills"
    return subprocess.run(
        (sys.executable, "-m", *command.split()),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_findings_only(done: subprocess.CompletedProcess[str], folder: Path) -> None:
    """manim warns of the font and of the run time; both are findings or none, but no noise."""
    found = {finding["rule"]: finding for finding in json.loads(done.stdout)}
    assert found.keys() == {"text-too-small", "missing-font"}
    assert {finding["line"] for finding in found.values()} == {7}
    assert len([*(folder / "stills").iterdir()]) == 2
    with Image.open(folder / found["text-too-small"]["still"]) as picture:
        assert picture.size == (960, 540)
        left, top, _, _ = found["text-too-small"]["spot"]
        around = picture.crop((int(left) - 9, int(top) - 9, int(left), int(top)))
    assert (255, 212, 0) in {color for _, color in around.getcolors() or ()}


def test_only_the_users_own_lines_of_a_traceback(
    done: subprocess.CompletedProcess[str], folder: Path
) -> None:
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "pagereel: mine.py: the scene raised",
        f'  File "{folder}/mine.py", line 15, in construct',
        "    helper()",
        f'  File "{folder}/mine.py", line 19, in helper',
        '    raise ValueError("not today")',
        "ValueError: not today",
    ]
    assert not (folder / "media").exists()


def test_what_manim_would_read_half_written_is_not_shared(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MINE)
    (output,) = parse_outputs(["gif"])
    with scene_class(tmp_path / "mine.py", "Mine", output, media=tmp_path / "kept"):
        assert config.get_dir("media_dir") == tmp_path / "kept"
        own = {config.get_dir(name) for name in ("text_dir", "tex_dir")}
    assert not [folder for folder in own if folder.is_relative_to(tmp_path)]
