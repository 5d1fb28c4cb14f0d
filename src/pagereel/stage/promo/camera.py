"""The pool camera: where the frames of a pool stand, from all in the picture to the first eight.

It moves frames and not manim's camera, so that text keeps its size. Boxes stand in a `Lattice`, and
what is between two of these is one, too: positions, pitches and sizes change evenly. So boxes that
do not overlap in both do not overlap in between.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from pagereel.errors import StageError
from pagereel.stage.layout.cards import CardPlaces
from pagereel.stage.layout.places import Region, px
from pagereel.stage.promo.layout import MOST_FRAMES, pool_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pagereel.stage.layout.places import Area

    Floats = NDArray[np.float64]

GAPS = px(5), px(9)  # between page frames, side by side and below each other
_FURTHER = 1.3  # pitch of rows where eight frames fill the picture, in heights of a frame
_FOLDS = 0.75  # closer than that, what stands in one row goes into two
_DOWN = 0.5  # of that: those of the second row are down
_HAIR = 1e-6


@dataclass(frozen=True, slots=True)
class Lattice:
    """Boxes in rows, with a gap between the upper and the lower rows; lengths in scene units.

    Attributes
    ----------
    left, top
        The corner of the first one.
    across, down
        From one to the next, and from one row to the next.
    width, height
        Of each.
    columns
        How many are in a row.
    split
        How many rows are above the gap.
    gap
        What comes on top of the distance between the halves.
    """

    left: float
    top: float
    across: float
    down: float
    width: float
    height: float
    columns: int
    split: int
    gap: float = 0.0

    @classmethod
    def within(cls, region: Region, frames: int, columns: int) -> Lattice:
        """Return the one that fills a region."""
        rows = ceil(frames / columns)
        across = (region.width + GAPS[0]) / columns
        down = (region.height + GAPS[1]) / rows
        size = across - GAPS[0], down - GAPS[1]
        return cls(region.left, region.top, across, down, *size, columns, rows // 2)

    def boxes(self, frames: int) -> Floats:
        """Return left, top, right and bottom of each frame, shape (frames, 4)."""
        row, column = np.divmod(np.arange(frames), self.columns)
        left = self.left + column * self.across
        top = self.top - row * self.down - (row >= self.split) * self.gap
        return np.stack([left, top, left + self.width, top - self.height], axis=1)


class PoolCamera:
    """Where the frames of a pool stand, for a few numbers from 0 to 1.

    Parameters
    ----------
    area
        The picture.
    frames
        Of the pool.
    whole
        Where all of it stands.
    eight
        The places that the first frames take when they fill the width: one row of them.
    columns
        How many stand side by side; as many as usual, if not given.

    Raises
    ------
    StageError
        If that row is longer than a row of the pool, or the pool is too large to be seen.
    """

    def __init__(
        self,
        area: Area,
        frames: int,
        whole: Region,
        eight: Sequence[Region],
        columns: int | None = None,
    ) -> None:
        if frames > MOST_FRAMES:
            raise StageError(
                f"a pool of {frames:,} frames; a promo shows at most {MOST_FRAMES:,}, one by one: "
                "take a trace of fewer"
            )
        self.frames, self.columns = frames, columns or pool_columns(frames)
        if len(eight) > self.columns:
            raise StageError(
                f"a row of the pool has {self.columns} frames, and the promo explains "
                f"{len(eight)}; take traces of larger pools, or explain fewer"
            )
        self._lattice = Lattice.within(whole, frames, self.columns)
        self._eight = np.array([(each.left, each.top, each.right, each.bottom) for each in eight])
        self._card = self._on_card(area)
        row = self._in_a_row(whole)
        self._row = replace(row, gap=0.0).boxes(frames)
        self._row_parted = row.boxes(frames)
        self.whole = self._lattice.boxes(frames)

    @property
    def upper(self) -> int:
        """How many frames are in the upper rows."""
        return self._lattice.split * self.columns

    def at(self, *, close: float = 0.0, parted: float = 0.0) -> Floats:
        """Return where the frames are.

        Parameters
        ----------
        close
            0: all frames are in the picture; 1: the first ones fill the width. Where they do so in
            two rows, they are in one at first, and those of the second come down.
        parted
            0: the rows stand evenly; 1: a card stands between the upper and the lower ones.

        Returns
        -------
        numpy.ndarray
            Left, top, right and bottom of each in scene units, shape (frames, 4).
        """
        wide = between(self.whole, self._card.boxes(self.frames), parted)
        first = len(self._eight)
        in_a_row = min(close / _FOLDS, 1.0)
        boxes = between(wide, between(self._row, self._row_parted, parted), in_a_row)
        if close > _FOLDS:
            boxes[:first] = self._folded((close - _FOLDS) / (1 - _FOLDS))
        return boxes

    def divided(self, region: Region, share: float) -> Floats:
        """Return where the frames of one of two pools are that were one.

        Parameters
        ----------
        region
            Where it stands at last.
        share
            0: both are where one was; 1: each stands in a region of its own.
        """
        apart = Lattice.within(region, self.frames, self.columns).boxes(self.frames)
        return between(self.whole, apart, share)

    def seen(self, close: float) -> Floats:
        """Return how much each frame stands out from the background, shape (frames,), 0 to 1.

        The further it is from the first ones, the sooner it goes.
        """
        return np.clip(1 - close / _FOLDS * (3 + self.rings) / 4, self.rings == 0, 1)

    @property
    def rings(self) -> NDArray[np.int64]:
        """How far each frame is from the first ones, in frames, shape (frames,)."""
        row, column = np.divmod(np.arange(self.frames), self.columns)
        rings: NDArray[np.int64] = np.maximum(row, column - len(self._eight) + 1)
        return np.maximum(rings, 0)

    def _folded(self, share: float) -> Floats:
        """Return where the first ones are between one row and their places.

        Those of further rows come down, and then all of them grow: so none meets another.
        """
        row, places = self._row[: len(self._eight)], self._eight
        down = row.copy()
        below = places[:, 1] < places[0, 1] - _HAIR
        shift = (places[:, 1] - row[:, 1]) * below
        down[:, 1] += shift
        down[:, 3] += shift
        if share < _DOWN and below.any():
            return between(row, down, share / _DOWN)
        return between(down, places, (share - _DOWN) / (1 - _DOWN) if below.any() else share)

    def _on_card(self, area: Area) -> Lattice:
        places = CardPlaces.of(area, self.upper, self.frames - self.upper, self.columns)
        first, second, *_ = places.upper
        down = places.lower[0].top - places.lower[-1].top
        rows = ceil((self.frames - self.upper) / self.columns)
        down = down / (rows - 1) if rows > 1 else first.height + GAPS[0]
        return Lattice(
            first.left,
            first.top,
            second.left - first.left,
            down,
            first.width,
            first.height,
            self.columns,
            self._lattice.split,
            first.top - self._lattice.split * down - places.lower[0].top,
        )

    def _in_a_row(self, whole: Region) -> Lattice:
        """Return the lattice in which the first ones fill the width in one row."""
        left, top, right, bottom = self._eight[0]
        width, height, across = right - left, top - bottom, _FURTHER * (right - left)
        beside = [box for box in self._eight[1:] if box[1] > top - _HAIR]
        if beside:
            across = beside[0][0] - left
        if len(beside) + 1 < len(self._eight):
            smaller = (whole.right - left) / (len(self._eight) - 1 + width / across) / across
            width, height, across = width * smaller, height * smaller, across * smaller
        card = self._card
        down = _FURTHER * height
        apart = card.gap * down / card.down
        return Lattice(left, top, across, down, width, height, self.columns, card.split, gap=apart)


def between(one: Floats, other: Floats, share: float) -> Floats:
    """Return the boxes between some, at a share of 0, and others, at 1."""
    return one + (other - one) * share
