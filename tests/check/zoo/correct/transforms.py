"""Texts that turn into other texts."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    LEFT,
    RIGHT,
    UP,
    YELLOW,
    FadeIn,
    FadeOut,
    FadeTransform,
    ReplacementTransform,
    Scene,
    Text,
    Transform,
    TransformMatchingShapes,
    Write,
)


class TextsTransform(Scene):
    """Texts are morphed, swapped and moved; no two captions fade into each other."""

    def construct(self) -> None:
        mask = Text("free: 1111", font_size=60).move_to(3 * LEFT + 2.5 * UP)
        name = Text("the dog", font_size=60).move_to(3.5 * RIGHT + 2.5 * UP)
        sign = Text("B", font_size=96, color=BLUE).move_to(3 * LEFT)
        word = Text("listen", font_size=60).move_to(3.5 * RIGHT)
        self.play(Write(mask), Write(name), FadeIn(sign, word), run_time=0.6)
        self.play(Transform(mask, Text("free: 0011", font_size=60).move_to(mask)), run_time=0.5)
        other = Text("the cat", font_size=60).move_to(name)
        self.play(ReplacementTransform(name, other), run_time=0.5)
        self.play(FadeTransform(sign, Text("C", font_size=96).move_to(sign)), run_time=0.5)
        self.play(
            TransformMatchingShapes(word, Text("silent", font_size=60).move_to(word)),
            run_time=0.6,
        )
        last = Text("one more line", font_size=52, color=YELLOW).to_edge(DOWN, buff=1)
        self.play(FadeIn(last, shift=UP), run_time=0.5)
        self.play(last.animate.set_color(BLUE), run_time=0.4)
        self.play(FadeOut(last, shift=DOWN), run_time=0.4)
        self.play(Write(Text("and another", font_size=52).to_edge(DOWN, buff=1)), run_time=0.5)
        self.wait(0.5)
