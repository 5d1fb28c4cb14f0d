"""What draws: the libraries and their versions, and digests of files of ours.

The same manifest decides whether a media file is up to date, whether another machine would draw the
same, and whether a text's outline can be used again.
"""

from __future__ import annotations

import hashlib
import os
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


def library_versions() -> dict[str, str]:
    """Return the versions of the libraries that draw; `MISSING` for one that is not installed."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 (slow to import)

    found = {}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = MISSING
    return found


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
