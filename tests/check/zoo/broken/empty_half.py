"""Pictures of which a large part is never used."""

from __future__ import annotations

from manim import (
    BLACK,
    BLUE,
    DOWN,
    LEFT,
    RIGHT,
    WHITE,
    FadeIn,
    FullScreenRectangle,
    Scene,
    Square,
    Text,
    VGroup,
)


class AllAtTheLeft(Scene):
    """Everything stands at the left: half of the width stays empty."""

    def construct(self) -> None:
        column = VGroup(*(Square(1.6, color=BLUE) for _ in range(3))).arrange(DOWN, buff=0.4)
        column.to_edge(LEFT, buff=0.8)
        names = VGroup(
            *(
                Text(name, font_size=40).move_to(box)
                for name, box in zip("ABC", column, strict=True)
            )
        )
        self.play(FadeIn(column, names), run_time=0.5)  # expect: empty-half
        self.wait(0.5)


class FlatRow(Scene):
    """One row across the picture: most of the height stays empty."""

    def construct(self) -> None:
        row = VGroup(*(Square(1.4, color=BLUE) for _ in range(6))).arrange(RIGHT, buff=0.5)
        self.play(FadeIn(row), run_time=0.5)  # expect: empty-half
        self.wait(0.5)


class NeverTogether(Scene):
    """The left and the right part are used one after the other, never both."""

    def construct(self) -> None:
        block = Square(4.6, color=BLUE).to_edge(LEFT, buff=1)
        word = Text("here", font_size=60).move_to(block)
        self.add(block, word)
        self.wait(0.5)
        both = VGroup(block, word)
        self.play(both.animate.scale(1.2).to_edge(RIGHT), run_time=0.6)  # expect: empty-half
        self.wait(0.5)


class OnAnEvenBackground(Scene):
    """A sheet behind everything is no content."""

    def construct(self) -> None:
        sheet = FullScreenRectangle(fill_color=WHITE, fill_opacity=1, stroke_width=0)
        self.add(sheet)
        word = Text("small", font_size=60, color=BLACK)
        self.play(FadeIn(word), run_time=0.5)  # expect: empty-half
        self.wait(0.5)
