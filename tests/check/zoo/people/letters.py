"""Texts whose letters are animated one by one, and things that blink."""

from manim import *
import numpy as np


class ColourThenLine(Scene):
    """part of a text is coloured by slicing; then a line runs through it"""

    def construct(self):
        t = Text("page frames are free", font_size=56)
        self.play(Write(t))
        self.play(t[:4].animate.set_color(YELLOW))
        self.play(Create(Line(5 * LEFT, 5 * RIGHT, color=RED)))  # expect: line-through-text
        self.wait()


class LaggedTiny(Scene):
    """letters come one after the other; much too small"""

    def construct(self):
        t = Text("nobody can read this", font_size=12)
        self.play(LaggedStartMap(FadeIn, t, lag_ratio=0.1))  # expect: text-too-small
        self.wait()


class WriteInTwoParts(Scene):
    """a heading is written in two parts, and lies over another one"""

    def construct(self):
        a = Text("First heading", font_size=60)
        self.play(Write(a))
        b = Text("Second heading", font_size=60)
        self.play(Write(b[:6]))  # expect: text-overlap
        self.play(Write(b[6:]))
        self.wait()


class LettersAdded(Scene):
    """letters are added one by one, in dark grey on black"""

    def construct(self):
        t = Text("shadow", font_size=80, color="#202020")
        for letter in t:
            self.add(letter)
            self.wait(0.4)  # expect: low-contrast
        self.wait()


class LettersAddedFine(Scene):
    """the same in white: right; lower-case letters first"""

    def construct(self):
        t = Text("ocean Waves", font_size=32)
        self.play(LaggedStartMap(FadeIn, t[:5]))
        self.play(LaggedStartMap(FadeIn, t[5:]))
        self.play(LaggedStart(*[l.animate.shift(UP * 0.4) for l in t], lag_ratio=0.1))
        self.wait()


class CodeLineColoured(Scene):
    """a line of a Code is indicated, then coloured: right"""

    def construct(self):
        code = Code(
            code_string="def f(n):\n    a = n\n    return a\n",
            language="python",
            paragraph_config={"font_size": 32},
        )
        self.play(FadeIn(code))
        self.play(Indicate(code.code_lines[1]))
        self.play(
            code.code_lines[1].animate.set_color(YELLOW),
            code.code_lines[0].animate.set_opacity(0.7),
            run_time=0.4,
        )
        self.wait()


class CodeLineStruck(Scene):
    """... and then an arrow is drawn over it"""

    def construct(self):
        code = Code(
            code_string="def f(n):\n    a = n + 12 * 7\n    return a\n",
            language="python",
            paragraph_config={"font_size": 32},
        )
        self.play(FadeIn(code))
        self.play(code.code_lines[1].animate.set_color(YELLOW), run_time=0.4)
        y = code.code_lines[1].get_y()
        self.play(GrowArrow(Arrow([5, y, 0], [-1, y, 0], color=RED)))  # expect: line-through-text
        self.wait()


class WaveThenGone(Scene):
    """letters are thrown away one by one: right"""

    def construct(self):
        t = Text("dust", font_size=90)
        self.play(Write(t))
        self.play(
            *[
                l.animate.shift(3 * np.array([np.cos(i), np.sin(i), 0])).set_opacity(0)
                for i, l in enumerate(t)
            ],
            run_time=1.5,
        )
        self.wait()


class LettersSwap(Scene):
    """an anagram: letters of one text move to new places without touching: right"""

    def construct(self):
        t = Text("listen", font_size=90)
        self.play(Write(t))
        self.play(CyclicReplace(t[0], t[2], t[4]))
        self.wait()


class LettersLeftOnOthers(Scene):
    """half of a word is moved upon another word, and stays there"""

    def construct(self):
        t = Text("carpet", font_size=80).shift(UP)
        u = Text("garden", font_size=80).shift(1.5 * DOWN)
        self.play(Write(t), Write(u))
        self.play(t[3:].animate.move_to(u[2]))  # expect: text-overlap
        self.wait()


class HalfOutside(Scene):
    """the last letters of a word are moved over the edge"""

    def construct(self):
        t = Text("fugitive", font_size=80)
        self.play(Write(t))
        self.play(t[4:].animate.shift(5.2 * RIGHT))  # expect: text-outside
        self.wait()


class BlinkWord(Scene):
    """a word blinks with manim's Blink, quickly, and stands at last: right"""

    def construct(self):
        t = Text("ready", font_size=80)
        self.play(FadeIn(t))
        self.play(Blink(t, time_on=0.2, time_off=0.2, blinks=4))
        self.wait()


class PartsRecoloured(Scene):
    """t2c, gradient, weights, slant: right"""

    def construct(self):
        a = Text("red and blue", t2c={"red": RED, "blue": BLUE_B}, font_size=60)
        b = MarkupText("<b>bold</b> and <i>slanted</i> and <u>lined</u>", font_size=48)
        c = Text("gradient", gradient=(RED_B, YELLOW, GREEN), font_size=60, weight=BOLD)
        self.play(Write(VGroup(a, b, c).arrange(DOWN, buff=0.6)))
        self.wait()


class PartTooDark(Scene):
    """one word of a text is in dark blue on black"""

    def construct(self):
        a = Text("you cannot see me here", t2c={"see": "#1a1a66"}, font_size=48)
        self.play(Write(a))  # expect: low-contrast
        self.wait()


class MarkupStrike(Scene):
    """a strike-through and an underline by markup are meant: right"""

    def construct(self):
        b = MarkupText("<s>dear</s> cheap, <u>today</u> only", font_size=48)
        self.play(Write(b))
        self.wait()


class Karaoke(Scene):
    """words are coloured one after the other: right"""

    def construct(self):
        t = Text("row row row your boat", font_size=56)
        self.add(t)
        self.wait(0.3)
        for part in ("row", "your", "boat"):
            self.play(t[: len(part)].animate.set_color(YELLOW), run_time=0.4)
        self.wait()


class StrobeLight(Scene):
    """the whole picture flips between black and white eight times a second"""

    def construct(self):
        r = Rectangle(width=15, height=9, fill_color=WHITE, fill_opacity=1, stroke_width=0)
        t = Text("alarm", font_size=60)
        self.add(t)
        self.wait(0.5)
        self.remove(t)
        s = ValueTracker(0)
        r.add_updater(lambda m: m.set_opacity(1 if int(s.get_value() * 16) % 2 else 0))
        self.add(r)
        self.play(s.animate.set_value(2), run_time=2, rate_func=linear)  # expect: flash
        r.clear_updaters()
        self.wait()


class ParagraphLineGone(Scene):
    """lines of a Paragraph come one by one, and go one by one: right"""

    def construct(self):
        p = Paragraph("first we load", "then we look", "then we leave", font_size=40)
        for line in p:
            self.play(FadeIn(line), run_time=0.5)
        self.wait(0.5)
        for line in p:
            self.play(FadeOut(line), run_time=0.4)


class ParagraphLineOut(Scene):
    """one line of a Paragraph is moved until it leaves the picture half"""

    def construct(self):
        p = Paragraph("first we load", "then we look", "then we leave", font_size=40)
        self.play(FadeIn(p))
        self.play(p[1].animate.shift(6.3 * RIGHT))  # expect: text-outside
        self.wait()
