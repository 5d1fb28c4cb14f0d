from manim import *
import numpy as np


def flat(color):
    """Return a line as people of other tools draw it."""
    return Rectangle(width=10, height=0.06, stroke_width=0, fill_color=color, fill_opacity=1)


class FlatBehindWord(Scene):
    """A flat filled rectangle is right behind a word of the same white."""

    def construct(self):
        bar = flat(WHITE)
        self.play(GrowFromCenter(bar), run_time=0.4)
        self.play(
            FadeIn(Text("milestone", font_size=48)), run_time=0.4
        )  # expect: line-through-text
        self.wait(0.4)


class FlatOverWord(Scene):
    """One comes later, over the upper part of the letters; one strikes out another word."""

    def construct(self):
        word, wrong = Text("milestone", font_size=48), Text("stone", font_size=48).shift(2 * DOWN)
        self.add(word, wrong)
        self.wait(0.4)
        bar = flat(YELLOW).shift(0.14 * UP)
        self.play(GrowFromCenter(bar), run_time=0.4)  # expect: line-through-text
        stroke = flat(RED).stretch_to_fit_width(wrong.width).move_to(wrong)
        self.play(GrowFromEdge(stroke, LEFT), run_time=0.4)
        self.wait(0.4)


class DotsOnNote(Scene):
    """Dots of a cloud come to lie on the letters of a note: one fault, whose contrast is fine."""

    def construct(self):
        self.add(Text("outliers of march", font_size=48, color=YELLOW))
        self.wait(0.4)
        spots = ((-2.3, 0.2), (-1.5, -0.15), (-0.6, 0.15), (0.3, -0.1), (1.2, 0.12), (2.0, -0.12))
        dots = VGroup(*[Dot([x, y, 0], radius=0.11) for x, y in spots])
        self.play(LaggedStartMap(FadeIn, dots), run_time=0.6)  # expect: text-overlap
        self.wait(0.4)


class BraceAcross(Scene):
    """A brace stands beside a list; another one upon the ends of its words."""

    def construct(self):
        rows = VGroup(*[Text(t, font_size=40) for t in ("fetch", "decode", "execute")])
        rows.arrange(DOWN)
        self.add(rows)
        good, bad = Brace(rows, LEFT), Brace(rows, RIGHT).shift(0.9 * LEFT)
        self.play(GrowFromCenter(good), run_time=0.4)
        self.wait(0.3)
        self.play(
            GrowFromCenter(bad), run_time=0.4
        )  # expect: line-through-text, line-through-text, line-through-text
        self.wait(0.4)


def disc(share):
    """Return an image that is opaque in a disc, and clear around it."""
    y, x = np.mgrid[-1:1:120j, -1:1:120j]
    pixels = np.zeros((120, 120, 4), np.uint8)
    pixels[x * x + y * y < share] = (40, 140, 40, 255)
    return ImageMobject(pixels).scale_to_fit_height(3)


class LogoOverWord(Scene):
    """The clear corners of a round logo lie over a word, then its opaque middle."""

    def construct(self):
        logo = disc(0.25)
        word = Text("sponsorship", font_size=72)
        beside = Text("ad", font_size=48).move_to(logo.get_corner(UR) + 0.4 * DL)
        self.add(beside.shift(2 * UP), logo.shift(2 * UP))
        self.wait(0.4)
        self.remove(beside)
        self.add(word, logo)
        self.play(logo.animate.move_to(word), run_time=0.4)  # expect: text-overlap
        self.wait(0.4)


class Curtain(Scene):
    """Stripes that lie side by side hide a word; then they go up."""

    def construct(self):
        self.add(Text("behind the curtain", font_size=60))
        self.wait(0.4)
        stripe = Rectangle(width=1.5, height=8, stroke_width=0, fill_color=RED_E, fill_opacity=1)
        stripes = VGroup(*[stripe.copy().set_x(1.47 * k - 6.6) for k in range(10)])
        self.play(LaggedStart(*[FadeIn(s, shift=DOWN) for s in stripes]), run_time=0.6)
        self.wait(0.3)
        self.play(stripes.animate.shift(9 * UP), run_time=0.6)
        self.wait(0.4)


class TurnedCard(Scene):
    """A card is turned: squeezed to a slit, and back with another word on it."""

    def construct(self):
        plate = RoundedRectangle(width=4, height=2.4, color=BLUE, fill_color=BLUE_E, fill_opacity=1)
        front = VGroup(plate, Text("Hund", font_size=60))
        back = VGroup(plate.copy().set_fill(MAROON_E), Text("dog", font_size=60)).stretch(0.01, 0)
        self.add(front)
        self.wait(0.4)
        self.play(front.animate.stretch(0.01, 0), run_time=0.3)
        self.remove(front)
        self.add(back)
        self.play(back.animate.stretch(100, 0), run_time=0.3)
        self.wait(0.4)


class BackgroundStrobe(Scene):
    """The background itself is switched between black and white, six times within a second."""

    def construct(self):
        self.add(Circle(color=BLUE))
        self.wait(0.4)
        for k in range(12):
            self.camera.background_color = WHITE if k % 2 == 0 else BLACK
            self.wait(0.1)  # expect: flash
        self.wait(0.4)


class FontOfAWord(Scene):
    """A word of a markup has a font with blanks in its name, which is there; another has none."""

    def construct(self):
        here = MarkupText('serif <span font_family="DejaVu Sans">sans</span>').shift(UP)
        gone = MarkupText('serif <span font_family="Sans of Nowhere">sans</span>').shift(DOWN)
        self.play(FadeIn(here), run_time=0.4)
        self.play(FadeIn(gone), run_time=0.4)  # expect: missing-font
        self.wait(0.4)
