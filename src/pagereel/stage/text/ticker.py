"""Texts that change many times a second: set from single glyphs, at a fixed pitch."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from manim import VMobject

from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


_COMMA = 0.5  # of a digit's advance
_WIDE = "0123456789k"


class Ticker(VMobject):
    """A short text that can be changed at no cost: a number, or a name in Liberation Mono.

    Parameters
    ----------
    face
        Its font. In a serif only digits, commas and k may be set: for them the pitch is known.
    cap
        Height of a capital, in scene units.
    color
        Hex colour of the fill.
    at
        The point where it stands, its capitals' middle, in scene units.
    align
        Which part of it stands there: -1 its left edge, 0 its middle, 1 its right edge.
    """

    def __init__(
        self,
        face: Face,
        *,
        cap: float,
        color: str,
        at: tuple[float, float],
        align: float,
    ) -> None:
        super().__init__(fill_color=color, fill_opacity=1, stroke_width=0)
        self.face, self.cap, self.at, self.align = face, cap, at, align
        self.text = ""

    def say(self, text: str, color: str | None = None) -> None:
        """Change what it says, and its colour if one is given."""
        if color is not None and color != self.fill_color.to_hex():
            self.set_fill(color)
        if text == self.text:
            return
        self.text = text
        pens, width = pen_places(text, self.face)
        shapes = [
            glyph(character, self.face) + np.array([pen, 0, 0])
            for character, pen in zip(text, pens, strict=True)
        ]
        points = np.concatenate(shapes) if shapes else np.zeros((0, 3))
        x, y = self.at
        left = x - width * self.cap * (self.align + 1) / 2
        self.set_points(points * self.cap + (left, y - self.cap / 2, 0))


def pen_places(text: str, face: Face) -> tuple[list[float], float]:
    """Return where each character of a text begins, and its width, in heights of a capital."""
    step = advance(face)
    pens, pen = [], 0.0
    for character in text:
        pens.append(pen)
        narrow = face is not Face.MONO and character not in _WIDE
        pen += step * _COMMA if narrow else step
    return pens, pen


@cache
def glyph(character: str, face: Face) -> Floats:
    """Return a character by itself.

    Returns
    -------
    numpy.ndarray
        Cubic Bézier points in heights of a capital, shape (4 * curves, 3): the baseline at y = 0,
        and at x = 0 where a capital H would begin. Empty for a space.
    """
    if character.isspace():
        return np.zeros((0, 3))
    # Behind an H its place is known.
    shape: Floats = _points("H" + character, face)[len(_points("H", face)) :].copy()
    shape[:, 0] -= _pitch("H", face)
    return shape


@cache
def advance(face: Face) -> float:
    """Return how far a digit takes the pen, in heights of a capital. All digits take it as far."""
    return _pitch("0", face)


def _pitch(character: str, face: Face) -> float:
    two = _points(character * 2, face)
    first, second = np.split(two, 2)
    return float(second[:, 0].min() - first[:, 0].min())


@cache
def _points(text: str, face: Face) -> Floats:
    points: Floats = Label(text, face, cap=1, color="#FFFFFF").points
    return points
