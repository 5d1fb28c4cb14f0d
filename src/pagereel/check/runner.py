"""Check scenes, each in every output, and collect what is found.

Nothing here imports manim; the process that the workers are forked from does.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from pagereel.check.finding import is_ignored, read_comments
from pagereel.check.workers import Failed, do_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pagereel.check.finding import Finding
    from pagereel.check.output import Output
    from pagereel.check.settings import Settings
    from pagereel.discovery import SceneSource

    Task: TypeAlias = tuple[Path, str, Output, Settings, Path | None]

_SESSION = "pagereel.check.session"


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
        read_comments(file)  # a mistake in them is said now rather than after minutes
    tasks = [
        (scene.file, scene.name, output, settings, stills)
        for scene, output in product(scenes, outputs)
    ]
    answers = do_all(_check_scene, tasks, most=jobs, needs=_SESSION)
    checked = [
        (task, answer)
        for task, answer in zip(tasks, answers, strict=True)
        if not isinstance(answer, Failed)
    ]
    findings = (finding for _, answer in checked for finding in answer)
    return Verdict(
        findings=[finding for finding in findings if not is_ignored(finding)],
        scenes=len({(file, name) for (file, name, *_), _ in checked}),
        failures=_failures(tasks, answers, len(outputs)),
    )


def _check_scene(*task: *Task) -> list[Finding]:
    from pagereel.check.session import check_scene  # noqa: PLC0415 (it imports manim)

    return check_scene(*task)


def _failures(
    tasks: Sequence[Task], answers: Sequence[list[Finding] | Failed], outputs: int
) -> list[str]:
    """Put equal failures of a file together; the first line names the outputs if it is not all."""
    same: dict[tuple[Path, str], dict[str, None]] = {}
    for (file, _, output, *_), answer in zip(tasks, answers, strict=True):
        if isinstance(answer, Failed):
            same.setdefault((file, answer.message), {})[output.label] = None
    texts = []
    for (_, text), labels in same.items():
        head, line_end, rest = text.partition("\n")
        where = f" [{', '.join(labels)}]" if len(labels) < outputs else ""
        texts.append(f"{head}{where}{line_end}{rest}")
    return texts
