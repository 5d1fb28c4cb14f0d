"""Which events are possible in which state, and which page tables they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from pagereel.cache.events import Arrive, Expand, Finish
from pagereel.cache.wording import listed, named_frames, shown
from pagereel.errors import CacheError

if TYPE_CHECKING:
    from pagereel.cache.events import Event
    from pagereel.cache.state import CacheState

Tables = dict[str, tuple[int, ...]]


def tables_after(state: CacheState, event: Event) -> Tables:
    """Work out the page tables after an event.

    Returns
    -------
    dict
        Task -> page table, in order of arrival.

    Raises
    ------
    CacheError
        If the event is impossible in this state.
    """
    match event:
        case Arrive():
            return _arrive(state, event)
        case Expand():
            return _expand(state, event)
        case Finish():
            return _finish(state, event)
        case _:
            assert_never(event)


def refusal(message: str, advice: str) -> CacheError:
    """Make an error whose note says what can be done, for readers that have room for it."""
    error = CacheError(message)
    error.add_note(advice)
    return error


def check_number(value: object, name: str, *, least: int) -> None:
    """Refuse what is not a whole number of at least `least`; bools are no numbers.

    Raises
    ------
    CacheError
        Says `name` and the value.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        message = f"{name} must be a whole number from {least} on, not {shown(value)}"
        raise CacheError(message)


def check_frame(state: CacheState, frame: object) -> None:
    """Refuse what is not a frame of the pool.

    Raises
    ------
    CacheError
        Says which frames there are.
    """
    if not isinstance(frame, int) or isinstance(frame, bool):
        raise CacheError(f"a frame must be a whole number, not {shown(frame)}")
    if not 0 <= frame < state.frames:
        raise refusal(
            f"frame {shown(frame)} does not exist: the pool has frames 0 to {state.frames - 1}",
            _free(state),
        )


def _arrive(state: CacheState, event: Arrive) -> Tables:
    task, pages = event.task, len(event.frames)
    if task in state.tables:
        raise refusal(
            f"task {task} is already in the cache", "finish it first or choose another name"
        )
    if not pages:
        raise refusal(f"task {task} arrives without a page", "give it at least one frame")
    _check_free(state, event.frames)
    if event.tokens is not None:
        check_number(event.tokens, "tokens", least=1)
        _check_tokens(state.page_size, event.tokens, pages=pages)
    return {**state.tables, task: tuple(event.frames)}


def _expand(state: CacheState, event: Expand) -> Tables:
    table = _table(state, event.task)
    _check_free(state, (event.frame,))
    if event.pos is not None:
        check_number(event.pos, "pos", least=0)
        if state.page_size is not None and event.pos // state.page_size != len(table):
            raise refusal(
                f"position {shown(event.pos)} lies in page {shown(event.pos // state.page_size)}, "
                f"but the next page of {event.task} is {len(table)}",
                "correct pos or leave it out",
            )
    return {**state.tables, event.task: (*table, event.frame)}


def _finish(state: CacheState, event: Finish) -> Tables:
    table = _table(state, event.task)
    if event.freed is not None:
        _check_freed(state, event.task, freed=event.freed, table=table)
    return {task: table for task, table in state.tables.items() if task != event.task}


def _table(state: CacheState, task: str) -> tuple[int, ...]:
    if task not in state.tables:
        known = listed(tuple(state.tables), last=", ")
        rest = f"tasks are {known}" if known else "it has no tasks"
        raise CacheError(f"there is no task {task} in the cache; {rest}")
    return state.tables[task]


def _check_free(state: CacheState, frames: tuple[int, ...]) -> None:
    holders = state.holders
    _check_once(state, frames)
    for frame in frames:
        if frame in holders:
            task, page = holders[frame]
            raise refusal(f"frame {frame} is held by {task} as its page {page}", _free(state))


def _check_freed(
    state: CacheState, task: str, *, freed: tuple[int, ...], table: tuple[int, ...]
) -> None:
    advice = "name each frame of its page table once, or none at all"
    _check_once(state, freed)
    foreign = sorted(set(freed) - set(table))
    if foreign:
        raise refusal(f"{task} does not hold {named_frames(foreign)}", advice)
    kept = sorted(set(table) - set(freed))
    if kept:
        raise refusal(f"{task} holds {named_frames(kept)} too", advice)


def _check_once(state: CacheState, frames: tuple[int, ...]) -> None:
    seen: set[int] = set()
    for frame in frames:
        check_frame(state, frame)
        if frame in seen:
            raise refusal(f"frame {frame} is named twice", "name it once")
        seen.add(frame)


def _check_tokens(page_size: int | None, tokens: int, *, pages: int) -> None:
    if page_size is None:
        return
    needed = -(-tokens // page_size)
    if pages != needed:
        noun = "page" if needed == 1 else "pages"
        raise refusal(
            f"{shown(tokens)} tokens at {shown(page_size)} a page fill {shown(needed)} {noun}, "
            f"not {pages}",
            "correct tokens or the number of pages",
        )


def _free(state: CacheState) -> str:
    free = state.free_frames
    if not free:
        return "no frame is free"
    return f"{named_frames(free)} {'is' if len(free) == 1 else 'are'} free"
