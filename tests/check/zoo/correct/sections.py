"""Sections, and things that move by themselves."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    LEFT,
    ORANGE,
    RIGHT,
    UP,
    YELLOW,
    Circle,
    Dot,
    FadeIn,
    FadeOut,
    MoveAlongPath,
    Scene,
    Square,
    Text,
    linear,
)


class SectionsAndUpdaters(Scene):
    """A wheel turns, a label follows a dot, and a second section starts."""

    def construct(self) -> None:
        self.next_section("first")
        wheel = Square(2.6, color=BLUE).shift(3.5 * LEFT)
        wheel.add_updater(lambda mobject, dt: mobject.rotate(dt))
        track = Circle(radius=1.8, color=ORANGE).shift(3 * RIGHT)
        dot = Dot(track.point_from_proportion(0), radius=0.15, color=YELLOW)
        label = Text("dot", font_size=40).add_updater(
            lambda mobject: mobject.next_to(dot, dot.get_center() - track.get_center(), buff=0.2)
        )
        title = Text("It turns", font_size=60).to_edge(UP, buff=0.6)
        self.play(FadeIn(wheel, track, dot, label, title), run_time=0.5)
        self.play(MoveAlongPath(dot, track), run_time=1, rate_func=linear)
        self.next_section("second", skip_animations=False)
        name = Text("and turns", font_size=48).to_edge(DOWN, buff=0.7)
        self.play(FadeIn(name), run_time=0.4)
        self.wait(0.6)
        self.play(FadeOut(title), run_time=0.4)
        self.wait(0.4)
