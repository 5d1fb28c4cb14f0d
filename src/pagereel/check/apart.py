"""Draw the sections of a scene in a process of its own, where it can do no harm to others."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, TypeAlias

from pagereel.check.workers import Ended, do_all
from pagereel.errors import CheckError, PagereelError, SceneFailed

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.check.output import Output
    from pagereel.check.pytest.golden import Still

    Task: TypeAlias = tuple[Path, str, Output]


def draw_apart(file: Path, name: str, *, output: Output) -> list[Still]:
    """Return a still of each section of a scene; see `pagereel.check.pytest.sections`.

    Raises
    ------
    CheckError
        If the scene raised, ended its process, draws nothing, or is not there.
    """
    (answer,) = do_all(
        _draw, [(file, name, output)], most=1, needs="pagereel.check.pytest.sections"
    )
    if isinstance(answer, Ended):
        raise CheckError(f"{file}: {name} ended its process with {answer.code}; mend that")
    if isinstance(answer, str):
        raise SceneFailed(answer)
    return answer


def _draw(task: Task) -> list[Still] | str:
    """Do a task; return the stills, or why there are none."""
    from pagereel.check.pytest.sections import draw_sections  # noqa: PLC0415 (it imports manim)

    file, name, output = task
    try:
        with redirect_stdout(sys.stderr):
            return draw_sections(file, name, output=output)
    except PagereelError as error:
        return str(error)
