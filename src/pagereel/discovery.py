"""Which scenes there are, and which are asked for, read from their source.

Importing them would import manim. A scene is a class whose name does not begin with an underscore
and one of whose bases is named `...Scene`, or is a scene of the same file.
"""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pagereel.errors import RequestError
from pagereel.request import is_trace

FOLDER = Path("scenes")


class Tells(Enum):
    """What a scene is made from, known by the class attribute that names its default."""

    STORY = "default_story"
    TRACE = "default_trace"


@dataclass(frozen=True, slots=True)
class SceneSource:
    """A scene class: its file and name, and what its source says about it.

    Attributes
    ----------
    summary
        The first line of its docstring.
    tells
        What it is made from; None for a scene that is not one of ours.
    """

    file: Path
    name: str
    summary: str = ""
    tells: Tells | None = None


def choose_scenes(
    arguments: list[str], story: Path | None = None, folder: Path = FOLDER
) -> list[SceneSource]:
    """Return the scenes that a command line asks for, each once.

    Parameters
    ----------
    arguments
        A Python file and the names of scenes in it (none: all that it plainly defines), or names of
        scenes in the folder (none: all). A file may have a scene of a name that its source does not
        show: the bases of a class may come from anywhere.
    story
        A storyboard or a trace. Without names, only scenes that tell such a file are returned.

    Raises
    ------
    RequestError
        If a file cannot be read or is not Python, a name cannot be a scene's, or there is no such
        scene.
    """
    file, names = _file_and_names(arguments)
    if file is None:
        return _choose_in_folder(names, story, folder)
    _require_python(file)
    scenes = {scene.name: scene for scene in scenes_in(file)}
    if names:
        return [scenes.get(name) or SceneSource(file, name) for name in dict.fromkeys(names)]
    if not scenes:
        raise RequestError(
            f"{file}: there is no class in it that is plainly a scene; add the name of one"
        )
    return [*scenes.values()]


def find_scenes(folder: Path = FOLDER) -> tuple[SceneSource, ...]:
    """Return all scenes of a folder, by file and line.

    Files whose names begin with an underscore or a dot are not read.

    Raises
    ------
    RequestError
        If there is no such folder or no scene in it, a file in it is not Python, or two scenes have
        one name.
    """
    if not folder.is_dir():
        raise RequestError(f"{folder}/: there is no such folder here; go to pagereel's own folder")
    files = sorted(file for file in folder.glob("*.py") if file.name[0] not in "._")
    scenes = tuple(scene for file in files for scene in scenes_in(file))
    if not scenes:
        raise RequestError(f"{folder}/: there is no scene in it; write one or restore the files")
    first: dict[str, SceneSource] = {}
    for scene in scenes:
        if first.setdefault(scene.name, scene) is not scene:
            raise RequestError(
                f"{scene.file}: {first[scene.name].file} has a scene {scene.name} already; rename "
                "one, both would be rendered into the same file"
            )
    return scenes


def scenes_in(file: Path) -> list[SceneSource]:
    """Return the scenes that a file plainly defines, by line.

    Raises
    ------
    RequestError
        If the file cannot be read or is not Python.
    """
    bases: dict[str, list[str]] = {}
    scenes = []
    for node in _parse(file).body:
        if not isinstance(node, ast.ClassDef):
            continue
        bases[node.name] = [ast.unparse(base) for base in node.bases]
        if not node.name.startswith("_") and _is_scene(node.name, bases):
            summary = (ast.get_docstring(node) or "").split("\n")[0]
            scenes.append(SceneSource(file, node.name, summary, _tells(node)))
    return scenes


def _choose_in_folder(names: list[str], story: Path | None, folder: Path) -> list[SceneSource]:
    scenes = find_scenes(folder)
    known = {scene.name: scene for scene in scenes}
    for name in names:
        if name not in known:
            raise RequestError(f"there is no scene {name!r}; scenes are {', '.join(known)}")
    if names or story is None:
        return [known[name] for name in dict.fromkeys(names)] or [*scenes]
    return [scene for scene in scenes if (scene.tells is Tells.TRACE) == is_trace(story)]


def _file_and_names(arguments: list[str]) -> tuple[Path | None, list[str]]:
    # A class can be called what Python calls an identifier, and nothing else.
    first = arguments[0] if arguments else ""
    exists = os.path.exists(first)  # noqa: PTH110 (Path.exists raises where a name is too long)
    is_file = bool(arguments) and (exists or not first.isidentifier())
    names = arguments[1:] if is_file else arguments
    for name in names:
        if not name.isidentifier():
            raise RequestError(
                f"{name!r} cannot be the name of a scene; name one file, then scenes in it"
            )
    return (Path(first) if is_file else None), names


def _require_python(file: Path) -> None:
    if file.is_dir():
        raise RequestError(f"{file}: this is a folder; name a Python file in it")
    _read(file)
    if file.suffix != ".py":
        raise RequestError(f"{file}: manim reads scenes only from files whose names end with .py")


def _is_scene(name: str, bases: dict[str, list[str]]) -> bool:
    """Return whether a class is a scene; `bases` are those of the classes defined so far."""
    return any(
        base.endswith("Scene") or (base != name and _is_scene(base, bases))
        for base in bases.get(name, ())
    )


def _tells(node: ast.ClassDef) -> Tells | None:
    for statement in node.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=("default_story" | "default_trace") as name)])
                | ast.AnnAssign(target=ast.Name(id=("default_story" | "default_trace") as name))
            ):
                return Tells(name)
    return None


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise RequestError(f"{file}: there is no such file; check the path") from None
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL character
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise RequestError(f"{file}: cannot be read: {reason}; check the path") from None


def _parse(file: Path) -> ast.Module:
    """Parse a file's source as Python itself would read it, whatever its encoding."""
    try:
        return ast.parse(_read(file))
    except SyntaxError as error:
        line = f":{error.lineno}" if error.lineno else ""
        raise RequestError(
            f"{file}{line}: this is not valid Python: {error.msg}; correct it"
        ) from error
    except ValueError as error:  # null bytes, before Python 3.12
        raise RequestError(f"{file}: this is not valid Python: {error}; correct it") from error
