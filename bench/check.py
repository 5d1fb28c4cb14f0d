"""Measure what a check costs beside a render by manim, in turn: `python bench/check.py`."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

from processes import Cost, measure

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
    print(f"{'':16}{'manim -qh s':>12}{'check s':>9}{'share':>7}{'CPU s':>8}{'':2}{'CPU s':>7}")
    for scene, file in SCENES.items():
        manim, check = _measure(file, scene, runs)
        walls = [median(cost.wall for cost in costs) for costs in (manim, check)]
        cpus = [median(cost.cpu for cost in costs) for costs in (manim, check)]
        share = f"{walls[1] / walls[0]:.0%}"
        print(f"{scene:16}{walls[0]:12.1f}{walls[1]:9.1f}{share:>7}{cpus[0]:8.1f}  {cpus[1]:7.1f}")


def _measure(file: Path, scene: str, runs: int) -> tuple[list[Cost], list[Cost]]:
    """Run both in turn, so that what else the machine does hits both."""
    quiet = ("--progress_bar", "none", "--verbosity", "ERROR")
    render = ("-m", "manim", "--hide-splash", "render", "-qh", "--disable_caching", *quiet)
    check = ("-m", "pagereel", "check", str(file), scene, "--jobs", "1")
    manim_costs, check_costs = [], []
    with tempfile.TemporaryDirectory() as media:
        for _ in range(runs):
            into = ("--media_dir", media, str(file), scene)
            manim_costs.append(measure((sys.executable, *render, *into)))
            # What it finds is not of interest here: an exit code of 1 is as good as 0.
            check_costs.append(
                measure(("sh", "-c", '"$@" >/dev/null || [ $? = 1 ]', "-", sys.executable, *check))
            )
    return manim_costs, check_costs


if __name__ == "__main__":
    main()
