"""The counters: what there is of frames and of tasks; and what the colours of frames mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pagereel.cache import Abort, Copy, Defer, Evict, Finish, Preempt
from pagereel.stage.film.palette import rgb
from pagereel.stage.film.sheet import CACHED, FREE, CellPainter, Sheet, held_look, pixels_a_unit
from pagereel.stage.layout.places import MIN_CAP, px
from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face
from pagereel.stage.text.ticker import Ticker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pagereel.cache import Event
    from pagereel.film.tape import Tape
    from pagereel.stage.layout.grid_over_chart import ReplayLayout
    from pagereel.stage.theme import Theme

_SWATCH = px(30)
_COLUMN_GAP = px(44)


@dataclass(frozen=True, slots=True)
class Count:
    """A number that is shown: its name, and its value after each event."""

    name: str
    values: NDArray[np.integer]


def frame_counts(tape: Tape) -> list[Count]:
    """Return what is counted of frames, as far as it ever occurs."""
    held, cached = np.asarray(tape.held), np.asarray(tape.cached)
    free = tape.usable - held - cached
    counts = [
        Count("held", held),
        Count("shared", np.asarray(tape.shared)),
        Count("cached", cached),
    ]
    counts = [counts[0], *(count for count in counts[1:] if count.values.any())]
    counts.append(Count("free", free))
    return counts + _totals(tape, (("evicted", Evict), ("copied", Copy)), amounts=True)


def task_counts(tape: Tape) -> list[Count]:
    """Return what is counted of tasks, as far as it ever occurs."""
    counts = [Count("running", np.asarray(tape.running))]
    queued = np.asarray(tape.queued)
    if queued.any():
        counts.append(Count("queued", queued))
    totals = (
        ("finished", Finish),
        ("deferred", Defer),
        ("preempted", Preempt),
        ("aborted", Abort),
    )
    return counts + _totals(tape, totals, amounts=False)


def _totals(tape: Tape, kinds: Sequence[tuple[str, type[Event]]], *, amounts: bool) -> list[Count]:
    amount = np.asarray(tape.amount)
    totals = [
        Count(name, np.cumsum(np.where(tape.happens(kind), amount if amounts else 1, 0)))
        for name, kind in kinds
    ]
    return [total for total in totals if total.values.any()]


def _printed(number: int) -> str:
    return f"{number:,}" if number < 1_000_000 else f"{number // 1000:,}k"


class Counters:
    """Two columns of numbers, frames at the left and tasks at the right.

    Parameters
    ----------
    layout
        Where they stand.
    columns
        What is counted.
    frames
        Size of the pool: what is free before the first event.

    Attributes
    ----------
    labels, swatches, tickers
        What stands, and what changes.
    """

    def __init__(
        self,
        layout: ReplayLayout,
        columns: tuple[Sequence[Count], Sequence[Count]],
        frames: int,
        *,
        theme: Theme,
        palette: Sequence[str],
    ) -> None:
        panel = layout.counters
        self._pitch = panel.height / layout.counter_rows
        self._theme, self._cap = theme, max(MIN_CAP, layout.cap)
        indent = _SWATCH + px(16)
        middle = (panel.left + indent + panel.right) / 2
        self._counts: list[Count] = []
        self.labels: list[Label] = []
        self.tickers: list[Ticker] = []
        self.swatches = self._paint_swatches(panel.left, panel.top, columns[0], palette)
        left, right = columns
        self._add(left, panel.left + indent, middle - _COLUMN_GAP / 2, panel.top)
        self._add(right, middle + _COLUMN_GAP / 2, panel.right, panel.top)
        for count, ticker in zip(self._counts, self.tickers, strict=True):
            ticker.say(f"{frames:,}" if count.name == "free" else "0")

    def show(self, event: int) -> None:
        """Show the numbers after an event."""
        for count, ticker in zip(self._counts, self.tickers, strict=True):
            ticker.say(_printed(int(count.values[event])))

    def _add(self, counts: Sequence[Count], left: float, right: float, top: float) -> None:
        for row, count in enumerate(counts):
            y = top - (row + 0.5) * self._pitch
            label = Label(count.name, Face.SERIF, cap=self._cap, color=self._theme.dim)
            self.labels.append(label.put(left, y, -1))
            self.tickers.append(
                Ticker(Face.SERIF, cap=self._cap, color=self._theme.ink, at=(right, y), align=1)
            )
        self._counts += counts

    def _paint_swatches(
        self, left: float, top: float, counts: Sequence[Count], palette: Sequence[str]
    ) -> Sheet:
        """Draw beside their names what frames look like."""
        unit = pixels_a_unit()
        size, pitch = max(4, round(_SWATCH * unit)), self._pitch * unit
        looks = {"held": held_look(2, 1), "shared": held_look(2, 2), "cached": CACHED, "free": FREE}
        rows = [row for row, count in enumerate(counts) if count.name in looks]
        sheet = Sheet(
            size,
            size + round(pitch * (max(rows) + 1)),
            left=left,
            top=top,
            color=rgb(self._theme.background),
        )
        painter = CellPainter(size, size, 0, theme=self._theme, palette=palette)
        for row in rows:
            begins = max(0, round((row + 0.5) * pitch - size / 2))
            picture = painter.picture(looks[counts[row].name], fresh=False)
            sheet.rgb[begins : begins + size] = picture
        return sheet
