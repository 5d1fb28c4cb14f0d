"""Whether a media file still shows what would be drawn now.

Beside every media file lies a hidden key: a digest of all that its pictures depend on, and what
the file was when it was made. If either has changed, the file is made again.
"""

from __future__ import annotations

import hashlib
import os
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import pagereel
from pagereel import assets
from pagereel.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LIBRARIES = ("manim", "numpy", "pycairo", "ManimPango", "av")


def digest(files: Iterable[Path], settings: Iterable[str]) -> str:
    """Return a digest of pagereel's own code and assets, its libraries, and what is given.

    Parameters
    ----------
    files
        Files whose content matters: the scene, its story. One that is missing counts as empty.
    settings
        Words that matter: quality, theme.

    Raises
    ------
    RenderError
        If a library is not installed.
    """
    package = Path(pagereel.__file__).parent
    own = [*package.rglob("*.py"), *assets.ROOT.rglob("*"), *_manim_settings()]
    versions = [f"{library} {_version(library)}" for library in _LIBRARIES]
    state = hashlib.sha256("\n".join([sys.version, *versions, *settings]).encode())
    for file in (*sorted(own), *files):
        content = file.read_bytes() if file.is_file() else b""
        # Names need not be text: on Linux they are bytes.
        state.update(os.fsencode(file) + b"\0" + hashlib.sha256(content).digest())
    return state.hexdigest()


def is_fresh(targets: Sequence[Path], inputs: str) -> bool:
    """Return whether files were made from inputs with this digest and are as they were then.

    The first is the media file; the others lie beside it, where there are any.
    """
    try:
        return _key(targets).read_text(encoding="ascii") == _seal(targets, inputs)
    except (OSError, UnicodeDecodeError):
        return False


def mark_fresh(targets: Sequence[Path], inputs: str) -> None:
    """Remember that files have just been made from inputs with this digest."""
    _key(targets).write_text(_seal(targets, inputs), encoding="ascii")


def _manim_settings() -> tuple[Path, ...]:
    """Return where manim reads settings from: the user's and the folder's."""
    return Path(os.path.expanduser("~/.config/manim/manim.cfg")), Path("manim.cfg")  # noqa: PTH111 (a user need not have a home)


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError as error:
        raise RenderError(f"{library} is not installed; `pagereel doctor` says more") from error


def _key(targets: Sequence[Path]) -> Path:
    return targets[0].with_name(f".{targets[0].name}.key")


def _seal(targets: Sequence[Path], inputs: str) -> str:
    media, *others = targets
    states = [media.stat(), *(other.stat() if other.exists() else None for other in others)]
    words = [f"{state.st_size} {state.st_mtime_ns}" if state else "none" for state in states]
    return " ".join([inputs, *words])
