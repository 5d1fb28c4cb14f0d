from manim import *


class GlowingTitle(Scene):
    """A title with a glow: stroked copies behind it."""

    def construct(self):
        title = Text("NEON NIGHTS", font_size=80, color=WHITE)
        glow = VGroup(*[title.copy().set_stroke(PINK, width=w, opacity=0.12) for w in (8, 16, 24)])
        self.play(FadeIn(glow), FadeIn(title), run_time=0.6)
        self.wait(0.5)
        self.play(glow.animate.set_stroke(BLUE), run_time=0.4)
        self.wait(0.3)


class DropShadow(Scene):
    """A title with a drop shadow, on a light background."""

    def construct(self):
        self.camera.background_color = "#f4f1ea"
        title = Text("Chapter One", font_size=90, color="#7a1f3d", weight=BOLD)
        shadow = title.copy().set_color(GREY_B).shift(0.06 * RIGHT + 0.06 * DOWN)
        self.play(FadeIn(shadow, title, shift=UP), run_time=0.5)
        sub = Text("in which it begins", font_size=40, color=BLACK).next_to(title, DOWN)
        self.play(FadeIn(sub), run_time=0.4)
        self.wait(0.5)


class GreekAndSigns(Scene):
    """Greek letters and lone signs in a grid of boxes."""

    def construct(self):
        signs = ["α", "β", "γ", "∑", "→", "≈", "≠", "·", "ω", "−", "×", "½", "∞", "…", "="]
        cells = VGroup(
            *[VGroup(Square(1.3, color=GREY_B), Text(s, font_size=36)) for s in signs]
        ).arrange_in_grid(3, 5, buff=0.25)
        self.play(LaggedStartMap(FadeIn, cells, lag_ratio=0.05), run_time=0.8)
        self.wait(0.5)


class SmallGreek(Scene):
    """Greek labels that are really too small."""

    def construct(self):
        triangle = Polygon([-3, -2, 0], [3, -2, 0], [1, 2, 0], color=YELLOW)
        self.play(Create(triangle), run_time=0.5)
        angles = Text("α + β + γ = 180°", font_size=11).move_to([0.3, -0.8, 0])
        self.play(Write(angles), run_time=0.5)  # expect: text-too-small
        self.wait(0.5)


class BulletPoints(Scene):
    """Bullets that come one after another; what was said is dimmed but still readable."""

    def construct(self):
        points = VGroup(
            *[
                Text("• " + t, font_size=36)
                for t in ("Define the problem", "Collect the data", "Fit a model", "Judge it")
            ]
        ).arrange(DOWN, aligned_edge=LEFT, buff=0.5)
        for i, point in enumerate(points):
            before = [p.animate.set_opacity(0.5) for p in points[:i][-1:]]
            self.play(FadeIn(point, shift=0.3 * RIGHT), *before, run_time=0.5)
            self.wait(0.3)


class QuoteOnPicture(Scene):
    """A quotation in white over a picture that is half light and half dark."""

    def construct(self):
        ramp = np.tile(np.linspace(10, 245, 160).astype(np.uint8), (90, 1))
        picture = ImageMobject(np.stack([ramp] * 3, axis=-1)).scale_to_fit_height(8)
        self.add(picture)
        quote = Text("Everything flows, nothing stands still", font_size=44)
        self.play(FadeIn(quote), run_time=0.5)  # expect: low-contrast
        self.wait(0.5)


class OutlinedCaption(Scene):
    """A white caption with a black outline over the same picture: it can be read everywhere."""

    def construct(self):
        ramp = np.tile(np.linspace(10, 245, 160).astype(np.uint8), (90, 1))
        picture = ImageMobject(np.stack([ramp] * 3, axis=-1)).scale_to_fit_height(8)
        self.add(picture)
        caption = Text("Everything flows", font_size=64, weight=BOLD)
        caption.set_stroke(BLACK, width=8, background=True)
        self.play(FadeIn(caption), run_time=0.5)
        self.wait(0.5)


class CodeWithHighlight(Scene):
    """A listing and a translucent bar over one of its lines."""

    def construct(self):
        code = Code(
            code_string="def gcd(a, b):\n    while b:\n        a, b = b, a % b\n    return a",
            language="python",
            background="window",
        ).scale(1.1)
        self.play(FadeIn(code), run_time=0.5)
        bar = SurroundingRectangle(code.code_lines[2], color=YELLOW, fill_opacity=0.15, buff=0.05)
        self.play(Create(bar), run_time=0.4)
        self.play(bar.animate.move_to(code.code_lines[3]), run_time=0.4)
        self.wait(0.5)


class TinyListing(Scene):
    """A long listing that was made to fit: nobody can read it."""

    def construct(self):
        lines = [f"value_{i} = compute(value_{i - 1}, step={i})" for i in range(1, 40)]
        code = Code(code_string="\n".join(lines), language="python", add_line_numbers=False)
        code.scale_to_fit_height(4.5)
        self.play(FadeIn(code), run_time=0.5)  # expect: text-too-small
        self.wait(0.5)


class CutOffAtTheEdge(Scene):
    """A long line runs out of the picture on both sides."""

    def construct(self):
        head = Text("Results", font_size=60).to_edge(UP)
        self.play(Write(head), run_time=0.4)
        line = Text(
            "The quick brown fox jumps over the lazy dog and never comes back", font_size=48
        )
        self.play(FadeIn(line), run_time=0.4)  # expect: text-outside
        self.wait(0.5)


class AtTheVeryEdge(Scene):
    """A footnote touches the lower edge."""

    def construct(self):
        self.add(Circle(radius=2, color=BLUE, fill_opacity=0.5))
        note = Text("source: own work", font_size=26).to_corner(DR, buff=0.02)
        self.play(FadeIn(note), run_time=0.4)  # expect: text-outside
        self.wait(0.5)


class WatermarkInTheCorner(Scene):
    """A note with a small distance from the edge, as `to_corner(buff=0.25)` leaves it."""

    def construct(self):
        self.add(Square(3, color=ORANGE, fill_opacity=0.8).rotate(PI / 8))
        note = Text("@channel", font_size=24).to_corner(DL, buff=0.25)
        self.play(FadeIn(note), run_time=0.4)
        self.wait(0.5)


class HalfHidden(Scene):
    """A card is laid over the end of a word."""

    def construct(self):
        word = Text("Photosynthesis", font_size=72).shift(UP)
        self.play(Write(word), run_time=0.5)
        card = RoundedRectangle(width=3, height=3.4, fill_color=TEAL_E, fill_opacity=1)
        card.move_to(word.get_right() + 0.4 * RIGHT)
        self.play(FadeIn(card, shift=LEFT), run_time=0.5)  # expect: text-overlap
        self.wait(0.5)


class ForgottenHeading(Scene):
    """The next heading is written upon the one before."""

    def construct(self):
        first = Text("Step 1: measure", font_size=48).to_edge(UP)
        self.play(Write(first), run_time=0.4)
        self.wait(0.4)
        second = Text("Step 2: compare", font_size=48).to_edge(UP)
        self.play(Write(second), run_time=0.4)  # expect: text-overlap
        self.wait(0.4)


class HeadingReplaced(Scene):
    """The next heading takes the place of the one before."""

    def construct(self):
        heading = Text("Step 1: measure", font_size=48).to_edge(UP)
        self.play(Write(heading), run_time=0.4)
        self.wait(0.4)
        self.play(heading.animate.become(Text("Step 2", font_size=48).to_edge(UP)), run_time=0.4)
        other = Text("Step 3: compare", font_size=48).to_edge(UP)
        self.play(FadeOut(heading), FadeIn(other), run_time=0.4)
        self.play(
            TransformMatchingShapes(other, Text("Step 4: compare it").to_edge(UP)), run_time=0.6
        )
        self.wait(0.4)


class Typewriter(Scene):
    """Words letter by letter, with a cursor that blinks at their end."""

    def construct(self):
        text = Text("Hello, world!", font_size=56)
        cursor = Rectangle(width=0.08, height=0.7, fill_opacity=1, stroke_width=0)
        cursor.next_to(text[0], LEFT, buff=0.1)
        self.play(TypeWithCursor(text, cursor), run_time=1.2)
        self.play(Blink(cursor, blinks=2), run_time=1.6)
        self.wait(0.3)


class StruckOut(Scene):
    """One letter of a formula is crossed by a line that was meant for another place."""

    def construct(self):
        formula = Text("a + b = c", font_size=72)
        self.play(Write(formula), run_time=0.4)
        x = formula[2].get_center()[0]
        line = Line([x, 1.5, 0], [x, -1.5, 0], color=RED)
        self.play(Create(line), run_time=0.4)  # expect: line-through-text
        self.wait(0.4)


class UnderlinedAndBoxed(Scene):
    """Underlines, boxes and circles around words, none of which touches a letter."""

    def construct(self):
        words = Text("pay attention to this", font_size=60)
        self.play(Write(words), run_time=0.4)
        self.play(Create(Underline(words, color=YELLOW)), run_time=0.4)
        self.play(Circumscribe(words[3:12]), run_time=0.8)
        self.play(Create(SurroundingRectangle(words[-4:], buff=0.12)), run_time=0.4)
        self.play(Flash(words[0]), run_time=0.6)
        self.play(Wiggle(words), run_time=0.8)
        self.wait(0.3)


class CaptionPile(Scene):
    """the old captions are never taken away: each next one lies upon it (two faults)"""

    def construct(self):
        self.play(Create(Square(color=BLUE)))
        for t in ("a square", "turns around", "and falls asleep"):
            self.play(
                FadeIn(Text(t, font_size=36).to_edge(DOWN, buff=0.6)), run_time=0.6
            )  # expect: text-overlap, text-overlap
            self.wait(0.8)
