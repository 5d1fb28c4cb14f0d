"""Measure scenes as strangers write them, manim's renders and ours in turn, whole processes.

`python bench/strangers.py --quality l --only Ticker Sets --ssim`. Each run begins in an empty
folder, without what an earlier one has kept.
"""

from __future__ import annotations

import argparse
import ast
import compileall
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import mean, median

from av.video.reformatter import Colorspace
from processes import Cost, measure

import pagereel

FOLDER = Path(__file__).with_name("strangers").absolute()
WAYS = ("manim", "pagereel")
_SLOWER = 1.05  # how many times manim's time a scene may take
_LESS = 0.00005  # SSIM that is not worth telling


@dataclass(frozen=True, slots=True)
class Result:
    """What a scene took in one of the two ways.

    Attributes
    ----------
    cost
        Medians of all runs.
    size
        Of the file, in bytes.
    ssim
        Of its luma with manim's own images before encoding: the mean, and the least of an image.
        NaN, if not measured.
    """

    cost: Cost
    size: int
    ssim: tuple[float, float]


def main() -> None:
    """Print a table for each quality, and what is worst in it."""
    options = _options()
    os.environ["PYTHONHASHSEED"] = "0"  # some animations pair shapes by their hashes
    # As pip has compiled manim; a checkout is compiled when it is first used.
    compileall.compile_dir(Path(pagereel.__file__).parent, quiet=1)
    scenes = {name: file for name, file in _scenes().items() if name in (options.only or [name])}
    for quality in options.quality:
        print(f"-q{quality}: medians of {options.runs}; load {os.getloadavg()[0]:.1f}")
        print(
            f"{'':16}{'manim s':>9}{'ours s':>8}{'times':>7}{'CPU':>6}"
            f"{'kB':>8}{'ours':>8}{'share':>7}{'SSIM':>9}{'ours':>9}{'least':>9}{'ours':>9}"
        )
        found = []
        for name, file in scenes.items():
            both = _results(file, name, quality, options.runs, ssim=options.ssim)
            stock, ours = (both[way] for way in WAYS)
            found.append((name, stock, ours))
            print(
                f"{name:16}{stock.cost.wall:9.2f}{ours.cost.wall:8.2f}"
                f"{stock.cost.wall / ours.cost.wall:7.2f}{stock.cost.cpu / ours.cost.cpu:6.2f}"
                f"{stock.size / 1000:8.1f}{ours.size / 1000:8.1f}{ours.size / stock.size:7.2f}"
                f"{stock.ssim[0]:9.5f}{ours.ssim[0]:9.5f}{stock.ssim[1]:9.5f}{ours.ssim[1]:9.5f}",
                flush=True,
            )
        _summarize(found)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=_scenes(), metavar="SCENE")
    parser.add_argument("--quality", default="lh", help="manim's letters; lh if not given")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--ssim", action="store_true", help="compare with manim's images, too")
    return parser.parse_args()


def _scenes() -> dict[str, Path]:
    """Return the file of each scene."""
    return {
        node.name: file
        for file in sorted(FOLDER.glob("*.py"))
        for node in ast.parse(file.read_bytes()).body
        if isinstance(node, ast.ClassDef)
    }


def _results(file: Path, name: str, quality: str, runs: int, *, ssim: bool) -> dict[str, Result]:
    costs: dict[str, list[Cost]] = {way: [] for way in WAYS}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            for way, command in _commands(file, name, quality).items():
                place = Path(folder, way)
                place.mkdir()
                costs[way].append(measure(("env", "-C", str(place), *command)))
            videos = {way: next(Path(folder, way).rglob(f"{name}.mp4")) for way in WAYS}
            sizes = {way: video.stat().st_size for way, video in videos.items()}
            is_last = len(costs[WAYS[0]]) == runs
            seen = _ssim(file, name, videos) if ssim and is_last else {}
    nothing = float("nan"), float("nan")
    return {
        way: Result(
            Cost(median(cost.wall for cost in each), median(cost.cpu for cost in each)),
            sizes[way],
            seen.get(way, nothing),
        )
        for way, each in costs.items()
    }


def _commands(file: Path, name: str, quality: str) -> dict[str, tuple[str, ...]]:
    silent = ("sh", "-c", '"$@" >/dev/null', "sh", sys.executable, "-m")
    manim = ("manim", "--hide-splash", "render", "--disable_caching", "--progress_bar", "none")
    return {
        "manim": (*silent, *manim, "--verbosity", "ERROR", f"-q{quality}", str(file), name),
        "pagereel": (*silent, "pagereel", "render", "-q", quality, str(file), name),
    }


def _ssim(file: Path, name: str, videos: dict[str, Path]) -> dict[str, tuple[float, float]]:
    """Compare in a process of its own: the scenes must not find what others have left."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(_compared, file, name, videos).result()


def _compared(file: Path, name: str, videos: dict[str, Path]) -> dict[str, tuple[float, float]]:
    from ssim import Video, compare  # noqa: PLC0415 (it imports manim)

    matrices = dict(zip(WAYS, (Colorspace.ITU601, Colorspace.ITU709), strict=True))
    both = {way: Video(path, matrices[way]) for way, path in videos.items()}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # where manim lays out texts
        found = compare(file, name, both)
    return {way: (mean(values), min(values)) for way, values in found.items()}


def _summarize(found: list[tuple[str, Result, Result]]) -> None:
    times = {name: stock.cost.wall / ours.cost.wall for name, stock, ours in found}
    worst = min(times, key=lambda name: times[name])
    larger = [name for name, stock, ours in found if ours.size > stock.size]
    poorer = [name for name, stock, ours in found if ours.ssim[0] < stock.ssim[0] - _LESS]
    slower = [name for name, faster in times.items() if faster * _SLOWER < 1]
    print(f"median {median(times.values()):.2f} times as fast; worst {worst}, {times[worst]:.2f}")
    for words, names in (
        (f"slower than {_SLOWER} times manim's time", slower),
        ("larger than manim's file", larger),
        ("of less SSIM than manim's", poorer),
    ):
        print(f"{words}: {', '.join(names) or 'none'}")


if __name__ == "__main__":
    main()
