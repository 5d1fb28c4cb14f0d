"""Layers are made again only if their mobjects have changed."""

from __future__ import annotations

import cairo
import numpy as np
from manim import (
    BLUE,
    RED,
    RIGHT,
    Annulus,
    Arc,
    Camera,
    Circle,
    Dot,
    ImageMobject,
    Line,
    Square,
    VMobject,
    config,
)

from pagereel.fast.boxes import hull
from pagereel.fast.draw.layers import Recorder, Stroke

PIXEL = config.frame_width / 192


def recorder(*, exact: bool = False) -> Recorder:
    return Recorder(Camera(), exact=exact)


def test_an_item_is_kept_until_its_mobject_changes() -> None:
    items, square = recorder(), Square()
    first = items.item(square)
    assert items.item(square) is first
    square.set_color(RED)
    colored = items.item(square)
    assert colored is not first
    assert colored.path is first.path, "the path has not changed"
    square.shift(RIGHT)
    assert items.item(square).path is not first.path


def test_a_move_that_cairo_cannot_see_is_none_unless_all_is_exact() -> None:
    for exact in (False, True):
        items, square = recorder(exact=exact), Square()
        first = items.item(square)
        square.shift(RIGHT * PIXEL / 2000)
        assert (items.item(square) is first) != exact


def test_a_path_is_the_one_that_manims_camera_builds() -> None:
    items, camera = recorder(), Camera()
    broken, infinite = VMobject(), VMobject()
    broken.points = np.arange(39.0).reshape(13, 3) % 7  # its last curve is not complete
    infinite.points = np.full((4, 3), np.inf)
    nearly, apart = Square(), Square()
    nearly.points[4] += 1e-8  # closer than manim tells points apart
    apart.points[4] += 0.1
    shapes: list[VMobject] = [Annulus(), Line(), Arc(), nearly, apart, broken, infinite, VMobject()]
    for mobject in shapes:
        context = cairo.Context(cairo.ImageSurface(cairo.FORMAT_ARGB32, 1, 1))
        context.set_matrix(items.matrix)
        camera.set_cairo_context_path(context, mobject)
        context.identity_matrix()
        assert [*items.item(mobject).path] == [*context.copy_path()]


def test_a_stroke_is_as_wide_as_its_mobject_says_now() -> None:
    class Swelling(Square):
        def get_stroke_width(self, background: bool = False) -> float:  # noqa: FBT001, FBT002
            return 0 if background else 1 + float(self.get_x())

    items, square = recorder(), Swelling()
    for x in (0, 2):
        (mark,) = items.item(square.set_x(x)).marks
        assert isinstance(mark, Stroke)
        assert mark.width == (1 + x) * Camera().cairo_line_width_multiple


def test_marks_are_kept_until_their_colours_change() -> None:
    items, plain, graded = recorder(), Square(), Square().set_sheen(0.5, RIGHT)
    marks = [items.item(each).marks for each in (plain, graded)]
    for each in (plain, graded):
        each.shift(RIGHT)
    moved = [items.item(each).marks for each in (plain, graded)]
    assert moved[0] is marks[0]
    assert moved[1] is not marks[1], "a gradient moves with its mobject"
    assert items.item(plain.set_color(RED)).marks != marks[0]


def test_what_is_not_shown_any_more_is_forgotten() -> None:
    items, square, circle = recorder(), Square(), Circle()
    kept, dropped = items.item(square), items.item(circle)
    items.forget_all_but([square])
    assert items.item(square) is kept
    assert items.item(circle) is not dropped


def test_only_what_can_be_seen_is_drawn() -> None:
    (fill,) = recorder().item(Square(fill_color=BLUE, fill_opacity=1, stroke_width=0)).marks
    assert not isinstance(fill, Stroke)
    (stroke,) = recorder().item(Square(stroke_width=4)).marks
    assert isinstance(stroke, Stroke)
    nothing = recorder().item(Square(stroke_opacity=0))
    assert (nothing.marks, nothing.box) == ((), (0, 0, 0, 0))


def test_a_box_holds_all_that_is_drawn() -> None:
    box = recorder().item(Dot(radius=10 * PIXEL)).box
    assert hull([box, (86, 44, 106, 64)]) == box
    assert hull([box, (84, 42, 108, 66)]) != box, "and not much more"
    assert recorder().item(Dot().shift(100 * RIGHT)).box[0] == 192, "it is outside the picture"


def test_a_raster_is_kept_until_its_image_changes() -> None:
    items, image = recorder(), ImageMobject(np.full((4, 4, 3), 90, np.uint8))
    first = items.raster(image)
    assert items.raster(image) is first
    image.get_pixel_array()[0, 0] = 7
    assert items.raster(image) is not first
