"""The lines of a trace's file: compressed or not, never more than one of them in memory."""

from __future__ import annotations

import gzip
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.errors import TraceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedIOBase
    from pathlib import Path

LONGEST_LINE = 16 * 1024 * 1024
STANDARD_INPUT = "standard input"
_GZIP = b"\x1f\x8b"
_BYTE_ORDER_MARK = "\ufeff"
# ValueError: a path with a NUL character.
_UNREADABLE = (OSError, EOFError, zlib.error, ValueError)


@contextmanager
def opened(path: Path | None) -> Iterator[BufferedIOBase]:
    """Open a file, or standard input for None; gzip is told by its first bytes.

    Raises
    ------
    TraceError
        If it cannot be read.
    """
    name = STANDARD_INPUT if path is None else str(path)
    try:
        # Standard input is not ours to be closed.
        file = path.open("rb") if path else open(0, "rb", closefd=False)  # noqa: SIM115
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


def read_lines(file: BufferedIOBase, name: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file; the last may lack its line end.

    Parameters
    ----------
    file
        From `opened`.
    name
        What messages call it.

    Yields
    ------
    tuple
        The line's number, from 1, and its text.

    Raises
    ------
    TraceError
        At the first line that is longer than 16 MiB, empty, not UTF-8, or ends in CR LF; or
        where the file cannot be read on.
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
    """Make an error about a file that cannot be read, out of one of `_UNREADABLE`."""
    if isinstance(error, FileNotFoundError):
        return TraceError(name, "there is no such file; check the path")
    if isinstance(error, IsADirectoryError):
        return TraceError(name, "this is a folder; name a trace in it")
    if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile):
        message = f"the compressed data is damaged or cut off: {error}; make the file anew"
        return TraceError(name, message, line=line)
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return TraceError(name, f"the file cannot be read: {reason}; check the path", line=line)
