"""Effects that are meant to come and go."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    GREEN,
    RIGHT,
    UP,
    YELLOW,
    Circle,
    Circumscribe,
    Create,
    FadeIn,
    Flash,
    FocusOn,
    Indicate,
    LaggedStart,
    Scene,
    ShowPassingFlash,
    Square,
    Succession,
    Text,
    VGroup,
    Wiggle,
    Write,
)


class Effects(Scene):
    """Highlights draw the eye and leave; nothing pops or flickers."""

    def construct(self) -> None:
        title = Text("Highlights", font_size=60).to_edge(UP, buff=0.8)
        self.play(Write(title), run_time=0.6)
        boxes = VGroup(*(Square(1.5, color=BLUE) for _ in range(5))).arrange(RIGHT, buff=0.6)
        self.play(LaggedStart(*(FadeIn(box) for box in boxes), lag_ratio=0.3), run_time=0.8)
        word = Text("look here", font_size=52).to_edge(DOWN, buff=1)
        self.play(Succession(Create(Circle(0.4).move_to(boxes[1])), FadeIn(word)), run_time=0.8)
        self.play(Indicate(word), run_time=0.6)
        self.play(Circumscribe(title, color=YELLOW), run_time=0.8)
        self.play(Flash(boxes[2], color=YELLOW, flash_radius=1.2), run_time=0.6)
        outline = boxes[3].copy().set_color(GREEN).set_stroke(width=10)
        self.play(ShowPassingFlash(outline, time_width=0.5), run_time=0.6)
        self.play(Wiggle(boxes[4]), FocusOn(boxes[0]), run_time=0.8)
        self.wait(0.4)
