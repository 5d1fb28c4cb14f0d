"""Pictures of a scene: with or without some of its mobjects, and with a spot outlined."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from manim import Camera, VMobject
from PIL import Image, ImageDraw

from pagereel.check.see.parts import Moment, Pixels, Spot, View
from pagereel.check.see.read import read
from pagereel.fast.boxes import whole
from pagereel.fast.draw.layers import Recorder
from pagereel.fast.draw.painter import NotUnderstood, layer_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from manim import Mobject, Scene

    from pagereel.check.see.things import Names


_COLORS = ("#000000", "#FFD400")  # outside and inside: visible on anything
_ROOM = 6  # pixels between a spot and its outline


def shown(scene: Scene) -> list[Mobject]:
    """Return the mobjects of a scene, those in the foreground last."""
    front = {id(mobject) for mobject in scene.foreground_mobjects}
    back = [mobject for mobject in scene.mobjects if id(mobject) not in front]
    return [*back, *scene.foreground_mobjects]


class Eyes:
    """Cameras that look where a scene's camera looks, with pixels of their own, in any size."""

    def __init__(self) -> None:
        self._backgrounds: dict[tuple[object, ...], tuple[Pixels, Pixels]] = {}
        self._recorders: dict[tuple[int, int], tuple[tuple[object, ...], Recorder]] = {}

    def eye(self, camera: Camera, scale: float = 1) -> Eye:
        """Return a camera whose picture is `scale` times as large.

        Cameras of one size share their pixels: draw with one after the other.
        """
        eye = copy.copy(camera)
        # Not `reset_pixel_shape`, which would change the frame that both cameras look through.
        eye.pixel_width = round(camera.pixel_width * scale)
        eye.pixel_height = round(camera.pixel_height * scale)
        eye.pixel_array_to_cairo_context = {}
        color = str(camera.background_color), camera.background_opacity, camera.background_image
        size = eye.pixel_width, eye.pixel_height
        key = (*size, *color)
        if key not in self._backgrounds:
            eye.init_background()
            background = np.asarray(eye.background, dtype=np.uint8)
            self._backgrounds[key] = background, background.copy()
        eye.background, eye.pixel_array = cast("tuple[Any, Any]", self._backgrounds[key])
        return Eye(eye, self._recorder(eye) if _draws_as_manim(type(eye)) else None)

    def _recorder(self, eye: Camera) -> Recorder:
        """Return what knows the mobjects as a camera sees them: drawing takes less than that."""
        size = eye.pixel_width, eye.pixel_height
        frame = (*eye.frame_center, eye.frame_width, eye.frame_height)
        if self._recorders.get(size, (None,))[0] != frame:
            self._recorders[size] = frame, Recorder(eye, exact=True)
        return self._recorders[size][1]


@dataclass(frozen=True, slots=True)
class Eye:
    """A camera that draws a picture without some of its mobjects."""

    _camera: Camera
    _recorder: Recorder | None  # None: only the camera itself knows how it draws

    def draw(
        self,
        drawn: Sequence[Mobject],
        hidden: frozenset[int] = frozenset(),
        bare: frozenset[int] = frozenset(),
    ) -> Pixels:
        """Draw mobjects with points, one after another; return red, green and blue.

        Of hidden mobjects only the background strokes are drawn: they belong to what is behind a
        text. Of bare ones, the strokes are not drawn.
        """
        with _without_strokes([mobject for mobject in drawn if id(mobject) in bare]):
            return self._paint(drawn, hidden)

    def _paint(self, drawn: Sequence[Mobject], hidden: frozenset[int]) -> Pixels:
        camera = self._camera
        pixels = cast("Pixels", camera.pixel_array)
        np.copyto(pixels, cast("Pixels", camera.background))
        for kind, group in groupby(drawn, camera.type_or_raise):
            for is_hidden, members in groupby(group, lambda mobject: id(mobject) in hidden):
                batch: list[Any] = [*members]
                if not is_hidden:
                    self._draw(kind, batch)
                elif kind is VMobject:
                    _draw_strokes_behind(camera, batch)
        if self._recorder is not None:
            self._recorder.forget_all_but(drawn)
        return pixels.copy()[..., :3]

    def draw_all(self, mobjects: Iterable[Mobject]) -> Pixels:
        """Draw mobjects and all that is in them."""
        return self.draw(self._camera.get_mobjects_to_display(mobjects))

    def _draw(self, kind: type[Mobject], mobjects: list[Mobject]) -> None:
        """Draw mobjects of a kind: as layers, where they can be layers."""
        camera, recorder = self._camera, self._recorder
        if recorder is not None:
            try:
                layers = [layer_of(recorder, mobject) for mobject in mobjects]
            except NotUnderstood:
                pass
            else:
                context = camera.get_cairo_context(camera.pixel_array)
                boxes = whole(camera.pixel_width, camera.pixel_height)
                for layer in layers:
                    if layer is not None:
                        layer.draw(context, recorder.matrix, boxes)
                return
        camera.display_funcs[kind](mobjects, camera.pixel_array)


def _draws_as_manim(kind: type[Camera]) -> bool:
    """Return whether pixels depend on nothing but the mobject, as with manim's usual cameras."""
    own = (
        *("display_vectorized", "set_cairo_context_path", "transform_points_pre_display"),
        *("display_image_mobject", "points_to_subpixel_coords", "get_cairo_context"),
    )
    return all(getattr(kind, name) is getattr(Camera, name) for name in own)


def view(scene: Scene, moment: Moment, *, eyes: Eyes, names: Names, moved: bool) -> View:
    """Return what a scene shows at rest. The view can draw pictures until the scene moves on."""
    camera = cast("Camera", scene.camera)
    texts, shapes, drawn = read(camera, shown(scene), names)
    eye = eyes.eye(camera)
    return View(
        moment,
        camera.pixel_width,
        camera.pixel_height,
        camera.pixel_width / camera.frame_width,
        moved,
        texts,
        shapes,
        lru_cache(maxsize=3)(partial(eye.draw, drawn)),
    )


def photograph(scene: Scene, *, empty: bool = False) -> Image.Image:
    """Return the picture of a scene as it is, or of its background alone."""
    eye = Eyes().eye(cast("Camera", scene.camera))
    return Image.fromarray(eye.draw_all([] if empty else shown(scene)))


@contextmanager
def _without_strokes(mobjects: Sequence[Any]) -> Iterator[None]:
    widths = [mobject.stroke_width for mobject in mobjects]
    for mobject in mobjects:
        mobject.stroke_width = 0
    try:
        yield
    finally:
        for mobject, width in zip(mobjects, widths, strict=True):
            mobject.stroke_width = width


def _draw_strokes_behind(camera: Camera, mobjects: Iterable[VMobject]) -> None:
    context = camera.get_cairo_context(camera.pixel_array)
    for mobject in mobjects:
        if mobject.get_stroke_width(background=True):
            camera.set_cairo_context_path(context, mobject)
            camera.apply_stroke(context, mobject, background=True)
            context.new_path()


def outlined(picture: Image.Image, spot: Spot) -> Image.Image:
    """Return a copy of a picture with an outline around a spot."""
    picture = picture.copy()
    left, top, right, bottom = spot
    line = max(2, min(picture.size) // 360)
    brush = ImageDraw.Draw(picture)
    for color, room, width in zip(_COLORS, (_ROOM + line, _ROOM), (2 * line, line), strict=True):
        corners = (left - room, top - room, right + room, bottom + room)
        brush.rectangle(corners, outline=color, width=width)
    return picture
