"""Measured values as bars, and where the values come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.stage.layout.bars import BarsPlace, bars_below, bars_beside
from pagereel.stage.layout.places import MIN_CAP, Region, px
from pagereel.stage.parts.memory.bar import Bar, Piece, Texture
from pagereel.stage.parts.memory.bars import BarRow, ResultBars, row_sizes, text_line
from pagereel.stage.parts.source import source_line
from pagereel.stage.text.label import Label
from pagereel.stage.text.outline import Face

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.stage.layout.bars import RowPlaces
    from pagereel.stage.part import Extent
    from pagereel.stage.theme import Theme
    from pagereel.toml.table import Table

_MOST_ROWS = 5
_EDGE = 0.35  # percent: the upper end of a range, as a line
_SOURCE = px(68)  # height of the source, of up to two lines, below the bars ...
_SCALE = px(56)  # ... and of the scale between both


@dataclass(frozen=True, slots=True)
class MeasuredBar:
    """A measured value, or a range of them.

    Parameters
    ----------
    label, note
        What was measured; the note may be empty.
    low, high
        Percent. Both are the same if it is a single value.
    accent
        Whether it is the one that the film is about; if none is, all stand out.
    """

    label: str
    note: str
    low: float
    high: float
    accent: bool

    @property
    def number(self) -> str:
        """What it says: `20.4 %`, `6.1 to 9.8 %`."""
        low = "" if self.low == self.high else f"{self.low:.1f} to "
        return f"{low}{self.high:.1f} %"


@dataclass(frozen=True, slots=True)
class Measured:
    """Bars with their source.

    Parameters
    ----------
    heading
        What the bars show as a whole.
    source
        Where the values come from: authors, paper and figure.
    scale
        What 100 % stands for; empty where the heading says it.
    bars
        From top to bottom.
    """

    heading: str
    source: str
    scale: str
    bars: tuple[MeasuredBar, ...]


def read_measured(table: Table) -> Measured:
    """Read what a story says of measured values.

    Raises
    ------
    StoryError
        If something is missing or too much: file, line, what to do.
    """
    table.allow(("heading", "source", "scale", "bars"))
    bars = table.tables("bars")
    if bars is None:
        raise table.error(f"bars are missing; add [[{table.path[-1]}.bars]]")
    if len(bars) > _MOST_ROWS:
        raise table.error(f"{len(bars)} bars; at most {_MOST_ROWS} fit", "bars")
    return Measured(
        heading=table.needed_text("heading", longest=60),
        source=table.needed_text("source", longest=120),
        scale=table.text("scale", longest=60) or "",
        bars=tuple(map(_read_bar, bars)),
    )


def _read_bar(table: Table) -> MeasuredBar:
    table.allow(("label", "note", "percent", "from", "accent"))
    high = table.decimal("percent", least=0, most=100)
    if high is None:
        raise table.error("percent is missing; add percent = 20.4")
    low = table.decimal("from", least=0, most=high)
    return MeasuredBar(
        label=table.needed_text("label", longest=30),
        note=table.text("note", longest=60) or "",
        low=high if low is None else low,
        high=high,
        accent=table.flag("accent") or False,
    )


class MeasuredBars(ResultBars):
    """Bars of measured values and their source, from the table `measured` of the story."""

    def __init__(self, told: Extent, theme: Theme, region: Region) -> None:
        super().__init__(told, theme, region)
        self._measured: Measured | None = told.own.get("measured")
        if self._measured is not None:
            # A hatched rest is drawn with its bar: it would have to fade in over half the picture.
            self.tracks = all(bar.low < bar.high for bar in self._measured.bars)
            place = region if isinstance(region, BarsPlace) else BarsPlace.within(region)
            self._lay_out(self._measured, place)

    @property
    def shown(self) -> tuple[MeasuredBar, ...]:
        """The bars that are drawn."""
        return self._measured.bars[: self.drawn] if self._measured else ()

    def _lay_out(self, measured: Measured, place: BarsPlace) -> None:
        theme, source = self.theme, place.foot(_SOURCE)
        body = Region(place.left, place.top, place.right, source.top + px(8))
        if measured.scale:
            body = Region(body.left, body.top, body.right, body.bottom + _SCALE)
        sizes = [row_sizes(bar.label, bar.note, bar.number) for bar in measured.bars]
        places = (bars_beside if place.beside else bars_below)(body, sizes)
        rows = zip(measured.bars, places, strict=True)
        self.groups = [[self._row(bar, place, measured.bars)] for bar, place in rows]
        spot = place.heading
        if spot is not None:
            self.texts.append(text_line(measured.heading, spot, theme.dim))
        if measured.scale:
            self.texts += _scale(measured.scale, places[-1].bar, theme)
        self.texts.append(source_line(measured.source, source, theme))

    def _row(self, bar: MeasuredBar, places: RowPlaces, bars: Sequence[MeasuredBar]) -> BarRow:
        theme, ranges = self.theme, bar.low < bar.high
        is_lit = bar.accent or not any(each.accent for each in bars)
        color = theme.title if is_lit else theme.dim
        spread = bar.high - bar.low
        edge = min(_EDGE, spread)
        rest = Texture.FREE if ranges else Texture.HATCHED
        pieces = [
            Piece("low", bar.low, Texture.SOLID if ranges else Texture.FULL, color),
            Piece("high", spread - edge, Texture.PALE, color),
            Piece("edge", edge, Texture.FULL, color),
            Piece("rest", 100 - bar.high, rest, theme.outline),
        ]
        texts = bar.label, bar.note, bar.number
        accent = theme.title if bar.accent else None
        drawn = Bar(places.bar, pieces, total=100, gap=0)
        drawn.hide(rest=self.tracks)
        return BarRow(places, texts, drawn, theme=theme, color=accent)


def _scale(says: str, bar: Region, theme: Theme) -> list[Label]:
    """Return what stands below the ends of the bars."""
    y = bar.bottom - _SCALE / 2
    return [
        Label(text, Face.SERIF, cap=MIN_CAP, color=theme.dim).put(x, y, align)
        for text, x, align in (("0", bar.left, -1), (says, bar.right, 1))
    ]
