"""What is read from mobjects: texts and shapes in pixels, as far as they are seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from manim import (
    BLUE,
    LEFT,
    ORIGIN,
    PI,
    RIGHT,
    Arrow,
    Brace,
    Camera,
    Circle,
    DashedLine,
    Dot,
    ImageMobject,
    Line,
    Rectangle,
    Square,
    Text,
)

from pagereel.check.see.read import read
from pagereel.check.see.things import Names

if TYPE_CHECKING:
    from manim import Mobject

    from pagereel.check.see.parts import Shape, Words

UNIT = 90 / 8  # pixels: the picture is 8 units high


@pytest.fixture(scope="module")
def camera() -> Camera:
    return Camera(pixel_width=160, pixel_height=90)


@pytest.fixture(scope="module")
def word() -> Text:
    return Text("Hax")


def seen(camera: Camera, *mobjects: Mobject) -> tuple[tuple[Words, ...], tuple[Shape, ...]]:
    return read(camera, mobjects, Names())[:2]


def test_a_shape_in_pixels(camera: Camera) -> None:
    square = Square(2, color=BLUE, fill_opacity=0.5, stroke_width=4)
    texts, [shape] = seen(camera, square)
    assert not texts
    assert shape.box == pytest.approx([80 - UNIT, 45 - UNIT, 80 + UNIT, 45 + UNIT])
    assert shape.closed
    assert (shape.fill[3], shape.stroke[3]) == (0.5, 1)
    assert shape.width == pytest.approx(4 * 0.01 * UNIT)


def test_a_dot_belongs_to_its_letter(camera: Camera) -> None:
    [text], _ = seen(camera, Text("is?"))
    [capital], _ = seen(camera, Text("H"))
    assert len(text.glyphs) == 3
    assert text.cap == pytest.approx(capital.cap, rel=0.15)


def test_what_is_not_drawn_is_not_read(camera: Camera) -> None:
    invisible = Square(stroke_opacity=0)
    outside = Square().shift(20 * RIGHT)
    partly = Square().shift(8 * RIGHT)
    texts, [shape] = seen(camera, invisible, outside, partly)
    assert not texts
    assert shape.mobject is partly


def test_a_text_that_is_shrunk_to_a_dot_or_a_slit_is_not_read(camera: Camera, word: Text) -> None:
    [small], _ = seen(camera, word.copy().scale(0.1))
    assert small.cap == pytest.approx(word[0].height * UNIT / 10, abs=0.01)
    assert not seen(camera, word.copy().scale(0.02))[0]
    assert not seen(camera, word.copy().stretch(0.01, 0))[0]


def test_a_fill_as_slim_as_a_line_is_one(camera: Camera) -> None:
    flat = Rectangle(width=5, height=0.06, fill_opacity=1, stroke_width=0)
    slim = (flat, Brace(flat), Dot(), Line(), Arrow().tip)
    _, shapes = seen(camera, *slim, Circle(0.3, fill_opacity=1), Square(fill_opacity=1))
    assert [shape.is_line for shape in shapes] == [True] * len(slim) + [False, False]


def test_several_shapes_side_by_side_hide_a_glyph(camera: Camera, word: Text) -> None:
    half = Rectangle(width=word.width, height=2, fill_opacity=1, stroke_width=0)
    halves = (half.copy().next_to(word[1].get_center(), way, buff=0) for way in (LEFT, RIGHT))
    left, right = halves
    assert len(seen(camera, word, left)[0]) == 1
    assert not seen(camera, word, left, right)[0]


def test_an_image_is_where_it_hides_what_is_behind_it(camera: Camera) -> None:
    pixels = np.zeros((60, 40, 4), np.uint8)
    pixels[..., 3] = 100
    _, [clear] = seen(camera, ImageMobject(pixels).scale_to_fit_height(6))
    assert clear.box == pytest.approx([80 - 2 * UNIT, 45 - 3 * UNIT, 80 + 2 * UNIT, 45 + 3 * UNIT])
    assert clear.fill[3] == pytest.approx(100 / 255)
    pixels[30:50, 10:20, 3] = 255
    _, [partly] = seen(camera, ImageMobject(pixels).scale_to_fit_height(6))
    assert partly.hides
    assert partly.box == pytest.approx([80 - UNIT, 45, 80, 45 + 2 * UNIT], abs=UNIT / 10)


def test_a_dashed_line_is_one_open_shape_and_a_dashed_circle_a_closed_one(camera: Camera) -> None:
    _, [line] = seen(camera, DashedLine(2 * LEFT, 2 * RIGHT))
    assert not line.closed
    assert line.box[[0, 2]] == pytest.approx([80 - 2 * UNIT, 80 + 2 * UNIT], abs=1)
    _, [one, other] = seen(camera, Circle(), Line(LEFT, RIGHT))
    assert (one.closed, other.closed) == (True, False)


def test_a_text_has_its_glyphs_colours_and_the_height_of_its_capitals(
    camera: Camera, word: Text
) -> None:
    word[1].set_color(BLUE)
    [text], _ = seen(camera, word)
    assert text.says == "Hax"
    assert text.glyphs.shape == (3, 4)
    assert not np.array_equal(text.colors[0], text.colors[1])
    assert text.cap == pytest.approx(word[0].height * UNIT, abs=0.01)
    [small], _ = seen(camera, Text("ax"))
    assert small.cap == pytest.approx(text.cap, rel=0.15), "though it has none"


def test_the_height_of_capitals_holds_when_a_text_is_turned(camera: Camera) -> None:
    text = Text("Head of it").scale(0.6)
    [level], _ = seen(camera, text)
    [turned], _ = seen(camera, text.copy().rotate(PI / 3))
    assert turned.cap == pytest.approx(level.cap, rel=0.05)


def test_glyphs_below_a_filled_shape_are_hidden(camera: Camera, word: Text) -> None:
    plain = Square(0.1, fill_opacity=1, stroke_width=0)
    cover = plain.stretch_to_fit_height(3).stretch_to_fit_width(word[0].width + 0.02)
    cover.move_to(word[0])
    [left], _ = seen(camera, word, cover)
    assert len(left.glyphs) == 2
    assert left.covered_by is not None
    [above], _ = seen(camera, cover, word)
    assert len(above.glyphs) == 3
    assert above.covered_by is None
    whole = Square(2 * word.width, fill_opacity=1).move_to(ORIGIN)
    assert not seen(camera, word, whole)[0]
    whole.set_fill(opacity=0.3)
    assert len(seen(camera, word, whole)[0]) == 1
