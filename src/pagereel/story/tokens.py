"""How many tokens each task has after each of the engine's steps.

A task that arrives in some step has the tokens of its prompt after it, and one more after each step
that follows, as long as its page table has a slot for it. An engine that cuts prompts into chunks,
or makes several tokens in a step, counts otherwise. The `pos` of an event shows that: then nothing
is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pagereel.cache import Arrive, Expand

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pagereel.cache import Step

# A count for each step takes memory. A clock in place of steps would have millions.
_MOST_STEPS = 10_000

# The engine's step -> running task -> how many tokens it has after that step.
Tokens: TypeAlias = "Mapping[int, Mapping[str, int]]"


def count_tokens(steps: Sequence[Step]) -> Tokens:
    """Count the tokens of all tasks after each of the engine's steps, from the first to the last.

    Parameters
    ----------
    steps
        All events.

    Returns
    -------
    Mapping
        Empty, if the engine's steps, its page size or the length of a prompt are not known, if
        tasks are there before the first event, if the `pos` of an event disagrees, if a task leaves
        and comes back within a step, or if there are more than 10,000 steps.
    """
    size = steps[0].before.page_size if steps else None
    known = [step.at for step in steps if step.at is not None]
    if size is None or len(known) < len(steps) or known[-1] - known[0] >= _MOST_STEPS:
        return {}
    if steps[0].before.tables or steps[0].before.groups:
        return {}
    happening: dict[int, list[Step]] = {}
    for at, step in zip(known, steps, strict=True):
        happening.setdefault(at, []).append(step)
    counted: dict[int, dict[str, int]] = {}
    running: Mapping[str, tuple[int, ...]] = {}
    for at in range(known[0], known[-1] + 1):
        events = happening.get(at, [])
        running = events[-1].after.tables if events else running
        counts = _begun(events, counted.get(at - 1, {}))
        if counts is None:
            return {}
        slots = {task: len(table) * size for task, table in running.items()}
        counted[at] = {task: min(counts[task], most) for task, most in slots.items()}
    return counted


def asking(tokens: Tokens, at: int) -> tuple[str, ...]:
    """Return the tasks whose next token had no slot in one of the engine's steps."""
    before = tokens.get(at - 1, {})
    return tuple(task for task, count in tokens.get(at, {}).items() if before.get(task) == count)


def _begun(events: Sequence[Step], before: Mapping[str, int]) -> dict[str, int] | None:
    """Return how many tokens the tasks of a step would have; None if that cannot be said."""
    counts = {task: count + 1 for task, count in before.items()}
    for step in events:
        match step.event:
            case Arrive(task=task, tokens=tokens):
                if tokens is None or task in before:
                    return None
                counts[task] = tokens
            case Expand(task=task, pos=int(pos)) if pos != before.get(task, pos):
                return None
    return counts
