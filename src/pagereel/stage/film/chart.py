"""The chart: how the pool is shared out over time, in the tasks' colours; it draws itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pagereel.film.tape import CACHED
from pagereel.stage.film.palette import blend, rgb
from pagereel.stage.film.sheet import Sheet, pixel_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pagereel.stage.layout.places import Region
    from pagereel.stage.theme import Theme

_TASK, _CACHED, _FREE = 0.86, 0.4, 0.1  # opacities


class PoolChart(Sheet):
    """A column for each moment: what tasks hold from below, oldest first, then what is cached.

    Parameters
    ----------
    panel
        Where it stands.
    theme, palette
        The colours; those of tasks as hex.
    colors
        By stay: an index into the palette.
    usable
        How many frames there are to be held.
    """

    def __init__(
        self,
        panel: Region,
        *,
        theme: Theme,
        palette: Sequence[str],
        colors: Sequence[int],
        usable: int,
    ) -> None:
        back = rgb(theme.background)
        free = blend(back, rgb(theme.outline), _FREE)
        super().__init__(*pixel_size(panel), left=panel.left, top=panel.top, color=free)
        tasks = np.array([blend(back, rgb(color), _TASK) for color in palette])
        cached = blend(back, rgb(theme.dim), _CACHED)
        self._tones = np.rint(np.vstack([tasks, cached, free])).astype(np.uint8)
        self._ink = np.rint(rgb(theme.ink)).astype(np.uint8)
        self._colors = np.append(np.asarray(colors, dtype=np.int64), 0)
        self._usable = max(1, usable)
        self._drawn = 0

    def draw(self, owner: NDArray[np.int32], share: float) -> None:
        """Draw the pool of a moment.

        Parameters
        ----------
        owner
            By frame, as in `Tape`.
        share
            How much of the time has passed.
        """
        height, width = self.rgb.shape[:2]
        end = min(width, max(self._drawn, round(share * width)))
        column = self._column(owner, height)
        first = max(0, min(self._drawn, end - 1))
        self.rgb[:, first:end] = column[:, None]
        self.rgb[:, end : end + 2] = self._ink  # where we are
        self._drawn = end

    def _column(self, owner: NDArray[np.int32], height: int) -> NDArray[np.uint8]:
        """Return a column of pixels, top first."""
        held = np.bincount(owner[owner >= 0])
        stays = np.flatnonzero(held)
        counts = np.append(held[stays], np.count_nonzero(owner == CACHED))
        cached, free = len(self._tones) - 2, len(self._tones) - 1
        tones = np.concatenate([self._colors[stays], [cached, free]])
        ends = np.rint(np.cumsum(counts) * height / self._usable).astype(int)
        lengths = np.diff(np.append(ends, height), prepend=0)
        column: NDArray[np.uint8] = self._tones[np.repeat(tones, lengths)][::-1]
        return column
