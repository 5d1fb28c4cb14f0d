"""Networks: lines that end in the middle of opaque dots, below them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from manim import (
    BLACK,
    BLUE,
    DOWN,
    GREEN,
    Create,
    FadeIn,
    Graph,
    LabeledDot,
    Line,
    Scene,
    Text,
    VGroup,
)

if TYPE_CHECKING:
    from collections.abc import Hashable

    from manim.typing import Point3DLike


class Network(Scene):
    """Manim's `Graph`, its vertices labelled; its edges run from middle to middle, below them."""

    def construct(self) -> None:
        places: dict[Hashable, Point3DLike] = {
            1: (-5, 2, 0),
            2: (-1.7, 2.6, 0),
            3: (1.7, 1.4, 0),
            4: (5, 2.2, 0),
            5: (-3, -0.8, 0),
            6: (3, -0.8, 0),
        }
        graph = Graph(
            list(places),
            [(1, 2), (2, 3), (3, 4), (1, 5), (3, 5), (3, 6), (4, 6), (5, 6)],
            layout=places,
            labels={v: Text(str(v), font_size=40, color=BLACK) for v in places},
            vertex_config={"radius": 0.45, "fill_color": BLUE},
        )
        self.play(Create(graph), run_time=0.8)
        note = Text("edges below, labels above", font_size=44).to_edge(DOWN, buff=0.8)
        self.play(FadeIn(note), run_time=0.4)
        self.play(graph.vertices[5].animate.shift(0.4 * DOWN), run_time=0.5)
        self.wait(0.4)


class Tree(Scene):
    """Opaque dots with labels, lines added after them and put below by `add_to_back`."""

    def construct(self) -> None:
        root = LabeledDot(Text("root", font_size=34, color=BLACK), radius=0.7, color=GREEN)
        root.move_to((0, 2.5, 0))
        leaves = VGroup(
            *(
                LabeledDot(Text(name, font_size=34, color=BLACK), radius=0.6, color=BLUE)
                for name in ("a", "b", "c", "d")
            )
        )
        leaves.arrange(buff=1.8).move_to((0, -2, 0))
        self.play(FadeIn(root, leaves), run_time=0.5)
        lines = VGroup(*(Line(root.get_center(), leaf.get_center()) for leaf in leaves))
        self.bring_to_back(lines)
        self.wait(0.5)
