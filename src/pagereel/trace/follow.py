"""Replaying a trace in a cache, and saying where the two first disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.cache import place
from pagereel.cache.checks import Disagreement
from pagereel.errors import CacheError, TraceError
from pagereel.trace.records import NO_CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagereel.cache import Ledger
    from pagereel.trace.reader import Trace
    from pagereel.trace.records import Record


class Impossible(TraceError):  # noqa: N818 (the mistake may be the engine's)
    """An event that cannot happen, or a check that disagrees.

    Parameters
    ----------
    name
        The trace's file.
    record
        The event.
    cause
        What the cache says.
    """

    def __init__(self, name: str, record: Record, cause: CacheError) -> None:
        self.record = record
        self.cause = cause
        where = place(record.seq, record.event.label)
        super().__init__(name, f"{where}: {cause.with_advice}", line=record.line)


def follow(trace: Trace, ledger: Ledger | None = None) -> Iterator[tuple[Record, Ledger]]:
    """Replay a trace.

    Parameters
    ----------
    trace
        The trace, from its start.
    ledger
        The cache that carries the events out; a new one if not given.

    Yields
    ------
    tuple
        Each event, and the cache after it, which is the same object each time.

    Raises
    ------
    TraceError
        At the first line that cannot be read.
    Impossible
        At the first event that cannot happen, or whose checks disagree with the cache.
    """
    if ledger is None:
        ledger = trace.header.ledger()
    for record in trace:
        carry_out(record, ledger, trace.name)
        yield record, ledger


def carry_out(record: Record, ledger: Ledger, name: str) -> None:
    """Let an event of a trace, which has a name, happen in a cache, and compare its checks.

    Raises
    ------
    Impossible
        If it cannot happen, or the checks disagree with the cache.
    """
    try:
        ledger.apply(record.event)
        if record.checks is not NO_CHECKS:
            record.checks.verify(ledger)
    except CacheError as error:
        raise Impossible(name, record, error) from None


@dataclass(frozen=True, slots=True)
class CheckedTrace:
    """The result of checking a trace.

    Parameters
    ----------
    events
        How many events agree.
    claims
        How many checks of the state agree.
    finding
        Lines about the first disagreement; empty if there is none.
    fault
        The first disagreement, and the cache as it is then.
    """

    events: int
    claims: int
    finding: tuple[str, ...] = ()
    fault: tuple[Impossible, Ledger] | None = None


def check_trace(trace: Trace) -> CheckedTrace:
    """Replay a trace up to the first disagreement.

    Raises
    ------
    TraceError
        If the trace cannot be read.
    """
    events = claims = 0
    ledger = trace.header.ledger()
    try:
        for record, _ in follow(trace, ledger):
            events = record.seq
            if record.checks is not NO_CHECKS:
                claims += record.checks.count
    except Impossible as error:
        return CheckedTrace(events, claims, _finding(error), (error, ledger))
    return CheckedTrace(events, claims)


def _finding(error: Impossible) -> tuple[str, ...]:
    cause = error.cause
    where = f"{error.name}:{error.line}: {place(error.record.seq, error.record.event.label)}"
    expected, found = _sides(cause)
    what = f"{where}: {cause}" if isinstance(cause, Disagreement) else f"{where} cannot happen"
    return what, f"  expected  {expected}", f"  found     {found}"


def _sides(cause: CacheError) -> tuple[str, str]:
    if isinstance(cause, Disagreement):
        return cause.expected, cause.found
    possible = "an event that the cache can carry out"
    return f"{possible} ({cause.advice})" if cause.advice else possible, str(cause)
