"""Carry jobs out: those that are stale, in one worker process, one after another."""

from __future__ import annotations

import signal
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pagereel.checkpoints import clean
from pagereel.errors import PagereelError
from pagereel.failure import Failure
from pagereel.render.freshness import read_key
from pagereel.render.job import Job, Way
from pagereel.render.outcome import Outcome
from pagereel.render.process import Event, Worker
from pagereel.render.stock import render_stock
from pagereel.render.task import Task
from pagereel.render.workplace import Workplace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.render.cluster.address import Cluster
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
    cluster
        Who draws instead of processes of this machine.
    verbose
        Whether manim's log is wanted.
    json
        Whether standard output belongs to a machine.
    """

    force: bool = False
    cores: int = 1
    cluster: Cluster | None = None
    verbose: bool = False
    json: bool = False


def run(jobs: Sequence[Job], order: Order, screen: Screen) -> list[Outcome]:
    """Make the files of jobs, unless they are up to date.

    A scene that fails does not keep the others from being rendered.

    Raises
    ------
    RenderError
        If a media folder cannot be written, or a cluster is not there.
    """
    inputs = {job: job.inputs for job in jobs}
    stale = [job for job in inputs if order.force or not job.is_fresh(inputs[job])]
    for job, digest in inputs.items():
        goes_on = job in stale and not order.force
        clean(job.target, job.shards(digest) if goes_on else None)
    with ExitStack() as places:
        tasks = {}
        for job in stale:
            place = Workplace(job)
            places.callback(place.remove)
            tasks[job] = Task(job, place, inputs[job])
        ours = [task for task in tasks.values() if job_is_ours(task.job)]
        try:
            struck = _draw(ours, order, screen)
            for task in _draw(struck, order, screen):
                task.killed(screen, signal.SIGKILL)
        except KeyboardInterrupt:
            for task in ours:
                task.interrupted(screen)
            raise
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


def _draw(tasks: Sequence[Task], order: Order, screen: Screen) -> list[Task]:
    """Have the fast renderer draw; leave a task without an outcome that is manim's.

    Return those whose processes SIGKILL has ended. It strikes at random, most often when memory
    runs out; what was drawn is kept.
    """
    if not tasks:
        return []
    if order.cluster:
        order.cluster.require()
    requests = [_request(task, order) for task in tasks]
    worker = Worker(requests, verbose=order.verbose)
    theirs: set[int] = set()
    struck: set[int] = set()
    tasks[0].begin(screen)  # the import of manim is its part of the time
    with closing(worker.events(tasks[0].job.environment)) as events:
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


def _request(task: Task, order: Order) -> dict[str, Any]:
    keep = None if order.cluster else task.kept  # a cluster begins anew
    return task.job.request(task.place.path, order.cores, keep=keep, cluster=order.cluster)


def _hear(task: Task, event: Event, screen: Screen, *, first: bool) -> None:
    """Act on what the worker tells about a scene."""
    match event:
        case {"event": "begin"} if not first:
            task.begin(screen)
        case {"event": "images", "images": int(images)}:
            screen.images(images)
        case {"event": "plan", "total": int() | None as total, "taken": int(taken)}:
            task.plan(screen, total, taken)
        case {"event": "note", "message": str(message)} if message not in task.said:
            task.said.add(message)  # each process that draws says it
            screen.line(f"{task.job.scene.name}: {message}")
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


def _leave_to_manim(task: Task, order: Order, screen: Screen) -> None:
    task.begin(screen)
    screen.end()  # manim has a bar of its own
    try:
        code = render_stock(task.job, task.place.path, verbose=order.verbose, json=order.json)
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
