"""Checkpoints: shards of an interrupted rendering, kept beside its file to resume from.

A checkpoint is a hidden folder. Its name holds the file's name and the digest of all that the
pictures depend on. In it are

- shards, and whatever else is made with each: all files whose names begin with its number;
- for each complete shard a note, written last: how many images it has, and its checksums;
- a mark for the beginning of each shard, and for the end: digests of the scene's state there, and
  of what it has shown since the last mark. A shard is reused only if both its ends, and what is
  shown between them, are the same again;
- the seed of the scene's random numbers, if it has none of its own.

The process that draws holds a lock on the folder, and so do all processes that it forks.
"""

from __future__ import annotations

import secrets
import shutil
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from pagereel.errors import writing
from pagereel.failure import Killed
from pagereel.files import (
    FolderLock,
    Taking,
    checksum,
    read_facts,
    remove_if_unlocked,
    sync,
    write_facts,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OLD = 7 * 24 * 3600  # seconds; nothing is resumed after that
_DYING = 1.0  # seconds that a killed process may take to be gone
_NOTE, _MARK = ".note", ".mark"


def folder_of(target: Path, inputs: str) -> Path:
    """Return the folder of a media file's checkpoint, for inputs of that digest."""
    return target.with_name(f".{target.name}.shards-{inputs[:16]}")


def clean(target: Path, inputs: str | None) -> None:
    """Remove checkpoints that will not be resumed: those made of other inputs, and old ones.

    Parameters
    ----------
    target
        The media file. Old checkpoints of other files beside it are removed, too.
    inputs
        A digest of what it is made of now; None if no checkpoint is to be resumed.
    """
    wanted = folder_of(target, inputs) if inputs else None
    for folder in target.parent.glob(".*.shards-*"):
        with suppress(OSError):
            is_old = time.time() - folder.stat().st_mtime > _OLD
            is_ours = folder.name.startswith(f".{target.name}.shards-")
            if is_old or (is_ours and folder != wanted):
                remove_if_unlocked(folder)


def images_in(folder: Path) -> int:
    """Return how many images the complete shards of a folder have."""
    counts = [read_facts(note).get("images") for note in folder.glob(f"*{_NOTE}")]
    return sum(count for count in counts if isinstance(count, int))


def remove_soon(folder: Path) -> None:
    """Remove a folder, if there is one, whose processes are just being killed."""
    until = time.monotonic() + _DYING
    while folder.is_dir() and time.monotonic() < until and not remove_if_unlocked(folder):
        time.sleep(0.02)


class Checkpoint:
    """A folder of shards, locked by this process and those that it forks.

    Attributes
    ----------
    path
        Where it is.
    seed
        For the random numbers of a scene that does not ask for a seed.
    """

    def __init__(self, path: Path, lock: FolderLock) -> None:
        self.path = path
        self._lock = lock
        for left in path.glob(".*"):  # what was not complete
            remove_if_unlocked(left)
        found = read_facts(path / "seed").get("seed")
        self.seed = found if isinstance(found, int) else secrets.randbits(32)
        write_facts(path / "seed", {"seed": self.seed}, durable=True)

    @classmethod
    def claim(cls, path: Path) -> Checkpoint | None:
        """Claim a folder, made if need be; return None if another process uses it.

        Raises
        ------
        OSError
            If it cannot be made or written.
        """
        path.mkdir(parents=True, exist_ok=True)
        lock = FolderLock(path)
        if lock.take() is Taking.DONE:
            return cls(path, lock)
        lock.close()
        return None

    def has_any(self) -> bool:
        """Return whether there is a complete shard."""
        return any(self.path.glob(f"*{_NOTE}"))

    def mark(self, index: int, **digests: str) -> set[str]:
        """Note digests where shard `index` begins; return the names of those that have changed."""
        path = self.path / f"{index:05}{_MARK}"
        known = read_facts(path)
        changed = {name for name, digest in digests.items() if known.get(name) != digest}
        if changed:
            write_facts(path, digests, durable=True)
        return changed

    def note(self, index: int, images: int) -> None:
        """Note that a shard is complete, so that it outlives even a power cut."""
        files = list(self._files_of(index))
        for file in files:
            sync(file)
        sums = {file.name: checksum(file) for file in files}
        write_facts(self._note_of(index), {"images": images, "files": sums}, durable=True)

    def has(self, index: int) -> bool:
        """Return whether a shard is complete and undamaged."""
        sums = read_facts(self._note_of(index)).get("files")
        if not sums or not isinstance(sums, dict):
            return False
        return all(checksum(self.path / name) == known for name, known in sums.items())

    def is_noted(self, index: int) -> bool:
        """Return whether a shard was complete once, even if it is damaged now."""
        return self._note_of(index).exists()

    def drop(self, index: int) -> None:
        """Remove a shard."""
        self._note_of(index).unlink(missing_ok=True)
        for file in self._files_of(index):
            file.unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove the whole folder."""
        shutil.rmtree(self.path, ignore_errors=True)

    def release(self) -> None:
        """Let other processes claim the folder."""
        self._lock.close()

    def _note_of(self, index: int) -> Path:
        return self.path / f"{index:05}{_NOTE}"

    def _files_of(self, index: int) -> Iterator[Path]:
        files = self.path.glob(f"{index:05}.*")
        return (file for file in files if file.suffix not in (_NOTE, _MARK))


@contextmanager
def claimed(folder: Path | None) -> Iterator[Checkpoint | None]:
    """Give the checkpoint in a folder; None if no folder is given or another process uses it.

    It is removed when the `with` block succeeds, and when it fails, as a scene that raises cannot
    be resumed. Interruptions, such as Ctrl-C or a lack of memory, leave it as it is.
    """
    if folder is None:
        yield None
        return
    with writing(folder.parent):
        checkpoint = Checkpoint.claim(folder)
    if checkpoint is None:
        yield None
        return
    try:
        yield checkpoint
        checkpoint.remove()
    except Killed:
        raise
    except (Exception, SystemExit):
        checkpoint.remove()
        raise
    finally:
        checkpoint.release()
