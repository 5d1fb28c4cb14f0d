"""The few shapes everything is made of."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from manim import RIGHT, DashedVMobject, Line, ManimColor, RoundedRectangle, VMobject

from pagereel.stage.layout.places import px

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUND = 0.5523  # handles of a cubic Bézier curve that is a quarter of a circle, in radii
_LINE_WIDTH_UNIT = 0.01  # scene units for a stroke width of 1, manim's Camera
_DASHES = 20  # around a box
_BLEND = 24  # the border between two stripes is one part of so many wide
_DASH = 0.55  # of a dash and the gap after it


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


def rule(left: float, right: float, y: float, *, color: str) -> Line:
    """Return a level line, such as that above the captions."""
    ends = (left, y, 0), (right, y, 0)
    return Line(*ends, stroke_color=color, stroke_width=stroke(2))


@cache
def _outline(width: float, height: float, radius: float) -> RoundedRectangle:
    """Return a box to copy: manim takes 13 ms to round its corners, a copy a thirtieth of that."""
    return RoundedRectangle(width=width, height=height, corner_radius=radius)


def striped(box: RoundedRectangle, colors: Sequence[str], fill: float) -> RoundedRectangle:
    """Divide a box among colours, from left to right.

    It is a gradient of many steps: those of one colour are alike.
    """
    stops = [ManimColor(color) for color in colors for _ in range(_BLEND)]
    box.fill_rgbas = box.generate_rgbas_array(stops, fill)
    box.stroke_rgbas = box.generate_rgbas_array(stops, 1)
    box.set_sheen_direction(RIGHT)
    return box


def dashed(box: VMobject) -> VMobject:
    """Return the outline of a box in dashes, as a single shape."""
    whole = VMobject().match_style(box).set_fill(opacity=0)
    dashes = DashedVMobject(box, num_dashes=_DASHES, dashed_ratio=_DASH)
    return whole.set_points(np.concatenate([dash.points for dash in dashes]))


def cross(size: float, *, color: str) -> VMobject:
    """Return what crosses out a box without touching the number in it.

    Four strokes come from the corners and end before the middle.

    Parameters
    ----------
    size
        Of the box, in scene units.
    color
        Hex colour.
    """
    shape = VMobject(stroke_color=color, stroke_width=stroke(3))
    for x, y in ((-1, -1), (-1, 1), (1, 1), (1, -1)):
        corner = np.array([x, y, 0]) * size / 2
        shape.start_new_path(0.94 * corner).add_line_to(0.52 * corner)
    return shape
