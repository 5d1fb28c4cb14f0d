"""The strip: a row for each of the tasks that stay longest, with its name and its page table."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from pagereel.film.captions import LONGEST_NAME, short_name
from pagereel.film.tape import Run
from pagereel.film.timelapse import plan_rows
from pagereel.stage.film.film_part import FilmPart
from pagereel.stage.film.palette import faded, rgb
from pagereel.stage.film.sheet import (
    DIMMED,
    CellPainter,
    Sheet,
    held_look,
    pixel_size,
    pixels_a_unit,
)
from pagereel.stage.layout.places import MONO_ADVANCE, Region, px
from pagereel.stage.text.label import Ticker
from pagereel.stage.text.outline import Face
from pagereel.stage.theme import mixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pagereel.film.captions import Remark
    from pagereel.film.pool_state import PoolState
    from pagereel.film.timelapse import Film
    from pagereel.stage.film.film_part import Moment
    from pagereel.stage.layout.grid_over_chart import StripPlace
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_NAMES = 0.63  # of the strip's width, at most
_GUTTER = px(20)
_LARGEST = px(30)  # of a page's cell
_CAP = px(24)


class TaskStrip(FilmPart):
    """Rows that tasks come to and go from; see `pagereel.film.timelapse`.

    Attributes
    ----------
    sheet
        The cells of all rows.
    tickers
        Names, then numbers of pages.
    """

    def __init__(self, told: Film, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        stays, panel, cap = told.tape.stays, cast("StripPlace", region), _CAP
        self._stays, self._colors = stays, told.colors
        rows = self._rows = plan_rows(told, panel.rows)
        longest = min(LONGEST_NAME, int(panel.width * _NAMES / (MONO_ADVANCE * cap)))
        names = {stay: short_name(stays[stay].task, longest) for stay in rows}
        self.names = names
        advance = MONO_ADVANCE * cap
        left = panel.left + max([*map(len, names.values()), 2]) * advance + _GUTTER
        most = max([stays[stay].pages for stay in rows], default=1)
        right = panel.right - max(2, len(str(most))) * advance - _GUTTER
        pitch = panel.height / panel.rows
        self._pitch = max(1, int(pitch * pixels_a_unit()))
        self._background = rgb(theme.background)
        bars = Region(left, panel.top, right, panel.bottom)
        width, _ = pixel_size(bars)
        self.sheet = Sheet(
            width,
            self._pitch * panel.rows,
            left=left,
            top=panel.top,
            color=self._background,
        )
        self._divide(width, most)
        self._painter = CellPainter(
            (self._cell - self._gap, self._high), self._gap, theme=theme, palette=self.palette
        )
        self._pictures: dict[int, NDArray[np.uint8]] = {}
        self._shown: list[int | None] = [None] * panel.rows
        step = self._pitch / pixels_a_unit()
        middles = [panel.top - (row + 0.5) * step for row in range(panel.rows)]
        self._name_tickers = [
            Ticker(Face.MONO, cap=cap, color=theme.ink, at=(panel.left, y), align=-1)
            for y in middles
        ]
        self._counts = [
            Ticker(Face.SERIF, cap=cap, color=theme.ink, at=(panel.right, y), align=1)
            for y in middles
        ]
        self.tickers = [*self._name_tickers, *self._counts]
        self.moving = [self.sheet, *self.tickers]
        self._plain: NDArray[np.uint8] | None = None  # what the sheet shows where nothing is lit
        for stay, table in enumerate(told.tape.start.tables):
            self.follow(stay, len(table), told.tape.start.runs.get(stay))

    @property
    def shown(self) -> dict[int, str]:
        """Index of a stay that stands in a row -> how many pages it has, as its number says."""
        rows = enumerate(self._shown)
        return {stay: self._counts[row].text for row, stay in rows if stay is not None}

    def show(self, change: Moment) -> Movements:
        """Show how many pages tasks have now."""
        tape = self.told.tape
        for event in range(change.before, change.reached):
            if tape.stay[event] >= 0:
                self.follow(tape.stay[event], tape.pages[event], tape.runs.get(event))
            for stay in tape.ending.get(event, ()):
                self.follow(stay, 0)
        return {}

    def light(self, remark: Remark, share: float, pool: PoolState) -> None:  # noqa: ARG002 (others)
        """Dim all rows but that of the task of which a caption speaks."""
        if not remark.frames:
            return
        if self._plain is None:
            self._plain = self.sheet.rgb.copy()
        for row, stay in enumerate(self._shown):
            if stay is None or stay == remark.stay:
                continue
            band = slice(row * self._pitch, (row + 1) * self._pitch)
            self.sheet.rgb[band] = faded(self._plain[band], self._background, share * DIMMED)
            dim, name = self.theme.dim, self._name_tickers[row]
            name.say(name.text, mixed(self.palette[self._colors[stay]], dim, share))
            count = self._counts[row]
            count.say(count.text, mixed(self.theme.ink, dim, share))
        if not share:
            self._plain = None

    def follow(self, stay: int, pages: int, runs: Sequence[Run] | None = None) -> None:
        """Show how many pages a stay has now; 0: it is over.

        `runs` are those that it has, where these are not simply shared ones and then its own.
        """
        row = self._rows.get(stay)
        if row is None or (pages == 0 and self._shown[row] != stay):
            return
        self._shown[row] = stay if pages else None
        color = self.palette[self._colors[stay]]
        self._name_tickers[row].say(self.names[stay] if pages else "", color)
        if runs is None:
            shared = min(self._stays[stay].shared, pages)
            runs = Run(0, shared, shared=True), Run(shared, pages, shared=False)
        held = sum(run.end - run.first for run in runs)
        self._counts[row].say(f"{held:,}" if pages else "")
        top = row * self._pitch + (self._pitch - self._high) // 2
        band = self.sheet.rgb[top : top + self._high]
        band[:] = np.rint(self._background)
        for run in runs:
            refs = 2 if run.shared else 1
            self._draw(band, run.first, run.end, held_look(self._colors[stay], refs))

    def _divide(self, width: int, most: int) -> None:
        """Choose how large a page's cell is, in pixels; 1 if several have to share one."""
        largest = max(1, round(_LARGEST * pixels_a_unit()))
        self._cell = max(1, min(largest, self._pitch - 4, width // max(1, most)))
        self._gap = 2 if self._cell >= 10 else 1 if self._cell >= 4 else 0
        self._high = min(
            max(self._cell - self._gap, round(self._pitch * 0.45)), max(1, self._pitch - 2)
        )
        self._share = min(1.0, width / (most * self._cell))

    def _draw(self, band: NDArray[np.uint8], first: int, end: int, look: int) -> None:
        if first == end:
            return
        if look not in self._pictures:
            self._pictures[look] = self._painter.picture(look, fresh=False)[: self._high]
        start = round(first * self._share) * self._cell
        count = max(1, round(end * self._share) - round(first * self._share))
        cells = np.tile(self._pictures[look], (1, count, 1))[:, : band.shape[1] - start]
        band[:, start : start + cells.shape[1]] = cells
