"""Play the scenes of a user's file for a watcher, without encoding anything."""

from __future__ import annotations

import inspect
import sys
import tempfile
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from manim import CairoRenderer, Scene, tempconfig
from manim.manager import Manager
from manim.utils.module_ops import get_module

from pagereel.check.finding import Place
from pagereel.check.see.places import is_users, named
from pagereel.check.see.renderer import WatchedRenderer
from pagereel.errors import CheckError, PagereelError, SceneFailed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from pagereel.check.output import Output
    from pagereel.check.see.renderer import Watcher


@contextmanager
def scene_classes(file: Path, name: str | None, output: Output) -> Iterator[list[type[Scene]]]:
    """Load scenes, to be played for an output in the `with` block.

    Parameters
    ----------
    file
        The source.
    name
        The class; None for all that the file defines.
    output
        Size and speed of the pictures, whatever the file sets.

    Raises
    ------
    SceneFailed
        If the file raises, or what is done in the `with` block.
    CheckError
        If there is no such scene.
    """
    path = [*sys.path]
    size = {
        "pixel_width": output.width,
        "pixel_height": output.height,
        "frame_rate": output.fps,
    }
    with tempfile.TemporaryDirectory() as media, _users_code(file):
        settings: dict[str, Any] = {
            "input_file": str(file),
            "media_dir": media,
            "format": "none",
            "disable_caching": True,
            "progress_bar": "none",
            "verbosity": "ERROR",
            "preview": False,
        }
        try:
            with tempconfig({**settings, **size}):
                classes = _classes(get_module(file), file, name)
                with tempconfig(size):
                    yield classes
        finally:
            sys.path[:] = path  # manim adds the file's folder


def play(scene_class: type[Scene], watcher: Watcher) -> Scene:
    """Play a scene; return it as it is at its end."""
    scene = scene_class()
    own = scene.renderer
    if not isinstance(own, CairoRenderer):
        raise CheckError(f"{scene_class.__name__}: only scenes drawn with cairo can be checked")
    place = class_place(scene_class)
    renderer = WatchedRenderer(watcher, default=place)
    renderer.camera = own.camera
    renderer.init_scene(scene, scene.session_spec, scene.file_writer_settings)
    scene.renderer = renderer
    Manager(scene).render()
    if not renderer.num_plays:  # what it adds is all that is ever seen
        watcher.begin(scene, place)
        watcher.rest(scene, 0, place)
    return scene


def class_place(scene_class: type[Scene]) -> Place:
    """Return where a scene's class begins."""
    _, line = inspect.getsourcelines(scene_class)
    return Place(named(inspect.getfile(scene_class)), line, line)


def _classes(module: ModuleType, file: Path, name: str | None) -> list[type[Scene]]:
    found = {
        key: value
        for key, value in vars(module).items()
        if inspect.isclass(value)
        and issubclass(value, Scene)
        and value.__module__ == module.__name__
        and not key.startswith("_")
    }
    if name is None and found:
        return [*found.values()]
    if name in found:
        return [found[name]]
    known = f"scenes are {', '.join(found)}" if found else "there is no scene in it"
    missing = f"there is no scene {name!r}; " if name else ""
    raise CheckError(f"{file}: {missing}{known}")


@contextmanager
def _users_code(file: Path) -> Iterator[None]:
    """Turn what a scene raises into its traceback, as far as that is about the user's code."""
    try:
        yield
    except PagereelError:
        raise
    except (Exception, SystemExit) as error:
        frames = traceback.extract_tb(error.__traceback__)
        users = [frame for frame in frames if is_users(frame.filename)]
        lines = [
            f"{named(file)}: {'the scene raised' if users else 'cannot be run'}",
            *traceback.format_list(users),
            *traceback.format_exception_only(error),
        ]
        raise SceneFailed("\n".join(line.rstrip("\n") for line in lines)) from error
