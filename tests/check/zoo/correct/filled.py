"""Text on filled shapes, light on dark and dark on light."""

from __future__ import annotations

from manim import (
    BLACK,
    BLUE_E,
    DOWN,
    GREEN_A,
    PURPLE_E,
    RIGHT,
    TEAL_A,
    UP,
    WHITE,
    YELLOW,
    Circle,
    FadeIn,
    Rectangle,
    Scene,
    Square,
    Text,
    Triangle,
    VGroup,
)


class TextOnFilledShapes(Scene):
    """Each text stands out from its shape's own filling, also after a change of both."""

    def construct(self) -> None:
        rows = VGroup()
        pairs = ((BLUE_E, WHITE), (YELLOW, BLACK), (PURPLE_E, WHITE), (GREEN_A, BLACK))
        for paper, ink in pairs:
            plate = Rectangle(
                width=2.7, height=1.8, fill_color=paper, fill_opacity=1, stroke_width=0
            )
            rows.add(VGroup(plate, Text("Text", font_size=48, color=ink).move_to(plate)))
        rows.arrange(RIGHT, buff=0.3).to_edge(UP, buff=0.8)
        disc = Circle(radius=1.2, fill_color=TEAL_A, fill_opacity=1, stroke_width=6)
        inner = Text("disc", font_size=44, color=BLACK).move_to(disc)
        tile = Square(2.4, fill_color=WHITE, fill_opacity=0.12)
        faint = Text("glass", font_size=44).move_to(tile)
        roof = Triangle(color=YELLOW, fill_opacity=1).scale(1.8)
        up = Text("up", font_size=40, color=BLACK).move_to(roof)
        below = VGroup(VGroup(disc, inner), VGroup(tile, faint), VGroup(roof, up))
        below.arrange(RIGHT, buff=1).next_to(rows, DOWN, buff=0.8)
        self.play(FadeIn(rows), run_time=0.5)
        self.play(FadeIn(below), run_time=0.5)
        self.play(
            tile.animate.set_fill(WHITE, opacity=1),
            faint.animate.set_color(BLACK),
            run_time=0.5,
        )
        self.wait(0.5)
