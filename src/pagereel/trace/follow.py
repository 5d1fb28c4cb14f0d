"""Playing a trace to a cache that compares everything that the trace says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.cache import place
from pagereel.errors import CacheError, TraceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagereel.cache import Ledger
    from pagereel.trace.reader import Trace
    from pagereel.trace.records import Record


class Impossible(TraceError):  # noqa: N818 (the mistake may be the engine's)
    """An event that cannot happen, or a check that disagrees; its cause is the cache's error."""


def follow(trace: Trace, ledger: Ledger | None = None) -> Iterator[tuple[Record, Ledger]]:
    """Replay a trace.

    Parameters
    ----------
    trace
        The trace, from its start.
    ledger
        The cache to play it to; a new one, if not given.

    Yields
    ------
    tuple
        Each event, and the cache after it: always the same, which goes on changing.

    Raises
    ------
    TraceError
        At the first line that cannot be read.
    Impossible
        At the first event that cannot happen, or whose checks disagree with the cache.
    """
    ledger = ledger or trace.header.ledger()
    for record in trace:
        try:
            ledger.apply(record.event)
            record.checks.verify(ledger)
        except CacheError as error:
            where = place(record.seq, record.event.label)
            # What can be done stands in the notes.
            message = "; ".join([str(error), *getattr(error, "__notes__", ())])
            raise Impossible(trace.name, f"{where}: {message}", line=record.line) from error
        yield record, ledger
