"""Scenes may draw on the camera's pixels: manim's next image covers it, as ours does."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from collected import collect
from manim import BLUE, GREEN, LEFT, RED, RIGHT, CairoRenderer, Circle, Create, Dot, Scene, Square

from pagereel.fast import FastRenderer

if TYPE_CHECKING:
    from collections.abc import Callable


def fill(camera: Any) -> None:
    context = camera.get_cairo_context(camera.pixel_array)
    context.set_source_rgba(1, 0, 0, 1)
    context.rectangle(-3, -3, 3, 3)
    context.fill()


def paint(camera: Any) -> None:
    camera.pixel_array[20:60, 20:60] = 200


def paint_behind(camera: Any) -> None:
    camera.background[20:60, 20:60] = 90


def widen_strokes(camera: Any) -> None:
    camera.cairo_line_width_multiple *= 3


def recolor(camera: Any) -> None:
    camera.background_color = GREEN
    camera.init_background()


HANDS: dict[str, Callable[[Any], object]] = {
    "capture": lambda camera: camera.capture_mobjects([Circle(3, color=RED)]),
    "cairo": fill,
    "pixels": paint,
    "new pixels": lambda camera: setattr(camera, "pixel_array", np.full((108, 192, 4), 99, "u1")),
    "reset": lambda camera: camera.reset(),
    "background": paint_behind,
    "new background": recolor,
    "strokes": widen_strokes,
    "no width": lambda camera: setattr(camera, "frame_width", math.nan),
}


@pytest.mark.parametrize("name", HANDS)
def test_what_is_drawn_between_plays_is_drawn_over(name: str) -> None:
    class Drawing(Scene):
        def construct(self) -> None:
            dot = Dot()
            self.add(Square(color=BLUE, fill_opacity=0.5))
            self.play(dot.animate.shift(RIGHT), run_time=0.3)
            HANDS[name](self.camera)
            self.play(dot.animate.shift(LEFT), run_time=0.3)
            HANDS[name](self.camera)
            self.wait(0.2)

    assert_same(Drawing)


def test_what_is_drawn_in_a_play_is_drawn_over() -> None:
    class Drawing(Scene):
        def construct(self) -> None:
            self.play(Dot().animate.shift(RIGHT), run_time=0.3)
            self.add(Dot().add_updater(lambda _: HANDS["capture"](self.camera)))
            self.wait(0.3)

    assert_same(Drawing)


@pytest.mark.parametrize("renderer", [CairoRenderer, FastRenderer])
def test_in_a_frame_of_width_0_nothing_is_drawn(renderer: type[CairoRenderer]) -> None:
    class Flat(Scene):
        def construct(self) -> None:
            self.play(Dot().animate.shift(RIGHT), run_time=0.3)
            camera: Any = self.camera
            camera.frame_width = 0
            self.play(Create(Square()), run_time=0.3)

    with pytest.raises(ZeroDivisionError):
        collect(Flat, renderer)


def test_a_scene_sees_on_the_camera_what_was_drawn_last() -> None:
    seen = []

    class Looking(Scene):
        def construct(self) -> None:
            self.play(Dot().animate.shift(RIGHT), run_time=0.3)
            HANDS["capture"](self.camera)
            self.play(Square().animate.shift(RIGHT), run_time=0.3)
            camera: Any = self.camera
            seen.append(camera.pixel_array.copy())

    assert_same(Looking)
    assert np.array_equal(*seen)


def assert_same(scene: type[Scene]) -> None:
    theirs = collect(scene, CairoRenderer)
    ours = collect(scene, FastRenderer, exact=True)
    assert len(theirs) == len(ours) > 2
    for index, (their, our) in enumerate(zip(theirs, ours, strict=True)):
        assert np.array_equal(their, our), f"image {index}"
