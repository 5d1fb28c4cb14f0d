"""The command line: `pagereel render`, `preview`, `replay`, `check`, `trace`, `list` and others.

manim is not imported here: help, lists and mistakes answer at once.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pagereel.assets import SCHEMAS
from pagereel.check.command import add_options as add_check_options
from pagereel.check.command import check
from pagereel.discovery import find_scenes
from pagereel.errors import Ended, PagereelError, one_line
from pagereel.render.command import (
    add_options,
    add_replay_options,
    add_video_options,
    preview,
    read_story,
    render,
    replay,
)
from pagereel.request import SceneOptions
from pagereel.stage.theme import DARK, THEMES, theme_named
from pagereel.trace.command import add_commands as add_trace_commands

if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0: done. 1: a scene failed, something that rendering needs is missing, or a check has findings,
    in pictures or in a trace. 2: the input is wrong, and one line on standard error says what,
    where and what to do; or a scene that was to be checked failed. 130: interrupted. 143: SIGTERM.
    """
    parsed = _parser().parse_args(arguments)
    try:
        return int(parsed.act(parsed))
    except PagereelError as error:
        _complain(str(error))
        return 2
    except Ended as ended:
        return ended.code
    except KeyboardInterrupt:
        return _INTERRUPTED


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        _complain(f"{message}; see {self.prog} --help")
        self.exit(2)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="pagereel", description="Promo videos of a paged KV cache.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    rendering = commands.add_parser("render", help="render scenes to video, into media/videos/")
    add_video_options(rendering)
    rendering.set_defaults(act=_render)
    previewing = commands.add_parser("preview", help="render scenes to GIFs, into media/previews/")
    previewing.set_defaults(act=_preview)
    for command in (rendering, previewing):
        add_options(command)
    replaying = commands.add_parser("replay", help="render a trace of an engine to a video file")
    add_replay_options(replaying)
    replaying.set_defaults(act=_replay)
    checking = commands.add_parser("check", help="say what cannot be read in scenes' pictures")
    add_check_options(checking)
    checking.set_defaults(act=_check)
    for command in (rendering, previewing, checking):
        command.add_argument("--story", type=Path, help="the storyboard or trace to tell")
    for command in (rendering, previewing, checking, replaying):
        command.add_argument("--theme", choices=tuple(THEMES), help=f"{DARK.name} if not given")
    tracing = commands.add_parser("trace", help="check, count, show and cut traces of engines")
    add_trace_commands(tracing)
    schema = commands.add_parser("schema", help="print the JSON Schema of storyboards or traces")
    schema.add_argument("kind", choices=("storyboard", "trace"))
    schema.set_defaults(act=_schema)
    listing = commands.add_parser("list", help="list the scenes")
    listing.set_defaults(act=_list)
    doctor = commands.add_parser("doctor", help="say what is there and what is missing")
    doctor.set_defaults(act=_doctor)
    return parser


def _render(arguments: argparse.Namespace) -> int:
    return render(arguments, _scene_options(arguments))


def _preview(arguments: argparse.Namespace) -> int:
    return preview(arguments, _scene_options(arguments))


def _replay(arguments: argparse.Namespace) -> int:
    return replay(arguments, _scene_options(arguments))


def _check(arguments: argparse.Namespace) -> int:
    options = _scene_options(arguments)
    read_story([], options.story)
    with options.in_environment():
        return check(arguments, options.story)


def _list(_: argparse.Namespace) -> int:
    scenes = find_scenes()
    names = max(len(scene.name) for scene in scenes)
    files = max(len(str(scene.file)) for scene in scenes)
    for scene in scenes:
        print(f"{scene.name:{names}}  {scene.file!s:{files}}  {scene.summary}".rstrip())
    return 0


def _schema(arguments: argparse.Namespace) -> int:
    print((SCHEMAS / f"{arguments.kind}.json").read_text(encoding="utf-8"), end="")
    return 0


def _doctor(_: argparse.Namespace) -> int:
    from pagereel.doctor import doctor  # noqa: PLC0415 (it imports native libraries)

    return doctor()


def _scene_options(arguments: argparse.Namespace) -> SceneOptions:
    """Return what scenes are asked for: by arguments or, where there are none, the environment."""
    chosen = SceneOptions.from_environment()
    theme = arguments.theme or chosen.theme
    return replace(
        chosen,
        story=getattr(arguments, "story", None) or chosen.story,
        theme=theme and theme_named(theme).name,
    )


def _complain(message: str) -> None:
    print(f"pagereel: {one_line(message)}", file=sys.stderr)
