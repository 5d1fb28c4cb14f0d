"""The grid: one image of all page frames, in which only cells that change are painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pagereel.stage.film.layout import divide
from pagereel.stage.film.palette import rgb
from pagereel.stage.film.sheet import CellPainter, Sheet, pixel_size, pixels_a_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pagereel.stage.film.layout import Panel
    from pagereel.stage.theme import Theme

    Ints = NDArray[np.integer]

_NUMBERED = 62 / 1080 * 8  # scene units; from this size on, a cell has its frame's number
UNSEEN = -1


class FrameGrid(Sheet):
    """All frames, in rows from the left upper corner. Nothing is seen of them at first.

    Parameters
    ----------
    panel
        Where it stands; it begins at the left upper corner, and may end before the others.
    frames
        How many there are.
    theme, palette
        The colours; those of tasks as hex.
    """

    def __init__(self, panel: Panel, frames: int, *, theme: Theme, palette: Sequence[str]) -> None:
        self.cells = divide(*pixel_size(panel), frames)
        cells, unit = self.cells, pixels_a_unit()
        width, height = round(cells.columns * cells.width), round(cells.rows * cells.height)
        self._left, self._top = panel.left, panel.top
        self.right = panel.left + (width - cells.gap) / unit
        super().__init__(width, height, left=self._left, top=self._top, color=rgb(theme.background))
        self.side = (min(cells.width, cells.height) - cells.gap) / unit
        self.numbered = self.side >= _NUMBERED
        self._whole = float(cells.width).is_integer() and float(cells.height).is_integer()
        self._painter = CellPainter(
            max(1, int(cells.width) - cells.gap),
            max(1, int(cells.height) - cells.gap),
            cells.gap,
            theme=theme,
            palette=palette,
            roomy=self.numbered,
        )
        looks = self._painter.looks
        self._index = np.full(2 * looks, UNSEEN)  # look, or look + looks if fresh -> its picture
        shape = (0, max(1, int(cells.height)), max(1, int(cells.width)), 3)
        self._pictures = np.zeros(shape, np.uint8)
        self._shown = np.full(frames, UNSEEN)  # by frame: its picture
        self._background = np.rint(rgb(theme.background)).astype(np.uint8)

    def centre(self, frame: int) -> tuple[float, float]:
        """Return the middle of a frame's cell, in scene units."""
        cells, unit = self.cells, pixels_a_unit()
        row, column = divmod(frame, cells.columns)
        x = (column + 0.5) * cells.width - cells.gap / 2
        y = (row + 0.5) * cells.height - cells.gap / 2
        return self._left + x / unit, self._top - y / unit

    def paint(self, frames: Ints, looks: Ints, fresh: NDArray[np.bool_]) -> None:
        """Paint frames.

        Parameters
        ----------
        frames
            Which ones.
        looks
            What each of them shows, see `cells`.
        fresh
            Whether each has just changed.
        """
        wanted = looks + fresh * self._painter.looks
        for look in np.unique(wanted).tolist():
            if self._index[look] == UNSEEN:
                self._make(look)
        pictures = self._index[wanted]
        changed = pictures != self._shown[frames]
        if not changed.any():
            return
        frames, pictures = frames[changed], pictures[changed]
        self._shown[frames] = pictures
        if self._whole:
            self._stamp(frames, pictures)
        else:
            self._paint_all()

    def _make(self, look: int) -> None:
        """Make the picture of a look."""
        fresh, plain = divmod(look, self._painter.looks)
        picture = self._painter.picture(plain, fresh=bool(fresh))
        self._index[look] = len(self._pictures)
        self._pictures = np.concatenate([self._pictures, picture[None]])

    def _stamp(self, frames: Ints, pictures: Ints) -> None:
        cells = self.cells
        rows, columns = np.divmod(frames, cells.columns)
        height, width = self._pictures.shape[1:3]
        pixels = self.pixel_array.reshape(cells.rows, height, cells.columns, width, 4)
        pixels[rows, :, columns, :, :3] = self._pictures[pictures]

    def _paint_all(self) -> None:
        """Paint cells that are not all of the same size: each pixel shows the frame it lies in."""
        cells = self.cells
        height, width = self.pixel_array.shape[:2]
        y = np.minimum(((np.arange(height) + 0.5) / cells.height).astype(int), cells.rows - 1)
        x = np.minimum(((np.arange(width) + 0.5) / cells.width).astype(int), cells.columns - 1)
        colors = np.concatenate([self._pictures[:, 0, 0], self._background[None]])
        shown = np.full(cells.rows * cells.columns, UNSEEN)
        shown[: len(self._shown)] = self._shown
        self.rgb[:] = colors[shown].reshape(cells.rows, cells.columns, 3)[y][:, x]
