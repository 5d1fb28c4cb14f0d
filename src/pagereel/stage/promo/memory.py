"""A memory in which each request reserves a row, as a trace leaves it after a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.cache.events import Arrive, Submit
from pagereel.errors import TraceError
from pagereel.trace import follow, open_trace

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """What a request has reserved.

    Attributes
    ----------
    task
        Its name.
    number
        Its number, in the order of arrival.
    frames
        Its page frames, one after another.
    tokens
        How many tokens it has; they fill the row from its beginning.
    """

    task: str
    number: int
    frames: range
    tokens: int


@dataclass(frozen=True, slots=True)
class Memory:
    """Rows of one length, and what is left of the memory below them.

    Attributes
    ----------
    frames, page_size
        How many page frames the memory has, and how many tokens fit into one.
    rows
        The rows, in the order of their frames.
    waiting
        The requests that wait for one, the first to come first.
    """

    frames: int
    page_size: int
    rows: tuple[Row, ...]
    waiting: tuple[str, ...]

    @property
    def columns(self) -> int:
        """How many page frames make a row."""
        return len(self.rows[0].frames)

    @property
    def tokens(self) -> int:
        """How many slots hold a token."""
        return sum(row.tokens for row in self.rows)

    @property
    def empty(self) -> float:
        """Which share of all slots holds none, 0 to 1."""
        return 1 - self.tokens / (self.frames * self.page_size)

    @classmethod
    def after(cls, trace: Path, step: int) -> Memory:
        """Return the memory after a step of the engine.

        A running request has the tokens with which it was submitted, and one for each step since it
        arrived.

        Raises
        ------
        TraceError
            If the trace cannot be read, or the requests' frames are not rows of one length from
            the first frame on.
        """
        tokens: dict[str, int] = {}
        since: dict[str, int] = {}
        arrived: dict[str, int] = {}
        with open_trace(trace) as found:
            header = found.header
            tables: dict[str, list[int]] = {}
            waiting: tuple[str, ...] = ()
            for record, ledger in follow(found):
                if record.step is None:
                    raise TraceError(found.name, "its events have no steps", line=record.line)
                if record.step > step:
                    break
                match record.event:
                    case Submit(task, int(prompt)):
                        tokens[task] = prompt
                    case Arrive(task):
                        since[task] = record.step
                        arrived.setdefault(task, len(arrived))
                tables = {task: [*table] for task, table in ledger.tables.items()}
                waiting = (*ledger.queued,)
        rows = tuple(
            Row(
                task,
                arrived[task],
                range(table[0], table[-1] + 1),
                tokens[task] + step - since[task],
            )
            for task, table in sorted(tables.items(), key=lambda each: each[1])
        )
        if not rows or any(tables[row.task] != [*row.frames] for row in rows):
            raise TraceError(str(trace), f"after step {step} its requests hold no rows of frames")
        if len({len(row.frames) for row in rows}) > 1:
            raise TraceError(str(trace), f"after step {step} its rows differ in length")
        length = len(rows[0].frames)
        if any(row.frames[0] != number * length for number, row in enumerate(rows)):
            raise TraceError(str(trace), f"after step {step} there is room between its rows")
        return cls(header.frames, header.page_size or 1, rows, waiting)
