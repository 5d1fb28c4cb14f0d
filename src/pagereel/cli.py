"""The command line: `pagereel render`, `preview`, `replay`, `compare`, `check`, `trace` and others.

Help, lists and mistakes answer at once: manim is not imported here, and of the commands' modules
only those of the command that is called.
"""

# ruff: noqa: PLC0415
from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pagereel.errors import Ended, PagereelError, one_line
from pagereel.request import SceneOptions
from pagereel.stage.theme import DARK, THEMES, theme_named
from pagereel.wording import shortened, shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_INTERRUPTED = 130
_PIPE_CLOSED = 141
_LONGEST = 100  # characters of arguments that a message repeats


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0: done. 1: a scene failed, something that rendering needs is missing, or a check has findings,
    in pictures or in a trace. 2: the input is wrong, and one line on standard error says what,
    where and what to do; or a scene that was to be checked failed. 130: interrupted. 141: whoever
    read the output has gone. 143: SIGTERM.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    parsed = _parser(arguments).parse_args(arguments)
    parsed.words = [*arguments]
    try:
        code = int(parsed.act(parsed))
        sys.stdout.flush()
    except PagereelError as error:
        _complain(str(error))
        return 2
    except Ended as ended:
        return ended.code
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Python flushes standard output once more when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    return code


class _Parser(argparse.ArgumentParser):
    """Takes options between scenes as well: ``render FILE.py -q l SCENE``."""

    _is_within = False

    def parse_known_args(self, *arguments: Any, **keywords: Any) -> Any:
        if self._is_within or self._has_commands:
            return super().parse_known_args(*arguments, **keywords)
        self._is_within = True  # argparse calls this for options and for the others
        try:
            parsed, unknown = self.parse_known_intermixed_args(*arguments, **keywords)
        finally:
            self._is_within = False
        if unknown:
            says = shortened(" ".join(unknown), _LONGEST)
            self.error(f"unrecognized arguments: {says}{self._guess(unknown)}")
        return parsed, unknown

    def _guess(self, unknown: Sequence[str]) -> str:
        """Return a hint if an option is nearly one of these."""
        known = [option for action in self._actions for option in action.option_strings]
        near = [one for each in unknown for one in get_close_matches(each[:_LONGEST], known, 1)]
        return f"; did you mean {near[0]}?" if near else ""

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is not None and value not in action.choices:
            known = [str(choice) for choice in action.choices]
            says = f"invalid choice: {shown(value)}; {suggestion(str(value), known)}"
            raise argparse.ArgumentError(action, says)

    @property
    def _has_commands(self) -> bool:
        return any(action.nargs == argparse.PARSER for action in self._get_positional_actions())

    def error(self, message: str) -> NoReturn:
        _complain(f"{message}; see {self.prog} --help")
        self.exit(2)


class _Version(argparse.Action):
    """Prints the version, which only now is looked up: that takes as long as all else here."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        print(f"pagereel {version('pagereel')}")
        parser.exit()


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = _Parser(prog="pagereel", description="Promo videos of a paged KV cache.")
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    called = next((each for each in arguments if not each.startswith("-")), None)
    for name, (add_options, text) in _COMMANDS.items():
        command = commands.add_parser(name, help=text)
        if name == called:  # in `trace check`, check is not
            add_options(command)
    return parser


def _render(parser: argparse.ArgumentParser) -> None:
    from pagereel.render.command import add_options, add_video_options, render

    def act(parsed: argparse.Namespace) -> int:
        options = _scene_options(parsed)
        if not parsed.watch:
            return render(parsed, options)
        from pagereel.watch.terminal import render_on_saves

        return render_on_saves(parsed.words, parsed.scenes, options)

    add_video_options(parser)
    add_options(parser)
    _add_scene_options(parser)
    parser.add_argument(
        "--watch", action="store_true", help="render again whenever something is saved"
    )
    parser.set_defaults(act=act)


def _preview(parser: argparse.ArgumentParser) -> None:
    from pagereel.render.command import add_options, preview

    add_options(parser)
    _add_scene_options(parser)
    parser.set_defaults(act=lambda parsed: preview(parsed, _scene_options(parsed)))


def _replay(parser: argparse.ArgumentParser) -> None:
    from pagereel.render.command import add_replay_options, replay

    add_replay_options(parser)
    _add_look(parser)
    parser.set_defaults(act=lambda parsed: replay(parsed, _scene_options(parsed)))


def _compare(parser: argparse.ArgumentParser) -> None:
    from pagereel.compare.command import add_options, compare
    from pagereel.render.command import add_compare_options, compare_film

    def act(parsed: argparse.Namespace) -> int:
        return compare_film(parsed, _scene_options(parsed)) if parsed.output else compare(parsed)

    add_options(parser)
    add_compare_options(parser)
    _add_look(parser)
    parser.set_defaults(act=act)


def _check(parser: argparse.ArgumentParser) -> None:
    from pagereel.check.command import add_options, check
    from pagereel.render.command import read_story

    def act(parsed: argparse.Namespace) -> int:
        options = _scene_options(parsed)
        read_story([], options.story)
        with options.in_environment():
            return check(parsed, options.story)

    add_options(parser)
    _add_scene_options(parser)
    parser.set_defaults(act=act)


def _watch(parser: argparse.ArgumentParser) -> None:
    from pagereel.watch.command import add_options, watch

    add_options(parser)
    _add_scene_options(parser)
    parser.set_defaults(act=lambda parsed: watch(parsed, _scene_options(parsed)))


def _trace(parser: argparse.ArgumentParser) -> None:
    from pagereel.trace.command import add_commands

    add_commands(parser, lambda trace, out: main(("replay", str(trace), "-o", str(out))))


def _schema(parser: argparse.ArgumentParser) -> None:
    from pagereel.assets import SCHEMAS

    def act(parsed: argparse.Namespace) -> int:
        print((SCHEMAS / f"{parsed.kind}.json").read_text(encoding="utf-8"), end="")
        return 0

    parser.add_argument("kind", choices=("storyboard", "film", "trace", "brand"))
    parser.set_defaults(act=act)


def _list(parser: argparse.ArgumentParser) -> None:
    from pagereel.discovery import choose_scenes

    def act(parsed: argparse.Namespace) -> int:
        scenes = choose_scenes(parsed.scenes, command="list")
        names = max(len(scene.name) for scene in scenes)
        files = max(len(str(scene.file)) for scene in scenes)
        for scene in scenes:
            line = f"{scene.name:{names}}  {scene.file!s:{files}}  {scene.summary}".rstrip()
            print(one_line(line))
        return 0

    parser.add_argument(
        "scenes",
        nargs="*",
        metavar="FILE.py | SCENE",
        help="a file, if it is not in scenes/; all of its scenes, if none is named",
    )
    parser.set_defaults(act=act)


def _doctor(parser: argparse.ArgumentParser) -> None:
    from pagereel.doctor import doctor

    parser.set_defaults(act=lambda _: doctor())


_COMMANDS: dict[str, tuple[Callable[[argparse.ArgumentParser], None], str]] = {
    "render": (_render, "render scenes to video, into media/videos/"),
    "watch": (_watch, "show a scene in a page, drawn again at each save"),
    "preview": (_preview, "render scenes to GIFs, into media/previews/"),
    "replay": (_replay, "render a trace of an engine to a video file"),
    "compare": (_compare, "say or show how two traces of one workload differ"),
    "check": (_check, "say what cannot be read in scenes' pictures"),
    "trace": (_trace, "check, count, show and cut traces of engines"),
    "schema": (_schema, "print the JSON Schema of storyboards, films, traces or brands"),
    "list": (_list, "list the scenes"),
    "doctor": (_doctor, "say what is there and what is missing"),
}
"""What adds a command's options, and its help."""


def _add_scene_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--story", type=Path, help="the storyboard or trace to tell")
    _add_look(parser)


def _add_look(parser: argparse.ArgumentParser) -> None:
    usual = f"the brand's, or {DARK.name}, if not given"
    parser.add_argument("--theme", choices=tuple(THEMES), help=usual)
    parser.add_argument("--brand", type=Path, metavar="FILE", help="the brand whose film it is")


def _scene_options(arguments: argparse.Namespace) -> SceneOptions:
    """Return what scenes are asked for: by arguments or, where there are none, the environment."""
    chosen = SceneOptions.from_environment()
    theme, brand = arguments.theme or chosen.theme, arguments.brand or chosen.brand
    theme = theme and theme_named(theme).name
    if brand:
        from pagereel.stage.brand import load_brand

        load_brand(brand).themed(theme)  # a mistake in it ends the command here
    story = _named_story(arguments) or chosen.story
    return replace(chosen, story=story, theme=theme, brand=brand)


def _named_story(arguments: argparse.Namespace) -> Path | None:
    """Return the story that is named: by its option, or where else scenes are."""
    story: Path | None = getattr(arguments, "story", None)
    scenes = getattr(arguments, "scenes", [])
    if story is None and scenes and scenes[0].endswith(".toml"):
        return Path(scenes.pop(0))
    return story


def _complain(message: str) -> None:
    print(f"pagereel: {one_line(message)}", file=sys.stderr)
