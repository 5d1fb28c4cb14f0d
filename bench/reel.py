"""Time all scenes of scenes/: with `pagereel render` and with `manim -qh`, whole processes.

First all of them in one `pagereel render`, as `make render` does, which draws several side by side;
then scene by scene. `python bench/reel.py --quality l --only PagedCache Replay`. Each run of
`pagereel` begins with nothing drawn.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from processes import measure

from pagereel.discovery import choose_scenes

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Print what each scene takes in both ways, and the size of its video; then what all take."""
    options = _options()
    scenes = {scene.name: scene.file.absolute() for scene in choose_scenes([])}
    chosen = {name: file for name, file in scenes.items() if name in (options.only or scenes)}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "scenes").symlink_to(ROOT / "scenes")
        os.chdir(folder)
        images, together = _render(options.quality, *chosen)
        print(
            f"{'':20}{'images':>8}{'ours s':>8}{'ms/image':>10}{'manim s':>9}{'times':>7}"
            f"{'kB':>9}{'manim':>9}"
        )
        theirs = 0.0
        stock = ("env", "PAGEREEL_STOCK=1", sys.executable)
        manim = ("-m", "manim", "--hide-splash", "render", f"-q{options.quality}")
        quiet = ("--disable_caching", "--progress_bar", "none", "--verbosity", "WARNING")
        command = (*stock, *manim, *quiet, "--media_dir", "theirs")
        for name, file in chosen.items():
            _, ours = _render(options.quality, name)
            seconds = measure((*command, str(file), name)).wall
            theirs += seconds
            print(
                f"{name:20}{images[name]:8}{ours:8.1f}{1000 * ours / images[name]:10.1f}"
                f"{seconds:9.1f}{seconds / ours:7.1f}"
                f"{_size('media', name):9.1f}{_size('theirs', name):9.1f}",
                flush=True,
            )
    print(f"all in one call: {together:.1f} s and {theirs:.1f} s, {theirs / together:.1f} times")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="SCENE")
    parser.add_argument("--quality", default="h", help="a letter of manim's")
    return parser.parse_args()


def _render(quality: str, *scenes: str) -> tuple[dict[str, int], float]:
    """Render scenes in one call; return how many images each has, and the seconds of the call."""
    shutil.rmtree("media", ignore_errors=True)
    began = time.perf_counter()
    command = (sys.executable, "-m", "pagereel", "render", *scenes, "-q", quality, "--json")
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    seconds = time.perf_counter() - began
    facts = json.loads(answer.stdout)["scenes"]
    return {each["scene"]: each["images"] for each in facts}, seconds


def _size(folder: str, scene: str) -> float:
    """Return the size of a scene's video in a folder, in kB."""
    return next(Path(folder).rglob(f"{scene}.mp4")).stat().st_size / 1000


if __name__ == "__main__":
    main()
