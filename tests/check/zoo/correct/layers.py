"""What lies above and below what, by z-index and by order."""

from __future__ import annotations

from manim import (
    BLACK,
    BLUE_E,
    DOWN,
    GREEN,
    LEFT,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    Arrow,
    BackgroundRectangle,
    Create,
    FadeIn,
    Line,
    NumberPlane,
    Rectangle,
    Scene,
    Square,
    Text,
    VGroup,
)


class Layers(Scene):
    """Text above a shape that was added later; lines that go on below opaque boxes."""

    def construct(self) -> None:
        above = Text("above", font_size=48).set_z_index(2).move_to(3.5 * LEFT + 2.2 * UP)
        self.play(FadeIn(above), run_time=0.4)
        plate = Rectangle(width=4, height=1.6, fill_color=BLUE_E, fill_opacity=1).move_to(above)
        self.play(FadeIn(plate), run_time=0.4)
        rail = Line(6 * LEFT, 6 * RIGHT, color=YELLOW).shift(0.5 * DOWN).set_z_index(-1)
        stops = VGroup(
            *(
                VGroup(
                    Square(1.3, color=GREEN, fill_color=BLACK, fill_opacity=1),
                    Text(name, font_size=44),
                )
                for name in "ABC"
            )
        )
        stops.arrange(RIGHT, buff=2.5).move_to(rail)
        self.play(FadeIn(stops), run_time=0.4)
        self.play(Create(rail), run_time=0.5)
        shade = Rectangle(width=4, height=1.6, fill_color=WHITE, fill_opacity=1)
        shade.move_to(3.5 * RIGHT + 2.2 * UP)
        over = Text("on top", font_size=48, color=BLACK).move_to(shade)
        self.play(FadeIn(shade), run_time=0.4)
        self.play(FadeIn(over), run_time=0.4)
        hidden = Text("hidden", font_size=48).move_to(shade).set_z_index(-2)
        self.add(hidden)  # wholly below the plate: nobody sees it
        arrow = Arrow(plate.get_right(), shade.get_left(), buff=0.1)
        note = Text("the rail runs below its stops", font_size=36).to_edge(DOWN, buff=1)
        self.play(FadeIn(arrow, note), run_time=0.4)
        self.wait(0.5)


class LabelsOnPlane(Scene):
    """Labels over a grid of lines, each on its own opaque plate."""

    def construct(self) -> None:
        plane = NumberPlane()
        self.play(Create(plane), run_time=0.5)
        for text, place in (
            ("origin", (1.2, -0.6, 0)),
            ("far", (4.5, 2.5, 0)),
            ("low", (-4, -2, 0)),
        ):
            label = Text(text, font_size=40).move_to(place)
            plate = BackgroundRectangle(label, color=BLACK, fill_opacity=1, buff=0.15)
            self.play(FadeIn(plate, label), run_time=0.4)
        self.wait(0.5)
