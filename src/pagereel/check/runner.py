"""Check scenes, each in every output, and collect what is found.

Each scene runs in a process of its own, so that what it changes or breaks is gone with the process.
The processes are forked from one that has imported all that a task needs and done nothing else:
manim is imported once, not here, and no scene finds anything that another one left behind.
`concurrent.futures` would give up all tasks when one process ends, and not say which.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from itertools import product
from multiprocessing import connection, get_context, resource_tracker, set_start_method
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, cast

from pagereel.check.finding import is_ignored, read_comments
from pagereel.errors import PagereelError, one_line
from pagereel.files import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path

    from pagereel.check.finding import Finding
    from pagereel.check.output import Output
    from pagereel.check.settings import Settings
    from pagereel.discovery import SceneSource

    Check: TypeAlias = tuple[Path, str, Output, Settings, Path | None, Path]
    Task: TypeAlias = tuple[Any, ...]

AnswerT = TypeVar("AnswerT")

_SESSION = "pagereel.check.session"
_FORKSERVER = get_context("forkserver")
_SAFE_PATH = "PYTHONSAFEPATH"
_PATIENCE = 2.0  # seconds that a worker has to end in good order


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of all checks.

    Attributes
    ----------
    findings
        Those that no comment silences: by scene and output as they were asked for, then as found.
    scenes
        How many scenes were checked, in one output at least.
    failures
        Why scenes could not be checked: one or several printable lines for each, once for all
        outputs.
    """

    findings: list[Finding]
    scenes: int
    failures: list[str]


def run_checks(
    scenes: Sequence[SceneSource],
    outputs: Sequence[Output],
    settings: Settings,
    *,
    stills: Path | None = None,
    jobs: int = 1,
) -> Verdict:
    """Check scenes for outputs.

    Parameters
    ----------
    scenes, outputs
        Every scene is checked for every output.
    settings
        Which rules apply, and their thresholds.
    stills
        The folder for pictures of findings; none are made without.
    jobs
        How many worker processes there may be at a time.

    Raises
    ------
    CheckError
        If a comment that should silence a rule is wrong.
    """
    for file in dict.fromkeys(scene.file for scene in scenes):
        read_comments(file)  # so that a mistake in them is reported now, not after minutes
    with temporary_folder() as media:
        # A scene is seldom played twice at the same time: a text that was laid out once is kept.
        tasks = [
            (scene.file, scene.name, output, settings, stills, media)
            for output, scene in product(outputs, scenes)
        ]
        answers = do_all(_check_scene, tasks, most=jobs, needs=_SESSION)
    every = [*zip(tasks, answers, strict=True)]
    every = [one for first in range(len(scenes)) for one in every[first :: len(scenes)]]
    checked = [(task, answer) for task, answer in every if not isinstance(answer, Failed)]
    findings = (finding for _, answer in checked for finding in answer)
    return Verdict(
        findings=[finding for finding in findings if not is_ignored(finding)],
        scenes=len({(file, name) for (file, name, *_), _ in checked}),
        failures=_failures(every, len(outputs)),
    )


def _check_scene(*task: *Check) -> list[Finding]:
    from pagereel.check.session import check_scene  # noqa: PLC0415 (it imports manim)

    return check_scene(*task)


def _failures(answers: Sequence[tuple[Check, list[Finding] | Failed]], outputs: int) -> list[str]:
    """Put equal failures of a file together; the first line names the outputs if it is not all."""
    same: dict[tuple[Path, str], dict[str, None]] = {}
    for (file, _, output, *_), answer in answers:
        if isinstance(answer, Failed):
            same.setdefault((file, answer.message), {})[output.label] = None
    texts = []
    for (_, text), labels in same.items():
        head, line_end, rest = text.partition("\n")
        where = f" [{', '.join(labels)}]" if len(labels) < outputs else ""
        texts.append(f"{head}{where}{line_end}{rest}")
    return texts


@dataclass(frozen=True, slots=True)
class Failed:
    """The outcome of a task that failed; `message` has one or several printable lines."""

    message: str


def do_all(
    work: Callable[..., AnswerT], tasks: Sequence[Task], *, most: int, needs: str
) -> list[AnswerT | Failed]:
    """Do all tasks; return the answers in their order.

    Parameters
    ----------
    work
        Does one task, with its members as arguments. It, tasks and answers are pickled. What it
        prints goes to standard error: standard output is for the report.
    tasks
        They are started in this order. The first members of each are the file and the class name
        of a scene.
    most
        How many processes there may be at a time.
    needs
        The module to import once for all tasks.
    """
    _FORKSERVER.set_forkserver_preload([needs])
    answers: dict[int, AnswerT | Failed] = {}
    waiting = list(enumerate(tasks))[::-1]
    busy: dict[Connection, tuple[int, _Worker[AnswerT]]] = {}
    try:
        while waiting or busy:
            while waiting and len(busy) < most:
                number, task = waiting.pop()
                worker = _Worker[AnswerT](work, task)
                busy[worker.line] = (number, worker)
            for line in connection.wait(busy):
                number, worker = busy.pop(cast("Connection", line))
                answers[number] = worker.answer()
    finally:
        workers = [worker for _, worker in busy.values()]
        for worker in workers:
            worker.stop()
        for worker in workers:
            worker.end()
    return [answers[number] for number in range(len(tasks))]


def _death(task: Task, code: int) -> Failed:
    """Describe how a process ended during a task: by a signal, if its exit code is negative."""
    if code >= 0:
        end, advice = f"exit code {code}", "if it is the scene that ends its process, change that"
    else:
        known = (number.name for number in signal.Signals if number == -code)
        end = next(known, f"signal {-code}")
        advice = "if memory ran out, close other programs or take --jobs 1"
    file, scene, *_ = task
    name = f"{file}: {scene}" if scene else f"{file}"
    return Failed(one_line(f"{name}: the check was ended by {end}; {advice}"))


@contextmanager
def _safe_path() -> Iterator[None]:
    """Let processes that are started not find the current folder's modules first.

    A `queue.py` in it would stand in for the standard library's. A worker gets an environment of
    its own.
    """
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        del os.environ[_SAFE_PATH]
        if before is not None:
            os.environ[_SAFE_PATH] = before


class _Worker(Generic[AnswerT]):
    """A process that does a task, and the connection to it."""

    def __init__(self, work: Callable[..., AnswerT], task: Task) -> None:
        self._task = task
        self.line, far_end = _FORKSERVER.Pipe(duplex=False)
        given = (work, task, far_end, {**os.environ})
        self._process = _FORKSERVER.Process(target=_serve, args=given)
        # Ctrl-C reaches all processes of a terminal. A worker starts with it blocked, as it would
        # print a traceback; this process handles it, and ends the worker.
        with _safe_path():
            resource_tracker.ensure_running()  # started along with a process, it would unblock
            mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                self._process.start()
                far_end.close()  # only the worker has it now, so we see when it ends
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def answer(self) -> AnswerT | Failed:
        """Wait for the outcome of the task."""
        try:
            answer: AnswerT | Failed = cast("AnswerT", self.line.recv())
        except (EOFError, OSError):  # OSError: it ended while it was answering
            self._process.join()
            answer = _death(self._task, self._process.exitcode or 0)
        self.line.close()
        self.end()
        return answer

    def stop(self) -> None:
        """Ask the process to end at once."""
        self.line.close()
        self._process.terminate()

    def end(self) -> None:
        """Wait briefly for the end of the process, then kill it."""
        self._process.join(_PATIENCE)
        self._process.kill()
        self._process.join()


def _serve(
    work: Callable[..., Any], task: Task, line: Connection, environment: dict[str, str]
) -> None:
    """Do a task, in the environment given: the process that was forked may have an older one."""
    os.environ.clear()
    os.environ.update(environment)
    # Killed by the signal's default action, it would leave behind what only an exit cleans up, and
    # Python would complain about that.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    # A scene that starts processes shall find Python's default way of doing so.
    set_start_method(None, force=True)
    try:
        with redirect_stdout(sys.stderr):
            answer = work(*task)
    except PagereelError as error:
        answer = Failed(str(error))
    with suppress(ConnectionError):
        line.send(answer)
