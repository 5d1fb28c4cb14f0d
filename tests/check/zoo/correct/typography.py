"""Texts of several kinds, sizes and colours."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    GREEN,
    LEFT,
    RIGHT,
    UP,
    YELLOW,
    FadeIn,
    MarkupText,
    Paragraph,
    Scene,
    Text,
    VGroup,
    Write,
)
from manimpango import register_font

from pagereel.assets import require_fonts

for font in require_fonts():
    register_font(str(font))


class Typography(Scene):
    """Gradients, markup, paragraphs, sizes laid out large and scaled down, accents and digits."""

    def construct(self) -> None:
        title = Text("Gradients", font_size=84, gradient=(BLUE, GREEN)).to_edge(UP, buff=0.7)
        self.play(Write(title), run_time=0.5)
        markup = MarkupText(
            f'a <b>bold</b>, <i>slanted</i>, <span fgcolor="{YELLOW}">yellow</span> word',
            font_size=44,
        ).next_to(title, DOWN, buff=0.6)
        self.play(FadeIn(markup), run_time=0.4)
        lines = Paragraph("Two lines that stand", "one below the other", font_size=40)
        lines.next_to(markup, DOWN, buff=0.7).to_edge(LEFT, buff=1)
        serif = Text("Åpfel, façade, 0123", font="Liberation Serif", font_size=48)
        mono = Text("free: 1001", font="Liberation Mono", font_size=120).scale(0.4)
        small = Text("small print", font_size=24)
        right = VGroup(serif, mono, small).arrange(DOWN, buff=0.35, aligned_edge=LEFT)
        right.next_to(lines, RIGHT, buff=1).align_to(lines, UP)
        self.play(FadeIn(lines), FadeIn(right), run_time=0.5)
        spaced = Text("tight\nlines", font_size=44, line_spacing=0.6, t2c={"lines": BLUE.to_hex()})
        spaced.next_to(lines, DOWN, buff=0.5)
        self.play(FadeIn(spaced), run_time=0.4)
        self.wait(0.5)
