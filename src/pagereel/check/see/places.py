"""Where in the user's source a scene plays: found on the stack."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import manim

import pagereel
from pagereel.check.finding import Place

if TYPE_CHECKING:
    from types import FrameType

_FOLDERS = [Path(str(package.__file__)).parent for package in (manim, pagereel)]
_FOLDERS += [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib")]
# Code of these folders is not the user's.
_FOREIGN = tuple(str(folder.resolve()) for folder in _FOLDERS)


def is_users(file: str) -> bool:
    """Return whether a source file is the user's own."""
    return not file.startswith("<") and not str(Path(file).resolve()).startswith(_FOREIGN)


def calling_place(default: Place) -> Place:
    """Return the innermost call in the user's source that led here; `default` if there is none."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 (inspect.stack reads every file)
    while frame is not None:
        if is_users(frame.f_code.co_filename):
            return _place(frame)
        frame = frame.f_back
    return default


def _place(frame: FrameType) -> Place:
    positions = [*frame.f_code.co_positions()]
    line, end_line, _, _ = positions[frame.f_lasti // 2]
    first = line or frame.f_lineno
    return Place(named(frame.f_code.co_filename), first, max(first, end_line or first))


def named(file: Path | str) -> Path:
    """Return a file as a user names it: from the current folder, where it is within that."""
    file, folder = Path(file), Path.cwd()
    return file.relative_to(folder) if file.is_relative_to(folder) else file
