"""`pagereel replay`: a trace in, a video out, and nothing else on the disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.assets import REPLAY
from pagereel.errors import RenderError
from pagereel.options import LONGEST_FILM, SHORTEST_FILM, seconds
from pagereel.render.catalog import SceneSource
from pagereel.render.command import add_running_options, add_size_options, carry_out
from pagereel.render.job import Job, Way
from pagereel.render.screen import Screen
from pagereel.render.video import ASPECTS, chosen_video, shaped
from pagereel.trace import follow, open_trace

if TYPE_CHECKING:
    import argparse


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what `pagereel replay` understands, but for the theme."""
    parser.add_argument("trace", type=Path, help="a trace: .jsonl, or .jsonl.gz")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE.mp4",
        help="the video; named as the trace, in this folder, if not given",
    )
    parser.add_argument(
        "--seconds",
        type=seconds,
        metavar="N",
        help=f"how long it is to be, from {SHORTEST_FILM} to {LONGEST_FILM}; 45 if not given, "
        "and less for a trace of few events",
    )
    add_size_options(parser)
    parser.add_argument("--aspect", choices=ASPECTS, help="the picture's shape; 16:9 if not given")
    add_running_options(parser)
    parser.set_defaults(force=True)


def replay(options: argparse.Namespace, theme: str | None) -> int:
    """Render a trace into a file; return the exit code.

    Raises
    ------
    TraceError
        If the trace cannot be read, or something in it cannot happen.
    RenderError
        If the video cannot be put where it is asked for.
    """
    output = options.output or Path(_stem(options.trace) + ".mp4")
    if output.suffix != ".mp4":
        raise RenderError(f"{output}: only MP4 videos are made; let its name end with .mp4")
    if output.is_dir():
        raise RenderError(f"{output}: this is a folder; name a file in it")
    require_trace(options.trace)
    video = chosen_video(
        options.quality,
        options.resolution,
        options.fps,
        exact=options.exact,
        stock=options.stock,
    )
    if options.aspect:
        width, height = shaped(min(video.width, video.height), options.aspect)
        video = replace(video, width=width, height=height)
    job = Job(
        SceneSource(REPLAY, "Replay", "", of_traces=True),
        Way.STOCK if video.stock else Way.FAST,
        video,
        output.parent,
        story=options.trace.absolute(),
        theme=theme,
        seconds=options.seconds,
        called=output.stem,
        alone=True,
    )
    return carry_out([job], options, Screen(quiet=options.json))


def require_trace(path: Path) -> None:
    """Read a trace and replay it, so that a mistake in it stops here.

    Raises
    ------
    TraceError
        If it cannot be read, or something in it cannot happen.
    """
    if str(path) == "-":
        raise RenderError("-: a trace is read twice to film it; put it into a file")
    with open_trace(path) as trace:
        for _ in follow(trace):
            pass


def _stem(trace: Path) -> str:
    return trace.name.removesuffix(".gz").removesuffix(".jsonl")
