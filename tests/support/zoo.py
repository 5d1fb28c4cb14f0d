"""Small scenes, each with something of manim's that a fast renderer may get wrong."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    LEFT,
    ORANGE,
    ORIGIN,
    PI,
    RED,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    Add,
    AnimationGroup,
    Arc,
    Arrow,
    Axes,
    Circle,
    Create,
    DashedLine,
    DecimalNumber,
    Dot,
    Dot3D,
    FadeIn,
    FadeOut,
    FadeTransform,
    Group,
    GrowFromCenter,
    ImageMobject,
    Indicate,
    LaggedStart,
    Line,
    LinearTransformationScene,
    LineJointType,
    ManimColor,
    Mobject,
    MoveAlongPath,
    MovingCameraScene,
    PointCloudDot,
    ReplacementTransform,
    Rotate,
    Scene,
    Square,
    Star,
    Succession,
    Text,
    ThreeDScene,
    TracedPath,
    Transform,
    TransformMatchingShapes,
    Triangle,
    ValueTracker,
    VGroup,
    VMobject,
    Wait,
    Write,
    ZoomedScene,
    always_redraw,
    config,
    interpolate_color,
    linear,
    there_and_back,
)
from PIL import Image
from PIL.Image import Resampling


class Standing(Scene):
    """What stands is drawn twice during a wait: its edges get darker."""

    def construct(self) -> None:
        self.add(Circle(color=RED), Square(fill_opacity=0.5).shift(RIGHT))
        self.wait(0.3)
        self.play(Create(Triangle()), run_time=0.3)
        self.wait(0.3)


class Redrawn(Scene):
    def construct(self) -> None:
        dot = Dot(LEFT * 3)
        self.add(always_redraw(lambda: Line(ORIGIN, dot.get_center(), color=YELLOW)), dot)
        self.play(dot.animate.shift(UP * 2 + RIGHT * 6), run_time=0.6)
        self.wait(0.2)


class Tracked(Scene):
    def construct(self) -> None:
        tracker = ValueTracker(0)
        letters: Any = Text  # no LaTeX is needed
        number = DecimalNumber(0, mob_class=letters).add_updater(
            lambda mob: mob.set_value(tracker.get_value())
        )
        self.add(number, Square().shift(LEFT * 3))
        self.play(tracker.animate.set_value(3.5), run_time=0.6)
        self.wait(0.2)


class InTime(Scene):
    def construct(self) -> None:
        square = Square().add_updater(lambda mob, dt: mob.rotate(dt).shift(dt * RIGHT))
        self.add(square, Circle())
        self.wait(0.5)
        square.clear_updaters()
        self.wait(0.2)


class Chained(Scene):
    def construct(self) -> None:
        a: Any = Square().shift(LEFT)
        b = Circle()
        self.add(Dot(UP))
        self.play(Succession(FadeIn(a), Create(b), a.animate.shift(DOWN), FadeOut(b)), run_time=1)
        self.wait(0.2)


class Lagged(Scene):
    def construct(self) -> None:
        dots: Any = VGroup(*(Dot(x * RIGHT, radius=0.3) for x in range(-4, 5)))
        self.play(LaggedStart(*map(FadeIn, dots), lag_ratio=0.3), run_time=0.6)
        self.play(LaggedStart(*(d.animate.shift(UP) for d in dots), lag_ratio=0.2), run_time=0.6)


class Until(Scene):
    def construct(self) -> None:
        dot = Dot().add_updater(lambda mob, dt: mob.shift(dt * 4 * RIGHT))
        self.add(dot)
        self.wait_until(lambda: dot.get_x() > 2, max_time=2)
        dot.clear_updaters()
        self.wait(1, stop_condition=lambda: True)


class Layered(Scene):
    def construct(self) -> None:
        back = Square(color=RED, fill_opacity=1).set_z_index(-1)
        front = Circle(color=BLUE, fill_opacity=0.8).set_z_index(2)
        self.add(front, Star(fill_opacity=0.7), back)
        self.play(back.animate.shift(RIGHT * 2), run_time=0.4)
        back.set_z_index(5)
        self.wait(0.2)
        self.play(Rotate(back), run_time=0.4)
        front.set_z_index(-3)
        self.play(back.animate.scale(0.5), run_time=0.4)


class InFront(Scene):
    def construct(self) -> None:
        label = Square(color=GREEN, fill_opacity=0.6)
        self.add_foreground_mobject(label)
        self.play(Create(Circle(fill_opacity=1)), run_time=0.4)
        self.wait(0.2)
        self.remove_foreground_mobject(label)
        self.play(FadeOut(label), run_time=0.3)


def pictured(shape: VMobject) -> VMobject:
    """Paint a shape with an image."""
    pixels = np.linspace(0, 255, 48 * 4).astype(np.uint8).reshape(6, 8, 4)
    return shape.color_using_background_image(Image.fromarray(pixels, "RGBA"))


class Pictured(Scene):
    def construct(self) -> None:
        image = pictured(Square(3, fill_opacity=1))
        self.add(Square().shift(LEFT * 2))
        self.play(FadeIn(image), run_time=0.3)
        self.play(Create(Circle(color=RED)), run_time=0.3)
        self.wait(0.2)
        self.play(Group(image).animate.shift(RIGHT), run_time=0.3)
        self.remove(image)
        self.wait(0.2)


class PicturedLate(Scene):
    def construct(self) -> None:
        image = pictured(Circle(fill_opacity=1))
        self.add(Star(fill_opacity=1).shift(LEFT * 3))
        self.play(Succession(Create(Square()), FadeIn(image)), run_time=0.8)


class Photographed(Scene):
    def construct(self) -> None:
        pixels = np.linspace(0, 255, 48 * 3).astype(np.uint8).reshape(6, 8, 3)
        image = ImageMobject(pixels).scale(20)
        self.add(Square(fill_opacity=0.5).shift(LEFT))
        self.play(FadeIn(image), run_time=0.3)
        self.play(image.animate.shift(RIGHT), Create(Circle(color=RED)), run_time=0.3)
        self.wait(0.2)
        self.remove(image)
        self.wait(0.2)


def pixel_by_pixel(pixels: Any, left: int, top: int) -> ImageMobject:
    """An image each pixel of which is one of the picture, from a given pixel on."""
    image = ImageMobject(pixels, resampling_algorithm=Resampling.NEAREST)
    height, width = pixels.shape[:2]
    across = np.array([left, left + width, left, left + width]) + 0.01
    down = np.array([top, top, top + height, top + height]) + 0.01
    unit = config.pixel_width / config.frame_width
    x, y = across / unit - config.frame_width / 2, config.frame_height / 2 - down / unit
    image.points = np.column_stack([x, y, np.zeros(4)])
    return image


class PixelByPixel(Scene):
    """Single pixels change in place, behind and before other things."""

    def construct(self) -> None:
        pixels = np.full((50, 70, 4), 255, np.uint8)
        pixels[..., 0] = np.arange(70)
        image = pixel_by_pixel(pixels, 21, 13)
        self.add(Circle(fill_opacity=0.5), image, Square(fill_opacity=0.5).shift(LEFT))
        self.wait(0.2)
        count = iter(range(1000))

        def change(mobject: Any) -> None:
            at = 5 * next(count)
            mobject.pixel_array[at % 50, at % 70, :3] = 200 - at, at, 0
            mobject.pixel_array[-1, at % 41, :3] = at

        image.add_updater(change)
        self.play(Create(Triangle(color=RED)), run_time=0.6)
        image.clear_updaters()
        self.wait(0.2)
        self.play(image.animate.shift(RIGHT * 0.4), run_time=0.3)
        self.play(FadeOut(image), run_time=0.3)


class Translucent(Scene):
    """Images through which others are seen: of two places, and as they stand twice in a wait."""

    def construct(self) -> None:
        pixels = np.zeros((40, 40, 4), np.uint8)
        pixels[..., 1], pixels[..., 3] = 255, np.arange(40) * 6
        one, other = pixel_by_pixel(pixels, 30, 20), pixel_by_pixel(255 - pixels, 50, 40)
        self.add(Square(fill_opacity=1), one, other)
        self.wait(0.2)
        other.add_updater(lambda mobject, dt: mobject.pixel_array[:9].fill(round(255 * dt)))
        self.play(one.animate.rotate(0.3), run_time=0.3)
        self.wait(0.3)


class Outside(Scene):
    """Images that are partly or not at all in the picture, and one that is changed and moved."""

    def construct(self) -> None:
        pixels = np.full((30, 30, 4), 255, np.uint8)
        pixels[3:9, :, 1] = 0
        images = [pixel_by_pixel(pixels, *at) for at in ((-10, 4), (180, 90), (500, 4))]
        self.add(*images)
        self.wait(0.2)
        images[0].pixel_array[12:20, :, 2] = 7
        self.play(images[0].animate.shift(RIGHT), Create(Square()), run_time=0.4)


class Graded(Scene):
    def construct(self) -> None:
        bar = Square(fill_opacity=1).set_color_by_gradient(RED, YELLOW, BLUE).stretch(3, 0)
        colors: Any = [RED, BLUE]
        sheen = Circle(fill_opacity=1).set_fill(colors).set_sheen(0.4, UP).shift(DOWN * 2)
        self.add(bar)
        self.play(GrowFromCenter(sheen), run_time=0.4)
        self.play(sheen.animate.set_sheen_direction(RIGHT), bar.animate.shift(UP), run_time=0.4)


class Dashed(Scene):
    def construct(self) -> None:
        line = DashedLine(LEFT * 4, RIGHT * 4 + UP)
        self.play(Create(line), run_time=0.5)
        self.play(line.animate.rotate(1), run_time=0.4)


class SeeThrough(Scene):
    def construct(self) -> None:
        shapes = [Circle(fill_opacity=0.4).shift(x * RIGHT * 0.7) for x in range(4)]
        self.play(*(FadeIn(shape, scale=0.5) for shape in shapes), run_time=0.5)
        self.play(*(shape.animate.set_opacity(0.2) for shape in shapes[:2]), run_time=0.4)
        self.play(*map(FadeOut, shapes), run_time=0.4)


class Sectioned(Scene):
    def construct(self) -> None:
        self.next_section("one")
        square = Square()
        self.play(Create(square), run_time=0.4, subcaption="It comes.")
        self.next_section("left out", skip_animations=True)
        self.play(square.animate.shift(RIGHT * 2), run_time=0.5)
        self.wait(0.3)
        self.next_section("three")
        self.play(square.animate.set_fill(RED, 1), run_time=0.4)
        self.add_subcaption("It is red.", duration=0.2)
        self.wait(0.2)


class Morphed(Scene):
    def construct(self) -> None:
        square, circle = Square(fill_opacity=0.5), Circle(color=RED).shift(RIGHT)
        self.play(Transform(square, circle), run_time=0.4)
        self.play(ReplacementTransform(square, Star(color=YELLOW)), run_time=0.4)
        self.wait(0.2)


class Matched(Scene):
    def construct(self) -> None:
        here, there = Text("live").shift(LEFT), Text("evil").shift(RIGHT)
        self.add(here)
        self.play(TransformMatchingShapes(here, there), run_time=0.5)
        self.play(FadeTransform(there, Square()), run_time=0.4)


class Written(Scene):
    def construct(self) -> None:
        text = Text("Paged", font_size=72)
        self.play(Write(text), run_time=0.8)
        self.wait(0.2)
        self.play(FadeOut(text, shift=DOWN), run_time=0.4)


class Shuffled(Scene):
    def construct(self) -> None:
        a, b, c = (Square(color=k, fill_opacity=1).shift(x * RIGHT) for x, k in enumerate(COLORS))
        self.add(a, b, c)
        self.wait(0.2)
        self.bring_to_back(c)
        self.play(a.animate.rotate(0.3), run_time=0.3)
        self.bring_to_front(a)
        self.wait(0.2)
        self.remove(b)
        self.wait(0.2)
        self.play(Add(b), run_time=0.2)
        self.clear()
        self.wait(0.2)


class AlongAPath(Scene):
    def construct(self) -> None:
        dot, arc = Dot(color=ORANGE), Arc(2, angle=PI)
        trace = TracedPath(dot.get_center)
        self.add(arc, trace, dot)
        self.play(MoveAlongPath(dot, arc), rate_func=linear, run_time=0.8)


class Recolored(Scene):
    """A change between two plays, and one behind an animation's back."""

    def construct(self) -> None:
        square = Square(fill_opacity=1)
        self.add(square)
        self.wait(0.2)
        square.set_color(RED)
        self.wait(0.2)
        square.points[0] += 0.5
        square.set_stroke(WHITE, 10)
        self.wait(0.2)
        square.joint_type = LineJointType.ROUND
        self.wait(0.2)
        self.play(Indicate(Dot()), run_time=0.3)


class SharpCorners(Scene):
    def construct(self) -> None:
        spike = VGroup(Line(LEFT * 3, RIGHT * 3), Triangle().stretch(0.1, 0))
        spike.set_stroke(WHITE, 40).set_stroke(BLUE, 60, background=True)
        self.add(spike)
        self.play(spike.animate.shift(UP), run_time=0.4)
        self.play(FadeOut(spike), run_time=0.3)


class OffScreen(Scene):
    def construct(self) -> None:
        shape = Circle(radius=3, fill_opacity=0.5).shift(LEFT * 12)
        self.play(shape.animate.shift(RIGHT * 24), run_time=0.8)
        self.play(Arrow(LEFT, RIGHT).animate.scale(8), run_time=0.4)


class Diced(Scene):
    def construct(self) -> None:
        for _ in range(2):
            place = np.array([random.uniform(-3, 3), np.random.uniform(-2, 2), 0])  # noqa: NPY002, S311
            self.play(Create(Circle(radius=0.5).move_to(place)), run_time=0.3)
        dot = Dot().add_updater(lambda mob: mob.set_x(random.random()))  # noqa: S311
        self.add(dot)
        self.play(Create(Square()), run_time=0.3)
        self.play(Create(Triangle().shift(random.random() * RIGHT)), run_time=0.3)  # noqa: S311


class Grouped(Scene):
    def construct(self) -> None:
        pair: Any = VGroup(Square(), Circle(fill_opacity=1)).arrange()
        self.add(pair, Dot(UP * 2))
        self.play(
            AnimationGroup(pair[0].animate.shift(UP), Rotate(pair[1]), Wait(0.2)),
            Create(Star().shift(DOWN), rate_func=there_and_back),
            run_time=0.5,
        )


class ByTheScene(Scene):
    """An updater of the scene's moves what no animation knows of."""

    def construct(self) -> None:
        dot, bystander = Dot(UP), Square()
        self.add(dot, bystander)

        def push(dt: float) -> None:
            bystander.shift(dt * RIGHT)

        self.add_updater(push)
        self.play(dot.animate.shift(DOWN), run_time=0.4)
        self.wait(0.3)


class Backdrop(Scene):
    def construct(self) -> None:
        self.add(Circle(fill_opacity=0.5))
        self.wait(0.2)
        camera: Any = self.camera
        camera.background_color = ManimColor("#203040")
        self.play(Create(Square()), run_time=0.3)


class Framed(Scene):
    """It shows another part of the world, as scenes do that are not 16:9."""

    def __init__(self, **options: Any) -> None:
        config.frame_width, config.frame_height = 8, 4.5
        super().__init__(**options)

    def construct(self) -> None:
        self.add(Circle(radius=2))
        self.play(Create(Square()), run_time=0.3)


class Zooming(MovingCameraScene):
    def construct(self) -> None:
        camera: Any = self.camera
        self.add(Square(), Circle())
        self.play(camera.frame.animate.scale(0.5).shift(RIGHT), run_time=0.4)
        self.wait(0.2)


class InSpace(ThreeDScene):
    def construct(self) -> None:
        self.set_camera_orientation(phi=1, theta=0.5)
        self.add(Dot3D(radius=0.5, resolution=(4, 4)))
        self.play(Create(Square()), run_time=0.3)


class Fixed(ThreeDScene):
    """Some of it keeps its place in the picture, or its orientation, while the camera turns."""

    def construct(self) -> None:
        self.set_camera_orientation(phi=1, theta=0.5)
        self.add_fixed_in_frame_mobjects(Square(color=RED).shift(LEFT * 4))
        self.add_fixed_orientation_mobjects(Circle().shift(RIGHT))
        self.begin_ambient_camera_rotation(rate=1)
        self.wait(0.3)
        self.stop_ambient_camera_rotation()  # type: ignore[no-untyped-call]
        self.move_camera(phi=0.2, run_time=0.2)


class Magnified(ZoomedScene):
    def construct(self) -> None:
        dot = Dot()
        self.add(dot, Square())
        self.activate_zooming()
        self.play(dot.animate.shift(LEFT * 0.3), run_time=0.3)


class Sheared(LinearTransformationScene):
    def __init__(self, **options: Any) -> None:
        super().__init__(show_coordinates=False, **options)

    def construct(self) -> None:
        self.apply_matrix([[1, 1], [0, 1]], run_time=0.3)


class Turned(Scene):
    """manim heeds what is set before there is something to see, and nothing after that."""

    def construct(self) -> None:
        camera: Any = self.camera
        self.wait(0.2)
        camera.frame_width, camera.frame_height = 20, 11.25
        circle: Any = Circle()
        self.play(circle.animate.shift(RIGHT), run_time=0.3)
        camera.frame_width, camera.frame_center = 10, UP
        self.play(circle.animate.shift(RIGHT), run_time=0.3)
        camera.cairo_line_width_multiple, camera.use_z_index = 0.05, False
        self.play(circle.animate.set_z_index(-1), FadeIn(Square(fill_opacity=1)), run_time=0.3)


class Repainted(Scene):
    """The background changes between two images, and lets what is behind shine through."""

    def construct(self) -> None:
        camera: Any = self.camera
        shape: Any = Star(fill_opacity=0.5)

        def paint(_: Any, dt: float) -> None:
            camera.background_color = interpolate_color(RED, BLUE, self.time % 1 + dt)

        self.add(shape, VMobject().add_updater(paint))
        self.wait(0.3)
        self.play(shape.animate.shift(RIGHT), run_time=0.3)
        camera.background_opacity = 0.5
        self.wait(0.2)


class Plotted(Scene):
    def construct(self) -> None:
        axes = Axes(x_range=[-3, 3], y_range=[-2, 2], x_length=8, y_length=4)
        graph = axes.plot(np.sin, color=YELLOW)
        area = axes.get_area(graph, x_range=(-1, 1), color=(BLUE, GREEN))
        self.add(axes)
        self.play(Create(graph), FadeIn(area), run_time=0.3)
        at = ValueTracker(-2)
        dot = always_redraw(lambda: Dot(axes.i2gp(at.get_value(), graph)))
        self.add(dot, always_redraw(lambda: axes.get_lines_to_point(dot.get_center())))
        self.play(at.animate.set_value(2), run_time=0.3)


class Unforeseen(Scene):
    """Updaters read the time, and add and remove what no play knows of."""

    def construct(self) -> None:
        dots = [Dot(RIGHT * place) for place in range(4)]

        def change(mobject: Mobject) -> None:
            mobject.move_to(UP * self.renderer.time)
            mobject.set_z_index(int(self.time * 10) % 2)
            self.add(dots[int(self.time * 10) % 4])
            self.remove(dots[int(self.time * 10 + 2) % 4])

        square = Square(fill_opacity=1, color=RED).add_updater(change)
        self.add(square)
        self.wait(0.4)
        self.play(Create(Circle()), run_time=0.3)
        square.suspend_updating()
        self.wait(0.2)


class Recovering(Scene):
    """An exception in the middle of a play, which the scene survives."""

    def construct(self) -> None:
        dot = Dot()

        def fail(mobject: Mobject, dt: float) -> None:
            mobject.shift(dt * RIGHT)
            if mobject.get_x() > 0.15:
                raise LookupError("too far")

        self.add(dot.add_updater(fail))
        with suppress(LookupError):
            self.play(Create(Square()), run_time=0.6)
        dot.clear_updaters()
        self.play(Create(Circle()), run_time=0.3)


class Clouded(Scene):
    def construct(self) -> None:
        self.add(PointCloudDot(radius=1, density=5))
        self.play(Create(Square()), run_time=0.3)
        self.wait(0.2)


COLORS = (RED, GREEN, BLUE)
ZOO: tuple[type[Scene], ...] = (
    *(Standing, Redrawn, Tracked, InTime, Chained, Lagged, Until, Layered, InFront, Pictured),
    *(PicturedLate, Graded, Dashed, SeeThrough, Sectioned, Morphed, Matched, Written, Shuffled),
    *(AlongAPath, Recolored, SharpCorners, OffScreen, Diced, Grouped, ByTheScene, Backdrop),
    *(Zooming, InSpace, Clouded, Photographed, Framed, Fixed, Magnified, Sheared, Turned),
    *(Repainted, Plotted, Unforeseen, Recovering, PixelByPixel, Translucent, Outside),
)
