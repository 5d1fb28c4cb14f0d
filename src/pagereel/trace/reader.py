"""Reading a trace: strictly, event by event, in bounded memory."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pagereel.cache import place
from pagereel.errors import TraceError
from pagereel.trace.fields import Fault, Fields, decode
from pagereel.trace.lines import STANDARD_INPUT, opened, read_lines
from pagereel.trace.records import Header, Record, read_checks, read_event, read_header
from pagereel.wording import shown

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
                _check_seq(values, seq)
                if "step" in values:
                    step = _read_step(values, step)
                record = Record(line, seq, values.get("step"), event, read_checks(values, frames))
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


def _check_seq(values: dict[str, Any], expected: int) -> None:
    if "seq" not in values:
        raise Fault(f"seq is missing; add seq {expected}")
    seq = values["seq"]
    if type(seq) is not int or seq != expected:
        raise Fault(f"seq must be {expected} here, not {shown(seq)}; events are counted from 1")


def _read_step(values: dict[str, Any], before: int | None) -> int:
    step = Fields(values).needed_number("step", least=0)
    if before is not None and step < before:
        raise Fault(f"step {step} comes after step {before}; steps never go back")
    return step
