"""Measure what an image of `pagereel compare` takes, and one of `pagereel replay` of the same pool.

Two traces of one workload, of 4,096 and of 65,536 page frames, are compared; the larger is
replayed. An image costs what a longer film takes more than a shorter one, all processes together.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

from processes import measure

WORKLOAD = Path(__file__).parents[1] / "assets/workloads/page_sizes.toml"
_SECONDS = 20, 60  # of the films
_SIZES = 256, 16  # tokens of a page
_PAGEREEL = (sys.executable, "-m", "pagereel")


def main() -> None:
    """Print the milliseconds of an image of each, and how many times Replay's Compare's are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--resolution", default="960,540")
    parser.add_argument("--fps", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        sizes = ",".join(map(str, _SIZES))
        simulate = ("trace", "simulate", str(WORKLOAD), "--vary", f"page_size={sizes}")
        _run(*simulate, "-o", "t.jsonl")
        coarse, fine = (f"t-page_size-{size}.jsonl" for size in _SIZES)
        look = ("-r", options.resolution, "--fps", str(options.fps), "--jobs", "1")
        images = (_SECONDS[1] - _SECONDS[0]) * options.fps
        print(f"medians of {options.runs}; load {os.getloadavg()[0]:.1f}")
        costs: dict[str, list[float]] = {"replay": [], "compare": []}
        for _ in range(options.runs):
            for name, traces in (("replay", (fine,)), ("compare", (coarse, fine))):
                short, long = (
                    _run(name, *traces, "-o", f"{name}.mp4", "--seconds", str(seconds), *look)
                    for seconds in _SECONDS
                )
                costs[name].append(1000 * (long - short) / images)
        replay, compare = (median(costs[name]) for name in ("replay", "compare"))
        print(f"{replay:.2f} and {compare:.2f} ms an image: {compare / replay:.2f} times")


def _run(*words: str) -> float:
    """Run a command of ours; return the seconds of all processors."""
    return measure(("sh", "-c", '"$@" >/dev/null', "sh", *_PAGEREEL, *words)).cpu


if __name__ == "__main__":
    main()
