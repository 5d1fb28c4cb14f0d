"""Rectangles around and behind things; dashed lines; underlines."""

from __future__ import annotations

from manim import (
    BLACK,
    BLUE,
    DOWN,
    GREEN,
    LEFT,
    RIGHT,
    UP,
    YELLOW,
    BackgroundRectangle,
    Create,
    DashedLine,
    DashedVMobject,
    FadeIn,
    FadeOut,
    Line,
    Rectangle,
    Scene,
    SurroundingRectangle,
    Text,
    Underline,
    VGroup,
    Write,
)


class Surrounded(Scene):
    """Frames keep a distance from their texts; plates hide the lines behind theirs."""

    def construct(self) -> None:
        words = VGroup(*(Text(w, font_size=52) for w in ("first", "second", "third")))
        words.arrange(RIGHT, buff=1.5).to_edge(UP, buff=1)
        self.play(Write(words), run_time=0.5)
        frame = SurroundingRectangle(words[0], color=YELLOW, buff=0.15)
        self.play(Create(frame), run_time=0.4)
        self.play(frame.animate.surround(words[1], buff=0.15), run_time=0.4)
        under = Underline(words[2], color=GREEN, buff=0.15)
        self.play(Create(under), run_time=0.4)
        stripes = VGroup(*(Line(5.5 * LEFT, 5.5 * RIGHT).shift(i * 0.35 * DOWN) for i in range(8)))
        stripes.set_color(BLUE)
        self.play(Create(stripes), run_time=0.5)
        label = Text("on a plate", font_size=52).move_to(stripes)
        plate = BackgroundRectangle(label, color=BLACK, fill_opacity=1, buff=0.25)
        self.play(FadeIn(plate), FadeIn(label), run_time=0.5)
        dashed = DashedVMobject(Rectangle(width=11.6, height=3.4, color=GREEN), num_dashes=60)
        self.play(Create(dashed.move_to(stripes)), run_time=0.5)
        rule = DashedLine(5.8 * LEFT, 5.8 * RIGHT).shift(1.1 * UP)
        self.play(Create(rule), run_time=0.4)
        self.play(FadeOut(frame), run_time=0.4)
        self.wait(0.4)
