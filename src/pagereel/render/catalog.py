"""Which scenes there are, read from their source: importing them would import manim."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from pagereel.errors import RenderError

FOLDER = Path("scenes")


@dataclass(frozen=True, slots=True)
class SceneSource:
    """A scene class, by its file and name, and what its docstring says first."""

    file: Path
    name: str
    summary: str


def find_scenes(folder: Path = FOLDER) -> tuple[SceneSource, ...]:
    """Return all scenes of a folder, by file and line.

    A scene is a class whose name does not begin with an underscore and one of whose bases is
    named `...Scene`.

    Raises
    ------
    RenderError
        If there is no such folder or a file in it is no Python.
    """
    if not folder.is_dir():
        raise RenderError(f"{folder}/: there is no such folder here; go to pagereel's own folder")
    return tuple(scene for file in sorted(folder.glob("*.py")) for scene in _scenes_in(file))


def choose_scenes(names: list[str], folder: Path = FOLDER) -> tuple[SceneSource, ...]:
    """Return the scenes called `names`, or all if no name is given.

    Raises
    ------
    RenderError
        If there is no scene of such a name.
    """
    scenes = find_scenes(folder)
    known = {scene.name: scene for scene in scenes}
    for name in names:
        if name not in known:
            raise RenderError(f"there is no scene {name!r}; scenes are {', '.join(known)}")
    return tuple(known[name] for name in dict.fromkeys(names)) if names else scenes


def _scenes_in(file: Path) -> list[SceneSource]:
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError) as error:
        line = f":{error.lineno}" if isinstance(error, SyntaxError) else ""
        raise RenderError(f"{file}{line}: this is no valid Python: {error}") from error
    return [
        SceneSource(file, node.name, (ast.get_docstring(node) or "").split("\n")[0])
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        and not node.name.startswith("_")
        and any(ast.unparse(base).endswith("Scene") for base in node.bases)
    ]
