"""The height of a capital, as it follows from texts that have none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from manim import Camera, Text

from pagereel.check.see.capitals import capital_height
from pagereel.check.see.read import read
from pagereel.check.see.things import Names

ONE = np.array([[0.0, 0.0, 7.0, 10.0]])  # one glyph, 7 pixels wide and 10 high


def height(says: str, *, is_tex: bool = False) -> float:
    return capital_height(says, [np.zeros((1, 2, 2))], ONE, is_tex=is_tex)


def drawn(says: str) -> float:
    camera = Camera(pixel_width=1920, pixel_height=1080)
    [text], _, _ = read(camera, [Text(says, font_size=48)], Names())
    return text.cap


@pytest.mark.parametrize(
    "says",
    ["x", "σ", "α", "ωε", "а", "g", "Q", "|x|", "É", "é", "→", "×", "≈", "=", "—", "-", "°", "fx"],  # noqa: RUF001
)
def test_no_text_of_manims_usual_size_seems_small(says: str) -> None:
    assert drawn(says) > 0.75 * drawn("H")


@pytest.mark.parametrize("says", ["页框", "프레임", "カ", "一页"])
def test_squares_are_higher_than_capitals(says: str) -> None:
    assert height(says) == pytest.approx(10 / 1.3)


@pytest.mark.parametrize("says", [".", "…", "•", "“”", "' '", ". ,"])
def test_dots_and_quotes_tell_nothing(says: str) -> None:
    assert math.isinf(height(says))
    assert math.isinf(height(r"\cdot", is_tex=True))


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"A", 10),
        (r"\sigma", 10 / 0.7),
        (r"\Sigma", 10),
        (r"x_{max}^{2}", 10 / 0.7),
        (r"\frac{a}{b}", 10),
        (r"\mathrm{a}", 10 / 0.7),
        (r"\to", 10 / 0.85),
        (r"\circ", 10 / 0.34),
        (r"\lambda", 10),
        (r"\sin x", 10),
        (r"\left( x \right)", 10 / 0.7),
        (r"\int x", 10 / 0.7),
    ],
)
def test_commands_of_tex_are_not_their_letters(tex: str, expected: float) -> None:
    assert height(tex, is_tex=True) == pytest.approx(expected)
