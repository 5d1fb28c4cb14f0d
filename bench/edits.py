"""Edits of a story, as someone makes them who watches `PagedCache`."""

from __future__ import annotations

import re
import shutil
import tempfile
from contextlib import chdir, contextmanager
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

from pagereel.assets import STORIES

if TYPE_CHECKING:
    from collections.abc import Iterator

BEAT = "b-arrives"  # in the middle of the film; its caption is edited
_COLORS = ("green", "orange", "blue", "pink", "violet")


@contextmanager
def copied() -> Iterator[Path]:
    """Yield a copy of the story for a while, in a folder where nothing has been drawn before."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        yield Path(shutil.copy(STORIES / "paged_cache.toml", Path(folder, "story.toml")))


def other_caption(story: Path, number: int) -> str:
    """Return the story with another caption, a different one for each number."""
    words = f'caption = "B arrives and fits into gap {number}, frames 2 and 3."'
    return re.sub(r'caption = "B arrives.*"', words, story.read_text())


def other_color(story: Path, number: int) -> str:
    """Return the story with other colours: for 20 numbers, so that no beat was drawn before."""
    pairs = [*permutations(_COLORS, 2)]
    text = story.read_text()
    for task, color in zip("AB", pairs[(number + 1) % len(pairs)], strict=True):
        text = re.sub(rf'^{task} = ".*"', f'{task} = "{color}"', text, flags=re.MULTILINE)
    return re.sub('^C = ".*"\n', "", text, flags=re.MULTILINE)  # it gets one that is left
