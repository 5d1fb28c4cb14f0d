from manim import *


class AxesCrossedByHeading(Scene):
    """A heading that was put where the y axis and its tip are: both cross it, that is one fault."""

    def construct(self):
        axes = Axes(x_range=[-4, 4], y_range=[-4, 4], x_length=10, y_length=7.6)
        self.play(Create(axes), run_time=0.4)
        title = Text("Growth of populations", font_size=40).to_edge(UP, buff=0.3)
        self.play(Write(title), run_time=0.4)  # expect: line-through-text
        self.wait(0.3)


class WordOnGridOfLines(Scene):
    """A word stands across five lines of one group: one fault."""

    def construct(self):
        staff = VGroup(*[Line(5 * LEFT, 5 * RIGHT) for _ in range(5)]).arrange(DOWN, buff=0.2)
        self.play(Create(staff), run_time=0.4)
        word = Text("andante", font_size=60)
        self.play(FadeIn(word), run_time=0.4)  # expect: line-through-text
        self.wait(0.3)


class ClockFace(Scene):
    """A clock with numbers on its face, hands that turn, and a second hand across no number."""

    def construct(self):
        face = Circle(radius=2.8, color=WHITE)
        numbers = VGroup(
            *[
                Text(str(h), font_size=30).move_to(
                    2.3 * np.array([np.sin(h * TAU / 12), np.cos(h * TAU / 12), 0])
                )
                for h in range(1, 13)
            ]
        )
        hour = Line(ORIGIN, 1.2 * UP, stroke_width=8)
        minute = Line(ORIGIN, 1.8 * UP, stroke_width=4)
        self.add(face, numbers, hour, minute, Dot())
        self.play(
            Rotate(minute, -TAU, about_point=ORIGIN),
            Rotate(hour, -TAU / 12, about_point=ORIGIN),
            run_time=1,
        )
        self.wait(0.3)


class Stacked(Scene):
    """Layers of a network stack with names, an arrow beside them, and a brace."""

    def construct(self):
        names = ("application", "transport", "network", "link")
        layers = VGroup(
            *[
                Rectangle(width=5, height=1, fill_color=c, fill_opacity=0.6)
                for c in (BLUE_E, TEAL_E, GREEN_E, GOLD_E)
            ]
        )
        layers.arrange(DOWN, buff=0)
        tags = VGroup(*[Text(n, font_size=30).move_to(l) for n, l in zip(names, layers)])
        down = Arrow(layers.get_corner(UL) + 0.6 * LEFT, layers.get_corner(DL) + 0.6 * LEFT, buff=0)
        brace = Brace(layers, RIGHT)
        words = Text("4 layers", font_size=30).next_to(brace, RIGHT)
        self.play(FadeIn(layers, tags), run_time=0.4)
        self.play(GrowArrow(down), GrowFromCenter(brace), FadeIn(words), run_time=0.4)
        self.wait(0.3)


class PacketThroughLayers(Scene):
    """A dot moves down through the layers' names."""

    def construct(self):
        layers = VGroup(*[Rectangle(width=5, height=1) for _ in range(4)]).arrange(DOWN, buff=0.1)
        tags = VGroup(
            *[Text(n, font_size=30).next_to(l.get_left(), RIGHT) for n, l in zip("ABCD", layers)]
        )
        dot = Dot(color=YELLOW).move_to(layers.get_top())
        self.add(layers, tags, dot)
        self.play(dot.animate.move_to(layers.get_bottom()), run_time=0.8)
        self.wait(0.3)


class RightAngleLabels(Scene):
    """Vectors that add up, with their names beside them, in a plane whose lines are faint."""

    def construct(self):
        plane = NumberPlane(
            x_range=[-6, 6],
            y_range=[-3.5, 3.5],
            background_line_style={"stroke_color": TEAL, "stroke_width": 1, "stroke_opacity": 0.25},
        )
        u = Vector([3, 1], color=YELLOW)
        v = Vector([1, 2], color=RED).shift([3, 1, 0])
        w = Vector([4, 3], color=GREEN)
        names = VGroup(
            Text("u", font_size=36, color=YELLOW).move_to([1.7, 0.15, 0]),
            Text("v", font_size=36, color=RED).move_to([3.85, 1.7, 0]),
            Text("u + v", font_size=36, color=GREEN).move_to([1.35, 1.75, 0]),
        )
        self.play(FadeIn(plane), run_time=0.3)
        self.play(GrowArrow(u), GrowArrow(v), GrowArrow(w), FadeIn(names), run_time=0.5)
        self.wait(0.3)


class Subtitled(Scene):
    """A caption on a dark strip at the lower edge, over a busy drawing."""

    def construct(self):
        lines = VGroup(
            *[
                Line([x, -4, 0], [x + 2, 4, 0], color=BLUE, stroke_width=3)
                for x in np.arange(-8, 8, 0.7)
            ]
        )
        strip = Rectangle(
            width=15, height=1.1, fill_color=BLACK, fill_opacity=1, stroke_width=0
        ).to_edge(DOWN, buff=0)
        words = Text("and so the lines are hidden", font_size=34).move_to(strip)
        self.add(lines)
        self.play(FadeIn(strip, words), run_time=0.4)
        self.wait(0.3)


class SubtitledWithoutStrip(Scene):
    """The same caption without its strip: every line runs through it; one fault."""

    def construct(self):
        lines = VGroup(
            *[
                Line([x, -4, 0], [x + 2, 4, 0], color=BLUE, stroke_width=3)
                for x in np.arange(-8, 8, 0.7)
            ]
        )
        words = Text("and so the lines are seen", font_size=34).to_edge(DOWN)
        self.add(lines)
        self.play(FadeIn(words), run_time=0.4)  # expect: line-through-text
        self.wait(0.3)


class Checklist(Scene):
    """Boxes that are ticked one by one; what is done is struck through on purpose."""

    def construct(self):
        rows = VGroup()
        for text in ("flour", "butter", "sugar"):
            row = VGroup(Square(0.5), Text(text, font_size=40)).arrange(RIGHT, buff=0.4)
            rows.add(row)
        rows.arrange(DOWN, aligned_edge=LEFT, buff=0.5)
        self.play(FadeIn(rows), run_time=0.4)
        for row in rows:
            tick = VMobject(color=GREEN, stroke_width=8)
            x, y, _ = row[0].get_center()
            tick.set_points_as_corners(
                [[x - 0.15, y, 0], [x - 0.03, y - 0.13, 0], [x + 0.2, y + 0.2, 0]]
            )
            self.play(Create(tick), run_time=0.3)
        self.wait(0.3)


class Chessboard(Scene):
    """A board of filled squares, its names beside it, and a piece that moves."""

    def construct(self):
        board = VGroup(
            *[
                Square(
                    0.8,
                    fill_color=(GREY_BROWN if (i + j) % 2 else LIGHT_BROWN),
                    fill_opacity=1,
                    stroke_width=0,
                )
                for i in range(8)
                for j in range(8)
            ]
        ).arrange_in_grid(8, 8, buff=0)
        names = VGroup(
            *[
                Text(c, font_size=22).next_to(board[56 + i], DOWN, buff=0.12)
                for i, c in enumerate("abcdefgh")
            ]
        )
        knight = Text("♞", font_size=44, color=BLACK).move_to(board[57])
        self.add(board, names, knight)
        self.play(knight.animate.move_to(board[42]), run_time=0.5)
        self.wait(0.3)


class FractionOfText(Scene):
    """A fraction by hand: the bar lies between both texts."""

    def construct(self):
        top, bottom = Text("distance", font_size=44), Text("time", font_size=44)
        bar = Line(LEFT, RIGHT).scale_to_fit_width(top.width + 0.3)
        fraction = VGroup(top, bar, bottom).arrange(DOWN, buff=0.2)
        speed = Text("speed =", font_size=44).next_to(fraction, LEFT)
        self.play(Write(speed), Write(fraction), run_time=0.6)
        self.wait(0.3)


class FractionTooTight(Scene):
    """The bar of the fraction cuts the letters above it."""

    def construct(self):
        top, bottom = (
            Text("energy", font_size=44).shift(0.12 * UP),
            Text("time", font_size=44).shift(0.6 * DOWN),
        )
        bar = Line(1.5 * LEFT, 1.5 * RIGHT)
        self.play(
            Write(VGroup(top, bottom)), Create(bar), run_time=0.5
        )  # expect: line-through-text
        self.wait(0.3)


class CardsFanned(Scene):
    """Cards that lie over each other, so that only the uppermost one's word is whole."""

    def construct(self):
        cards = VGroup()
        for i, name in enumerate(("hearts", "spades", "clubs")):
            card = RoundedRectangle(
                width=2.6, height=3.6, fill_color=WHITE, fill_opacity=1, color=BLACK
            )
            word = Text(name, font_size=30, color=BLACK).move_to(card).shift(1.2 * UP)
            cards.add(VGroup(card, word).shift(0.9 * i * RIGHT))
        self.play(FadeIn(cards[0]), run_time=0.3)
        self.play(FadeIn(cards[1]), run_time=0.3)  # expect: text-overlap
        self.play(FadeIn(cards[2]), run_time=0.3)  # expect: text-overlap
        self.wait(0.3)


class Highlighter(Scene):
    """A yellow bar of a highlighter lies behind a word of a dark text."""

    def construct(self):
        self.camera.background_color = "#fdfdf8"
        text = Text("the most important word", font_size=48, color=BLACK)
        mark = Rectangle(
            width=text[7:16].width + 0.1,
            height=0.6,
            fill_color=YELLOW,
            fill_opacity=0.8,
            stroke_width=0,
        )
        mark.move_to(text[7:16])
        self.play(FadeIn(text), run_time=0.3)
        self.bring_to_back(mark)
        self.play(GrowFromEdge(mark, LEFT), run_time=0.4)
        self.wait(0.3)


class GradientTitle(Scene):
    """A title in a gradient of bright colours, and a line below it."""

    def construct(self):
        title = Text("Colours of the sea", font_size=80).set_color_by_gradient(TEAL, BLUE_B)
        line = Line(LEFT, RIGHT, color=TEAL).scale_to_fit_width(title.width).next_to(title, DOWN)
        self.play(Write(title), Create(line), run_time=0.6)
        self.wait(0.3)


class GradientIntoTheDark(Scene):
    """A gradient that ends in the colour of the background."""

    def construct(self):
        title = Text("Into the deep", font_size=80).set_color_by_gradient(BLUE, "#0a1016")
        self.play(FadeIn(title), run_time=0.4)  # expect: low-contrast
        self.wait(0.3)


class CrossedOut(Scene):
    """A wrong formula is crossed out with manim's Cross, and the right one is boxed."""

    def construct(self):
        wrong = Text("(a + b)² = a² + b²", font_size=44).shift(UP)
        right = Text("(a + b)² = a² + 2ab + b²", font_size=44).shift(DOWN)
        self.play(Write(wrong), run_time=0.4)
        self.play(Create(Cross(wrong)), run_time=0.4)
        self.play(Write(right), run_time=0.4)
        self.play(Create(SurroundingRectangle(right, color=GREEN)), run_time=0.4)
        self.wait(0.3)


class PlateOverGrid(Scene):
    """Manim's own background rectangle dims the grid behind a label to a quarter."""

    def construct(self):
        plane = NumberPlane()
        name = Text("eigenvector", font_size=36, color=YELLOW).move_to([2.4, 1.6, 0])
        name.add_background_rectangle()
        self.add(plane)
        self.play(FadeIn(name), run_time=0.4)
        self.wait(0.3)


class ProgressBar(Scene):
    """A bar that fills, with its share upon it, first over the empty and then over the full part."""

    def construct(self):
        frame = Rectangle(width=8, height=0.9)
        bar = Rectangle(width=0.5, height=0.9, fill_color=BLUE_E, fill_opacity=1, stroke_width=0)
        bar.align_to(frame, LEFT)
        share = Text("42 %", font_size=32)
        self.add(frame, bar, share)
        self.play(bar.animate.stretch_to_fit_width(6).align_to(frame, LEFT), run_time=0.5)
        self.bring_to_front(share)
        self.wait(0.3)


class Ripples(Scene):
    """Rings that grow and vanish around a dot, made anew all the time."""

    def construct(self):
        centre = Dot(color=YELLOW)
        name = Text("source", font_size=30).next_to(centre, DOWN, buff=2)
        self.add(centre, name)
        for _ in range(3):
            ring = Circle(radius=0.2, color=YELLOW)
            self.play(ring.animate.scale(8).set_stroke(opacity=0), run_time=0.4)
            self.remove(ring)
        self.wait(0.3)


class RadarChart(Scene):
    """Axes from the middle, rings, a filled polygon, and names at the ends."""

    def construct(self):
        ends = [
            2.6 * np.array([np.cos(a), np.sin(a), 0]) for a in np.linspace(0, TAU, 6)[:-1] + PI / 2
        ]
        rings = VGroup(
            *[Polygon(*[e * s for e in ends], color=GREY, stroke_width=1) for s in (0.33, 0.66, 1)]
        )
        axes = VGroup(*[Line(ORIGIN, e, color=GREY, stroke_width=2) for e in ends])
        values = Polygon(
            *[e * s for e, s in zip(ends, (0.9, 0.4, 0.7, 0.8, 0.5))], color=TEAL, fill_opacity=0.4
        )
        names = VGroup(
            *[
                Text(n, font_size=26).move_to(e * 1.22)
                for n, e in zip(("speed", "cost", "size", "care", "fun"), ends)
            ]
        )
        self.play(Create(rings), Create(axes), run_time=0.4)
        self.play(Create(values), FadeIn(names), run_time=0.4)
        self.wait(0.3)


class WordInAHole(Scene):
    """A plate with a round hole, through which a word is seen that is level with its middle."""

    def construct(self):
        plate = Cutout(
            Rectangle(width=9, height=5), Circle(1.8), fill_opacity=1, color=TEAL_E, stroke_width=0
        )
        self.add(Text("inside", font_size=44), plate)
        self.play(plate.animate.set_color(MAROON_E), run_time=0.4)
        self.wait(0.3)


class HoleTooNarrow(Scene):
    """The hole is narrower than the word behind the plate."""

    def construct(self):
        self.add(Text("inside the box", font_size=60))
        self.wait(0.3)
        plate = Cutout(Rectangle(width=9, height=5), Circle(1.2), fill_opacity=1, color=TEAL_E)
        self.play(FadeIn(plate), run_time=0.4)  # expect: text-overlap
        self.wait(0.3)
