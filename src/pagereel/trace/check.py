"""Saying where a trace and the cache disagree first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.cache import place
from pagereel.cache.checks import Disagreement
from pagereel.trace.follow import Impossible, follow
from pagereel.trace.records import NO_CHECKS

if TYPE_CHECKING:
    from pagereel.errors import CacheError
    from pagereel.trace.reader import Trace


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking a trace came to.

    Parameters
    ----------
    events
        How many events agree.
    claims
        How many checks of the state agree.
    finding
        Lines about the first disagreement; empty, if there is none.
    """

    events: int
    claims: int
    finding: tuple[str, ...] = ()


def check_trace(trace: Trace) -> Verdict:
    """Replay a trace up to the first disagreement.

    Raises
    ------
    TraceError
        If the trace cannot be read.
    """
    events = claims = 0
    try:
        for record, _ in follow(trace):
            events = record.seq
            if record.checks is not NO_CHECKS:
                claims += record.checks.count
    except Impossible as error:
        return Verdict(events, claims, _finding(error))
    return Verdict(events, claims)


def _finding(error: Impossible) -> tuple[str, ...]:
    cause = error.cause
    where = f"{error.name}:{error.line}: {place(error.record.seq, error.record.event.label)}"
    expected, found = _sides(cause)
    what = f"{where}: {cause}" if isinstance(cause, Disagreement) else f"{where} cannot happen"
    return what, f"  expected  {expected}", f"  found     {found}"


def _sides(cause: CacheError) -> tuple[str, str]:
    if isinstance(cause, Disagreement):
        return cause.expected, cause.found
    advice = "; ".join(getattr(cause, "__notes__", ()))
    possible = "an event that the cache can carry out"
    return f"{possible} ({advice})" if advice else possible, str(cause)
