"""Which colour a task has. Colours are names here; the theme says how they look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.cache import LetGo
from pagereel.cache.events import task_of
from pagereel.story.story import task_fault
from pagereel.wording import shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pagereel.cache import Step
    from pagereel.toml.table import Table

COLOR_NAMES = ("green", "orange", "blue", "pink", "violet")

# Task -> the tasks that are ever seen together with it. The inner dicts are ordered sets: messages
# must not depend on the order of a set.
_Neighbours = dict[str, dict[str, None]]


def task_colors(steps: Sequence[Step], table: Table | None = None) -> dict[str, str]:
    """Give every task of a story a colour.

    A task is seen while it is in the cache, and while it is queued for it. One without a declared
    colour gets the first one that

    - no other task has that is seen together with it, or that has left cached frames which are
      seen beside it, and that is declared for no other task; else
    - tells it from the tasks that are seen together with it; else
    - tells it from those that are in the cache together with it; else,
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
        Task -> one of `COLOR_NAMES`: every task that is ever in the cache, in order of arrival;
        then those that only wait for it, if any other arrives.

    Raises
    ------
    StoryError
        If the table names what is not a task or a colour, or a task that never arrives; or if it
        gives two tasks one colour that are seen at the same time.
    """
    declared = _declared(table) if table else {}
    states = [*(step.before for step in steps[:1]), *(step.after for step in steps)]
    held = _neighbours(map(task_of, state.tables) for state in states)
    seen = _neighbours((*map(task_of, state.tables), *state.queued) for state in states)
    if table:
        _check_declared(table, declared, held, seen)
    if not held:
        return {}
    colors, remembered = dict(declared), _remembered(steps)
    # A task takes its colour when it is seen first: one that waits must not take that of one that
    # runs already, and keeps its own when it arrives.
    for number, task in enumerate(seen):
        if task not in declared:
            together = {colors.get(other, "") for other in seen[task]}
            others = together.union(declared.values())
            left = {colors.get(other, "") for other in remembered.get(task, ())}
            colors[task] = (
                _first_without(others | left)
                or _first_without(others)
                or _first_without(together)
                or _first_without(colors.get(other, "") for other in held.get(task, ()))
                or COLOR_NAMES[number % len(COLOR_NAMES)]
            )
    return {task: colors[task] for task in {**held, **seen}}


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


def _check_declared(
    table: Table, declared: Mapping[str, str], held: _Neighbours, seen: _Neighbours
) -> None:
    """Refuse colours of no use, and those that do not tell tasks apart."""
    for task, color in declared.items():
        if task not in seen:
            raise table.error(f"task {task} never arrives; remove its colour", task)
        for other in seen[task]:
            if declared.get(other) == color:
                where = "in the cache" if other in held.get(task, ()) else "seen"
                message = f"{task} and {other} are {where} together and both {color}"
                raise table.error(f"{message}; give one of them another colour", task)


def _first_without(taken: Iterable[str]) -> str | None:
    names = set(taken)
    return next((name for name in COLOR_NAMES if name not in names), None)


def _neighbours(seen: Iterable[Iterable[str]]) -> _Neighbours:
    """Return the tasks that stand together in one of the rows of tasks."""
    neighbours: _Neighbours = {}
    for together in seen:
        tasks = dict.fromkeys(together)
        for task in tasks:
            others = neighbours.setdefault(task, {})
            others.update((other, None) for other in tasks if other != task)
    return neighbours


def _remembered(steps: Sequence[Step]) -> dict[str, set[str]]:
    """Task -> the tasks whose cached frames are seen beside it, or evicted for it."""
    remembered: dict[str, set[str]] = {}
    last: dict[int, str] = {}
    for step in steps:
        if isinstance(step.event, LetGo):
            last.update(dict.fromkeys(step.event.cached, step.event.task))
        seen = (*step.before.cached, *step.before.evicted, *step.after.cached)
        owners = {last[frame] for frame in seen if frame in last}  # not those of before a part
        for task in (*map(task_of, step.after.tables), *step.after.queued) if owners else ():
            remembered.setdefault(task, set()).update(owners - {task})
    return remembered
