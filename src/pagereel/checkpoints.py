"""Checkpoints: shards of an interrupted rendering, kept beside its file to resume from.

A checkpoint is a hidden folder. Its name holds the file's name and the digest of all that the
pictures depend on. In it are

- shards, and whatever else is made with each: all files whose names begin with its number;
- for each complete shard a note, written last: how many images it has, and its checksums;
- a mark for the beginning of each shard, and for the end: a digest of the scene's state there. A
  shard is reused only if the scene passes both its ends in the same state again;
- the seed of the scene's random numbers, if it has none of its own.

The process that draws holds a lock on the folder, and so do all processes that it forks.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from pagereel.files import read_facts, remove_if_unlocked

if TYPE_CHECKING:
    from pathlib import Path

_OLD = 7 * 24 * 3600  # seconds; nothing is resumed after that
_DYING = 1.0  # seconds that a killed process may take to be gone
NOTE = ".note"


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
    counts = [read_facts(note).get("images") for note in folder.glob(f"*{NOTE}")]
    return sum(count for count in counts if isinstance(count, int))


def remove_soon(folder: Path) -> None:
    """Remove a folder, if there is one, whose processes are just being killed."""
    until = time.monotonic() + _DYING
    while folder.is_dir() and time.monotonic() < until and not remove_if_unlocked(folder):
        time.sleep(0.02)
