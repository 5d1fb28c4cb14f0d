"""Reading a trace: strictly, compressed or not, event by event, in bounded memory."""

from __future__ import annotations

import gzip
import re
import zlib
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.cache import place
from pagereel.errors import TraceError
from pagereel.kinds import Unreadable, opened
from pagereel.trace.records import (
    END,
    Fault,
    Header,
    Record,
    decode,
    read_checks,
    read_end,
    read_event,
    read_header,
    read_seq,
    read_step,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedIOBase
    from typing import Self

    from pagereel.trace.records import Values

LONGEST_LINE = 16 * 1024 * 1024
STANDARD_INPUT = "standard input"
_IS_OPEN = re.compile("/dev/stdin|(/dev|/proc/self)/fd/[0-9]+")
_GZIP = b"\x1f\x8b"
_BYTE_ORDER_MARK = "\ufeff"
# ValueError: a path with a NUL character.
_UNREADABLE = (OSError, EOFError, zlib.error, ValueError)


class Trace:
    """An open trace: its header, and its events, which can be read once.

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
    ended
        Why the recording ended early, known once all events are read; None if it did not.

    Raises
    ------
    TraceError
        If the file cannot be read, or does not begin with the header of a trace.
    """

    def __init__(self, path: Path | None) -> None:
        self.name = STANDARD_INPUT if path is None else str(path)
        with ExitStack() as files:
            self._lines = _read_lines(files.enter_context(_opened(path)), self.name)
            self.header = self._read_header()
            self._files = files.pop_all()
        self.ended: str | None = None
        self._records = self._read()

    def __iter__(self) -> Iterator[Record]:
        return self._records

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._files.close()

    def _read_header(self) -> Header:
        number, text = next(self._lines, (0, ""))
        if not number:
            raise TraceError(self.name, "the file is empty; record a trace into it", line=1)
        try:
            return read_header(decode(text))
        except Fault as fault:
            raise TraceError(self.name, str(fault), line=number) from None

    def _read(self) -> Iterator[Record]:
        """Yield the events.

        Raises
        ------
        TraceError
            At the first malformed line, or where `seq` or `step` is not what must come next.
        """
        header, step, seq = self.header, None, 1
        for line, text in self._lines:
            event = None
            try:
                values = decode(text)
                if values.get("ev") == END:
                    self.ended = self._read_end(values, seq)
                    return
                event = read_event(values, header.version)
                read_seq(values, seq)
                now = read_step(values, step)
                step = step if now is None else now
                record = Record(line, seq, now, event, read_checks(values, header))
            except Fault as fault:
                where = place(seq, event.label if event else "")
                raise TraceError(self.name, f"{where}: {fault}", line=line) from None
            yield record
            seq += 1

    def _read_end(self, values: Values, seq: int) -> str:
        """Read why the recording ended early; nothing follows."""
        why = read_end(values)
        read_seq(values, seq)
        if next(self._lines, None) is not None:
            raise Fault("the recording ended here, but there are lines after it; remove them")
        return why


def open_trace(path: Path | str) -> Trace:
    """Open a trace and read its header.

    Parameters
    ----------
    path
        A file of JSON lines, compressed with gzip or not, or ``-`` for standard input.

    Returns
    -------
    Trace
        Iterate over it once: it yields `Record` by `Record`, and raises `TraceError` at the first
        malformed line. It does not check whether the events are possible; `follow` does.

    Raises
    ------
    TraceError
        If the file cannot be read, or does not begin with the header of a trace.
    """
    return Trace(None if str(path) == "-" else Path(path))


def early_end(why: str) -> str:
    """Say that a recording ended early."""
    return f"recording ended early: {why}"


@contextmanager
def _opened(path: Path | None) -> Iterator[BufferedIOBase]:
    """Open a file, or standard input for None; its first bytes say whether it is gzip.

    Raises
    ------
    TraceError
        If it cannot be read.
    """
    name = STANDARD_INPUT if path is None else str(path)
    try:
        if path is None:
            file = open(0, "rb", closefd=False)  # noqa: SIM115 (it is not ours to close)
        else:
            # A shell's <(…) is a pipe that is open already, so it does not keep us waiting.
            file = path.open("rb") if _IS_OPEN.fullmatch(str(path)) else opened(path)
    except Unreadable as error:
        raise TraceError(name, str(error)) from None
    except _UNREADABLE as error:
        raise _explain(error, name) from None
    with file:
        try:
            packed = file.peek(2)[:2] == _GZIP
        except _UNREADABLE as error:
            raise _explain(error, name) from None
        if not packed:
            yield file
            return
        with gzip.GzipFile(fileobj=file) as unpacked:
            yield unpacked


def _read_lines(file: BufferedIOBase, name: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file, and their numbers from 1; the last may lack its line end.

    Raises
    ------
    TraceError
        At the first line that is longer than 16 MiB, empty, not UTF-8, or ends in CR LF; or
        where reading fails.
    """
    number = 1
    while True:
        try:
            raw = file.readline(LONGEST_LINE + 1)
        except _UNREADABLE as error:
            raise _explain(error, name, number) from None
        if not raw:
            return
        yield number, _text(raw, name, number)
        number += 1


def _text(raw: bytes, name: str, number: int) -> str:
    if len(raw) > LONGEST_LINE:
        most = f"{LONGEST_LINE // 1024**2} MiB"
        message = f"the line is longer than {most}; write checks less often, or check the file"
        raise TraceError(name, message, line=number)
    if raw.endswith(b"\r\n"):
        message = "the line ends with CR LF; save the file with LF alone"
        raise TraceError(name, message, line=number)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise TraceError(name, "this is not UTF-8; save it as UTF-8", line=number) from None
    if number == 1 and text.startswith(_BYTE_ORDER_MARK):
        message = "the file begins with a byte order mark; save it as UTF-8 without one"
        raise TraceError(name, message, line=number)
    if not text.strip():
        raise TraceError(name, "the line is empty; remove it", line=number)
    return text


def _explain(error: Exception, name: str, line: int | None = None) -> TraceError:
    """Turn one of `_UNREADABLE` into an error about a file that cannot be read."""
    if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile):
        message = f"the compressed data is damaged or cut off: {error}; make a new file"
        return TraceError(name, message, line=line)
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return TraceError(name, f"the file cannot be read: {reason}; check the path", line=line)
