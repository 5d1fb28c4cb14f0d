"""Things that are gone before they are seen."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    YELLOW,
    Create,
    FadeIn,
    FadeOut,
    Scene,
    Square,
    Succession,
    SurroundingRectangle,
    Text,
    VGroup,
)


def boxes() -> VGroup:
    return VGroup(*(Square(2.4, color=BLUE) for _ in range(6))).arrange_in_grid(2, 3, buff=0.5)


class Popped(Scene):
    """A frame around a box is created and taken away within a tenth of a second."""

    def construct(self) -> None:
        grid = boxes()
        self.add(grid)
        self.wait(0.5)
        frame = SurroundingRectangle(grid[1], color=YELLOW)
        self.play(Create(frame), run_time=0.05)  # expect: too-short
        self.play(FadeOut(frame), run_time=0.04)
        self.wait(0.5)


class WithinOnePlay(Scene):
    """A frame comes and goes in one succession."""

    def construct(self) -> None:
        grid = boxes()
        self.add(grid)
        self.wait(0.5)
        frame = SurroundingRectangle(grid[4], color=YELLOW)
        blink = Succession(FadeIn(frame, run_time=0.1), FadeOut(frame, run_time=0.1))
        self.play(blink)  # expect: too-short
        self.wait(0.5)


class AddedAndRemoved(Scene):
    """A word is added, and removed after a tenth of a second."""

    def construct(self) -> None:
        self.add(boxes())
        self.wait(0.5)
        word = Text("now you see me", font_size=60).to_edge(DOWN, buff=0.4)
        self.add(word)
        self.wait(0.1)  # expect: too-short
        self.remove(word)
        self.wait(0.5)
