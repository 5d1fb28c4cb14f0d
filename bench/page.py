"""Measure `pagereel watch` from a save to the picture in a browser: `python bench/page.py`.

Files are edited for real, in a copy of a story, and Chromium says when it shows what. It takes
what `make test BROWSER=1` sets up, and a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from edits import BEAT, copied, other_caption, other_color
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

_LONG = 600_000  # milliseconds in which all is drawn, even on a slow machine
# Notes the name of each still and film, with the time, once it is painted.
_NOTE = """
    window.shown = [];
    new MutationObserver(([change]) => {
      const name = change.target.dataset.shown;
      requestAnimationFrame(() => requestAnimationFrame(() =>
        window.shown.push([Date.now() / 1000, name])));
    }).observe(document.querySelector("#screen"), { attributeFilter: ["data-shown"] });
"""


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    with copied() as story, _watched(story) as address, _opened(address) as page:
        print(f"medians of {runs}; load {os.getloadavg()[0]:.1f}")
        for what, edited in (("caption", other_caption), ("colour", other_color)):
            times = [_edit(page, story, edited(story, number)) for number in range(runs)]
            still, film, every = (median(column) for column in zip(*times, strict=True))
            said = f"still in the page {still:.2f} s, film {film:.2f} s, all films {every:.1f} s"
            print(f"a {what} changed: {said}", flush=True)


@contextmanager
def _watched(story: Path) -> Iterator[str]:
    """Watch a story for a while; yields the page's address."""
    command = (sys.executable, "-m", "pagereel", "watch", "PagedCache", "--no-open")
    with subprocess.Popen(
        (*command, "--port", "0", "--story", story), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout  # noqa: S101 (it is a pipe)
        yield process.stdout.readline().split()[-1]
        process.send_signal(signal.SIGINT)


@contextmanager
def _opened(address: str) -> Iterator[Page]:
    """Open the page at the middle of a beat, when all is drawn."""
    found = filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    arguments = ["--disable-gpu", "--no-first-run", *["--no-sandbox"] * (os.geteuid() == 0)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=next(found), args=arguments)
        page = browser.new_page()
        page.goto(address)
        _rest(page)
        box = page.locator("#line li").filter(has_text=BEAT).bounding_box()
        assert box  # noqa: S101 (it is on the page)
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 5)
        _run(page, _NOTE)
        yield page
        browser.close()


def _edit(page: Page, story: Path, text: str) -> tuple[float, float, float]:
    """Save a story; return the seconds until the page has the beat's still, its film, and all."""
    _run(page, "window.shown = []")
    time.sleep(0.2)  # the page has reported where it is
    began = time.time()
    story.write_text(text)
    seen: dict[str, float] = {}
    while ".mp4" not in seen:
        time.sleep(0.05)
        for at, name in _run(page, "window.shown"):
            seen.setdefault(Path(name).suffix, at - began)
    while _run(page, "document.querySelectorAll('#line :is(.missing, .stale)').length"):
        time.sleep(0.05)
    every = time.time() - began
    _rest(page)
    return seen.get(".png", seen[".mp4"]), seen[".mp4"], every


def _rest(page: Page) -> None:
    """Wait until all is drawn and checked."""
    page.locator("#line li").first.wait_for(timeout=_LONG)
    page.locator("#status:empty").wait_for(state="attached", timeout=_LONG)


def _run(page: Page, script: str) -> Any:
    """Run a script in the page, which Playwright's own way cannot: the policy forbids eval."""
    session = page.context.new_cdp_session(page)
    done = session.send("Runtime.evaluate", {"expression": script, "returnByValue": True})
    session.detach()
    return done["result"].get("value")


if __name__ == "__main__":
    main()
