"""Reading a trace: strictly, event by event, in bounded memory."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.cache import place
from pagereel.errors import TraceError
from pagereel.trace.lines import STANDARD_INPUT, opened, read_lines
from pagereel.trace.records import (
    Fault,
    Header,
    Record,
    decode,
    read_checks,
    read_event,
    read_header,
    read_seq,
    read_step,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self


class Trace:
    """A trace that is open: its header, and its events, which can be read once.

    Use it in a `with` block, or call `close`.

    Parameters
    ----------
    path
        The file, or None for standard input.

    Attributes
    ----------
    name
        What messages call the file.
    header
        What the trace says about its engine.

    Raises
    ------
    TraceError
        If the file cannot be read, or does not begin as a trace does.
    """

    def __init__(self, path: Path | None) -> None:
        self.name = STANDARD_INPUT if path is None else str(path)
        with ExitStack() as files:
            self._lines = read_lines(files.enter_context(opened(path)), self.name)
            self.header = self._read_header()
            self._files = files.pop_all()
        self._records = self._read()

    def __iter__(self) -> Iterator[Record]:
        return self._records

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._files.close()

    def error(self, message: str, line: int) -> TraceError:
        """Make an error about a line."""
        return TraceError(self.name, message, line=line)

    def _read_header(self) -> Header:
        number, text = next(self._lines, (0, ""))
        if not number:
            raise TraceError(self.name, "the file is empty; record a trace into it", line=1)
        try:
            return read_header(decode(text))
        except Fault as fault:
            raise self.error(str(fault), number) from None

    def _read(self) -> Iterator[Record]:
        """Yield the events.

        Raises
        ------
        TraceError
            At the first line that is not the event that it should be.
        """
        frames, step = self.header.frames, None
        seq = 1
        for line, text in self._lines:
            event = None
            try:
                values = decode(text)
                event = read_event(values)
                read_seq(values, seq)
                now = read_step(values, step)
                step = step if now is None else now
                record = Record(line, seq, now, event, read_checks(values, frames))
            except Fault as fault:
                where = place(seq, event.label if event else "")
                raise self.error(f"{where}: {fault}", line) from None
            yield record
            seq += 1


def open_trace(path: Path | str) -> Trace:
    """Open a trace and read its header.

    Parameters
    ----------
    path
        A file of JSON lines, compressed with gzip or not, or ``-`` for standard input.

    Returns
    -------
    Trace
        To be iterated over once: it yields `Record` by `Record` and raises `TraceError` at the
        first line that is not as it should be. Whether the events are possible is not looked at;
        `follow` does that.

    Raises
    ------
    TraceError
        If the file cannot be read, or does not begin as a trace does.
    """
    return Trace(None if str(path) == "-" else Path(path))
