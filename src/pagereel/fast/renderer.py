"""`FastRenderer`: a Cairo renderer for manim that draws and encodes only what changes."""

from __future__ import annotations

import os
from pathlib import Path
from time import thread_time
from typing import TYPE_CHECKING, Any, cast

import manim
from manim import CairoRenderer, MovingCamera, RendererType, Scene, SceneFileWriter, config

from pagereel.discovery.load import require_drawable
from pagereel.errors import StockNeeded
from pagereel.fast.draw.painter import Painter
from pagereel.fast.draw.playing import count_images, is_foreseeable, jump, line_of, work_of
from pagereel.fast.report import Report
from pagereel.fast.shards.cutter import Cutter, DrawnElsewhere
from pagereel.fast.shards.guard import opening
from pagereel.fast.writer import Delivery, FastWriter
from pagereel.glyphs import GlyphWatch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from manim import Animation, Camera, Mobject
    from manim._config.render_session import RenderSessionSpec
    from manim.mobject.mobject import _AnimationBuilder
    from manim.scene.scene_file_writer import _SceneFileWriterSettings

_MANIM = f"{Path(manim.__file__).parent}{os.sep}"
_MANIMS: dict[type, dict[str, object]] = {}  # members of classes of which all were manim's


class FastRenderer(CairoRenderer):
    """Draws a scene as `CairoRenderer` does, image by image the same, but faster.

    Cameras and mobjects that it does not understand (such as point clouds) are left to manim to
    draw, and formats that it cannot write (transparent videos, GIFs, stills) are left to manim to
    write. It reports both.

    Parameters
    ----------
    file_writer_class
        `FastWriter`, if not given. Any other one is given whole images.
    camera_class
        The scene's, if not given.
    skip_animations
        As in `CairoRenderer`; the scene's, if it skips.
    exact
        Whether every pixel has to be the same as manim's. Otherwise a point may be off by 1/512 of
        a pixel, which can be one of 255 levels at an outline.
    cutter
        Cuts the video into shards, and has them drawn.
    delivery
        What is made of the shards, if the writer is a `FastWriter`.
    report
        Receives progress and remarks.
    """

    def __init__(  # noqa: PLR0913 (three are manim's)
        self,
        file_writer_class: type[SceneFileWriter] | None = None,
        camera_class: type[Camera] | None = None,
        skip_animations: bool = False,  # noqa: FBT001, FBT002 (manim's signature)
        *,
        exact: bool = False,
        cutter: Cutter | None = None,
        delivery: Delivery | None = None,
        report: Report | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(file_writer_class or FastWriter, camera_class, skip_animations, **kwargs)
        self._writer_is_ours = file_writer_class is None
        self._camera_is_ours = camera_class is None
        self._exact = exact
        self._cutter = cutter or Cutter()
        self._delivery = delivery
        self.report = report or Report()
        self._foreseeable = False
        self._has_parted = True  # whether what moves in the play is known
        self._glyphs = GlyphWatch()

    def init_scene(
        self,
        scene: Scene,
        session_spec: RenderSessionSpec,
        file_writer_settings: _SceneFileWriterSettings,
    ) -> None:
        """Take the scene's own camera, and a writer for the format that is asked for."""
        with opening():
            self._init_scene(scene, session_spec, file_writer_settings)

    def _init_scene(
        self,
        scene: Scene,
        session_spec: RenderSessionSpec,
        file_writer_settings: _SceneFileWriterSettings,
    ) -> None:
        self._original_skipping_status |= scene.skip_animations
        self.skip_animations = self._original_skipping_status
        if self._camera_is_ours:  # made now, it knows what the scene has set in manim's config
            self.camera = scene.camera_class()
        if self._writer_is_ours and FastWriter.can_write(file_writer_settings):
            self.file_writer = FastWriter(file_writer_settings, self._delivery)
        else:
            if self._writer_is_ours:
                self._file_writer_class = SceneFileWriter
            super().init_scene(scene, session_spec, file_writer_settings)
        if isinstance(self.file_writer, FastWriter):
            self._cutter.attach(self.file_writer, self.report)
        self._painter = Painter(self, self.report, exact=self._exact)
        if isinstance(self.file_writer, FastWriter):
            knows_camera = self._painter.knows_camera
            self.file_writer.moves = isinstance(self.camera, MovingCamera)
            self.file_writer.detailed = knows_camera and getattr(scene, "detailed", False)
            if knows_camera:
                self._cutter.keep_shards(self.camera)
        output = session_spec.output
        if self._file_writer_class is SceneFileWriter and output.enabled and not output.is_still:
            self.report.note("manim writes the file: only opaque MP4 videos are written fast")

    def take_over(self, scene: Scene) -> None:
        """Draw a scene from now on that was made with a renderer and has not begun.

        Its camera stays, with all that the scene may have set.
        """
        self.camera, self._camera_is_ours = cast("CairoRenderer", scene.renderer).camera, False
        scene.renderer = self
        self.init_scene(scene, scene.session_spec, scene.file_writer_settings)

    def play(
        self,
        scene: Scene,
        *args: Animation | Mobject | _AnimationBuilder,
        **kwargs: Any,
    ) -> None:
        """Play as manim does, without its cache."""
        try:
            with opening():
                self._play(scene, *args, **kwargs)
        except DrawnElsewhere:
            self.num_plays += 1  # it has shown something, even if it ends in its first play
            raise

    def _play(
        self,
        scene: Scene,
        *args: Animation | Mobject | _AnimationBuilder,
        **kwargs: Any,
    ) -> None:
        self.skip_animations = self._original_skipping_status
        self.update_skipping_status()
        require_drawable(type(scene).__name__, "frame_rate")  # the scene may have set it just now
        _require_manims(scene)
        self._cutter.reach(scene, args)
        scene.compile_animation_data(*args, **kwargs)
        if self.skip_animations:
            self.time += scene.duration
        name = None if self.skip_animations else f"uncached_{self.num_plays:05}"
        self.file_writer.add_partial_movie_file(name)
        self.animations_hashes.append(name)
        self.file_writer.begin_animation(name is not None, animation_index=self.num_plays)
        self._has_parted = True
        if self._cutter.drawing or _is_overridden(type(scene), "begin_animations"):
            scene.begin_animations()
        else:
            self._begin_unseen(scene)
        with self._cutter.unwatched():
            self._painter.see(scene)
        if self.skip_animations:
            self._part(scene)
            if not scene.is_current_animation_frozen_frame():
                scene.play_internal()
        else:
            self._play_shown(scene)
        self._cutter.pass_on()
        self.file_writer.end_animation(name is not None)
        self.num_plays += 1

    def render(
        self, scene: Scene, time: float, moving_mobjects: Iterable[Mobject] | None = None
    ) -> None:
        """Show the scene's next image, at `time` seconds of the play."""
        del time, moving_mobjects  # the scene has them, too
        if self.skip_animations:
            return
        if not self._foreseeable and self._cutter.is_due():
            self._cut(scene)
            self._cutter.go_on(scene, self._painter.look)
        self._show(scene, 1)

    def update_frame(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Draw all of an image in manim's way."""
        super().update_frame(scene, *args, **kwargs)
        self._painter.forget_picture()

    def scene_finished(self, scene: Scene) -> None:
        """Have all shards drawn, then the file written."""
        self.report.play("")
        self._cutter.pass_by(scene)
        self._cutter.finish()
        super().scene_finished(scene)

    def _begin_unseen(self, scene: Scene) -> None:
        """Begin the animations, as manim does, of a play of which no image may be drawn.

        To find out what moves takes a third of that time, and is left for later.
        """
        for animation in scene.animations or ():
            animation._setup_scene(scene)  # noqa: SLF001 (as Scene.begin_animations does)
            animation.begin()
        self._has_parted = False

    def _part(self, scene: Scene) -> None:
        """Find out what moves in a play that has begun, if that was left for later."""
        if not self._has_parted:
            self._has_parted = True
            moving, static = scene.get_moving_and_static_mobjects(scene.animations or ())
            scene.moving_mobjects, scene.static_mobjects = moving, static

    def _play_shown(self, scene: Scene) -> None:
        frozen = scene.is_current_animation_frozen_frame()
        self._foreseeable = self._painter.knows_camera and not frozen and is_foreseeable(scene)
        self._painter.warn_of(scene)
        if remark := self._glyphs.remark(scene):
            line = line_of(scene)
            self.report.note(f"{line}: {remark}" if line else remark)
        if self._cutter.is_due():
            self._cut(scene)
        images = count_images(scene, frozen=frozen)
        if self._cutter.keeps_shards:
            self._part(scene)  # what moves is drawn over what does not
        self._cutter.note_play(
            scene, self._painter.look, images, foreseeable=self._foreseeable, frozen=frozen
        )
        self._cutter.begin_play(scene)
        if not self._cutter.drawing:
            self._cutter.weigh(work_of(scene, 1 if frozen else images))
        wanted = self._cutter.wanted(images)
        jumps = self._foreseeable and not (self._cutter.drawing or self._cutter.wants_images)
        may_draw = self._cutter.drawing or (not jumps and self._cutter.may_cut(images))
        if may_draw or wanted is not None or not (jumps or frozen):
            self._part(scene)
        if may_draw or wanted is not None:
            with self._cutter.unwatched():
                self._painter.look_at(scene, foreseeable=self._foreseeable)
        if jumps:
            self._skip(scene, images, wanted)
        elif frozen:
            self._show(scene, images)
        else:
            scene.play_internal()
        if self._cutter.drawing:
            self._painter.end_play()

    def _skip(self, scene: Scene, images: int, wanted: int | None) -> None:
        """Go to the end of a play; see one of its images, if that is wanted."""
        if wanted is not None:
            scene.update_to_time(wanted / config.frame_rate)
            self._see(scene)
        jump(scene)
        for _ in range(images):  # as they would have been counted one by one
            self._count(1)

    def _show(self, scene: Scene, images: int) -> None:
        """Show the scene as it is for a number of images."""
        self._cutter.see_image(scene)
        if self._cutter.drawing:
            began = thread_time()
            boxes = self._painter.draw(scene)
            if isinstance(self.file_writer, FastWriter):
                self.file_writer.add_images(self._painter.pixels, boxes, images)
            else:
                self.file_writer.write_frame(self._painter.pixels.copy(), repeat=images)
            self._cutter.drew(thread_time() - began)
        elif self._cutter.wanted(images) is not None:
            self._see(scene)
        self._count(images)

    def _see(self, scene: Scene) -> None:
        """Draw an image that belongs to no shard of this process."""
        with self._cutter.unwatched():
            self._painter.draw(scene)
        self._cutter.see(self._painter.pixels)

    def _count(self, images: int) -> None:
        self.time += images * (1 / self.camera.frame_rate)
        self._cutter.count(images)

    def _cut(self, scene: Scene) -> None:
        """Begin a shard, whose images depend on nothing that was drawn before it."""
        self._cutter.pass_by(scene)
        self._cutter.cut()
        self._painter.begin_afresh()


def make_scene(scene_class: type[Scene], renderer: FastRenderer) -> Scene:
    """Make a scene that is drawn by a renderer.

    Raises
    ------
    StockNeeded
        If it cannot be: the scene wants OpenGL, brings a renderer or a writer of its own kind or a
        `render` of its own, which may do anything with manim's files, has begun with its own
        renderer before it could be given another, or its file or a plugin has replaced what manim
        draws and writes with.
    """
    if config.renderer != RendererType.CAIRO:
        raise StockNeeded("its file or a manim.cfg asks for another renderer than Cairo")
    scene = _given(scene_class, renderer) or scene_class()
    own: Any = scene.renderer
    if plugin := _overridden_render(scene_class):
        raise StockNeeded(f"{plugin} has a render() of its own")
    _require_manims(scene)
    if own is renderer:
        return scene
    if type(own) not in {CairoRenderer, FastRenderer}:
        raise StockNeeded(f"it brings a renderer of its own, {type(own).__name__}")
    if type(own) is CairoRenderer and own._file_writer_class is not SceneFileWriter:  # noqa: SLF001
        raise StockNeeded(f"it brings a writer of its own, {own._file_writer_class.__name__}")  # noqa: SLF001
    if own.num_plays or len(own.file_writer.sections) > 1 or own.file_writer.subcaptions:
        raise StockNeeded("it plays in its __init__")
    renderer.take_over(scene)
    return scene


def _given(scene_class: type[Scene], renderer: FastRenderer) -> Scene | None:
    """Return a scene that was given a renderer; None if its `__init__` does not take one.

    Whatever else is wrong with it is raised when it is made without.
    """
    try:
        return scene_class(renderer=renderer)
    except TypeError:
        return None


def _require_manims(scene: Scene) -> None:
    """Raise a `StockNeeded` if a function is replaced that this package has its own for.

    Such are those of cameras, the renderer and the writer; they can be replaced in a class, or in
    the scene's own camera, renderer and writer.
    """
    renderer = cast("CairoRenderer", scene.renderer)
    for thing in (scene.camera, renderer, renderer.file_writer):
        for name in vars(thing):
            if callable(getattr(type(thing), name, None)):
                owner = next(kind for kind in reversed(type(thing).__mro__) if name in vars(kind))
                raise StockNeeded(f"it has replaced {owner.__name__}.{name}")
    if function := _replaced((*type(scene.camera).__mro__, CairoRenderer, SceneFileWriter)):
        raise StockNeeded(f"its file or a plugin has replaced {function}")


def _replaced(kinds: Iterable[type]) -> str | None:
    """Return the name of a function of classes of manim's that is not manim's any more."""
    for kind in kinds:
        members = {**vars(kind)}
        if not kind.__module__.startswith("manim.") or _MANIMS.get(kind) == members:
            continue
        for name, member in members.items():
            if callable(function := _function(member)) and not isinstance(function, type):
                code = getattr(function, "__code__", None)
                if code is None or not code.co_filename.startswith(_MANIM):
                    return f"{kind.__name__}.{name}"
        _MANIMS[kind] = members
    return None


def _function(member: object) -> object:
    """Return the function of a member of a class: of a method of it, or of a property."""
    return getattr(member, "fget", None) or getattr(member, "__func__", member)


def _is_overridden(scene_class: type[Scene], name: str) -> bool:
    return getattr(scene_class, name) is not getattr(Scene, name)


def _overridden_render(scene_class: type[Scene]) -> str | None:
    """Return the name of the class that overrides `render`, unless it is one of ours."""
    owner = next(each for each in scene_class.__mro__ if "render" in vars(each))
    is_known = owner is Scene or owner.__module__.startswith("pagereel.")
    return None if is_known else owner.__name__
