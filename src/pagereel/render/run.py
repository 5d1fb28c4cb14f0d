"""Carry jobs out: those that are stale, in one worker process."""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.checkpoints import clean, folder_of, images_in, remove_soon
from pagereel.errors import CannotWrite, PagereelError, RenderError
from pagereel.failure import Failure, Kind, signal_name
from pagereel.render.freshness import read_key
from pagereel.render.job import MEDIA, Assignment, Job, worker_environment
from pagereel.render.process import Event, Worker
from pagereel.render.screen import Outcome
from pagereel.render.stock import render_stock, require_possible
from pagereel.render.workplace import Workplace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.render.cluster.address import Cluster
    from pagereel.render.screen import Progress, Screen


_LOOK = 0.2  # seconds between two looks whether another process has ended


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


class Digests(dict[Job, str]):
    """Digests of what jobs are made of, each found when it is first asked for."""

    def __missing__(self, job: Job) -> str:
        self[job] = digest = job.inputs
        return digest


@dataclass(slots=True)
class Task:
    """A job that is being carried out.

    Attributes
    ----------
    place
        Where its files grow.
    digests
        Has the digest of what it is made of.
    screen
        Where it is reported.
    began
        When (monotonic), if it has.
    outcome
        How it ended, if it has.
    said
        What was said of it.
    total
        How many images there will be, if that is known.
    changed
        The job as the scene's file has changed it, if it has.
    is_manims
        Whether the fast renderer leaves it to manim.
    progress
        Shows how far it has come.
    struck
        How often SIGKILL has ended its process. It strikes at random, most often when memory runs
        out; what was drawn is kept.
    """

    job: Job
    place: Workplace
    digests: Digests
    screen: Screen
    began: float = 0
    outcome: Outcome | None = None
    said: set[str] = field(default_factory=set)
    total: int | None = None
    changed: Job | None = None
    is_manims: bool = False
    struck: int = 0
    progress: Progress = field(init=False)

    def __post_init__(self) -> None:
        self.progress = self.screen.follow()

    @property
    def took(self) -> float:
        """How many seconds, so far."""
        return time.monotonic() - self.began

    @property
    def inputs(self) -> str:
        """The digest of what it is made of."""
        return self.digests[self.job]

    @property
    def kept(self) -> Path:
        """The folder of its checkpoint."""
        return folder_of(self.job.target, self.job.shards(self.inputs))

    def begin(self) -> None:
        """Say that it begins, or begins again."""
        self.began = self.began or time.monotonic()
        self.total = read_key(self.job.target).get("images")
        self.progress.begin(self.changed or self.job, self.total)

    def plan(self, total: int | None, taken: int) -> None:
        """Note how many images there will be, and how many of them have been there already."""
        self.total = total or self.total
        self.progress.plan(self.total, taken)
        if total and taken:
            self.screen.line(f"{self.job.scene}: {taken} of {total} images were there already")

    def interrupted(self) -> None:
        """Say from where the next run resumes; remove the checkpoint if it is empty."""
        images = images_in(self.kept) if self.outcome is None else 0
        if not images:
            remove_soon(self.kept)
        else:
            self.progress.end()
            of = f" of {self.total}" if self.total and self.total >= images else ""
            self.screen.line(
                f"{self.job.scene}: interrupted; the next run resumes from {images}{of} images"
            )

    @property
    def is_open(self) -> bool:
        """Whether the fast renderer has still to draw it."""
        return self.outcome is None and not self.is_manims

    def finish(self, images: int | None) -> None:
        """Put what was made in its place."""
        try:
            self.place.put_in_place(self.inputs, images, self.changed)
        except PagereelError as error:
            self.fail(2, str(error))
        else:
            self.place.remove()  # for those that wait for it
            self.progress.end()
            self.outcome = Outcome(self.changed or self.job, 0, self.took, images)

    def fail(self, code: int, message: str = "", trace: str = "") -> None:
        """Say what was wrong: in a line, or by a traceback."""
        try:
            self.place.require()  # without it, anything may have gone wrong
        except RenderError as error:
            code, message, trace = 2, str(error), ""
        self.progress.end()
        if trace:
            self.screen.error(f"{self.job.scene}: the scene raised\n{trace}".encode())
        if message:
            self.screen.complain(message)
        self.outcome = Outcome(self.job, code, self.took, error=message or trace)

    def failed(self, failure: Failure) -> None:
        """Say what was wrong in the process that draws."""
        match failure.kind:
            case Kind.UNWRITABLE:
                self.fail(failure.code, str(CannotWrite(self._shown(failure), failure.message)))
            case Kind.MISTAKE | Kind.STOCK | Kind.EXIT:
                self.fail(failure.code, failure.message)
            case Kind.MEMORY | Kind.RAISED:
                self.fail(failure.code, trace=failure.traceback)

    def _shown(self, failure: Failure) -> Path:
        """Return the folder that cannot be written, or the media folder, if that one is hidden."""
        folder = Path(failure.folder or self.place.path).absolute()
        hidden = {self.place.path.absolute(), self.kept.absolute()}
        return folder if hidden.isdisjoint((folder, *folder.parents)) else self.job.target.parent

    def killed(self, number: int) -> None:
        """Note that a signal has ended the process that draws."""
        self.fail(
            128 + number,
            f"{self.job.scene}: {signal_name(number)} ended the rendering; "
            "if memory ran out, close other programs and try again",
        )

    def strike(self) -> None:
        """Note that SIGKILL has ended the process that draws; give up the second time."""
        self.struck += 1
        if self.struck > 1:
            self.killed(signal.SIGKILL)
        else:
            self.progress.end()
            self.screen.line(f"{self.job.scene}: SIGKILL ended the rendering; once more")

    def ended(self, code: int) -> None:
        """Note how a process ended that has spoken for itself, or cannot any more."""
        if code < 0:
            self.killed(-code)
        elif code:
            self.fail(code)
        else:
            self.fail(
                1,
                f"{self.job.scene}: its process ended before it was drawn; if the scene's code "
                "ends it, as by os._exit() or exec, take that out",
            )

    def hear(self, event: Event) -> None:  # noqa: C901 (a case each)
        """Act on an event of the process that draws."""
        match event:
            case {"event": "begin"}:
                self.begin()
            case {"event": "changed", "job": facts}:
                self.changed = self.job.changed(facts)
                self.progress.begin(self.changed, self.total)
                kind, folder = self.changed.kind, self.changed.target.parent
                self.screen.line(f"{self.job.scene}: its file sets {kind} in {folder}")
            case {"event": "still", "job": facts}:
                self.changed = self.job.changed(facts)
                self.screen.line(f"{self.job.scene}: nothing plays or waits in it: it is a still")
            case {"event": "images", "images": int(images)}:
                self.progress.images(images)
            case {"event": "plan", "total": int() | None as total, "taken": int(taken)}:
                self.plan(total, taken)
            case {"event": "note", "message": str(message)} if message not in self.said:
                self.said.add(message)  # each process that draws says it
                self.progress.drawing()
                self.screen.line(f"{self.job.scene}: {message}")
            case {"event": "stock", "why": str(why)}:
                self.is_manims = True
                self.progress.end()
                self.screen.line(f"{self.job.scene}: manim renders this scene: {why}")
            case {"event": "done", "images": int(images)}:
                self.finish(images)
            case {"event": "killed", "signal": signal.SIGKILL}:
                self.strike()
            case {"event": "killed", "signal": int(number)}:
                self.killed(number)
            case {"event": "failed", "failure": facts}:
                self.failed(Failure.from_facts(facts))


def run(jobs: Sequence[Job], options: RunOptions, screen: Screen) -> list[Outcome]:
    """Make the files of jobs, unless they are up to date.

    A scene that fails does not keep the others from being rendered.

    Raises
    ------
    RenderError
        If a media folder cannot be written, or a cluster is not there.
    """
    # Digests take as long to find as a short scene to draw. Where it is certain that a job is
    # stale, its worker is started first.
    jobs, digests = [*dict.fromkeys(jobs)], Digests()
    todo = [job for job in jobs if options.force or not job.is_fresh(digests)]
    for job in jobs:
        if options.force or job not in todo:
            clean(job.target, None)
    outcomes: dict[Job, Outcome] = {}
    while todo:
        with ExitStack() as places:
            tasks = []
            for job, place in _claimed(todo, screen, places):
                todo.remove(job)
                # Another process may just have made it.
                if options.force or not job.is_fresh(digests):
                    tasks.append(Task(job, place, digests, screen))
            _carry_out(tasks, options, screen)
            outcomes |= {task.job: task.outcome or Outcome(task.job, 1) for task in tasks}
    return [
        outcomes.get(job)
        or Outcome(job.noted, fresh=True, images=read_key(job.target).get("images"))
        for job in jobs
    ]


def _claimed(jobs: Sequence[Job], screen: Screen, places: ExitStack) -> list[tuple[Job, Workplace]]:
    """Claim the places of those jobs that no other process renders; wait until there are some.

    Nothing is held meanwhile, so that processes do not wait for each other.
    """
    said = False
    while True:
        found = []
        for job in jobs:
            if (place := Workplace.claim(job)) is not None:
                places.callback(place.remove)
                found.append((job, place))
        if found:
            return found
        if not said:
            said = True
            for job in jobs:
                screen.line(f"{job.scene}: another process renders it; waiting for that to end")
        time.sleep(_LOOK)


def _carry_out(tasks: Sequence[Task], options: RunOptions, screen: Screen) -> None:
    """Have the fast renderer draw, and then manim what is left to it."""
    ours = [task for task in tasks if not task.job.is_for_manim]
    try:
        while drawn := [task for task in ours if task.is_open]:
            _draw(drawn, options, screen)
    except KeyboardInterrupt:
        for task in ours:
            task.interrupted()
        raise
    for task in tasks:
        if task.outcome is None:
            _leave_to_manim(task, options)


def _draw(tasks: Sequence[Task], options: RunOptions, screen: Screen) -> None:
    """Have a worker draw until it has ended; tasks that are open then are another one's."""
    if options.cluster:
        options.cluster.require()
    worker = Worker(
        lambda: [_assignment(task, options) for task in tasks],
        verbose=options.verbose,
        holding=[task.place.fileno() for task in tasks],
    )
    before = _standing(tasks)
    tasks[0].begin()  # the import of manim is its part of the time
    _listen(worker, tasks, screen)
    left = [task for task in tasks if task.is_open]
    if left and worker.code == -signal.SIGKILL:
        left[0].strike()
    elif worker.code or _standing(tasks) == before:  # another one would do no better
        for task in left:
            task.ended(worker.code)


def _standing(tasks: Sequence[Task]) -> list[tuple[bool, int]]:
    return [(task.is_open, task.struck) for task in tasks]


def _listen(worker: Worker, tasks: Sequence[Task], screen: Screen) -> None:
    """Act on events until the worker has ended."""
    with closing(worker.events(worker_environment())) as events:
        for event in events:
            match event:
                case {"event": "begin", "scene": 0}:
                    pass  # said already
                case {"scene": int(scene)}:
                    tasks[scene].hear(event)
                case {"event": "out", "data": data}:
                    screen.output(data)
                case {"event": "err", "data": data}:
                    screen.error(data)
                case _:
                    screen.pulse()


def _assignment(task: Task, options: RunOptions) -> Assignment:
    job, place = task.job, task.place.path
    _tidy(task, options)
    return Assignment(
        request=job.request,
        target=place / job.target.name,
        media=place / MEDIA if job.alone else MEDIA,
        jobs=options.cores,
        checkpoint=None if options.cluster else task.kept,  # a cluster begins anew
        kept=None if options.cluster else job.kept,
        renew=options.force,
        cluster=options.cluster,
        read=options.read,
        job=job,
    )


def _tidy(task: Task, options: RunOptions) -> None:
    """Find out what a scene is made of when it begins; remove what resumes from something else."""
    shards = task.job.shards(task.inputs)
    if not options.force:
        clean(task.job.target, shards)


def _leave_to_manim(task: Task, options: RunOptions) -> None:
    _tidy(task, options)
    task.begin()
    if task.job.manims:
        task.screen.line(f"{task.job.scene}: manim renders this scene: {task.job.manims}")
    job = task.changed or task.job
    try:
        require_possible(job)
        task.progress.drawing()
        task.progress.end()  # manim has a bar of its own
        code, changed = render_stock(job, task.place, verbose=options.verbose, json=options.json)
    except PagereelError as error:
        task.fail(2, str(error))
    else:
        task.changed = changed if changed != task.job else None
        if code:
            task.ended(code)
        else:
            task.finish(None)
