"""What every token slot of a memory holds, for tasks that reserve and for tasks that take pages.

Both are the same: a page table says which slots a task has, and its number of tokens how many of
them are written. A reservation is a page as long as the longest request.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pagereel.cache import Arrive, Leave
from pagereel.errors import StageError
from pagereel.stage.layout.memory import MemoryNeed
from pagereel.stage.parts.steps import refuse_events
from pagereel.stage.timing import Phase
from pagereel.trace.records import Header
from pagereel.trace.simulate.engine import Simulation
from pagereel.trace.simulate.workload import Submission, Workload

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from pagereel.cache import Step
    from pagereel.stage.part import Extent
    from pagereel.story import Beat

MOST_LONGEST = 32
_AT_ONCE = 3  # as many tokens of a task are written in the time of one


@dataclass(frozen=True, slots=True)
class Use:
    """What a memory holds at one moment.

    Parameters
    ----------
    size
        Token slots a page.
    pages
        How many pages the memory has.
    tables
        Task -> its pages.
    tokens
        Task -> how many tokens it has; no more than its pages have slots.
    waiting
        Tasks that wait for pages.
    """

    size: int
    pages: int
    tables: Mapping[str, tuple[int, ...]]
    tokens: Mapping[str, int]
    waiting: tuple[str, ...] = ()

    @property
    def slots(self) -> tuple[tuple[str, int | None] | None, ...]:
        """By slot: None if it is free, else its task, and which of its tokens is there, if any."""
        found: list[tuple[str, int | None] | None] = [None] * (self.size * self.pages)
        for task, table in self.tables.items():
            for token in range(len(table) * self.size):
                written = token if token < self.tokens[task] else None
                found[self.slot_of(task, token)] = (task, written)
        return tuple(found)

    def slot_of(self, task: str, token: int) -> int:
        """Return the slot of a task's token."""
        page, offset = divmod(token, self.size)
        return self.tables[task][page] * self.size + offset

    @property
    def empty(self) -> dict[str, int]:
        """Task -> how many of its slots hold no token."""
        return {
            task: len(table) * self.size - self.tokens[task] for task, table in self.tables.items()
        }

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many slots hold a token, are set aside and empty, and are free."""
        tokens, empty = sum(self.tokens.values()), sum(self.empty.values())
        return tokens, empty, self.size * self.pages - tokens - empty

    def taken(self, before: Use) -> Use:
        """Return the same pages with only the tokens that were written before."""
        kept = {task: min(before.tokens.get(task, 0), self.tokens[task]) for task in self.tables}
        return replace(self, tokens=kept)

    def split(self, size: int) -> Use:
        """Return the same tokens in the same slots, in smaller pages; those without one are free.

        Parameters
        ----------
        size
            Slots of such a page; it divides a page of now.
        """
        cut = self.size // size
        tables = {
            task: tuple(page * cut + part for page in table for part in range(cut))[
                : -(-self.tokens[task] // size)
            ]
            for task, table in self.tables.items()
        }
        return Use(size, self.pages * cut, tables, self.tokens)

    def moved(self, before: Use) -> dict[int, int]:
        """Return the slots of tokens that were in other slots before: slot -> slot before."""
        both = {task: min(self.tokens[task], before.tokens.get(task, 0)) for task in self.tables}
        slots = (
            (self.slot_of(task, token), before.slot_of(task, token))
            for task, tokens in both.items()
            for token in range(tokens)
        )
        return {slot: old for slot, old in slots if slot != old}

    def only(self, tasks: Collection[str]) -> Use:
        """Return the same without all other tasks."""
        tables = {task: table for task, table in self.tables.items() if task in tasks}
        return Use(self.size, self.pages, tables, {task: self.tokens[task] for task in tables})


def writing(before: Use, after: Use) -> Phase:
    """Return the phase in which new tokens are written: many of a task take longer than a few."""
    new = (tokens - before.tokens.get(task, 0) for task, tokens in after.tokens.items())
    most = max(new, default=0)  # no task is left once all have finished
    return Phase.FLY if most <= _AT_ONCE else Phase.CONNECT


def memory_need(told: Extent) -> MemoryNeed:
    """Return what a memory has to show: its slots, and pages of which sizes."""
    size = told.initial.page_size or 1
    longest = told.own["reservation"]
    sizes = {size, longest, *told.own.get("page-size", {}).values()}
    return MemoryNeed(
        slots=told.frames * size, longest=longest, sizes=tuple(sorted(sizes, reverse=True))
    )


def paged_use(told: Extent, step: Step | None, at: int | None = None) -> Use:
    """Return what the memory holds after a step of the story.

    Parameters
    ----------
    told
        The story.
    step
        The last event; None for the state before the first.
    at
        The engine's step after which tokens are counted; that of the event, if not given.
    """
    state = step.after if step else told.initial
    at = step.at if at is None and step else at
    written = told.tokens.get(at, {}) if at is not None else {}
    size = state.page_size or 1
    tables = {task: tuple(table) for task, table in state.tables.items()}
    tokens = {task: min(written.get(task, 0), size * len(table)) for task, table in tables.items()}
    return Use(size, state.frames, tables, tokens)


def reserved_uses(told: Extent, longest: int) -> dict[int, Use]:
    """Run the requests of a story in the same memory, where each reserves for the longest request.

    Returns
    -------
    dict
        Engine's step -> what the memory holds by its end, for every step of the story.
    """
    steps = [*told.earlier, *told.steps]
    last = max((step.at or 0 for step in steps), default=0)
    header = Header("", told.frames, told.initial.page_size or 1)
    tasks = _submissions(steps, longest)
    workload = Workload(
        header,
        policy="lowest-bit",
        prefix_index=False,
        out_of_frames="defer",
        prefixes={},
        tasks=tasks,
    ).reserving(longest)
    simulation, found = Simulation(workload), dict[int, Use]()
    while simulation.step < last and not simulation.is_over:
        for _ in simulation.advance():
            pass
        ledger = simulation.ledger
        tables = {task: tuple(table) for task, table in ledger.tables.items()}
        found[simulation.step] = Use(longest, ledger.frames, tables, simulation.tokens)
    return _without_gaps(found, last, Use(longest, workload.header.frames, {}, {}))


def _without_gaps(found: dict[int, Use], last: int, use: Use) -> dict[int, Use]:
    every = {}
    for at in range(last + 1):
        use = every[at] = found.get(at, use)
    return every


def _submissions(steps: Sequence[Step], longest: int) -> tuple[Submission, ...]:
    """Return the requests of a story. What has not finished by its end is as long as possible."""
    ends = {step.event.task: step.at or 0 for step in steps if isinstance(step.event, Leave)}
    found = []
    for step in steps:
        event = step.event
        if isinstance(event, Arrive):
            at, tokens = step.at or 0, event.tokens or 1
            output = ends[event.task] - at if event.task in ends else longest - tokens
            found.append(Submission(event.task, at, tokens, max(1, output)))
    return tuple(found)


class Models:
    """The requests of a story in a memory in which each reserves, and in one of page frames.

    Parameters
    ----------
    told
        The story. If it begins with page tables, it is told in pages from the start.

    Attributes
    ----------
    pages
        Whether `now` is the memory of page frames.
    """

    def __init__(self, told: Extent) -> None:
        self._told = told
        self._reserved = reserved_uses(told, told.own["reservation"])
        self._step = told.earlier[-1] if told.earlier else None
        self._at = self._step.at or 0 if self._step else 0
        self._asked: tuple[str, ...] = ()
        self.pages = bool(told.initial.tables)

    @property
    def now(self) -> Use:
        """What the memory holds now."""
        return self._paged if self.pages else self.reserved

    @property
    def reserved(self) -> Use:
        """What it holds now, if each request reserves for the longest one."""
        use, tables = self._reserved[self._at], self._step.after.tables if self._step else {}
        waiting = tuple(task for task in tables if task not in use.tables)
        return replace(use.only(tables), waiting=waiting)

    @property
    def _paged(self) -> Use:
        use = paged_use(self._told, self._step, self._at)
        return replace(use, waiting=tuple(task for task in self._asked if task not in use.tables))

    def of_beat(self, key: str) -> Use:
        """Return what it holds now in pages of the size that the story gives for a beat.

        Raises
        ------
        StageError
            If the story gives none.
        """
        size = self._told.own["page-size"].get(key)
        if size is None:
            raise StageError(f"[page-size] has no {key}; add {key} = 4, token slots a page")
        if size == self._told.own["reservation"]:
            return self.reserved
        use = self._paged
        return use if size == use.size else use.split(size)

    def cut(self) -> Use:
        """Turn to the memory of page frames; return what it holds."""
        self.pages = True
        return self.now

    def ask(self) -> str:
        """Let the next task ask for memory, and wait; return its name.

        Raises
        ------
        StageError
            If no task is left that could ask.
        """
        steps = self._told.steps
        later = steps[steps.index(self._step) + 1 :] if self._step in steps else steps
        task = next((step.event.task for step in later if isinstance(step.event, Arrive)), None)
        if task is None:
            raise StageError("no task arrives later that could ask; remove the act")
        self._asked = (*self._asked, task)
        return task

    def rehearse(self, beat: Beat) -> None:
        """Do what a beat does, without showing it.

        Raises
        ------
        StageError
            If its act cannot be played.
        """
        match beat.act:
            case "run" | None:
                for _ in self.follow(beat):
                    pass
                return
            case "ask" if self.pages:
                raise StageError("the act ask needs a memory that is not cut yet; put it first")
            case "ask":
                self.ask()
            case "cut" if self.pages:
                raise StageError("the memory is cut already; remove the act cut")
            case "cut":
                self.cut()
            case "page-size":
                self.of_beat(beat.key)
            case "compare" if not self.pages:
                raise StageError("the act compare needs a beat with the act cut before it")
            case _:
                pass
        refuse_events(beat)

    def follow(self, beat: Beat) -> Iterator[Use]:
        """Yield what the memory holds after each arrival in a beat, and each engine's step."""
        for self._at, steps in beat.ticks:
            for number, step in enumerate(steps, 1):
                self._step = step
                if number < len(steps) and isinstance(step.event, Arrive):
                    yield self.now
            yield self.now
