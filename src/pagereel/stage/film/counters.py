"""The counters: what there is of frames and of tasks; and what the colours of frames mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pagereel.cache import Abort, Copy, Defer, Drop, Evict, Finish, Preempt, Release, Shrink
from pagereel.stage.film.film_part import FilmPart
from pagereel.stage.film.palette import rgb
from pagereel.stage.film.sheet import CACHED, FREE, CellPainter, Sheet, held_look, pixels_a_unit
from pagereel.stage.layout.places import CounterNeed, px
from pagereel.stage.text.label import Label, Ticker
from pagereel.stage.text.outline import Face
from pagereel.stage.theme import mixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pagereel.cache import Event
    from pagereel.film.captions import Remark
    from pagereel.film.pool_state import PoolState
    from pagereel.film.tape import Tape
    from pagereel.film.timelapse import Film
    from pagereel.stage.film.film_part import Moment
    from pagereel.stage.layout.places import Region
    from pagereel.stage.part import Movements
    from pagereel.stage.theme import Theme

_SWATCH = px(30)
_COLUMN_GAP = px(44)
_CAP = px(24)


@dataclass(frozen=True, slots=True)
class Count:
    """A number that is shown: its name, and its value after so many events, from 0 on."""

    name: str
    values: NDArray[np.integer]


def frame_counts(tape: Tape) -> list[Count]:
    """Return what is counted of frames, as far as it ever occurs."""
    start = tape.start
    held, shared, cached = (
        Count(name, np.array([first, *values]))
        for name, first, values in (
            ("held", start.held, tape.held),
            ("shared", start.shared, tape.shared),
            ("cached", start.cached, tape.cached),
        )
    )
    counts = [held, *(count for count in (shared, cached) if count.values.any())]
    counts.append(Count("free", tape.usable - held.values - cached.values))
    totals = (
        ("evicted", (Evict,)),
        ("dropped", (Drop,)),
        ("copied", (Copy,)),
        ("given back", (Release, Shrink)),
    )
    return counts + _totals(tape, totals, amounts=True)


def task_counts(tape: Tape) -> list[Count]:
    """Return what is counted of tasks, as far as it ever occurs."""
    counts = [Count("running", np.array([tape.start.running, *tape.running]))]
    queued = np.array([tape.start.queued, *tape.queued])
    if queued.any():
        counts.append(Count("queued", queued))
    totals = (
        ("finished", (Finish,)),
        ("deferred", (Defer,)),
        ("preempted", (Preempt,)),
        ("aborted", (Abort,)),
    )
    return counts + _totals(tape, totals, amounts=False)


def _totals(
    tape: Tape, totals: Sequence[tuple[str, Sequence[type[Event]]]], *, amounts: bool
) -> list[Count]:
    each = np.asarray(tape.amount) if amounts else 1
    counts = [
        Count(name, np.append(0, sum(np.cumsum(tape.happens(kind) * each) for kind in kinds)))
        for name, kinds in totals
    ]
    return [count for count in counts if count.values.any()]


def _printed(number: int) -> str:
    return f"{number:,}" if number < 1_000_000 else f"{number // 1000:,}k"


class Counters(FilmPart):
    """Two columns of numbers, frames at the left and tasks at the right."""

    def __init__(self, told: Film, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        left, right = frame_counts(told.tape), task_counts(told.tape)
        self._pitch = region.height / self.need(told).counts
        indent = _SWATCH + px(16)
        middle = (region.left + indent + region.right) / 2
        self._counts: list[Count] = []
        self.labels: list[Label] = []
        self.tickers: list[Ticker] = []
        swatches = self._paint_swatches(region.left, region.top, left)
        self._add(left, region.left + indent, middle - _COLUMN_GAP / 2, region.top)
        self._add(right, middle + _COLUMN_GAP / 2, region.right, region.top)
        self._say(0)
        self.standing = [*self.labels, swatches]
        self.moving = [*self.tickers]

    @classmethod
    def need(cls, told: Film) -> CounterNeed:
        """Return how many numbers stand below each other."""
        return CounterNeed(counts=max(len(frame_counts(told.tape)), len(task_counts(told.tape))))

    @property
    def shown(self) -> dict[str, str]:
        """Name of a count -> what its number says."""
        counts = zip(self._counts, self.tickers, strict=True)
        return {count.name: ticker.text for count, ticker in counts}

    def show(self, change: Moment) -> Movements:
        """Show the numbers of a moment."""
        if change.drawn:
            self._say(change.reached)
        return {}

    def light(self, remark: Remark, share: float, pool: PoolState) -> None:  # noqa: ARG002 (others)
        """Dim the numbers that a caption does not quote."""
        dimmed = mixed(self.theme.ink, self.theme.dim, share)
        for count, ticker in zip(self._counts, self.tickers, strict=True):
            ticker.say(ticker.text, self.theme.ink if count.name in remark.quotes else dimmed)

    def _say(self, reached: int) -> None:
        """Show the numbers after so many events."""
        for count, ticker in zip(self._counts, self.tickers, strict=True):
            ticker.say(_printed(int(count.values[reached])))

    def _add(self, counts: Sequence[Count], left: float, right: float, top: float) -> None:
        for row, count in enumerate(counts):
            y = top - (row + 0.5) * self._pitch
            label = Label(count.name, Face.SERIF, cap=_CAP, color=self.theme.dim)
            self.labels.append(label.put(left, y, -1))
            self.tickers.append(
                Ticker(Face.SERIF, cap=_CAP, color=self.theme.ink, at=(right, y), align=1)
            )
        self._counts += counts

    def _paint_swatches(self, left: float, top: float, counts: Sequence[Count]) -> Sheet:
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
            color=rgb(self.theme.background),
        )
        painter = CellPainter((size, size), 0, theme=self.theme, palette=self.palette)
        for row in rows:
            begins = max(0, round((row + 0.5) * pitch - size / 2))
            picture = painter.picture(looks[counts[row].name], fresh=False)
            sheet.rgb[begins : begins + size] = picture
        return sheet
