"""What has been drawn, kept for the next rendering if this one is interrupted."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import random
import secrets
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from pagereel.errors import writing
from pagereel.fast.failure import Killed
from pagereel.kept import NOTE, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from manim import Scene

_MARK, _GROWING = ".mark", ".growing"


class Kept:
    """A folder of shards, claimed by this process and those that it forks.

    Attributes
    ----------
    path
        Where it is.
    seed
        For the random numbers of a scene that asks for no seed.
    """

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock
        for left in path.glob(f"*{_GROWING}"):
            left.unlink()
        found = read(path / "seed").get("seed")
        self.seed = found if isinstance(found, int) else secrets.randbits(32)
        _write(path / "seed", {"seed": self.seed})

    @classmethod
    def claim(cls, path: Path) -> Kept | None:
        """Claim a folder, made if need be; return None if somebody else uses it.

        Raises
        ------
        OSError
            If it cannot be made or written.
        """
        path.mkdir(parents=True, exist_ok=True)
        lock = os.open(path, os.O_RDONLY)
        if _is_locked(lock) and _is_open(path, lock):
            return cls(path, lock)
        os.close(lock)
        return None

    def has_any(self) -> bool:
        """Return whether there is a complete shard."""
        return any(self.path.glob(f"*{NOTE}"))

    def mark(self, index: int, state: str) -> bool:
        """Note how the scene is before shard `index`; return whether it has been so before."""
        path = self.path / f"{index:05}{_MARK}"
        if read(path).get("state") == state:
            return True
        _write(path, {"state": state})
        return False

    def note(self, index: int, images: int) -> None:
        """Note that a shard is complete. What there is of it outlives even a power cut."""
        files = list(self._files_of(index))
        for file in files:
            _sync(file)
        sums = {file.name: _checksum(file) for file in files}
        _write(self._note_of(index), {"images": images, "files": sums})

    def has(self, index: int) -> bool:
        """Return whether a shard is complete and undamaged."""
        sums = read(self._note_of(index)).get("files")
        if not sums or not isinstance(sums, dict):
            return False
        return all(_checksum(self.path / name) == known for name, known in sums.items())

    def is_noted(self, index: int) -> bool:
        """Return whether a shard was complete, whatever has become of it."""
        return self._note_of(index).exists()

    def drop(self, index: int) -> None:
        """Remove a shard."""
        self._note_of(index).unlink(missing_ok=True)
        for file in self._files_of(index):
            file.unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove all of the folder: it is needed no more."""
        shutil.rmtree(self.path, ignore_errors=True)

    def release(self) -> None:
        """Leave what is left of the folder to others."""
        os.close(self._lock)

    def _note_of(self, index: int) -> Path:
        return self.path / f"{index:05}{NOTE}"

    def _files_of(self, index: int) -> Iterator[Path]:
        files = self.path.glob(f"{index:05}.*")
        return (file for file in files if file.suffix not in (NOTE, _MARK, _GROWING))


@contextmanager
def kept_in(folder: Path | None) -> Iterator[Kept | None]:
    """Keep shards in a folder, unless none is wanted or another process uses it.

    It is removed when the `with` block is done or fails; nobody goes on with a scene that raises.
    What interrupts, be it a lack of memory, leaves it as it is.
    """
    if folder is None:
        yield None
        return
    with writing(folder.parent):
        kept = Kept.claim(folder)
    if kept is None:
        yield None
        return
    try:
        yield kept
        kept.remove()
    except Killed:
        raise
    except (Exception, SystemExit):
        kept.remove()
        raise
    finally:
        kept.release()


def keep_dice(scene: Scene, kept: Kept | None) -> None:
    """Let a scene that asks for no seed throw the same dice when it is gone on with."""
    if kept is not None and scene.random_seed is None:
        random.seed(kept.seed)
        np.random.seed(kept.seed)  # noqa: NPY002 (what manim seeds)


def _is_locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # somebody has it; or it is a file system that knows no locks
        return False
    return True


def _is_open(path: Path, lock: int) -> bool:
    """Return whether a folder is still there: who had it before may just have removed it."""
    try:
        return os.path.samestat(os.fstat(lock), path.stat())
    except FileNotFoundError:
        return False


def _checksum(file: Path) -> str | None:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return None


def _write(path: Path, facts: dict[str, Any]) -> None:
    growing = path.with_name(f"{path.name}{_GROWING}")
    growing.write_text(json.dumps(facts), encoding="ascii")
    _sync(growing)
    growing.replace(path)
    with suppress(OSError):  # not all file systems can do so with a folder
        _sync(path.parent)


def _sync(path: Path) -> None:
    """Have a file, or the names in a folder, written to the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
