"""Measure GIFs, manim's and ours in turn, whole processes: `python bench/gif.py`."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from processes import Cost, measure, peak_memory

WIDTH, HEIGHT, FPS = 960, 540, 20


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, default=Path("scenes/paged_cache.py"))
    parser.add_argument("--scene", default="PagedCache")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands = _commands(options.file.absolute(), options.scene, folder)
        costs: dict[str, list[Cost]] = {way: [] for way in commands}
        for _ in range(options.runs):
            for way, command in commands.items():
                costs[way].append(measure(command))
        most = {way: peak_memory(command) for way, command in commands.items()}
        files = {way: next((folder / way).rglob("*.gif")) for way in commands}
        sizes = {way: file.stat().st_size for way, file in files.items()}
    load = os.getloadavg()[0]
    print(f"medians of {options.runs}; {WIDTH}x{HEIGHT}, {FPS} images/s; load {load:.1f}")
    print(f"{'':8}{'wall s':>8}{'times':>7}{'CPU s':>8}{'times':>7}{'MB':>7}{'file MB':>9}")
    first = next(iter(costs.values()))
    for way, runs in costs.items():
        wall, cpu = (median(getattr(c, key) for c in runs) for key in Cost.__slots__)
        faster, cheaper = (
            median(getattr(cost, key) for cost in first) / value
            for key, value in (("wall", wall), ("cpu", cpu))
        )
        print(
            f"{way:8}{wall:8.1f}{faster:7.1f}{cpu:8.1f}{cheaper:7.1f}{most[way]:7.0f}"
            f"{sizes[way] / 1e6:9.1f}"
        )


def _commands(file: Path, scene: str, folder: Path) -> dict[str, tuple[str, ...]]:
    manim = ("-m", "manim", "--hide-splash", "render", "--format", "gif", "--disable_caching")
    quiet = ("--progress_bar", "none", "--verbosity", "ERROR")
    size = ("-r", f"{WIDTH},{HEIGHT}", "--fps", str(FPS))
    ours = folder / "ours"
    ours.mkdir()
    # pagereel writes into the folder where it is called, and asks whether it has to.
    script = 'cd "$1" && shift && exec "$@" >/dev/null'
    shell = (shutil.which("sh") or "sh", "-c", script, "sh", str(ours))
    pagereel = (sys.executable, "-m", "pagereel", "render", str(file), scene)
    return {
        "manim": (
            *(sys.executable, *manim, *quiet, *size, "--media_dir", str(folder / "manim")),
            *(str(file), scene),
        ),
        "ours": (*shell, *pagereel, *size, "--format", "gif", "--force"),
    }


if __name__ == "__main__":
    main()
