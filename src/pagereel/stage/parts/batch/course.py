"""What each task does in each of the engine's steps: a strip of lanes and steps, as plain data.

A lane is a place in the running batch: a task that arrives takes the uppermost free one. In each
step a task puts its whole prompt into the cache, makes one token, or has no frame for its next
token. Nothing is drawn here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, auto
from itertools import count
from typing import TYPE_CHECKING

from pagereel.cache import (
    Abort,
    Arrive,
    Copy,
    Defer,
    Expand,
    Leave,
    Preempt,
    Share,
    Submit,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pagereel.cache import Step
    from pagereel.stage.part import Extent


class Does(Enum):
    """What a task does in a step."""

    PROMPT = auto()  # its prompt is computed
    TOKEN = auto()  # it makes a token
    PAGE = auto()  # it makes a token, for which it takes a frame
    RUNS = auto()  # it is in the batch; its tokens are not known
    ASKS = auto()  # its next token has no frame
    LAST = auto()  # it makes its last token
    GIVEN_UP = auto()  # it was aborted
    SENT_BACK = auto()  # it was preempted


@dataclass(frozen=True, slots=True)
class Cell:
    """What one task does in one step.

    Attributes
    ----------
    task, does
        The task, and what it does.
    number
        Of a prompt its tokens, where they are known; of a page the frame that it takes.
    gone
        Whether what was computed here is lost.
    """

    task: str
    does: Does
    number: int | None = None
    gone: bool = False


Place = tuple[int, int]  # a lane and an engine's step


@dataclass(frozen=True, slots=True)
class Course:
    """All that has happened up to a moment.

    Attributes
    ----------
    at
        The engine's step.
    lanes
        The task that runs in each lane, or nothing.
    cells
        What was done where.
    """

    at: int
    lanes: tuple[str, ...] = ()
    cells: Mapping[Place, Cell] = field(default_factory=dict)

    def begin(self, told: Extent, at: int) -> Course:
        """Return the course after the beginning of a step.

        All tasks make a token that can do so without an event: those for which a page is taken, or
        which come or go in this step, do so in that event.
        """
        busy = {_moved(step) for step in told.steps if step.at == at}
        new = {
            (lane, at): Cell(task, _does(told, task, at))
            for lane, task in enumerate(self.lanes)
            if task and task not in busy
        }
        return replace(self, at=at, cells={**self.cells, **new})

    def after(self, step: Step) -> Course:
        """Return the course after an event in this step."""
        match step.event:
            case Arrive(task=task, tokens=tokens):
                lane = self._free_lane()
                lanes = [*self.lanes, ""] if lane == len(self.lanes) else [*self.lanes]
                lanes[lane] = task
                cell = Cell(task, Does.PROMPT, tokens)
                return replace(self, lanes=tuple(lanes), cells=self._with(lane, self.at, cell))
            case Expand(task=task, frame=frame) if not self._does(task, Does.PROMPT):
                lane = self.lanes.index(task)
                return replace(self, cells=self._with(lane, self.at, Cell(task, Does.PAGE, frame)))
            case Leave(task=task) if task in self.lanes:
                return self._without(step, self.lanes.index(task))
            case _:
                return self

    def stay(self, lane: int) -> list[int]:
        """Return the steps of the task that runs in a lane, the last first."""
        task = self.lanes[lane]
        last = self.at if (lane, self.at) in self.cells else self.at - 1
        found: list[int] = []
        for at in count(last, -1):
            cell = self.cells.get((lane, at))
            if cell is None or cell.task != task:
                break
            found.append(at)
            if cell.does is Does.PROMPT:
                break
        return found

    def _without(self, step: Step, lane: int) -> Course:
        """Return the course after the task in a lane has gone."""
        stay, task = self.stay(lane), self.lanes[lane]
        cells, last = dict(self.cells), stay[0]
        if isinstance(step.event, Abort | Preempt):
            for at in stay:
                cells[lane, at] = replace(cells[lane, at], gone=True)
            if isinstance(step.event, Preempt):
                cells[lane, self.at] = Cell(task, Does.SENT_BACK)
            else:
                where = last if cells[lane, last].does is Does.ASKS else self.at
                cells[lane, where] = Cell(task, Does.GIVEN_UP)
        elif cells[lane, last].does is not Does.PROMPT:
            cells[lane, last] = Cell(task, Does.LAST)
        lanes = (*self.lanes[:lane], "", *self.lanes[lane + 1 :])
        return replace(self, lanes=lanes, cells=cells)

    def _free_lane(self) -> int:
        """Return the uppermost lane in which no task runs or ran in this step."""
        taken = [bool(task) or (n, self.at) in self.cells for n, task in enumerate(self.lanes)]
        return [*taken, False].index(False)

    def _does(self, task: str, does: Does) -> bool:
        cell = self.cells.get((self.lanes.index(task), self.at))
        return cell is not None and cell.does is does

    def _with(self, lane: int, at: int, cell: Cell) -> dict[Place, Cell]:
        return {**self.cells, (lane, at): cell}


def courses(told: Extent) -> Iterator[Course]:
    """Yield the course of a story after each event."""
    course = first_course(told)
    for step in told.steps:
        course = caught_up(course, told, step.at or 0).after(step)
        yield course


def first_course(told: Extent) -> Course:
    """Return the course before the first event."""
    at = first_step(told)
    return Course(at, tuple(told.initial.tables)).begin(told, at)


def caught_up(course: Course, told: Extent, at: int) -> Course:
    """Return the course when a step has begun, with all steps before it."""
    for passed in range(course.at + 1, at + 1):
        course = course.begin(told, passed)
    return course


def first_step(told: Extent) -> int:
    """Return the engine's step of the first event."""
    return told.steps[0].at or 0


def last_step(told: Extent) -> int:
    """Return the engine's step of the last event."""
    return told.steps[-1].at or 0


def lanes_at_end(told: Extent, at: int) -> tuple[str, ...]:
    """Return the task in each lane after all events of a step that has events."""
    pairs = zip(told.steps, courses(told), strict=True)
    return [course for step, course in pairs if step.at == at][-1].lanes


def together(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """Yield the events of a step that can be shown together, phase by phase.

    Tasks are queued, then tasks leave, then tasks take frames, then tasks have to wait. Where an
    event goes back to an earlier kind, another group begins.
    """
    group: list[Step] = []
    for step in steps:
        if group and _rank(step) < _rank(group[-1]):
            yield group
            group = []
        group.append(step)
    if group:
        yield group


def queue_after(queue: Sequence[str], step: Step) -> tuple[str, ...]:
    """Return who waits after an event, the first to be admitted first.

    A task that was preempted is put at the front, as vLLM does.
    """
    event = step.event
    match event:
        case Submit(task=task):
            return (*queue, task)
        case Preempt(task=task):
            return (task, *queue)
        case Arrive(task=task) | Abort(task=task):
            return tuple(other for other in queue if other != task)
        case _:
            return tuple(queue)


def lost(told: Extent, step: Step) -> int | None:
    """Return how many tokens of a task were in the cache when it was released, if that is known."""
    tokens = told.tokens.get((step.at or 0) - 1, {})
    return tokens.get(step.event.task) if isinstance(step.event, Leave) else None


def computed_again(steps: Sequence[Step]) -> list[int]:
    """Return, for each arrival after a preemption, how many tokens are computed another time."""
    preempted: set[str] = set()
    found = []
    for step in steps:
        match step.event:
            case Preempt(task=task):
                preempted.add(task)
            case Arrive(task=task, tokens=int(tokens), shared=shared) if task in preempted:
                found.append(tokens - len(shared) * (step.after.page_size or 0))
            case _:
                pass
    return found


def _moved(step: Step) -> str | None:
    """Return the task whose cell an event draws, if it draws one."""
    event = step.event
    return event.task if isinstance(event, Arrive | Expand | Leave) else None


def _rank(step: Step) -> int:
    match step.event:
        case Submit():
            return 0
        case Arrive() | Share() | Expand() | Copy():
            return 2
        case Defer():
            return 3
        case _:  # frames are let go
            return 1


def _does(told: Extent, task: str, at: int) -> Does:
    now, before = (told.tokens.get(moment, {}).get(task) for moment in (at, at - 1))
    if now is None:
        return Does.RUNS
    return Does.ASKS if now == before else Does.TOKEN


def seeks(told: Extent, step: Step) -> bool:
    """Return whether a task is shown looking for frames in vain: at the first deferral."""
    return step is next((one for one in told.steps if isinstance(one.event, Defer)), None)
