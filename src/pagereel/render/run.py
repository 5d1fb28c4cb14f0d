"""Carry jobs out: those that are stale, in one worker process, one after another."""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pagereel.checkpoints import clean, folder_of, images_in, remove_soon
from pagereel.errors import CannotWrite, PagereelError
from pagereel.failure import Failure, Kind
from pagereel.render.freshness import read_key
from pagereel.render.job import MEDIA, Assignment, Job, worker_environment
from pagereel.render.outcome import Outcome
from pagereel.render.process import Event, Order, Worker
from pagereel.render.stock import render_stock
from pagereel.render.workplace import Workplace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pagereel.render.cluster.address import Cluster
    from pagereel.render.screen import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How jobs are to be carried out.

    Attributes
    ----------
    force
        Whether also those whose files are up to date.
    cores
        How many processes draw.
    cluster
        The cluster that draws in place of processes of this machine.
    read
        What has been read of the story of all jobs, so that scenes need not do it again.
    verbose
        Whether manim's log is wanted.
    json
        Whether standard output is for a program that reads JSON.
    """

    force: bool = False
    cores: int = 1
    cluster: Cluster | None = None
    read: tuple[object, ...] = ()
    verbose: bool = False
    json: bool = False


@dataclass(slots=True)
class Task:
    """A job that is being carried out.

    Attributes
    ----------
    place
        Where its files grow.
    inputs
        A digest of what it is made of.
    began
        When (monotonic), if it has.
    outcome
        How it ended, if it has.
    said
        What was said of it.
    total
        How many images there will be, if that is known.
    """

    job: Job
    place: Workplace
    inputs: str
    began: float = 0
    outcome: Outcome | None = None
    said: set[str] = field(default_factory=set)
    total: int | None = None

    @property
    def took(self) -> float:
        """How many seconds, so far."""
        return time.monotonic() - self.began

    @property
    def kept(self) -> Path:
        """The folder of its checkpoint."""
        return folder_of(self.job.target, self.job.shards(self.inputs))

    def begin(self, screen: Screen) -> None:
        """Say that it begins, or begins again because its process was killed."""
        if self.began:
            screen.line(f"{self.job.scene}: SIGKILL ended the rendering; once more")
        self.began = self.began or time.monotonic()
        self.total = read_key(self.job.target).get("images")
        screen.begin(self.job, self.total)

    def plan(self, screen: Screen, total: int | None, taken: int) -> None:
        """Note how many images there will be, and how many of them have been there already."""
        self.total = total or self.total
        screen.plan(self.total, taken)
        if total and taken:
            screen.line(f"{self.job.scene}: {taken} of {total} images were there already")

    def interrupted(self, screen: Screen) -> None:
        """Say from where the next run resumes; remove the checkpoint if it is empty."""
        images = images_in(self.kept) if self.outcome is None else 0
        if not images:
            remove_soon(self.kept)
        else:
            screen.end()
            of = f" of {self.total}" if self.total and self.total >= images else ""
            screen.line(
                f"{self.job.scene}: interrupted; the next run resumes from {images}{of} images"
            )

    def finish(self, screen: Screen, images: int | None) -> None:
        """Put what was made in its place."""
        try:
            self.place.put_in_place(self.inputs, images)
        except PagereelError as error:
            self.fail(screen, 2, str(error))
        else:
            screen.end()
            self.outcome = Outcome(self.job, 0, self.took, images)

    def fail(self, screen: Screen, code: int, message: str = "", trace: str = "") -> None:
        """Say what was wrong: in a line, or by a traceback."""
        screen.end()
        if trace:
            screen.error(f"{self.job.scene}: the scene raised\n{trace}".encode())
        if message:
            screen.complain(message)
        self.outcome = Outcome(self.job, code, self.took, error=message or trace)

    def failed(self, screen: Screen, failure: Failure) -> None:
        """Say what was wrong in the process that draws."""
        match failure.kind:
            case Kind.UNWRITABLE:
                message = str(CannotWrite(self.job.target.parent, failure.message))
                self.fail(screen, failure.code, message)
            case Kind.MISTAKE | Kind.EXIT:
                self.fail(screen, failure.code, failure.message)
            case Kind.MEMORY | Kind.RAISED:
                self.fail(screen, failure.code, trace=failure.traceback)

    def killed(self, screen: Screen, number: int) -> None:
        """Note that a signal has ended the process that draws."""
        self.fail(
            screen,
            128 + number,
            f"{self.job.scene}: {_signal_name(number)} ended the rendering; "
            "if memory ran out, close other programs and try again",
        )


def run(jobs: Sequence[Job], options: RunOptions, screen: Screen) -> list[Outcome]:
    """Make the files of jobs, unless they are up to date.

    A scene that fails does not keep the others from being rendered.

    Raises
    ------
    RenderError
        If a media folder cannot be written, or a cluster is not there.
    """
    inputs = {job: job.inputs for job in jobs}
    stale = [job for job in inputs if options.force or not job.is_fresh(inputs[job])]
    for job, digest in inputs.items():
        goes_on = job in stale and not options.force
        clean(job.target, job.shards(digest) if goes_on else None)
    with ExitStack() as places:
        tasks = {}
        for job in stale:
            place = Workplace(job)
            places.callback(place.remove)
            tasks[job] = Task(job, place, inputs[job])
        ours = [task for task in tasks.values() if not task.job.request.video.stock]
        try:
            struck = _draw(ours, options, screen)
            for task in _draw(struck, options, screen):
                task.killed(screen, signal.SIGKILL)
        except KeyboardInterrupt:
            for task in ours:
                task.interrupted(screen)
            raise
        for task in tasks.values():
            if task.outcome is None:
                _leave_to_manim(task, options, screen)
    return [
        tasks[job].outcome or Outcome(job, 1)
        if job in tasks
        else Outcome(job, fresh=True, images=read_key(job.target).get("images"))
        for job in inputs
    ]


def _draw(tasks: Sequence[Task], options: RunOptions, screen: Screen) -> list[Task]:
    """Have the fast renderer draw; leave a task without an outcome that is manim's.

    Return those whose processes SIGKILL has ended. It strikes at random, most often when memory
    runs out; what was drawn is kept.
    """
    if not tasks:
        return []
    if options.cluster:
        options.cluster.require()
    assignments = [_assignment(task, options) for task in tasks]
    worker = Worker(Order(assignments=assignments, verbose=options.verbose))
    theirs: set[int] = set()
    struck: set[int] = set()
    tasks[0].begin(screen)  # the import of manim is its part of the time
    with closing(worker.events(worker_environment())) as events:
        for event in events:
            match event:
                case {"event": "stock", "scene": int(scene)}:
                    theirs.add(scene)
                    screen.end()  # the fast renderer has said why
                case {"event": "killed", "scene": int(scene), "signal": signal.SIGKILL}:
                    struck.add(scene)
                    screen.end()
                case {"scene": int(scene)}:
                    _hear(tasks[scene], event, screen, first=scene == 0)
                case _:
                    _pass_on(event, screen)
    for index, task in enumerate(tasks):
        if task.outcome is None and index not in theirs | struck:
            if worker.code == -signal.SIGKILL:
                struck.add(index)
            else:
                _ended_without_a_word(task, worker.code, screen)
    return [tasks[index] for index in sorted(struck)]


def _assignment(task: Task, options: RunOptions) -> Assignment:
    job, place = task.job, task.place.path
    return Assignment(
        request=job.request,
        target=place / job.target.name,
        media=place / MEDIA if job.alone else MEDIA,
        jobs=options.cores,
        checkpoint=None if options.cluster else task.kept,  # a cluster begins anew
        cluster=options.cluster,
        read=options.read,
    )


def _hear(task: Task, event: Event, screen: Screen, *, first: bool) -> None:
    """Act on an event of a scene."""
    match event:
        case {"event": "begin"} if not first:
            task.begin(screen)
        case {"event": "images", "images": int(images)}:
            screen.images(images)
        case {"event": "plan", "total": int() | None as total, "taken": int(taken)}:
            task.plan(screen, total, taken)
        case {"event": "note", "message": str(message)} if message not in task.said:
            task.said.add(message)  # each process that draws says it
            screen.line(f"{task.job.scene}: {message}")
        case {"event": "done", "images": int(images)}:
            task.finish(screen, images)
        case {"event": "killed", "signal": int(number)}:
            task.killed(screen, number)
        case {"event": "failed", "failure": facts}:
            task.failed(screen, Failure.from_facts(facts))


def _pass_on(event: Event, screen: Screen) -> None:
    match event:
        case {"event": "out", "data": data}:
            screen.output(data)
        case {"event": "err", "data": data}:
            screen.error(data)
        case _:
            screen.pulse()


def _leave_to_manim(task: Task, options: RunOptions, screen: Screen) -> None:
    task.begin(screen)
    screen.end()  # manim has a bar of its own
    try:
        code = render_stock(task.job, task.place.path, verbose=options.verbose, json=options.json)
    except PagereelError as error:
        task.fail(screen, 2, str(error))
    else:
        _ended(task, code, screen)


def _ended(task: Task, code: int, screen: Screen) -> None:
    if code == 0:
        task.finish(screen, None)
    else:
        _ended_without_a_word(task, code, screen)


def _ended_without_a_word(task: Task, code: int, screen: Screen) -> None:
    """Note how a process ended that has spoken for itself, or cannot any more."""
    if code < 0:
        task.killed(screen, -code)
    else:
        task.fail(screen, code or 1)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a realtime signal
        return f"signal {number}"
