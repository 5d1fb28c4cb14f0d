"""manim's own command line, for what the fast renderer leaves to it or is not to do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pagereel.errors import RenderError
from pagereel.render.formats.registry import FORMATS
from pagereel.render.job import MEDIA, worker_environment
from pagereel.render.process import started
from pagereel.render.workplace import SECTIONS

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.render.job import Job


def require_possible(job: Job) -> None:
    """Raise a `RenderError` if manim cannot make what is wanted."""
    for each in job.request.formats:
        if not FORMATS[each].by_stock:
            raise RenderError(f"{job.scene}: manim makes no {each}; leave that out")
    if not job.request.is_whole:
        raise RenderError(f"{job.scene}: manim makes all sections or none; take --save-sections")


def stock_command(
    job: Job, media_format: str, folder: Path, *, verbose: bool, terminal: bool
) -> tuple[str, ...]:
    """Return how manim is called to render one format into a folder."""
    video, made = job.request.video, FORMATS[media_format]
    fps = made.playable(video.fps)
    has_sections = job.request.sections and made.has_subtitles
    return (
        # -P: as with the command `manim`, modules in the current folder are not found first
        *(sys.executable, "-P", "-m", "manim", "--hide-splash", "render"),
        *("-r", f"{video.width},{video.height}", "--fps", f"{fps:g}", "--format", media_format),
        *(("--save_sections",) if has_sections else ()),
        *("--disable_caching", "--verbosity", "INFO" if verbose else "WARNING"),
        *(() if terminal else ("--progress_bar", "none")),  # bars would fill a log
        *("--media_dir", str(folder), "-o", job.stem, str(job.request.file), job.scene),
    )


def render_stock(job: Job, folder: Path, *, verbose: bool, json: bool) -> int:
    """Have manim render a scene into a folder, and speak for itself; return its exit code.

    One format is rendered after the other. Two renderings at the same time would meet in manim's
    folder of partial videos: each has its own. Texts and formulas are kept where manim keeps them.
    """
    require_possible(job)
    for name in () if job.alone else ("Tex", "texts"):
        (MEDIA / name).mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to((MEDIA / name).absolute())
    terminal = sys.stderr.isatty() and not json
    environment = {**worker_environment(), **job.request.options.environment(stock=True)}
    for each in job.request.formats:
        command = stock_command(job, each, folder, verbose=verbose, terminal=terminal)
        with started(command, environment, stdout=sys.stderr if json else None) as worker:
            code = worker.wait()
        if code:
            return code
        _collect(job, folder)
    return 0


def _collect(job: Job, folder: Path) -> None:
    """Move what manim made to the top of the folder, and add what it does not make."""
    from pagereel.render.formats.encode import write_webvtt  # noqa: PLC0415 (the command is quick)

    for made in (*folder.glob("videos/*/*/*.*"), *folder.glob("images/*/*.*")):
        made.replace(folder / made.name)
    for made in folder.glob(f"videos/*/*/{SECTIONS}/*"):
        (folder / SECTIONS).mkdir(exist_ok=True)
        if not (folder / SECTIONS / made.name).exists():  # the index is of the first format
            made.replace(folder / SECTIONS / made.name)
    write_webvtt(folder / f"{job.stem}.srt")
