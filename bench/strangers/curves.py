"""Curves, axes and charts, some of which move all the time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    LEFT,
    ORIGIN,
    RED,
    RIGHT,
    TAU,
    TEAL,
    UP,
    WHITE,
    YELLOW,
    ArrowVectorField,
    Axes,
    BarChart,
    Circle,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    Line,
    Mobject,
    MoveAlongPath,
    NumberPlane,
    ParametricFunction,
    Scene,
    StreamLines,
    Text,
    TracedPath,
    UpdateFromAlphaFunc,
    ValueTracker,
    VGroup,
    VMobject,
    Write,
    always_redraw,
    linear,
)


def lorenz(start: tuple[float, float, float], steps: int) -> np.ndarray:
    """Return points of the Lorenz attractor, shape (steps, 3), seen from the side."""
    points = np.empty((steps, 3))
    x, y, z = start
    for index in range(steps):
        points[index] = x / 5, z / 7.5 - 3.3, 0
        dx, dy, dz = 10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z
        x, y, z = x + dx * 0.008, y + dy * 0.008, z + dz * 0.008
    return points


class LorenzCurves(Scene):
    """Three curves that grow for eight seconds."""

    def construct(self) -> None:
        curves = VGroup()
        for offset, color in ((0.0, BLUE), (0.01, TEAL), (0.02, YELLOW)):
            curve = VMobject(stroke_color=color, stroke_width=2)
            curves.add(curve.set_points_smoothly(lorenz((10 + offset, 10, 10), 900)))
        self.play(*(Create(curve) for curve in curves), run_time=8, rate_func=linear)
        self.wait()


class TracedSpiral(Scene):
    """A dot on an arm on an arm leaves a trace behind."""

    def construct(self) -> None:
        turn = ValueTracker(0)

        def place(dot: Mobject) -> None:
            t = turn.get_value()
            dot.move_to(2 * np.array([np.cos(t), np.sin(t), 0]))
            dot.shift(1.2 * np.array([np.cos(5 * t), np.sin(7 * t), 0]))

        dot = Dot(color=RED)
        place(dot)
        dot.add_updater(place)
        self.add(dot, TracedPath(dot.get_center, stroke_color=YELLOW, stroke_width=3))
        self.play(turn.animate.set_value(TAU), run_time=7, rate_func=linear)
        self.wait()


class SineOnAxes(Scene):
    """Axes, two graphs, and a dot that follows one of them."""

    def construct(self) -> None:
        axes = Axes(x_range=(0, 10), y_range=(-1.5, 1.5), x_length=11, y_length=5)
        sine = axes.plot(np.sin, color=BLUE)
        damped = axes.plot(lambda x: np.exp(-x / 4) * np.cos(2 * x), color=RED)
        self.play(Create(axes))
        self.play(Create(sine), run_time=2)
        self.play(Create(damped), run_time=2)
        self.play(MoveAlongPath(Dot(color=YELLOW), sine), run_time=2)
        self.wait()


class RiemannAreas(Scene):
    """Rectangles below a parabola, finer and finer."""

    def construct(self) -> None:
        axes = Axes(x_range=(0, 5), y_range=(0, 6), x_length=9, y_length=5.5)
        graph = axes.plot(lambda x: x**2 / 4, x_range=(0, 4.8), color=YELLOW)
        self.play(Create(axes), Create(graph))
        areas = [
            axes.get_riemann_rectangles(graph, x_range=(0.5, 4.5), dx=dx, stroke_width=0.5)
            for dx in (1, 0.5, 0.25, 0.125, 0.0625)
        ]
        self.play(FadeIn(areas[0]))
        for before, after in pairwise(areas):
            self.play(FadeOut(before), FadeIn(after))
        self.wait()


class FourierArms(Scene):
    """Circles upon circles draw a square wave, computed anew for each image."""

    def construct(self) -> None:
        time = ValueTracker(0)
        orders = (1, 3, 5, 7, 9)

        def arms() -> VGroup:
            at, parts = LEFT * 4, VGroup()
            for order in orders:
                angle = order * time.get_value()
                radius = 1.4 / order
                tip = at + radius * np.array([np.cos(angle), np.sin(angle), 0])
                parts.add(Circle(radius, BLUE, stroke_width=2).move_to(at), Line(at, tip))
                at = tip
            return parts.add(Dot(at, color=YELLOW), Line(at, at[1] * UP, stroke_width=1))

        def wave() -> ParametricFunction:
            now = time.get_value()
            return ParametricFunction(
                lambda s: np.array(
                    [s, sum(1.4 / each * np.sin(each * (now - s)) for each in orders), 0]
                ),
                t_range=(0, 6, 0.05),
                color=YELLOW,
            )

        self.add(always_redraw(arms), always_redraw(wave))
        self.play(time.animate.set_value(TAU), run_time=6, rate_func=linear)


class VectorField(Scene):
    """Arrows on a plane, and a dot that drifts along them."""

    def construct(self) -> None:
        field = ArrowVectorField(lambda p: np.array([p[1], -p[0], 0]) / 2, x_range=[-6, 6, 1])
        self.add(NumberPlane(background_line_style={"stroke_opacity": 0.3}))
        self.play(Create(field), run_time=2)
        dot = Dot(2 * RIGHT, color=YELLOW)
        self.add(dot)
        dot.add_updater(field.get_nudge_updater())
        self.wait(3)
        dot.clear_updaters()
        self.wait()


class Streams(Scene):
    """Lines that stream through a field."""

    def construct(self) -> None:
        lines = StreamLines(
            lambda p: np.array([np.cos(p[1]), np.sin(p[0]), 0]),
            x_range=[-5, 5, 0.8],
            y_range=[-3, 3, 0.8],
            stroke_width=2,
            max_anchors_per_line=20,
        )
        self.add(lines)
        lines.start_animation(warm_up=False, flow_speed=1.5)
        self.wait(3)


class BarsOfYears(Scene):
    """Bars that change from year to year, with a title."""

    def construct(self) -> None:
        values = np.random.default_rng(7).uniform(1, 9, (5, 6))
        chart = BarChart(
            values[0].tolist(),
            y_range=[0, 10, 2],
            x_length=10,
            y_length=5,
            y_axis_config={"include_numbers": False},  # they would need LaTeX
        ).to_edge(DOWN)
        title = Text("Rainfall by district").scale(0.7).to_edge(UP)
        self.play(Write(title), FadeIn(chart))
        for year in values[1:]:
            self.play(chart.animate.change_bar_values(year.tolist()))
            self.wait(0.5)
        self.play(FadeOut(chart, title))


class WaveOfDots(Scene):
    """Three hundred dots that an updater moves up and down."""

    def construct(self) -> None:
        dots = VGroup(*(Dot(x * RIGHT + y * UP, 0.05) for x in range(-6, 7) for y in range(-3, 4)))
        dots.set_color_by_gradient(BLUE, GREEN, WHITE)
        homes = [dot.get_center() for dot in dots]

        def swing(group: Mobject, alpha: float) -> None:
            for dot, home in zip(group, homes, strict=True):
                phase = home[0] + home[1] / 2 + alpha * 2 * TAU
                dot.move_to(home + 0.3 * np.sin(phase) * UP + ORIGIN)

        self.play(FadeIn(dots))
        self.play(UpdateFromAlphaFunc(dots, swing), run_time=5, rate_func=linear)
        self.wait()
