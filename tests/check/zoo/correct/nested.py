"""Groups in groups in groups."""

from __future__ import annotations

from manim import BLUE, DOWN, GREEN, RIGHT, UP, FadeIn, Group, Scene, Square, Text, VGroup


class NestedGroups(Scene):
    """Labelled cells, six groups deep, moved, scaled and copied as a whole."""

    def construct(self) -> None:
        block = VGroup()
        for row in range(2):
            line = VGroup()
            for column in range(4):
                cell = Square(1.2, color=BLUE, fill_opacity=0.2)
                name = VGroup(VGroup(Text(f"{row}{column}", font_size=48))).move_to(cell)
                line.add(VGroup(cell, name))
            block.add(VGroup(line.arrange(RIGHT, buff=0)))
        block.arrange(DOWN, buff=0)
        whole = VGroup(VGroup(block), VGroup(VGroup(block.copy())))
        for part in whole[1].get_family():
            if isinstance(part, Square):
                part.set_color(GREEN)
        whole.arrange(RIGHT, buff=0.8).scale(0.9)
        title = Group(Group(Text("two blocks of eight", font_size=44)))
        Group(title, whole).arrange(DOWN, buff=0.8)
        self.play(FadeIn(title), run_time=0.4)
        self.play(FadeIn(whole), run_time=0.5)
        self.play(whole.animate.scale(1.2), run_time=0.5)
        self.play(whole.animate.shift(0.3 * DOWN), run_time=0.5)
        self.play(title.animate.shift(0.5 * UP), run_time=0.5)
        self.wait(0.5)
