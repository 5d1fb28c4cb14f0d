"""What manim cannot use of its settings is said in one line, whichever command finds it."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from manim import tempconfig

from pagereel.discovery.load import load_scene, require_drawable
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
        ("config.pixel_width = 10000000", "", RENDER),
        ("config.pixel_height = 40000", "", CHECK),
        ("config.frame_width = 1e+200", "", RENDER),
        ("config.frame_rate = '30'", "", RENDER),
        ("", "config.frame_rate = 0", RENDER),
        ("", "config.frame_rate = 0", CHECK),
        ("", "config.frame_rate = 1e-09", CHECK),
    ],
)
def test_a_number_with_which_nothing_is_drawn_is_one_line(
    tmp_path: Path, before: str, within: str, command: tuple[str, ...]
) -> None:
    (tmp_path / "mine.py").write_text(SCENE.format(before=before, within=within))
    which = (before or within).removeprefix("config.").replace("'", "")
    line = f"pagereel: Mine: manim's setting {which}: nothing can be drawn with that; correct it\n"
    assert said(tmp_path, *command) == line


@pytest.mark.parametrize(
    ("setting", "value", "drawn"),
    [
        ("frame_width", 0.0, False),
        ("frame_width", float("nan"), False),
        ("frame_width", float("inf"), False),
        ("frame_width", -8.0, True),
        ("frame_width", 1e200, False),
        ("frame_width", 1e-200, False),
        ("frame_width", "14", False),
        ("pixel_height", 0, False),
        ("pixel_height", 1, True),
        ("pixel_width", 32_767, True),
        ("pixel_width", 32_768, False),
        ("frame_rate", -3, False),
        ("frame_rate", float("inf"), False),
        ("frame_rate", 0.5, True),
        ("frame_rate", 1e-9, False),
        ("frame_rate", True, False),
        ("frame_rate", "30", False),
        ("frame_rate", None, False),
        ("frame_rate", Fraction(30_000, 1001), True),
    ],
)
def test_which_values_nothing_is_drawn_with(setting: str, value: object, *, drawn: bool) -> None:
    with tempconfig({setting: value}):
        if drawn:
            require_drawable("Mine", setting)
        else:
            with pytest.raises(RequestError, match=f"Mine: manim's setting {setting} = "):
                require_drawable("Mine", setting)


def test_pictures_for_which_there_is_not_enough_memory_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.py").write_text("from manim import *\nclass Mine(Scene): pass\n")
    pages = {"SC_PHYS_PAGES": 1000, "SC_PAGE_SIZE": 4096}
    monkeypatch.setattr(os, "sysconf", pages.get)
    with tempconfig({"pixel_width": 300, "pixel_height": 300}):
        load_scene(tmp_path / "mine.py", "Mine")
    says = (
        "^Mine: pictures of 400 x 300 pixels take 0.005 GB of memory, more than there is; make them"
    )
    with (
        tempconfig({"pixel_width": 400, "pixel_height": 300}),
        pytest.raises(RequestError, match=says),
    ):
        load_scene(tmp_path / "mine.py", "Mine")
