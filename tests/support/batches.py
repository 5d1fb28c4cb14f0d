"""What the parts of a running batch have to show, from the cache and the tokens alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.assets import TRACES
from pagereel.cache import Arrive, CacheState, Defer, Preempt, Step, Submit
from pagereel.stage.parts.batch.course import courses, first_course

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.stage.part import Extent
    from pagereel.stage.parts.batch.course import Cell

BATCHES = [TRACES / "pool_pressure.jsonl", TRACES / "preempt.jsonl"]
SHARED_BATCHES = [*BATCHES, TRACES / "prefix_sharing.jsonl"]
# Points of their other parts.
ANCHORS = ("cell", "passage", "running", "waiting", "waiting_top")
# By part: the stories in which it is tested.
TALES_OF_BATCHES = {
    "BatchMask": BATCHES,
    "Notes": BATCHES,
    "Risers": SHARED_BATCHES,
    "RunningTasks": SHARED_BATCHES,
    "SlottedPool": SHARED_BATCHES,
    "StepStrip": SHARED_BATCHES,
    "WaitingRow": BATCHES,
}


def state(told: Extent, steps: Sequence[Step]) -> CacheState:
    return steps[-1].after if steps else told.initial


def filled(told: Extent, steps: Sequence[Step]) -> tuple[int, ...]:
    """Return by frame how many of its slots hold a token."""
    now, size, at = state(told, steps), told.initial.page_size or 0, step_of(told, steps)
    found = [0] * now.frames
    for task, table in now.tables.items():
        begun = told.tokens[at - 1].get(task, 0) if at - 1 in told.tokens else 0
        tokens = told.tokens[at].get(task, begun)  # who leaves in this step makes no token more
        for page, frame in enumerate(table):
            found[frame] = min(max(tokens - page * size, 0), size)
    return tuple(found)


def step_of(told: Extent, steps: Sequence[Step]) -> int:
    at = steps[-1].at if steps else told.steps[0].at
    assert at is not None
    return at


def waiting(told: Extent, steps: Sequence[Step]) -> tuple[tuple[str, ...], str]:
    """Return who waits, and what is said of the first, if the engine has deferred it there."""
    queue: list[str] = []
    needs: int | None = None
    for step in steps:
        front = queue[:1]
        match step.event:
            case Submit(task=task):
                queue.append(task)
            case Preempt(task=task):
                queue.insert(0, task)
            case Arrive(task=task):
                queue.remove(task)
            case Defer(need=need):
                needs = need
        needs = needs if queue[:1] == front else None
    if not needs:
        return tuple(queue), ""
    free = len(state(told, steps).free_frames)
    says = "none is free" if not free else f"{free} {'is' if free == 1 else 'are'} free"
    only = "only " if 0 < free < needs else ""
    name = f"{queue[0]} " if queue[1:] else ""
    return tuple(queue), f"{name}needs {needs} frames, {only}{says}"


def again(_: Extent, steps: Sequence[Step]) -> list[str]:
    """Return the note on what was computed again: the tokens of who arrives a second time."""
    arrivals = [step.event for step in steps if isinstance(step.event, Arrive)]
    seen: set[str] = set()
    tokens = 0
    for event in arrivals:
        tokens += (event.tokens or 0) if event.task in seen else 0
        seen.add(event.task)
    return [f"computed again so far: {tokens} tokens"] if tokens else []


def reached(told: Extent, steps: Sequence[Step]) -> dict[int, str]:
    """Return the frames that were taken in the engine's step, and who has taken them."""
    now = [step for step in steps if step.at == step_of(told, steps)]
    return {frame: step.event.task for step in now for frame in step.taken}  # type: ignore[union-attr]


def cells(told: Extent, steps: Sequence[Step]) -> dict[tuple[int, int], Cell]:
    """Return the cells of the course, which `tests/stage/batch` compares with the storyboards."""
    course = [first_course(told), *courses(told)][len(steps)]
    return dict(course.cells)


TRUTHS_OF_BATCHES = {
    "BatchMask": lambda told, steps: state(told, steps).mask_literal,
    "Notes": again,
    "Risers": reached,
    "RunningTasks": lambda told, steps: dict(state(told, steps).tables),
    "StepStrip": cells,
    "WaitingRow": waiting,
}
