from manim import *


class Electron(Scene):
    """An atom: shells, a nucleus of many dots that overlap, electrons with minus signs."""

    def construct(self):
        shells = VGroup(*[Circle(radius=r, color=GREY, stroke_width=2) for r in (1.4, 2.4)])
        nucleus = VGroup(
            *[
                Circle(radius=0.22, fill_opacity=1, color=c).shift(0.2 * v)
                for c, v in ((RED, UP), (BLUE, DOWN), (RED, LEFT), (BLUE, RIGHT))
            ]
        )
        electrons = VGroup()
        for r, a in ((1.4, 0.3), (1.4, 3.4), (2.4, 1.5), (2.4, 4.6)):
            dot = Circle(radius=0.2, fill_opacity=1, color=YELLOW, stroke_width=0).move_to(
                [r * np.cos(a), r * np.sin(a), 0]
            )
            electrons.add(VGroup(dot, Text("−", font_size=30, color=BLACK).move_to(dot)))
        self.play(Create(shells), FadeIn(nucleus, electrons), run_time=0.5)
        self.play(Rotate(electrons, PI, about_point=ORIGIN), run_time=0.8)
        self.wait(0.3)


class LinkedList(Scene):
    """Cells in two parts, an arrow from the dot in each to the next cell."""

    def construct(self):
        cells = VGroup()
        for v in (4, 8, 15):
            box = VGroup(Rectangle(width=1.2, height=1), Rectangle(width=0.8, height=1)).arrange(
                RIGHT, buff=0
            )
            cells.add(
                VGroup(box, Text(str(v), font_size=36).move_to(box[0]), Dot().move_to(box[1]))
            )
        cells.arrange(RIGHT, buff=1.2)
        arrows = VGroup(
            *[Arrow(a[2].get_center(), b.get_left(), buff=0.05) for a, b in zip(cells, cells[1:])]
        )
        end = Text("null", font_size=32).next_to(cells, RIGHT, buff=0.8)
        last = Arrow(cells[-1][2].get_center(), end.get_left(), buff=0.05)
        self.play(FadeIn(cells), run_time=0.4)
        self.play(Create(arrows), GrowArrow(last), FadeIn(end), run_time=0.5)
        self.wait(0.3)


class StackPush(Scene):
    """A box drops into a container that is open above, onto the others."""

    def construct(self):
        wall = VMobject().set_points_as_corners(
            [[-1.2, 2.5, 0], [-1.2, -2.5, 0], [1.2, -2.5, 0], [1.2, 2.5, 0]]
        )
        title = Text("stack", font_size=36).next_to(wall, DOWN)
        self.add(wall, title)
        for i, v in enumerate("ABC"):
            box = VGroup(
                Rectangle(width=2, height=0.9, color=BLUE, fill_opacity=0.3), Text(v, font_size=34)
            )
            box.move_to([0, 3.2, 0])
            self.play(FadeIn(box), run_time=0.3)
            self.play(box.animate.move_to([0, -1.95 + i, 0]), run_time=0.4)
        self.wait(0.3)


class HashTable(Scene):
    """Keys on the left, buckets on the right, arrows that cross each other between them."""

    def construct(self):
        keys = (
            VGroup(*[Text(k, font_size=32) for k in ("anna", "bert", "carl")])
            .arrange(DOWN, buff=0.9)
            .shift(4 * LEFT)
        )
        slots = (
            VGroup(*[Rectangle(width=2, height=0.8) for _ in range(5)])
            .arrange(DOWN, buff=0)
            .shift(3 * RIGHT)
        )
        nums = VGroup(*[Text(str(i), font_size=24).next_to(s, LEFT) for i, s in enumerate(slots)])
        arrows = VGroup(
            *[
                Arrow(k.get_right(), nums[i].get_left(), buff=0.15, stroke_width=3)
                for k, i in zip(keys, (3, 0, 4))
            ]
        )
        self.play(FadeIn(keys, slots, nums), run_time=0.4)
        self.play(LaggedStartMap(GrowArrow, arrows), run_time=0.6)
        self.wait(0.3)


class ArrowThroughKey(Scene):
    """An arrow of a mapping runs through another key on its way."""

    def construct(self):
        keys = VGroup(*[Text(k, font_size=40) for k in ("left", "middle", "right")]).arrange(
            RIGHT, buff=1.2
        )
        self.play(FadeIn(keys), run_time=0.4)
        arrow = Arrow(keys[0].get_right(), keys[2].get_left(), buff=0.1, color=RED)
        self.play(GrowArrow(arrow), run_time=0.4)  # expect: line-through-text
        self.wait(0.3)


class UnitCircle(Scene):
    """The unit circle with its axes, a radius, dashed projections; the circle runs through the name of the sine."""

    def construct(self):
        axes = Axes(x_range=[-1.5, 1.5], y_range=[-1.5, 1.5], x_length=6, y_length=6)
        circle = Circle(radius=2, color=BLUE)
        p = circle.point_at_angle(PI / 4)
        radius = Line(ORIGIN, p, color=YELLOW)
        down = DashedLine(p, [p[0], 0, 0])
        left = DashedLine(p, [0, p[1], 0])
        angle = Angle(Line(ORIGIN, RIGHT), radius, radius=0.5)
        names = VGroup(
            Text("cos φ", font_size=26).next_to([p[0] / 2, 0, 0], DOWN, buff=0.15),
            Text("sin φ", font_size=26).next_to(down, RIGHT, buff=0.1).shift(0.2 * DOWN),
            Text("1", font_size=26).move_to(radius.get_center() + 0.25 * UL),
        )
        self.play(Create(axes), Create(circle), run_time=0.5)
        self.play(Create(radius), Create(down), Create(left), Create(angle), run_time=0.5)
        self.play(FadeIn(names), run_time=0.4)  # expect: line-through-text
        self.wait(0.3)


class Histogram(Scene):
    """BarChart with bars that touch, a bell curve over them, and a label with an arrow to it."""

    def construct(self):
        chart = BarChart(
            values=[1, 3, 6, 8, 6, 3, 1],
            y_range=[0, 9, 3],
            x_length=8,
            y_length=5,
            bar_width=1,
            y_axis_config={"include_numbers": False},
            bar_names=None,
        )
        bell = chart.plot(lambda x: 8.2 * np.exp(-((x - 3.5) ** 2) / 4), color=YELLOW)
        note = Text("bell curve", font_size=30, color=YELLOW).move_to([4.2, 2, 0])
        arrow = Arrow(note.get_left(), chart.i2gp(4.6, bell), buff=0.15, color=YELLOW)
        self.play(Create(chart), run_time=0.5)
        self.play(Create(bell), FadeIn(note), GrowArrow(arrow), run_time=0.5)
        self.wait(0.3)


class MapWithPins(Scene):
    """A polygon as a country, pins on it, names of towns beside the pins, a route between."""

    def construct(self):
        land = Polygon(
            [-4, -2, 0],
            [-3, 2, 0],
            [1, 3, 0],
            [4, 1, 0],
            [3, -2.5, 0],
            color=GREEN,
            fill_opacity=0.3,
        )
        towns = {"Aston": [-2, 0.5, 0], "Brill": [1, 1.5, 0], "Crewe": [1.5, -1.2, 0]}
        pins = VGroup(*[Dot(p, color=RED, radius=0.1) for p in towns.values()])
        names = VGroup(
            *[
                Text(n, font_size=26).next_to(p, d, buff=0.1)
                for n, p, d in zip(towns, towns.values(), (LEFT, UP, RIGHT))
            ]
        )
        route = VMobject(color=YELLOW).set_points_smoothly(
            [np.array(p, dtype=float) for p in towns.values()]
        )
        self.play(FadeIn(land), run_time=0.3)
        self.play(FadeIn(pins, names), run_time=0.4)
        self.play(Create(route), run_time=0.4)
        self.wait(0.3)


class LongTitleShrunk(Scene):
    """A title that was shrunk to fit the width, and lost its size."""

    def construct(self):
        title = Text(
            "A complete and unabridged history of everything that was ever written about tea and its trade"
        ).scale_to_fit_width(6)
        self.add(Circle(radius=1.5, color=GOLD).shift(DOWN))
        self.play(Write(title.shift(2 * UP)), run_time=0.5)  # expect: text-too-small
        self.wait(0.3)


class PlayButton(Scene):
    """A dark picture with a button: a triangle in a circle, a progress line with a knob on it."""

    def construct(self):
        screen = RoundedRectangle(
            width=9, height=5, fill_color="#222222", fill_opacity=1, stroke_width=0
        )
        ring = Circle(radius=0.9, color=WHITE)
        triangle = Triangle(fill_opacity=1, color=WHITE).scale(0.5).rotate(-PI / 2)
        line = Line([-4, -2.1, 0], [4, -2.1, 0], color=GREY_B, stroke_width=6)
        done = Line([-4, -2.1, 0], [-1, -2.1, 0], color=RED, stroke_width=6)
        knob = Dot([-1, -2.1, 0], color=RED, radius=0.13)
        time = Text("1:07 / 4:20", font_size=22, color=GREY_A).move_to([3, -1.75, 0])
        self.play(FadeIn(screen), run_time=0.3)
        self.play(FadeIn(ring, triangle, line, done, knob, time), run_time=0.4)
        self.play(
            done.animate.put_start_and_end_on([-4, -2.1, 0], [1, -2.1, 0]),
            knob.animate.move_to([1, -2.1, 0]),
            run_time=0.5,
        )
        self.wait(0.3)


class ChatWindow(Scene):
    """Bubbles left and right with texts of several lines, in the colours of a messenger."""

    def construct(self):
        self.camera.background_color = "#efeae2"
        talk = (
            ("Are you there?", LEFT, WHITE),
            ("Yes! On my way,\ntwo minutes.", RIGHT, "#d9fdd3"),
            ("Great", LEFT, WHITE),
        )
        y = 2.5
        for text, side, color in talk:
            words = Text(text, font_size=32, color="#111b21", line_spacing=1)
            bubble = SurroundingRectangle(
                words,
                corner_radius=0.2,
                buff=0.3,
                color=color,
                fill_color=color,
                fill_opacity=1,
                stroke_width=0,
            )
            group = VGroup(bubble, words).move_to([0, y, 0]).to_edge(side, buff=1)
            self.play(FadeIn(group, shift=0.2 * UP), run_time=0.3)
            y -= group.height + 0.5
        self.wait(0.3)


class ChatTime(Scene):
    """The time in a bubble is light grey on white, and tiny as well: two faults of one text."""

    def construct(self):
        self.camera.background_color = "#efeae2"
        bubble = RoundedRectangle(
            width=6, height=1.6, corner_radius=0.2, fill_color=WHITE, fill_opacity=1, stroke_width=0
        )
        words = Text("See you at ten", font_size=36, color=BLACK).move_to(bubble)
        time = Text("10:02", font_size=12, color="#c4c4c4").move_to(
            bubble.get_corner(DR) + 0.5 * LEFT + 0.25 * UP
        )
        self.play(FadeIn(bubble, words), run_time=0.3)
        self.play(FadeIn(time), run_time=0.3)  # expect: low-contrast, text-too-small
        self.wait(0.3)


class Magnet(Scene):
    """Field lines leave a bar magnet and enter it again; N and S on its ends."""

    def construct(self):
        n = Rectangle(width=2, height=1, color=RED, fill_opacity=0.8).shift(RIGHT)
        s = Rectangle(width=2, height=1, color=BLUE, fill_opacity=0.8).shift(LEFT)
        names = VGroup(Text("N", font_size=44).move_to(n), Text("S", font_size=44).move_to(s))
        lines = VGroup(
            *[
                ArcBetweenPoints([2, 0.2 * k, 0], [-2, 0.2 * k, 0], angle=k * 1.6, color=GREY_B)
                for k in (-2, -1, 1, 2)
            ]
        )
        self.play(FadeIn(n, s, names), run_time=0.3)
        self.play(Create(lines), run_time=0.5)
        self.wait(0.3)


class Solar(Scene):
    """Names that follow planets overlap where two planets meet, and stay so at the end."""

    def construct(self):
        a, b = Dot([-3, 0.4, 0], color=BLUE), Dot([3, 0.4, 0], color=RED)
        na = always_redraw(lambda: Text("Mercury", font_size=30).next_to(a, DOWN))
        nb = always_redraw(lambda: Text("Venus", font_size=30).next_to(b, DOWN))
        self.add(a, b, na, nb)
        self.wait(0.3)
        self.play(
            a.animate.shift(2.8 * RIGHT), b.animate.shift(2.8 * LEFT), run_time=0.6
        )  # expect: text-overlap
        self.wait(0.3)


class CreditsRoll(Scene):
    """Names roll upwards through the picture, and stop where all of them are inside."""

    def construct(self):
        names = VGroup(
            *[Text(n, font_size=36) for n in ("Directed by", "A. Person", "Music by", "B. Person")]
        ).arrange(DOWN)
        names.next_to([0, -4, 0], DOWN)
        self.add(names)
        self.play(names.animate.move_to(ORIGIN), run_time=1)
        self.wait(0.3)


class RotatedTicks(Scene):
    """Names of months below an axis, turned by 45 degrees."""

    def construct(self):
        line = NumberLine(x_range=[0, 6, 1], length=11)
        names = VGroup()
        for i, n in enumerate(("January", "February", "March", "April", "May", "June")):
            names.add(Text(n, font_size=28).rotate(PI / 4).next_to(line.n2p(i), DOWN, buff=0.2))
        self.play(Create(line), FadeIn(names), run_time=0.5)
        self.wait(0.3)


class PunnettSquare(Scene):
    """A grid of lines with letters in its cells and heads outside of it."""

    def construct(self):
        grid = VGroup(
            *[Line([-2, y, 0], [2, y, 0]) for y in (-2, 0, 2)],
            *[Line([x, -2, 0], [x, 2, 0]) for x in (-2, 0, 2)],
        )
        cells = VGroup(
            *[
                Text(t, font_size=40).move_to(p)
                for t, p in zip(
                    ("BB", "Bb", "Bb", "bb"), ([-1, 1, 0], [1, 1, 0], [-1, -1, 0], [1, -1, 0])
                )
            ]
        )
        heads = VGroup(
            *[
                Text(t, font_size=40, color=BLUE).move_to(p)
                for t, p in zip("BbBb", ([-1, 2.5, 0], [1, 2.5, 0], [-2.5, 1, 0], [-2.5, -1, 0]))
            ]
        )
        self.play(Create(grid), FadeIn(heads), run_time=0.4)
        self.play(LaggedStartMap(FadeIn, cells), run_time=0.4)
        self.wait(0.3)
