"""Files that a user names: only regular ones are read or replaced, and that is seen before.

Reading a pipe would keep us waiting, and a device may never end.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path


class Unreadable(Exception):  # noqa: N818 (it becomes an error of the kind that the reader raises)
    """Why a file cannot be read and what to do; the message follows the file's name."""


def opened(path: Path) -> BufferedReader:
    """Open a regular file for reading.

    Raises
    ------
    Unreadable
        If it cannot be opened or is something else.
    """
    try:
        kind = kind_of(path.stat())
        if kind is not None:
            raise Unreadable(f"this is a {kind}; name a file{' in it' * (kind == 'folder')}")
        return path.open("rb")
    except FileNotFoundError:
        raise Unreadable("there is no such file; check the path") from None
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL character
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise Unreadable(f"the file cannot be read: {reason}; check the path") from None


def read_whole(path: Path, *, most: int) -> bytes:
    """Return the content of a regular file.

    Raises
    ------
    Unreadable
        If it cannot be read, or has more than `most` bytes.
    """
    with opened(path) as file:
        try:
            content = file.read(most + 1)
        except OSError as error:
            raise Unreadable(f"the file cannot be read: {error.strerror}; check the path") from None
    if len(content) > most:
        raise Unreadable(f"the file is larger than {most // 1024} KiB; make it shorter")
    return content


def kind_of(found: os.stat_result) -> str | None:
    """Return in a word what is not a regular file: folder, pipe, socket or device; else None."""
    kinds = {stat.S_IFREG: None, stat.S_IFDIR: "folder", stat.S_IFIFO: "pipe"}
    return {**kinds, stat.S_IFSOCK: "socket"}.get(stat.S_IFMT(found.st_mode), "device")


def output_fault(path: Path, source: Path | None) -> str | None:
    """Return why a file cannot be put in a place, to follow its name; None if it can.

    Parameters
    ----------
    path
        Where the file is to be. It replaces only a regular file.
    source
        The file that it is made from, which it must not replace, whatever it is called there; None
        is standard input.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL character
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return f"the file cannot be written: {reason}; name another"
    kind = kind_of(found)
    if kind is not None:
        return f"this is a {kind}; name a file{' in it' * (kind == 'folder')}"
    with suppress(OSError, ValueError):  # that the source cannot be read is said when it is read
        if os.path.samestat(found, os.fstat(0) if source is None else source.stat()):
            return "this is the file that is read; name another"
    return None
