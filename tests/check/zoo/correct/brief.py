"""What is brief, but long enough, or what is only another look of what stands there."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    UP,
    YELLOW,
    Create,
    FadeIn,
    FadeOut,
    Rectangle,
    ReplacementTransform,
    Scene,
    SurroundingRectangle,
    Text,
)


class JustLongEnough(Scene):
    """A box that comes and goes within exactly as long as it has to stand."""

    def construct(self) -> None:
        word = Text("look here", font_size=80)
        self.add(Rectangle(width=11, height=6, color=BLUE), word)
        self.wait(0.5)
        box = SurroundingRectangle(word, buff=0.3, color=YELLOW)
        self.play(Create(box), run_time=0.15)
        self.play(FadeOut(box), run_time=0.15)
        self.wait(0.5)


class Hurried(Scene):
    """A box comes and goes while the scene says that what it shows need not be seen."""

    def construct(self) -> None:
        word = Text("look here", font_size=80)
        self.add(Rectangle(width=11, height=6, color=BLUE), word)
        self.wait(0.5)
        self.hurries = True
        box = SurroundingRectangle(word, buff=0.3, color=YELLOW)
        self.play(Create(box), run_time=0.1)
        self.play(FadeOut(box), run_time=0.1)
        self.hurries = False
        self.wait(0.5)


class HandedOver(Scene):
    """A number that is soon replaced by the next one at its place, and one that soon goes then."""

    def construct(self) -> None:
        self.add(Rectangle(width=11, height=6, color=BLUE))
        first, second, third = (Text(text, font_size=120) for text in ("8", "6", "5"))
        self.play(FadeIn(first), run_time=0.1)
        self.play(ReplacementTransform(first, second), run_time=0.1)
        self.wait(0.5)
        self.play(ReplacementTransform(second, third), run_time=0.1)
        self.play(FadeOut(third), run_time=0.1)
        self.wait(0.5)


class Twice(Scene):
    """A text exactly upon its copy looks like one; words far apart leave room for a line."""

    def construct(self) -> None:
        word = Text("the same", font_size=80).to_edge(UP, buff=0.8)
        apart = Text("left             right", font_size=72).to_edge(DOWN, buff=0.8)
        self.play(FadeIn(word, apart), run_time=0.5)
        self.play(FadeIn(word.copy()), run_time=0.5)
        divider = Rectangle(width=0.5, height=4, color=BLUE).move_to(apart, DOWN).shift(0.2 * DOWN)
        self.play(FadeIn(divider), run_time=0.5)
        self.wait(0.4)
