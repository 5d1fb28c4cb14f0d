"""Replaying a trace in a cache, and saying where the two first disagree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pagereel.cache import Arrive, Offload, Share, place
from pagereel.cache.checks import Disagreement
from pagereel.errors import CacheError, TraceError
from pagereel.trace.records import NO_CHECKS
from pagereel.wording import named_frames

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pagereel.cache import Event, Ledger
    from pagereel.trace.reader import Trace
    from pagereel.trace.records import Record


class Uncomputed(Disagreement):
    """Content that was never computed is used.

    Parameters
    ----------
    frames
        The frames that should have it.
    """

    def __init__(self, frames: Sequence[int]) -> None:
        super().__init__(
            "this uses content that was never computed",
            expected="frames whose content was computed, or loaded",
            found=named_frames(frames),
        )
        self.frames = frames


class Impossible(TraceError):  # noqa: N818 (the mistake may be the engine's)
    """An event that cannot happen, a check that disagrees, or a use of what was never computed.

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
    uses
        How many of the events use content that was never computed.
    first_use
        The first of these.
    disagreement
        The first event that cannot happen, or whose checks disagree; none is replayed after it.
    ledger
        The cache as it is then, or at the end.
    """

    events: int
    claims: int
    ledger: Ledger = field(compare=False)
    uses: int = 0
    first_use: Impossible | None = None
    disagreement: Impossible | None = None

    @property
    def faults(self) -> list[Impossible]:
        """What was found, in its order."""
        return [*filter(None, (self.first_use, self.disagreement))]


def check_trace(trace: Trace) -> CheckedTrace:
    """Replay a trace up to the first disagreement; to use what was never computed is none.

    Raises
    ------
    TraceError
        If the trace cannot be read.
    """
    events = claims = uses = 0
    first_use = disagreement = None
    ledger = trace.header.ledger()
    try:
        for record, _ in follow(trace, ledger):
            events = record.seq
            if record.checks is not NO_CHECKS:
                claims += record.checks.count
            if ledger.uncomputed and (frames := _missing(record.event, ledger)):
                uses += 1
                first_use = first_use or Impossible(trace.name, record, Uncomputed(frames))
    except Impossible as error:
        disagreement = error
    return CheckedTrace(events, claims, ledger, uses, first_use, disagreement)


def _missing(event: Event, ledger: Ledger) -> list[int]:
    """Return the frames that an event uses as if their content had been computed."""
    match event:
        case Arrive(shared=used) | Share(shared=used) | Offload(frames=used):
            return [frame for frame in used if frame in ledger.uncomputed]
        case _:
            return []


def finding(error: Impossible) -> tuple[str, ...]:
    """Return lines about what was found: where, what was expected, and what is there instead."""
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
