"""The few shapes everything is made of."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from manim import RIGHT, CapStyleType, DashedVMobject, Line, ManimColor, RoundedRectangle, VMobject

from pagereel.stage.layout.places import px

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

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


def box_points(boxes: NDArray[np.float64], radius: float) -> NDArray[np.float64]:
    """Return the outlines of boxes with round corners, as one shape has them.

    Parameters
    ----------
    boxes
        Left, top, right and bottom of each, in scene units; shape (boxes, 4).
    radius
        Of the corners; less where a box is too small for it.

    Returns
    -------
    numpy.ndarray
        Cubic Bézier points, shape (32 * boxes, 3).
    """
    left, top, right, bottom = boxes.T
    r = np.minimum(radius, np.minimum(right - left, top - bottom) / 2)
    k = r * (1 - ROUND)  # where the handles of a corner end
    x = _levels(left, left + k, left + r, right - r, right - k, right)
    y = _levels(bottom, bottom + k, bottom + r, top - r, top - k, top)
    points = np.zeros((len(boxes), len(_ACROSS), 3))
    points[:, :, 0], points[:, :, 1] = x[:, _ACROSS], y[:, _UP]
    return points.reshape(-1, 3)


# Where the points of a box with round corners are, among its levels: an arc, an edge and so on,
# from the upper edge's right end onwards.
_ACROSS = [*(5, 6, 7, 7), *(7, 7, 7, 7), *(7, 7, 6, 5), *(5, 4, 3, 2)]
_ACROSS += [7 - level for level in _ACROSS]
_UP = [*(7, 7, 6, 5), *(5, 4, 3, 2), *(2, 1, 0, 0), *(0, 0, 0, 0)]
_UP += [7 - level for level in _UP]


def _levels(*ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return levels along a side, shape (boxes, 8): three of an end, two between, three again."""
    *_, begin, end, _, _ = ends
    between = (2 * begin + end) / 3, (begin + 2 * end) / 3
    return np.stack([*ends[:3], *between, *ends[3:]], axis=1)


def curve_of(points: NDArray[np.float64], width: float, *, color: str) -> VMobject:
    """Return a curve, `width` pixels wide, that ends where its points end: its ends are not round.

    Parameters
    ----------
    points
        Cubic Bézier points, shape (4 * curves, 3).
    """
    line = VMobject(stroke_color=color, stroke_width=stroke(width), cap_style=CapStyleType.BUTT)
    return line.set_points(points)


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
