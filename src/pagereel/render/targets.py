"""Which scenes are asked for, on a command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeAlias

from pagereel.errors import RenderError
from pagereel.options import is_trace
from pagereel.render.catalog import choose_scenes, parsed

Target: TypeAlias = tuple[Path, str | None]
"""A file and the name of a scene in it, or None for all that it defines."""


def choose(arguments: list[str], story: Path | None = None) -> list[Target]:
    """Return the scenes that are asked for, each once.

    Parameters
    ----------
    arguments
        A Python file and the names of scenes in it (none: all that it defines), or names of scenes
        in `scenes/` (none: all). Whether a file has such a scene is only known when it is run: what
        a scene is depends on the bases of a class, which may come from anywhere.
    story
        What is to be told: where no scene is named, those are meant that tell a file of its kind.

    Raises
    ------
    RenderError
        If the file cannot be read or is no Python, what should be the name of a scene is none, or
        `scenes/` has no such scene.
    """
    file, names = _taken_apart(arguments)
    if file is None:
        return [
            (scene.file, scene.name)
            for scene in choose_scenes(names)
            if names or story is None or scene.of_traces == is_trace(story)
        ]
    _require_python(file)
    return [(file, name) for name in dict.fromkeys(names)] if names else [(file, None)]


def _taken_apart(arguments: list[str]) -> tuple[Path | None, list[str]]:
    # A class can be called what Python calls an identifier, and nothing else.
    first = arguments[0] if arguments else ""
    exists = os.path.exists(first)  # noqa: PTH110 (Path.exists raises where a name is too long)
    is_file = bool(arguments) and (exists or not first.isidentifier())
    names = arguments[1:] if is_file else arguments
    for name in names:
        if not name.isidentifier():
            raise RenderError(
                f"{name!r} cannot be the name of a scene; name one file, then scenes in it"
            )
    return (Path(first) if is_file else None), names


def _require_python(file: Path) -> None:
    try:
        source = file.read_bytes()
    except FileNotFoundError:
        raise RenderError(f"{file}: there is no such file; check the path") from None
    except IsADirectoryError:
        raise RenderError(f"{file}: this is a folder; name a Python file in it") from None
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL character
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise RenderError(f"{file}: the file cannot be read: {reason}; check the path") from None
    if file.suffix != ".py":
        raise RenderError(f"{file}: manim reads scenes only from files whose names end with .py")
    parsed(file, source)
