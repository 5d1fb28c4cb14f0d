"""What draws: the libraries and their versions, and digests of files of ours.

The same manifest decides whether a media file is up to date, whether another machine would draw the
same, and whether a text's outline can be used again.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pagereel
from pagereel import assets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# All that have a part in what is drawn, and where.
LIBRARIES = (
    *("manim", "numpy", "scipy", "pycairo", "ManimPango", "av", "pillow"),
    *("svgelements", "skia-pathops", "mapbox_earcut", "isosurfaces", "networkx"),
    *("Pygments", "beautifulsoup4", "srt", "pydub"),  # code, subtitles, sounds
)
MISSING = "none"
_FACTS = ".dist-info"


def library_versions() -> dict[str, str]:
    """Return the versions of the libraries that draw; `MISSING` for one that is not installed.

    They are what `importlib.metadata` says, which is asked only for what pip has not installed: it
    takes twenty times as long.
    """
    folders = _folders_of_packages()
    found = {}
    for library in LIBRARIES:
        folder = folders.get(_canonical(library))
        found[library] = (folder and _version_in(folder)) or _version_of(library)
    return found


def _folders_of_packages() -> dict[str, str]:
    """Return the folder of facts that pip has made of each package, by the package's name."""
    folders: dict[str, str] = {}
    for place in sys.path:
        with suppress(OSError):
            for name in os.listdir(place or "."):  # noqa: PTH208 (a path is slow)
                if name.endswith(_FACTS):
                    package = _canonical(name.partition("-")[0])
                    folders.setdefault(package, os.path.join(place, name))  # noqa: PTH118
    return folders


def _canonical(name: str) -> str:
    """Return a package's name as pip compares it, see PEP 503."""
    return re.sub("[-_.]+", "-", name).lower()


def _version_in(folder: str) -> str | None:
    with suppress(OSError), Path(folder, "METADATA").open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("Version:"):
                return line.partition(":")[2].strip()
    return None


def _version_of(library: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 (slow to import)

    try:
        return version(library)
    except PackageNotFoundError:
        return MISSING


def machine_versions() -> dict[str, str]:
    """Return all that has to be the same on machines that draw one video."""
    import platform  # noqa: PLC0415 (only a cluster needs them)

    import cairo  # noqa: PLC0415

    return {
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "system": f"{platform.system()} on {platform.machine()}",
        "pagereel": _digest_of_pagereel(),
        **library_versions(),
        "cairo": cairo.cairo_version_string(),
    }


@cache
def makers_version() -> str:
    """Return a digest of all that draws and encodes, as it is on this machine: code, libraries."""
    import cairo  # noqa: PLC0415 (only what draws needs it)

    package = Path(pagereel.__file__).parent
    libraries = (f"{library} {found}" for library, found in library_versions().items())
    words = (sys.version, sys.platform, cairo.cairo_version_string(), *libraries)
    return digest(sorted(package.rglob("*.py")), words, root=package)


def difference(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """Return in words what another machine has that is not the same as here; or nothing."""
    odd = [
        f"{name} {there.get(name, MISSING)} instead of {wanted}"
        for name, wanted in here.items()
        if there.get(name) != wanted
    ]
    return ", ".join(odd)


def digest(files: Iterable[Path], words: Iterable[str] = (), *, root: Path | None = None) -> str:
    """Return a SHA-256 of files, their names and some words.

    Parameters
    ----------
    files
        One that is missing counts as empty.
    root
        The folder from which they are named; none: they count by their whole names.
    """
    state = hashlib.sha256("\n".join(words).encode())
    for file in files:
        # Names need not be text: on Linux they are bytes.
        name = os.fsencode(file.relative_to(root) if root else file)
        state.update(name + b"\0" + _checksum(file))
    return state.hexdigest()


def _checksum(file: Path) -> bytes:
    if not file.is_file():
        return hashlib.sha256().digest()
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").digest()


def _digest_of_pagereel() -> str:
    """Return a digest of pagereel's modules, fonts and stories: a version has many states."""
    package = Path(pagereel.__file__).parent
    parts = [
        digest(sorted(file for file in files if file.is_file()), root=root)
        for root, files in (
            (package, package.rglob("*.py")),
            (assets.ROOT, assets.ROOT.rglob("*")),
        )
    ]
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:12]
