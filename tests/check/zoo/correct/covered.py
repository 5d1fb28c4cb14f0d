"""Texts that are hidden for a while, or wait outside of the picture."""

from __future__ import annotations

from manim import (
    BLACK,
    BLUE_E,
    DOWN,
    LEFT,
    RIGHT,
    UP,
    FadeIn,
    FadeOut,
    Rectangle,
    Scene,
    Text,
)


class CoveredAndUncovered(Scene):
    """A plate slides off a text, partly covering it only as it moves."""

    def construct(self) -> None:
        answer = Text("the answer", font_size=72).shift(1.5 * UP)
        plate = Rectangle(width=11, height=2, fill_color=BLUE_E, fill_opacity=1).move_to(answer)
        question = Text("a question", font_size=60, color="#FFFFFF").shift(2 * DOWN)
        self.add(answer, plate)
        self.play(FadeIn(question), run_time=0.4)
        self.play(plate.animate.shift(14 * RIGHT), run_time=0.6)
        self.wait(0.5)
        shutter = Rectangle(width=15, height=2, fill_color=BLACK, fill_opacity=1, stroke_width=0)
        shutter.move_to(question).shift(15 * LEFT)
        self.play(shutter.animate.move_to(question), run_time=0.6)
        self.wait(0.4)
        self.play(FadeOut(shutter), run_time=0.4)
        self.wait(0.4)


class ParkedOutside(Scene):
    """A text waits off screen, comes in, and leaves at the other side."""

    def construct(self) -> None:
        banner = Text("passing through", font_size=72).shift(16 * LEFT)
        frame = Rectangle(width=11, height=5, color=BLUE_E)
        self.add(banner)
        self.play(FadeIn(frame), run_time=0.4)
        self.play(banner.animate.center(), run_time=0.6)
        self.wait(0.5)
        self.play(banner.animate.shift(16 * RIGHT), run_time=0.6)
        self.wait(0.4)
