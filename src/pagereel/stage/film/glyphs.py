"""Single characters, to be set in a row: a text that changes all the time is not laid out anew."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from pagereel.stage.text.label import Label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pagereel.stage.text.outline import Face

    Floats = NDArray[np.float64]


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
