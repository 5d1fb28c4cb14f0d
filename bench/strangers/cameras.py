"""Cameras that move, space, images, and scenes of unusual length."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    BLUE,
    DEGREES,
    GREEN,
    RED,
    RIGHT,
    UP,
    YELLOW,
    Circle,
    Create,
    Cube,
    Dot,
    FadeIn,
    FadeOut,
    ImageMobject,
    MovingCameraScene,
    Scene,
    Square,
    Surface,
    Text,
    ThreeDAxes,
    ThreeDScene,
    VGroup,
    VMobject,
    linear,
)


class TurningCube(ThreeDScene):
    """A cube on axes, seen from a camera that turns around it."""

    def construct(self) -> None:
        self.set_camera_orientation(phi=65 * DEGREES, theta=-45 * DEGREES)
        self.play(Create(ThreeDAxes()), FadeIn(Cube(2, fill_opacity=0.7)))
        self.begin_ambient_camera_rotation(rate=0.5)
        self.wait(2)


class LorenzTurning(ThreeDScene):
    """An attractor that grows while the camera turns around it: all of the picture moves."""

    def construct(self) -> None:
        points = np.empty((1500, 3))
        x, y, z = 10.0, 10.0, 10.0
        for point in points:
            point[:] = x / 8, y / 8, z / 8 - 3
            dx, dy, dz = 10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z
            x, y, z = x + dx * 0.01, y + dy * 0.01, z + dz * 0.01
        curve = VMobject(stroke_width=2).set_points_smoothly(points)
        self.set_camera_orientation(phi=70 * DEGREES)
        self.begin_ambient_camera_rotation(rate=0.4)
        self.play(Create(curve.set_color_by_gradient(BLUE, YELLOW)), run_time=4, rate_func=linear)


class SaddleSurface(ThreeDScene):
    """A surface that is drawn, then stands still."""

    def construct(self) -> None:
        self.set_camera_orientation(phi=60 * DEGREES, theta=30 * DEGREES)
        saddle = Surface(
            lambda u, v: np.array([u, v, (u * u - v * v) / 3]),
            u_range=(-2, 2),
            v_range=(-2, 2),
            resolution=10,
        )
        self.play(FadeIn(saddle))
        self.wait()


class ZoomIn(MovingCameraScene):
    """A camera that goes to a detail and back."""

    def construct(self) -> None:
        grid = VGroup(*(Square(0.5, color=BLUE) for _ in range(60))).arrange_in_grid(6, 10)
        mark = Text("here", font_size=12).move_to(grid[33])
        self.add(grid, mark)
        camera: Any = self.camera
        self.play(camera.frame.animate.scale(0.2).move_to(mark), run_time=2)
        self.wait()
        self.play(camera.frame.animate.scale(5).move_to(grid), run_time=2)


class Pictures(Scene):
    """An image of many colours that comes, grows and goes."""

    def construct(self) -> None:
        y, x = np.mgrid[0:360, 0:480]
        red, green = 127 + 127 * np.sin(x / 23), 127 + 127 * np.sin(y / 17 + x / 90)
        pixels = np.dstack([red, green, (x + y) % 256]).astype(np.uint8)
        picture = ImageMobject(pixels)
        self.play(FadeIn(picture))
        self.play(picture.animate.scale(1.5))
        self.wait()
        self.play(picture.animate.shift(2 * RIGHT).set_opacity(0.5))
        self.play(FadeOut(picture))


class HalfASecond(Scene):
    """The shortest that people make: a try."""

    def construct(self) -> None:
        self.play(Create(Circle(color=RED)), run_time=0.5)


class LongWait(Scene):
    """One dot for a minute."""

    def construct(self) -> None:
        self.play(FadeIn(Dot(color=GREEN)))
        self.wait(60)


class Backdrop(Scene):
    """A background of gradients, with something small that moves over it."""

    def construct(self) -> None:
        disc = Circle(3.5, stroke_width=0, fill_opacity=1)
        disc.set_color_by_gradient(BLUE, GREEN, YELLOW).set_sheen_direction(UP + RIGHT)
        ring = Circle(0.5, color=RED).shift(3 * RIGHT)
        self.play(FadeIn(disc), run_time=2)
        self.play(ring.animate.shift(-6 * RIGHT), run_time=3, rate_func=linear)
        self.wait()
