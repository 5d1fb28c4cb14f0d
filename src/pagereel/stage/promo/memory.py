"""A memory in which each request reserves a row, as a run leaves it at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.errors import TraceError

if TYPE_CHECKING:
    from pagereel.compare.run import Run


@dataclass(frozen=True, slots=True)
class Row:
    """What a request has reserved.

    Attributes
    ----------
    task
        Its name.
    number
        Its number, in the order of submission.
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
    def of(cls, run: Run, moment: int) -> Memory:
        """Return the memory of a run at a moment.

        Raises
        ------
        TraceError
            If it is not known how many tokens the requests have, or their frames are not rows of
            one length from the first frame on.
        """
        step, slots = run.clock.at[moment], run.slots
        if slots is None:
            raise TraceError(str(run.file), "it does not say how many tokens its requests have")
        stays = [run.stay(request, moment) for request in range(len(run.entry_of))]
        tables = {
            request: run.table(request, moment) for request, stay in enumerate(stays) if stay >= 0
        }
        rows = tuple(
            Row(
                run.task(request),
                request,
                range(table[0], table[-1] + 1),
                slots.tokens(stays[request], step),
            )
            for request, table in sorted(tables.items(), key=lambda each: each[1])
        )
        after = f"after step {step:.0f}"
        if not rows or any((*row.frames,) != tables[row.number] for row in rows):
            raise TraceError(str(run.file), f"{after} its requests hold no rows of frames")
        if len({len(row.frames) for row in rows}) > 1:
            raise TraceError(str(run.file), f"{after} its rows differ in length")
        length = len(rows[0].frames)
        if any(row.frames[0] != number * length for number, row in enumerate(rows)):
            raise TraceError(str(run.file), f"{after} there is room between its rows")
        return cls(run.frames, run.page_size or 1, rows, run.waiting(moment))
