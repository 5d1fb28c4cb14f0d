"""The process that draws: it imports manim once, and forks for each scene.

It reads a pickled `Order` from its standard input. What happens it tells, in lines of JSON, through
a pipe whose number is its argument. A fork for each scene keeps what one changes,
such as manim's settings, from the next, and what ends one process from ending the other scenes.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import random
import secrets
import sys
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from manim import config, logger

from pagereel.failure import Failure
from pagereel.fast import RenderSettings, Report, render_scene
from pagereel.fast.renderer import StockNeeded
from pagereel.fast.shards.processes import leave
from pagereel.fast.shards.remote import SendingCutter
from pagereel.render.formats.encode import encode
from pagereel.request import prepare

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pagereel.fast import Drawings
    from pagereel.fast.shards.cutter import Cutter
    from pagereel.fast.shards.remote import Send
    from pagereel.render.cluster.address import Cluster
    from pagereel.render.job import Assignment
    from pagereel.render.process import Order


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
    """Work through the assignments."""
    mouth = Mouth(int(sys.argv[1]))
    order: Order = pickle.load(sys.stdin.buffer)  # noqa: S301 (our own process wrote it)
    for handler in logger.handlers:
        handler.setLevel(logging.INFO if order.verbose else logging.WARNING)
    if any(assignment.cluster for assignment in order.assignments):
        import_module("pagereel.render.cluster.sender")  # once for all scenes; it starts no threads
    try:
        for mouth.scene, assignment in enumerate(order.assignments):
            _fork_for(assignment, mouth)
    except Unheard:
        sys.exit(1)


def _fork_for(assignment: Assignment, mouth: Mouth) -> None:
    process = os.fork()
    if not process:
        try:
            _work(assignment, mouth)
        except Unheard:
            leave(1)
        leave(0)
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status):
        mouth.tell("killed", signal=os.WTERMSIG(status))


def _work(assignment: Assignment, mouth: Mouth) -> None:
    """Make the files of one scene, and tell how that ended."""
    mouth.tell("begin")
    try:
        made = _make(assignment, mouth)
        mouth.tell("done", images=made)
    except StockNeeded:
        mouth.tell("stock")
    except Unheard:
        raise
    except BaseException as error:  # noqa: BLE001 (also what a scene raises to end the program)
        mouth.tell("failed", failure=Failure.of(error, assignment.request.file).facts)


def _make(assignment: Assignment, mouth: Mouth) -> int:
    target = assignment.target
    cutter, cluster = None, assignment.cluster
    if cluster:
        # All processes that draw the scene get the same random numbers.
        seed = secrets.randbelow(2**31) if config.seed is None else config.seed
        assignment = replace(assignment, request=replace(assignment.request, seed=seed))
        cutter = SendingCutter(_sender(assignment, cluster, mouth))
    images = 0

    def write(drawings: Drawings) -> None:
        nonlocal images
        images = encode(drawings, assignment.request.formats, target.parent)

    render_assignment(assignment, target, mouth, cutter=cutter, encode=write)
    return images


def render_assignment(
    assignment: Assignment,
    target: Path,
    report: Report | None = None,
    *,
    cutter: Cutter | None = None,
    encode: Callable[[Drawings], None] | None = None,
) -> None:
    """Have the fast renderer draw what an assignment asks for; see `render_scene`."""
    request = assignment.request
    settings = RenderSettings(
        width=request.video.width,
        height=request.video.height,
        fps=request.video.fps,
        jobs=assignment.jobs,
        exact=request.video.exact,
        keep_images=request.formats != ("mp4",),
        sections=request.sections,
        checkpoint=assignment.checkpoint,
        manim={
            "media_dir": str(assignment.media),
            "disable_caching": True,
            "verbosity": "INFO",
            "preview": False,
            **({} if request.seed is None else {"seed": request.seed}),
        },
    )
    if request.seed is not None:  # also for what the scene's file does before manim seeds
        random.seed(request.seed)
        np.random.seed(request.seed)  # noqa: NPY002 (what scenes use)
    if request.options.story is not None:
        for content in assignment.read:
            prepare(request.options.story, content)
    source = (request.file, request.scene)
    with request.options.in_environment():
        render_scene(source, target, settings, report, cutter=cutter, encode=encode)


def _sender(assignment: Assignment, cluster: Cluster, report: Report) -> Send:
    """Return what sends shards to a cluster."""
    from pagereel.render.cluster.sender import Sender  # noqa: PLC0415 (it imports distributed)

    return Sender(assignment, cluster.address, report)
