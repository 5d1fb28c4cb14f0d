"""Check scenes, each in every output, and put together what comes out.

Nothing here imports manim; the process that the workers are forked from does.
"""

from __future__ import annotations

import signal
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Protocol, TypeAlias

from pagereel.check.ignore import is_ignored, read_comments
from pagereel.check.workers import Died, do_all
from pagereel.errors import PagereelError, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pagereel.check.finding import Finding
    from pagereel.check.output import Output
    from pagereel.check.settings import Settings

    Target: TypeAlias = tuple[Path, str | None]
    Task: TypeAlias = tuple[Path, str | None, Output, Settings, Path | None]
    Check: TypeAlias = Callable[[Path, str | None, Output, Settings, Path | None], "Result"]


_SESSION = "pagereel.check.session"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out.

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


class Result(Protocol):
    """What the check of a scene, or of all in a file, gives: findings and names of scenes."""

    @property
    def findings(self) -> Sequence[Finding]: ...  # noqa: D102
    @property
    def scenes(self) -> Sequence[str]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a task came to: findings and names of scenes, or a failure."""

    findings: tuple[Finding, ...] = ()
    scenes: tuple[str, ...] = ()
    failure: str = ""


def run_checks(
    targets: Sequence[Target],
    outputs: Sequence[Output],
    settings: Settings,
    *,
    stills: Path | None = None,
    jobs: int = 1,
) -> Verdict:
    """Check scenes for outputs.

    Parameters
    ----------
    targets, outputs
        Every scene is checked for every output.
    settings
        What is asked of the rules.
    stills
        The folder for pictures of findings; none are made without.
    jobs
        How many worker processes there may be at a time.

    Raises
    ------
    CheckError
        If a comment that should silence a rule is wrong.
    """
    for file in dict.fromkeys(file for file, _ in targets):
        read_comments(file)  # a mistake in them is said now rather than after minutes
    tasks = [(*target, output, settings, stills) for target, output in product(targets, outputs)]
    answers = _answers(partial(_attempt, _check_scene), tasks, jobs)
    checked = zip(tasks, answers, strict=True)
    findings = (finding for answer in answers for finding in answer.findings)
    return Verdict(
        findings=[finding for finding in findings if not is_ignored(finding)],
        scenes=len({(file, scene) for (file, *_), answer in checked for scene in answer.scenes}),
        failures=_failures(tasks, answers, len(outputs)),
    )


def _check_scene(*task: *Task) -> Result:
    from pagereel.check.session import check_scene  # noqa: PLC0415 (it imports manim)

    return check_scene(*task)


def _answers(work: Callable[[Task], _Answer], tasks: Sequence[Task], jobs: int) -> list[_Answer]:
    answers = do_all(work, tasks, most=jobs, needs=_SESSION)
    return [
        _death(task, answer.code) if isinstance(answer, Died) else answer
        for task, answer in zip(tasks, answers, strict=True)
    ]


def _attempt(check: Check, task: Task) -> _Answer:
    """Do a task. Standard output is kept for the report, whatever manim and the scene print."""
    try:
        with redirect_stdout(sys.stderr):
            result = check(*task)
    except PagereelError as error:
        return _Answer(failure=str(error))
    return _Answer(tuple(result.findings), tuple(result.scenes))


def _death(task: Task, code: int) -> _Answer:
    """Say how a worker ended in the midst of a task."""
    if code >= 0:
        end, advice = f"exit code {code}", "if it is the scene that ends its process, mend that"
    else:
        known = (number.name for number in signal.Signals if number == -code)
        end = next(known, f"signal {-code}")
        advice = "if memory ran out, close other programs or take --jobs 1"
    file, scene, *_ = task
    name = f"{file}: {scene}" if scene else f"{file}"
    return _Answer(failure=one_line(f"{name}: the check was ended by {end}; {advice}"))


def _failures(tasks: Sequence[Task], answers: Sequence[_Answer], outputs: int) -> list[str]:
    """Put equal failures together; the first line names the outputs if it is not all."""
    same: dict[tuple[Target, str], list[str]] = {}
    for (file, scene, output, *_), answer in zip(tasks, answers, strict=True):
        if answer.failure:
            same.setdefault(((file, scene), answer.failure), []).append(output.label)
    texts = []
    for (_, text), labels in same.items():
        head, line_end, rest = text.partition("\n")
        where = f" [{', '.join(labels)}]" if len(labels) < outputs else ""
        texts.append(f"{head}{where}{line_end}{rest}")
    return texts
