"""Texts that are too small to read."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    PI,
    UP,
    Code,
    FadeIn,
    MovingCameraScene,
    Rectangle,
    Scene,
    Square,
    Text,
    VGroup,
)


class PlainSmall(Scene):
    """A text of font size 12 beside one that is large enough."""

    def construct(self) -> None:
        self.add(Text("A large heading over it", font_size=72).to_edge(UP, buff=1))
        self.wait(0.5)
        note = Text("A note in small print", font_size=12).to_edge(DOWN, buff=1)
        self.play(FadeIn(note), run_time=0.5)  # expect: text-too-small
        self.wait(0.5)


class ScaledSmall(Scene):
    """A text that is scaled down after it was laid out."""

    def construct(self) -> None:
        panel = Rectangle(width=11, height=6, color=BLUE)
        word = Text("SHRINKING", font_size=60)
        self.add(panel, word)
        self.wait(0.5)
        self.play(word.animate.scale(0.2), run_time=0.5)  # expect: text-too-small
        self.wait(0.5)


class SmallInGroup(Scene):
    """One label of many, deep in groups, is small."""

    def construct(self) -> None:
        cells = VGroup()
        for number in range(6):
            size = 10 if number == 4 else 48
            cell = Square(2.4, color=BLUE)
            cells.add(VGroup(cell, VGroup(Text(str(number), font_size=size).move_to(cell))))
        cells.arrange_in_grid(2, 3, buff=0.4)
        self.play(FadeIn(VGroup(VGroup(cells))), run_time=0.5)  # expect: text-too-small
        self.wait(0.5)


class SmallCode(Scene):
    """A listing whose letters are small."""

    def construct(self) -> None:
        frame = Rectangle(width=11, height=6, color=BLUE)
        code = Code(
            code_string="FRAMES = Pool(8)\nFRAMES.take(3)",
            language="python",
            formatter_style="dracula",
            add_line_numbers=False,
            paragraph_config={"font_size": 13},
        )
        self.play(FadeIn(frame, code), run_time=0.5)  # expect: text-too-small
        self.wait(0.5)


class ZoomedOut(MovingCameraScene):
    """The camera goes so far away that a label can no longer be read."""

    def construct(self) -> None:
        panel = Rectangle(width=12, height=7, color=BLUE)
        self.add(panel.set_stroke(width=10), Text("LABEL", font_size=32))
        self.wait(0.5)
        frame = self.camera.frame  # type: ignore[union-attr]  # a MovingCamera
        self.play(frame.animate.scale(2.5), run_time=0.6)  # expect: text-too-small
        self.wait(0.5)


class SmallAtASlant(Scene):
    """A text that is turned is not higher for that."""

    def construct(self) -> None:
        note = Text("MEMO: MORE MAPS", font_size=13).rotate(PI / 4)
        self.add(Rectangle(width=11, height=6, color=BLUE))
        self.play(FadeIn(note), run_time=0.5)  # expect: text-too-small
        self.wait(0.5)
