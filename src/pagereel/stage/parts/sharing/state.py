"""The state of a map of pages: where each page stands, which tasks hold it, its tokens.

Each task has a row, from the start; a page stands in the row of the task that computed it. All of
it follows from the steps of the story and from the tokens that its tasks have; nothing is drawn
here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pagereel.cache import Arrive, Expand, Step, Submit
from pagereel.stage.layout.page_map import Cell, Way
from pagereel.stage.parts.pool import Kind, Look, first_looks, next_looks
from pagereel.stage.parts.slots.look import BLANK, TIMES, Edge, PageLook, Slot, bar, empty, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pagereel.stage.part import Extent


@dataclass(frozen=True, slots=True)
class MapState:
    """A state of the map.

    Attributes
    ----------
    tables
        The page table of each task.
    frames
        What the page frames show, by frame.
    homes
        Frame -> the cell in which its page stands.
    found
        The cell of a page that was found in the prefix index -> the frame that it was found in.
    tokens
        Task that has arrived -> how many tokens its pages hold.
    asking
        The task that is looked up: some of its prompt's pages are still to come.
    """

    tables: Mapping[str, tuple[int, ...]]
    frames: tuple[Look, ...]
    homes: Mapping[int, Cell] = field(default_factory=dict)
    found: Mapping[Cell, int] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)
    asking: str = ""


class MapStory:
    """A story as a map tells it.

    Parameters
    ----------
    told
        The story.
    private_words
        Whether pages that only one task holds show words, and not bars.

    Attributes
    ----------
    page_size
        Tokens a page.
    first
        The state before the first step.
    rows
        Task -> its row.
    prompts
        Task -> how many tokens its prompt has.
    track
        The cells of pages that several tasks hold, at once or one after the other.
    """

    def __init__(self, told: Extent, *, private_words: bool = True) -> None:
        self._words, self._counts = told.words, told.tokens
        self._private_words = private_words
        self.page_size = told.initial.page_size or 1
        arrivals = [step.event for step in told.steps if isinstance(step.event, Arrive)]
        self.rows = {task: row for row, task in enumerate(told.words)}
        self.prompts = {event.task: event.tokens or 0 for event in arrivals}
        self.first = MapState({}, first_looks(told.initial))
        state, track = self.first, set[Cell]()
        for step in told.steps:
            state = self.after(state, step)
            if isinstance(step.event, Arrive):
                track.update(state.homes[frame] for frame in step.event.shared)
        self.track = frozenset(track)

    def after(self, state: MapState, step: Step) -> MapState:
        """Return the state after a step."""
        event, tables = step.event, step.after.tables
        homes, found = dict(state.homes), dict(state.found)
        asking = ""
        match event:
            case Arrive(task=task, shared=shared):
                table = tables[task]
                cells = [Cell(self.rows[task], page) for page in range(len(table))]
                found |= dict(zip(cells, shared, strict=False))
                own = slice(len(shared), None)
                homes |= dict(zip(table[own], cells[own], strict=True))
                asking = task if len(table) < self.pages(task) else ""
            case Expand(task=task, frame=frame):
                homes[frame] = Cell(self.rows[task], len(tables[task]) - 1)
            case _:
                pass
        frames = next_looks(state.frames, step)
        kept = {frame: cell for frame, cell in homes.items() if frames[frame].kind is not Kind.FREE}
        return MapState(tables, frames, kept, found, self._filled(state, step.at, tables), asking)

    def at(self, state: MapState, at: int) -> MapState:
        """Return the state after one of the engine's steps in which nothing else happens."""
        return replace(state, tokens=self._filled(state, at, state.tables))

    def pages(self, task: str) -> int:
        """Return how many pages the prompt of a task fills."""
        return -(-self.prompts[task] // self.page_size)

    def ways(self, state: MapState) -> dict[str, Way]:
        """Return the way of each task's line."""
        return {
            task: Way(self.rows[task], tuple(state.homes[frame] for frame in table))
            for task, table in state.tables.items()
        }

    def looks(self, state: MapState) -> dict[Cell, PageLook]:
        """Return what the pages show, row by row."""
        looks: dict[Cell, PageLook] = {}
        for task, row in self.rows.items():
            if task in state.tokens and task not in state.tables:
                continue  # it has left
            # What still waits is looked up, if there is anything to find.
            asks = task == state.asking and any(cell.row != row for cell in state.homes.values())
            for page in range(len(state.tables.get(task, ())), self.pages(task)):
                looks[Cell(row, page)] = self._waiting(Cell(row, page), asks=asks)
        for cell, frame in state.found.items():
            looks[cell] = PageLook((*self._prompt(cell),), number=str(frame), dim=True)
        for frame, cell in state.homes.items():
            looks[cell] = self._home(state, frame, cell)
        return dict(sorted(looks.items()))

    def _home(self, state: MapState, frame: int, cell: Cell) -> PageLook:
        look, kept = state.frames[frame], state.frames[frame].kind is Kind.CACHED
        holders = 0 if kept else len(look.tasks)
        return PageLook(
            (*self._written(cell, state),),
            holders=look.tasks,
            number=str(frame),
            note=f"{TIMES}{holders}" if cell in self.track else "",
            edge=Edge.DASHED if kept else Edge.SOLID,
            pale=cell not in self.track,
            dim=kept,
        )

    def sought(self, cell: Cell) -> PageLook:
        """Return what a page of a prompt shows while it is looked up."""
        task = self._task(cell)
        slots = tuple(replace(slot, task=task) for slot in self._prompt(cell))
        return PageLook(slots, holders=(task,))

    def _waiting(self, cell: Cell, *, asks: bool) -> PageLook:
        """Return a page that is not there yet; full ones are what is looked up."""
        slots = (*self._prompt(cell),)
        return self.sought(cell) if asks and BLANK not in slots else PageLook(slots, dim=True)

    def _prompt(self, cell: Cell) -> Iterator[Slot]:
        """Yield what is in the slots of a page of a prompt before it is computed."""
        task = self._task(cell)
        for at in self._positions(cell):
            if at >= self.prompts[task]:
                yield BLANK
            else:
                yield word(self._words[task][at]) if self._speaks(cell) else bar("")

    def _written(self, cell: Cell, state: MapState) -> Iterator[Slot]:
        """Yield what is in the slots of a page that its task has computed."""
        task = self._task(cell)
        for at in self._positions(cell):
            if at >= state.tokens[task]:
                yield empty(task)
            elif at < len(self._words[task]) and self._speaks(cell):
                yield word(self._words[task][at], task, own=at >= self.prompts[task])
            else:
                yield bar(task)

    def _speaks(self, cell: Cell) -> bool:
        """Return whether a page shows words."""
        return self._private_words or cell.page in {other.page for other in self.track}

    def _positions(self, cell: Cell) -> range:
        return range(cell.page * self.page_size, (cell.page + 1) * self.page_size)

    def _task(self, cell: Cell) -> str:
        return [*self.rows][cell.row]

    def _filled(
        self, state: MapState, at: int | None, tables: Mapping[str, tuple[int, ...]]
    ) -> dict[str, int]:
        """Return how many tokens each task has: as many as its pages can hold by now."""
        now = {} if at is None else self._counts.get(at, {})
        tokens = dict(state.tokens)
        for task, table in tables.items():
            count = now.get(task, tokens.get(task, 0))
            tokens[task] = min(count, len(table) * self.page_size)
        return tokens


def parts_of(step: Step, *, singly: bool) -> Iterator[Step]:
    """Yield the parts of a step that are shown one after another.

    Parameters
    ----------
    step
        What happens. That a task is queued is not shown: it is looked up as it arrives.
    singly
        Whether an arrival is shown page by page.
    """
    event = step.event
    if isinstance(event, Arrive) and singly:
        table = step.after.tables[event.task]
        for end in range(1, len(table) + 1):
            tables = {**step.after.tables, event.task: table[:end]}
            waiting = {frame for frame in table[end:] if frame in step.before.cached}
            cached = (f for f in step.before.cached if f in step.after.cached or f in waiting)
            yield replace(step, after=replace(step.after, tables=tables, cached=tuple(cached)))
    elif not isinstance(event, Submit):
        yield step
