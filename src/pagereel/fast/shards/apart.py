"""What a process that was forked must not share with the others.

manim keeps what Pango and LaTeX lay out in files, and beside each writes another for a moment when
it reads one. Two processes that come to the same text at the same time would take it from each
other. So each that is forked gets folders of its own, with what has been laid out so far.

And the bars of tqdm, which manim makes for every play, shown or not, wait for a lock that all forks
of a process share: whoever is killed while it has the lock would stop them all.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from threading import RLock
from typing import TYPE_CHECKING

from manim import config
from tqdm import tqdm

if TYPE_CHECKING:
    from pathlib import Path

_FOLDERS = ("text_dir", "tex_dir")


def go_apart(folder: Path) -> None:
    """Lay texts and formulas out in folders within `folder` from now on, and wait for nobody."""
    tqdm.set_lock(RLock())
    for key in _FOLDERS:
        shared, own = config.get_dir(key), folder / key
        for path, _, names in os.walk(shared):
            place = own / os.path.relpath(path, shared)
            place.mkdir(parents=True, exist_ok=True)
            for name in names:
                with suppress(FileNotFoundError):  # it was there for a moment only
                    shutil.copyfile(os.path.join(path, name), place / name)  # noqa: PTH118 (as os.walk says)
        config[key] = str(own)
