"""The files that a scene is made from, packed into a parcel for other machines.

In a parcel every file has its full path, without the first slash. It is unpacked into a folder
that takes the place of the root, so that what finds files from the current folder or from the
scene's own file finds them there, too.
"""

from __future__ import annotations

import os
import sys
import sysconfig
import tarfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pagereel
from pagereel import assets
from pagereel.errors import RenderError
from pagereel.render.freshness import manim_settings
from pagereel.render.sources import sources_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pagereel.render.job import Assignment

_WRITING = os.O_WRONLY | os.O_RDWR


class OpenedFiles:
    """Notes which files are opened to be read, from now until this process ends.

    So files are found whose names a scene puts together, and what manim has kept of texts and
    formulas, which need not be set again elsewhere. What C code opens by itself is not seen.
    """

    def __init__(self) -> None:
        self._near: set[str] = set()
        self._far: set[str] = set()
        sys.addaudithook(self._note)

    def _note(self, event: str, args: tuple[Any, ...]) -> None:
        if event != "open" or isinstance(args[0], int) or args[2] & _WRITING:
            return
        name = os.fsdecode(args[0])
        # Where the current folder is at this moment.
        (self._far if os.path.isabs(name) else self._near).add(os.path.abspath(name))  # noqa: PTH100, PTH117 (it runs for every file)

    def by_relative_names(self) -> set[Path]:
        """Return what was opened by a name that begins in the current folder."""
        return set(map(Path, self._near))

    def in_folders(self, folders: Iterable[Path]) -> set[Path]:
        """Return what was opened by its full name, if it is in one of some folders."""
        roots = [f"{folder}{os.sep}" for folder in folders]
        return {Path(name) for name in self._far if any(map(name.startswith, roots))}


def choose_files(assignment: Assignment, opened: OpenedFiles, sounds: Iterable[Path]) -> set[Path]:
    """Return the files that a scene needs elsewhere, but for libraries and pagereel itself.

    Parameters
    ----------
    opened
        Noted since before the scene was imported; now it has been run through.
    sounds
        What it plays.

    Raises
    ------
    RenderError
        If a pattern of the cluster's files matches none.
    """
    modules = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    found = {
        *sources_of(assignment.request.file),
        *(Path(file) for file in modules if file and file.endswith(".py")),
        *opened.in_folders(python_folders()),
    }
    story = assignment.request.options.story
    patterns = assignment.cluster.files if assignment.cluster else ()
    travelling = {
        *(path for path in found if not _is_ours(path)),
        *opened.by_relative_names(),
        *(*manim_settings(), *sounds, *_matching(patterns)),
        *([story] if story else []),
    }
    return {path for path in map(_absolute, travelling) if path.is_file() and not _is_library(path)}


def python_folders() -> list[Path]:
    """Return where modules are found that no library has installed; the scene's folder is one."""
    folders = [_absolute(Path(entry)) for entry in sys.path]
    return [folder for folder in folders if not _is_library(folder) and folder.is_dir()]


def pack(files: Iterable[Path]) -> bytes:
    """Return files as a parcel.

    Raises
    ------
    RenderError
        If one is there and cannot be read.
    """
    parcel = BytesIO()
    with tarfile.open(fileobj=parcel, mode="w:gz", compresslevel=1) as tar:
        for file in sorted(files):
            try:
                content = file.read_bytes()
            except FileNotFoundError:
                continue  # it was there for a moment only
            except OSError as error:
                raise RenderError(f"{file}: cannot be read: {error.strerror}; check it") from error
            entry = tarfile.TarInfo(name_in_parcel(file))
            entry.size = len(content)
            tar.addfile(entry, BytesIO(content))
    return parcel.getvalue()


def unpack(parcel: bytes, root: Path) -> None:
    """Write the files of a parcel into a folder."""
    with tarfile.open(fileobj=BytesIO(parcel), mode="r:gz") as tar:
        for entry in tar:
            content = tar.extractfile(entry)
            path = root / entry.name
            if content is None or not path.resolve().is_relative_to(root.resolve()):
                raise ValueError(f"this is not a parcel of ours: {entry.name}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.read())


def name_in_parcel(path: Path) -> str:
    """Return what a file or a folder is called in a parcel."""
    return str(_absolute(path)).lstrip("/")


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 (without "..", and links stay as they are)


def _matching(patterns: Sequence[str]) -> list[Path]:
    found = []
    for pattern in patterns:
        files = [file for file in Path().glob(pattern) if file.is_file()]
        if not files:
            raise RenderError(f"{pattern}: there is no such file here; see --dask-files")
        found += files
    return found


def _is_ours(path: Path) -> bool:
    """Return whether a file belongs to pagereel, which is installed where shards are drawn."""
    return path.is_relative_to(Path(pagereel.__file__).parent) or path.is_relative_to(assets.ROOT)


def _is_library(path: Path) -> bool:
    places = sysconfig.get_paths()
    libraries = {"site-packages", "dist-packages", "__pycache__"}
    return not libraries.isdisjoint(path.parts) or any(
        path.is_relative_to(places[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib")
    )
