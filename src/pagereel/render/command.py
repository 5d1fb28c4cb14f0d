"""`pagereel render` and `pagereel preview`: their options, and what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pagereel.cores import cores
from pagereel.errors import RenderError
from pagereel.options import jobs
from pagereel.render.catalog import SceneSource, find_scenes_in
from pagereel.render.cluster.address import Cluster, address
from pagereel.render.ending import endable
from pagereel.render.job import EVERY, preview_job, video_job
from pagereel.render.outcome import as_json, table
from pagereel.render.run import Order, run
from pagereel.render.screen import Screen
from pagereel.render.stock import require_possible
from pagereel.render.targets import choose
from pagereel.render.video import (
    FORMATS,
    QUALITIES,
    chosen_video,
    formats,
    paced,
    playable,
    rate,
    size,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from pagereel.render.job import Job

_LETTERS = ", ".join(f"{key} {height}p{fps:g}" for key, (_, height, fps) in QUALITIES.items())


def add_video_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of videos."""
    add_size_options(parser)
    _add_file_options(parser)
    _add_cluster_options(parser)


def add_size_options(parser: argparse.ArgumentParser) -> None:
    """Add what says how large a video is, and who draws it."""
    parser.add_argument(
        "-q",
        "--quality",
        choices=QUALITIES,
        default="h",
        help=f"manim's letters: {_LETTERS}; h if not given",
    )
    parser.add_argument(
        "-r", "--resolution", type=size, metavar="W,H", help="another size, such as 1080,1920"
    )
    parser.add_argument("--fps", type=rate, metavar="N", help="other images a second")
    parser.add_argument(
        "--exact", action="store_true", help="draw every pixel as manim does, to the last bit"
    )
    parser.add_argument(
        "--stock", action="store_true", help="let manim itself render; takes several times as long"
    )


def _add_file_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        type=formats,
        default=("mp4",),
        metavar="A,B",
        help=f"{', '.join(FORMATS)} (the poster), or several of them; mp4 if not given",
    )
    sections = parser.add_mutually_exclusive_group()
    sections.add_argument(
        "--section",
        action="append",
        default=[],
        metavar="NAME",
        help="only this section, or those of a pattern such as 'a*', each as a video of its own",
    )
    sections.add_argument(
        "--save-sections",
        "--save_sections",
        dest="section",
        action="store_const",
        const=[EVERY],
        help="each section as a video of its own, too, and manim's index of them",
    )


def _add_cluster_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dask",
        type=address,
        metavar="ADDRESS",
        help="let a Dask cluster draw, such as tcp://host:8786; --jobs is ignored then",
    )
    parser.add_argument(
        "--dask-files",
        action="append",
        metavar="PATTERN",
        help="files that the cluster needs, too, such as 'clips/*.mp4', if it does not find one",
    )


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that videos and previews share."""
    parser.add_argument(
        "scenes",
        nargs="*",
        metavar="FILE.py | SCENE",
        help="a file first, if it is not in scenes/; then scenes in it, all if none is named",
    )
    parser.add_argument("--force", action="store_true", help="even what is up to date")
    add_running_options(parser)


def add_running_options(parser: argparse.ArgumentParser) -> None:
    """Add how many processes there are to be, and what is said meanwhile."""
    parser.add_argument(
        "--jobs",
        type=jobs,
        default=cores(),
        metavar="N",
        help="processes that draw; as many as there are cores, if not given",
    )
    parser.add_argument(
        "--json", action="store_true", help="say for machines what was made; all else is silent"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="show manim's own log")


def render(options: argparse.Namespace, story: Path | None, theme: str | None) -> int:
    """Render videos; return the exit code.

    Raises
    ------
    RenderError
        If what is asked for does not go together.
    """
    cluster = _cluster(options)
    asked = chosen_video(
        options.quality,
        options.resolution,
        options.fps,
        exact=options.exact,
        stock=options.stock,
    )
    wishes: dict[str, Any] = {
        "formats": options.format,
        "sections": tuple(dict.fromkeys(options.section)),
        "story": story,
        "theme": theme,
    }
    video = paced(asked, options.format)
    planned = [video_job(scene, video, **wishes) for scene in _scenes(options)]
    if video.stock:
        for job in planned:
            require_possible(job)
    screen = Screen(quiet=options.json)
    if "gif" in options.format and playable(asked.fps) != asked.fps:
        screen.line(
            f"a GIF cannot play {asked.fps:g} images a second: it gets {playable(asked.fps)}"
        )
    return carry_out(planned, options, screen, cluster)


def preview(options: argparse.Namespace, story: Path | None, theme: str | None) -> int:
    """Render previews; return the exit code."""
    planned = [preview_job(scene, story=story, theme=theme) for scene in _scenes(options)]
    return carry_out(planned, options, Screen(quiet=options.json))


def _scenes(options: argparse.Namespace) -> list[SceneSource]:
    return [
        scene
        for file, name in choose(options.scenes, options.story)
        for scene in ([SceneSource(file, name, "")] if name else find_scenes_in(file))
    ]


def _cluster(options: argparse.Namespace) -> Cluster | None:
    """Return who is to draw instead of this machine, if anyone."""
    if options.dask and options.stock:
        raise RenderError("--stock and --dask: manim itself uses no cluster; leave one of them out")
    if options.dask_files and not options.dask:
        raise RenderError("--dask-files: say with --dask where they have to go")
    return Cluster(options.dask, tuple(options.dask_files or ())) if options.dask else None


def carry_out(
    planned: Sequence[Job],
    options: argparse.Namespace,
    screen: Screen,
    cluster: Cluster | None = None,
) -> int:
    """Carry jobs out; return the worst of their exit codes."""
    order = Order(
        force=options.force,
        cores=options.jobs,
        cluster=cluster,
        verbose=options.verbose,
        json=options.json,
    )
    with endable():
        outcomes = run(planned, order, screen)
    if options.json:
        print(as_json(outcomes))
    else:
        for line in table(outcomes):
            print(line)
    return max((outcome.code for outcome in outcomes), default=0)
