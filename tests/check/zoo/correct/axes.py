"""Axes with tick labels, a curve, points on it, a rotated axis label and helper lines."""

from __future__ import annotations

import numpy as np
from manim import (
    BLUE,
    DEGREES,
    DOWN,
    LEFT,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    Axes,
    Create,
    DashedLine,
    Dot,
    FadeIn,
    Scene,
    Text,
    VGroup,
    Write,
)


class AxesWithCurve(Scene):
    """A curve over labelled axes, with points, a filled area and dashed lines to the axes."""

    def construct(self) -> None:
        axes = Axes(
            x_range=[0, 10, 2],
            y_range=[0, 8, 2],
            x_length=10,
            y_length=5.4,
            axis_config={"include_ticks": True, "label_constructor": Text},
        )
        numbers = VGroup(
            *(
                Text(str(x), font_size=30).next_to(axes.c2p(x, 0), DOWN, buff=0.2)
                for x in range(0, 10, 2)
            ),
            *(
                Text(str(y), font_size=30).next_to(axes.c2p(0, y), LEFT, buff=0.2)
                for y in range(2, 8, 2)
            ),
        )
        below = Text("steps", font_size=36).next_to(axes, DOWN, buff=0.6)
        beside = Text("pages held", font_size=36).rotate(90 * DEGREES)
        beside.next_to(axes, LEFT, buff=0.6)
        VGroup(axes, numbers, below, beside).center()
        self.play(Create(axes), FadeIn(numbers), run_time=0.6)
        self.play(Write(below), Write(beside), run_time=0.5)
        curve = axes.plot(lambda x: float(6 * np.sin(x / 6)), x_range=[0, 9], color=BLUE)
        area = axes.get_area(curve, x_range=(2, 6), color=BLUE, opacity=0.3)
        self.play(Create(curve), FadeIn(area), run_time=0.6)
        dots = VGroup(*(Dot(axes.i2gp(x, curve), color=YELLOW) for x in (2, 4, 6, 8)))
        point = axes.i2gp(8, curve)
        guides = VGroup(
            DashedLine(axes.c2p(8, 0), point, color=WHITE),
            DashedLine(axes.c2p(0, axes.p2c(point)[1]), point, color=WHITE),
        )
        name = Text("now", font_size=36, color=YELLOW).next_to(point, UP + 0.5 * RIGHT, buff=0.3)
        self.play(Create(guides), FadeIn(dots), Write(name), run_time=0.6)
        legend = Text("sine", font_size=36, color=BLUE).next_to(
            axes.i2gp(4, curve), UP + LEFT, buff=0.2
        )
        self.play(FadeIn(legend), run_time=0.4)
        self.wait(0.5)
