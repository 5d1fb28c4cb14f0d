"""What manim cannot use of its settings is said in one line, whichever command finds it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from manim import tempconfig

from pagereel.discovery.load import require_drawable
from pagereel.errors import RequestError

COMMAND = Path(sys.executable).with_name("pagereel")
SCENE = """\
from manim import *
{before}
class Base(Scene):
    def construct(self):
        {within}
        self.play(Create(Square()), run_time=0.2)
Mine = type("Mine", (Base,), {{}})
"""
RENDER = ("render", "mine.py", "Mine", "-r", "192,108")
CHECK = ("check", "mine.py", "Mine", "--at", "gif")


def said(folder: Path, *command: str) -> str:
    """Return what a command says that cannot do what it is asked for."""
    made = subprocess.run(
        [COMMAND, *command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert made.returncode == 2, made.stderr
    return made.stderr


@pytest.mark.parametrize(
    ("setting", "why", "command"),
    [
        ("seed = 3.5", "invalid literal for int() with base 10: '3.5'", RENDER),
        ("seed = 3.5", "invalid literal for int() with base 10: '3.5'", CHECK),
        ("seed = 3.5", "invalid literal for int() with base 10: '3.5'", ("list", "mine.py")),
        ("renderer = vulkan", "'vulkan' is not a valid RendererType", (*RENDER, "--stock")),
        ("zero_pad = 99", "zero_pad must be an integer such that 0 <= zero_pad <= 9", CHECK),
        ("frame_width = nan", "cannot convert float NaN to integer", RENDER),
    ],
)
def test_what_manim_refuses_is_one_line(
    tmp_path: Path, setting: str, why: str, command: tuple[str, ...]
) -> None:
    (tmp_path / "mine.py").write_text(SCENE.format(before="", within=""))
    (tmp_path / "manim.cfg").write_text(f"[CLI]\n{setting}\n")
    line = f"pagereel: manim.cfg: manim cannot use it: {why}; correct it\n"
    assert said(tmp_path, *command) == line


@pytest.mark.parametrize(
    ("before", "within", "command"),
    [
        ("config.pixel_width = 0", "", RENDER),
        ("config.frame_width = 0", "", CHECK),
        ("", "config.frame_rate = 0", RENDER),
        ("", "config.frame_rate = 0", CHECK),
    ],
)
def test_a_number_with_which_nothing_is_drawn_is_one_line(
    tmp_path: Path, before: str, within: str, command: tuple[str, ...]
) -> None:
    (tmp_path / "mine.py").write_text(SCENE.format(before=before, within=within))
    which = (before or within).removeprefix("config.")
    line = f"pagereel: Mine: manim's setting {which}: nothing can be drawn with that; correct it\n"
    assert said(tmp_path, *command) == line


@pytest.mark.parametrize(
    ("setting", "value", "drawn"),
    [
        ("frame_width", 0.0, False),
        ("frame_width", float("nan"), False),
        ("frame_width", float("inf"), False),
        ("frame_width", -8.0, True),
        ("pixel_height", 0, False),
        ("frame_rate", -3, False),
        ("frame_rate", float("inf"), False),
        ("frame_rate", 0.5, True),
    ],
)
def test_which_numbers_nothing_is_drawn_with(setting: str, value: float, *, drawn: bool) -> None:
    with tempconfig({setting: value}):
        if drawn:
            require_drawable("Mine", setting)
        else:
            with pytest.raises(RequestError, match=f"Mine: manim's setting {setting} = "):
                require_drawable("Mine", setting)
