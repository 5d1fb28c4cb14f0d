"""Which colour a task has. Colours are names here; how they look is the theme's business."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.cache import Abort, Finish, Preempt
from pagereel.story.text import task_fault
from pagereel.wording import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pagereel.cache import Step
    from pagereel.toml.table import Table

COLOR_NAMES = ("green", "orange", "blue", "pink", "violet")


def read_colors(table: Table | None) -> dict[str, str]:
    """Read the colours that a storyboard declares.

    Returns
    -------
    dict
        Task -> one of `COLOR_NAMES`.

    Raises
    ------
    StoryError
        If a name is not a task's or not a colour's.
    """
    declared: dict[str, str] = {}
    if table is None:
        return declared
    for task in table.values:
        fault = task_fault(task)
        if fault:
            raise table.error(f"the name of a task {fault}", task)
        color = table.name(task) or ""
        if color not in COLOR_NAMES:
            raise table.error(f"unknown colour of {task}; {suggestion(color, COLOR_NAMES)}", task)
        declared[task] = color
    return declared


def check_colors(table: Table | None, steps: Sequence[Step]) -> None:
    """Refuse declared colours that are of no use, or that do not tell tasks apart.

    Raises
    ------
    StoryError
        If the task never arrives, or a task that is in the cache at the same time is declared to
        have the same colour.
    """
    if table is None:
        return
    neighbours = _neighbours(steps)
    for task, color in table.values.items():
        if task not in neighbours:
            raise table.error(f"task {task} never arrives; remove its colour", task)
        for other in neighbours[task]:
            if table.values.get(other) == color:
                message = f"{task} and {other} are in the cache together and both {color}"
                raise table.error(f"{message}; give one of them another colour", task)


def assign_colors(declared: Mapping[str, str], steps: Sequence[Step]) -> dict[str, str]:
    """Give every task of a story a colour.

    A task without a declared colour gets the first that no task has that is in the cache together
    with it, or has left cached frames that are seen beside it, and that is not declared for any
    other; else one that tells it from the tasks beside it; else, when more tasks are together than
    there are colours, they take turns.

    Parameters
    ----------
    declared
        Task -> colour, as the storyboard says.
    steps
        The whole story.

    Returns
    -------
    dict
        Task -> one of `COLOR_NAMES`, in order of arrival.
    """
    colors = dict(declared)
    neighbours, remembered = _neighbours(steps), _remembered(steps)
    for number, task in enumerate(neighbours):
        if task not in declared:
            beside = {colors.get(other, "") for other in neighbours[task]}
            others = beside.union(declared.values())
            seen = {colors.get(other, "") for other in remembered.get(task, ())}
            colors[task] = (
                _first_without(others | seen)
                or _first_without(others)
                or _first_without(beside)
                or COLOR_NAMES[number % len(COLOR_NAMES)]
            )
    return {task: colors[task] for task in neighbours}


def _first_without(taken: Iterable[str]) -> str | None:
    return next((name for name in COLOR_NAMES if name not in taken), None)


def _neighbours(steps: Sequence[Step]) -> dict[str, dict[str, None]]:
    """Task, in order of arrival -> the tasks that are ever in the cache together with it.

    The inner dicts are ordered sets: messages must not depend on the order of a set.
    """
    neighbours: dict[str, dict[str, None]] = {}
    for step in steps:
        for task in step.after.tables:
            others = neighbours.setdefault(task, {})
            others.update(dict.fromkeys(other for other in step.after.tables if other != task))
    return neighbours


def _remembered(steps: Sequence[Step]) -> dict[str, set[str]]:
    """Task -> the tasks whose cached frames are seen beside it, or evicted for it."""
    remembered: dict[str, set[str]] = {}
    last: dict[int, str] = {}
    for step in steps:
        if isinstance(step.event, Finish | Abort | Preempt):
            last.update(dict.fromkeys(step.event.cached, step.event.task))
        seen = (*step.before.cached, *step.before.evicted, *step.after.cached)
        owners = {last[frame] for frame in seen}
        for task in step.after.tables if owners else ():
            remembered.setdefault(task, set()).update(owners - {task})
    return remembered
