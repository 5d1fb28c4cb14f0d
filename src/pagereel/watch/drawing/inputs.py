"""Which files a scene has read: a save of one of them is a reason to draw it again."""

from __future__ import annotations

import os
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

import pagereel
from pagereel.render.job import MEDIA

_CHANGING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Folders of libraries, of the system, and of what is made.
_FOREIGN = tuple(
    f"{Path(folder).resolve()}{os.sep}"
    for folder in (
        *map(sysconfig.get_path, ("stdlib", "platstdlib", "purelib", "platlib")),
        *("/proc", "/dev", "/sys", "/etc", "/usr/share"),
        *map(str, (Path(pagereel.__file__).parent, MEDIA)),
    )
)
_TEMPORARY = os.path.join(os.path.realpath(tempfile.gettempdir()), "pagereel-")  # noqa: PTH118 (a beginning)
_AT_HAND = ("PIL", "pagereel")
_opened: set[str] = set()
_written: set[str] = set()


def note_inputs() -> None:
    """Note from now on which files this process reads."""
    sys.addaudithook(_hear)


def inputs(folder: Path) -> list[str]:
    """Return the files that were read, as absolute paths: modules, stories, pictures.

    What the scene has written itself does not count, or it would be drawn again and again.

    Parameters
    ----------
    folder
        A folder of files that do not count, besides those of libraries and of media.
    """
    modules = (getattr(module, "__file__", None) for module in [*sys.modules.values()])
    found = {os.path.abspath(each) for each in (*modules, *_opened) if each}  # noqa: PTH100 (a link stays one)
    found -= {os.path.abspath(each) for each in _written}  # noqa: PTH100 (as above)
    foreign = (*_FOREIGN, f"{folder.resolve()}{os.sep}", _TEMPORARY)
    likely = (each for each in found if not each.startswith(foreign))
    return sorted(
        each
        for each in likely
        if not os.path.realpath(each).startswith(foreign) and not each.endswith(".pyc")
    )


def modules(known: set[str]) -> list[str]:
    """Return the modules of Python, Pillow and ours that have been imported, besides known ones.

    They do nothing when they are imported, so a process may have them at hand for the next order.
    A module beside the scene may have such a name, too; that one is not meant.
    """
    found = {name: module for name, module in sys.modules.items() if name not in known}
    return sorted(
        name
        for name, module in found.items()
        if (first := name.partition(".")[0]) in _AT_HAND or first in sys.stdlib_module_names
        if not (file := getattr(module, "__file__", None))
        or os.path.realpath(file).startswith(_FOREIGN)
    )


def _hear(event: str, values: tuple[Any, ...]) -> None:
    """Receive an event of Python; there are thousands a second."""
    if event == "open" and isinstance(values[0], str):
        (_written if (values[2] or 0) & _CHANGING else _opened).add(values[0])
