"""Files that appear whole or not at all, their checksums, locks on folders, and small JSON files.

A file grows under a temporary name in its own folder and is moved to its place with `os.replace`,
so that nobody ever sees half of it. What a killed process leaves behind matches `UNFINISHED`.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

UNFINISHED = ".*.partial"
"""The pattern of the names under which files grow."""


class NewFile:
    """A file that is being written; it replaces what stands in its place when it is complete.

    Attributes
    ----------
    partial
        Where to write it: a hidden name in the same folder, of this process alone.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.partial = path.with_name(f".{path.name}.{os.getpid()}.partial")

    def complete(self, *, durable: bool = False) -> None:
        """Move the file to its place; with `durable`, so that it outlives even a power cut."""
        if durable:
            sync(self.partial)
        self.partial.replace(self._path)
        if durable:
            with suppress(OSError):  # not all file systems can sync a folder
                sync(self._path.parent)

    def discard(self) -> None:
        """Remove what has been written, if anything."""
        self.partial.unlink(missing_ok=True)


@contextmanager
def replacing(path: Path, *, durable: bool = False) -> Iterator[Path]:
    """Give the temporary name to write a file under; it appears when the `with` block succeeds."""
    new = NewFile(path)
    try:
        yield new.partial
        new.complete(durable=durable)
    finally:
        with suppress(OSError):  # what went wrong is on its way already
            new.discard()


def write_facts(path: Path, facts: Mapping[str, Any], *, durable: bool = False) -> None:
    """Write a small JSON file."""
    with replacing(path, durable=durable) as partial:
        partial.write_text(json.dumps(facts), encoding="ascii")


def read_facts(path: Path) -> dict[str, Any]:
    """Return what a small JSON file says; nothing, if it is missing or damaged."""
    try:
        facts = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def checksum(file: Path) -> str | None:
    """Return the SHA-256 of a file; None if it cannot be read."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return None


def sync(path: Path) -> None:
    """Have a file's content, or the names in a folder, written to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class FolderLock:
    """An advisory lock on a folder, shared by this process and those that it forks.

    It is released by `close`, or when the last of these processes has ended.

    Raises
    ------
    OSError
        If there is no such folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor = os.open(folder, os.O_RDONLY)

    def wait(self) -> None:
        """Take the lock when it is free; on a file system without locks, go without one."""
        with suppress(OSError):
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def take(self) -> bool:
        """Take the lock if it is free and the folder still there; return whether it was taken."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The process that held the lock before may just have removed the folder.
            return os.path.samestat(os.fstat(self._descriptor), self._folder.stat())
        except OSError:
            return False

    def close(self) -> None:
        """Let others take the lock."""
        os.close(self._descriptor)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder during the `with` block; wait for it first."""
    with closing(FolderLock(folder)) as lock:
        lock.wait()
        yield


def remove_if_unlocked(folder: Path) -> bool:
    """Remove a folder unless a living process holds its lock; return whether it was removed."""
    try:
        lock = FolderLock(folder)
    except OSError:
        return False
    with closing(lock):
        if taken := lock.take():
            shutil.rmtree(folder, ignore_errors=True)
    return taken
