"""The twin curve: one measure of both runs over time; it draws itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from pagereel.stage.compare.race_part import RacePart, run_colors
from pagereel.stage.film.film_part import fitted
from pagereel.stage.film.palette import blend, faded, rgb
from pagereel.stage.film.sheet import Sheet, pixel_size, pixels_a_unit
from pagereel.stage.layout.places import Region, px

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pagereel.compare.race import Race
    from pagereel.stage.compare.race_part import Tick
    from pagereel.stage.layout.race_places import CurvePlace
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_BACK, _TINT = 0.07, 0.2  # opacities of the ground, and of what is between the lines
_LINE, _HEAD, _CROSS = px(4), px(3), px(3)  # widths: the lines, the playhead, crosses
_ARM = px(9)  # half of a cross
_ABOVE = px(6)  # by which the playhead reaches over the ground
_FOOT = px(14)  # from the ground's lower edge to a cross


class CurveSheet(Sheet):
    """Two lines up to a moment, what is between them, crosses, and a playhead.

    Parameters
    ----------
    region
        Its place.
    at
        The time of each moment; rises.
    values
        Of both runs, shape (2, moments).
    lost
        The moments that get a cross.
    theme
        The colours.
    """

    def __init__(
        self, region: Region, at: Floats, values: Floats, lost: Ints, *, theme: Theme
    ) -> None:
        whole = Region(region.left, region.top + _ABOVE, region.right, region.bottom)
        width, height = pixel_size(whole)
        self._back = rgb(theme.background)
        super().__init__(width, height, left=whole.left, top=whole.top, color=self._back)
        self._ground = blend(self._back, rgb(theme.outline), _BACK)
        self._ink = rgb(theme.ink)
        self._colors = np.array([rgb(color) for color in run_colors(theme)])
        self._unit, self._lost, self._moment = pixels_a_unit(), lost, 0
        self._above = round(_ABOVE * self._unit)
        low, high = height - _LINE * self._unit / 2, self._above + _LINE * self._unit / 2
        self._y = low - values / (values.max() or 1) * (low - high)
        self._x = (at - at[0]) / ((at[-1] - at[0]) or 1) * (width - 1)
        self.rgb[self._above :] = np.rint(self._ground)
        self.draw(0)

    def draw(self, moment: int) -> None:
        """Draw all up to a moment; what was drawn before is only touched where the playhead was."""
        before, self._moment = self._moment, moment
        around = round((_ARM + _CROSS) * self._unit) + 2
        here = round(float(self._x[moment]))
        first = max(0, min(int(self._x[before]), here) - around)
        columns = np.arange(first, min(self.rgb.shape[1], here + around))
        part = np.empty((self.rgb.shape[0], len(columns), 3))
        part[:], part[self._above :] = self._back, self._ground
        passed = np.count_nonzero(columns <= here)
        self._lay_lines(part[:, :passed], columns[:passed] + 0.5, moment)
        for x in self._x[self._lost[self._lost <= moment]].tolist():
            if first - around <= x <= here + around:
                self._lay_cross(part, columns + 0.5 - x)
        part[:, np.abs(columns - here) <= _HEAD * self._unit / 2] = self._ink
        self.rgb[:, columns] = np.rint(part)

    def _lay_lines(self, part: Floats, x: Floats, moment: int) -> None:
        """Draw the columns of what is between the lines, and of the lines."""
        y = np.arange(part.shape[0])[:, None] + 0.5
        times, lines = self._x[: moment + 1], self._y[:, : moment + 1]
        heights = np.array([np.interp(x, times, line) for line in lines])
        slopes = [
            np.interp(x + 0.5, times, line) - np.interp(x - 0.5, times, line) for line in lines
        ]
        top, low = heights.min(axis=0), heights.max(axis=0)
        between = np.clip(y - top + 0.5, 0, 1) * np.clip(low - y + 0.5, 0, 1)
        tint = self._colors[heights.argmin(axis=0)]  # the upper one's
        part += (tint - part) * (between * _TINT)[..., None]
        for side in (1, 0):  # where both are the same, the first run's is seen
            half = _LINE * self._unit / 2 * np.hypot(1, slopes[side])
            line = np.clip(half - np.abs(y - heights[side]) + 0.5, 0, 1)
            part += (self._colors[side] - part) * line[..., None]

    def _lay_cross(self, part: Floats, x: Floats) -> None:
        """Draw a cross at x = 0, at the foot of the ground."""
        height = part.shape[0]
        down = np.arange(height)[:, None] + 0.5 - (height - _FOOT * self._unit)
        falling, rising = (x - down) / np.sqrt(2), (x + down) / np.sqrt(2)
        for across, along in ((falling, rising), (rising, falling)):
            line = np.clip(_CROSS * self._unit / 2 - np.abs(across) + 0.5, 0, 1)
            line *= np.clip(_ARM * self._unit - np.abs(along) + 0.5, 0, 1)
            part += (self._ink - part) * line[..., None]


class TwinCurve(RacePart):
    """One measure of both runs over time, and crosses where requests were given up.

    Attributes
    ----------
    sheet
        The curve; None in a picture that has no room for it.
    """

    def __init__(self, told: Race, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        comparison = told.comparison
        self._moment, self._at = 0, comparison.clock.at
        given_up = sum(run.values["given_up"] for run in told.runs)
        self._lost = np.flatnonzero(np.diff(given_up, prepend=0))
        self.sheet: CurveSheet | None = None
        self._plain: NDArray[np.uint8] | None = None  # what it shows before it fades
        if region.width <= 0:
            return
        values = np.array([run.values[comparison.curve.key] for run in told.runs], float)
        self.sheet = CurveSheet(region, self._at, values, self._lost, theme=theme)
        label = cast("CurvePlace", region).label
        self.standing = [fitted(comparison.curve.label, label, theme.dim)]
        self.moving = [self.sheet]

    @property
    def shown(self) -> tuple[float, list[int]]:
        """The time up to which it is drawn; and the moments at which requests were given up."""
        return float(self._at[self._moment]), self._lost[self._lost <= self._moment].tolist()

    def show(self, change: Tick) -> Movements:
        """Draw both lines up to a moment."""
        if change.drawn:
            self._moment = change.moment
            if self.sheet:
                self.sheet.draw(change.moment)
        return {}

    def fade(self, share: float, up: float) -> None:
        """Show it faded by a share, and so far above its place."""
        if self.sheet is None:
            return
        if self._plain is None:
            self._plain = self.sheet.rgb.copy()
        self.sheet.rgb[:] = faded(self._plain, rgb(self.theme.background), share)
        self.sheet.slide(0, up)
