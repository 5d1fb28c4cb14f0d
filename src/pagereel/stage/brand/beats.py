"""The beats of a promo, and what an engine has to do so that each is true of it.

A trace is the witness: a beat stands only if it shows the engine doing that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pagereel.cache.events import Arrive, Copy, Defer, Evict, Expand
from pagereel.trace import follow, open_trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from pagereel.cache.events import Event
    from pagereel.trace import Header


class _Claim(NamedTuple):
    """What a beat says of an engine: whether a trace shows it, and what is so if it does not."""

    is_shown: Callable[[Header, Sequence[Event]], bool]
    otherwise: str


def _has(kind: type[Event]) -> Callable[[Header, Sequence[Event]], bool]:
    return lambda _, events: any(isinstance(event, kind) for event in events)


def _shares(_: Header, events: Sequence[Event]) -> bool:
    return any(isinstance(event, Arrive) and event.shared for event in events)


def _looks_up(header: Header, _: Sequence[Event]) -> bool:
    return (header.page_size or 1) > 1


def _lets_wait(_: Header, events: Sequence[Event]) -> bool:
    """Return whether a task that had to wait has moved up."""
    waiting: set[str] = set()
    for event in events:
        match event:
            case Defer(task):
                waiting.add(task)
            case Arrive(task) if task in waiting:
                return True
    return False


BEATS: dict[str, _Claim] = {
    "paged-cache": _Claim(_has(Expand), "no task takes a further page"),
    "prefix-sharing": _Claim(_shares, "no task shares a page frame"),
    "page-lookup": _Claim(_looks_up, "no page is larger than one token"),
    "continuous-batching": _Claim(_lets_wait, "no task waits and then moves up"),
    "lru-eviction": _Claim(_has(Evict), "no page frame is evicted"),
    "copy-on-write": _Claim(_has(Copy), "no task copies a page"),
}


def undone(beats: Iterable[str], close: Path) -> str | None:
    """Return what is wrong with beats of which an engine does not do one; None if it does all.

    Parameters
    ----------
    beats
        Of `BEATS`.
    close
        A trace of the engine.

    Raises
    ------
    TraceError
        If the trace cannot be read, or something in it cannot happen.
    """
    with open_trace(close) as trace:
        header, events = trace.header, [record.event for record, _ in follow(trace)]
    for beat in beats:
        claim = BEATS[beat]
        if not claim.is_shown(header, events):
            return (
                f"the engine does not do {beat}: in {close.name} {claim.otherwise}; remove it, or "
                "record a trace that shows it"
            )
    return None
