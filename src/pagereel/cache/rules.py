"""Which events are possible in a cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from pagereel.cache.events import (
    Abort,
    Arrive,
    Copy,
    Defer,
    Evict,
    Expand,
    Finish,
    Preempt,
    Submit,
)
from pagereel.cache.frame_rules import (
    check_cached,
    check_evicted_taken,
    check_frame,
    check_free,
    check_once,
    check_shareable,
)
from pagereel.cache.refusal import check_number, refusal
from pagereel.wording import listed, named_frames, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.cache.events import Event, Release
    from pagereel.cache.ledger import Ledger


def check_possible(ledger: Ledger, event: Event) -> None:
    """Refuse what cannot happen.

    Raises
    ------
    CacheError
        If the event is impossible in this state of the cache. The message says why; a note on the
        exception, where there is one, says what can be done.
    """
    match event:
        case Expand():
            _check_expand(ledger, event)
        case Arrive():
            _check_arrive(ledger, event)
        case Finish() | Abort() | Preempt():
            _check_release(ledger, event)
        case Submit():
            _check_submit(ledger, event)
        case Evict():
            check_cached(ledger, event.frames)
        case Copy():
            _check_copy(ledger, event)
        case Defer():
            _check_defer(ledger, event)
        case _:
            assert_never(event)


def _check_submit(ledger: Ledger, event: Submit) -> None:
    _check_absent(ledger, event.task)
    if event.task in ledger.queued:
        raise refusal(f"task {event.task} is already queued", "remove this or choose another name")
    if event.tokens is not None:
        check_number(event.tokens, "tokens", least=1)


def _check_defer(ledger: Ledger, event: Defer) -> None:
    _check_absent(ledger, event.task)
    if event.task not in ledger.queued:
        raise refusal(f"task {event.task} is not queued", "submit it before")
    if event.need is not None:
        check_number(event.need, "need", least=1)
    check_evicted_taken(ledger, ())


def _check_arrive(ledger: Ledger, event: Arrive) -> None:
    task, frames, shared = event.task, event.frames, event.shared
    _check_absent(ledger, task)
    if not frames and not shared:
        raise refusal(f"task {task} arrives without a page", "give it at least one frame")
    if shared:
        check_once(ledger, (*shared, *frames))
        check_shareable(ledger, shared)
    check_free(ledger, frames)
    if event.tokens is not None:
        check_number(event.tokens, "tokens", least=1)
        _check_tokens(ledger.page_size, event.tokens, pages=len(shared) + len(frames))
    check_evicted_taken(ledger, frames)


def _check_expand(ledger: Ledger, event: Expand) -> None:
    table = _table(ledger, event.task)
    check_free(ledger, (event.frame,))
    if event.pos is not None:
        check_number(event.pos, "pos", least=0)
        if ledger.page_size is not None and event.pos // ledger.page_size != len(table):
            raise refusal(
                f"position {shown(event.pos)} lies in page {shown(event.pos // ledger.page_size)}, "
                f"but the next page of {event.task} is {len(table)}",
                "correct pos or leave it out",
            )
    check_evicted_taken(ledger, (event.frame,))


def _check_copy(ledger: Ledger, event: Copy) -> None:
    table, page, src = _table(ledger, event.task), event.page, event.src
    check_number(page, "page", least=0)
    check_frame(ledger, src)
    if page >= len(table) or table[page] != src:
        has = f"is frame {table[page]}" if page < len(table) else "does not exist"
        raise refusal(
            f"page {shown(page)} of {event.task} {has}, but src is {src}", "correct page or src"
        )
    if ledger.refcounts[src] < 2:
        raise refusal(
            f"frame {src} is held by {event.task} alone", "only shared frames are copied on write"
        )
    check_free(ledger, (event.dst,))
    check_evicted_taken(ledger, (event.dst,))


def _check_release(ledger: Ledger, event: Release) -> None:
    waits = isinstance(event, Abort) and event.task in ledger.queued
    table: Sequence[int] = () if waits else _table(ledger, event.task)
    named = event.cached if event.freed is None else (*event.freed, *event.cached)
    if named:
        check_once(ledger, named)
    _check_left(ledger, event.task, named, table)
    if event.freed is not None:
        kept = {frame for frame in table if ledger.refcounts[frame] == 1}.difference(named)
        if kept:
            raise refusal(f"{event.task} holds {named_frames(sorted(kept))} too", _RELEASE)
    check_evicted_taken(ledger, ())


_RELEASE = "name each frame of its page table once, or none at all"


def _check_left(ledger: Ledger, task: str, named: Sequence[int], table: Sequence[int]) -> None:
    """Check that frames were the task's, and that nobody else holds them."""
    foreign = sorted(set(named).difference(table))
    if foreign:
        raise refusal(f"{task} does not hold {named_frames(foreign)}", _RELEASE)
    for frame in named:
        if ledger.refcounts[frame] > 1:
            message = f"frame {frame} is still held by another task than {task}"
            raise refusal(message, "name only frames that nobody holds any more")


def _check_absent(ledger: Ledger, task: str) -> None:
    if task in ledger.tables:
        raise refusal(
            f"task {task} is already in the cache", "finish it first or choose another name"
        )


def _table(ledger: Ledger, task: str) -> Sequence[int]:
    if task not in ledger.tables:
        known = listed(tuple(ledger.tables), last=", ")
        rest = f"tasks are {known}" if known else "it has no tasks"
        raise refusal(f"there is no task {task} in the cache; {rest}")
    return ledger.tables[task]


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
