"""Characters that are not ASCII and can be drawn, and some that have nothing to draw."""

from __future__ import annotations

from manim import BLUE, DOWN, UP, FadeIn, MarkupText, Rectangle, Scene, Text


class Scripts(Scene):
    """Greek, Cyrillic, arrows, a box that is meant, and marks that combine."""

    def construct(self) -> None:
        self.add(Rectangle(width=11, height=6, color=BLUE))
        words = Text("Δημος, слово", font_size=60).shift(1.5 * UP)
        self.play(FadeIn(words), run_time=0.5)
        marks = Text("e\N{COMBINING ACUTE ACCENT} → ✓ □", font_size=60)
        self.play(FadeIn(marks), run_time=0.5)
        lines = MarkupText("<u>under</u> <s>through</s> &#169;", font_size=60).shift(1.5 * DOWN)
        self.play(FadeIn(lines), run_time=0.5)
        self.wait(0.5)


class Invisible(Scene):
    """Joiners, a soft hyphen, spaces without a break and of no width."""

    def construct(self) -> None:
        self.add(Rectangle(width=11, height=6, color=BLUE))
        joined = Text("soft\N{SOFT HYPHEN}ly \N{ZERO WIDTH SPACE}bro\N{ZERO WIDTH JOINER}ken")
        self.play(FadeIn(joined.scale(1.5).shift(UP)), run_time=0.5)
        spaced = Text("10\N{NO-BREAK SPACE}000\N{WORD JOINER} \N{LEFT-TO-RIGHT MARK}pages")
        self.play(FadeIn(spaced.scale(1.5).shift(DOWN)), run_time=0.5)
        self.wait(0.5)
