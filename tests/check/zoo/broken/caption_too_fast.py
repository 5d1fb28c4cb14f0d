"""Subcaptions that nobody can read in time."""

from __future__ import annotations

from manim import BLUE, FadeIn, Scene, Square, VGroup

LONG = "Every page of a task is held by one frame, and a task's table says by which."
SHORT = "It grows."


class AddedTooFast(Scene):
    """A long subcaption for two seconds, by `add_subcaption`."""

    def construct(self) -> None:
        boxes = VGroup(*(Square(2.4, color=BLUE) for _ in range(6))).arrange_in_grid(2, 3, buff=0.5)
        self.add_subcaption(LONG, duration=2)
        self.play(FadeIn(boxes), run_time=0.5)  # expect: caption-too-fast
        self.wait(2)


class PlayedTooFast(Scene):
    """A long subcaption for as long as a short play, by `play`."""

    def construct(self) -> None:
        boxes = VGroup(*(Square(2.4, color=BLUE) for _ in range(6))).arrange_in_grid(2, 3, buff=0.5)
        self.play(FadeIn(boxes), run_time=0.5)
        self.play(boxes.animate.scale(1.1), subcaption=LONG, run_time=2)  # expect: caption-too-fast
        self.wait(0.5)


class GoneTooSoon(Scene):
    """A short subcaption that stands for less than a second and a half."""

    def construct(self) -> None:
        boxes = VGroup(*(Square(2.4, color=BLUE) for _ in range(6))).arrange_in_grid(2, 3, buff=0.5)
        self.play(FadeIn(boxes), run_time=0.5)
        self.play(boxes.animate.flip(), subcaption=SHORT, run_time=1)  # expect: caption-too-fast
        self.wait(0.5)
