"""Pictures whose pixels are the video's own, drawn with numpy: sheets, and the cells on them.

A cell shows a frame. It is painted once for every state that a frame can be in, and then copied.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from manim import ImageMobject, config
from PIL.Image import Resampling

from pagereel.stage.film.palette import blend, rgb
from pagereel.stage.layout.places import SHORT_SIDE, px

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pagereel.stage.layout.places import Region
    from pagereel.stage.theme import Theme

    Floats = NDArray[np.float64]


_HAIR = 0.01  # pixels: a corner that is rounded down must not fall into the pixel before it


def pixels_a_unit() -> float:
    """Return how many pixels of the video a scene unit has."""
    return float(min(config.pixel_width, config.pixel_height) / SHORT_SIDE)


def pixel_size(panel: Region) -> tuple[int, int]:
    """Return a panel's width and height in whole pixels of the video."""
    unit = pixels_a_unit()
    return max(1, int(panel.width * unit)), max(1, int(panel.height * unit))


class Sheet(ImageMobject):
    """An opaque image whose pixels are those of the video.

    Parameters
    ----------
    width, height
        In pixels of the video.
    left, top
        Its left upper corner, in scene units; moved to the nearest pixel.
    color
        What it is filled with: red, green, blue from 0 to 255.
    """

    def __init__(
        self, width: int, height: int, *, left: float, top: float, color: NDArray[np.float64]
    ) -> None:
        pixels = np.empty((height, width, 4), np.uint8)
        pixels[..., :3], pixels[..., 3] = np.rint(color), 255
        super().__init__(pixels, resampling_algorithm=Resampling.NEAREST)
        unit = pixels_a_unit()
        middle = np.array([config.pixel_width / 2, config.pixel_height / 2])
        first = np.rint(np.array([left, -top]) * unit + middle) + _HAIR
        corners = first + np.array([[0, 0], [width, 0], [0, height], [width, height]])
        flat = (corners - middle) / unit * (1, -1)
        self._home = np.column_stack([flat, np.zeros(4)])
        self.points = self._home.copy()

    def slide(self, x: float, y: float) -> None:
        """Stand so far from its place, in scene units; by whole pixels, so that it stays sharp."""
        unit = pixels_a_unit()
        self.points = self._home + np.rint(np.array([x, y, 0]) * unit) / unit

    @property
    def rgb(self) -> NDArray[np.uint8]:
        """Shape (height, width, 3). What is drawn on it is seen in the next image."""
        colors: NDArray[np.uint8] = self.pixel_array[..., :3]
        return colors


CACHED_TONES = (0.62, 0.5, 0.4, 0.32, 0.26, 0.21)  # of what is cached, from young to old
DIMMED = 0.6  # how far what a caption does not speak of goes over into the background
FILLED = 0.6  # of a task's colour in a cell with an outline and no number
MOST_REFS = 4  # refcounts from here on look the same

# Looks are numbers: what a cell shows.
FREE, RESERVED, CACHED = 0, 1, 2
HELD = CACHED + len(CACHED_TONES)

_OUTLINED = 30  # pixels; from this size on, a cell has an outline, round corners and a light fill
_MARKED = 9  # pixels; from this size on, marks have room in a cell
_BOLDEST = px(6)  # outline of what is marked
_EMPTY, _HATCHED = 0.1, 0.42  # of it where slots are empty: between the lines, and the lines
_HATCH = px(8)  # from a line to the next one, level
_SOLID = 0.86  # of a task's colour in a cell without an outline


def held_look(color: int, refs: int) -> int:
    """Return the look of a frame that a task of some colour, and perhaps others, hold."""
    return HELD + color * MOST_REFS + min(refs, MOST_REFS) - 1


class CellPainter:
    """Paints cells of one size.

    Parameters
    ----------
    size
        Width and height in pixels, without the gap.
    gap
        To the next cell, at the right and below; it is part of what is painted.
    theme
        Its colours.
    palette
        The tasks' colours (hex).
    roomy
        Whether the middle is kept free for a number.
    fill
        How much of a task's colour a cell with an outline and no number has, 0 to 1.
    """

    def __init__(
        self,
        size: tuple[int, int],
        gap: int,
        *,
        theme: Theme,
        palette: Sequence[str],
        roomy: bool = False,
        fill: float = FILLED,
    ) -> None:
        self._size = size
        self._gap = gap
        self._theme = theme
        self._back, self._ink, self._free = (
            rgb(color) for color in (theme.background, theme.ink, theme.free)
        )
        self._palette = [rgb(color) for color in palette]
        self._roomy = roomy
        self._fill = theme.frame_fill if roomy else fill
        self.looks = HELD + len(palette) * MOST_REFS
        self.has_outlines = min(size) >= _MARKED
        self._outlined = min(size) >= _OUTLINED

    def picture(self, look: int, *, fresh: bool, empty: float = 0) -> NDArray[np.uint8]:
        """Return a cell; shape (height + gap, width + gap, 3).

        Parameters
        ----------
        fresh
            Whether the frame has just changed: then it is outlined.
        empty
            The share of its slots that have no token, 0 to 1: its right part is hatched.
        """
        width, height = self._size
        cell = np.empty((height + self._gap, width + self._gap, 3))
        cell[:] = self._back
        inner = cell[:height, :width]
        fill, line = self.tones(look)
        small = min(width, height)
        radius = 0.09 * small if small >= _MARKED else 0
        thick = max(1.0, small * 0.03)
        if fresh and small >= _MARKED:
            line = self._free if look == FREE else self._ink
            thick = min(max(1.5, small * 0.06), _BOLDEST * pixels_a_unit())
        if small >= _MARKED:  # else an outline would be all there is
            _box(inner, line, radius)
            _box(inner, fill, radius, inset=thick)
            if empty:
                self._hatch(inner[round(thick) : -round(thick), : -round(thick)], line, empty)
        else:
            inner[:] = fill
        if look == FREE and small >= _MARKED:
            share, down = (0.05, 0.34) if self._roomy else (0.09, 0)
            self._dot(inner, blend(self._back, self._free, 0.8), share, (0, down))
        elif look >= HELD:
            self._mark_shared(inner, (look - HELD) % MOST_REFS, fill)
        return np.rint(cell).astype(np.uint8)

    def tones(self, look: int) -> tuple[Floats, Floats]:
        """Return the colours of a cell's inside and of its outline: red, green, blue to 255."""
        theme, back = self._theme, self._back
        if look == FREE:
            outline = rgb(theme.outline)
            return blend(back, outline, 0.1), blend(back, outline, 0.42)
        if look == RESERVED:
            line = rgb(theme.line)
            return blend(back, line, 0.8), line
        if look < HELD:
            tone, dim = CACHED_TONES[look - CACHED], rgb(theme.dim)
            if self._outlined:
                return blend(back, dim, tone * 0.6), blend(back, dim, tone * 1.3)
            return blend(back, dim, tone), blend(back, dim, tone)
        color = self._palette[(look - HELD) // MOST_REFS]
        if self._outlined:
            return blend(back, color, self._fill), color
        solid = blend(back, color, _SOLID)
        refs = (look - HELD) % MOST_REFS
        if refs and min(self._size) < _MARKED:  # no room for a mark
            solid = blend(solid, self._ink, 0.4 + 0.1 * refs)
        return solid, solid

    def _hatch(self, cell: Floats, color: Floats, share: float) -> None:
        """Hatch the right part of a cell."""
        height, width = cell.shape[:2]
        part = cell[:, max(1, round(width * (1 - share))) :]
        part[:] = blend(self._back, color, _EMPTY)
        x, y = np.arange(part.shape[1])[None], np.arange(height)[:, None]
        pitch = max(4.0, _HATCH * pixels_a_unit())
        off = np.abs((x + y) % pitch - pitch / 2) / sqrt(2)
        _lay(part, blend(self._back, color, _HATCHED), np.clip(1.2 - off, 0, 1))

    def _mark_shared(self, cell: Floats, others: int, fill: Floats) -> None:
        """Draw a mark for each further task that holds the frame."""
        width, height = self._size
        small = min(width, height)
        if not others or small < _MARKED:
            return
        if not self._outlined:
            half = (0.12 + 0.05 * others) * small
            self._dot(cell, fill * 0.25, (half + max(1, small * 0.06)) / small)
            self._dot(cell, self._ink, half / small)
            return
        share = 0.05 if self._roomy else 0.08
        for index in range(others + 1):
            across = (index - others / 2) * share * 3
            self._dot(cell, self._ink, share, (across, 0.34 if self._roomy else 0))

    def _dot(
        self, cell: Floats, color: Floats, share: float, off: tuple[float, float] = (0, 0)
    ) -> None:
        """Draw a dot, its radius and how far it is off the middle in shares of the cell."""
        height, width = cell.shape[:2]
        small = min(width, height)
        x, y = np.arange(width) + 0.5 - width / 2, np.arange(height) + 0.5 - height / 2
        distance = np.hypot(x[None] - off[0] * small, y[:, None] - off[1] * small)
        _lay(cell, color, np.clip(max(share * small, 0.8) - distance + 0.5, 0, 1))


def _box(cell: Floats, color: Floats, radius: float, inset: float = 0) -> None:
    """Fill a box with round corners, all of the cell but for an edge of width `inset`."""
    height, width = cell.shape[:2]
    round_by = max(0.0, radius - inset)
    x = np.abs(np.arange(width) + 0.5 - width / 2) - (width / 2 - inset - round_by)
    y = np.abs(np.arange(height) + 0.5 - height / 2) - (height / 2 - inset - round_by)
    x, y = x[None], y[:, None]
    outside = np.hypot(np.maximum(x, 0), np.maximum(y, 0)) + np.minimum(np.maximum(x, y), 0)
    _lay(cell, color, np.clip(round_by - outside + 0.5, 0, 1))


def _lay(cell: Floats, color: Floats, cover: Floats) -> None:
    cell += (color - cell) * cover[..., None]
