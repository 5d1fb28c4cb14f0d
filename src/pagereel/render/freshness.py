"""Whether a media file still shows what would be drawn now.

Beside every media file is a hidden key: a digest of all that its pictures depend on, and the
checksums of what was made. If anything has changed since, the file is made again.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pagereel.errors import RenderError
from pagereel.files import checksum, read_facts, replacing
from pagereel.manifest import MISSING, digest, library_versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def inputs_digest(files: Iterable[Path], settings: Iterable[str]) -> str:
    """Return a digest of files, of the libraries and manim's settings, and of what is wanted.

    Parameters
    ----------
    files
        Files whose content matters. One that is missing counts as empty.
    settings
        Words that matter: size, theme.

    Raises
    ------
    RenderError
        If a library is not installed.
    """
    versions = library_versions()
    if MISSING in versions.values():
        lacking = next(name for name, found in versions.items() if found == MISSING)
        raise RenderError(f"{lacking} is not installed; `pagereel doctor` says more")
    words = (f"{library} {found}" for library, found in versions.items())
    return digest((*manim_settings(), *files), (sys.version, *words, *settings))


def is_fresh(target: Path, inputs: str, wanted: Iterable[Path] | None = None) -> bool:
    """Return whether media files were made from inputs with this digest and are as they were then.

    Parameters
    ----------
    target
        The one that the others are noted with.
    wanted
        All that count, of those noted; all, if not given.
    """
    key = read_key(target)
    sums = key.get("files")
    if key.get("inputs") != inputs or not isinstance(sums, dict) or not sums:
        return False
    names = sums if wanted is None else [_name(file, target) for file in wanted]
    return all(name in sums and sums[name] == checksum(target.parent / name) for name in names)


def noted_files(target: Path) -> list[Path]:
    """Return the files that were noted with a media file, whether or not they are there."""
    files = read_key(target).get("files")
    return [target.parent / name for name in files] if isinstance(files, dict) else []


def read_key(target: Path) -> dict[str, Any]:
    """Return what was noted about a media file; nothing, if nothing can be read."""
    return read_facts(_key(target))


@contextmanager
def marking_fresh(
    target: Path,
    grown: Mapping[Path, Path],
    inputs: str,
    images: int | None = None,
    job: Mapping[str, Any] | None = None,
) -> Iterator[None]:
    """Note that a media file, and perhaps others with it, have just been made from inputs.

    The `with` block moves them to their places. The note is written before, as there may be no room
    for it, and appears behind them.

    Parameters
    ----------
    grown
        Where each file is now, if it was made.
    images
        How many there are; the next time it is known how long it will take.
    job
        What the scene's file has changed of the job, if anything.
    """
    sums = {_name(file, target): checksum(grown.get(file, file)) for file in (target, *grown)}
    key = {"inputs": inputs, "files": sums, "images": images, "job": job}
    with replacing(_key(target)) as partial:
        partial.write_text(json.dumps(key), encoding="ascii")
        yield


def _name(file: Path, target: Path) -> str:
    """Return what a file is called in the key of a media file."""
    return os.path.relpath(file, target.parent)


def manim_settings() -> tuple[Path, ...]:
    """Return where manim reads settings from: the user's and the folder's."""
    return Path(os.path.expanduser("~/.config/manim/manim.cfg")), Path("manim.cfg")  # noqa: PTH111 (a user need not have a home)


def _key(target: Path) -> Path:
    return target.with_name(f".{target.name}.key")
