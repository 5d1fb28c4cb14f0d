"""The chart: how the pool is shared out over time, in the tasks' colours; it draws itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from pagereel.film.tape import CACHED
from pagereel.stage.film.film_part import FilmPart, fitted
from pagereel.stage.film.palette import blend, rgb
from pagereel.stage.film.sheet import Sheet, pixel_size
from pagereel.wording import counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pagereel.film.tape import Tape
    from pagereel.film.timelapse import Film, Shot
    from pagereel.stage.film.film_part import Moment
    from pagereel.stage.layout.grid_over_chart import ChartPlace
    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Movements
    from pagereel.stage.text.label import Label
    from pagereel.stage.theme import Theme

_TASK, _CACHED, _FREE = 0.86, 0.4, 0.1  # opacities


class PoolChart(FilmPart):
    """A column for each moment: what tasks hold from below, oldest first, then what is cached."""

    def __init__(self, told: Film, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        place = self._place = cast("ChartPlace", region)
        back = rgb(theme.background)
        free = blend(back, rgb(theme.outline), _FREE)
        size = pixel_size(region)
        self.sheet = Sheet(*size, left=region.left, top=region.top, color=free)
        tasks = np.array([blend(back, rgb(color), _TASK) for color in self.palette])
        cached = blend(back, rgb(theme.dim), _CACHED)
        self._tones = np.rint(np.vstack([tasks, cached, free])).astype(np.uint8)
        self._ink = np.rint(rgb(theme.ink)).astype(np.uint8)
        self._colors = np.append(np.asarray(told.colors, dtype=np.int64), 0)
        self._usable = max(1, told.tape.usable)
        self._drawn = 0
        self.standing = [fitted("use of the pool", place.label, theme.dim)]
        self.moving = [self.sheet]

    @property
    def shown(self) -> float:
        """How much of its width is drawn, 0 to 1."""
        return float(self._drawn / self.sheet.rgb.shape[1])

    def show(self, change: Moment) -> Movements:
        """Draw the pool of a moment."""
        self._draw(change.pool.owner, _elapsed(self.told.tape, change.reached))
        return {}

    def pace(self, shot: Shot) -> Label:
        """Return how fast time runs in a shot; it is to be seen while it does."""
        text = f"up to {counted(shot.fastest, 'event')} a second"
        return fitted(text, self._place.pace, self.theme.free)

    def _draw(self, owner: NDArray[np.int32], share: float) -> None:
        height, width = self.sheet.rgb.shape[:2]
        end = min(width, max(self._drawn, round(share * width)))
        column = self._column(owner, height)
        first = max(0, min(self._drawn, end - 1))
        self.sheet.rgb[:, first:end] = column[:, None]
        self.sheet.rgb[:, end : end + 2] = self._ink  # where we are
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


def _elapsed(tape: Tape, reached: int) -> float:
    """Return the share of the engine's steps that have passed, 0 to 1."""
    if not reached:
        return 0.0
    first, last = tape.step[0], tape.step[-1]
    return (tape.step[reached - 1] - first + 1) / (last - first + 1)
