"""Time all scenes of scenes/: in one `pagereel render`, and with `manim -qh` scene by scene.

`python bench/reel.py --quality l --only PagedCache Replay`. Each run begins in an empty folder.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from processes import measure

from pagereel.discovery import choose_scenes

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Print what each scene takes in both ways, and what all of them take."""
    options = _options()
    scenes = {scene.name: scene.file.absolute() for scene in choose_scenes([])}
    chosen = {name: file for name, file in scenes.items() if name in (options.only or scenes)}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "scenes").symlink_to(ROOT / "scenes")
        os.chdir(folder)
        began = time.perf_counter()
        made = _render(options.quality, chosen)
        ours = time.perf_counter() - began
        print(f"{'':20}{'images':>8}{'ours s':>8}{'ms/image':>10}{'manim s':>9}{'times':>7}")
        theirs = 0.0
        stock = ("env", "PAGEREEL_STOCK=1", sys.executable)
        manim = ("-m", "manim", "--hide-splash", "render", f"-q{options.quality}")
        quiet = ("--disable_caching", "--progress_bar", "none", "--verbosity", "WARNING")
        command = (*stock, *manim, *quiet, "--media_dir", "theirs")
        for name, file in chosen.items():
            seconds = measure((*command, str(file), name)).wall
            images, took = made[name]
            theirs += seconds
            print(
                f"{name:20}{images:8}{took:8.1f}{1000 * took / images:10.1f}{seconds:9.1f}"
                f"{seconds / took:7.1f}",
                flush=True,
            )
    print(f"all, whole processes: {ours:.1f} s and {theirs:.1f} s, {theirs / ours:.1f} times")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="SCENE")
    parser.add_argument("--quality", default="h", help="a letter of manim's")
    return parser.parse_args()


def _render(quality: str, scenes: dict[str, Path]) -> dict[str, tuple[int, float]]:
    """Render all in one call; return how many images each has, and the seconds that it took."""
    command = (sys.executable, "-m", "pagereel", "render", *scenes, "-q", quality, "--json")
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    facts = json.loads(answer.stdout)["scenes"]
    return {each["scene"]: (each["images"], each["took"]) for each in facts}


if __name__ == "__main__":
    main()
