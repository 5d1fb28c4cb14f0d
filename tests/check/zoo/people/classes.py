from manim import *


def card(number):
    """Return the construct method of a scene about one number."""

    def construct(self):
        ring = Circle(radius=1.5, color=TEAL)
        label = Text(str(number), font_size=72)
        self.play(Create(ring), Write(label), run_time=0.5)
        self.wait(0.4)

    return construct


Card7 = type("Card7", (Scene,), {"construct": card(7)})


class Base(Scene):
    """What all of these scenes begin with."""

    def heading(self, text):
        head = Text(text, font_size=48).to_edge(UP)
        self.play(Write(head), run_time=0.3)
        return head


class Pythagoras(Base):
    """A triangle with squares on its sides, and letters on them."""

    def construct(self):
        self.heading("a² + b² = c²")
        t = Polygon([0, 0, 0], [2, 0, 0], [0, 1.5, 0], color=WHITE).shift(0.8 * DOWN + 0.6 * LEFT)
        a, b, c = t.get_vertices()
        squares = VGroup(
            Square(2, color=BLUE, fill_opacity=0.5).next_to(t, DOWN, buff=0),
            Square(1.5, color=GREEN, fill_opacity=0.5).next_to(t, LEFT, buff=0),
        )
        names = VGroup(
            Text("a²", font_size=36).move_to(squares[0]),
            Text("b²", font_size=32).move_to(squares[1]),
        )
        corner = RightAngle(Line(a, b), Line(a, c), length=0.25)
        self.play(Create(t), Create(corner), run_time=0.4)
        self.play(FadeIn(squares, names), run_time=0.4)
        self.wait(0.3)


class CircleTheorem(Base):
    """Chords, a diameter, an angle with its letter, and points with names around a circle."""

    def construct(self):
        self.heading("Thales")
        circle = Circle(radius=2.2, color=BLUE).shift(0.5 * DOWN)
        a, b, c = (circle.point_at_angle(x) for x in (PI, 0, 1.2))
        lines = VGroup(Line(a, b), Line(b, c, color=YELLOW), Line(c, a, color=YELLOW))
        dots = VGroup(*[Dot(p) for p in (a, b, c)])
        names = VGroup(
            Text("A", font_size=32).next_to(a, LEFT),
            Text("B", font_size=32).next_to(b, RIGHT),
            Text("C", font_size=32).next_to(c, UR, buff=0.1),
        )
        angle = Angle(Line(a, b), Line(a, c), radius=0.7)
        theta = Text("θ", font_size=30).move_to(
            Angle(Line(a, b), Line(a, c), radius=1.1).point_from_proportion(0.5)
        )
        self.play(Create(circle), Create(lines), FadeIn(dots, names), run_time=0.6)
        self.play(Create(angle), Write(theta), run_time=0.4)
        self.wait(0.3)


class LetterOnTheLine(Base):
    """The name of a point is put on the line instead of beside it."""

    def construct(self):
        self.heading("Secant")
        circle = Circle(radius=2, color=GREEN).shift(0.7 * DOWN)
        line = Line([-5, -2, 0], [5, 1, 0], color=ORANGE)
        self.play(Create(circle), Create(line), run_time=0.5)
        name = Text("s", font_size=44).move_to(line.point_from_proportion(0.15))
        self.play(Write(name), run_time=0.4)  # expect: line-through-text
        self.wait(0.3)


class PictureWithCaption(Base):
    """A picture in a frame, a caption on a translucent strip upon it, and a text below."""

    def construct(self):
        self.heading("Sunset")
        y, x = np.mgrid[0:90, 0:160]
        sky = np.stack([200 - y, 90 - y // 2, 40 + x // 2], axis=-1).clip(0, 255).astype(np.uint8)
        picture = ImageMobject(sky).scale_to_fit_height(4.4)
        frame = SurroundingRectangle(picture, color=WHITE, buff=0)
        strip = Rectangle(
            width=picture.width, height=0.8, fill_color=BLACK, fill_opacity=0.75, stroke_width=0
        )
        strip.align_to(picture, DOWN)
        caption = Text("the bay in autumn", font_size=32).move_to(strip)
        below = Text("own picture", font_size=24).next_to(picture, DOWN)
        self.play(FadeIn(picture), Create(frame), run_time=0.4)
        self.play(FadeIn(strip, caption, below), run_time=0.4)
        self.wait(0.3)


class CaptionOverPicture(Base):
    """The caption is laid over a bright picture without a strip."""

    def construct(self):
        self.heading("Snow")
        y, x = np.mgrid[0:90, 0:160]
        snow = np.stack([235 - y // 6, 240 - x // 9, 250 - y // 9], axis=-1).astype(np.uint8)
        picture = ImageMobject(snow).scale_to_fit_height(4.4).shift(0.5 * DOWN)
        self.play(FadeIn(picture), run_time=0.4)
        caption = Text("the hill in winter", font_size=40).move_to(picture)
        self.play(FadeIn(caption), run_time=0.4)  # expect: low-contrast
        self.wait(0.3)
