"""Arrows between boxes: straight, curved, with corners, out of containers, past others."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    GREEN,
    LEFT,
    ORANGE,
    PI,
    RIGHT,
    UP,
    YELLOW,
    Arrow,
    BackgroundRectangle,
    Create,
    CurvedArrow,
    DashedLine,
    DoubleArrow,
    FadeIn,
    GrowArrow,
    Line,
    RoundedRectangle,
    Scene,
    Text,
    VGroup,
    VMobject,
)


def box(text: str, width: float = 1.8) -> VGroup:
    shape = RoundedRectangle(width=width, height=1, corner_radius=0.15, color=BLUE)
    return VGroup(shape, Text(text, font_size=34).move_to(shape))


class ArrowsBetweenBoxes(Scene):
    """Every arrow ends at the boxes it joins and goes around all others."""

    def construct(self) -> None:
        boxes = VGroup(*(box(name) for name in ("read", "plan", "draw", "save")))
        boxes.arrange(RIGHT, buff=1.2).shift(0.5 * UP)
        self.play(FadeIn(boxes), run_time=0.4)
        straight = Arrow(boxes[0].get_right(), boxes[1].get_left(), buff=0.05)
        double = DoubleArrow(boxes[1].get_right(), boxes[2].get_left(), buff=0, tip_length=0.2)
        dashed = DashedLine(boxes[2].get_right(), boxes[3].get_left(), color=GREEN)
        self.play(GrowArrow(straight), GrowArrow(double), Create(dashed), run_time=0.5)
        over = CurvedArrow(
            boxes[0].get_top() + 0.05 * UP, boxes[3].get_top() + 0.05 * UP, angle=-PI / 2.6
        ).set_color(ORANGE)
        self.play(Create(over), run_time=0.5)
        start, end = boxes[0].get_bottom(), boxes[2].get_bottom()
        elbow = VMobject(color=YELLOW).set_points_as_corners(
            [start, start + 0.7 * DOWN, end + 0.7 * DOWN, end + 0.3 * DOWN]
        )
        tip = Arrow(end + 0.7 * DOWN, end, buff=0, color=YELLOW)
        close = Line(boxes[1].get_corner(DOWN + LEFT), boxes[1].get_corner(DOWN + RIGHT))
        close.shift(0.15 * DOWN).set_color(GREEN)  # passes close to a box
        self.play(Create(elbow), FadeIn(tip), Create(close), run_time=0.5)
        label = Text("skips plan", font_size=30, color=YELLOW)
        label.move_to((start + end) / 2 + 0.7 * DOWN)
        self.play(FadeIn(BackgroundRectangle(label, fill_opacity=1, buff=0.1), label), run_time=0.4)
        note = Text("Arrows meet the boxes they join", font_size=36).to_edge(DOWN, buff=0.8)
        self.play(FadeIn(note), run_time=0.4)
        self.wait(0.5)


class ArrowsOutOfContainers(Scene):
    """Arrows leave a container and reach a box inside of another; one ends at a container."""

    def construct(self) -> None:
        left = VGroup(box("A"), box("B")).arrange(DOWN, buff=1)
        right = VGroup(box("C"), box("D"), box("E")).arrange(DOWN, buff=0.6)
        VGroup(left, right).arrange(RIGHT, buff=4.5).shift(0.4 * DOWN)
        homes = VGroup()
        for group, name in ((left, "host"), (right, "device")):
            home = RoundedRectangle(
                width=group.width + 1,
                height=group.height + 0.7,
                corner_radius=0.2,
                color=GREEN,
                fill_opacity=0.15,
            ).move_to(group)
            title = Text(name, font_size=34, color=GREEN).next_to(home, UP, buff=0.2)
            homes.add(VGroup(home, title))
        self.play(FadeIn(homes), run_time=0.4)
        self.play(FadeIn(left, right), run_time=0.4)
        arrows = (
            Arrow(left[0].get_right(), right[0].get_left(), buff=0.05),
            Arrow(left[0].get_right(), right[1].get_left(), buff=0.05, color=ORANGE),
            Arrow(left[1].get_right(), homes[1][0].get_left() + 1.5 * DOWN, buff=0.05),
        )
        self.play(*(GrowArrow(arrow) for arrow in arrows), run_time=0.5)
        self.wait(0.5)
