"""The check's pictures are those of manim's camera, whatever it knows from earlier ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from manim import Camera, Circle, Cross, ImageMobject, Line, PMobject, Square, VGroup

from pagereel.check.see.picture import Eyes

SIZE: dict[str, Any] = {
    "pixel_width": 192,
    "pixel_height": 108,
    "frame_width": 16.0,
    "frame_height": 9.0,
}


# manim's camera
@pytest.mark.filterwarnings("ignore:'mode' parameter for changing data types:DeprecationWarning")
def test_what_moves_and_what_is_looked_at_is_drawn_as_it_is_now() -> None:
    camera, eyes = Camera(**SIZE), Eyes()
    circle, square = Circle(fill_opacity=0.5), Square(stroke_width=9)
    image = (
        ImageMobject(np.full((4, 6, 4), (200, 40, 90, 120), np.uint8)).scale(60).shift((2, 1, 0))
    )
    dots = PMobject().add_points([(0, 0.5, 0), (3, 2, 0)], color="#FFFF00")
    mobjects = [circle, VGroup(square, Cross(square)), image, Line(), dots, Line().shift((1, 1, 0))]

    def looks_right() -> None:
        for scale in (1, 0.5):
            size = {name: round(pixels * scale) for name, pixels in SIZE.items() if "pixel" in name}
            other = Camera(
                **size,
                frame_width=camera.frame_width,
                frame_height=camera.frame_height,
                frame_center=camera.frame_center,
            )
            other.capture_mobjects(mobjects)
            drawn = eyes.eye(camera, scale).draw_all(mobjects)
            assert np.array_equal(drawn, other.pixel_array[..., :3])

    looks_right()
    looks_right()
    image.pixel_array[:2] = 90, 200, 10, 255  # in place
    circle.points += (0.7, 0.2, 0)  # in place
    square.set_fill("#FF0000", opacity=1)
    looks_right()
    camera.frame_width, camera.frame_height = 8.0, 4.5
    looks_right()
    camera.frame_center = np.array((1.0, 0.5, 0.0))
    mobjects.pop(0)
    looks_right()
