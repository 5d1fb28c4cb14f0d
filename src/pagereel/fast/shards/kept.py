"""Shards that are kept by what they show, so that none is drawn twice.

A kept shard is one file in a folder that renderings share. Its name has the scene's name, the
digest of what its pictures are drawn from (see `Pictures`), and a seal: a checksum of that digest
and of the content. So a file that is damaged, cut short, or put there under the name of another is
found out. Files appear whole, by a hard link where there are any. When there are too many bytes,
those go first that were used the longest ago, which the time of their last change says.

Where nothing can be read or written, nothing is kept, and all is drawn.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
from contextlib import suppress
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING

from pagereel.files import remove_if_unlocked, replacing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_BYTES = 1_000_000_000  # of all kept shards
_SHARE = 4  # a shard of more than one in so many of these bytes is not kept
_DIGITS = 32  # of a digest and of a seal, 128 bits each
_NAME = re.compile(rf"\w+-[0-9a-f]{{{_DIGITS}}}-[0-9a-f]{{{_DIGITS}}}\.(mp4|images)")
_CHUNK = 1 << 20


class Found(Enum):
    """How it went to look for a kept shard."""

    WHOLE = auto()
    NOTHING = auto()
    DAMAGED = auto()


class KeptShards:
    """A folder of kept shards.

    Parameters
    ----------
    folder
        It need not be there.
    scene
        The scene's name.
    renew
        Whether to take nothing, as everything is to be drawn again; it is kept then.
    """

    def __init__(self, folder: Path, scene: str, *, renew: bool = False) -> None:
        self._folder = folder
        self._scene = scene
        self._renew = renew

    @cached_property
    def has_any(self) -> bool:
        """Whether a shard of the scene could be taken when this was first asked.

        What a first rendering keeps itself is hardly ever of use to its later shards.
        """
        return not self._renew and any(self._files(f"{self._scene}-*"))

    def take(self, digest: str, place: Path) -> Found:
        """Put a kept shard in a place, if there is one whose pictures have the digest."""
        if self._renew:
            return Found.NOTHING
        found = Found.NOTHING
        for file in self._files(f"{self._scene}-{digest[:_DIGITS]}-*{place.suffix}"):
            with suppress(OSError):  # another process has just removed it
                _put(file, place)
                if file.stem.endswith(_seal(digest, place)):
                    os.utime(file)
                    return Found.WHOLE
                found = Found.DAMAGED
                place.unlink()
                file.unlink()
        return found

    def keep(self, digest: str, shard: Path) -> None:
        """Keep a complete shard whose pictures have the digest."""
        with suppress(OSError):
            if shard.stat().st_size > MOST_BYTES // _SHARE:
                return
            self._folder.mkdir(parents=True, exist_ok=True)
            name = f"{self._scene}-{digest[:_DIGITS]}-{_seal(digest, shard)}{shard.suffix}"
            _put(shard, self._folder / name)

    def trim(self) -> None:
        """Remove what was used the longest ago, until there are not too many bytes."""
        with suppress(OSError):
            for left in self._folder.glob(".*"):  # by a process that was killed as it copied
                remove_if_unlocked(left)
        used = []
        for file in self._files("*"):
            with suppress(OSError):
                facts = file.stat()
                used.append((facts.st_mtime_ns, facts.st_size, file))
        total = sum(size for _, size, _ in used)
        for _, size, file in sorted(used):
            if total <= MOST_BYTES:
                return
            with suppress(OSError):
                file.unlink()
            total -= size

    def _files(self, pattern: str) -> Iterator[Path]:
        """Yield the kept shards with names of a pattern; nothing else that may be there."""
        with suppress(OSError):
            for file in sorted(self._folder.glob(pattern)):
                if _NAME.fullmatch(file.name) and stat.S_ISREG(file.lstat().st_mode):
                    yield file


def _put(file: Path, place: Path) -> None:
    """Link or copy a file to a place, where it appears whole."""
    with suppress(FileExistsError):
        try:
            os.link(file, place)
        except FileExistsError:
            raise
        except OSError:  # another disk, or no links there
            with replacing(place) as partial:
                shutil.copyfile(file, partial)


def _seal(digest: str, file: Path) -> str:
    state = hashlib.sha256(digest.encode())
    with file.open("rb") as content:
        while chunk := content.read(_CHUNK):
            state.update(chunk)
    return state.hexdigest()[:_DIGITS]
