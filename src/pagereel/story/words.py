"""The words that stand for a task's tokens on screen, and whether they fit what happens.

A trace knows how many tokens a prompt has, and which of its pages others share. The words of a
story must have as many, and pages that are shared must have the same words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.cache import Arrive, Copy
from pagereel.story.story import task_fault
from pagereel.wording import counted, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pagereel.cache import Step
    from pagereel.toml.table import Table

LONGEST_WORD = 16

_Words = dict[str, tuple[str, ...]]


def read_words(top: Table, steps: Sequence[Step]) -> _Words:
    """Read the words of a storyboard.

    Parameters
    ----------
    top
        All of the storyboard.
    steps
        All that happens in it.

    Returns
    -------
    dict
        Task -> its tokens from position 0; empty if there are none.

    Raises
    ------
    StoryError
        If they do not fit: fewer than the tokens of a prompt, more than a task has slots for, or
        other ones in a page that is shared.
    """
    table = top.table("words")
    if table is None:
        return {}
    words = dict(_read(table, steps))
    size = steps[0].before.page_size if steps else None
    if size is None:
        raise table.error("words need a page size; add page_size to the pool")
    for task in words:
        _check_count(table, task, words, steps=steps, size=size)
    _check_shared(table, words, steps=steps, size=size)
    return words


def _read(table: Table, steps: Sequence[Step]) -> Iterator[tuple[str, tuple[str, ...]]]:
    tasks = {task for step in steps for task in step.after.tables}
    for task in table.values:
        fault = task_fault(task)
        if fault:
            raise table.error(f"the name of a task, {shown(task)}, {fault}", task)
        if task not in tasks:
            raise table.error(f"task {task} never arrives; remove its words", task)
        yield task, table.texts(task, longest=LONGEST_WORD) or ()


def _check_count(
    table: Table, task: str, words: _Words, *, steps: Sequence[Step], size: int
) -> None:
    """Refuse words that are not as many as the tokens that a task has at some time."""
    count, has = len(words[task]), f"words.{task} has {counted(len(words[task]), 'word')}"
    for step in steps:
        event = step.event
        if isinstance(event, Arrive) and event.task == task and count < (event.tokens or 0):
            tokens = counted(event.tokens or 0, "token")
            message = f"{has}, and event {step.number} brings {tokens}; write a word for each"
            raise table.error(message, task)
    pages = max(len(step.after.tables.get(task, ())) for step in steps)
    if count > pages * size:
        slots = f"{counted(pages * size, 'slot')} in {counted(pages, 'page')}"
        raise table.error(f"{has}, and {task} never has more than {slots}; remove some", task)


def _check_shared(table: Table, words: _Words, *, steps: Sequence[Step], size: int) -> None:
    """Refuse words of a page that is shared if those who share it differ in them."""
    writers: dict[int, tuple[str, int]] = {}  # frame -> whose words are in it, and of which page
    for step in steps:
        for task, table_after in step.after.tables.items():
            before = step.before.tables.get(task, ())
            for page, frame in enumerate(table_after):
                if frame in before:
                    continue
                if frame in step.taken and frame not in step.before.cached:
                    writers[frame] = task, page
                elif isinstance(step.event, Arrive) and frame in writers:
                    _compare(table, step, (task, page), writers[frame], words=words, size=size)
        if isinstance(step.event, Copy):
            writers[step.event.dst] = step.event.task, step.event.page


def _compare(
    table: Table,
    step: Step,
    mine: tuple[str, int],
    theirs: tuple[str, int],
    *,
    words: Mapping[str, tuple[str, ...]],
    size: int,
) -> None:
    (task, page), (other, _) = mine, theirs
    if task not in words or other not in words:
        return
    tokens = getattr(step.event, "tokens", None)
    read = words[task][:tokens][page * size : (page + 1) * size]
    there = words[other][page * size : (page + 1) * size][: len(read)]
    if read[: len(there)] != there:
        says = shown(" ".join(there))
        message = f"event {step.number} shares page {page} of {other}, which says {says}"
        raise table.error(f"{message}; give {task} the same words", task)
