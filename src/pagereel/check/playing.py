"""Play the scenes of a user's file for a watcher, without drawing or encoding anything."""

from __future__ import annotations

import inspect
import sys
import sysconfig
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import manim
from manim import CairoRenderer, Scene, config, tempconfig
from manim.manager import Manager

import pagereel
from pagereel.check.see.parts import Place
from pagereel.discovery.load import load_scene, require_drawable
from pagereel.errors import CheckError, PagereelError, SceneFailed
from pagereel.fast.draw.playing import count_images, is_foreseeable
from pagereel.files import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

    from manim import Mobject

    from pagereel.check.output import Output

_USUAL, _EXACT = 16 / 9, 0.01  # width by height

_FOLDERS = [Path(str(package.__file__)).parent for package in (manim, pagereel)]
_FOLDERS += [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib")]
# Code of these folders is not the user's.
_FOREIGN = tuple(str(folder.resolve()) for folder in _FOLDERS)


class Watcher:
    """Sees what happens in a scene; this one ignores it."""

    looks: ClassVar[int] = 1
    """How many images it wants to see of a second of movement."""

    def begin(self, scene: Scene, place: Place, *, foreseeable: bool = False) -> None:
        """See a play or wait begin; a foreseeable one changes nothing but what it animates."""

    def image(self, scene: Scene, seconds: float) -> None:
        """See an image of a movement; a picture at rest is one image."""

    def rest(self, scene: Scene, seconds: float, place: Place) -> None:
        """See the scene when a play or wait has ended."""


class WatchedRenderer(CairoRenderer):
    """Plays a scene image by image for a watcher, without drawing anything.

    Where no image depends on those before it, only what the watcher wants to see is computed.

    Parameters
    ----------
    watcher
        Sees what happens.
    default
        The place of plays that are not in the user's source.
    """

    def __init__(self, watcher: Watcher, *, default: Place, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.watcher = watcher
        self.place = default
        self._scene: Scene
        self._images = 0  # of this play
        self._left: int | None = None  # images of this play, if not all of them are computed

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Play, then let the watcher see the scene at rest."""
        self.place = _calling_place(self.place)
        self._images, self._left = 0, None
        self._scene = scene
        require_drawable(type(scene).__name__, "frame_rate")  # the scene may have set it just now
        rate = config.frame_rate
        try:
            super().play(scene, *args, **kwargs)
        finally:
            config.frame_rate = rate
        if not self.skip_animations:
            self._pass(self._left or 0)
            self.watcher.rest(scene, self.time, self.place)

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> None:
        """Tell the watcher that a play begins; draw nothing."""
        del static_mobjects
        if self.skip_animations:
            return
        foreseeable = is_foreseeable(scene)
        self.watcher.begin(scene, self.place, foreseeable=foreseeable)
        if foreseeable and not scene.is_current_animation_frozen_frame():
            self._left = count_images(scene, frozen=False)
            config.frame_rate /= self._apart

    def update_frame(self, *_: Any, **__: Any) -> None:
        """Draw nothing."""

    def render(
        self, scene: Scene, time: float, moving_mobjects: Iterable[Mobject] | None = None
    ) -> None:
        """Let the watcher see some of the images."""
        del time, moving_mobjects
        if self.skip_animations:
            return
        if self._left is not None or self._images % self._apart == 0:
            self.watcher.image(scene, self.time)
        self._images += 1
        self._pass(1 if self._left is None else min(self._apart, self._left))

    def freeze_current_frame(self, duration: float) -> None:
        """Let time pass without movement."""
        if not self.skip_animations:
            self.watcher.image(self._scene, self.time)
            self.time += int(duration * self.camera.frame_rate) / self.camera.frame_rate

    @property
    def _apart(self) -> int:
        """How many images there are from one that the watcher sees to the next."""
        return max(1, round(self.camera.frame_rate / self.watcher.looks))

    def _pass(self, images: int) -> None:
        """Let the time of some images pass, in the steps of a scene that computes each of them."""
        if self._left is not None:
            self._left -= images
        for _ in range(images):
            self.time += 1 / self.camera.frame_rate


@contextmanager
def scene_class(
    file: Path, name: str, output: Output, *, keep_shape: bool = False, media: Path | None = None
) -> Iterator[type[Scene]]:
    """Load a scene, to be played in the `with` block.

    Its pictures have the size and speed of the output, whatever the file sets. With `keep_shape`, a
    file that sets another shape keeps that, unless an output is asked for that is not 16:9.

    Without `media`, its folder of media files is a temporary one. The texts and formulas that manim
    draws always go there: it reads what it finds, even if another process is just writing it.

    Raises
    ------
    SceneFailed
        If the file or the `with` block raises.
    RequestError
        If there is no such scene.
    """
    path = [*sys.path]
    size = {"pixel_width": output.width, "pixel_height": output.height, "frame_rate": output.fps}
    with temporary_folder() as own, _users_code(file):
        settings: dict[str, Any] = {
            "input_file": str(file),
            "media_dir": str(media or own),
            "text_dir": str(own / "texts"),
            "tex_dir": str(own / "Tex"),
            "format": "none",
            "disable_caching": True,
            "progress_bar": "none",
            "verbosity": "ERROR",
            "preview": False,
        }
        try:
            with tempconfig({**settings, **size}):
                loaded = load_scene(file, name)
                with tempconfig({**size, **(_own_shape(output) if keep_shape else {})}):
                    yield loaded
        finally:
            sys.path[:] = path  # manim adds the file's folder


def _own_shape(output: Output) -> dict[str, int]:
    """Return the size of the output in the shape that a file has set; empty if it set none."""
    width, height = config.pixel_width, config.pixel_height
    asked = output.width / output.height
    if abs(asked - _USUAL) > _EXACT or abs(asked - width / height) < _EXACT:
        return {}
    scale = min(output.width, output.height) / min(width, height)
    return {"pixel_width": round(width * scale), "pixel_height": round(height * scale)}


def play(loaded: type[Scene], watcher: Watcher) -> Scene:
    """Play a scene; return it as it is at its end."""
    scene = loaded()
    own = scene.renderer
    if not isinstance(own, CairoRenderer):
        raise CheckError(f"{loaded.__name__}: only scenes drawn with cairo can be checked")
    place = class_place(loaded)
    renderer = WatchedRenderer(watcher, default=place)
    renderer.camera = own.camera
    renderer.init_scene(scene, scene.session_spec, scene.file_writer_settings)
    scene.renderer = renderer
    Manager(scene).render()
    if not renderer.num_plays:  # it only adds things
        watcher.begin(scene, place)
        watcher.rest(scene, 0, place)
    return scene


def class_place(loaded: type[Scene]) -> Place:
    """Return where a scene's class begins; its `construct`, if a call of `type` made the class."""
    try:
        _, line = inspect.getsourcelines(loaded)
    except OSError:
        line = inspect.unwrap(loaded.construct).__code__.co_firstlineno
    return Place(_named(inspect.getfile(loaded)), line, line)


@contextmanager
def _users_code(file: Path) -> Iterator[None]:
    """Turn an exception of a scene into its traceback, trimmed to the user's code."""
    try:
        yield
    except PagereelError:
        raise
    except (Exception, SystemExit) as error:
        frames = traceback.extract_tb(error.__traceback__)
        users = [frame for frame in frames if is_users(frame.filename)]
        lines = [
            f"{_named(file)}: {'the scene raised' if users else 'cannot be run'}",
            *traceback.format_list(users),
            *traceback.format_exception_only(error),
        ]
        raise SceneFailed("\n".join(line.rstrip("\n") for line in lines)) from error


def is_users(file: str) -> bool:
    """Return whether a source file is the user's own."""
    return not file.startswith("<") and not str(Path(file).resolve()).startswith(_FOREIGN)


def _calling_place(default: Place) -> Place:
    """Return the innermost call in the user's source that led here; `default` if there is none."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 (inspect.stack reads every file)
    while frame is not None:
        if is_users(frame.f_code.co_filename):
            return _place(frame)
        frame = frame.f_back
    return default


def _place(frame: FrameType) -> Place:
    positions = [*frame.f_code.co_positions()]
    line, end_line, _, _ = positions[frame.f_lasti // 2]
    first = line or frame.f_lineno
    return Place(_named(frame.f_code.co_filename), first, max(first, end_line or first))


def _named(file: Path | str) -> Path:
    """Return a file as a user names it: relative to the current folder, if it is in there."""
    file, folder = Path(file), Path.cwd()
    return file.relative_to(folder) if file.is_relative_to(folder) else file
