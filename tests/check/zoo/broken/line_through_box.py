"""Connectors through boxes that they do not end at."""

from __future__ import annotations

from manim import (
    BLUE,
    DOWN,
    GREEN,
    RIGHT,
    UL,
    UP,
    UR,
    YELLOW,
    Arrow,
    Circle,
    Create,
    CurvedArrow,
    DashedLine,
    GrowArrow,
    Line,
    Scene,
    Square,
    Text,
    VGroup,
)


def three() -> VGroup:
    return VGroup(*(Square(2, color=BLUE) for _ in range(3))).arrange(RIGHT, buff=2)


def around() -> VGroup:
    """Return texts above and below, so that the picture is used."""
    above = Text("the way from one to the other", font_size=52).to_edge(UP, buff=0.7)
    return VGroup(above, Text("goes around the third", font_size=52).to_edge(DOWN, buff=0.7))


class StraightArrow(Scene):
    """A straight arrow from the first box to the last goes through the one between."""

    def construct(self) -> None:
        boxes = three()
        self.add(boxes, around())
        self.wait(0.5)
        arrow = Arrow(boxes[0].get_right(), boxes[2].get_left(), buff=0.05, color=YELLOW)
        self.play(GrowArrow(arrow), run_time=0.5)  # expect: line-through-box
        self.wait(0.5)


class CurvedArrowThrough(Scene):
    """A curved arrow bends, but not enough."""

    def construct(self) -> None:
        boxes = three()
        self.add(boxes, around())
        self.wait(0.5)
        start, end = boxes[0].get_right(), boxes[2].get_left()
        arrow = CurvedArrow(start, end, angle=-0.5, color=YELLOW)
        self.play(Create(arrow), run_time=0.5)  # expect: line-through-box
        self.wait(0.5)


class DashedThroughCircle(Scene):
    """A dashed line through a circle between two boxes."""

    def construct(self) -> None:
        boxes = three()
        circle = Circle(radius=0.9, color=GREEN).move_to(boxes[1])
        self.add(boxes[0], circle, boxes[2], around())
        self.wait(0.5)
        line = DashedLine(boxes[0].get_right(), boxes[2].get_left(), color=YELLOW)
        self.play(Create(line), run_time=0.5)  # expect: line-through-box
        self.wait(0.5)


class BoxMovedIntoLine(Scene):
    """A box is moved onto a line that was free before."""

    def construct(self) -> None:
        boxes = three()
        boxes[1].shift(1.4 * UP)
        line = Line(boxes[0].get_right(), boxes[2].get_left(), color=YELLOW)
        self.add(boxes, line, Text("now it comes down", font_size=52).to_edge(DOWN, buff=0.7))
        self.wait(0.5)
        self.play(boxes[1].animate.shift(0.8 * DOWN), run_time=0.5)  # expect: line-through-box
        self.wait(0.5)


class CornerCut(Scene):
    """A slanted line cuts a corner of a filled box."""

    def construct(self) -> None:
        boxes = VGroup(*(Square(1.6, color=BLUE, fill_opacity=0.4) for _ in range(3)))
        for box, place in zip(boxes, ((-5, 2.4, 0), (0.6, 0.4, 0), (5, -2.4, 0)), strict=True):
            box.move_to(place)
        self.add(boxes)
        self.wait(0.5)
        line = Line(boxes[0].get_right(), boxes[2].get_left(), color=YELLOW)
        self.play(Create(line), run_time=0.5)  # expect: line-through-box
        self.wait(0.5)


class LineWithGaps(Scene):
    """A plain line with a gap before both of its boxes goes through the one between."""

    def construct(self) -> None:
        boxes = three()
        self.add(boxes, around())
        self.wait(0.5)
        line = Line(boxes[0].get_right(), boxes[2].get_left(), buff=0.25, color=YELLOW)
        self.play(Create(line), run_time=0.5)  # expect: line-through-box
        self.wait(0.5)


class EndsBehindABox(Scene):
    """A line goes right through a box and ends a little behind it."""

    def construct(self) -> None:
        boxes = three()
        self.add(boxes, around())
        self.wait(0.5)
        end = boxes[1].get_right() + 0.3 * RIGHT
        line = Line(boxes[0].get_right(), end, color=YELLOW)
        self.play(Create(line), run_time=0.5)  # expect: line-through-box
        self.wait(0.5)


class ThickArrow(Scene):
    """The middle of a thick arrow is just above the box between, but its stroke is in it."""

    def construct(self) -> None:
        boxes = three()
        boxes[1].stretch_to_fit_height(1.9)
        self.add(boxes, around())
        self.wait(0.5)
        way = boxes[0].get_corner(UR), boxes[2].get_corner(UL)
        arrow = Line(*way, color=YELLOW, stroke_width=50)
        self.play(Create(arrow), run_time=0.5)  # expect: line-through-box
        self.wait(0.5)
