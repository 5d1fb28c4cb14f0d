"""The worker: the process that imports manim once, and forks to draw each scene.

It reads pickled assignments from its standard input, and reports events as lines of JSON through a
pipe whose number is its first argument; the others are folders that it and its forks hold. As each
scene has a fork, none finds what another has changed, such as manim's settings. Where one is
killed, all forks end at once, and another worker begins with the next scene.
"""

from __future__ import annotations

import gc
import json
import logging
import mmap
import os
import pickle
import random
import secrets
import select
import signal
import sys
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from manim import RendererType, config, logger

from pagereel.discovery.load import load_scene
from pagereel.errors import StockNeeded
from pagereel.failure import Failure, Kind
from pagereel.fast import NothingMoves, RenderSettings, Report, render_scene
from pagereel.fast.shards.guard import Guard
from pagereel.fast.shards.processes import leave
from pagereel.fast.shards.remote import SendingCutter
from pagereel.fast.shards.watch import LAST_PATIENCE, Watch, Words, complaint, remark
from pagereel.render.formats.encode import encode
from pagereel.render.job import MEDIA
from pagereel.render.manims import keep_still, laid_out, read_scene, typed
from pagereel.request import prepare

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from manim import Scene

    from pagereel.fast import Drawings
    from pagereel.fast.shards.cutter import Cutter
    from pagereel.fast.shards.remote import Send
    from pagereel.render.cluster.address import Cluster
    from pagereel.render.job import Assignment, Job


_LOOK = 1.0  # seconds between two looks whether a process stands still
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


class ReaderGone(BaseException):
    """The process that reads the events has been killed."""


class EventPipe(Report):
    """Reports events, each in one write: forked processes use the same pipe.

    Attributes
    ----------
    scene
        The number of the scene that is drawn.
    at
        What its process is at; nothing when it has run through the scene.
    """

    def __init__(self, pipe: int) -> None:
        super().__init__()
        self._pipe = pipe
        self.scene = -1
        self.at = Words()
        self._passed = memoryview(mmap.mmap(-1, 8)).cast("Q")  # forked processes share it

    def tell(self, event: str, **facts: Any) -> None:
        """Report an event of the current scene.

        Raises
        ------
        ReaderGone
            If nobody reads the pipe any more.
        """
        line = json.dumps({"event": event, "scene": self.scene, **facts}) + "\n"
        data = line.encode()
        try:
            while data:
                data = data[os.write(self._pipe, data) :]
        except BrokenPipeError:
            raise ReaderGone from None

    def images(self, count: int) -> None:
        """Report how many images have been drawn."""
        self.tell("images", images=count)

    def plan(self, total: int | None, taken: int) -> None:
        """Report how many images there will be, None if unknown, and how many are drawn."""
        self.tell("plan", total=total, taken=taken)

    def play(self, name: str) -> None:
        """Note what the scene is at."""
        self.at.say(name)

    def passed(self, images: int) -> None:
        """Note how many images the scene has come to."""
        self._passed[0] = images

    @property
    def progress(self) -> tuple[str, int]:
        """What the scene is at, and how many images it has come to."""
        return str(self.at), self._passed[0]

    def remark(self, message: str) -> None:
        """Report how the scene is drawn."""
        self.tell("note", message=message)


def main() -> None:
    """Work through the assignments."""
    passed = [int(number) for number in sys.argv[1:]]
    for descriptor in passed:
        os.set_inheritable(descriptor, False)  # noqa: FBT003 (programs of a scene do not hold them)
    gc.freeze()  # what has been imported stays, so the collector need not look at it
    gc.set_threshold(_MANY_OBJECTS)
    gc.enable()
    events = EventPipe(passed[0])
    assignments: list[Assignment]
    assignments, verbose = pickle.load(sys.stdin.buffer)  # noqa: S301 (our own process wrote it)
    for handler in logger.handlers:
        handler.setLevel(logging.INFO if verbose else logging.WARNING)
    if any(assignment.cluster for assignment in assignments):
        import_module("pagereel.render.cluster.sender")  # once for all scenes; it starts no threads
    try:
        for events.scene, assignment in enumerate(assignments):
            _fork_for(assignment, events)
    except ReaderGone:
        leave(1)
    leave(0)  # to free all of manim's objects would take a tenth of a second


def _fork_for(assignment: Assignment, events: EventPipe) -> None:
    events.at.say("the code before the first play")
    alive, held = os.pipe()  # by the process that is forked, and those that it forks
    process = os.fork()
    if not process:
        os.close(alive)
        try:
            _work(assignment, events)
        except ReaderGone:
            leave(1)
        leave(0)
    os.close(held)
    is_well = attend(process, alive, events)
    os.close(alive)
    if not is_well:
        leave(0)  # the process that reads the events then ends those that it has forked


def attend(process: int, alive: int, events: EventPipe) -> bool:
    """Wait for the end of a scene's process, and end it if it stands still for too long.

    One that computes, however long, is only reported. Return whether it has ended by itself.

    Parameters
    ----------
    alive
        A pipe that may be at its end when the process has ended.
    """
    watch = Watch(process)
    while True:
        is_over = bool(select.select([alive], (), (), _LOOK)[0])
        ended, status = os.waitpid(process, 0 if is_over else os.WNOHANG)
        if ended and os.WIFSIGNALED(status):
            events.tell("killed", signal=os.WTERMSIG(status))
        if ended:
            return not os.WIFSIGNALED(status)
        watch.look(events.progress)
        if not (play := str(events.at)):
            continue
        if watch.idle > LAST_PATIENCE:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            failure = Failure(Kind.MISTAKE, complaint(play, watch.idle))
            events.tell("failed", failure=failure.facts)
            return False
        if said := remark(play, watch):
            events.note(said)


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
