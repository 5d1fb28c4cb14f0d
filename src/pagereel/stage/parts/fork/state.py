"""The content of page frames while tasks share, copy and write them, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pagereel.cache import Arrive, CacheState, Copy, Expand
from pagereel.errors import StageError
from pagereel.stage.part import LimitError
from pagereel.stage.parts.slots.look import FREE, TIMES, PageLook, Slot, empty, word
from pagereel.stage.parts.steps import need_events, refuse_events
from pagereel.wording import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pagereel.cache import Step
    from pagereel.stage.part import Extent
    from pagereel.story import Beat


@dataclass(frozen=True, slots=True)
class Written:
    """The page tables, and how many tokens each task has written.

    Attributes
    ----------
    state
        The cache.
    tokens
        Task -> how many of its tokens are in their slots.
    prompts
        Task -> how many of them belong to its prompt.
    """

    state: CacheState
    tokens: Mapping[str, int] = field(default_factory=dict)
    prompts: Mapping[str, int] = field(default_factory=dict)

    def after(self, step: Step) -> Written:
        """Return what is written after a step.

        A prompt is there when its task has arrived. A page that is added gets its first token; by
        then the pages before it are full.
        """
        event, tokens, prompts = step.event, dict(self.tokens), dict(self.prompts)
        if isinstance(event, Arrive) and event.tokens is not None:
            tokens[event.task] = prompts[event.task] = event.tokens
        if isinstance(event, Expand) and event.pos is not None:
            tokens[event.task] = event.pos + 1
        running = step.after.tables
        return Written(
            step.after,
            {task: count for task, count in tokens.items() if task in running},
            {task: count for task, count in prompts.items() if task in running},
        )

    def with_token(self, task: str) -> Written:
        """Return what is written after a task has written one token more."""
        return replace(self, tokens={**self.tokens, task: self.tokens[task] + 1})


def written_before(told: Extent) -> Written:
    """Return what is written before a story's first step."""
    written = Written(told.earlier[0].before if told.earlier else told.initial)
    for step in told.earlier:
        written = written.after(step)
    return written


def first_copy(told: Extent) -> Copy | None:
    """Return the first event of a story in which a page is copied, if there is one."""
    events = (step.event for step in (*told.earlier, *told.steps))
    return next((event for event in events if isinstance(event, Copy)), None)


class Rehearsal:
    """The acts of a story, done without being shown.

    Parameters
    ----------
    told
        The story; in it, a page is copied.
    """

    def __init__(self, told: Extent) -> None:
        self._told, self._written = told, written_before(told)
        self._copied = first_copy(told)

    def do(self, beat: Beat) -> None:
        """Do what a beat does.

        Raises
        ------
        StageError
            If its act cannot be played, or a word is missing.
        """
        match beat.act:
            case "copy":
                if len(beat.steps) != 1 or not isinstance(beat.steps[0].event, Copy):
                    raise StageError("the act copy plays one event, a copy; give it that alone")
            case "grow":
                need_events(beat)
            case None:
                pass
            case _:
                refuse_events(beat)
        if self._copied and beat.act == "stop" and len(self._readers(self._copied.task)) < 2:
            task = self._copied.task
            raise StageError(f"no other task reads where {task} writes; remove the act stop")
        for task in self._writers() if beat.act == "write" else ():
            if len(self._readers(task)) > 1:
                raise StageError(f"{task} writes where others read; let it copy the page before")
            self._written = self._written.with_token(task)
        for step in beat.steps:
            self._written = self._written.after(step)
        for task, count in self._written.tokens.items():
            word_at(self._told, task, count - 1)

    def _writers(self) -> list[str]:
        return writers(self._copied, self._written) if self._copied else []

    def _readers(self, task: str) -> list[str]:
        """Return the tasks that read the frame in which a task's next token belongs."""
        word_at(self._told, task, self._written.tokens.get(task, 0))
        frame, _ = place_of(self._told, self._written, task)
        return [each for each, table in self._written.state.tables.items() if frame in table]


def writers(copied: Copy, written: Written) -> list[str]:
    """Return the tasks that shared a page: the one that has the copy, and those that kept it."""
    tables = written.state.tables
    return [copied.task, *(task for task, table in tables.items() if copied.src in table)]


def looks(
    told: Extent,
    written: Written,
    *,
    coming: Collection[tuple[str, int]] = (),
    columns: int = 2,
    brief: bool = False,
) -> tuple[PageLook, ...]:
    """Return what the page frames show.

    Parameters
    ----------
    told
        The story.
    written
        What is held and written.
    coming
        Tokens, by task and position, that are written but not yet seen in their slots.
    columns
        How many slots of a frame stand side by side: an empty one has the colour that is behind it.
    brief
        Whether a refcount is shown as a factor.
    """

    def look(frame: int) -> PageLook:
        tables = written.state.tables
        holders = tuple(task for task, table in tables.items() if frame in table)
        if not holders:
            return PageLook(number=str(frame), note="free", slots=(FREE,) * page_size(told))
        note = refcount(len(holders), brief=brief)
        slots = tuple(
            empty(holders[number % columns * len(holders) // columns]) if each is None else each
            for number, each in enumerate(_words(told, written, frame, coming))
        )
        return PageLook(number=str(frame), note=note, holders=holders, slots=slots)

    return tuple(map(look, range(told.frames)))


def refcount(count: int, *, brief: bool = False) -> str:
    """Return a refcount as a text."""
    return f"{TIMES}{count}" if brief else f"refcount {count}"


def place_of(told: Extent, written: Written, task: str) -> tuple[int, int]:
    """Return the frame and the slot in it where a task's next token belongs.

    Raises
    ------
    StageError
        If the task is not there, or its pages are full.
    """
    if task not in written.tokens:
        raise StageError(f"{task} is not in the cache; let it arrive in an earlier beat")
    page, slot = divmod(written.tokens[task], page_size(told))
    table = written.state.tables[task]
    if page == len(table):
        raise StageError(f"the pages of {task} are full; let it expand in an earlier beat")
    return table[page], slot


def word_at(told: Extent, task: str, position: int) -> str:
    """Return the word that stands for a task's token.

    Raises
    ------
    LimitError
        If the story has no word for it.
    """
    words = told.words[task]
    if position >= len(words):
        says = f"{task} writes more than its {counted(len(words), 'word')}; add words"
        raise LimitError(says, key=f"words.{task}")
    return words[position]


def page_size(told: Extent) -> int:
    """Return how many slots a frame has; 1 if the story does not say."""
    return told.initial.page_size or 1


def _words(
    told: Extent, written: Written, frame: int, coming: Collection[tuple[str, int]]
) -> list[Slot | None]:
    """Return the words in a frame that is held; None for each slot that is empty."""
    tables, size = written.state.tables, page_size(told)
    # Of tasks that share it, the one with the most tokens has written all that are in it.
    holders = (task for task, table in tables.items() if frame in table)
    task = max(holders, key=lambda task: written.tokens[task])
    first = tables[task].index(frame) * size
    return [
        None
        if position >= written.tokens[task] or (task, position) in coming
        else word(word_at(told, task, position), task, own=position >= written.prompts[task])
        for position in range(first, first + size)
    ]
