"""What the file of a story or a brand says before it is read in full: its scene, and its files.

A file that cannot be read says nothing here; `load_story` says what is wrong with it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pagereel.assets import SCENES
from pagereel.kinds import Unreadable, read_whole
from pagereel.request import is_trace
from pagereel.toml.source import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagereel.request import SceneOptions

_MOST_BYTES = 256 * 1024
_TOP = 64  # lines; a story names its scene and its trace before its first table
_FILES = ("trace", "logo", "font", "before", "after", "close")  # keys, of a story or of a brand


def scene_of(story: Path) -> str | None:
    """Return the name of the scene that a story is for; None: any that can tell it."""
    return next(_named(story, "scene"), None)


def is_film(story: Path) -> bool:
    """Return whether a file has scenes, as a film of one's own; a storyboard has none."""
    return not is_trace(story) and "scenes" in _data(story, whole=True)


def files_of(file: Path) -> tuple[Path, ...]:
    """Return the files that a story or a brand is read from: its own, and those that it names."""
    return (file, *(file.parent / name for name in _named(file, *_FILES)))


def chosen_files(options: SceneOptions) -> tuple[Path, ...]:
    """Return the files that the user of a scene has chosen, and those that they name."""
    chosen = (options.story, options.brand)
    pair = (options.pair.first, options.pair.second) if options.pair else ()
    film = _files_of_film(options.story) if options.story and is_film(options.story) else ()
    return (*(each for file in chosen if file for each in files_of(file)), *pair, *film)


def _files_of_film(film: Path) -> Iterator[Path]:
    """Yield the stories that a film of one's own names, and all scenes that it may name."""
    takes = _data(film, whole=True)["scenes"]
    for take in takes if isinstance(takes, list) else ():
        if isinstance(take, dict) and isinstance(name := take.get("story"), str):
            yield from files_of(film.parent / name)
    for folder in (SCENES, Path("scenes")):
        yield from sorted(folder.glob("*.py"))


def _named(file: Path, *keys: str) -> Iterator[str]:
    """Yield the texts of keys that are there."""
    data = {} if is_trace(file) else _data(file)
    yield from (value for key in keys if isinstance(value := data.get(key), str))


def _data(story: Path, *, whole: bool = False) -> dict[str, Any]:
    try:
        text = read_whole(story, most=_MOST_BYTES).decode("utf-8-sig")
        lines = text.split("\n")
        ends = (n for n, line in enumerate(lines[:_TOP]) if line.lstrip().startswith("["))
        return parsed(text if whole else "\n".join(lines[: next(ends, _TOP)]))
    except (Unreadable, ValueError, RecursionError):
        return {}
