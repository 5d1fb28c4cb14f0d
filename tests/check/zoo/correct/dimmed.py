"""A picture is dimmed so that a text above it stands out."""

from __future__ import annotations

from manim import (
    BLACK,
    BLUE,
    DOWN,
    UP,
    FadeIn,
    FadeOut,
    FullScreenRectangle,
    Scene,
    Square,
    Text,
    VGroup,
)


class Dimmed(Scene):
    """A half transparent sheet dims shapes and labels; labels can still be read below it."""

    def construct(self) -> None:
        boxes = VGroup(*(Square(2, color=BLUE, fill_opacity=0.6) for _ in range(5)))
        boxes.arrange(buff=0.4)
        above = Text("before the dimming", font_size=48).to_edge(UP, buff=1)
        below = Text("still here", font_size=48).to_edge(DOWN, buff=1)
        self.play(FadeIn(boxes, above, below), run_time=0.5)
        sheet = FullScreenRectangle(fill_color=BLACK, fill_opacity=0.4, stroke_width=0)
        self.play(FadeIn(sheet), run_time=0.5)
        banner = Text("In front", font_size=96).set_z_index(2)
        plate = Square(1, fill_color=BLACK, fill_opacity=0.9, stroke_width=0).set_z_index(1)
        plate.stretch_to_fit_width(7).stretch_to_fit_height(1.6)
        self.play(FadeIn(plate, banner), run_time=0.5)
        self.wait(0.5)
        self.play(FadeOut(sheet, plate, banner), run_time=0.5)
        self.wait(0.4)
