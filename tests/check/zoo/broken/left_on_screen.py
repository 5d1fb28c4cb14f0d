"""Endings at which something was forgotten."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    UP,
    YELLOW,
    FadeIn,
    FadeOut,
    RoundedRectangle,
    Scene,
    Square,
    Text,
    VGroup,
)


class LabelForgotten(Scene):
    """All but one label fades out."""

    def construct(self) -> None:
        row = VGroup(*(Square(1.8, color=BLUE) for _ in range(5))).arrange(buff=0.4).shift(UP)
        names = VGroup(*(Text(str(i), font_size=48).move_to(box) for i, box in enumerate(row)))
        forgotten = Text("the mask", font_size=52).to_edge(DOWN, buff=1)
        self.play(FadeIn(row, names, forgotten), run_time=0.5)
        self.wait(0.5)
        self.play(FadeOut(row), FadeOut(names), run_time=0.5)  # expect: left-on-screen


class ShapeForgotten(Scene):
    """A small marker stays when everything else has gone, and the video waits a bit."""

    def construct(self) -> None:
        panel = RoundedRectangle(width=11, height=5, color=BLUE)
        words = Text("a whole panel of words", font_size=60)
        title = Text("The title", font_size=60).to_edge(UP, buff=0.4)
        marker = Square(0.5, color=YELLOW).shift(1.5 * DOWN)
        self.add(panel, words, title, marker)
        self.wait(0.5)
        self.play(FadeOut(panel, words, title), run_time=0.5)  # expect: left-on-screen
        self.wait(0.5)
