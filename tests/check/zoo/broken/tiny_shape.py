"""Shapes of which nothing is seen but a speck."""

from __future__ import annotations

from manim import (
    BLUE,
    UP,
    YELLOW,
    Circle,
    Dot,
    FadeIn,
    Rectangle,
    Scene,
    Square,
    Text,
    Triangle,
    VGroup,
)


class TwoPixelDot(Scene):
    """A dot of two pixels."""

    def construct(self) -> None:
        self.add(Rectangle(width=11, height=6, color=BLUE))
        self.add(Text("Where is the dot?", font_size=60).shift(2 * UP))
        self.wait(0.5)
        self.play(FadeIn(Dot(radius=1 / 135, color=YELLOW)), run_time=0.5)  # expect: tiny-shape
        self.wait(0.5)


class TinySquare(Scene):
    """One square of a row is a speck."""

    def construct(self) -> None:
        sizes = (1.5, 1.5, 0.02, 1.5, 1.5)
        row = VGroup(*(Square(s, fill_color=BLUE, fill_opacity=1, stroke_width=0) for s in sizes))
        row.arrange(buff=1)
        self.add(Text("five squares", font_size=72).to_edge(UP, buff=0.8))
        self.add(Circle(radius=1, color=YELLOW).shift(2.6 * -UP))
        self.play(FadeIn(row), run_time=0.5)  # expect: tiny-shape
        self.wait(0.5)


class ShrunkToSpeck(Scene):
    """A triangle shrinks, and is left as a speck."""

    def construct(self) -> None:
        triangle = Triangle(color=YELLOW, fill_opacity=1, stroke_width=0)
        self.add(Rectangle(width=11, height=6, color=BLUE), triangle)
        self.wait(0.5)
        self.play(triangle.animate.scale(0.015), run_time=0.5)  # expect: tiny-shape
        self.wait(0.5)
