"""The worker: the process that imports manim once, and forks to draw each scene.

It reads pickled assignments from its standard input, and reports events as lines of JSON through a
pipe whose number is its first argument; the others are folders that it and its forks hold. As each
scene has a fork, none finds what another has changed, such as manim's settings. Where one is
killed, all forks end at once, and another worker goes on with the scenes that are not done.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
import random
import secrets
import sys
from collections import deque
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
from manim import RendererType, config, logger

from pagereel.discovery.load import load_scene
from pagereel.errors import StockNeeded
from pagereel.failure import Failure
from pagereel.fast import NothingMoves, RenderSettings, render_scene
from pagereel.fast.shards.guard import Guard, conclude
from pagereel.fast.shards.processes import leave
from pagereel.fast.shards.remote import SendingCutter
from pagereel.render.formats.encode import encode
from pagereel.render.job import MEDIA
from pagereel.render.manims import keep_still, laid_out, read_scene, typed
from pagereel.render.worker.attending import Attended, attend, share_of
from pagereel.render.worker.events import EventPipe, ReaderGone
from pagereel.request import prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from manim import Scene

    from pagereel.fast import Drawings, Report
    from pagereel.fast.shards.cutter import Cutter
    from pagereel.fast.shards.remote import Send
    from pagereel.render.cluster.address import Cluster
    from pagereel.render.job import Assignment, Job


# New objects after which the collector looks for garbage. Python's default of 700 is reached with
# each copy of a text; a scene that copies much would spend a tenth of its time on it.
_MANY_OBJECTS = 10_000


@dataclass(frozen=True, slots=True)
class Read:
    """A scene whose file has been read.

    Attributes
    ----------
    scene
        Its class.
    tied
        What keeps it from being forked, as the file has begun or opened that; see `Guard.ties`.
    """

    scene: type[Scene]
    tied: str


def main() -> None:
    """Work through the assignments."""
    passed = [int(number) for number in sys.argv[1:]]
    for descriptor in passed:
        os.set_inheritable(descriptor, False)  # noqa: FBT003 (programs of a scene do not hold them)
    gc.freeze()  # what has been imported stays, so the collector need not look at it
    gc.set_threshold(_MANY_OBJECTS)
    gc.enable()
    assignments: list[Assignment]
    assignments, verbose = pickle.load(sys.stdin.buffer)  # noqa: S301 (our own process wrote it)
    for handler in logger.handlers:
        handler.setLevel(logging.INFO if verbose else logging.WARNING)
    if any(assignment.cluster for assignment in assignments):
        import_module("pagereel.render.cluster.sender")  # once for all scenes; it starts no threads
    try:
        _draw_all([*map(_anywhere, assignments)], passed[0])
    except ReaderGone:
        leave(1)
    leave(0)  # to free all of manim's objects would take a tenth of a second


def _draw_all(assignments: Sequence[Assignment], pipe: int) -> None:
    """Fork a process for each scene; several are at work at the same time."""
    coming = deque(enumerate(assignments))
    drawn: list[Attended] = []
    while coming or drawn:
        while coming and (cores := _share(coming, drawn)):
            number, assignment = coming.popleft()
            if cores < assignment.jobs:
                assignment = replace(assignment, jobs=cores)
            drawn.append(_fork_for(assignment, EventPipe(pipe, assignment.target.parent, number)))
        if not attend(drawn):
            leave(0)  # the process that reads the events then ends those that it has forked


def _share(coming: Sequence[tuple[int, Assignment]], drawn: Sequence[Attended]) -> int:
    """Return how many cores the next scene gets; 0 if it has to wait."""
    (_, assignment), *_ = coming
    if assignment.cluster:  # it draws one scene after the other, by as many processes as it has
        return 0 if drawn else assignment.jobs
    return share_of(assignment.jobs, sum(scene.cores for scene in drawn), len(coming))


def _anywhere(assignment: Assignment) -> Assignment:
    """Return an assignment that is the same wherever the scene changes to."""
    checkpoint, kept = assignment.checkpoint, assignment.kept
    return replace(
        assignment,
        target=assignment.target.absolute(),
        checkpoint=checkpoint and checkpoint.absolute(),
        kept=kept and kept.absolute(),
    )


def _fork_for(assignment: Assignment, events: EventPipe) -> Attended:
    events.at.say("the code before the first play")
    alive, held = os.pipe()  # by the process that is forked, and those that it forks
    process = os.fork()
    if not process:
        os.close(alive)
        try:
            _work(assignment, events)
            conclude()
        except ReaderGone:
            leave(1)
        leave(0)
    os.close(held)
    return Attended(process, alive, events, assignment.jobs)


def _work(assignment: Assignment, events: EventPipe) -> None:
    """Make the files of one scene, and report how that ended."""
    events.tell("begin")
    try:
        made = _make(assignment, events)
        events.tell("done", images=made)
    except StockNeeded as needed:
        events.tell("stock", why=needed.why)
    except ReaderGone:
        raise
    except BaseException as error:  # noqa: BLE001 (also what a scene raises to end the program)
        target = assignment.target
        events.tell(
            "failed", failure=Failure.of(error, assignment.request.file, target.parent).facts
        )


def _make(assignment: Assignment, events: EventPipe) -> int:
    cutter, cluster = None, assignment.cluster
    guard = Guard()
    with assignment.request.options.in_environment():
        scene_class, assignment, job = _read(assignment, events)
    read = Read(scene_class, guard.ties())
    target = assignment.target
    if cluster:
        # All processes that draw the scene get the same random numbers.
        seed = secrets.randbelow(2**31) if config.seed is None else config.seed
        assignment = replace(assignment, request=replace(assignment.request, seed=seed))
        cutter = SendingCutter(_sender(assignment, cluster, events))
    images = 0

    def write(drawings: Drawings) -> None:
        nonlocal images
        images = encode(drawings, assignment.request.formats, target)

    try:
        render_assignment(assignment, target, events, read, cutter=cutter, encode=write)
    except NothingMoves as still:
        made = keep_still(still, job, target.parent)
        if made != job:
            events.tell("still", job=made.facts)
    return images


def _read(assignment: Assignment, events: EventPipe) -> tuple[type[Scene], Assignment, Job]:
    """Return the scene, and the assignment and the job as the scene's file has changed them.

    Raises
    ------
    StockNeeded
        If only manim can do what the file has set.
    """
    _prepare(assignment)
    job = assignment.job
    if job is None:
        raise RuntimeError("this assignment has been read before")
    scene_class, changed = read_scene(job)
    if changed != job:
        events.tell("changed", job=changed.facts)
    if config.renderer != RendererType.CAIRO:
        raise StockNeeded("its file or a manim.cfg asks for another renderer than Cairo")
    if changed.manims:
        raise StockNeeded(changed.manims)
    target = assignment.target.with_name(changed.target.name)
    assignment = replace(assignment, request=changed.request, target=target, job=None)
    return scene_class, assignment, changed


def render_assignment(
    assignment: Assignment,
    target: Path,
    report: Report | None = None,
    read: Read | None = None,
    *,
    cutter: Cutter | None = None,
    encode: Callable[[Drawings], None] | None = None,
) -> None:
    """Have the fast renderer draw what an assignment asks for; see `render_scene`.

    Parameters
    ----------
    read
        The scene, if its file has been read.
    """
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
        kept=assignment.kept,
        renew=assignment.renew,
        tied="" if read is None else read.tied,
        manim={
            **({} if assignment.media == MEDIA else {"media_dir": str(assignment.media)}),
            "disable_caching": True,
            "verbosity": "INFO",
            "preview": False,
            "show_in_file_browser": False,
            "save_sections": False,  # what these two set is in the request
            "output_file": "",
            **laid_out(assignment.target.parent),
            **({} if request.seed is None else {"seed": request.seed}),
        },
    )
    with request.options.in_environment():
        if read is None:
            _prepare(assignment)
            config.update(typed(request))
        scene_class = load_scene(request.file, request.scene) if read is None else read.scene
        render_scene(scene_class, target, settings, report, cutter=cutter, encode=encode)


def _prepare(assignment: Assignment) -> None:
    """Hand over what the scene's file may need when it is read."""
    config.update(laid_out(assignment.target.parent))
    request = assignment.request
    if request.seed is not None:  # also for what the scene's file does before manim seeds
        random.seed(request.seed)
        np.random.seed(request.seed)  # noqa: NPY002 (what scenes use)
    if (source := request.options.source) is not None:
        for content in assignment.read:
            prepare(source, content)


def _sender(assignment: Assignment, cluster: Cluster, report: Report) -> Send:
    """Return what has a cluster draw shards."""
    from pagereel.render.cluster.sender import Sender  # noqa: PLC0415 (it imports distributed)

    return Sender(assignment, cluster.address, report)
