"""The few shapes everything is made of."""

from __future__ import annotations

from functools import cache

from manim import RoundedRectangle

from pagereel.stage.layout import px

_LINE_WIDTH_UNIT = 0.01  # scene units for a stroke width of 1, manim's Camera


def stroke(pixels: float) -> float:
    """Return manim's stroke width for a line of so many pixels (short side 1080)."""
    return px(pixels) / _LINE_WIDTH_UNIT


def rounded_box(
    width: float, height: float, *, radius: float, color: str, fill: float, line: float = 3
) -> RoundedRectangle:
    """Return a box with round corners, in the middle of the picture.

    Parameters
    ----------
    width, height, radius
        Scene units.
    color
        Hex colour of its outline and, with opacity `fill`, of its inside.
    fill
        Opacity of the inside, 0 to 1.
    line
        Width of the outline in pixels of a picture whose short side has 1080.
    """
    box = _outline(width, height, radius).copy()
    return box.set_stroke(color, width=stroke(line)).set_fill(color, opacity=fill)


@cache
def _outline(width: float, height: float, radius: float) -> RoundedRectangle:
    """Return a box to copy: manim takes 13 ms to round its corners, a copy a thirtieth of that."""
    return RoundedRectangle(width=width, height=height, corner_radius=radius)
