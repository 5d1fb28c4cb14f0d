"""Packs the files that a scene needs into a parcel for other machines.

A parcel keeps each file under its full path, without the first slash. It is unpacked into a folder
that stands in for the root, so paths relative to the current folder or to the scene's file still
lead to the same files.
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
from pagereel.discovery.stories import chosen_files
from pagereel.errors import RenderError
from pagereel.render.freshness import manim_settings
from pagereel.render.sources import sources_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pagereel.render.job import Assignment

_WRITING = os.O_WRONLY | os.O_RDWR


class OpenedFiles:
    """Records which files are opened for reading, from now until this process ends.

    This finds files whose names a scene puts together, and manim's cached texts and formulas, which
    other machines then need not typeset. Files that C code opens are not seen.
    """

    def __init__(self) -> None:
        self._near: set[str] = set()
        self._far: set[str] = set()
        sys.addaudithook(self._note)

    def _note(self, event: str, args: tuple[Any, ...]) -> None:
        if event != "open" or isinstance(args[0], int) or args[2] & _WRITING:
            return
        name = os.fsdecode(args[0])
        # The current folder may change later.
        (self._far if os.path.isabs(name) else self._near).add(os.path.abspath(name))  # noqa: PTH100, PTH117 (it runs for every file)

    def by_relative_names(self) -> set[Path]:
        """Return the files that were opened by a relative name."""
        return set(map(Path, self._near))

    def in_folders(self, folders: Iterable[Path]) -> set[Path]:
        """Return the files in these folders that were opened by an absolute name."""
        roots = [f"{folder}{os.sep}" for folder in folders]
        return {Path(name) for name in self._far if any(map(name.startswith, roots))}


def choose_files(assignment: Assignment, opened: OpenedFiles, sounds: Iterable[Path]) -> set[Path]:
    """Return the files that a scene needs on another machine, except libraries and pagereel.

    The scene's own file and those that the user has chosen travel all the same, wherever they are:
    the other machine finds them by their paths.

    Parameters
    ----------
    opened
        Recorded since before the scene was imported, until it was run through.
    sounds
        The sounds that it plays.

    Raises
    ------
    RenderError
        If a pattern of the cluster's files matches none.
    """
    modules = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    request = assignment.request
    named = {_absolute(path) for path in (request.file, *chosen_files(request.options))}
    found = {
        *sources_of(request.file),
        *(Path(file) for file in modules if file and file.endswith(".py")),
        *opened.in_folders(python_folders()),
    }
    patterns = assignment.cluster.files if assignment.cluster else ()
    travelling = {
        *(path for path in found if not _is_ours(path)),
        *opened.by_relative_names(),
        *(*manim_settings(), *sounds, *_matching(patterns)),
    }
    travelling = {path for path in map(_absolute, travelling) if not _is_library(path)}
    return {path for path in named | travelling if path.is_file()}


def python_folders() -> list[Path]:
    """Return the folders on Python's path that hold no libraries, such as the scene's own."""
    folders = [_absolute(Path(entry)) for entry in sys.path]
    return [folder for folder in folders if not _is_library(folder) and folder.is_dir()]


def pack(files: Iterable[Path]) -> bytes:
    """Return files as a parcel.

    Raises
    ------
    RenderError
        If one exists and cannot be read.
    """
    parcel = BytesIO()
    with tarfile.open(fileobj=parcel, mode="w:gz", compresslevel=1) as tar:
        for file in sorted(files):
            try:
                content = file.read_bytes()
            except FileNotFoundError:
                continue  # it was a temporary file
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
    """Return the name of a file or a folder in a parcel."""
    return str(_absolute(path)).lstrip("/")


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 (it resolves "..", but no links)


def _matching(patterns: Sequence[str]) -> list[Path]:
    found = []
    for pattern in patterns:
        files = [file for file in Path().glob(pattern) if file.is_file()]
        if not files:
            raise RenderError(f"{pattern}: there is no such file here; see --dask-files")
        found += files
    return found


def _is_ours(path: Path) -> bool:
    """Return whether a file belongs to pagereel, which the workers have installed."""
    return path.is_relative_to(Path(pagereel.__file__).parent) or path.is_relative_to(assets.ROOT)


def _is_library(path: Path) -> bool:
    places = sysconfig.get_paths()
    libraries = {"site-packages", "dist-packages", "__pycache__"}
    return not libraries.isdisjoint(path.parts) or any(
        path.is_relative_to(places[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib")
    )
