from manim import *


class Pendulum(Scene):
    """A pendulum swings on a rope; its angle is named."""

    def construct(self):
        pivot = Dot([0, 3, 0])
        t = ValueTracker(0.6)
        bob = always_redraw(
            lambda: Circle(radius=0.35, color=BLUE, fill_opacity=1).move_to(
                [4 * np.sin(t.get_value()), 3 - 4 * np.cos(t.get_value()), 0]
            )
        )
        rope = always_redraw(lambda: Line(pivot.get_center(), bob.get_center()))
        rest = DashedLine([0, 3, 0], [0, -1.6, 0], color=GREY)
        mass = always_redraw(lambda: Text("m", font_size=32, color=BLACK).move_to(bob))
        self.add(rest, rope, bob, pivot, mass)
        for a in (-0.6, 0.6):
            self.play(t.animate.set_value(a), run_time=0.6)
        self.wait(0.2)


class Lens(Scene):
    """Rays go through a lens with a name in it, from an object to a screen."""

    def construct(self):
        lens = Ellipse(width=0.8, height=4.4, color=BLUE, fill_opacity=0.3)
        name = Text("lens", font_size=28).next_to(lens, UP)
        candle = Arrow([-5, -0.2, 0], [-5, 1.6, 0], color=ORANGE, buff=0)
        screen = Rectangle(width=0.2, height=4, fill_opacity=1, color=GREY).shift(4 * RIGHT)
        label = Text("screen", font_size=28).next_to(screen, UP)
        rays = VGroup(
            Line([-5, 1.4, 0], [0, 1.4, 0]),
            Line([0, 1.4, 0], [3.9, -0.8, 0]),
            Line([-5, 1.4, 0], [3.9, -0.8, 0]),
        ).set_color(YELLOW)
        self.add(lens, name, candle, screen, label)
        self.play(Create(rays), run_time=0.6)
        self.wait(0.2)


class Circuit(Scene):
    """A battery, a resistor and a lamp joined by wires that turn at right angles."""

    def construct(self):
        battery = VGroup(
            Line([-4, 0.3, 0], [-3, 0.3, 0], stroke_width=6),
            Line([-3.8, 0, 0], [-3.2, 0, 0], stroke_width=6),
        )
        resistor = Rectangle(width=2, height=0.7).move_to([0, 2, 0])
        lamp = VGroup(
            Circle(radius=0.5),
            Line([-0.35, -0.35, 0], [0.35, 0.35, 0]),
            Line([-0.35, 0.35, 0], [0.35, -0.35, 0]),
        ).move_to([3, 0, 0])
        wires = VGroup(
            VMobject().set_points_as_corners([[-3.5, 0.3, 0], [-3.5, 2, 0], [-1, 2, 0]]),
            VMobject().set_points_as_corners([[1, 2, 0], [3, 2, 0], [3, 0.5, 0]]),
            VMobject().set_points_as_corners(
                [[3, -0.5, 0], [3, -2, 0], [-3.5, -2, 0], [-3.5, 0, 0]]
            ),
        )
        names = VGroup(
            Text("R", font_size=32).move_to(resistor),
            Text("9 V", font_size=32).next_to(battery, LEFT),
        )
        self.play(FadeIn(battery, resistor, lamp, names), run_time=0.3)
        self.play(Create(wires), run_time=0.5)
        self.wait(0.2)


class WireThroughResistor(Scene):
    """A wire is drawn through the resistor and its letter, from terminal to terminal."""

    def construct(self):
        r = Rectangle(width=2, height=0.8)
        letter = Text("R", font_size=36)
        self.play(FadeIn(r, letter), run_time=0.3)
        wire = Line(4 * LEFT, 4 * RIGHT)
        self.play(Create(wire), run_time=0.3)  # expect: line-through-text
        self.wait(0.2)


class Calendar(Scene):
    """A month in a grid, today circled, weekends in another colour."""

    def construct(self):
        head = Text("March 2024", font_size=40).to_edge(UP)
        days = VGroup(
            *[
                Text(str(d), font_size=28, color=RED if d % 7 in (2, 3) else WHITE)
                for d in range(1, 32)
            ]
        )
        days.arrange_in_grid(5, 7, buff=(0.7, 0.5)).next_to(head, DOWN, buff=0.6)
        today = Circle(radius=0.4, color=YELLOW).move_to(days[13])
        self.play(Write(head), FadeIn(days), run_time=0.4)
        self.play(Create(today), run_time=0.3)
        self.wait(0.2)


class RingTooTight(Scene):
    """The ring around a word is too narrow: it cuts the first and the last letter."""

    def construct(self):
        word = Text("deadline", font_size=60)
        self.play(Write(word), run_time=0.4)
        ring = Ellipse(width=word.width - 0.3, height=1.2, color=RED)
        self.play(Create(ring), run_time=0.3)  # expect: line-through-text
        self.wait(0.2)


class PeriodicTable(Scene):
    """Tiles with a symbol, a number and a name; the names of two are too small."""

    def construct(self):
        tiles = VGroup()
        for n, s, name in ((1, "H", "hydrogen"), (2, "He", "helium")):
            box = Square(2.6, color=TEAL, fill_opacity=0.2)
            tiles.add(
                VGroup(
                    box,
                    Text(s, font_size=60).move_to(box),
                    Text(str(n), font_size=24).move_to(box.get_corner(UL) + [0.35, -0.3, 0]),
                    Text(name, font_size=9).move_to(box.get_bottom() + 0.35 * UP),
                )
            )
        tiles.arrange(RIGHT, buff=0.4)
        self.play(FadeIn(tiles), run_time=0.4)  # expect: text-too-small, text-too-small
        self.wait(0.2)


class Scoreboard(Scene):
    """Two names, two numbers with shadows, a colon; a number changes."""

    def construct(self):
        a, b = (
            Text("HOME", font_size=44).move_to([-3, 1.5, 0]),
            Text("GUESTS", font_size=44).move_to([3, 1.5, 0]),
        )

        def digits(n, x):
            front = Text(str(n), font_size=130, color=YELLOW).move_to([x, -0.5, 0])
            return VGroup(front.copy().set_color("#664400").shift([0.05, -0.05, 0]), front)

        left, right, colon = (
            digits(0, -3),
            digits(1, 3),
            Text(":", font_size=100).move_to([0, -0.4, 0]),
        )
        self.play(FadeIn(a, b, left, right, colon), run_time=0.4)
        self.play(ReplacementTransform(left, digits(1, -3)), run_time=0.4)
        self.wait(0.2)


class PagesThatFlip(Scene):
    """Three headings stand one after the other for a sixth of a second each: too fast to read."""

    def construct(self):
        self.add(Square(2, color=BLUE).shift(DOWN))
        self.wait(0.4)
        word = Text("a flash of insight", font_size=48).shift(1.5 * UP)
        self.add(word)
        self.wait(0.15)  # expect: too-short
        self.remove(word)
        self.wait(0.4)


class Spectrum(Scene):
    """Bars in all hues without a gap, wavelengths below, an arrow that points to one."""

    def construct(self):
        bars = VGroup(
            *[
                Rectangle(
                    width=0.3,
                    height=2,
                    fill_color=interpolate_color(PURPLE, RED, i / 29),
                    fill_opacity=1,
                    stroke_width=0,
                )
                for i in range(30)
            ]
        ).arrange(RIGHT, buff=0)
        marks = VGroup(
            *[
                Text(f"{n}", font_size=26).next_to(bars[i], DOWN)
                for n, i in ((400, 0), (500, 10), (600, 20), (700, 29))
            ]
        )
        note = Text("sodium", font_size=30).next_to(bars[18], UP, buff=1)
        arrow = Arrow(note.get_bottom(), bars[18].get_top(), buff=0.1)
        self.play(FadeIn(bars, marks), run_time=0.3)
        self.play(FadeIn(note), GrowArrow(arrow), run_time=0.3)
        self.wait(0.2)


class GreyOnPhoto(Scene):
    """A caption in middle grey over a noisy grey picture."""

    def construct(self):
        rng = np.random.default_rng(1)
        noise = rng.integers(70, 150, (90, 160, 1)).repeat(3, axis=2).astype(np.uint8)
        self.add(ImageMobject(noise).scale_to_fit_height(6))
        caption = Text("static", font_size=60, color=GREY_B)
        self.play(FadeIn(caption), run_time=0.3)  # expect: low-contrast
        self.wait(0.2)


class Spiral(ThreeDScene):
    """Words of a title written letter by letter in the frame while the camera moves around cubes."""

    def construct(self):
        cubes = VGroup(
            *[
                Cube(0.6, fill_color=c).move_to([1.5 * np.cos(a), 1.5 * np.sin(a), 0.3 * a])
                for a, c in zip(np.linspace(0, TAU, 5), (RED, GREEN, BLUE, YELLOW, PURPLE))
            ]
        )
        title = Text("Five cubes", font_size=44).to_edge(UP)
        self.add_fixed_in_frame_mobjects(title)
        self.add(cubes)
        self.move_camera(phi=60 * DEGREES, theta=20 * DEGREES, run_time=0.6)
        self.wait(0.2)


class TwoColumns(Scene):
    """Pros and cons in two columns with a line between; a line of the left one is too long."""

    def construct(self):
        line = Line(3 * UP, 3 * DOWN, color=GREY_B)
        pros = (
            VGroup(*[Text(t, font_size=32) for t in ("fast", "cheap")])
            .arrange(DOWN, aligned_edge=LEFT)
            .move_to([-5, 1, 0], aligned_edge=LEFT)
        )
        cons = (
            VGroup(*[Text(t, font_size=32) for t in ("loud", "heavy")])
            .arrange(DOWN, aligned_edge=LEFT)
            .move_to([1, 1, 0], aligned_edge=LEFT)
        )
        self.play(Create(line), FadeIn(pros, cons), run_time=0.4)
        more = Text("works without a network", font_size=32).move_to([-5, -1, 0], aligned_edge=LEFT)
        self.play(FadeIn(more), run_time=0.3)  # expect: line-through-text
        self.wait(0.2)
