"""Whether a media file still shows what would be drawn now.

Beside every media file lies a hidden key: a digest of all that its pictures depend on, and what
the file was when it was made. If either has changed, the file is made again.
"""

from __future__ import annotations

import hashlib
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pagereel
from pagereel import assets

if TYPE_CHECKING:
    from collections.abc import Iterable

_LIBRARIES = ("manim", "numpy", "pycairo", "ManimPango", "av")


def digest(files: Iterable[Path], settings: Iterable[str]) -> str:
    """Return a digest of pagereel's own code and assets, its libraries, and what is given.

    Parameters
    ----------
    files
        Files whose content matters: the scene, its story. One that is missing counts as empty.
    settings
        Words that matter: quality, theme.
    """
    package = Path(pagereel.__file__).parent
    own = [*package.rglob("*.py"), *assets.ROOT.rglob("*"), Path("manim.cfg")]
    versions = [f"{library} {version(library)}" for library in _LIBRARIES]
    state = hashlib.sha256("\n".join([sys.version, *versions, *settings]).encode())
    for file in (*sorted(own), *files):
        state.update(f"\n{file}\n".encode())
        state.update(file.read_bytes() if file.is_file() else b"")
    return state.hexdigest()


def is_fresh(target: Path, inputs: str) -> bool:
    """Return whether `target` was made from inputs with this digest and is as it was then."""
    try:
        return _key(target).read_text(encoding="ascii") == _seal(target, inputs)
    except OSError:
        return False


def mark_fresh(target: Path, inputs: str) -> None:
    """Remember that `target` has just been made from inputs with this digest."""
    _key(target).write_text(_seal(target, inputs), encoding="ascii")


def _key(target: Path) -> Path:
    return target.with_name(f".{target.name}.key")


def _seal(target: Path, inputs: str) -> str:
    status = target.stat()
    return f"{inputs} {status.st_size} {status.st_mtime_ns}"
