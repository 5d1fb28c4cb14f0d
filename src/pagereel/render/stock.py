"""manim's own command line, for what the fast renderer leaves to it or is not to do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pagereel.render.job import MEDIA
from pagereel.render.process import started
from pagereel.render.subtitles import write_webvtt

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.render.job import Job


_STOCK = "PAGEREEL_STOCK"  # by which our own scenes hear that manim is to draw


def stock_command(job: Job, folder: Path, *, verbose: bool, terminal: bool) -> tuple[str, ...]:
    """Return how manim is called to render into a folder."""
    video = job.video
    return (
        *(sys.executable, "-m", "manim", "--hide-splash", "render"),
        *("-r", f"{video.width},{video.height}", "--fps", f"{video.fps:g}"),
        *("--disable_caching", "--verbosity", "INFO" if verbose else "WARNING"),
        *(() if terminal else ("--progress_bar", "none")),  # bars would fill a log
        *("--media_dir", str(folder), "-o", job.scene.name, str(job.scene.file), job.scene.name),
    )


def render_stock(job: Job, folder: Path, *, verbose: bool, json: bool) -> int:
    """Have manim render a scene into a folder, and speak for itself; return its exit code.

    Two renderings at the same time would meet in manim's folder of partial videos: each has its
    own. Texts and formulas are kept where manim keeps them.
    """
    for name in ("Tex", "texts"):
        (MEDIA / name).mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to((MEDIA / name).absolute())
    terminal = sys.stderr.isatty() and not json
    command = stock_command(job, folder, verbose=verbose, terminal=terminal)
    environment = {**job.environment, _STOCK: "1"}
    with started(command, environment, stdout=sys.stderr if json else None) as worker:
        code = worker.wait()
    if code == 0:
        _collect(job, folder)
    return code


def _collect(job: Job, folder: Path) -> None:
    """Move what manim made to the top of the folder, and add what it does not make."""
    for made in (folder / "videos").rglob(f"{job.scene.name}.*"):
        made.replace(folder / made.name)
    write_webvtt(folder / f"{job.scene.name}.srt")
