"""Where rows of bars stand: label and note, the bar, and the number; pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.stage.layout.arrangement import GUTTER
from pagereel.stage.layout.places import MIN_CAP, Region, Spot, px

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINES = 1.5  # from one line of text to the next, in heights of a capital
_TEXT = 0.65  # height of a capital beside a bar, of the bar's, at most
_BELOW = 1.75  # height of a note's line below its label, in heights of its capital
_CAPS = px(38), px(28), px(46)  # of labels, notes and numbers
_SMALLER = 1.0, 0.9, 0.8  # scales; the first at which notes fit beside their labels is taken
_PITCH = px(158)  # from one bar over the whole width to the next; texts grow with it ...
_LARGEST = 1.4  # ... up to so many times their usual size


@dataclass(frozen=True, slots=True)
class BarsPlace(Region):
    """A region for bars.

    Attributes
    ----------
    heading
        Where the heading of all bars stands; None if they have none.
    beside
        Whether labels stand left of their bars, and not over them.
    """

    heading: Spot | None = None
    beside: bool = False

    @classmethod
    def within(cls, region: Region) -> BarsPlace:
        """Return a place that fills a region, with the heading in its first line."""
        cap = px(30)
        y = region.top - cap / 2
        heading = Spot.at(region.left, y, cap, width=region.width, align=-1)
        return cls(region.left, heading.bottom - cap, region.right, region.bottom, heading)

    def foot(self, height: float) -> Region:
        """Return its lowest strip, of a given height."""
        return Region(self.left, self.bottom + height, self.right, self.bottom)


@dataclass(frozen=True, slots=True)
class RowSizes:
    """How wide the texts of a row are, in heights of a capital: 0 if it has no such text."""

    label: float
    note: float
    number: float


@dataclass(frozen=True, slots=True)
class RowPlaces:
    """Where a row stands.

    Attributes
    ----------
    label, number
        Where these texts stand.
    note
        Where the note stands; None if it is left out.
    bar
        The place of the whole bar.
    """

    label: Spot
    note: Spot | None
    bar: Region
    number: Spot


def bars_beside(
    region: Region, rows: Sequence[RowSizes], *, most: float = px(156)
) -> list[RowPlaces]:
    """Put labels left of the bars, a note below its label, and numbers right of them.

    Parameters
    ----------
    region
        The place of all rows.
    rows
        How wide their texts are.
    most
        From one bar to the next, at most.
    """
    pitch = min(region.height / len(rows), most)
    bar = min(0.64 * pitch, px(98))
    cap = max(MIN_CAP, min(px(34), _TEXT * bar))
    note_cap = max(MIN_CAP, 0.86 * cap)
    number_cap = max(MIN_CAP, min(px(40), _TEXT * bar))
    left = region.left + GUTTER + max(max(row.label * cap, row.note * note_cap) for row in rows)
    right = region.right - GUTTER - max(row.number for row in rows) * number_cap
    left, right = left + GUTTER, right - GUTTER
    found = []
    for index, row in enumerate(rows):
        y = region.top - (index + 0.5) * pitch
        lift = _LINES * cap / 2 if row.note else 0.0
        place = Region(left, y + bar / 2, right, y - bar / 2)
        wide = left - GUTTER - region.left
        label = Spot.at(region.left, y + lift, cap, width=wide, align=-1)
        note = Spot.at(region.left, y - lift, note_cap, width=wide, align=-1)
        number = Spot.at(region.right, y, number_cap, width=region.right - right - GUTTER, align=1)
        found.append(RowPlaces(label, note if row.note else None, place, number))
    return found


def bars_below(region: Region, rows: Sequence[RowSizes]) -> list[RowPlaces]:
    """Put each bar below its label and number, over the whole width.

    The notes stand beside their labels; below them, if they are too wide for that; and nowhere, if
    there is no room.

    Parameters
    ----------
    region
        The place of all rows.
    rows
        How wide their texts are.
    """
    pitch = region.height / len(rows)
    noted = any(row.note for row in rows)
    widest = max(row.label * _CAPS[0] + row.number * _CAPS[2] for row in rows)
    scale = min(max(pitch / _PITCH, 1), _LARGEST, (region.width - 2 * GUTTER) / widest)
    below = noted and pitch > 1.3 * _PITCH
    if noted and not below:  # smaller, if that lets the notes stand beside their labels
        scale = next((each for each in _SMALLER if _fits(region.width, rows, each)), scale)
    cap, note_cap, number_cap = (size * scale for size in _CAPS)
    beside = noted and _fits(region.width, rows, scale)
    below = below and not beside
    text = 1.42 * number_cap + (_BELOW * note_cap if below else 0)
    bar = min(pitch - text - px(28) * scale, px(62) * scale)
    found = []
    for index, row in enumerate(rows):
        top = region.top - index * pitch
        base = top - number_cap  # of number and label
        wide = region.width - row.number * number_cap - GUTTER
        label = Spot.at(region.left, base + cap / 2, cap, width=wide, align=-1)
        x, y = region.left + row.label * cap + GUTTER, base + note_cap / 2
        if below:
            x, y = region.left, base - _BELOW * note_cap + note_cap / 2
        note = Spot.at(x, y, note_cap, width=region.right - x, align=-1)
        found.append(
            RowPlaces(
                label=label,
                note=note if row.note and (beside or below) else None,
                bar=Region(region.left, top - text, region.right, top - text - bar),
                number=Spot.at(
                    region.right, top - number_cap / 2, number_cap, width=region.width, align=1
                ),
            )
        )
    return found


def _fits(width: float, rows: Sequence[RowSizes], scale: float) -> bool:
    """Return whether notes can stand beside their labels."""
    cap, note_cap, number_cap = (size * scale for size in _CAPS)
    return all(
        row.label * cap + row.note * note_cap + row.number * number_cap + 2 * GUTTER <= width
        for row in rows
    )
