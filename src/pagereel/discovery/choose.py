"""The scenes that a command line asks for: of a file, of the folder `scenes/`, or ours.

A file is read. Where its source does not plainly say which scenes it has, a process is asked that
runs it, as manim does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from pagereel.assets import OWN_FILM, SCENES, STORIES
from pagereel.discovery.source import (
    SceneSource,
    Tells,
    no_such_scene,
    read_bytes,
    read_source,
)
from pagereel.discovery.stories import is_film, scene_of
from pagereel.errors import RequestError
from pagereel.failure import REFUSED
from pagereel.request import is_trace
from pagereel.wording import shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FOLDER = Path("scenes")
_LOAD = "from pagereel.failure import run; run('pagereel.discovery.load')"
_LONGEST_REASON = 150  # characters of an error of the file's own


def choose_scenes(
    arguments: list[str],
    story: Path | None = None,
    folder: Path = FOLDER,
    *,
    command: str = "render",
) -> list[SceneSource]:
    """Return the scenes that a command line asks for, each once.

    Parameters
    ----------
    arguments
        A Python file and the names of scenes in it (none: all), or names of scenes in the folder
        (none: all) or of ours.
    story
        A storyboard or a trace. Without names, only scenes that tell it are returned: the one that
        it names, or those that tell any. A film of one's own has a scene that plays those it names.
    command
        The command of pagereel that messages advise.

    Raises
    ------
    RequestError
        If a file cannot be read or is not Python, a name cannot be a scene's, or there is no such
        scene; or if a film and scenes are named.
    """
    file, names = _file_and_names(arguments)
    if story is not None and is_film(story):
        if arguments:
            message = f"this film names its scenes itself; leave out {shown(arguments[0])}"
            raise RequestError(f"{story}: {message}")
        return [SceneSource(OWN_FILM, "OwnFilm", tells=Tells.STORY)]
    if file is not None:
        _require_python(file)
        return _named_in(file, names) if names else _all_of(file)
    scenes = find_scenes(folder, names)
    if names:
        known = {scene.name: scene for scene in scenes}
        return [known.get(name) or _elsewhere(name, [*known], folder, command) for name in names]
    if story is None:
        return [*scenes]
    wanted = scene_of(story)
    if wanted is not None:
        found = [scene for scene in scenes if scene.name == wanted]
        return found or [_elsewhere(wanted, [scene.name for scene in scenes], folder, command)]
    return [scene for scene in scenes if _tells_any(scene, trace=is_trace(story))]


def _tells_any(scene: SceneSource, *, trace: bool) -> bool:
    """Return whether a scene tells any trace, or any storyboard that names no scene.

    A scene whose default story names no scene tells any such storyboard.
    """
    if scene.tells is Tells.PAIR:
        return False
    if scene.tells is Tells.TRACE or trace:
        return scene.tells is Tells.TRACE and trace
    return not scene.default or scene_of(STORIES / scene.default) is None


def find_scenes(folder: Path = FOLDER, names: Iterable[str] = ()) -> tuple[SceneSource, ...]:
    """Return the scenes of a folder, by file; of pagereel's own folder if there is no such one.

    Files whose names begin with an underscore or a dot are not read.

    Parameters
    ----------
    names
        If any are given, no more than these need be found.

    Raises
    ------
    RequestError
        If there is no scene, a file is not Python, or two scenes have one name.
    """
    folder = folder if folder.is_dir() else SCENES
    files = sorted(file for file in folder.glob("*.py") if file.name[0] not in "._")
    scenes = _scenes_of(files, {*names})
    if not scenes:
        raise RequestError(f"{folder}/: there is no scene in it; write one or restore the files")
    first: dict[str, SceneSource] = {}
    for scene in scenes:
        if first.setdefault(scene.name, scene) is not scene:
            raise RequestError(
                f"{scene.file}: {first[scene.name].file} has a scene {scene.name} already; rename "
                "one, both would be rendered into the same file"
            )
    return tuple(scenes)


def storytellers(folder: Path = FOLDER) -> dict[str, SceneSource]:
    """Return the scenes that tell stories, by name: those of a folder, and ours."""
    folders = [SCENES] if not folder.is_dir() or folder.samefile(SCENES) else [SCENES, folder]
    scenes = [scene for each in folders for scene in find_scenes(each)]
    return {scene.name: scene for scene in scenes if scene.tells is Tells.STORY and scene.default}


def _named_in(file: Path, names: Sequence[str]) -> list[SceneSource]:
    """Return scenes of a file by their names, some of which its source may not show."""
    reading = read_source(file)
    if reading.is_certain and reading.names is not None:
        for name in names:
            if name not in reading.names:
                raise no_such_scene(file, name, [*reading.scenes])
    return [reading.scenes.get(name) or SceneSource(file, name) for name in dict.fromkeys(names)]


def _all_of(file: Path) -> list[SceneSource]:
    reading = read_source(file)
    plain = [*reading.scenes.values()] if reading.is_certain else []
    scenes = plain or _required([file])[file]
    if not scenes:
        raise RequestError(
            f"{file}: there is no scene in it; write a class that is derived from Scene and has a "
            "construct"
        )
    return scenes


def _scenes_of(files: Sequence[Path], names: set[str]) -> list[SceneSource]:
    """Return the scenes of files; at least those with certain names, if any are given."""
    readings = {file: read_source(file) for file in files}
    plain = {name for reading in readings.values() for name in reading.scenes}
    unsure = [file for file, reading in readings.items() if not reading.is_certain]
    found = {file: [*reading.scenes.values()] for file, reading in readings.items()}
    if unsure and not (names and names <= plain):
        found |= _required(unsure)
    return [scene for scenes in found.values() for scene in scenes]


def _required(files: Sequence[Path]) -> dict[Path, list[SceneSource]]:
    """Return the scenes that Python finds in files; raise if one of them cannot be run."""
    found = {}
    for file, answer in ask(files).items():
        if isinstance(answer, str):
            raise RequestError(f"{answer}; correct it")
        found[file] = answer
    return found


def ask(files: Sequence[Path]) -> dict[Path, list[SceneSource] | str]:
    """Have files run in a process that imports manim; return the scenes of each.

    Of a file that cannot be run, return where and why.
    """
    with TemporaryFile() as said:  # no pipe, which what a file starts may hold for long
        done = subprocess.run(  # noqa: S603 (our own command)
            # -P: modules in the current folder do not stand in for the standard library's
            (sys.executable, "-P", "-c", _LOAD, *map(str, files)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            check=False,
        )
        if done.returncode == REFUSED:
            said.seek(0)
            raise RequestError(said.read().decode().removeprefix("pagereel: ").strip())
    answers = {answer["file"]: answer for answer in map(json.loads, done.stdout.splitlines())}
    died = {"error": "running it ends the process"}
    return {file: _understood(file, answers.get(str(file), died)) for file in files}


def _understood(file: Path, answer: Mapping[str, Any]) -> list[SceneSource] | str:
    if "error" in answer:
        line = f":{answer['line']}" if answer.get("line") else ""
        return f"{file}{line}: {answer['error'][:_LONGEST_REASON]}"
    return [
        SceneSource(
            file,
            facts["name"],
            facts["summary"],
            facts["tells"] and Tells(facts["tells"]),
            facts["default"],
        )
        for facts in answer["scenes"]
    ]


def _elsewhere(name: str, known: Sequence[str], folder: Path, command: str) -> SceneSource:
    """Return one of our own scenes; if it is not that, say where there is such a scene."""
    for scene in find_scenes(SCENES, [name]):
        if scene.name == name:
            return scene
    here = f" in {folder}/" if folder.is_dir() else ""
    missing = f"there is no scene {shown(name)}{here}"
    for file in sorted(Path().glob("*.py")):
        if _has_plainly(file, name):
            raise RequestError(f"{missing}, but in {file}: pagereel {command} {file} {name}")
    advice = f"name its file first, as in: pagereel {command} FILE.py {shown(name)[1:-1]}"
    raise RequestError(f"{missing}; {suggestion(name, known)}; {advice}")


def _has_plainly(file: Path, name: str) -> bool:
    with suppress(RequestError):  # it is not Python, which is not asked here
        return name in read_source(file).scenes
    return False


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
    return (Path(first) if is_file else None), [*dict.fromkeys(names)]


def _require_python(file: Path) -> None:
    read_bytes(file)
    if file.suffix != ".py":
        raise RequestError(f"{file}: manim reads scenes only from files whose names end with .py")
