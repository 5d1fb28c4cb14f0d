"""Where the memory meter stands: its bar and legend, and the rows to which it shrinks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.stage.layout.arrangement import GUTTER
from pagereel.stage.layout.bars import RowPlaces, RowSizes, bars_beside
from pagereel.stage.layout.places import Region, Spot, px

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINE = 1.75  # from one line of the legend to the next, in heights of a capital
_FIRST = 0.8  # from the top of the legend to the middle of its first line, in the same unit
_HIGHER = px(34)  # by which rows stand higher than the bar ...
_LOW = px(100)  # ... unless the meter is so low that it stands close to what is above
_PITCH = px(84)  # from one row to the next
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


def meter_in(region: Region, widths: Sequence[float]) -> MeterPlaces:
    """Return the places of a meter that fills a region.

    The legend stands on one line; on two if it is too wide; with short words if that is too high.

    Parameters
    ----------
    region
        The place of the meter.
    widths
        How wide the entries are, in heights of a capital.
    """
    cap, columns = px(30), len(widths)
    bar = min(px(56), max(px(36), 0.3 * region.height))
    room = region.height - bar - px(20)
    brief = False
    if not _fit(widths, cap, columns, region):
        brief = not (_fit(widths, cap, 2, region) and room >= 2 * _LINE * cap)
        columns = columns if brief else 2
    pitch = (region.width - (columns - 1) * GUTTER) / columns
    lines = -(-len(widths) // columns)
    top = region.top - bar - px(20) - max(0.0, room - lines * _LINE * cap) / 3
    spots = []
    for number in range(len(widths)):
        line, column = divmod(number, columns)
        x, y = region.left + column * (pitch + GUTTER), top - (line * _LINE + _FIRST) * cap
        spots.append(Spot.at(x, y, cap, width=pitch, align=-1))
    place = Region(region.left, region.top, region.right, region.top - bar)
    return MeterPlaces(place, tuple(spots), brief)


def rows_in(region: Region, rows: Sequence[RowSizes]) -> list[RowPlaces]:
    """Return the places of the rows to which the meter shrinks, a little higher than it was."""
    room = _HIGHER if region.height > _LOW else 0.0
    higher = Region(region.left, region.top + room, region.right, region.bottom)
    return bars_beside(higher, rows, most=min(_PITCH, higher.height / len(rows)))


def _fit(widths: Sequence[float], cap: float, columns: int, region: Region) -> bool:
    return max(widths) * cap <= (region.width - (columns - 1) * GUTTER) / columns
