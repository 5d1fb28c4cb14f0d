"""Shapes: many small ones, graphs, transformations, simulations."""

from __future__ import annotations

import random

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    LEFT,
    ORANGE,
    PI,
    PURPLE,
    RED,
    RIGHT,
    TAU,
    UP,
    WHITE,
    YELLOW,
    Circle,
    Create,
    Difference,
    DiGraph,
    Dot,
    FadeIn,
    FadeOut,
    Graph,
    Intersection,
    LaggedStart,
    Line,
    Mobject,
    Rectangle,
    RegularPolygon,
    Rotate,
    Scene,
    Square,
    Star,
    Text,
    Transform,
    Triangle,
    Union,
    VGroup,
)


class ManySquares(Scene):
    """Four hundred squares that come, are coloured, and turn."""

    def construct(self) -> None:
        squares = VGroup(*(Square(0.25, stroke_width=1) for _ in range(400)))
        squares.arrange_in_grid(16, 25, buff=0.12)
        self.play(LaggedStart(*(FadeIn(each) for each in squares), lag_ratio=0.01), run_time=2)
        self.play(squares.animate.set_fill(BLUE, 0.8), run_time=1)
        self.play(*(Rotate(each, PI / 2) for each in squares), run_time=2)
        self.wait()


class SortingBars(Scene):
    """Bars that are sorted, swap by swap."""

    def construct(self) -> None:
        random.seed(3)
        heights = random.sample(range(1, 10), 9)
        bars = [Rectangle(height=h / 2, width=0.7, fill_opacity=0.8, color=BLUE) for h in heights]
        for place, bar in enumerate(bars):
            bar.move_to((place - 4) * RIGHT, DOWN).shift(2 * DOWN)
        self.play(FadeIn(*bars))
        for end in range(len(bars) - 1, 4, -1):
            for at in range(end):
                if heights[at] > heights[at + 1]:
                    heights[at : at + 2] = heights[at + 1], heights[at]
                    left, right = bars[at : at + 2]
                    bars[at : at + 2] = right, left
                    self.play(left.animate.shift(RIGHT), right.animate.shift(LEFT), run_time=0.25)
        self.wait()


class Morphing(Scene):
    """One shape becomes the next."""

    def construct(self) -> None:
        shape = Circle(2, RED, fill_opacity=0.6)
        self.play(Create(shape))
        for other in (
            Square(3.5, color=GREEN, fill_opacity=0.6),
            Triangle(color=BLUE, fill_opacity=0.6).scale(2.5),
            Star(7, outer_radius=2.5, color=YELLOW, fill_opacity=0.6),
            RegularPolygon(6, color=PURPLE, fill_opacity=0.6).scale(2),
        ):
            self.play(Transform(shape, other))
            self.wait(0.3)
        self.play(Rotate(shape, TAU), FadeOut(shape))


class GraphSearch(Scene):
    """A graph whose vertices are found one after another."""

    def construct(self) -> None:
        edges = [(1, 2), (1, 3), (2, 4), (2, 5), (3, 6), (5, 7), (6, 7), (7, 8), (8, 9)]
        graph = Graph([*range(1, 10)], edges, layout="kamada_kawai", layout_scale=3)
        self.play(Create(graph), run_time=2)
        for vertex in (1, 2, 3, 4, 5, 6, 7, 8, 9):
            self.play(graph.vertices[vertex].animate.set_color(RED).scale(1.5), run_time=0.4)
        self.wait()


class TreeOfCalls(Scene):
    """A tree with names, level by level."""

    def construct(self) -> None:
        names = ["a", "b", "c", "d", "e", "f", "g"]
        edges = [("a", "b"), ("a", "c"), ("b", "d"), ("b", "e"), ("c", "f"), ("c", "g")]
        tree = DiGraph(
            names,
            edges,
            layout="tree",
            root_vertex="a",
            labels={name: Text(name, font_size=28, color="#000000") for name in names},
        )
        self.play(LaggedStart(*(FadeIn(tree.vertices[name]) for name in names), lag_ratio=0.3))
        self.play(LaggedStart(*(FadeIn(line) for line in tree.edges.values()), lag_ratio=0.3))
        self.play(tree.animate.scale(1.2).shift(LEFT))
        self.wait(2)


class Particles(Scene):
    """Particles that fly between walls, moved by an updater."""

    def construct(self) -> None:
        dice = np.random.default_rng(5)
        dots = VGroup(*(Dot(radius=0.06, color=ORANGE) for _ in range(80)))
        speeds = dice.uniform(-3, 3, (80, 3)) * [1, 1, 0]
        for dot, place in zip(dots, dice.uniform(-3, 3, (80, 3)), strict=True):
            dot.move_to(place * [1.5, 0.9, 0])

        def fly(group: Mobject, dt: float) -> None:
            for dot, speed in zip(group, speeds, strict=True):
                dot.shift(speed * dt)
                beyond = np.abs(dot.get_center()) > (5, 3, 1)
                speed[beyond] = -np.sign(dot.get_center()[beyond]) * np.abs(speed[beyond])

        dots.add_updater(fly)
        self.add(Rectangle(height=6.2, width=10.2), dots)
        self.wait(6)


class Pendulums(Scene):
    """Twelve pendulums of different lengths."""

    def construct(self) -> None:
        clock = [0.0]
        swings = VGroup(*(VGroup(Line(), Dot(radius=0.15, color=BLUE)) for _ in range(12)))

        def swing(group: Mobject, dt: float) -> None:
            clock[0] += dt
            for number, (line, bob) in enumerate(group):
                top = (number - 5.5) * RIGHT + 3 * UP
                angle = 0.5 * np.cos((2 + 0.2 * number) * clock[0])
                bob.move_to(top + 4 * np.array([np.sin(angle), -np.cos(angle), 0]))
                line.put_start_and_end_on(top, bob.get_center())

        swings.add_updater(swing)
        self.add(swings)
        self.wait(6)


class GameOfLife(Scene):
    """Cells that live and die, generation by generation."""

    def construct(self) -> None:
        alive = np.random.default_rng(11).random((14, 22)) < 0.3
        cells = VGroup(*(Square(0.4, stroke_width=0.5, color=WHITE) for _ in range(alive.size)))
        cells.arrange_in_grid(14, 22, buff=0.05)
        self.add(cells)
        for _ in range(20):
            for cell, lives in zip(cells, alive.flat, strict=True):
                cell.set_fill(GREEN, 0.9 if lives else 0)
            self.wait(0.25)
            around = sum(
                np.roll(alive, (y, x), (0, 1)).astype(int)
                for y in (-1, 0, 1)
                for x in (-1, 0, 1)
                if (y, x) != (0, 0)
            )
            alive = (around == 3) | (alive & (around == 2))


class Sets(Scene):
    """What two circles have in common, and what not."""

    def construct(self) -> None:
        left = Circle(1.8, BLUE, fill_opacity=0.3).shift(LEFT)
        right = Circle(1.8, RED, fill_opacity=0.3).shift(RIGHT)
        self.play(Create(left), Create(right))
        for kind, name in ((Intersection, "both"), (Union, "either"), (Difference, "one alone")):
            part = kind(left, right, color=GREEN, fill_opacity=0.7)
            label = Text(name).to_edge(DOWN)
            self.play(FadeIn(part, label))
            self.wait()
            self.play(part.animate.scale(0.4).to_corner(UP + RIGHT), FadeOut(label))
            self.play(FadeOut(part))
