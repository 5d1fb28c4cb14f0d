"""Which colour a task has. Colours are names here; the theme says how they look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.cache import Release
from pagereel.story.story import task_fault
from pagereel.wording import shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pagereel.cache import Step
    from pagereel.toml.table import Table

COLOR_NAMES = ("green", "orange", "blue", "pink", "violet")

# Task, in order of arrival -> the tasks that are ever in the cache together with it. The inner
# dicts are ordered sets: messages must not depend on the order of a set.
_Neighbours = dict[str, dict[str, None]]


def task_colors(steps: Sequence[Step], table: Table | None = None) -> dict[str, str]:
    """Give every task of a story a colour.

    A task without a declared colour gets the first one that

    - no other task has that is in the cache together with it, or that has left cached frames
      which are seen beside it, and that is declared for no other task; else
    - tells it from the tasks beside it; else,
    - when more tasks are together than there are colours, they take turns.

    Parameters
    ----------
    steps
        The whole story.
    table
        The colours that a storyboard declares: task -> colour.

    Returns
    -------
    dict
        Task -> one of `COLOR_NAMES`, in order of arrival.

    Raises
    ------
    StoryError
        If the table names what is not a task or a colour, or a task that never arrives; or if it
        gives two tasks one colour that are in the cache at the same time.
    """
    declared = _declared(table) if table else {}
    neighbours = _neighbours(steps)
    if table:
        _check_declared(table, declared, neighbours)
    colors, remembered = dict(declared), _remembered(steps)
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


def _declared(table: Table) -> dict[str, str]:
    declared: dict[str, str] = {}
    for task in table.values:
        fault = task_fault(task)
        if fault:
            raise table.error(f"the name of a task, {shown(task)}, {fault}", task)
        color = table.name(task) or ""
        if color not in COLOR_NAMES:
            message = f"unknown colour {shown(color)} of {task}"
            raise table.error(f"{message}; {suggestion(color, COLOR_NAMES)}", task)
        declared[task] = color
    return declared


def _check_declared(table: Table, declared: Mapping[str, str], neighbours: _Neighbours) -> None:
    """Refuse colours of no use, and those that do not tell tasks apart."""
    for task, color in declared.items():
        if task not in neighbours:
            raise table.error(f"task {task} never arrives; remove its colour", task)
        for other in neighbours[task]:
            if declared.get(other) == color:
                message = f"{task} and {other} are in the cache together and both {color}"
                raise table.error(f"{message}; give one of them another colour", task)


def _first_without(taken: Iterable[str]) -> str | None:
    return next((name for name in COLOR_NAMES if name not in taken), None)


def _neighbours(steps: Sequence[Step]) -> _Neighbours:
    neighbours: _Neighbours = {}
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
        if isinstance(step.event, Release):
            last.update(dict.fromkeys(step.event.cached, step.event.task))
        seen = (*step.before.cached, *step.before.evicted, *step.after.cached)
        owners = {last[frame] for frame in seen}
        for task in step.after.tables if owners else ():
            remembered.setdefault(task, set()).update(owners - {task})
    return remembered
