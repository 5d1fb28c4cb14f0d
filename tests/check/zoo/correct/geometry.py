"""Figures of geometry: lines in shapes that they end at, and shapes that share edges."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    GREEN,
    LEFT,
    PI,
    RIGHT,
    UP,
    YELLOW,
    AnnularSector,
    Axes,
    Circle,
    Create,
    Dot,
    FadeIn,
    Line,
    Polygon,
    Scene,
    Text,
    VGroup,
)


class CircleAndTriangle(Scene):
    """A radius, a chord, a median: each ends where a shape's edge or corner is."""

    def construct(self) -> None:
        circle = Circle(radius=2.4, color=BLUE).move_to(3.3 * LEFT)
        centre = circle.get_center()
        radius = Line(centre, circle.point_at_angle(0), color=YELLOW)
        chord = Line(circle.point_at_angle(0.7 * PI), circle.point_at_angle(1.8 * PI), color=GREEN)
        chord.put_start_and_end_on(
            circle.point_at_angle(1.15 * PI), circle.point_at_angle(1.85 * PI)
        )
        self.play(Create(circle), run_time=0.5)
        self.play(Create(radius), Create(chord), FadeIn(Dot(centre)), run_time=0.5)
        r = Text("r", font_size=44).next_to(radius, UP, buff=0.15)
        c = Text("chord", font_size=36).next_to(chord, UP, buff=0.15)
        self.play(FadeIn(r, c), run_time=0.4)
        corners = ((0.8, -2.4, 0), (6, -2.4, 0), (4.6, 2.4, 0))
        triangle = Polygon(*corners, color=GREEN)
        foot = Line(corners[0], corners[1]).get_center()
        median = Line(corners[2], foot, color=YELLOW)
        self.play(Create(triangle), run_time=0.5)
        self.play(Create(median), run_time=0.4)
        names = VGroup(
            Text("A", font_size=40).next_to(corners[0], DOWN, buff=0.2),
            Text("B", font_size=40).next_to(corners[1], DOWN, buff=0.2),
            Text("C", font_size=40).next_to(corners[2], UP, buff=0.2),
        )
        self.play(FadeIn(names), run_time=0.4)
        self.wait(0.4)


class SumOfRectangles(Scene):
    """A curve over rectangles that touch each other and the curve by a corner; a ring of parts."""

    def construct(self) -> None:
        axes = Axes(x_range=[0, 5], y_range=[0, 5], x_length=6.5, y_length=5.5, tips=False)
        axes.to_edge(LEFT, buff=0.8)
        curve = axes.plot(lambda x: 0.5 + 0.17 * x * x, x_range=[0, 5], color=YELLOW)
        bars = axes.get_riemann_rectangles(curve, x_range=[0, 5], dx=0.5, input_sample_type="left")
        self.play(Create(axes), run_time=0.5)
        self.play(FadeIn(bars), Create(curve), run_time=0.6)
        ring = VGroup(
            *(
                AnnularSector(0.9, 1.9, angle=PI / 2, start_angle=i * PI / 2, color=color)
                for i, color in enumerate((BLUE, GREEN, YELLOW, BLUE))
            )
        ).to_edge(RIGHT, buff=1)
        self.play(FadeIn(ring), run_time=0.5)
        name = Text("4 / 4", font_size=48).move_to(ring)
        self.play(FadeIn(name), run_time=0.4)
        self.wait(0.4)


class LinesThroughCircles(Scene):
    """A secant, and the axes of a circle around the origin: lines that cross shapes by nature."""

    def construct(self) -> None:
        axes = Axes(x_range=(-2, 2), y_range=(-2, 2), x_length=5, y_length=5).shift(3 * LEFT)
        unit = Circle(radius=1.25, color=BLUE).move_to(axes.c2p(0, 0))
        self.play(FadeIn(axes, unit), run_time=0.5)
        other = Circle(radius=1.2, color=GREEN).shift(3.5 * RIGHT)
        secant = Line(0.5 * RIGHT + DOWN, 6.5 * RIGHT + UP, color=YELLOW)
        self.play(FadeIn(other), Create(secant), run_time=0.5)
        self.wait(0.4)
