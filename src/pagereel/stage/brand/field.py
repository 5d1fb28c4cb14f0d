"""Page frames as a card shows them: many at once, and none that changes.

All frames that look alike are one shape: two hundred are drawn as quickly as ten.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from manim import RIGHT, Circle, VGroup, VMobject

from pagereel.stage.layout.places import px
from pagereel.stage.parts.shapes import rounded_box, stroke
from pagereel.stage.theme import mixed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pagereel.stage.layout.places import Region
    from pagereel.stage.theme import Theme

MOST_DOTS = 4  # requests that share a frame, from which on more are not told apart
_RADIUS = px(8)  # of a frame's corners
_DOT = 0.05, px(6)  # of a frame's longer side, and at most
_APART = 2.6  # dots, in radii
_INSIDE, _RIM = 0.035, 0.85  # how far a free frame goes over into ink; a held one's rim into colour
_TONES = (0.35, 0.75, 0.5, 0.9, 0.42, 0.65, 0.3, 0.82)  # of a colour; neighbours differ a lot


class Pool(Protocol):
    """The page tables of a pool, and the frames that it keeps; a `Ledger` has them."""

    @property
    def frames(self) -> int:
        """How many there are."""

    @property
    def tables(self) -> Mapping[str, Sequence[int]]:
        """Request -> its page table."""

    @property
    def cached(self) -> Collection[int]:
        """Frames that nobody holds and that keep their content."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a page frame looks like: the colours (hex) of its inside and rim, and its dots."""

    fill: str
    rim: str
    dots: int = 0
    dot: str = ""


def free(theme: Theme, share: float = 1.0) -> Cell:
    """Return a free frame, with a dot for it; a share below 1 lets it fade."""
    background = theme.background
    fill = mixed(background, theme.ink, _INSIDE * share)
    rim, dot = (mixed(background, color, share) for color in (theme.line, theme.free))
    return Cell(fill, rim, 1, dot)


def cached(theme: Theme) -> Cell:
    """Return a frame that nobody holds and that keeps its content."""
    return Cell(mixed(theme.background, theme.dim, 0.18), theme.line)


def held(theme: Theme, color: str, number: int, refs: int = 1) -> Cell:
    """Return a frame that the request of a number holds, in one of the tones of a colour.

    Parameters
    ----------
    refs
        How many requests hold it; from two on there is a dot for each.
    """
    share = _TONES[number % len(_TONES)]
    fill, rim = (mixed(theme.background, color, each) for each in (share, max(share, _RIM)))
    return Cell(fill, rim, min(refs, MOST_DOTS) if refs > 1 else 0, theme.ink)


def at_work(pool: Pool, theme: Theme, color: str, arrived: Mapping[str, int]) -> list[Cell]:
    """Return what each frame of a pool looks like while requests run.

    Parameters
    ----------
    color
        In whose tones the frames of requests are.
    arrived
        Request -> its number, in the order in which they arrived.
    """
    holders: defaultdict[int, list[str]] = defaultdict(list)
    for task, table in pool.tables.items():
        for frame in table:
            holders[frame].append(task)
    empty, kept = free(theme), cached(theme)
    return [
        held(theme, color, arrived[holders[frame][0]], len(holders[frame]))
        if frame in holders
        else kept
        if frame in pool.cached
        else empty
        for frame in range(pool.frames)
    ]


class Field(VGroup):
    """Page frames in their places."""

    def __init__(self, places: Sequence[Region], cells: Sequence[Cell]) -> None:
        alike: defaultdict[Cell, list[Region]] = defaultdict(list)
        for place, cell in zip(places, cells, strict=True):
            alike[cell].append(place)
        boxes = [_boxes(places, cell) for cell, places in alike.items()]
        dots = [_dots(places, cell) for cell, places in alike.items() if cell.dots]
        super().__init__(*boxes, *dots)


def fading(theme: Theme, rows: int, columns: int, *, upwards: bool) -> list[Cell]:
    """Return rows of free frames that fade, row by row, towards the lowest one or the uppermost."""
    shares = [(row + 1) / rows for row in range(rows)]
    return [
        free(theme, share)
        for share in (shares if upwards else reversed(shares))
        for _ in range(columns)
    ]


def _boxes(places: Sequence[Region], cell: Cell) -> VMobject:
    whole = VMobject(fill_color=cell.fill, fill_opacity=1)
    whole.set_stroke(cell.rim, width=stroke(2))
    first = places[0]
    radius = min(_RADIUS, first.width / 4, first.height / 4)
    box = rounded_box(first.width, first.height, radius=radius, color=cell.rim, fill=1)
    return whole.set_points(_copies(box, (place.center for place in places)))


def _dots(places: Sequence[Region], cell: Cell) -> VMobject:
    share, most = _DOT
    radius = min(most, share * max(places[0].width, places[0].height))
    dot = Circle(radius=radius)
    first = -_APART * radius * (cell.dots - 1) / 2
    steps = [first + _APART * radius * number for number in range(cell.dots)]
    points = ((x + step, y) for x, y in (place.center for place in places) for step in steps)
    whole = VMobject(fill_color=cell.dot, fill_opacity=1, stroke_width=0)
    return whole.set_points(_copies(dot, points))


def _copies(shape: VMobject, centers: Iterable[tuple[float, float]]) -> np.ndarray:
    return np.concatenate([shape.points + (x * RIGHT + (0, y, 0)) for x, y in centers])
