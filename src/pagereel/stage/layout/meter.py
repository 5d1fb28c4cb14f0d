"""Where the memory meter stands: its bar and legend, and the rows to which it shrinks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.stage.layout.arrangement import GUTTER
from pagereel.stage.layout.bars import RowPlaces, RowSizes, bars_below, bars_beside
from pagereel.stage.layout.places import MIN_CAP, Region, Spot, px

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINE = 1.75  # from one line of the legend to the next, in heights of a capital
_NARROW = px(1100)  # of a region: below it, rows of bars put their labels over the bars
SWATCH = 1.2  # size of a legend's sign, in heights of a capital


@dataclass(frozen=True, slots=True)
class MeterPlaces:
    """Where the meter stands.

    Attributes
    ----------
    bar
        The bar.
    legend
        Where each entry of the legend stands, its sign at the left edge.
    brief
        Whether the legend has only short words.
    """

    bar: Region
    legend: tuple[Spot, ...]
    brief: bool


def meter_in(region: Region, long: Sequence[float], short: Sequence[float]) -> MeterPlaces:
    """Return the places of a meter that fills a region.

    The legend stands on one line; on two if it is too wide; with short words if it is too high.

    Parameters
    ----------
    region
        The place of the meter.
    long, short
        How wide the entries are, with long words and with short ones, in heights of a capital.
    """
    cap = px(30)
    bar = min(px(56), max(px(36), 0.3 * region.height))
    room = region.height - bar - px(20)
    columns = len(long)
    one_line = sum(long) * cap + GUTTER * (columns - 1) <= region.width
    two_lines = room >= (1 + _LINE) * cap * 1.2
    brief = not one_line and not two_lines
    if not one_line and not brief:
        columns = 2
    cap = max(MIN_CAP, min(cap, region.width / (sum(short) + columns)) if brief else cap)
    pitch = (region.width - (columns - 1) * GUTTER) / columns
    lines = -(-len(long) // columns)
    top = region.top - bar - px(20) - max(0.0, room - lines * _LINE * cap) / 3
    spots = []
    for number in range(len(long)):
        line, column = divmod(number, columns)
        x, y = region.left + column * (pitch + GUTTER), top - (line + 0.6) * _LINE * cap
        spots.append(Spot.at(x, y, cap, width=pitch, align=-1))
    place = Region(region.left, region.top, region.right, region.top - bar)
    return MeterPlaces(place, tuple(spots), brief)


def rows_in(region: Region, rows: Sequence[RowSizes]) -> list[RowPlaces]:
    """Return the places of the rows to which the meter shrinks."""
    if region.width < _NARROW:
        return bars_below(region, rows)
    return bars_beside(region, rows, most=region.height / len(rows))
