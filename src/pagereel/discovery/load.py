"""Scenes as Python finds them: the file is run, as manim runs it.

Its `main` answers with a line of JSON for each file that is an argument, so that the process that
asks need not import manim.
"""

from __future__ import annotations

import inspect
import json
import math
import os
import sys
import traceback
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from manim import Scene, config, tempconfig
from manim._config.video_encoder import to_av_frame_rate
from manim.utils.module_ops import get_module, get_scene_classes_from_module

from pagereel.discovery.source import Tells, no_such_scene
from pagereel.errors import RequestError

if TYPE_CHECKING:
    from types import ModuleType

_LONGEST_SIDE = 32_767  # pixels; Cairo draws no larger pictures
_PICTURES = 11  # of four bytes a pixel that are held at once, by the thriftiest format


def load_scene(file: Path, name: str) -> type[Scene]:
    """Run a file and return a scene of it.

    Raises
    ------
    RequestError
        If there is no such scene, or nothing can be drawn with what is set now. Errors of the
        file's own code come as they are.
    """
    module = get_module(file.absolute())  # so it is called as with manim, and as no library
    offered = _offered(module)
    for setting in ("pixel_width", "pixel_height", "frame_rate", "frame_width"):
        require_drawable(name, setting)
    _require_memory(name)
    found = offered.get(name) or getattr(module, name, None)
    if isinstance(found, type) and issubclass(found, Scene):
        return found
    raise no_such_scene(file, name, [each for each in offered if _is_to_be_rendered(offered[each])])


def require_drawable(scene: str, setting: str) -> None:
    """Raise a `RequestError` if one of manim's settings is a value with which nothing is drawn."""
    value = config[setting]
    if not _is_drawable(setting, value):
        said = f"{scene}: manim's setting {setting} = {value}"
        raise RequestError(f"{said}: nothing can be drawn with that; correct it")


def _is_drawable(setting: str, value: object) -> bool:
    number = float(value) if isinstance(value, Real) else 0
    match setting:
        case "frame_rate":
            try:
                return to_av_frame_rate(config.frame_rate) > 0
            except ValueError:
                return False
        case "frame_width":  # if it is negative, what is drawn is mirrored
            across = config.pixel_width / number if number else 0
            return 0 < across * across < math.inf
        case _:
            return 0 < number <= _LONGEST_SIDE


def _require_memory(scene: str) -> None:
    """Raise a `RequestError` if the machine has too little memory for pictures of this size."""
    needed = _PICTURES * 4 * config.pixel_width * config.pixel_height
    if needed > os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"):
        size = f"{config.pixel_width} x {config.pixel_height}"
        raise RequestError(
            f"{scene}: pictures of {size} pixels take {needed / 1e9:.1g} GB of memory, more than "
            "there is; make them smaller"
        )


def main() -> None:
    """Answer which scenes there are in files, each of which is run in a process of its own."""
    answers = os.dup(1)
    os.dup2(2, 1)  # what the files print is not an answer
    for name in sys.argv[1:]:
        process = os.fork()
        if not process:
            try:
                os.write(answers, f"{json.dumps(_answer(Path(name)))}\n".encode())
            finally:
                os._exit(0)  # whatever threads the file has started
        os.waitpid(process, 0)


def _answer(file: Path) -> dict[str, Any]:
    answer: dict[str, Any] = {"file": str(file)}
    try:
        with tempconfig({"input_file": str(file)}):
            found = _offered(get_module(file.absolute()))
        scenes = [scene for scene in found.values() if _is_to_be_rendered(scene)]
        return {**answer, "scenes": [_facts(scene) for scene in scenes]}
    except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever the file raises)
        steps = traceback.extract_tb(error.__traceback__)
        lines = [step.lineno for step in steps if Path(step.filename) in {file, file.absolute()}]
        return {**answer, "line": lines[-1] if lines else None, "error": _described(error)}


def _offered(module: ModuleType) -> dict[str, type[Scene]]:
    """Return the scenes that manim offers of a module, by name, in the order of definition."""
    offered = get_scene_classes_from_module(module)
    found: dict[str, type[Scene]] = {}
    for value in vars(module).values():
        if isinstance(value, type) and value in offered:
            found.setdefault(value.__name__, value)
    return found


def _is_to_be_rendered(scene: type[Scene]) -> bool:
    """Return whether a scene is meant to be rendered, and is not private or a base of others.

    An abstract base has abstract methods, or a `construct` that is manim's empty one or does
    nothing but raise NotImplementedError.
    """
    code = getattr(scene.construct, "__code__", None)
    raises = code is not None and code.co_names == ("NotImplementedError",)
    is_abstract = inspect.isabstract(scene) or scene.construct is Scene.construct or raises
    return not (is_abstract or scene.__name__.startswith("_"))


def _facts(scene: type[Scene]) -> dict[str, Any]:
    told = (each for base in scene.__mro__ for each in Tells if each.value in vars(base))
    tells = next(told, None)
    summary = (vars(scene).get("__doc__") or "").strip().split("\n")[0]
    default = getattr(scene, tells.value) if tells else ""
    return {
        "name": scene.__name__,
        "summary": summary,
        "tells": tells and tells.value,
        "default": default if isinstance(default, str) else "",
    }


def _described(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return "it ends the program when it is run"
    return f"running it raises {traceback.format_exception_only(error)[-1].strip()}"
