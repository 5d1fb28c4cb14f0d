"""Braces with their labels."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    GREEN,
    LEFT,
    RIGHT,
    UP,
    YELLOW,
    BraceBetweenPoints,
    BraceText,
    FadeIn,
    GrowFromCenter,
    Rectangle,
    Scene,
    Text,
    VGroup,
    Write,
)


class Braces(Scene):
    """Braces above, below and beside bars, each with a label at its tip."""

    def construct(self) -> None:
        first = Rectangle(width=3.4, height=1, color=BLUE, fill_opacity=0.3)
        second = Rectangle(width=5, height=1, color=GREEN, fill_opacity=0.3)
        bars = VGroup(first, second).arrange(RIGHT, buff=0).shift(0.6 * UP + 0.7 * RIGHT)
        below = BraceText(first, "prompt", brace_direction=DOWN, font_size=40)
        above = BraceText(second, "generated", brace_direction=UP, font_size=40)
        self.play(FadeIn(bars), run_time=0.4)
        self.play(GrowFromCenter(below.brace), FadeIn(below.label), run_time=0.5)
        self.play(GrowFromCenter(above.brace), Write(above.label), run_time=0.5)
        beside = BraceBetweenPoints(
            first.get_corner(UP + LEFT), first.get_corner(DOWN + LEFT), color=YELLOW
        )
        height = Text("1 row", font_size=36).next_to(beside, LEFT)
        whole = BraceBetweenPoints(
            bars.get_corner(DOWN + LEFT) + 1.6 * DOWN, bars.get_corner(DOWN + RIGHT) + 1.6 * DOWN
        )
        total = Text("10 page frames", font_size=40).next_to(whole, DOWN)
        self.play(FadeIn(beside, height, whole, total), run_time=0.5)
        self.wait(0.5)
