"""A browser, and films to show in it.

Each test has a studio and a tab of its own; the browser is started once. What the page shows is
awaited by Playwright's `expect`, so no test depends on how fast the machine is.
"""

from __future__ import annotations

import os
import re
import shutil
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from made_up import COLORS, HEIGHT, RATE, SECONDS, WIDTH, MadeUpStudio, served, three_beats
from PIL import Image

from pagereel.fast.boxes import whole
from pagereel.fast.encode.mp4 import join
from pagereel.fast.encode.shard import ShardEncoder
from pagereel.fast.encode.x264 import VideoFormat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from manim.typing import PixelArray
    from playwright.sync_api import Browser, BrowserContext, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")  # as tools/system.sh looks for it
ON_A_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# It asks nobody for updates, and runs as root, as in CI.
QUIETLY = (
    *("--disable-background-networking", "--disable-component-update", "--disable-gpu"),
    *("--disable-quic", "--disable-sync", "--no-first-run"),
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    places = (shutil.which(name) for name in BROWSERS)
    mac = str(ON_A_MAC) if ON_A_MAC.exists() else None
    place = next((each for each in places if each), mac)
    if place is None:
        end = pytest.fail if request.config.getoption("--browser") else pytest.skip
        end("there is no Chromium; `make test BROWSER=1` installs it")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=place, args=QUIETLY)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a still and a film for each colour, drawn by our own encoder."""
    folder = tmp_path_factory.mktemp("media")
    for name, color in COLORS.items():
        pixels: PixelArray = np.full((HEIGHT, WIDTH, 4), (*color, 255), np.uint8)
        Image.fromarray(pixels).save(folder / f"{name}.png")
        video = VideoFormat(WIDTH, HEIGHT, Fraction(RATE))
        encoder = ShardEncoder(folder / "shard.mp4", video)
        encoder.add(pixels, whole(WIDTH, HEIGHT), round(RATE * SECONDS))
        encoder.finish()
        join([folder / "shard.mp4"], folder / f"{name}.mp4", Fraction(RATE))
    return folder


@pytest.fixture
def studio(media: Path) -> MadeUpStudio:
    return MadeUpStudio(media, three_beats())


@pytest.fixture
def port(studio: MadeUpStudio) -> Iterator[int]:
    with served(studio) as port:
        yield port


@pytest.fixture(scope="session")
def window(browser: Browser) -> BrowserContext:
    """Return a window for all tests: opening one takes longer than most of them.

    It stays open as long as it has a tab, so it has an empty one.
    """
    opened = browser.new_context(viewport={"width": 1000, "height": 700})
    opened.new_page()
    return opened


@pytest.fixture
def page(window: BrowserContext, port: int) -> Iterator[Page]:
    """Return a tab with the page, which must complain about nothing.

    What a page stores is its own: each test has another port.
    """
    tab = window.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.goto(f"http://127.0.0.1:{port}/")
    tab.wait_for_selector("#screen[data-shown]")
    yield tab
    for each in window.pages[1:]:
        each.close()
    # The browser itself tells of answers that refuse something, or of media of an older state.
    told = re.compile("status of (422|404)")
    assert [each for each in complaints if not told.search(each)] == []
