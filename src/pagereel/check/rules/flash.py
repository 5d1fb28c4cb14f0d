"""Flashes, as WCAG 2.3.1 defines them: `Three Flashes or Below Threshold`, general flashes.

A flash is a pair of opposing changes of relative luminance by a tenth of the greatest or more,
where the darker one is below 0.8. More than three within a second are dangerous for people with
photosensitive epilepsy, unless they are small: a quarter of any third of the picture's width by a
third of its height, which is the standard's 341 by 256 pixels of 1024 by 768.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pagereel.check.rules import Facts, Rule
from pagereel.check.see.light import luminance
from pagereel.check.see.parts import Floats, Hit, Hits, Look

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIDE = 54  # pixels of the short side of the picture that flashes are looked for in
_CHANGE = 0.1
_DARK = 0.8
_PART = 1 / 3  # of the picture's sides
_SHARE = 0.25  # of that part
_SECOND = 1.0
_SMALLEST = _SHARE * _PART**2  # the part of the picture that a flash covers at least


class Flash(Rule):
    """Counts the flashes of a second, wherever enough has changed for one."""

    facts = Facts(
        says="there are no more flashes than this in any second",
        unit="flashes a second",
        default=3,
        source="WCAG 2.2, 2.3.1 (general flash)",
    )

    def __init__(self, limit: float) -> None:
        super().__init__(limit)
        self._flashes = Flashes(limit)
        self._changed = 0.0
        self._found = -_SECOND  # when it last flashed too often

    def follow(self, look: Look) -> Hits:
        """Find what flashes too often, while it does."""
        self._changed += look.changed
        if look.at_rest or self._changed < _SMALLEST * look.width * look.height:
            return
        self._changed = 0
        seconds = look.moment.seconds
        place = self._flashes.add(luminance(look.draw(_SIDE)), seconds)
        if place is None:
            return
        before, self._found = self._found, seconds
        if seconds - before >= _SECOND:  # or else it goes on, perhaps in the next play
            box = place * (look.width, look.height, look.width, look.height)
            yield Hit("", f"this flashes more than {self.limit:g} times in a second", box)


class Flashes:
    """Counts the flashes of each pixel of a small picture.

    Parameters
    ----------
    most
        How many flashes a second are allowed.
    """

    def __init__(self, most: float) -> None:
        self._changes = 2 * int(most) + 1  # so many are half a flash too many
        self._extreme: Floats | None = None  # the luminance since which it rises or falls
        self._rising: Floats
        self._times: Floats  # of the last changes, newest first

    def add(self, luminance: Floats, seconds: float) -> Floats | None:
        """Take in a picture; return the place that flashes too often, as shares of the picture.

        Parameters
        ----------
        luminance
            Relative luminance, shape (height, width).
        seconds
            When it is shown.

        Returns
        -------
        ndarray or None
            Left, top, right and bottom edge, 0 to 1; None if nothing flashes too often.
        """
        if self._extreme is None or self._extreme.shape != luminance.shape:
            self._extreme = luminance.copy()
            self._rising = np.zeros_like(luminance)
            self._times = np.full((self._changes, *luminance.shape), -np.inf)
            return None
        extreme = self._extreme
        up = (luminance - extreme >= _CHANGE) & (extreme < _DARK) & (self._rising <= 0)
        down = (extreme - luminance >= _CHANGE) & (luminance < _DARK) & (self._rising >= 0)
        changed = up | down
        self._rising[up], self._rising[down] = 1, -1
        further = (luminance - extreme) * self._rising > 0
        self._extreme = np.where(changed | further, luminance, extreme)
        self._times[1:, changed] = self._times[:-1, changed]
        self._times[0, changed] = seconds
        return _where(changed & (self._times[-1] > seconds - _SECOND))


def _where(flashing: NDArray[np.bool_]) -> Floats | None:
    """Return the part of the picture in which a quarter flashes, None if there is none."""
    if not flashing.any():
        return None
    height, width = flashing.shape
    rows, columns = max(1, round(height * _PART)), max(1, round(width * _PART))
    sums = np.pad(flashing.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    counts = sums[rows:, columns:] - sums[:-rows, columns:]
    counts = counts - sums[rows:, :-columns] + sums[:-rows, :-columns]
    if counts.max() < _SHARE * rows * columns:
        return None
    y, x = np.nonzero(flashing)
    box = np.array([x.min(), y.min(), x.max() + 1, y.max() + 1], dtype=np.float64)
    return box / (width, height, width, height)
