"""The command line: `pagereel render`, `preview`, `replay`, `check`, `trace`, `list` and others.

manim is not imported here: help, lists and mistakes answer at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pagereel.assets import SCHEMAS
from pagereel.check.command import add_options as add_check_options
from pagereel.check.command import check
from pagereel.errors import Ended, PagereelError, one_line
from pagereel.options import environment, is_trace
from pagereel.render import film
from pagereel.render.catalog import find_scenes
from pagereel.render.command import add_options, add_video_options, preview, render
from pagereel.stage.theme import DARK, THEMES, theme_named
from pagereel.story import load_story
from pagereel.trace.command import add_commands as add_trace_commands

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0: done. 1: a scene failed, something that rendering needs is missing, or a check has findings,
    in pictures or in a trace. 2: the input is wrong, and one line on standard error says what,
    where and what to do; or a scene that was to be checked failed. 130: interrupted. 143: SIGTERM.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.act(options))
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
    film.add_options(replaying)
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


def _render(options: argparse.Namespace) -> int:
    return render(options, _story(options), _theme(options))


def _preview(options: argparse.Namespace) -> int:
    return preview(options, _story(options), _theme(options))


def _replay(options: argparse.Namespace) -> int:
    return film.replay(options, _theme(options))


def _check(options: argparse.Namespace) -> int:
    with _told(_story(options), _theme(options)):
        return check(options)


@contextmanager
def _told(story: Path | None, theme: str | None) -> Iterator[None]:
    """Let the scenes that run in the `with` block, and their processes, know story and theme."""
    chosen = environment(story, theme)
    before = {name: os.environ.get(name) for name in chosen}
    os.environ.update(chosen)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def _list(_: argparse.Namespace) -> int:
    scenes = find_scenes()
    names = max(len(scene.name) for scene in scenes)
    files = max(len(str(scene.file)) for scene in scenes)
    for scene in scenes:
        print(f"{scene.name:{names}}  {scene.file!s:{files}}  {scene.summary}".rstrip())
    return 0


def _schema(options: argparse.Namespace) -> int:
    print((SCHEMAS / f"{options.kind}.json").read_text(encoding="utf-8"), end="")
    return 0


def _doctor(_: argparse.Namespace) -> int:
    from pagereel.doctor import doctor  # noqa: PLC0415 (it imports native libraries)

    return doctor()


def _story(options: argparse.Namespace) -> Path | None:
    """Return the story that is asked for, read once: a mistake in it stops here."""
    variable = os.environ.get("PAGEREEL_STORY")
    story = options.story or (Path(variable) if variable else None)
    if story is not None:
        _require_story(story)
    options.story = story
    return story


def _require_story(story: Path) -> None:
    """Read a storyboard or a trace, so that a mistake in it stops here."""
    if is_trace(story):
        film.require_trace(story)
    else:
        load_story(story)


def _theme(options: argparse.Namespace) -> str | None:
    """Return the theme that is asked for, as the scenes understand it."""
    theme: str | None = options.theme or os.environ.get("PAGEREEL_THEME") or None
    return theme and theme_named(theme).name


def _complain(message: str) -> None:
    print(f"pagereel: {one_line(message)}", file=sys.stderr)
