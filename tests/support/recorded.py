"""Reading back what was recorded, as strictly as `pagereel trace check` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.trace import follow, open_trace

if TYPE_CHECKING:
    from pathlib import Path

    from pagereel.cache import Ledger
    from pagereel.trace import Header, Record


def read(path: Path) -> tuple[Header, list[Record], Ledger]:
    """Replay a trace; return its header, its events and the cache at its end."""
    with open_trace(path) as trace:
        ledger = trace.header.ledger()
        return trace.header, [record for record, _ in follow(trace, ledger)], ledger
