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
    of_traces: bool = False  # whether it shows traces, and no storyboards


def find_scenes(folder: Path = FOLDER) -> tuple[SceneSource, ...]:
    """Return all scenes of a folder, by file and line.

    A scene is a class whose name does not begin with an underscore and one of whose bases is
    named `...Scene`. Files whose names begin with an underscore or a dot are not read.

    Raises
    ------
    RenderError
        If there is no such folder or no scene in it, a file in it is no Python, or two scenes have
        one name.
    """
    if not folder.is_dir():
        raise RenderError(f"{folder}/: there is no such folder here; go to pagereel's own folder")
    files = sorted(file for file in folder.glob("*.py") if file.name[0] not in "._")
    scenes = tuple(scene for file in files for scene in _scenes_in(file))
    if not scenes:
        raise RenderError(f"{folder}/: there is no scene in it; write one or restore the files")
    first: dict[str, SceneSource] = {}
    for scene in scenes:
        if first.setdefault(scene.name, scene) is not scene:
            raise RenderError(
                f"{scene.file}: {first[scene.name].file} has a scene {scene.name} already; rename "
                "one, both would be rendered into the same file"
            )
    return scenes


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


def find_scenes_in(file: Path) -> list[SceneSource]:
    """Return the scenes of a file, which need not be in the folder of scenes.

    Raises
    ------
    RenderError
        If there is none.
    """
    scenes = _scenes_in(file)
    if not scenes:
        raise RenderError(
            f"{file}: there is no class in it that is plainly a scene; write its name behind it"
        )
    return scenes


def _scenes_in(file: Path) -> list[SceneSource]:
    return [
        SceneSource(
            file,
            node.name,
            (ast.get_docstring(node) or "").split("\n")[0],
            of_traces=any(ast.unparse(base).endswith("ReplayScene") for base in node.bases),
        )
        for node in _parsed(file).body
        if isinstance(node, ast.ClassDef)
        and not node.name.startswith("_")
        and any(ast.unparse(base).endswith("Scene") for base in node.bases)
    ]


def _parsed(file: Path) -> ast.Module:
    try:
        return parsed(file, file.read_bytes())
    except OSError as error:
        raise RenderError(f"{file}: cannot be read: {error.strerror}; check the file") from error


def parsed(file: Path, source: bytes) -> ast.Module:
    """Parse a file's source as Python itself would read it, whatever its encoding.

    Raises
    ------
    RenderError
        If it is no Python.
    """
    try:
        return ast.parse(source)
    except SyntaxError as error:
        line = f":{error.lineno}" if error.lineno else ""
        raise RenderError(f"{file}{line}: this is no valid Python: {error.msg}; mend it") from error
    except ValueError as error:  # null bytes, before Python 3.12
        raise RenderError(f"{file}: this is no valid Python: {error}; mend it") from error
