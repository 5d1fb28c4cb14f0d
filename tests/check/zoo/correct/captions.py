"""Captions that come and go, with subcaptions."""

from __future__ import annotations

from manim import BLUE, DOWN, GREEN, UP, FadeIn, FadeOut, Scene, Square, Text, Transform, VGroup


class CaptionsComeAndGo(Scene):
    """Each caption leaves before the next one comes; both can be read in time."""

    def construct(self) -> None:
        boxes = VGroup(*(Square(1.6, color=BLUE) for _ in range(5))).arrange(buff=0.5).shift(UP)
        self.play(FadeIn(boxes), run_time=0.5)
        for text, moved in (
            ("Five frames, all free.", 0),
            ("The first one is taken.", 1),
            ("Now it is given back.", 0),
        ):
            caption = Text(text, font_size=52).to_edge(DOWN, buff=1)
            self.play(FadeIn(caption), subcaption=text, subcaption_duration=2, run_time=0.4)
            target = Square(1.6, color=GREEN if moved else BLUE, fill_opacity=0.4 * moved)
            self.play(Transform(boxes[0], target.move_to(boxes[0])), run_time=0.5)
            self.wait(0.8)
            self.play(FadeOut(caption), run_time=0.4)


class OnlySubcaptions(Scene):
    """Subcaptions at reading speed, one after another, with nothing written in the picture."""

    def construct(self) -> None:
        self.add_subcaption("A square of four small ones.", duration=2)
        block = VGroup(*(Square(3, color=BLUE) for _ in range(4))).arrange_in_grid(2, 2, buff=0.4)
        self.play(FadeIn(block), run_time=1)
        self.wait(1)
        self.add_subcaption("It widens.", duration=1.5)
        self.play(block.animate.arrange(buff=0.2).scale_to_fit_width(12), run_time=0.6)
        self.play(block.animate.stretch_to_fit_height(5), run_time=0.5)
        self.wait(0.4)


class TwoPlaces(Scene):
    """One caption leaves at the top while another comes at the foot: neither disturbs the other."""

    def construct(self) -> None:
        boxes = VGroup(*(Square(1.6, color=BLUE) for _ in range(5))).arrange(buff=0.5)
        above = Text("Five frames, all free.", font_size=52).to_edge(UP, buff=0.7)
        below = Text("The first one is taken.", font_size=52).to_edge(DOWN, buff=0.7)
        self.play(FadeIn(boxes, above), run_time=0.5)
        self.wait(0.5)
        self.play(FadeOut(above), FadeIn(below), run_time=0.6)
        self.wait(0.5)
