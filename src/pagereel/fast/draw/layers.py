"""Layers of a picture: what is drawn of each mobject, made again only when the mobject changes.

manim builds a mobject's path in Python, curve by curve, for every image. Here it is built once, and
kept in device space, in Cairo's fixed-point numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from struct import Struct
from typing import TYPE_CHECKING, Any, TypeAlias

import cairo
import numpy as np
from manim import VMobject
from manim.camera.camera import CAP_STYLE_MAP, LINE_JOIN_MAP

from pagereel.fast.draw.raster import Raster, make_raster

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from manim import Camera, ImageMobject, Mobject
    from numpy.typing import NDArray

    from pagereel.fast.boxes import Box

# A fill, or a stroke of a width in manim's units, with a colour (red, green, blue, alpha as manim
# has them Cairo draw: blue first) or a gradient.
Source: TypeAlias = "tuple[float, float, float, float] | cairo.Pattern"


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line along the path; `width` in units of the scene."""

    source: Source
    width: float
    join: cairo.LineJoin
    cap: cairo.LineCap


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A vectorized mobject as it is drawn. Items are compared by identity.

    Attributes
    ----------
    path
        In device space.
    marks
        A source to fill the path with, or a stroke, from back to front.
    box
        The box of all pixels that may be drawn on.
    """

    path: cairo.Path
    marks: tuple[Source | Stroke, ...]
    box: Box

    def draw(self, context: cairo.Context[Any], matrix: cairo.Matrix, boxes: Sequence[Box]) -> None:
        """Draw as manim's camera does.

        Parameters
        ----------
        matrix
            From the scene's units to pixels.
        boxes
            Where the picture is redrawn. The path is drawn whole all the same, as Cairo would
            round it differently where it is cut.
        """
        del boxes
        context.identity_matrix()
        context.new_path()
        context.append_path(self.path)
        context.set_matrix(matrix)
        for mark in self.marks:
            if isinstance(mark, Stroke):
                _use(context, mark.source)
                _set_pen(context, mark)
                context.stroke_preserve()
            else:
                _use(context, mark)
                context.fill_preserve()


Layer: TypeAlias = Item | Raster
"""A mobject as it is drawn, without its submobjects."""


def pen_of(camera: Camera) -> float:
    """Return how wide a stroke of width 1 is, in units of the scene, as `Camera.apply_stroke` says.

    That divides by the frame's width, which a scene may have set to what is no number, or to 0.
    """
    return camera.cairo_line_width_multiple * (camera.frame_width / camera.frame_width)


def make_marks(camera: Camera, mobject: VMobject) -> tuple[Source | Stroke, ...]:
    """Return the visible ones of a mobject's background stroke, fill and stroke."""
    marks: list[Source | Stroke] = []
    for kind in ("back", "fill", "front"):
        back = kind == "back"
        rgbas = mobject.get_fill_rgbas() if kind == "fill" else mobject.get_stroke_rgbas(back)
        if not rgbas[:, 3].any():
            continue  # Cairo draws nothing that is transparent
        width = mobject.get_stroke_width(back)
        if kind == "fill":
            marks.append(_source(camera, mobject, rgbas))
        elif width:
            marks.append(
                Stroke(
                    _source(camera, mobject, rgbas),
                    width * pen_of(camera),
                    LINE_JOIN_MAP[mobject.joint_type],
                    CAP_STYLE_MAP[mobject.cap_style],
                )
            )
    return tuple(marks)


def _use(context: cairo.Context[Any], source: Source) -> None:
    if isinstance(source, tuple):
        context.set_source_rgba(*source)
    else:
        context.set_source(source)


def _set_pen(context: cairo.Context[Any], stroke: Stroke) -> None:
    context.set_line_width(stroke.width)
    context.set_line_join(stroke.join)
    context.set_line_cap(stroke.cap)


def _pens(marks: tuple[Source | Stroke, ...]) -> list[tuple[object, ...]]:
    """Return what of marks decides where they draw."""
    return [(mark.width, mark.join, mark.cap) if isinstance(mark, Stroke) else () for mark in marks]


def _source(camera: Camera, mobject: VMobject, rgbas: NDArray[np.float64]) -> Source:
    """Return a colour, or a gradient along the mobject's sheen; blue first, as manim has it."""
    if len(rgbas) == 1:
        red, green, blue, alpha = rgbas[0].tolist()
        return blue, green, red, alpha
    ends = camera.transform_points_pre_display(
        mobject, np.array(mobject.get_gradient_start_and_end_points())
    )
    gradient = cairo.LinearGradient(*ends[0][:2], *ends[1][:2])
    for offset, (red, green, blue, alpha) in zip(np.linspace(0, 1, len(rgbas)), rgbas, strict=True):
        gradient.add_color_stop_rgba(offset, blue, green, red, alpha)
    return gradient


_NUMBER = 8  # bytes
_CURVE = Struct("=16x6d")  # two handles and an anchor; the first anchor is where it begins
_FIXED = 256  # Cairo counts in 1/256 of a pixel


@dataclass(slots=True)
class _Known:
    """A mobject's item, and the data that it was made from."""

    points: bytes
    shape: bytes
    style: tuple[Any, ...]
    item: Item


@dataclass(slots=True)
class _KnownImage:
    """An image's raster, and the data that it was made from."""

    points: bytes
    resampling: int
    source: NDArray[np.generic]
    raster: Raster


class Recorder:
    """Makes layers of mobjects and keeps them while they are shown.

    Parameters
    ----------
    camera
        Builds the paths, and has the pixels.
    exact
        Whether to rebuild a path if a point has moved at all, even by rounding. Otherwise it is
        rebuilt if a point has moved by 1/256 of a pixel, the least that Cairo distinguishes.
    """

    def __init__(self, camera: Camera, *, exact: bool) -> None:
        self._camera = camera
        self._exact = exact
        self._size = (camera.pixel_width, camera.pixel_height)
        across = camera.pixel_width / camera.frame_width
        up = camera.pixel_height / camera.frame_height
        x, y = camera.frame_center[:2]
        # From the scene's units to pixels, as in `Camera.get_cairo_context`.
        self.matrix = cairo.Matrix(
            xx=across,
            yy=-up,
            x0=camera.pixel_width / 2 - x * across,
            y0=camera.pixel_height / 2 + y * up,
        )
        self._scale = np.array([self.matrix.xx, self.matrix.yy]) * _FIXED
        self._shift = np.array([self.matrix.x0, self.matrix.y0]) * _FIXED
        self._context = cairo.Context(cairo.ImageSurface(cairo.FORMAT_ARGB32, 1, 1))
        self._known: dict[Mobject, _Known] = {}
        self._images: dict[Mobject, _KnownImage] = {}

    def item(self, mobject: VMobject) -> Item:
        """Return the item of a mobject as it is now."""
        known = self._known.get(mobject)
        points = mobject.points.tobytes()
        style = (*_style(mobject), pen_of(self._camera))
        if known and known.points == points and known.style == style:
            return known.item
        shape = points if self._exact else self._shape(mobject)
        if known and known.shape == shape:
            known.points = points
            if known.style == style:
                return known.item
            path = known.item.path
        else:
            path = self._path(mobject)
        same_look = known and known.style == style
        marks = known.item.marks if known and same_look else make_marks(self._camera, mobject)
        if known and known.item.path is path and _pens(known.item.marks) == _pens(marks):
            item = Item(path, marks, known.item.box)
        else:
            item = Item(path, marks, self._box(path, marks))
        self._known[mobject] = _Known(points, shape, style, item)
        return item

    def raster(self, mobject: ImageMobject) -> Raster:
        """Return the raster of an image as it is now."""
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
        same = np.array_equal(raster.pixels, pixels)  # then the raster has the copy already
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

    def _path(self, mobject: VMobject) -> cairo.Path:
        """Return the path that manim's camera builds of a mobject, in device space.

        Cairo is given Python's numbers, which it takes three times as fast as numpy's.
        """
        context, camera = self._context, self._camera
        context.set_matrix(self.matrix)
        context.new_path()
        points = camera.transform_points_pre_display(mobject, mobject.points)
        numbers = points[:, :2].astype(np.float64).tobytes()
        for begin, end in _spans(mobject, points):
            first, last = points[begin, :2].tolist(), points[end - 1, :2].tolist()
            whole = (end - begin) // mobject.n_points_per_cubic_curve * _CURVE.size
            if whole:
                context.new_sub_path()
                context.move_to(*first)
                at = 2 * _NUMBER * begin
                for curve in _CURVE.iter_unpack(numbers[at : at + whole]):
                    context.curve_to(*curve)
                if first == last or mobject.consider_points_equals_2d(first, last):
                    context.close_path()
        context.identity_matrix()
        return context.copy_path()

    def _box(self, path: cairo.Path, marks: tuple[Source | Stroke, ...]) -> Box:
        """Return the box that holds all pixels that an item touches."""
        if not marks:
            return 0, 0, 0, 0
        context = self._context
        context.identity_matrix()
        context.new_path()
        context.append_path(path)
        left, top, right, bottom = context.path_extents()
        context.set_matrix(self.matrix)
        for mark in marks:
            if isinstance(mark, Stroke):
                _set_pen(context, mark)
                x0, y0, x1, y1 = context.stroke_extents()
                x0, y0 = self.matrix.transform_point(x0, y0)
                x1, y1 = self.matrix.transform_point(x1, y1)
                left, top = min(left, x0, x1), min(top, y0, y1)
                right, bottom = max(right, x0, x1), max(bottom, y0, y1)
        width, height = self._size
        return (  # a pixel more: edges are antialiased
            min(max(floor(left) - 1, 0), width),
            min(max(floor(top) - 1, 0), height),
            min(max(ceil(right) + 1, 0), width),
            min(max(ceil(bottom) + 1, 0), height),
        )

    def _shape(self, mobject: VMobject) -> bytes:
        """Return the points in Cairo's fixed-point numbers, in 1/256 of a pixel."""
        fixed: NDArray[np.float64] = np.rint(mobject.points[:, :2] * self._scale + self._shift)
        return fixed.tobytes()


def _spans(mobject: VMobject, points: NDArray[np.float64]) -> list[list[int]]:
    """Return where each subpath begins and ends, as manim splits them.

    Most mobjects are one path. If each of its curves begins at the very point where the one before
    ends, there is nothing to be split, and nothing to be measured; unless the mobject has a method
    of its own for that.
    """
    step, split = mobject.n_points_per_cubic_curve, mobject.get_subpath_split_indices_from_points
    if (
        getattr(split, "__func__", None) is VMobject.get_subpath_split_indices_from_points
        and len(points) >= step
        and (points[step - 1 : -1 : step, :2] == points[step::step, :2]).all()
    ):
        return [[0, len(points)]]
    spans: list[list[int]] = split(points, n_dims=2).tolist()
    return spans


def _style(mobject: VMobject) -> tuple[Any, ...]:
    fill, front = mobject.get_fill_rgbas(), mobject.get_stroke_rgbas()
    back = mobject.get_stroke_rgbas(background=True)
    graded = len(fill) > 1 or len(front) > 1 or len(back) > 1
    return (
        fill.tobytes(),
        front.tobytes(),
        back.tobytes(),
        mobject.get_stroke_width(),
        mobject.get_stroke_width(background=True),
        mobject.joint_type,
        mobject.cap_style,
        np.array(mobject.get_gradient_start_and_end_points()).tobytes() if graded else None,
    )
