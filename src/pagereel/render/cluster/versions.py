"""What has to be the same on all machines that draw one video."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import cairo

import pagereel
from pagereel import assets

if TYPE_CHECKING:
    from collections.abc import Mapping

# Whatever has a part in what is drawn, and where.
_LIBRARIES = (
    *("manim", "numpy", "scipy", "pycairo", "ManimPango", "av", "pillow"),
    *("svgelements", "skia-pathops", "mapbox_earcut"),
)
_MISSING = "none"


def versions() -> dict[str, str]:
    """Return the versions of all that has a part in what this machine would draw."""
    return {
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "system": f"{platform.system()} on {platform.machine()}",
        "pagereel": _digest_of_pagereel(),
        **{library: _version(library) for library in _LIBRARIES},
        "cairo": cairo.cairo_version_string(),
    }


def difference(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """Return in words what another machine has that is not the same as here; or nothing."""
    odd = [
        f"{name} {there.get(name, _MISSING)} instead of {wanted}"
        for name, wanted in here.items()
        if there.get(name) != wanted
    ]
    return ", ".join(odd)


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return _MISSING


def _digest_of_pagereel() -> str:
    """Return a digest of pagereel's modules, fonts and stories: a version has many states."""
    state = hashlib.sha256()
    package = Path(pagereel.__file__).parent
    for root, files in ((package, package.rglob("*.py")), (assets.ROOT, assets.ROOT.rglob("*"))):
        for file in sorted(files):
            if file.is_file():
                name = str(file.relative_to(root)).encode(errors="surrogateescape")
                state.update(name + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return state.hexdigest()[:12]
