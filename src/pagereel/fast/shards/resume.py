"""Resuming an interrupted rendering from its checkpoint; see `pagereel.checkpoints`."""

from __future__ import annotations

import hashlib
import pickle
import random
import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from manim import VMobject
from manim.mobject.types.image_mobject import AbstractImageMobject

from pagereel.checkpoints import NOTE
from pagereel.errors import writing
from pagereel.failure import Killed
from pagereel.fast.draw.playing import walk
from pagereel.files import UNFINISHED, FolderLock, checksum, read_facts, sync, write_facts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from manim import Mobject, Scene

_MARK = ".mark"


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
        for left in path.glob(UNFINISHED):
            left.unlink()
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
        if lock.take():
            return cls(path, lock)
        lock.release()
        return None

    def has_any(self) -> bool:
        """Return whether there is a complete shard."""
        return any(self.path.glob(f"*{NOTE}"))

    def mark(self, index: int, state: str) -> bool:
        """Note the scene's state before shard `index`; return whether it was the same before."""
        path = self.path / f"{index:05}{_MARK}"
        if read_facts(path).get("state") == state:
            return True
        write_facts(path, {"state": state}, durable=True)
        return False

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
        self._lock.release()

    def _note_of(self, index: int) -> Path:
        return self.path / f"{index:05}{NOTE}"

    def _files_of(self, index: int) -> Iterator[Path]:
        files = self.path.glob(f"{index:05}.*")
        return (file for file in files if file.suffix not in (NOTE, _MARK))


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


def seed_scene(scene: Scene, checkpoint: Checkpoint | None) -> None:
    """Seed the random numbers of a scene that does not, so that it can be resumed."""
    if checkpoint is not None and scene.random_seed is None:
        random.seed(checkpoint.seed)
        np.random.seed(checkpoint.seed)  # noqa: NPY002 (what manim seeds)


def state_of(scene: Scene, images: int) -> str:
    """Return a digest of a scene's state: two runs with the same digest continue in the same way.

    It covers the mobjects shown and the random numbers, but not attributes of the scene.

    Parameters
    ----------
    images
        How many have been shown.
    """
    dice = random.getstate(), np.random.get_state(legacy=False)  # noqa: NPY002 (manim's)
    state = hashlib.sha256(pickle.dumps((images, dice)))
    for mobject in scene.mobjects:
        for member in walk(mobject):
            for part in _parts_of(member):
                state.update(part)
    return state.hexdigest()


def _parts_of(mobject: Mobject) -> Iterator[bytes]:
    yield f"{type(mobject).__qualname__} {mobject.z_index}".encode()
    yield mobject.points.tobytes()
    if isinstance(mobject, VMobject):
        yield from (mobject.fill_rgbas.tobytes(), mobject.stroke_rgbas.tobytes())
        yield str(mobject.stroke_width).encode()
    if isinstance(mobject, AbstractImageMobject):
        yield mobject.get_pixel_array().tobytes()
