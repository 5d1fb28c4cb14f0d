"""Text as shapes: the bundled fonts, laid out large by Pango and scaled down.

Small font sizes break Pango's kerning (manim #2844), and a bounding box says nothing about the
baseline. So every text is laid out once at `_LAYOUT_SIZE` behind a capital H; that H gives the
baseline and the scale and is then dropped. Sizes are heights of a capital, in scene units.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

import manimpango
import numpy as np
from manim import BOLD, DL, NORMAL, Text, VGroup, VMobject, config, tempconfig

from pagereel.assets import require_fonts
from pagereel.errors import StageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LAYOUT_SIZE = 96
_LAYOUT_WIDTH = 1 << 14  # pixels: no line is longer


class Face(Enum):
    """A font of pagereel's: family and weight as Pango names them."""

    SERIF = ("Liberation Serif", NORMAL)
    BOLD = ("Liberation Serif", BOLD)
    MONO = ("Liberation Mono", NORMAL)


class Label(VMobject):
    """One line of text as a single shape.

    Parameters
    ----------
    text
        What it says.
    face
        Its font.
    cap
        Height of a capital, in scene units.
    color
        Hex colour of the fill.
    width
        If given, a text wider than this (scene units) is drawn smaller until it fits.
    """

    def __init__(
        self,
        text: str,
        face: Face,
        *,
        cap: float,
        color: str,
        width: float | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(fill_color=color, fill_opacity=1, stroke_width=0, **kwargs)
        outline = _outline(text, face)
        self.text = text
        self.face = face
        self.cap = cap if width is None else min(cap, width / outline.width)
        self.set_points(np.concatenate(outline.glyphs) * self.cap)

    def put(self, x: float, y: float, align: float = 0) -> Label:
        """Place the text with the middle of its capitals at height `y`.

        Parameters
        ----------
        x, y
            The point, in scene units.
        align
            Which part of the text stands at `x`: -1 its left edge, 0 its middle, 1 its right edge.
        """
        # Straight after construction the baseline is y = 0 and the left edge x = 0.
        width = _outline(self.text, self.face).width * self.cap
        self.shift((x - width * (align + 1) / 2, y - self.cap / 2, 0))
        return self

    def letters(self) -> Letters:
        """Return the same text, at the same place, with one shape for each glyph."""
        letters = Letters(self)
        return letters.move_to(self.get_corner(DL), aligned_edge=DL)


class Letters(VGroup):
    """A line of text whose glyphs are shapes of their own, so that it can be written."""

    def __init__(self, label: Label) -> None:
        self.text, self.face, self.cap = label.text, label.face, label.cap
        super().__init__(
            *(
                VMobject(color=label.fill_color, fill_opacity=1, stroke_width=0).set_points(
                    glyph * self.cap
                )
                for glyph in _outline(self.text, self.face).glyphs
            )
        )


def text_width(text: str, face: Face) -> float:
    """Return the width of a text in heights of a capital (no unit)."""
    return _outline(text, face).width


@dataclass(frozen=True, slots=True)
class _Outline:
    """A text in heights of a capital: baseline at y = 0, left edge at x = 0.

    `glyphs` holds one array of cubic Bézier points, shape (4 * curves, 3), for each glyph.
    """

    glyphs: tuple[NDArray[np.float64], ...]
    width: float


@cache
def _outline(text: str, face: Face) -> _Outline:
    """Lay a text out. Cached: Pango and the SVG in between take 5 ms a glyph."""
    _register_fonts()
    family, weight = face.value
    # manim breaks lines at the picture's width in pixels, and keeps what it has laid out in
    # `text_dir` without regard to that width: so a wide picture, and a folder of our own.
    folder = str(config.get_dir("text_dir") / "one-line")
    with tempconfig({"pixel_width": _LAYOUT_WIDTH, "text_dir": folder}):
        shapes = Text(
            "H" + text, font=family, weight=weight, font_size=_LAYOUT_SIZE, warn_missing_font=False
        ).submobjects
    capital, glyphs = shapes[0], [shape.points for shape in shapes[1:] if len(shape.points)]
    if not glyphs:
        raise StageError(f"the text {text!r} draws nothing")
    points = np.concatenate(glyphs)
    left, right = points[:, 0].min(), points[:, 0].max()
    origin = np.array([left, capital.points[:, 1].min(), 0])
    return _Outline(
        tuple((glyph - origin) / capital.height for glyph in glyphs),
        float((right - left) / capital.height),
    )


@cache
def _register_fonts() -> None:
    """Make the bundled fonts known to Pango by path, whatever is installed."""
    for path in require_fonts():
        if not manimpango.register_font(str(path)):
            raise StageError(f"{path}: this font cannot be read; restore the file")
    missing = {face.value[0] for face in Face} - set(manimpango.list_fonts())
    if missing:
        raise StageError(f"Pango does not know the font {' and '.join(sorted(missing))}")
