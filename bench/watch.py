"""Measure `pagereel watch` from a save to the picture, and what it takes: `python bench/watch.py`.

Files are edited for real, in a copy of a story. The page's part, from the picture to the screen of
a browser, is not in these numbers. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import re
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from threading import Event
from typing import TYPE_CHECKING, Any

from edits import BEAT, copied, other_caption, other_color

from pagereel.discovery import choose_scenes
from pagereel.request import SceneOptions
from pagereel.watch.studio import LiveStudio

if TYPE_CHECKING:
    from collections.abc import Callable

_IDLE = 10.0  # seconds
_SAVES, _BURST = 50, 5.0  # how many quick saves there are, in how many seconds
_SOME = 50  # edits after which the memory is measured
_TICKS = os.sysconf("SC_CLK_TCK")


class Page:
    """What a page would see of a studio."""

    def __init__(self, story: Path) -> None:
        scenes = choose_scenes(["PagedCache"], story)
        self.studio = LiveStudio(scenes, SceneOptions(story=story))
        self._news = Event()
        self.studio.subscribe(self._news.set)

    def until(self, reached: Callable[[dict[str, Any]], bool]) -> float:
        """Wait for a state; return how many seconds that took."""
        began = time.perf_counter()
        while not reached(self.studio.state()):
            self._news.wait()
            self._news.clear()
        return time.perf_counter() - began

    def look(self, name: str) -> int:
        """Stand in the middle of a beat; return its number."""
        beats = self.studio.state()["beats"]
        number = next(beat["number"] for beat in beats if beat["name"] == name)
        self.studio.look(number, beats[number]["seconds"] / 2)
        return int(number)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--edits", type=int, default=300, help="one after another, for the memory")
    options = parser.parse_args()
    with copied() as story:
        page = Page(story)
        with closing(page.studio):
            page.studio.start()
            page.until(_is_drawn)
            print(f"medians of {options.runs}; load {os.getloadavg()[0]:.1f}")
            for what, edited in (("caption", other_caption), ("colour", other_color)):
                times = [_edit(page, story, edited(story, n)) for n in range(options.runs)]
                _print(f"a {what} changed", times)
            before, text = story.read_text(), other_color(story, options.runs)
            _edit(page, story, text)
            _print("an edit undone", [_edit(page, story, before)])
            page.until(_is_at_rest)
            _print_idle()
            _print_burst(page, story)
            _print_memory(page, story, options.edits)


def _edit(page: Page, story: Path, text: str) -> tuple[float, float, float]:
    """Save a story; return the seconds until the still, the beat's film, and all films."""
    number = page.look(BEAT)
    version = page.studio.state()["version"] + 1
    began = time.perf_counter()
    story.write_text(text)

    def has(state: dict[str, Any], part: str) -> bool:
        beat = state["beats"][number]
        return state["version"] == version and beat[part] is not None and not beat["stale"]

    times = []
    for reached in (
        lambda state: has(state, "still"),
        lambda state: has(state, "film"),
        lambda state: state["version"] == version and _is_drawn(state),
    ):
        page.until(reached)
        times.append(time.perf_counter() - began)
    still, film, every = times
    return still, film, every


def _is_drawn(state: dict[str, Any]) -> bool:
    beats = state["beats"]
    is_through = not state["busy"] or state["busy"].startswith("checks")
    return bool(beats) and is_through and all(b["film"] and not b["stale"] for b in beats)


def _is_shown(number: int, version: int, state: dict[str, Any]) -> bool:
    return state["version"] == version and not state["beats"][number]["stale"]


def _is_at_rest(state: dict[str, Any]) -> bool:
    return not state["busy"]


def _print(what: str, times: list[tuple[float, float, float]]) -> None:
    still, film, every = (median(column) for column in zip(*times, strict=True))
    print(f"{what}: still {still:.2f} s, the beat's film {film:.2f} s, all films {every:.1f} s")


def _print_idle() -> None:
    before, began = _cpu_seconds(), time.perf_counter()
    time.sleep(_IDLE)
    share = (_cpu_seconds() - before) / (time.perf_counter() - began)
    print(f"at rest: {share:.1%} of a core, {_memory():.0f} MB in {len(_family())} processes")


def _print_burst(page: Page, story: Path) -> None:
    before = page.studio.state()["version"]
    for count in range(_SAVES):
        story.write_text(other_caption(story, 50 + count))
        time.sleep(_BURST / _SAVES)
    seconds = page.until(lambda state: not _is_at_rest(state))
    seconds += page.until(_is_drawn)
    orders = page.studio.state()["version"] - before
    print(f"{_SAVES} saves in {_BURST:.0f} s: begun {orders} times, drawn {seconds:.1f} s after it")


def _print_memory(page: Page, story: Path, edits: int) -> None:
    """Edit as soon as there is a still, as someone does who types without a break."""
    _print_memory_after(0)
    number = page.look(BEAT)
    for count in range(1, edits + 1):
        version = page.studio.state()["version"] + 1
        story.write_text(other_caption(story, 100 + count))
        page.until(partial(_is_shown, number, version))
        if count in (_SOME, edits) or not count % (6 * _SOME):
            page.until(_is_drawn)
            page.until(_is_at_rest)
            _print_memory_after(count)


def _print_memory_after(edits: int) -> None:
    parts = " + ".join(f"{_memory_of(process):.0f}" for process in _family())
    print(f"after {edits} edits: {_memory():.0f} MB ({parts})", flush=True)


def _family() -> list[int]:
    """Return this process and all that it has started, directly or not."""
    family = [os.getpid()]
    for process in family:
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            family += map(int, children.read_text().split())
    return family


def _cpu_seconds() -> float:
    total = 0
    for process in _family():
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        total += sum(map(int, fields[11:13]))
    return total / _TICKS


def _memory() -> float:
    return sum(map(_memory_of, _family()))


def _memory_of(process: int) -> float:
    """Return megabytes; what processes share counts once."""
    sizes = Path(f"/proc/{process}/smaps_rollup").read_text()
    return sum(map(int, re.findall(r"^Pss: +(\d+)", sizes, re.MULTILINE))) / 1000


if __name__ == "__main__":
    main()
