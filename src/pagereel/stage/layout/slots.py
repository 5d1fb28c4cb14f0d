"""Where a page's token slots stand: small in a row, in two rows, or as a list of lines.

Pure functions; nothing is drawn here. A page is a box with its number, a note such as its refcount,
and its slots. What stands around the slots takes its share first; the slots divide what is left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, auto

from pagereel.stage.layout.places import MIN_CAP, MONO_ADVANCE, Point, Region, Spot, px

HEAD_ABOVE = px(44)  # room over a box whose number stands above it
_SERIF_DIGIT = 0.77  # width of a digit of Liberation Serif, in heights of a capital
_RADIUS = 0.05  # of a box's corner, as a share of its shorter side
_LEAST_RADIUS = px(6)
_LEAST_WORD = px(23)  # of a capital: words without one have to be read, too


class Head(Enum):
    """Where the number and the note of a page of rows stand."""

    TOP = auto()  # in the box over the slots: the number left, the note right
    LEFT = auto()  # in the box left of the slots, as on the spine of a book, the note below


class Style(Enum):
    """How slots are drawn."""

    TILE = auto()  # each a box of its own in its task's colour
    CELL = auto()  # dark fields in a page of its holders' colours
    PIP = auto()  # too small for a word
    LINE = auto()  # lines of text on a page


@dataclass(frozen=True, slots=True)
class SlotPlace:
    """Where one slot stands.

    Attributes
    ----------
    region
        The slot.
    word
        Where its word stands: the height of a capital, and the width there is.
    style
        How it is drawn.
    number
        Which slot of its page it is, from 0.
    """

    region: Region
    word: Spot
    style: Style
    number: int = 0


@dataclass(frozen=True, slots=True)
class PagePlaces:
    """Where everything of a page stands.

    Attributes
    ----------
    box
        The page's outline.
    radius
        Of its corners.
    style
        How the slots are drawn.
    number, note
        Where these stand; None if they are left out.
    slots
        The slots, in the order of the tokens.
    indexes
        Where the number of each slot stands; empty if they have none.
    rules
        Thin lines that part the head from the slots, or the slots from each other.
    """

    box: Region
    radius: float
    style: Style
    number: Spot | None
    note: Spot | None
    slots: tuple[SlotPlace, ...]
    indexes: tuple[Spot, ...] = ()
    rules: tuple[tuple[Point, Point], ...] = ()


def pip_page(box: Region, slots: int) -> PagePlaces:
    """Return the places of a page with its number large, and slots without words in a row below it.

    Parameters
    ----------
    box
        The page's outline.
    slots
        How many.
    """
    inset = 0.08 * box.width
    top = box.bottom + 0.26 * box.height
    pips = Region(box.left + inset, top, box.right - inset, box.bottom + 0.13 * box.height)
    cells = row_of(pips, slots, columns=slots, gap=0.03 * box.width)
    cap = max(MIN_CAP, min(px(38), 0.3 * box.height))
    head = Region(box.left, box.top, box.right, top)
    return PagePlaces(
        box=box,
        radius=_radius(box, px(12)),
        style=Style.PIP,
        number=_middle(head, cap),
        note=None,
        slots=_places(cells, Style.PIP, MIN_CAP),
    )


def two_row_page(
    box: Region, slots: int, *, head: Head = Head.TOP, ruled: bool = False, rows: int = 2
) -> PagePlaces:
    """Return the places of a page with its slots in two rows, or as many as there is room for.

    Parameters
    ----------
    box
        The page's outline.
    slots
        How many, row by row.
    head
        `TOP` or `LEFT`.
    ruled
        Whether a thin line parts the head from the slots.
    rows
        How many rows.
    """
    inset = min(px(12), 0.075 * min(box.width, box.height))
    inside = _inset(box, inset)
    number = note = None
    rules: tuple[tuple[Point, Point], ...] = ()
    if head is Head.TOP:
        cap = max(MIN_CAP, min(px(40), 0.17 * box.height))
        high = max(1.9 * cap, 0.24 * box.height) - inset
        y, side = box.top - (high + inset) / 2, inset + 0.3 * cap
        number = Spot.at(box.left + side, y, cap, width=1.7 * cap, align=-1)
        small = max(MIN_CAP, 0.72 * cap)
        room = box.width - 2 * side - 1.3 * cap
        note = Spot.at(box.right - side, y, small, width=room, align=1)
        edge = inside.top - high
        rules = (((inside.left, edge), (inside.right, edge)),)
        inside = Region(inside.left, edge - (inset if ruled else 0), inside.right, inside.bottom)
    else:
        cap = max(MIN_CAP, min(px(30), 0.3 * box.height))
        edge = box.left + max(1.75 * cap, px(50))
        spine = Region(box.left + px(3), box.top, edge, box.bottom)
        small = max(MIN_CAP, 0.75 * cap)
        gap = max(px(8), 0.09 * box.height)
        number = _middle(spine, cap, lift=(small + gap) / 2)
        note = _middle(spine, small, lift=-(cap + gap) / 2)
        rules = (((edge, inside.top - px(4)), (edge, inside.bottom + px(4))),)
        inside = Region(edge + inset, inside.top, inside.right, inside.bottom)
    cells = row_of(inside, slots, columns=math.ceil(slots / rows), gap=inset)
    cap = max(_LEAST_WORD, min(px(34), 0.48 * cells[0].height))
    return PagePlaces(
        box=box,
        radius=_radius(box, px(14)),
        style=Style.CELL,
        number=number,
        note=note,
        slots=_places(cells, Style.CELL, cap),
        rules=rules if ruled or head is Head.LEFT else (),
    )


def line_page(box: Region, slots: int, *, first: int) -> PagePlaces:
    """Return the places of a page that lists its slots, a line each.

    Parameters
    ----------
    box
        The page's outline; its number stands over it, within `HEAD_ABOVE`.
    slots
        How many lines.
    first
        The number of the first slot. What matters is how long the last one is.
    """
    lines = row_of(box, slots, columns=1, gap=0)
    cap = max(MIN_CAP, min(px(26), 0.5 * lines[0].height))
    small = max(MIN_CAP, 0.85 * cap)
    digits = max(2, len(str(first + slots - 1)))
    right = box.left + px(10) + digits * MONO_ADVANCE * small
    left = right + 0.5 * cap
    inset = px(10)
    return PagePlaces(
        box=box,
        radius=_radius(box, px(12)),
        style=Style.LINE,
        number=Spot.at(
            box.left + px(2), box.top + px(10) + px(12), px(24), width=box.width, align=-1
        ),
        note=None,
        slots=tuple(
            SlotPlace(
                line,
                Spot.at(left, line.center[1], cap, width=box.right - inset - left, align=-1),
                Style.LINE,
                number,
            )
            for number, line in enumerate(lines)
        ),
        indexes=tuple(
            Spot.at(right, line.center[1], small, width=right - box.left, align=1) for line in lines
        ),
        rules=tuple(
            ((box.left + inset, line.bottom), (box.right - inset, line.bottom))
            for line in lines[:-1]
        ),
    )


def row_of(
    region: Region, count: int, *, columns: int, gap: float, below: float | None = None
) -> tuple[Region, ...]:
    """Divide a region evenly among boxes, row by row from its top left.

    Parameters
    ----------
    region
        What is divided.
    count
        How many boxes.
    columns
        How many stand side by side.
    gap
        Between two that stand side by side.
    below
        Between two rows; as much if not given.
    """
    below = gap if below is None else below
    rows = math.ceil(count / columns)
    width = (region.width - gap * (columns - 1)) / columns
    height = (region.height - below * (rows - 1)) / rows

    def box(row: int, column: int) -> Region:
        left, top = region.left + column * (width + gap), region.top - row * (height + below)
        return Region(left, top, left + width, top - height)

    return tuple(box(*divmod(number, columns)) for number in range(count))


def _places(cells: tuple[Region, ...], style: Style, cap: float) -> tuple[SlotPlace, ...]:
    return tuple(
        SlotPlace(cell, _middle(cell, cap), style, number) for number, cell in enumerate(cells)
    )


def _inset(box: Region, by: float) -> Region:
    return Region(box.left + by, box.top - by, box.right - by, box.bottom + by)


def _middle(region: Region, cap: float, *, lift: float = 0) -> Spot:
    x, y = region.center
    return Spot.at(x, y + lift, cap, width=region.width - px(8), align=0)


def _radius(box: Region, most: float) -> float:
    return min(most, max(_LEAST_RADIUS, _RADIUS * min(box.width, box.height)))
