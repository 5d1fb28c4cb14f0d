"""The command line: `pagereel render`, `preview`, `list` and `doctor`.

manim is not imported here: help, lists and mistakes answer at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pagereel.errors import PagereelError
from pagereel.render.catalog import choose_scenes, find_scenes
from pagereel.render.job import QUALITIES, preview_job, video_job
from pagereel.render.run import run
from pagereel.story import load_story

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pagereel.render.job import Job
    from pagereel.render.run import Outcome

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0: done. 1: a scene failed, or something that rendering needs is missing. 2: the input is
    wrong; one line on standard error says what, where and what to do. 130: interrupted.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.act(options))
    except PagereelError as error:
        print(f"pagereel: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return _INTERRUPTED


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"pagereel: {message}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="pagereel", description="Promo videos of a paged KV cache.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    render = commands.add_parser("render", help="render scenes to video, into media/videos/")
    render.add_argument(
        "--quality",
        choices=QUALITIES,
        default="h",
        help="manim's letters: l 480p15, m 720p30, h 1080p60 (default), p 1440p60, k 2160p60",
    )
    render.set_defaults(act=_render)
    preview = commands.add_parser("preview", help="render scenes to GIFs, into media/previews/")
    preview.set_defaults(act=_preview)
    for command in (render, preview):
        command.add_argument("scenes", nargs="*", metavar="SCENE", help="all if none is named")
        command.add_argument("--story", type=Path, help="the story file to tell")
        command.add_argument("--theme", choices=("dark", "light"), help="dark if not given")
        command.add_argument("--force", action="store_true", help="even if it is up to date")
    listing = commands.add_parser("list", help="list the scenes")
    listing.set_defaults(act=_list)
    doctor = commands.add_parser("doctor", help="say what is there and what is missing")
    doctor.set_defaults(act=_doctor)
    return parser


def _render(options: argparse.Namespace) -> int:
    story = _story(options)
    return _make(
        (
            video_job(scene, options.quality, story=story, theme=options.theme)
            for scene in choose_scenes(options.scenes)
        ),
        force=options.force,
    )


def _preview(options: argparse.Namespace) -> int:
    story = _story(options)
    return _make(
        (
            preview_job(scene, story=story, theme=options.theme)
            for scene in choose_scenes(options.scenes)
        ),
        force=options.force,
    )


def _list(_: argparse.Namespace) -> int:
    for scene in find_scenes():
        print(f"{scene.name:16}{scene.file!s:28}{scene.summary}")
    return 0


def _doctor(_: argparse.Namespace) -> int:
    from pagereel.doctor import doctor  # noqa: PLC0415 (it imports native libraries)

    return doctor()


def _story(options: argparse.Namespace) -> Path | None:
    """Return the story that is asked for, read once: a mistake in it stops here."""
    variable = os.environ.get("PAGEREEL_STORY")
    story = options.story or (Path(variable) if variable else None)
    if story is not None:
        load_story(story)
    return story


def _make(jobs: Iterable[Job], *, force: bool) -> int:
    """Carry jobs out one after another; return the worst of their exit codes."""
    return max((_report(run(job, force=force)) for job in jobs), default=0)


def _report(outcome: Outcome) -> int:
    target = outcome.job.target
    if outcome.fresh:
        print(f"{target}  up to date")
    elif outcome.code == 0:
        size = target.stat().st_size / 1e6
        print(f"{target}  {size:.1f} MB, made in {outcome.seconds:.0f} s")
    return outcome.code
