"""The grid: one image of all page frames, in which only cells that change are painted."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from pagereel.film.pool_state import PoolState
from pagereel.film.tape import CACHED as CACHED_OWNER
from pagereel.stage.film.cells import divide
from pagereel.stage.film.film_part import FilmPart
from pagereel.stage.film.palette import blend, faded, rgb
from pagereel.stage.film.sheet import (
    CACHED,
    DIMMED,
    FILLED,
    FREE,
    HELD,
    MOST_REFS,
    RESERVED,
    CellPainter,
    Sheet,
    held_look,
    pixel_size,
    pixels_a_unit,
)
from pagereel.stage.layout.grid_over_chart import GridNeed, GridPlace
from pagereel.stage.layout.places import MIN_CAP, px
from pagereel.stage.text.label import Label, text_width
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pagereel.film.captions import Remark
    from pagereel.film.tape import Tape
    from pagereel.film.timelapse import Film
    from pagereel.stage.film.film_part import Moment
    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

    Floats = NDArray[np.float64]
    Ints = NDArray[np.integer]

_NUMBERED = 62 / 1080 * 8  # scene units; from this size on, a cell has its frame's number
UNSEEN = -1
LEVELS = 8  # in which a cell shows how much of its frame is empty
_LIGHTER = 0.4  # how far a lit cell without an outline goes over into ink
_CAP = px(24)
_HAIR = 0.01  # pixels


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
    columns
        How many frames a row has, if cells can be large so; else as many as make them large.

    Attributes
    ----------
    fill
        How much of a task's colour its cells have.
    lit_color
        The colour of the palette in which held frames are lit; None: each in its own.
    """

    fill: ClassVar[float] = FILLED

    def __init__(
        self,
        panel: Region,
        frames: int,
        *,
        theme: Theme,
        palette: Sequence[str],
        columns: int | None = None,
    ) -> None:
        self.cells = divide(*pixel_size(panel), frames, columns)
        cells, unit = self.cells, pixels_a_unit()
        width, height = round(cells.columns * cells.width), round(cells.rows * cells.height)
        self._left, self._top = panel.left, panel.top
        super().__init__(width, height, left=self._left, top=self._top, color=rgb(theme.background))
        self.side = (min(cells.width, cells.height) - cells.gap) / unit
        self.numbered = self.side >= _NUMBERED
        self._whole = float(cells.width).is_integer() and float(cells.height).is_integer()
        self._painter = CellPainter(
            (max(1, int(cells.width) - cells.gap), max(1, int(cells.height) - cells.gap)),
            cells.gap,
            theme=theme,
            palette=palette,
            roomy=self.numbered,
            fill=self.fill,
        )
        looks = self._painter.looks
        # Look, and more by looks if it is fresh, and by its emptiness -> its picture.
        self._index = np.full((1 + LEVELS) * 2 * looks, UNSEEN)
        shape = (0, max(1, int(cells.height)), max(1, int(cells.width)), 3)
        self._pictures = np.zeros(shape, np.uint8)
        self._shown = np.full(frames, UNSEEN)  # by frame: its picture
        self._background = rgb(theme.background)
        self._ink = rgb(theme.ink)
        self.lit_color: int | None = None
        self._lit: tuple[NDArray[np.uint8], float] | None = None  # pixels where nothing is, share

    def centre(self, frame: int) -> tuple[float, float]:
        """Return the middle of a frame's cell, in scene units."""
        cells, unit = self.cells, pixels_a_unit()
        row, column = divmod(frame, cells.columns)
        x = (column + 0.5) * cells.width - cells.gap / 2
        y = (row + 0.5) * cells.height - cells.gap / 2
        return self._left + x / unit, self._top - y / unit

    @property
    def shows_empty(self) -> bool:
        """Whether cells are large enough for what is empty of them."""
        return self._painter.has_outlines

    def paint(
        self, frames: Ints, looks: Ints, fresh: NDArray[np.bool_], empty: Ints | int = 0
    ) -> None:
        """Paint frames.

        Parameters
        ----------
        frames
            Which ones.
        looks
            What each of them shows, see `cells`.
        fresh
            Whether each has just changed.
        empty
            How much of each is empty, in `LEVELS`.
        """
        wanted = looks + (fresh + 2 * empty) * self._painter.looks
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

    def light(self, frames: Sequence[int], share: float) -> None:
        """Outline frames in ink, and dim the others: by a share, from 0 (not at all) to 1."""
        plain, before = self._lit or (self.rgb.copy(), 0.0)
        if share == before:
            return
        self.rgb[:] = faded(plain, self._background, share * DIMMED)
        for frame in frames:
            box = self._box(frame)
            cell = plain[box].astype(float)
            self.rgb[box] = np.rint(blend(cell, self._outlined(frame, cell), share))
        self._lit = (plain, share) if share else None

    def _box(self, frame: int) -> tuple[slice, slice]:
        """Return the pixels of a cell: rows and columns."""
        at, sizes = divmod(frame, self.cells.columns), (self.cells.height, self.cells.width)
        ends = [
            (ceil(place * size - 0.5), ceil((place + 1) * size - 0.5))
            for place, size in zip(at, sizes, strict=True)
        ]
        return slice(*ends[0]), slice(*ends[1])

    def _outlined(self, frame: int, plain: Floats) -> Floats:
        """Return a cell as it looks when it is lit; a small one is only made lighter."""
        if not self._painter.has_outlines:
            return blend(plain, self._ink, _LIGHTER)
        key = int(np.flatnonzero(self._index == self._shown[frame])[0])
        kind, look = divmod(key, self._painter.looks)
        if look >= HELD and self.lit_color is not None:
            look = held_look(self.lit_color, (look - HELD) % MOST_REFS + 1)
        picture = self._painter.picture(look, fresh=True, empty=kind // 2 / LEVELS)
        return picture.astype(np.float64)

    def _make(self, key: int) -> None:
        """Make the picture of a look, fresh or not, and empty or not."""
        kind, plain = divmod(key, self._painter.looks)
        picture = self._painter.picture(plain, fresh=bool(kind % 2), empty=kind // 2 / LEVELS)
        self._index[key] = len(self._pictures)
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
        colors = np.concatenate([self._pictures[:, 0, 0], self._background[None].astype(np.uint8)])
        shown = np.full(cells.rows * cells.columns, UNSEEN)
        shown[: len(self._shown)] = self._shown
        self.rgb[:] = colors[shown].reshape(cells.rows, cells.columns, 3)[y][:, x]


class PoolPicture(FrameGrid):
    """The grid of a pool whose frames change hands; it follows a `PoolState`.

    Parameters
    ----------
    tape
        The trace.
    colors
        By stay: an index into the palette.
    panel, theme, palette, columns
        As of `FrameGrid`.
    """

    def __init__(
        self,
        tape: Tape,
        colors: Sequence[int],
        panel: Region,
        *,
        theme: Theme,
        palette: Sequence[str],
        columns: int | None = None,
    ) -> None:
        super().__init__(panel, tape.frames, theme=theme, palette=palette, columns=columns)
        self._theme = theme
        self._held = np.array([*(held_look(color, 1) for color in colors), 0], dtype=np.int64)
        self._reserved = np.array(tape.reserved, dtype=np.int64)
        self._laid_out = 0
        self._start = PoolState(tape)
        self._owners = self._start.owner.astype(np.int64)
        self._empty: Ints = np.zeros(tape.frames, np.int64)
        self.lit: tuple[int, ...] = ()

    @property
    def empty(self) -> list[int]:
        """How much of each frame is shown empty, in `LEVELS`."""
        levels: list[int] = self._empty.tolist()
        return levels

    @property
    def owners(self) -> list[int]:
        """The owner of each frame that is shown, as in `Tape`."""
        owners: list[int] = self._owners.tolist()
        return owners

    def lay_out(self, share: float) -> None:
        """Show the first frames of the pool as they are at the start: a share of them."""
        end = round(share * len(self._owners))
        frames = np.arange(self._laid_out, end)
        if len(frames):
            reserved = np.isin(frames, self._reserved)
            looks = np.where(reserved, RESERVED, self._looks(frames, self._start))
            self.paint(frames, looks, np.zeros(len(frames), bool))
        self._laid_out = max(end, self._laid_out)

    def follow(self, frames: Ints, pool: PoolState, empty: Ints | None = None) -> None:
        """Paint the frames that may look another way.

        Parameters
        ----------
        empty
            How much of each frame of the pool is empty, in `LEVELS`, where that is shown.
        """
        if empty is not None:
            frames = np.union1d(frames, np.flatnonzero(empty != self._empty))
            self._empty = empty
        self._owners[frames] = pool.owner[frames]
        self.paint(frames, self._looks(frames, pool), pool.fresh(frames), self._empty[frames])

    def point_out(self, frames: Sequence[int], share: float, pool: PoolState) -> None:
        """Outline frames, and dim the others, by a share from 0 to 1."""
        self.settle(pool)
        self.light(frames, share)
        self.lit = tuple(frames) if share else ()

    def settle(self, pool: PoolState) -> None:
        """Mark no frame as just changed: where a caption stands, it would seem to speak of it."""
        fresh = np.flatnonzero(pool.fresh(np.arange(len(pool.owner))))
        plain = np.zeros(len(fresh), bool)
        self.paint(fresh, self._looks(fresh, pool), plain, self._empty[fresh])

    def numbers(self) -> list[Label]:
        """Return the frames' numbers, if there is room for them."""
        frames = len(self._owners)
        cap = max(MIN_CAP, min(0.3 * self.side, _CAP * 1.5))
        if not self.numbered or text_width(str(frames - 1), Face.SERIF) * cap > 0.86 * self.side:
            return []
        return [
            Label(str(frame), Face.SERIF, cap=cap, color=self._theme.ink).put(*self.centre(frame))
            for frame in range(frames)
        ]

    def _looks(self, frames: Ints, pool: PoolState) -> Ints:
        owner, refs = pool.owner[frames], pool.refs[frames]
        held = self._held[owner] + np.minimum(np.maximum(refs, 1), MOST_REFS) - 1
        return np.select(
            [owner >= 0, owner == CACHED_OWNER], [held, CACHED + pool.tones(frames)], FREE
        )


class PoolGrid(FilmPart):
    """The grid of all frames and, where there is room, their numbers."""

    def __init__(self, told: Film, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self.grid = PoolPicture(told.tape, told.colors, region, theme=theme, palette=self.palette)
        self.moving = [self.grid, *self.grid.numbers()]

    @classmethod
    def need(cls, told: Film) -> GridNeed:
        """Return what it fills of a region."""
        return GridNeed(filled=lambda region: filled(region, told.tape.frames))

    @property
    def shown(self) -> list[int]:
        """The owner of each frame, as in `Tape`."""
        return self.grid.owners

    def show(self, change: Moment) -> Movements:
        """Paint the frames that may look another way."""
        self.grid.follow(change.frames, change.pool)
        return {}

    def settle(self, pool: PoolState) -> None:
        """Mark no frame as just changed."""
        self.grid.settle(pool)

    def light(self, remark: Remark, share: float, pool: PoolState) -> None:
        """Outline the frames of which a caption speaks, and dim the others."""
        if remark.frames:
            self.grid.point_out(remark.frames, share, pool)
        else:
            self.grid.settle(pool)


def filled(region: Region, frames: int, columns: int | None = None) -> GridPlace:
    """Return what the cells of so many frames fill of a region; there they are as large again."""
    cells, unit = divide(*pixel_size(region), frames, columns), pixels_a_unit()
    right = region.left + (cells.columns * cells.width + _HAIR) / unit
    bottom = region.top - (cells.rows * cells.height + _HAIR) / unit
    return GridPlace(region.left, region.top, right, bottom, right - cells.gap / unit)
