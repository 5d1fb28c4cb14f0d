"""Measure whole renders, manim's and ours in turn, imports and all: `python bench/render.py`."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

from processes import Cost, measure, peak_memory

_ONE = """\
import os, sys
from pathlib import Path
from pagereel.fast import RenderSettings, render_scene
file, name, target, jobs, exact, media = sys.argv[1:]
options = {"verbosity": "WARNING", "media_dir": media}
settings = RenderSettings(jobs=int(jobs), exact=exact == "exact", manim=options)
render_scene((Path(file), name), Path(target), settings)
"""


def main() -> None:
    """Print a table, and the pictures' quality if asked."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        commands = _commands(options, Path(folder))
        costs: dict[str, list[Cost]] = {way: [] for way in commands}
        for _ in range(options.runs):
            for way, command in commands.items():
                costs[way].append(measure(command))
        stock = next(Path(folder).rglob(f"1080p60/{options.scene}.mp4"))
        files = {way: Path(folder, f"{way}.mp4") for way in commands} | {"manim": stock}
        print(f"medians of {options.runs}; load {os.getloadavg()[0]:.1f}")
        print(f"{'':12}{'wall s':>8}{'times':>7}{'CPU s':>8}{'MB':>7}{'file kB':>9}")
        for way, runs in costs.items():
            wall = median(cost.wall for cost in runs)
            times = median(cost.wall for cost in costs["manim"]) / wall
            cpu, memory = median(cost.cpu for cost in runs), peak_memory(commands[way])
            size = files[way].stat().st_size / 1000
            print(f"{way:12}{wall:8.1f}{times:7.1f}{cpu:8.1f}{memory:7.0f}{size:9.0f}")
        if options.ssim:
            _print_quality(options, files)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, default=Path("scenes/paged_cache.py"))
    parser.add_argument("--scene", default="PagedCache")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2, help="processes of the parallel way")
    parser.add_argument("--ssim", action="store_true", help="compare with manim's images, too")
    return parser.parse_args()


def _commands(options: argparse.Namespace, folder: Path) -> dict[str, tuple[str, ...]]:
    file, scene, media = str(options.file), options.scene, str(folder / "media")
    manim = ("-m", "manim", "--hide-splash", "render", "-qh", "--disable_caching")
    quiet = ("--progress_bar", "none", "--verbosity", "WARNING", "--media_dir", media)

    def ours(way: str, jobs: int, exact: str = "") -> tuple[str, ...]:
        target = str(folder / f"{way}.mp4")
        return (sys.executable, "-c", _ONE, file, scene, target, str(jobs), exact, media)

    jobs = f"{options.jobs} jobs"
    return {
        "manim": ("env", "PAGEREEL_STOCK=1", sys.executable, *manim, *quiet, file, scene),
        "1 job": ours("1 job", 1),
        jobs: ours(jobs, options.jobs),
        "exact": ours("exact", 1, "exact"),
    }


def _print_quality(options: argparse.Namespace, files: dict[str, Path]) -> None:
    from av.video.reformatter import Colorspace  # noqa: PLC0415 (with ssim)
    from ssim import Video, compare  # noqa: PLC0415 (it imports manim)

    videos = {
        "manim": Video(files["manim"], Colorspace.ITU601),
        "1 job": Video(files["1 job"], Colorspace.ITU709),
    }
    print(f"{'':12}{'SSIM-Y least':>13}{'mean':>9}{'below .999':>12}")
    for way, values in compare(options.file, options.scene, videos).items():
        below = sum(value < 0.999 for value in values)
        print(f"{way:12}{min(values):13.5f}{sum(values) / len(values):9.5f}{below:12}")


if __name__ == "__main__":
    main()
