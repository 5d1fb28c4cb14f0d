"""The newest item of every mobject, made anew only where the mobject has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cairo
import numpy as np

from pagereel.fast.draw.items import Item, make_box, make_marks, make_path
from pagereel.fast.draw.rasters import Raster, make_raster

if TYPE_CHECKING:
    from collections.abc import Iterable

    from manim import Camera, ImageMobject, Mobject, VMobject
    from numpy.typing import NDArray

_FIXED = 256  # Cairo counts in 1/256 of a pixel


@dataclass(slots=True)
class _Known:
    """A mobject's item, and what it was made from."""

    points: bytes
    shape: bytes
    style: tuple[Any, ...]
    item: Item


@dataclass(slots=True)
class _KnownImage:
    """An image's raster, and what it was made from."""

    points: bytes
    resampling: int
    source: NDArray[np.generic]
    raster: Raster


class Recorder:
    """Makes items of mobjects and keeps them.

    Parameters
    ----------
    camera
        Whose path and pixels they are made for.
    exact
        Whether to make a path anew if a point has moved at all, be it by rounding; otherwise it
        is kept until one moves by 1/256 of a pixel, which is all that Cairo can see.
    """

    def __init__(self, camera: Camera, *, exact: bool) -> None:
        self._camera = camera
        self._exact = exact
        self._size = (camera.pixel_width, camera.pixel_height)
        self.matrix = matrix_of(camera)
        self._scale = np.array([self.matrix.xx, self.matrix.yy]) * _FIXED
        self._shift = np.array([self.matrix.x0, self.matrix.y0]) * _FIXED
        self._context = cairo.Context(cairo.ImageSurface(cairo.FORMAT_ARGB32, 1, 1))
        self._known: dict[Mobject, _Known] = {}
        self._images: dict[Mobject, _KnownImage] = {}

    def item(self, mobject: VMobject) -> Item:
        """Return what is to be drawn of a mobject, as it is now."""
        known = self._known.get(mobject)
        points = mobject.points.tobytes()
        style = _style(mobject)
        if known and known.points == points and known.style == style:
            return known.item
        shape = points if self._exact else self._shape(mobject)
        if known and known.shape == shape:
            known.points = points
            if known.style == style:
                return known.item
            path = known.item.path
        else:
            path = make_path(self._camera, self._context, self.matrix, mobject)
        marks = make_marks(self._camera, mobject)
        box = make_box(self._context, self.matrix, path, marks, self._size)
        item = Item(path, marks, box)
        self._known[mobject] = _Known(points, shape, style, item)
        return item

    def raster(self, mobject: ImageMobject) -> Raster:
        """Return what is to be drawn of an image, as it is now."""
        known = self._images.get(mobject)
        pixels, points = mobject.get_pixel_array(), mobject.points.tobytes()
        if (
            known
            and known.points == points
            and known.resampling == mobject.resampling_algorithm
            and np.array_equal(known.source, pixels)
        ):
            return known.raster
        raster = make_raster(self._camera, mobject)
        same = np.array_equal(raster.pixels, pixels)  # then they are the copy that is needed
        source = raster.pixels if same else np.array(pixels)
        self._images[mobject] = _KnownImage(points, mobject.resampling_algorithm, source, raster)
        return raster

    def forget_all_but(self, mobjects: Iterable[Mobject]) -> None:
        """Forget mobjects that are no longer shown."""
        shown = [*mobjects]
        self._known = {mobject: self._known[mobject] for mobject in shown if mobject in self._known}
        self._images = {
            mobject: self._images[mobject] for mobject in shown if mobject in self._images
        }

    def _shape(self, mobject: VMobject) -> bytes:
        """Return the points as Cairo will see them: in 1/256 of a pixel."""
        fixed: NDArray[np.float64] = np.rint(mobject.points[:, :2] * self._scale + self._shift)
        return fixed.tobytes()


def matrix_of(camera: Camera) -> cairo.Matrix:
    """Return what turns the scene's units into pixels, as in `Camera.get_cairo_context`."""
    across = camera.pixel_width / camera.frame_width
    up = camera.pixel_height / camera.frame_height
    return cairo.Matrix(
        across,
        0,
        0,
        -up,
        camera.pixel_width / 2 - camera.frame_center[0] * across,
        camera.pixel_height / 2 + camera.frame_center[1] * up,
    )


def _style(mobject: VMobject) -> tuple[Any, ...]:
    fill, front = mobject.get_fill_rgbas(), mobject.get_stroke_rgbas()
    back = mobject.get_stroke_rgbas(background=True)
    graded = len(fill) > 1 or len(front) > 1 or len(back) > 1
    return (
        fill.tobytes(),
        front.tobytes(),
        back.tobytes(),
        mobject.stroke_width,
        mobject.background_stroke_width,
        mobject.joint_type,
        mobject.cap_style,
        np.array(mobject.get_gradient_start_and_end_points()).tobytes() if graded else None,
    )
