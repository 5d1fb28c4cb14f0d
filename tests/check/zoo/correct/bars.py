"""Thick lines that texts stand on, or beside."""

from __future__ import annotations

from manim import (
    BLUE,
    BLUE_E,
    DOWN,
    LEFT,
    PI,
    RIGHT,
    UP,
    YELLOW,
    Arc,
    FadeIn,
    Line,
    Rectangle,
    Scene,
    SurroundingRectangle,
    Text,
    Underline,
)


class Marked(Scene):
    """A word on a marker, one in a thick frame, and one above a thick line."""

    def construct(self) -> None:
        self.add(Rectangle(width=12, height=6.5, color=BLUE))
        word = Text("marked words", font_size=60).shift(2 * UP)
        marker = Line(word.get_left(), word.get_right(), stroke_width=90, color=BLUE_E)
        self.play(FadeIn(marker, word), run_time=0.5)
        framed = Text("in a frame", font_size=60)
        frame = SurroundingRectangle(framed, color=YELLOW, buff=0.2, stroke_width=16)
        self.play(FadeIn(framed, frame), run_time=0.5)
        lined = Text("above a line", font_size=60).shift(2 * DOWN)
        line = Underline(lined, color=YELLOW, buff=0.25, stroke_width=20)
        self.play(FadeIn(lined, line), run_time=0.5)
        self.wait(0.5)


class Gauge(Scene):
    """A number within a thick arc, and a label at its end."""

    def construct(self) -> None:
        self.add(Rectangle(width=12, height=6.5, color=BLUE))
        arc = Arc(2.2, start_angle=PI, angle=-0.7 * PI, stroke_width=60, color=YELLOW)
        self.add(arc.shift(DOWN))
        self.wait(0.5)
        number = Text("70 %", font_size=72).shift(0.5 * DOWN)
        label = Text("full", font_size=48).next_to(arc.get_end(), DOWN + RIGHT, buff=0.3)
        self.play(FadeIn(number, label), run_time=0.5)
        self.play(number.animate.shift(0.1 * LEFT), run_time=0.5)
        self.wait(0.5)
