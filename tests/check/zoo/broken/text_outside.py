"""Texts in the margin, or cut by the picture's edge."""

from __future__ import annotations

from manim import BLUE, DOWN, LEFT, RIGHT, UP, FadeIn, MovingCameraScene, Rectangle, Scene, Text


class InMargin(Scene):
    """A title close to the upper edge."""

    def construct(self) -> None:
        self.add(Rectangle(width=11, height=5, color=BLUE).shift(0.5 * DOWN))
        self.wait(0.5)
        title = Text("Too high", font_size=60).to_edge(UP, buff=0.1)
        self.play(FadeIn(title), run_time=0.5)  # expect: text-outside
        self.wait(0.5)


class CutByEdge(Scene):
    """A text that goes on beyond the left edge."""

    def construct(self) -> None:
        self.add(Rectangle(width=9, height=5, color=BLUE).shift(RIGHT + UP))
        word = Text("half of it is gone", font_size=60).to_edge(DOWN, buff=0.8)
        self.add(word)
        self.wait(0.5)
        self.play(word.animate.shift(6 * LEFT), run_time=0.5)  # expect: text-outside
        self.wait(0.5)


class TooWide(Scene):
    """A line that is wider than the picture."""

    def construct(self) -> None:
        self.add(Rectangle(width=9, height=4, color=BLUE).shift(1.2 * UP))
        line = Text("This line is much too long for one line of a picture", font_size=60)
        self.add(line.to_edge(DOWN, buff=0.8))
        self.wait(0.5)  # expect: text-outside


class CutByCamera(MovingCameraScene):
    """The camera comes close and cuts a text that was inside before."""

    def construct(self) -> None:
        self.add(Rectangle(width=12, height=5, color=BLUE))
        self.add(Text("across the panel", font_size=80))
        self.wait(0.5)
        frame = self.camera.frame  # type: ignore[union-attr]  # a MovingCamera
        self.play(frame.animate.scale(0.5), run_time=0.6)  # expect: text-outside
        self.wait(0.5)
