"""The page with a real studio behind it, from a save to the picture."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

expect = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is not installed; `make test BROWSER=1` installs it"
).expect
SCENE = """from manim import Scene, Square

class Mine(Scene):
    def construct(self):
        print("hello from the scene")
        self.next_section("first")
        self.wait(0.5)
        self.next_section("second")
        self.add(Square(color="#FF0000", fill_opacity=1))
        self.wait(0.5)
"""
LONG = 120_000  # milliseconds; manim is imported on a machine that is busy


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    (tmp_path / "mine.py").write_text(SCENE)
    command = (sys.executable, "-m", "pagereel", "watch", "mine.py", "--no-open", "--port", "0")
    with subprocess.Popen(
        (*command, "-r", "160,90"), cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.terminate()


@pytest.mark.slow
def test_a_save_is_seen(browser: Browser, watching: subprocess.Popen[str], tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    assert watching.stdout
    page = browser.new_page()
    page.goto(watching.stdout.readline().split()[-1])
    screen = page.locator("#screen")
    expect(page.locator("#line li b")).to_have_text(["first", "second"], timeout=LONG)
    page.keyboard.press("ArrowRight")
    expect(screen).to_have_attribute("data-shown", re.compile("mp4$"), timeout=LONG)
    expect(page.locator("#beats .here .place")).to_have_text("mine.py:10")
    expect(page.locator("#printed pre")).to_contain_text("hello from the scene")
    before = screen.get_attribute("data-shown")
    file.write_text(SCENE.replace("Square(", "Square(3, "))
    film = re.compile(f"^(?!{before}).*mp4$")
    expect(screen).to_have_attribute("data-shown", film, timeout=LONG)
    expect(page.locator("#beats .here h3 button")).to_have_text("second")
    file.write_text(SCENE.replace("Square(color", "Sqare(color"))
    expect(page.locator("#error .place")).to_have_text("mine.py:9", timeout=LONG)
    file.write_text(SCENE)
    expect(page.locator("#error")).to_be_hidden(timeout=LONG)
    watching.send_signal(signal.SIGINT)
    assert watching.wait(timeout=60) == 130
    expect(page.get_by_text("The server is gone, trying again")).to_be_visible()
    page.close()
