"""Lines through texts."""

from __future__ import annotations

import numpy as np
from manim import (
    BLUE,
    BLUE_E,
    DOWN,
    LEFT,
    RED,
    RIGHT,
    TAU,
    UP,
    YELLOW,
    Arc,
    Arrow,
    Create,
    FadeIn,
    FunctionGraph,
    GrowArrow,
    Line,
    Rectangle,
    Scene,
    Square,
    Text,
    VGroup,
)


class ArrowThroughLabel(Scene):
    """An arrow between two squares runs through the label between them."""

    def construct(self) -> None:
        squares = VGroup(Square(2, color=BLUE), Square(2, color=BLUE)).arrange(RIGHT, buff=6)
        title = Text("one heading", font_size=60).to_edge(UP, buff=0.6)
        self.add(squares, title, Text("label", font_size=60))
        self.add(Text("and a note", font_size=60).to_edge(DOWN, buff=0.6))
        self.wait(0.5)
        arrow = Arrow(squares[0].get_right(), squares[1].get_left(), buff=0, color=YELLOW)
        self.play(GrowArrow(arrow), run_time=0.5)  # expect: line-through-text
        self.wait(0.5)


class CurveThroughLabel(Scene):
    """A curve runs through a text."""

    def construct(self) -> None:
        curve = FunctionGraph(lambda x: float(2.5 * np.sin(x)), x_range=(-6, 6), color=BLUE)
        self.play(Create(curve), run_time=0.5)
        name = Text("sine", font_size=60).move_to((np.pi, 0, 0))
        self.play(FadeIn(name), run_time=0.5)  # expect: line-through-text
        self.wait(0.5)


class SticksOut(Scene):
    """A text is wider than its box: the box's outline crosses it."""

    def construct(self) -> None:
        self.add(Text("a heading over the box", font_size=60).to_edge(UP, buff=0.6))
        box = Rectangle(width=5, height=2, color=BLUE)
        self.add(box, Text("a foot note", font_size=60).to_edge(DOWN, buff=0.6))
        self.wait(0.5)
        word = Text("wider than its box", font_size=60)
        self.play(FadeIn(word), run_time=0.5)  # expect: line-through-text
        self.wait(0.5)


class MovedIntoLine(Scene):
    """A text is moved until a line crosses a few of its letters."""

    def construct(self) -> None:
        line = Arrow(5 * LEFT + 3 * DOWN, 5 * RIGHT + 3 * UP, color=BLUE)
        word = Text("moving", font_size=60).move_to(4 * LEFT + 2 * UP)
        self.add(line, word)
        self.wait(0.5)
        self.play(word.animate.move_to(1.2 * RIGHT + UP), run_time=0.5)  # expect: line-through-text
        self.wait(0.5)


class CrossedAgain(Scene):
    """A text is crossed, then again by another line; then another text with the same words."""

    def construct(self) -> None:
        box = Rectangle(width=12, height=6.5, color=BLUE)
        words = VGroup(*(Text("twice", font_size=60).shift(1.5 * side) for side in (UP, DOWN)))
        self.add(box, words)
        self.wait(0.5)
        flat = Line(2.5 * LEFT, 2.5 * RIGHT, color=YELLOW).shift(1.5 * UP)
        self.play(Create(flat), run_time=0.5)  # expect: line-through-text
        self.wait(0.5)
        steep = Line(UP, DOWN, color=YELLOW).move_to(words[0]).shift(0.2 * RIGHT)
        self.play(Create(steep), run_time=0.5)  # expect: line-through-text
        self.wait(0.5)
        arrow = Arrow(3 * LEFT, 3 * RIGHT, color=YELLOW).shift(1.5 * DOWN)
        self.play(GrowArrow(arrow), run_time=0.5)  # expect: line-through-text
        self.wait(0.5)


class BarOverTop(Scene):
    """The middle of a thick line is above the letters, but it covers half of them."""

    def construct(self) -> None:
        words = Text("HEADING", font_size=80)
        self.add(Rectangle(width=12, height=6.5, color=BLUE), words)
        self.wait(0.5)
        bar = Line(4 * LEFT, 4 * RIGHT, stroke_width=60, color=RED).next_to(words, UP, buff=0)
        self.play(Create(bar), run_time=0.5)  # expect: line-through-text
        self.wait(0.5)


class BarBehindTop(Scene):
    """The same behind the letters: its edge cuts them."""

    def construct(self) -> None:
        words = Text("HEADING", font_size=80)
        bar = Line(4 * LEFT, 4 * RIGHT, stroke_width=60, color=BLUE_E).next_to(words, UP, buff=0)
        self.add(Rectangle(width=12, height=6.5, color=BLUE), bar, words)
        self.wait(0.5)  # expect: line-through-text


class RingTooTight(Scene):
    """The number in a ring reaches into its width."""

    def construct(self) -> None:
        ring = Arc(1.2, angle=TAU, stroke_width=60, color=BLUE)
        self.add(Rectangle(width=12, height=6.5, color=BLUE), ring)
        self.wait(0.5)
        self.play(FadeIn(Text("75 %", font_size=60)), run_time=0.5)  # expect: line-through-text
        self.wait(0.5)
