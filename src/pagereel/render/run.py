"""Carry jobs out: those that are stale, in one worker process, one after another."""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pagereel.errors import PagereelError
from pagereel.render.freshness import read_key
from pagereel.render.job import Job, Way
from pagereel.render.outcome import Outcome
from pagereel.render.process import Event, Worker
from pagereel.render.stock import render_stock
from pagereel.render.workplace import Workplace, cannot_write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.render.screen import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How jobs are to be carried out.

    Attributes
    ----------
    force
        Whether also those whose files are up to date.
    cores
        How many processes draw.
    verbose
        Whether manim's log is wanted.
    json
        Whether standard output belongs to a machine.
    """

    force: bool = False
    cores: int = 1
    verbose: bool = False
    json: bool = False


def run(jobs: Sequence[Job], order: Order, screen: Screen) -> list[Outcome]:
    """Make the files of jobs, unless they are up to date.

    A scene that fails does not keep the others from being rendered.

    Raises
    ------
    RenderError
        If a media folder cannot be written.
    """
    inputs = {job: job.inputs for job in jobs}
    stale = [job for job in inputs if order.force or not job.is_fresh(inputs[job])]
    with ExitStack() as places:
        tasks = {}
        for job in stale:
            place = Workplace(job)
            places.callback(place.remove)
            tasks[job] = _Task(job, place, inputs[job])
        _draw([task for task in tasks.values() if job_is_ours(task.job)], order, screen)
        for task in tasks.values():
            if task.outcome is None:
                _leave_to_manim(task, order, screen)
    return [
        tasks[job].outcome or Outcome(job, 1)
        if job in tasks
        else Outcome(job, fresh=True, images=read_key(job.target).get("images"))
        for job in inputs
    ]


def job_is_ours(job: Job) -> bool:
    """Return whether the fast renderer draws."""
    return job.way is not Way.STOCK


@dataclass(slots=True)
class _Task:
    """A job that is being carried out."""

    job: Job
    place: Workplace
    inputs: str
    began: float = 0
    outcome: Outcome | None = None
    said: set[str] = field(default_factory=set)

    @property
    def took(self) -> float:
        return time.monotonic() - self.began

    def begin(self, screen: Screen) -> None:
        self.began = time.monotonic()
        screen.begin(self.job, read_key(self.job.target).get("images"))

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
        screen.end()
        if trace:
            screen.error(f"{self.job.scene.name}: the scene raised\n{trace}".encode())
        if message:
            screen.complain(message)
        self.outcome = Outcome(self.job, code, self.took, error=message or trace)

    def killed(self, screen: Screen, number: int) -> None:
        self.fail(
            screen,
            128 + number,
            f"{self.job.scene.name}: {_signal_name(number)} ended the rendering; "
            "if memory ran out, close other programs and try again",
        )


def _draw(tasks: Sequence[_Task], order: Order, screen: Screen) -> None:
    """Have the fast renderer draw; leave a task without an outcome that is manim's."""
    if not tasks:
        return
    worker = Worker(
        [task.job.request(task.place.path, order.cores) for task in tasks], verbose=order.verbose
    )
    theirs = set()
    tasks[0].begin(screen)  # the import of manim is its part of the time
    for event in worker.events(tasks[0].job.environment):
        if event["event"] == "stock":
            theirs.add(event["scene"])
            screen.end()  # the fast renderer has said why
        elif "scene" in event:
            _hear(tasks[event["scene"]], event, screen, first=event["scene"] == 0)
        else:
            _pass_on(event, screen)
    for index, task in enumerate(tasks):
        if task.outcome is None and index not in theirs:
            _ended_without_a_word(task, worker.code, screen)


def _hear(task: _Task, event: Event, screen: Screen, *, first: bool) -> None:
    """Act on what the worker tells about a scene."""
    match event:
        case {"event": "begin"} if not first:
            task.begin(screen)
        case {"event": "images", "images": int(images)}:
            screen.images(images)
        case {"event": "note", "message": str(message)} if message not in task.said:
            task.said.add(message)  # each process that draws says it
            screen.line(f"{task.job.scene.name}: {message}")
        case {"event": "done", "images": int(images)}:
            task.finish(screen, images)
        case {"event": "killed", "signal": int(number)}:
            task.killed(screen, number)
        case {"event": "failed", "no_room": str(reason)}:
            task.fail(screen, 2, str(cannot_write(task.job.target.parent, reason)))
        case {"event": "failed", "code": int(code)}:
            task.fail(screen, code, event.get("message", ""), event.get("traceback", ""))


def _pass_on(event: Event, screen: Screen) -> None:
    match event:
        case {"event": "out", "data": data}:
            screen.output(data)
        case {"event": "err", "data": data}:
            screen.error(data)
        case _:
            screen.pulse()


def _leave_to_manim(task: _Task, order: Order, screen: Screen) -> None:
    task.begin(screen)
    screen.end()  # manim has a bar of its own
    try:
        code = render_stock(task.job, task.place.path, verbose=order.verbose, json=order.json)
    except PagereelError as error:
        task.fail(screen, 2, str(error))
    else:
        _ended(task, code, screen)


def _ended(task: _Task, code: int, screen: Screen) -> None:
    if code == 0:
        task.finish(screen, None)
    else:
        _ended_without_a_word(task, code, screen)


def _ended_without_a_word(task: _Task, code: int, screen: Screen) -> None:
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
