"""Texts that hardly stand out from what is behind them."""

from __future__ import annotations

import numpy as np
from manim import (
    BLACK,
    BLUE,
    DOWN,
    GREEN,
    GREEN_B,
    GREY_C,
    GREY_D,
    UP,
    WHITE,
    YELLOW,
    FadeIn,
    FullScreenRectangle,
    ImageMobject,
    Rectangle,
    Scene,
    Text,
)


class GreyOnGrey(Scene):
    """A dark grey text on the black background."""

    def construct(self) -> None:
        self.add(Rectangle(width=11, height=6, color=BLUE))
        word = Text("grey in grey", font_size=72, color=GREY_D)
        self.play(FadeIn(word), run_time=0.5)  # expect: low-contrast
        self.wait(0.5)


class SimilarFill(Scene):
    """A light green text on a green plate."""

    def construct(self) -> None:
        plate = Rectangle(width=9, height=5, fill_color=GREEN, fill_opacity=1, stroke_width=0)
        self.add(plate)
        self.wait(0.5)
        word = Text("green in green", font_size=72, color=GREEN_B)
        self.play(FadeIn(word), run_time=0.5)  # expect: low-contrast
        self.wait(0.5)


class WhiteOnLightPicture(Scene):
    """A white text over a light picture."""

    def construct(self) -> None:
        y, x = np.mgrid[0:60, 0:100]
        light = np.stack([255 - x // 4, 255 - y // 2, 240 - x // 5], axis=-1).astype(np.uint8)
        self.add(ImageMobject(light).scale_to_fit_height(6))
        self.wait(0.5)
        word = Text("snow on snow", font_size=72, color=WHITE)
        self.play(FadeIn(word), run_time=0.5)  # expect: low-contrast
        self.wait(0.5)


class Recoloured(Scene):
    """A black text stands well on yellow, until its plate turns dark."""

    def construct(self) -> None:
        plate = Rectangle(width=9, height=5, fill_color=YELLOW, fill_opacity=1, stroke_width=0)
        self.add(plate, Text("still black", font_size=72, color=BLACK))
        self.wait(0.5)
        self.play(plate.animate.set_fill("#173F57"), run_time=0.5)  # expect: low-contrast
        self.wait(0.5)


class LowOpacity(Scene):
    """A white text is made almost transparent."""

    def construct(self) -> None:
        word = Text("fading away", font_size=72)
        self.add(Rectangle(width=11, height=6, color=BLUE), word)
        self.wait(0.5)
        self.play(word.animate.set_opacity(0.25), run_time=0.5)  # expect: low-contrast
        self.wait(0.5)


class HalfOnLight(Scene):
    """A white text of which the lower half stands on a white plate."""

    def construct(self) -> None:
        self.add(Rectangle(width=11, height=6, color=BLUE))
        word = Text("sinking", font_size=96, color=WHITE)
        plate = Rectangle(width=8, height=2, fill_color=WHITE, fill_opacity=1, stroke_width=0)
        plate.next_to(word.get_center(), DOWN, buff=0).set_z_index(-1)
        self.add(word)
        self.wait(0.5)
        self.play(FadeIn(plate), run_time=0.5)  # expect: low-contrast
        self.wait(0.5)


class OneColourOfTwo(Scene):
    """Half of a text has a colour that is too dark."""

    def construct(self) -> None:
        self.add(Rectangle(width=11, height=6, color=GREY_C))
        word = Text("light and dark", font_size=72, t2c={"dark": "#333333"}).shift(UP)
        self.play(FadeIn(word), run_time=0.5)  # expect: low-contrast
        self.wait(0.5)


class BehindATintedSheet(Scene):
    """A sheet that is nearly opaque lies over a text."""

    def construct(self) -> None:
        self.add(Rectangle(width=11, height=6, color=BLUE), Text("behind", font_size=96))
        self.wait(0.5)
        sheet = FullScreenRectangle(fill_color=GREY_C, fill_opacity=0.8, stroke_width=0)
        self.play(FadeIn(sheet), run_time=0.5)  # expect: low-contrast
        self.wait(0.5)
