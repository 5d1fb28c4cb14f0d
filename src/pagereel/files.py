"""Files that appear whole or not at all, their checksums, locks on folders, and small JSON files.

A file grows in a hidden folder beside its place, and is moved there with `os.replace`, so that
nobody ever sees half of it. The process that writes it holds a lock on that folder. A lock ends
with its process, even by SIGKILL, so the next one to write the same file finds what is left of the
dead, and takes it over.
"""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import json
import os
import shutil
import tempfile
from contextlib import closing, contextmanager, suppress
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TEMPORARY = "pagereel-"  # begins the names of temporary folders
_MARK = ".temporary"  # a file that says: this folder is ours, and not one that a user has named so


class Scratch:
    """A hidden folder beside a file, of one living process, in which the file grows.

    Processes that are forked from it hold it, too.

    Attributes
    ----------
    path
        The folder.
    lock
        On the folder; where a file system has no locks, it is not held.
    """

    def __init__(self, path: Path, lock: FolderLock) -> None:
        self.path = path
        self.lock = lock

    @classmethod
    def claim(cls, file: Path, number: int = 0) -> Scratch | None:
        """Claim the folder for a file, or the next one by a number.

        Return None if a living process has it. What a dead one left in it is removed.

        Raises
        ------
        OSError
            If the folder cannot be made.
        """
        folder = _folder_of(file, number)
        while True:
            # Not `exist_ok`: that raises, too, where a folder vanishes between its two looks.
            with suppress(FileExistsError):
                folder.mkdir()
            try:
                lock = FolderLock(folder)
            except FileNotFoundError:  # its owner has just removed it
                continue
            match lock.take():
                case Taking.DONE:
                    _empty(folder)
                    return cls(folder, lock)
                case Taking.IMPOSSIBLE:  # then who owns what is not known: a folder of our own
                    lock.close()
                    own = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
                    with suppress(OSError):  # others find no lock here, either
                        folder.rmdir()
                    return cls(own, FolderLock(own))
                case Taking.HELD:
                    lock.close()
                    return None
                case Taking.GONE:
                    lock.close()

    @classmethod
    def beside(cls, file: Path) -> Scratch:
        """Claim the first folder for a file that no other living process has.

        Raises
        ------
        OSError
            If it cannot be made.
        """
        numbers = itertools.count()
        number, found = next(
            (number, made) for number in numbers if (made := cls.claim(file, number))
        )
        while remove_if_unlocked(_folder_of(file, number := number + 1)):
            pass  # there were several writers, and they are dead
        return found

    def is_there(self) -> bool:
        """Return whether nobody has removed the folder."""
        return self.lock.is_there()

    def __enter__(self) -> Path:
        """Give the folder."""
        return self.path

    def __exit__(self, *_: object) -> None:
        """Remove it."""
        self.remove()

    def remove(self) -> None:
        """Remove the folder with all that is still in it."""
        if self.is_there():
            try:
                self.path.rmdir()
            except OSError:  # it is not empty
                shutil.rmtree(self.path, ignore_errors=True)
        self.lock.close()


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a folder in the system's folder for temporary files, removed after the `with` block.

    Those of processes that were killed are removed first.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    for mark in Path(tempfile.gettempdir()).glob(f"{_TEMPORARY}*/{_MARK}"):
        remove_if_unlocked(mark.parent)
    folder = Path(tempfile.mkdtemp(prefix=_TEMPORARY))
    lock = FolderLock(folder)
    lock.take()
    (folder / _MARK).touch()  # from now on others may remove it, once it is unlocked
    with Scratch(folder, lock):
        yield folder


def _folder_of(file: Path, number: int) -> Path:
    return file.with_name(f".{file.name}.{number or ''}partial")


def _empty(folder: Path) -> None:
    for left in folder.iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink()


class NewFile:
    """A file that is being written; it replaces what stands in its place when it is complete.

    Attributes
    ----------
    partial
        Where to write it: in a folder of this process alone.

    Raises
    ------
    OSError
        If nothing can be written in the file's folder.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._scratch = Scratch.beside(path)
        self.partial = self._scratch.path / path.name

    @contextmanager
    def or_nothing(self) -> Iterator[Path]:
        """Give the name to write to; if the `with` block fails, discard the file."""
        try:
            yield self.partial
        except BaseException:
            self.discard()
            raise

    def complete(self, *, durable: bool = False) -> None:
        """Move the file to its place; with `durable`, so that it outlives even a power cut."""
        if durable:
            sync(self.partial)
        self.partial.replace(self._path)
        self._scratch.remove()
        if durable:
            with suppress(OSError):  # not all file systems can sync a folder
                sync(self._path.parent)

    def discard(self) -> None:
        """Remove what has been written, if anything."""
        self._scratch.remove()


@contextmanager
def replacing(path: Path, *, durable: bool = False) -> Iterator[Path]:
    """Give the temporary name to write a file under; it appears when the `with` block succeeds."""
    new = NewFile(path)
    with new.or_nothing() as partial:
        yield partial
        new.complete(durable=durable)


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


class Taking(Enum):
    """How it went to take the lock of a folder."""

    DONE = auto()
    HELD = auto()  # by another living process
    GONE = auto()  # the folder is, or there is another one in its place
    IMPOSSIBLE = auto()  # the file system has no locks


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
        self._descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)

    def fileno(self) -> int:
        """Return the descriptor that holds the lock, for a process that is to hold it, too."""
        return self._descriptor

    def wait(self) -> None:
        """Take the lock when it is free; on a file system without locks, go without one."""
        with suppress(OSError):
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def take(self) -> Taking:
        """Take the lock if it is free and the folder still there."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return Taking.HELD
        except OSError:
            return Taking.IMPOSSIBLE
        # The process that held the lock before may just have removed the folder.
        return Taking.DONE if self.is_there() else Taking.GONE

    def is_there(self) -> bool:
        """Return whether the folder is still in its place, and still the same."""
        try:
            return os.path.samestat(os.fstat(self._descriptor), self._folder.stat())
        except OSError:
            return False

    def close(self) -> None:
        """Let others take the lock. A second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


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
        if taken := lock.take() is Taking.DONE:
            shutil.rmtree(folder, ignore_errors=True)
    return taken
