"""Formulas that LaTeX has set, kept from one rendering to the next.

They are kept as SVG files whose names hold their checksums, since manim takes any file of the right
name for the formula, even if it is empty because the process that wrote it was killed. They are
kept apart from the files that manim itself writes.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

from pagereel.files import replacing

if TYPE_CHECKING:
    from pathlib import Path


def bring_formulas(kept: Path | None, folder: Path) -> None:
    """Put all formulas that are kept, and undamaged, into a folder where manim looks for them.

    Raises
    ------
    OSError
        If they cannot be written there.
    """
    for file in kept.glob("*.svg") if kept else ():
        name, _, digest = file.stem.rpartition("-")
        content = b""
        with suppress(OSError):  # it has just been removed
            content = file.read_bytes()
        if _digest(content) == digest:
            folder.mkdir(exist_ok=True)
            (folder / f"{name}.svg").write_bytes(content)
        else:
            file.unlink(missing_ok=True)


def keep_formulas(folder: Path, kept: Path) -> None:
    """Keep the formulas that are complete.

    Raises
    ------
    OSError
        If they cannot be kept.
    """
    for file in folder.glob("*.svg"):
        content = file.read_bytes()
        path = kept / f"{file.stem}-{_digest(content)}.svg"
        if _is_complete(content) and not path.exists():
            kept.mkdir(parents=True, exist_ok=True)
            with replacing(path) as partial:
                partial.write_bytes(content)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _is_complete(svg: bytes) -> bool:
    """Return whether a file is well-formed XML: whoever wrote it may have been killed."""
    from xml.etree import ElementTree as ET  # noqa: PLC0415 (most scenes have no formulas)

    try:
        ET.fromstring(svg)  # noqa: S314 (manim's, and it has read it before)
    except ET.ParseError:
        return False
    return True
