"""Texts over each other, or half below something."""

from __future__ import annotations

from manim import BLUE, BLUE_E, DOWN, LEFT, RIGHT, UP, FadeIn, Rectangle, Scene, Text, VGroup


class TwoLabels(Scene):
    """A second label is put where the first one stands."""

    def construct(self) -> None:
        self.add(Rectangle(width=11, height=6, color=BLUE))
        first = Text("first label", font_size=60)
        self.add(first)
        self.wait(0.5)
        second = Text("second one", font_size=60).shift(1.5 * RIGHT + 0.2 * DOWN)
        self.play(FadeIn(second), run_time=0.5)  # expect: text-overlap
        self.wait(0.5)


class TightRow(Scene):
    """A name in a row grows until it runs into its neighbour."""

    def construct(self) -> None:
        names = VGroup(*(Text(name, font_size=48) for name in ("January", "February", "March")))
        names.arrange(RIGHT, buff=0.3)
        names[2].shift(1.2 * RIGHT)
        self.add(Rectangle(width=11, height=6, color=BLUE), names)
        self.wait(0.5)
        self.play(names[1].animate.scale(1.6), run_time=0.5)  # expect: text-overlap
        self.wait(0.5)


class HalfCovered(Scene):
    """An opaque plate without an outline hides the right half of a text."""

    def construct(self) -> None:
        word = Text("half hidden", font_size=72)
        self.add(Rectangle(width=11, height=6, color=BLUE), word)
        self.wait(0.5)
        plate = Rectangle(width=3, height=2, fill_color=BLUE_E, fill_opacity=1, stroke_width=0)
        plate.next_to(word.get_center(), RIGHT, buff=0)
        self.play(FadeIn(plate), run_time=0.5)  # expect: text-overlap
        self.wait(0.5)


class ForgottenText(Scene):
    """The new value is written over the old one, which nobody took away."""

    def construct(self) -> None:
        label = Text("free:", font_size=60).shift(2 * LEFT + UP)
        self.add(Rectangle(width=11, height=6, color=BLUE), label)
        self.add(Text("1111", font_size=60).next_to(label, RIGHT))
        self.wait(0.5)
        value = Text("0111", font_size=60).next_to(label, RIGHT)
        self.play(FadeIn(value), run_time=0.5)  # expect: text-overlap
        self.wait(0.5)
