from manim import *


class VerticesWithLabels(Scene):
    """Manim's Graph with labels and a partite layout."""

    def construct(self):
        edges = [(a, b) for a in (0, 1, 2) for b in (3, 4, 5, 6)]
        edges += [(b, c) for b in (3, 4, 5, 6) for c in (7, 8)]
        graph = Graph(
            list(range(9)),
            edges,
            partitions=[[0, 1, 2], [3, 4, 5, 6], [7, 8]],
            layout="partite",
            layout_scale=3,
            labels={v: Text(str(v), font_size=28, color=BLACK) for v in range(9)},
            vertex_config={"radius": 0.3, "color": TEAL},
        )
        self.play(Create(graph), run_time=1)
        self.wait(0.5)


class DirectedGraph(Scene):
    """A DiGraph whose arrows end at their vertices; an edge is coloured as a walk goes on."""

    def construct(self):
        places = {"a": [-4, 0, 0], "b": [0, 2, 0], "c": [0, -2, 0], "d": [4, 0, 0]}
        graph = DiGraph(
            list(places),
            [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("b", "c")],
            layout=places,
            labels={v: Text(v, font_size=36, color=BLACK) for v in places},
            vertex_config={"radius": 0.4},
            edge_config={"tip_config": {"tip_length": 0.2, "tip_width": 0.2}},
        )
        self.play(Create(graph), run_time=0.8)
        for edge in (("a", "b"), ("b", "c"), ("c", "d")):
            self.play(graph.edges[edge].animate.set_color(YELLOW), run_time=0.35)
        self.wait(0.4)


class BinaryTree(Scene):
    """A tree of circles without a fill, whose edges run from rim to rim."""

    def construct(self):
        keys = [8, 3, 10, 1, 6, 9, 14]
        nodes = VGroup()
        for i, key in enumerate(keys):
            level = (i + 1).bit_length() - 1
            x = (i + 1 - 2**level + 0.5) / 2**level * 12 - 6
            circle = Circle(radius=0.5, color=BLUE)
            node = VGroup(circle, Text(str(key), font_size=32)).move_to([x, 2.5 - 2 * level, 0])
            nodes.add(node)
        edges = VGroup()
        for i in range(1, 7):
            a, b = nodes[(i - 1) // 2].get_center(), nodes[i].get_center()
            way = normalize(b - a) * 0.5
            edges.add(Line(a + way, b - way))
        self.play(LaggedStartMap(FadeIn, nodes), run_time=0.6)
        self.play(Create(edges), run_time=0.6)
        self.play(Indicate(nodes[4]), run_time=0.6)
        self.wait(0.5)


class EdgesFromMiddleToMiddle(Scene):
    """Edges from middle to middle through circles that are not filled: through the numbers."""

    def construct(self):
        nodes = VGroup(*[VGroup(Circle(radius=0.6), Text(str(i), font_size=40)) for i in (1, 2, 3)])
        nodes.arrange(RIGHT, buff=2.5)
        self.play(FadeIn(nodes), run_time=0.5)
        edge = Line(nodes[0].get_center(), nodes[1].get_center(), color=GREY_A)
        self.play(Create(edge), run_time=0.5)  # expect: line-through-text, line-through-text
        self.wait(0.5)


class LongEdgeThroughAVertex(Scene):
    """An edge joins the first and the last of four nodes, and runs through the two between."""

    def construct(self):
        nodes = VGroup(*[Circle(radius=0.5, color=GREEN) for _ in range(4)])
        nodes.arrange(RIGHT, buff=1.6)
        names = VGroup(*[Text(n, font_size=30).next_to(c, DOWN) for n, c in zip("ABCD", nodes)])
        self.play(FadeIn(nodes, names), run_time=0.5)
        edge = Line(nodes[0].get_right(), nodes[3].get_left(), color=YELLOW)
        self.play(Create(edge), run_time=0.5)  # expect: line-through-box, line-through-box
        self.wait(0.5)


class NeuralNet(Scene):
    """Three layers of neurons and all edges between them, drawn over translucent circles."""

    def construct(self):
        layers = VGroup()
        for size in (3, 5, 2):
            layer = VGroup(
                *[Circle(radius=0.3, color=WHITE, fill_opacity=0.2) for _ in range(size)]
            )
            layers.add(layer.arrange(DOWN, buff=0.45))
        layers.arrange(RIGHT, buff=2.6)
        edges = VGroup()
        for left, right in zip(layers, layers[1:]):
            for a in left:
                for b in right:
                    edges.add(Line(a.get_right(), b.get_left(), stroke_width=1.5, color=GREY_B))
        names = VGroup(
            *[
                Text(n, font_size=28).next_to(layer, UP, buff=0.4)
                for n, layer in zip(("input", "hidden", "output"), layers)
            ]
        )
        self.play(FadeIn(layers, names), run_time=0.5)
        self.play(Create(edges), run_time=0.8)
        self.wait(0.5)


class StateMachine(Scene):
    """States with self loops, curved arrows and labels beside them."""

    def construct(self):
        states = VGroup(*[Circle(radius=0.7, color=PURPLE_B) for _ in range(3)])
        states.arrange(RIGHT, buff=2.4)
        names = VGroup(*[Text(f"q{i}", font_size=36).move_to(s) for i, s in enumerate(states)])
        there = VGroup(
            *[
                CurvedArrow(a.get_top() + 0.1 * UP, b.get_top() + 0.1 * UP, angle=-PI / 3)
                for a, b in zip(states, states[1:])
            ]
        )
        back = CurvedArrow(
            states[2].get_bottom() + 0.1 * DOWN, states[0].get_bottom() + 0.1 * DOWN, angle=-PI / 3
        )
        tags = VGroup(
            *[Text(t, font_size=28).next_to(arrow, UP, buff=0.1) for t, arrow in zip("01", there)],
            Text("reset", font_size=28).next_to(back, DOWN, buff=0.15),
        )
        loop = Arc(radius=0.4, start_angle=-PI / 4, angle=1.5 * PI, color=WHITE)
        loop.next_to(states[1], DOWN, buff=-0.05).scale(0.8)
        self.play(FadeIn(states, names), run_time=0.4)
        self.play(Create(there), Create(back), FadeIn(tags), run_time=0.6)
        self.wait(0.4)


class WeightOnEdge(Scene):
    """The weight of an edge stands on the edge, without a background."""

    def construct(self):
        a, b = Dot([-4, -1, 0], radius=0.15), Dot([4, 1, 0], radius=0.15)
        edge = Line(a, b)
        self.play(FadeIn(a, b), Create(edge), run_time=0.5)
        weight = Text("12", font_size=40).move_to(edge)
        self.play(Write(weight), run_time=0.4)  # expect: line-through-text
        self.wait(0.5)


class WeightOnPlate(Scene):
    """The weight of an edge stands on a small plate that hides the edge."""

    def construct(self):
        a, b = Dot([-4, -1, 0], radius=0.15), Dot([4, 1, 0], radius=0.15)
        edge = Line(a, b)
        weight = Text("12", font_size=40).move_to(edge)
        plate = SurroundingRectangle(
            weight, color=BLACK, fill_color=BLACK, fill_opacity=1, buff=0.1
        )
        self.play(FadeIn(a, b), Create(edge), run_time=0.5)
        self.play(FadeIn(plate, weight), run_time=0.4)
        self.wait(0.5)
