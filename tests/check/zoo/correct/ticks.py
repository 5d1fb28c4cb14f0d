"""A number line with numbers of its own, and bars with slanted names."""

from __future__ import annotations

from manim import (
    BLUE,
    DEGREES,
    DOWN,
    GREEN,
    LEFT,
    ORANGE,
    RIGHT,
    UP,
    Create,
    Dot,
    FadeIn,
    GrowFromEdge,
    Line,
    NumberLine,
    Rectangle,
    Scene,
    Text,
    VGroup,
)


class SlantedNames(Scene):
    """Bars on a base line, their names turned by 45 degrees, and a number line with dots on it."""

    def construct(self) -> None:
        base = Line(5.5 * LEFT, 5.5 * RIGHT).shift(0.2 * UP)
        heights = (1.2, 2.6, 1.8, 3.1, 2.2)
        bars = VGroup(
            *(
                Rectangle(width=1.1, height=h, stroke_width=0, fill_color=c, fill_opacity=1)
                for h, c in zip(heights, (BLUE, GREEN, ORANGE, BLUE, GREEN), strict=True)
            )
        ).arrange(RIGHT, buff=1, aligned_edge=DOWN)
        bars.next_to(base, UP, buff=0)
        names = VGroup()
        for bar, name in zip(
            bars, ("Monday", "Tuesday", "Midweek", "Thursday", "Friday"), strict=True
        ):
            label = Text(name, font_size=30).rotate(45 * DEGREES)
            label.next_to(bar, DOWN, buff=0.2).align_to(bar.get_center(), RIGHT)
            names.add(label)
        self.play(Create(base), run_time=0.4)
        self.play(*(GrowFromEdge(bar, DOWN) for bar in bars), run_time=0.5)
        self.play(FadeIn(names), run_time=0.4)
        line = NumberLine(
            x_range=[0, 8, 1],
            length=10,
            include_numbers=True,
            label_constructor=Text,
            font_size=30,
        ).to_edge(DOWN, buff=0.8)
        dots = VGroup(*(Dot(line.n2p(x), radius=0.14, color=ORANGE) for x in (1, 3.5, 6)))
        self.play(Create(line), run_time=0.5)
        self.play(FadeIn(dots, scale=2), run_time=0.4)
        self.wait(0.5)
