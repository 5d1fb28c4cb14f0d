"""Measure what a check costs beside a render by manim, in turn: `python bench/check.py`."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

from processes import measure

SCENES = {
    "PagedCache": Path("scenes/paged_cache.py"),
    "PagedCacheSeed": Path("tests/check/zoo/seed.py"),
}


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    print(f"medians of {runs}; load {os.getloadavg()[0]:.1f}")
    print(f"{'':16}{'manim -qh s':>12}{'check s':>9}{'share':>7}")
    for scene, file in SCENES.items():
        manim, check = (median(walls) for walls in _measure(file, scene, runs))
        print(f"{scene:16}{manim:12.1f}{check:9.1f}{check / manim:7.0%}")


def _measure(file: Path, scene: str, runs: int) -> tuple[list[float], list[float]]:
    """Run both in turn, so that what else the machine does hits both; return seconds."""
    quiet = ("--progress_bar", "none", "--verbosity", "ERROR")
    stock = ("env", "PAGEREEL_STOCK=1", sys.executable)
    render = ("-m", "manim", "--hide-splash", "render", "-qh", "--disable_caching", *quiet)
    # What it finds is not of interest here: an exit code of 1 is as good as 0.
    forgiving = ("sh", "-c", '"$@" >/dev/null 2>&1 || [ $? = 1 ]', "sh")
    check = (*forgiving, sys.executable, "-m", "pagereel", "check", str(file), scene)
    walls: tuple[list[float], list[float]] = ([], [])
    with tempfile.TemporaryDirectory() as media:
        into = ("--media_dir", media, str(file), scene)
        for _ in range(runs):
            walls[0].append(measure((*stock, *render, *into)).wall)
            walls[1].append(measure(check).wall)
    return walls


if __name__ == "__main__":
    main()
