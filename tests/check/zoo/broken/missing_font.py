"""Fonts that are not there."""

from __future__ import annotations

from manim import BLUE, DOWN, UP, FadeIn, MarkupText, Rectangle, Scene, Text


class NoSuchFont(Scene):
    """A text in a font that is not installed."""

    def construct(self) -> None:
        self.add(Rectangle(width=11, height=4, color=BLUE).shift(0.5 * DOWN))
        self.add(Text("The usual font", font_size=60).to_edge(UP, buff=0.6))
        self.wait(0.5)
        word = Text("Another font", font="No Such Font 123", font_size=60).shift(0.5 * DOWN)
        self.play(FadeIn(word), run_time=0.5)  # expect: missing-font
        self.wait(0.5)


class NoSuchFontInMarkup(Scene):
    """A marked-up text in a font that is not installed."""

    def construct(self) -> None:
        self.add(Rectangle(width=11, height=6, color=BLUE))
        word = MarkupText("a <b>bold</b> word", font="No Such Font 123", font_size=60)
        self.play(FadeIn(word), run_time=0.5)  # expect: missing-font
        self.wait(0.5)


class NoSuchFontInPart(Scene):
    """One word of a text is in a font that is not installed."""

    def construct(self) -> None:
        self.add(Rectangle(width=11, height=6, color=BLUE))
        word = Text("one odd word", font_size=60, t2f={"odd": "No Such Font 123"})
        self.play(FadeIn(word), run_time=0.5)  # expect: missing-font
        self.wait(0.5)
