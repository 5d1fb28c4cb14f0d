"""The process that draws: it imports manim once, and forks for each scene.

It reads a list of requests, as JSON, from its standard input. What happens it tells, in lines of
JSON, through a pipe whose number is its argument. A fork for each scene keeps what one changes,
such as manim's settings, from the next, and what ends one process from ending the other scenes.
"""

from __future__ import annotations

import json
import logging
import os
import random
import secrets
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from manim import config, logger

from pagereel.failure import Failure
from pagereel.fast import RenderSettings, Report, render_scene
from pagereel.fast.renderer import StockNeeded
from pagereel.fast.shards.processes import leave
from pagereel.fast.shards.remote import SendingCutter
from pagereel.render.formats.encode import encode

if TYPE_CHECKING:
    from pagereel.fast import Drawings
    from pagereel.fast.shards.remote import Send

Request = dict[str, Any]


class Unheard(BaseException):
    """Nobody listens any more: who has asked for the files has been killed."""


class Mouth(Report):
    """Tells what happens; every line at once, as processes that were forked speak here, too."""

    def __init__(self, pipe: int) -> None:
        super().__init__()
        self._pipe = pipe
        self.scene = -1

    def tell(self, event: str, **facts: Any) -> None:
        """Tell something about the current scene.

        Raises
        ------
        Unheard
            If nobody listens.
        """
        line = json.dumps({"event": event, "scene": self.scene, **facts}) + "\n"
        data = line.encode()
        try:
            while data:
                data = data[os.write(self._pipe, data) :]
        except BrokenPipeError:
            raise Unheard from None

    def images(self, count: int) -> None:
        """Tell how many images have been drawn."""
        self.tell("images", images=count)

    def plan(self, total: int | None, taken: int) -> None:
        """Tell how many there will be, if that is known, and how many were taken over."""
        self.tell("plan", total=total, taken=taken)

    def remark(self, message: str) -> None:
        """Tell how the scene is drawn."""
        self.tell("note", message=message)


def main() -> None:
    """Work through the requests."""
    mouth = Mouth(int(sys.argv[1]))
    order = json.load(sys.stdin)
    for handler in logger.handlers:
        handler.setLevel(logging.INFO if order["verbose"] else logging.WARNING)
    if any(request["dask"] for request in order["requests"]):
        import_module("pagereel.render.cluster.sender")  # once for all scenes; it starts no threads
    try:
        for mouth.scene, request in enumerate(order["requests"]):
            _fork_for(request, mouth)
    except Unheard:
        sys.exit(1)


def _fork_for(request: Request, mouth: Mouth) -> None:
    process = os.fork()
    if not process:
        try:
            _work(request, mouth)
        except Unheard:
            leave(1)
        leave(0)
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status):
        mouth.tell("killed", signal=os.WTERMSIG(status))


def _work(request: Request, mouth: Mouth) -> None:
    """Make the files of one scene, and tell how that ended."""
    mouth.tell("begin")
    try:
        made = _make(request, mouth)
        mouth.tell("done", images=made)
    except StockNeeded:
        mouth.tell("stock")
    except Unheard:
        raise
    except BaseException as error:  # noqa: BLE001 (also what a scene raises to end the program)
        mouth.tell("failed", failure=Failure.of(error, Path(request["file"])).facts)


def _make(request: Request, mouth: Mouth) -> int:
    target = Path(request["target"])
    source = (Path(request["file"]), request["scene"])
    cutter = SendingCutter(_sender(request, mouth)) if request["dask"] else None
    images = 0

    def write(drawings: Drawings) -> None:
        nonlocal images
        images = encode(drawings, request["formats"], target.parent)

    settings = fast_settings(request)
    render_scene(source, target, settings, mouth, cutter=cutter, encode=write)
    return images


def fast_settings(request: Request) -> RenderSettings:
    """Return how the fast renderer is to render."""
    return RenderSettings(
        width=request["width"],
        height=request["height"],
        fps=request["fps"],
        jobs=request["jobs"],
        exact=request["exact"],
        keep_images=request["formats"] != ["mp4"],
        sections=tuple(request["sections"]),
        checkpoint=Path(request["keep"]) if request["keep"] else None,
        manim=_settings(request),
    )


def _sender(request: Request, report: Report) -> Send:
    """Return what sends shards to a cluster."""
    from pagereel.render.cluster.sender import Sender  # noqa: PLC0415 (it imports distributed)

    request["seed"] = secrets.randbelow(2**31) if config.seed is None else config.seed
    seed(request)
    return Sender(request, report)


def seed(request: Request) -> None:
    """Let all processes that draw one scene get the same random numbers."""
    random.seed(request["seed"])
    np.random.seed(request["seed"])  # noqa: NPY002 (what scenes use)


def _settings(request: Request) -> dict[str, Any]:
    return {
        "media_dir": request["media"],
        "disable_caching": True,
        "verbosity": "INFO",
        "preview": False,
        **({"seed": request["seed"]} if "seed" in request else {}),
    }
