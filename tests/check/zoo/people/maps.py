from manim import *


class MetroLines(Scene):
    """Three lines that share a station; names beside the stops."""

    def construct(self):
        red = VMobject(color=RED, stroke_width=10).set_points_as_corners(
            [[-6, 2, 0], [-2, 2, 0], [1, -1, 0], [6, -1, 0]]
        )
        blue = VMobject(color=BLUE, stroke_width=10).set_points_as_corners(
            [[-6, -2, 0], [-3, -2, 0], [1, 2, 0], [6, 2, 0]]
        )
        self.play(Create(red), Create(blue), run_time=0.5)
        stops = VGroup()
        for p, name, way in [
            ([-5, 2, 0], "Airport", UP),
            ([-3, 2, 0], "Mill Lane", UP),
            ([-0.5, 0.5, 0], "Central", RIGHT),
            ([3, -1, 0], "Docks", DOWN),
            ([5, -1, 0], "Zoo", DOWN),
            ([-5, -2, 0], "North", DOWN),
            ([3, 2, 0], "Opera", UP),
            ([5, 2, 0], "Park", UP),
        ]:
            dot = Circle(0.16, color=WHITE, fill_color=BLACK, fill_opacity=1).move_to(p)
            stops.add(VGroup(dot, Text(name, font_size=24).next_to(dot, way, buff=0.25)))
        self.play(LaggedStart(*[FadeIn(s) for s in stops], lag_ratio=0.1), run_time=1)
        self.wait(0.3)


class MetroNameOnTheLine(Scene):
    """One station's name lies on its own thick line."""

    def construct(self):
        line = Line([-6, 0, 0], [6, 0, 0], color=GREEN, stroke_width=12)
        dots = VGroup(*[Dot([x, 0, 0], radius=0.18) for x in (-5, -1, 3)])
        names = VGroup(
            *[
                Text(n, font_size=26).next_to(d, UP, buff=0.3)
                for n, d in zip(("Ealing", "Acton", "Soho"), dots)
            ]
        )
        self.add(line, dots, names[:2])
        self.wait(0.3)
        names[2].move_to([4.2, 0, 0])
        self.play(Write(names[2]), run_time=0.5)  # expect: line-through-text
        self.wait(0.3)


class KnightMoves(Scene):
    """A chess board with pieces, coordinates outside and arrows to where the knight may go."""

    def construct(self):
        board = VGroup(
            *[
                Square(
                    0.75,
                    stroke_width=0,
                    fill_opacity=1,
                    fill_color="#EEEED2" if (i + j) % 2 else "#769656",
                ).move_to([j * 0.75 - 2.6, i * 0.75 - 2.6, 0])
                for i in range(8)
                for j in range(8)
            ]
        )
        files = VGroup(
            *[
                Text("abcdefgh"[j], font_size=22).move_to([j * 0.75 - 2.6, -3.3, 0])
                for j in range(8)
            ]
        )
        ranks = VGroup(
            *[Text(str(i + 1), font_size=22).move_to([-3.3, i * 0.75 - 2.6, 0]) for i in range(8)]
        )
        self.add(board, files, ranks)
        knight = Text("♞", font_size=48, color=BLACK, font="DejaVu Sans").move_to(board[3 * 8 + 3])
        self.play(FadeIn(knight), run_time=0.4)
        for i, j in ((5, 4), (4, 5), (2, 5)):
            target = board[i * 8 + j]
            self.play(
                GrowArrow(Arrow(knight.get_center(), target.get_center(), buff=0.45, color=RED)),
                run_time=0.35,
            )
        self.wait(0.3)


class ScoreInPale(Scene):
    """A board with white letters on its light squares: cannot be read there."""

    def construct(self):
        board = VGroup(
            *[
                Square(
                    0.9,
                    stroke_width=0,
                    fill_opacity=1,
                    fill_color="#F0D9B5" if (i + j) % 2 else "#7A5230",
                ).move_to([j * 0.9 - 1.35, i * 0.9 - 1.35, 0])
                for i in range(4)
                for j in range(4)
            ]
        )
        self.add(board)
        self.wait(0.3)
        good = Text("Q", color=WHITE).move_to(board[0])
        self.play(FadeIn(good), run_time=0.35)
        bad = Text("K", color=WHITE).move_to(board[1])
        self.play(FadeIn(bad), run_time=0.35)  # expect: low-contrast
        self.wait(0.3)


class Benzene(Scene):
    """Bonds end before the letters of the atoms."""

    def construct(self):
        ring = RegularPolygon(6, color=WHITE).scale(1.5)
        inner = VGroup(
            *[Line(*[ring.get_vertices()[k % 6] * 0.82 for k in (i, i + 1)]) for i in (0, 2, 4)]
        )
        atoms = VGroup(
            *[Text("H", font_size=36, color=YELLOW).move_to(v * 1.7) for v in ring.get_vertices()]
        )
        bonds = VGroup(*[Line(v, v * 1.48) for v in ring.get_vertices()])
        self.play(Create(ring), Create(inner), run_time=0.5)
        self.play(Create(bonds), FadeIn(atoms), run_time=0.5)
        name = Text("benzene, C₆H₆", font_size=36).to_edge(DOWN)
        self.play(Write(name), run_time=0.5)
        self.wait(0.3)


class EthanolBondsIntoLetters(Scene):
    """The bond to O runs from middle to middle, across the letters."""

    def construct(self):
        spots = [[-3, 0, 0], [0, 0, 0], [3, 0, 0]]
        letters = [Text(t, font_size=48).move_to(p) for t, p in zip(("CH₃", "CH₂", "OH"), spots)]
        good = Line(letters[0].get_right(), letters[1].get_left(), buff=0.15)
        self.add(*letters, good)
        self.wait(0.3)
        bad = Line(letters[1].get_center(), letters[2].get_left() + 0.2 * LEFT, buff=0)
        self.play(Create(bad), run_time=0.4)  # expect: line-through-text
        self.wait(0.3)


class ElectronFlow(Scene):
    """Electrons run along a wire through a lamp and a battery; no text is hurt."""

    def construct(self):
        wire = RoundedRectangle(width=8, height=4, corner_radius=0.4, color=GREY_B)
        lamp = VGroup(
            Circle(0.5, color=YELLOW, fill_color=BLACK, fill_opacity=1),
            Line(DL * 0.35, UR * 0.35, color=YELLOW),
            Line(UL * 0.35, DR * 0.35, color=YELLOW),
        ).move_to(2 * UP)
        plus = VGroup(
            Rectangle(width=1.6, height=0.8, color=GREEN, fill_color=BLACK, fill_opacity=1),
            Text("9 V", font_size=28),
        ).move_to(2 * DOWN)
        self.add(wire)
        front = (
            lamp,
            plus,
            Text("lamp", font_size=28).move_to(3 * UP),
            Text("battery", font_size=28).move_to(3 * DOWN),
        )
        t = ValueTracker(0)
        for k in range(10):
            d = Dot(color=BLUE, radius=0.1)
            d.add_updater(
                lambda m, k=k: m.move_to(wire.point_from_proportion((t.get_value() + k / 10) % 1))
            )
            self.add(d)
        self.add(*front)
        self.play(t.animate.set_value(0.5), run_time=2, rate_func=linear)
        self.wait(0.3)


class IsoBlocks(Scene):
    """Isometric boxes with letters on top, sheared, and names beside."""

    def construct(self):
        def block(x, color):
            a, b, c = RIGHT * 0.9 + UP * 0.45, LEFT * 0.9 + UP * 0.45, UP * 1.1
            o = np.array([x, -1.5, 0])
            top = Polygon(
                o + c,
                o + c + a,
                o + c + a + b,
                o + c + b,
                color=color,
                fill_opacity=0.9,
                stroke_color=BLACK,
            )
            right = Polygon(
                o, o + a, o + a + c, o + c, color=color, fill_opacity=0.6, stroke_color=BLACK
            )
            left = Polygon(
                o, o + b, o + b + c, o + c, color=color, fill_opacity=0.4, stroke_color=BLACK
            )
            return VGroup(left, right, top)

        blocks = VGroup(block(-4, BLUE), block(0, GREEN), block(4, ORANGE))
        self.play(LaggedStart(*[FadeIn(b, shift=DOWN) for b in blocks]), run_time=0.8)
        for b, n in zip(blocks, ("L1", "L2", "DRAM")):
            self.play(FadeIn(Text(n, font_size=32).next_to(b, UP)), run_time=0.35)
        arrows = VGroup(
            *[Arrow(blocks[i].get_right(), blocks[i + 1].get_left(), buff=0.1) for i in (0, 1)]
        )
        self.play(Create(arrows), run_time=0.4)
        self.wait(0.3)


class ContourMap(Scene):
    """Height lines with their heights in gaps of the lines."""

    def construct(self):
        rings = VGroup(
            *[
                Ellipse(width=2.4 * k, height=1.6 * k, color=GREEN_C, stroke_width=2)
                for k in (1, 2, 3)
            ]
        )
        labels = VGroup()
        for k, ring in enumerate(rings):
            t = Text(f"{300 - 100 * k} m", font_size=22, color=GREEN_A).move_to(ring.get_top())
            labels.add(VGroup(BackgroundRectangle(t, fill_opacity=1, buff=0.06), t))
        self.play(Create(rings), run_time=0.6)
        self.play(FadeIn(labels), run_time=0.5)
        self.wait(0.3)


class ContourMapNoGap(Scene):
    """The same without gaps: the lines run through the heights."""

    def construct(self):
        ring = Ellipse(width=5, height=3, color=GREEN_C, stroke_width=3)
        peak = Triangle(color=WHITE, fill_opacity=1).scale(0.12)
        self.add(ring, peak, Text("Ben More", font_size=26).next_to(peak, DOWN))
        self.wait(0.3)
        self.play(
            FadeIn(Text("200 m", font_size=26, color=WHITE).move_to(ring.get_top())), run_time=0.5
        )  # expect: line-through-text
        self.wait(0.3)


class Violins(Scene):
    """Violins with a median dot, mirror halves, names beneath."""

    def construct(self):
        for k, s in enumerate((0.6, 1.0, 0.8)):
            ys = np.linspace(-2.2, 2.2, 40)
            half = [[s * np.exp(-y * y / (0.5 + k * 0.4)), y, 0] for y in ys]
            other = [[-x, y, 0] for x, y, _ in half[::-1]]
            v = Polygon(*half, *other, color=[BLUE, GREEN, PURPLE][k], fill_opacity=0.5).shift(
                (k - 1) * 4 * RIGHT
            )
            bar = Line(v.get_center() + UP * 0.8, v.get_center() + DOWN * 0.8, stroke_width=6)
            self.play(
                DrawBorderThenFill(v),
                FadeIn(bar),
                FadeIn(Dot(v.get_center(), color=BLACK)),
                FadeIn(Text(["adelie", "gentoo", "chinstrap"][k], font_size=28).next_to(v, DOWN)),
                run_time=0.5,
            )
        self.wait(0.3)


class SkillsRadar(Scene):
    """A radar chart with rings, spokes, polygons, names outside."""

    def construct(self):
        names = ["speed", "memory", "quality", "price", "ease"]
        ways = [np.array([np.cos(a), np.sin(a), 0]) for a in PI / 2 + np.arange(5) * TAU / 5]
        web = VGroup(
            *[
                Polygon(*[w * r for w in ways], color=GREY, stroke_width=1.5)
                for r in (0.8, 1.6, 2.4)
            ],
            *[Line(ORIGIN, w * 2.4, color=GREY, stroke_width=1.5) for w in ways],
        )
        words = VGroup(*[Text(n, font_size=26).move_to(w * 3.4) for n, w in zip(names, ways)])
        self.play(Create(web), FadeIn(words), run_time=0.5)
        for values, color in (((2, 1.2, 2.2, 1, 1.8), BLUE), ((1, 2.2, 1.4, 2, 1), RED)):
            self.play(
                DrawBorderThenFill(
                    Polygon(*[w * v for w, v in zip(ways, values)], color=color, fill_opacity=0.25)
                ),
                run_time=0.5,
            )
        self.wait(0.3)


class SalesFunnel(Scene):
    """Trapezes with numbers on them and names at the left."""

    def construct(self):
        widths = [7, 5.2, 3.4, 2.0, 1.4]
        for k in range(4):
            y = 2.2 - k * 1.3
            a, b = widths[k] / 2, widths[k + 1] / 2
            t = Polygon(
                [-a, y, 0],
                [a, y, 0],
                [b, y - 1.15, 0],
                [-b, y - 1.15, 0],
                stroke_width=0,
                fill_opacity=1,
                color=[BLUE_E, BLUE_D, TEAL_E, GREEN_E][k],
            ).shift(RIGHT * 1.5)
            n = Text(["12 000", "4 800", "960", "210"][k], font_size=30, weight=BOLD).move_to(t)
            w = Text(["visits", "trials", "orders", "repeat"][k], font_size=28).move_to(
                [-4.5, y - 0.6, 0]
            )
            self.play(
                FadeIn(t, shift=DOWN * 0.3), FadeIn(n), FadeIn(w), run_time=0.4
            )  # expect: low-contrast, low-contrast
        self.wait(0.3)


class PhasePortrait(Scene):
    """Arrows of a field and orbits through them; a title on a plate."""

    def construct(self):
        field = ArrowVectorField(
            lambda p: np.array([p[1], -p[0] - 0.3 * p[1], 0]) / 3,
            x_range=[-6, 6, 1],
            y_range=[-3.5, 3.5, 1],
            length_func=lambda n: 0.5 * sigmoid(n),
        )
        self.add(field)
        ts = np.linspace(0, 12, 200)
        orbit = VMobject(color=YELLOW).set_points_smoothly(
            [[3 * np.exp(-0.15 * t) * np.cos(t), -3 * np.exp(-0.15 * t) * np.sin(t), 0] for t in ts]
        )
        self.play(Create(orbit), run_time=0.8)
        title = Text("damped oscillator", font_size=34)
        plate = SurroundingRectangle(title, color=WHITE, fill_color=BLACK, fill_opacity=1, buff=0.2)
        self.play(FadeIn(VGroup(plate, title).to_corner(UL)), run_time=0.4)
        self.wait(0.3)


class PhasePortraitTitleBare(Scene):
    """The title lies on the arrows of the field, without a plate."""

    def construct(self):
        field = ArrowVectorField(
            lambda p: np.array([1, 0.6, 0]), x_range=[-6, 6, 1], y_range=[-3, 3, 1]
        )
        self.add(field)
        self.wait(0.3)
        title = Text("the flow is the same everywhere", font_size=40)
        self.play(Write(title), run_time=0.6)  # expect: line-through-text
        self.wait(0.3)


class WordCloud(Scene):
    """Words of many sizes and angles that do not touch."""

    def construct(self):
        words = [
            ("attention", 72, 0, (0, 0.3)),
            ("tokens", 48, 0, (-3.6, 1.7)),
            ("cache", 54, PI / 2, (4.2, 0.2)),
            ("page", 40, 0, (2.1, 1.8)),
            ("frames", 38, 0, (-3.4, -1.2)),
            ("batch", 44, 0, (0.6, -1.4)),
            ("prefix", 34, PI / 2, (-5.4, 0.2)),
        ]
        for t, s, a, (x, y) in words:
            self.play(
                FadeIn(
                    Text(t, font_size=s, color=interpolate_color(BLUE_B, YELLOW, s / 72))
                    .rotate(a)
                    .move_to([x, y, 0]),
                    scale=0.5,
                ),
                run_time=0.3,
            )
        self.wait(0.3)


class WordCloudTooDense(Scene):
    """Two of the words lie on each other, one is tiny, one runs out of the picture."""

    def construct(self):
        self.add(Text("gradient", font_size=64))
        self.wait(0.3)
        self.play(
            FadeIn(Text("descent", font_size=48, color=RED).move_to([1.2, 0.3, 0])), run_time=0.4
        )  # expect: text-overlap
        self.play(
            FadeIn(Text("epsilon", font_size=10).move_to([-3, -2, 0])), run_time=0.4
        )  # expect: text-too-small
        self.play(
            FadeIn(Text("learning rate", font_size=60).move_to([5.4, -2.4, 0])), run_time=0.4
        )  # expect: text-outside
        self.wait(0.3)


class WeatherMap(Scene):
    """Fronts with triangles, pressure letters, temperatures in discs."""

    def construct(self):
        land = Polygon(
            [-4, -2, 0],
            [-2, 2, 0],
            [2, 2.5, 0],
            [4, 0, 0],
            [2, -2.6, 0],
            color=GREEN_E,
            fill_opacity=1,
            stroke_color=GREEN,
        )
        front = ArcBetweenPoints([-5, -1, 0], [5, -1.4, 0], angle=-0.7, color=BLUE, stroke_width=6)
        teeth = VGroup(
            *[
                Triangle(color=BLUE, fill_opacity=1)
                .scale(0.2)
                .move_to(front.point_from_proportion(p) + 0.12 * UP)
                for p in np.linspace(0.1, 0.9, 7)
            ]
        )
        self.play(FadeIn(land), Create(front), FadeIn(teeth), run_time=0.5)
        for t, p in (("21°", [-1.5, 1.2, 0]), ("18°", [1.5, 1.4, 0]), ("9°", [0.5, -1.6, 0])):
            disc = Circle(0.4, stroke_width=0, fill_color=WHITE, fill_opacity=1).move_to(p)
            self.play(
                FadeIn(disc), FadeIn(Text(t, font_size=28, color=BLACK).move_to(p)), run_time=0.3
            )
        self.play(
            FadeIn(Text("H", font_size=60, color=BLUE_A).move_to([4.6, 2.6, 0])), run_time=0.3
        )
        self.wait(0.3)


class FloorPlan(Scene):
    """Walls, doors as arcs, rooms' names, sizes with arrows outside."""

    def construct(self):
        walls = VGroup(
            Rectangle(width=9, height=5, stroke_width=8),
            Line([0, 2.5, 0], [0, -0.6, 0], stroke_width=8),
            Line([0, 0.4, 0], [4.5, 0.4, 0], stroke_width=8),
        )
        door = VGroup(
            Arc(radius=1, start_angle=PI / 2, angle=PI / 2, color=GREY_B).move_arc_center_to(
                [0, -1.9, 0]
            ),
            Line([0, -1.9, 0], [0, -0.9, 0], color=GREY_B),
        )
        rooms = VGroup(
            Text("kitchen", font_size=30).move_to([2.2, 1.5, 0]),
            Text("living room", font_size=30).move_to([-2.4, 1, 0]),
            Text("hall", font_size=30).move_to([2.4, -1.2, 0]),
        )
        self.play(Create(walls), Create(door), run_time=0.5)
        self.play(FadeIn(rooms), run_time=0.4)
        size = DoubleArrow([-4.5, -3, 0], [4.5, -3, 0], buff=0, stroke_width=3, tip_length=0.2)
        self.play(
            GrowFromCenter(size),
            FadeIn(Text("9.0 m", font_size=28).next_to(size, DOWN, buff=0.1)),
            run_time=0.4,
        )
        self.wait(0.3)


class FloorPlanWall(Scene):
    """A new wall goes through a room's name."""

    def construct(self):
        self.add(Rectangle(width=9, height=5, stroke_width=8), Text("living room", font_size=44))
        self.wait(0.3)
        self.play(
            Create(Line([0.2, 2.5, 0], [0.2, -2.5, 0], stroke_width=8, color=GREY_B)), run_time=0.4
        )  # expect: line-through-text
        self.wait(0.3)


class TreeMap(Scene):
    """Cells of many sizes with words in them, the smallest without."""

    def construct(self):
        cells = (
            ("photos", 0, 0, 6, 6, BLUE_E),
            ("mail", 6, 0, 4, 3.4, MAROON_E),
            ("code", 6, 3.4, 2.4, 2.6, "#205020"),
            ("", 8.4, 3.4, 1.6, 1.2, GREY_D),
            ("", 8.4, 4.6, 1.6, 1.4, GREY_E),
        )
        for t, x, y, w, h, c in cells:
            r = Rectangle(
                width=w, height=h, stroke_color=BLACK, stroke_width=3, fill_color=c, fill_opacity=1
            ).move_to([x + w / 2 - 5, y + h / 2 - 3, 0])
            self.add(r)
            if t:
                self.add(Text(t, font_size=36).move_to(r))
        self.wait(0.5)
