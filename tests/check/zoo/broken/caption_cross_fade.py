"""Captions that fade into each other."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    UP,
    AnimationGroup,
    FadeIn,
    FadeOut,
    FadeTransform,
    Rectangle,
    Scene,
    Text,
)


def captions() -> tuple[Text, Text]:
    first = Text("The pool has eight frames.", font_size=52).to_edge(DOWN, buff=0.8)
    return first, Text("Three of them are taken.", font_size=52).to_edge(DOWN, buff=0.8)


class OutAndIn(Scene):
    """One caption fades out while the next fades in at its place."""

    def construct(self) -> None:
        first, second = captions()
        self.add(Rectangle(width=11, height=4, color=BLUE).shift(UP), first)
        self.wait(1)
        self.play(FadeOut(first), FadeIn(second), run_time=0.6)  # expect: caption-cross-fade
        self.wait(1)


class Dissolve(Scene):
    """One caption dissolves into the next."""

    def construct(self) -> None:
        first, second = captions()
        self.add(Rectangle(width=11, height=4, color=BLUE).shift(UP), first)
        self.wait(1)
        self.play(FadeTransform(first, second), run_time=0.6)  # expect: caption-cross-fade
        self.wait(1)


class Overlapping(Scene):
    """The next caption starts before the one before is gone, within one group."""

    def construct(self) -> None:
        first, second = captions()
        self.add(Rectangle(width=11, height=4, color=BLUE).shift(UP), first)
        self.wait(1)
        change = AnimationGroup(FadeOut(first), FadeIn(second), lag_ratio=0.4)
        self.play(change, run_time=1)  # expect: caption-cross-fade
        self.wait(1)
