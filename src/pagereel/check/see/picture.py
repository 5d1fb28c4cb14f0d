"""Pictures of a scene: with or without some of its mobjects, and with a spot outlined."""

from __future__ import annotations

import copy
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from manim import VMobject
from PIL import Image, ImageDraw

from pagereel.check.see.parts import Moment, Pixels, Spot, View
from pagereel.check.see.read import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from manim import Camera, Mobject, Scene

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

    def eye(self, camera: Camera, scale: float = 1) -> Camera:
        """Return a camera whose picture is `scale` times as large.

        Cameras of one size share their pixels: draw with one after the other.
        """
        eye = copy.copy(camera)
        # Not `reset_pixel_shape`, which would change the frame that both cameras look through.
        eye.pixel_width = round(camera.pixel_width * scale)
        eye.pixel_height = round(camera.pixel_height * scale)
        eye.pixel_array_to_cairo_context = {}
        color = str(camera.background_color), camera.background_opacity, camera.background_image
        key = (eye.pixel_width, eye.pixel_height, *color)
        if key not in self._backgrounds:
            eye.init_background()
            background = np.asarray(eye.background, dtype=np.uint8)
            self._backgrounds[key] = background, background.copy()
        eye.background, eye.pixel_array = cast("tuple[Any, Any]", self._backgrounds[key])
        return eye


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
        lru_cache(maxsize=3)(lambda hidden: draw(eye, drawn, hidden)),
    )


def photograph(scene: Scene, *, empty: bool = False) -> Image.Image:
    """Return the picture of a scene as it is, or of its background alone."""
    eye = Eyes().eye(cast("Camera", scene.camera))
    drawn = [] if empty else eye.get_mobjects_to_display(shown(scene))
    return Image.fromarray(draw(eye, drawn))


def draw(camera: Camera, drawn: Sequence[Mobject], hidden: frozenset[int] = frozenset()) -> Pixels:
    """Draw mobjects with points, one after another; return red, green and blue.

    Of hidden mobjects only the background strokes are drawn: they belong to what is behind a text.
    """
    pixels = cast("Pixels", camera.pixel_array)
    np.copyto(pixels, cast("Pixels", camera.background))
    for kind, group in groupby(drawn, camera.type_or_raise):
        if kind is not VMobject:
            batch = [mobject for mobject in group if id(mobject) not in hidden]
            camera.display_funcs[kind](batch, camera.pixel_array)
            continue
        for is_hidden, members in groupby(group, lambda mobject: id(mobject) in hidden):
            if is_hidden:
                _draw_strokes_behind(camera, cast("Iterable[VMobject]", members))
            else:
                camera.display_funcs[kind]([*members], camera.pixel_array)
    return pixels.copy()[..., :3]


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
