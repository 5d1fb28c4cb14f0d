"""Formulas as groups of glyphs, as `MathTex` makes them, without LaTeX."""

from __future__ import annotations

from manim import (
    BLACK,
    BLUE,
    DOWN,
    LEFT,
    RIGHT,
    TEAL,
    UP,
    WHITE,
    YELLOW,
    Create,
    FadeIn,
    Indicate,
    Line,
    Rectangle,
    Scene,
    Square,
    Text,
    VGroup,
    VMobject,
    Write,
)
from manim.mobject.svg.svg_mobject import VMobjectFromSVGPath
from manimpango import register_font
from svgelements import Path

from pagereel.assets import require_fonts

for font in require_fonts():
    register_font(str(font))


class Formula(VGroup):
    """Glyphs and bars, with the source that a `MathTex` would have."""

    def __init__(self, *parts: VMobject, tex_string: str) -> None:
        super().__init__(*parts)
        self.tex_string = tex_string


def words(text: str, size: float = 64) -> Text:
    return Text(text, font="Liberation Serif", font_size=size)


def glyphs(text: str) -> VGroup:
    """Return bare outlines, of no text class any more."""
    return VGroup(*(glyph.copy() for glyph in words(text, 72)))


class Formulas(Scene):
    """A fraction, scripts, a root and a boxed sum; glyphs touch and bars lie between them."""

    def construct(self) -> None:
        self.play(Write(self._fraction().move_to((-3.2, 1.6, 0))), run_time=0.6)
        root = self._root().move_to((3.2, 1.6, 0))
        self.play(Create(root), run_time=0.6)
        bare = glyphs("E=mc")
        square = glyphs("2").scale(0.6).next_to(bare, RIGHT, buff=0.05).align_to(bare, UP)
        square.shift(0.15 * UP)
        energy = Formula(*bare, *square, tex_string="E = mc^2").move_to((-3.2, -1.8, 0))
        self.play(FadeIn(energy), run_time=0.5)
        boxed = glyphs("p").set_color(BLACK).move_to((3.2, -1.8, 0))
        plate = Square(1.6, fill_color=TEAL, fill_opacity=1).move_to(boxed)
        self.play(FadeIn(plate, boxed), run_time=0.5)
        self.play(Indicate(energy), run_time=0.6)
        self.wait(0.5)

    def _fraction(self) -> Formula:
        line = words("softmax q k")
        index, power = words("i", 40), words("T", 40)
        q, k = line[-2], line[-1]
        k.shift(0.25 * RIGHT)  # room for the index
        index.next_to(q, RIGHT, buff=0.02).align_to(q, DOWN)
        power.next_to(k, RIGHT, buff=0.03).align_to(k, UP).shift(0.15 * UP)
        top = VGroup(line, index, power)
        bar = Rectangle(width=top.width, height=0.04, stroke_width=0, fill_opacity=1)
        under = words("d + 1")
        VGroup(top, bar, under).arrange(DOWN, buff=0.2)
        return Formula(top, bar, under, tex_string=r"\frac{\mathrm{softmax} q_i k^T}{d + 1}")

    def _root(self) -> Formula:
        body = glyphs("x+y").set_color(YELLOW)
        left, top = body.get_left()[0] - 0.15, body.get_top()[1] + 0.15
        low = body.get_bottom()[1]
        hook = VMobject(color=BLUE).set_points_as_corners(
            [(left - 0.5, low + 0.4, 0), (left - 0.3, low, 0), (left, top, 0)]
        )
        bar = Line((left, top, 0), (body.get_right()[0] + 0.1, top, 0), color=BLUE)
        return Formula(hook, bar, body, tex_string=r"\sqrt{x + y}")


class FormulaFromPaths(Scene):
    """Glyphs that are nothing but paths of a drawing, around a bar: what `MathTex` is made of."""

    def construct(self) -> None:
        letter_k = "M0 0V20H4V13L6 11L12 20H17L9 8L16 0H11L4 8V0Z"
        letter_v = "M0 0L7 20H10L17 0H13L8.5 14L4 0Z"
        digit_1 = "M0 4L5 0H8V20H4V6L0 8Z"
        keys, values, one = (self._glyph(path) for path in (letter_k, letter_v, digit_1))
        one.scale(0.6).next_to(values, RIGHT + DOWN, buff=0.02).shift(0.5 * UP)
        bar = Rectangle(width=2.4, height=0.06, stroke_width=0, fill_opacity=1)
        VGroup(keys, bar, VGroup(values, one)).arrange(DOWN, buff=0.3)
        formula = Formula(keys, bar, values, one, tex_string=r"\frac{K}{V_1}")
        names = VGroup(*(Text(name, font_size=44) for name in ("keys", "over", "values")))
        for name, part in zip(names, (keys, bar, values), strict=True):
            name.next_to(part, RIGHT).align_to((5.5, 0, 0), LEFT)
        self.play(Write(VGroup(formula, names).center()), run_time=0.6)
        self.wait(0.5)

    def _glyph(self, path: str) -> VMobject:
        glyph = VMobjectFromSVGPath(Path(path), fill_color=WHITE, fill_opacity=1, stroke_width=0)
        return glyph.flip(RIGHT).scale_to_fit_height(1.8)
