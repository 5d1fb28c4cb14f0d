"""`pagereel watch`: its options, and what it does."""

from __future__ import annotations

import os
import sys
import webbrowser
from contextlib import closing
from typing import TYPE_CHECKING

from pagereel.discovery import choose_scenes
from pagereel.render.command import size
from pagereel.render.process import endable
from pagereel.watch.listening import USUAL_PORT, address_of, listen, require_server

if TYPE_CHECKING:
    import argparse

    from pagereel.request import SceneOptions


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what `pagereel watch` understands, but for story, theme and brand."""
    parser.add_argument(
        "scenes",
        nargs="*",
        metavar="FILE.py | SCENE",
        help="a file, if it is not in scenes/, and a scene; without one, the page asks which",
    )
    parser.add_argument(
        "-r",
        "--resolution",
        type=size,
        metavar="W,H",
        help="the size of the pictures; small, in the shape of manim.cfg, if not given",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=USUAL_PORT,
        metavar="N",
        help=f"the page's port, or the next one that is free; {USUAL_PORT} if not given",
    )
    parser.add_argument(
        "--no-open", action="store_true", help="only print the page's address; open no browser"
    )


def watch(arguments: argparse.Namespace, options: SceneOptions) -> int:
    """Show scenes in a page, and draw them again whenever something is saved, until Ctrl-C.

    Raises
    ------
    RequestError
        If there is no such scene or no port, or the server's libraries are not installed.
    """
    require_server()
    from pagereel.watch.server import server  # noqa: PLC0415 (help and mistakes do without)
    from pagereel.watch.studio import LiveStudio  # noqa: PLC0415

    scenes = choose_scenes(arguments.scenes, options.story, command="watch")
    with listen(arguments.port) as listening:
        address = address_of(listening)
        with endable(), closing(LiveStudio(scenes, options, arguments.resolution)) as studio:
            studio.start()
            print(f"watching {_named([scene.name for scene in scenes])} at {address}", flush=True)
            if not arguments.no_open and _has_screen():
                webbrowser.open(address)
            server(studio, listening).run([listening])
    return 0


def _named(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} scenes"


def _has_screen() -> bool:
    """Return whether a browser would open in a window; others would take the terminal."""
    return sys.platform == "darwin" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
