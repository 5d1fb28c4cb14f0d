"""Ways to end: with everything gone, with everything still there, with a part replaced."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    UP,
    Circle,
    FadeIn,
    FadeOut,
    Group,
    RoundedRectangle,
    Scene,
    Text,
    Uncreate,
    Unwrite,
    VGroup,
)


def slide() -> tuple[Text, VGroup]:
    title = Text("The end", font_size=72).to_edge(UP, buff=0.8)
    panel = RoundedRectangle(width=10, height=4, color=BLUE)
    return title, VGroup(panel, Text("panel", font_size=60)).next_to(title, DOWN, buff=0.6)


class EndsWithFadeOut(Scene):
    """The last movement takes everything away."""

    def construct(self) -> None:
        self.play(*(FadeIn(part) for part in slide()), run_time=0.5)
        self.wait(0.5)
        self.play(FadeOut(Group(*self.mobjects)), run_time=0.5)
        self.wait(0.4)


class EndsInTwoSteps(Scene):
    """Two movements take everything away, the larger part first."""

    def construct(self) -> None:
        title, panel = slide()
        self.play(FadeIn(title, panel), run_time=0.5)
        self.wait(0.5)
        self.play(Uncreate(panel), run_time=0.5)
        self.play(Unwrite(title), run_time=0.5)


class EndsHolding(Scene):
    """The fullest state stays to the end."""

    def construct(self) -> None:
        title, panel = slide()
        self.play(FadeIn(panel), run_time=0.5)
        self.play(FadeIn(title), run_time=0.5)
        self.wait(1)


class EndsWithLogo(Scene):
    """The last movement takes nearly everything away and brings something new."""

    def construct(self) -> None:
        title, panel = slide()
        self.play(FadeIn(title, panel), run_time=0.5)
        self.wait(0.5)
        logo = Circle(radius=3, color=BLUE)
        self.play(FadeOut(title, panel), FadeIn(logo), run_time=0.5)
