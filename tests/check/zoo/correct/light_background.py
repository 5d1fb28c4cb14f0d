"""Dark texts on a light background."""

from __future__ import annotations

from manim import (
    BLACK,
    BLUE_E,
    DOWN,
    LEFT,
    RIGHT,
    UP,
    WHITE,
    Arrow,
    Circle,
    FadeIn,
    GrowArrow,
    Scene,
    Text,
    VGroup,
)


class LightBackground(Scene):
    """Black and dark blue on white; white only on a dark disc."""

    def construct(self) -> None:
        self.camera.background_color = WHITE  # type: ignore[union-attr]  # not OpenGL's
        title = Text("On white", font_size=72, color=BLACK).to_edge(UP, buff=0.8)
        self.play(FadeIn(title), run_time=0.4)
        discs = VGroup()
        for name, place in (("from", 4.5 * LEFT), ("to", 4.5 * RIGHT)):
            disc = Circle(radius=1.3, color=BLUE_E, fill_opacity=1).move_to(place)
            discs.add(VGroup(disc, Text(name, font_size=48, color=WHITE).move_to(disc)))
        discs.shift(0.5 * DOWN)
        arrow = Arrow(discs[0].get_right(), discs[1].get_left(), color=BLACK)
        self.play(FadeIn(discs), GrowArrow(arrow), run_time=0.5)
        note = Text("dark blue on white", font_size=48, color=BLUE_E).to_edge(DOWN, buff=0.8)
        self.play(FadeIn(note), run_time=0.4)
        self.wait(0.5)
