"""The arrangement of PageLookup: from a position down through the page table to a slot.

From top to bottom: title and counter, the strip of positions, a lane for the first chips, the cells
of the page table, a lane for the chip that comes out of one, the page frames, the caption. Wide
pictures have one row of positions and one of frames, and a cell is below its page. Others have two
rows of each, and a cell is above a column of frames. The formulas are beside the path, where it
leaves more room.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from pagereel.stage.layout.arrangement import arrange_foot, arrange_head, refuse_long
from pagereel.stage.layout.places import Anchor, Area, Need, Region, Shape, Spot, px
from pagereel.stage.layout.slots import HEAD_ABOVE, row_of

if TYPE_CHECKING:
    from pagereel.stage.layout.arrangement import Needs, Regions

_LABEL = px(24)  # height of the capitals of names
_NUMBER, _ASKED = px(24), px(32)  # of the numbers of positions, and of the one that is asked for
_FORMULA = 1.57  # height of a formula's capitals, in heights of those on chips
_HAIR = px(2)  # between the positions of a page
_WIDEST = px(150)  # a position
_LOWER = px(8)  # by which the first formula is below the chips: further from the page labels
_ROUND = px(50)  # by which a chip is wider than its text
_TIP, _LOW_TIP = 0.72, 0.86  # of a frame's width: where lines end that come from right above it,
# and those that come through a gap
_AIR = px(8)  # between an arrow's tip and the frame
_FAR = px(330)  # from a cell to the lane of the offset: its line passes no other page's label
_APART = px(20)  # between a lane and what it passes


@dataclass(frozen=True, slots=True)
class StripNeed(Need):
    """The need of a strip of so many pages, each of so many positions."""

    pages: int = 1
    size: int = 1


@dataclass(frozen=True, slots=True)
class FramesNeed(Need):
    """The need of so many page frames."""

    frames: int = 1


@dataclass(frozen=True, slots=True)
class PathNeed(Need):
    """The need of a path through a page and a frame.

    `chips` has the widths of what the chips of page, offset and frame say, in heights of a capital.
    """

    page: int = 0
    frame: int = 0
    chips: tuple[float, float, float] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class StripPlaces(Region):
    """Where the positions of pages stand, in order: `together` at first, then `parted` in pages."""

    together: tuple[Region, ...]
    parted: tuple[Region, ...]
    numbers: float  # how far the middle of a number is above that of its position
    labels: tuple[Spot, ...]  # of the pages
    gap: float  # the middle of that between two pages of a row
    crowded: bool  # whether chips take their place
    cap: float = _NUMBER
    asked: float = _ASKED


@dataclass(frozen=True, slots=True)
class CellsPlaces(Region):
    """Where the entries of a page table stand, and the lines of its label."""

    cells: tuple[Region, ...]
    label: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class FramesPlaces(Region):
    """Where page frames stand, row by row; `brief` if their names are to be short."""

    boxes: tuple[Region, ...]
    columns: int
    brief: bool

    def head(self, frame: int) -> Anchor:
        """Return the anchor above a frame.

        A frame of a lower row is reached through the gap beside the frame above it.
        """
        box, (row, column) = self.boxes[frame], divmod(frame, self.columns)
        share = _TIP if row == 0 else _LOW_TIP
        share = 1 - share if self.mirrored(frame) else share
        tip = (box.left + share * box.width, box.top + _AIR)
        if row == 0:
            return Anchor(tip)
        lane, above = self._gap(column), self.boxes[frame - self.columns]
        return Anchor(tip, ((lane, self.boxes[0].top + HEAD_ABOVE), (lane, above.bottom)))

    def mirrored(self, frame: int) -> bool:
        """Return whether a frame has its number at the right: lines come from the gap at its left.

        That is so in the last column of several rows.
        """
        rows = math.ceil(len(self.boxes) / self.columns)
        return rows > 1 and frame % self.columns == self.columns - 1 > 0

    def lane(self, frame: int) -> float | None:
        """Return the gap by which a line comes from above to a frame's left, if there is one."""
        row, column = divmod(frame, self.columns)
        return self._gap(column - 1) if row == 0 and column else None

    def _gap(self, column: int) -> float:
        """Return the middle of the gap right of a column, or left of the last one."""
        column = min(column, self.columns - 2)
        if column < 0:
            return self.boxes[0].right + _APART
        return (self.boxes[column].right + self.boxes[column + 1].left) / 2


@dataclass(frozen=True, slots=True)
class PathPlaces(Region):
    """Where the chips of page, offset and frame stand.

    `lane` says whether a line can go straight down from the offset to the frame.
    """

    page: Region
    offset: Region
    frame: Region
    cap: float
    lane: bool


@dataclass(frozen=True, slots=True)
class FormulaPlaces(Region):
    """Heights of the middles of two lines below each other, and of their capitals."""

    first: float
    second: float
    cap: float


def path_to_slot(area: Area, needs: Needs) -> Regions:
    """Return the places of all parts of PageLookup, by their names.

    Raises
    ------
    StageError
        If the picture is too long to be filled.
    """
    refuse_long(area)
    title, counter = arrange_head(area, needs)
    caption = arrange_foot(area)
    top = title.y - _of(area, 68, 38, 60)
    if area.shape is Shape.TALL:
        title = Spot.at(title.x, title.y, title.cap, width=area.right - area.left, align=-1)
        counter = Spot.at(area.left, top - px(22), px(36), width=area.right - area.left, align=-1)
        top = counter.y - px(46)
    foot = caption.rule + _of(area, 38, 26, 60)
    strip = place_strip(Region(area.left, top, area.right, foot), needs["strip"], area)
    frames = place_frames(Region(area.left, top, area.right, foot), needs["frames"], area)
    zone = Region(area.left, strip.bottom, area.right, frames.top)
    cells = place_cells(zone, needs["cells"], area, strip=strip, frames=frames)
    path = place_path(zone, needs["path"], area, cells=cells, frames=frames)
    inset = _of(area, 12, 4, 12)
    return {
        "title": title,
        "counter": counter,
        "strip": strip,
        "cells": cells,
        "path": path,
        "formula": beside(path),
        "source": Region(area.left, zone.top - inset, area.right, cells.top + inset),
        "frames": frames,
        "caption": caption,
    }


def place_strip(region: Region, need: Need, area: Area) -> StripPlaces:
    """Return the places of pages' positions below a region's top."""
    need = cast("StripNeed", need)
    most = need.pages if area.wide else min(need.pages, 2)  # pages in a row
    gap = _of(area, 30, 40, 60)
    numbers = _ASKED + px(9)
    below = _of(area, 0, 96, 99)  # between two rows
    high = _of(area, 70, 46, 71)
    width = min(_WIDEST, (region.width - (most - 1) * gap) / (most * need.size) - _HAIR)
    pitch = width + _HAIR
    middle, _ = region.center

    def places(gap: float) -> tuple[Region, ...]:
        found = []
        for page in range(need.pages):
            row, column = divmod(page, most)
            left = middle + (column - most / 2) * (need.size * pitch + gap) + gap / 2
            top = region.top - numbers - row * (high + below)
            found += [
                Region(left + n * pitch, top, left + n * pitch + width, top - high)
                for n in range(need.size)
            ]
        return tuple(found)

    parted = places(gap)
    firsts, lasts = parted[:: need.size], parted[need.size - 1 :: need.size]
    return StripPlaces(
        region.left,
        region.top,
        region.right,
        parted[-1].bottom,
        together=places(0),
        parted=parted,
        numbers=high / 2 + _of(area, 11, 8, 11) + _NUMBER / 2,
        labels=tuple(
            Spot.at(
                (first.left + last.right) / 2,
                first.bottom - _of(area, 13, 9, 13) - _LABEL / 2,
                _LABEL,
                width=last.right - first.left,
                align=0,
            )
            for first, last in zip(firsts, lasts, strict=True)
        ),
        gap=middle,
        crowded=area.shape is Shape.SQUARE,
    )


def place_frames(region: Region, need: Need, area: Area) -> FramesPlaces:
    """Return the places of page frames above a region's bottom."""
    frames = cast("FramesNeed", need).frames
    rows = 1 if area.wide else min(frames, 2)
    columns = math.ceil(frames / rows)
    gap = _of(area, 29, 25, 25)
    high, below = _of(area, 208, 124, 208), _of(area, 0, 42, 69)
    width = (region.width - gap * (columns - 1)) / columns
    side = max(0.0, region.width - columns * min(width, px(240)) - (columns - 1) * gap) / 2
    top = region.bottom + rows * high + (rows - 1) * below
    within = Region(region.left + side, top, region.right - side, region.bottom)
    boxes = row_of(within, frames, columns=columns, gap=gap, below=below)
    brief = area.shape is Shape.SQUARE
    return FramesPlaces(
        region.left, top, region.right, region.bottom, boxes=boxes, columns=columns, brief=brief
    )


def place_cells(
    zone: Region, need: Need, area: Area, *, strip: StripPlaces, frames: FramesPlaces
) -> CellsPlaces:
    """Return the places of a page table's entries between the positions and the frames.

    They are below their pages if these stand in a row, else above the columns of the frames.
    """
    pages, columns = cast("StripNeed", need).pages, frames.boxes[: frames.columns]
    wide, high = _of(area, 116, 92, 116), _of(area, 70, 48, 74)
    y = zone.top - _share(area, 0.436, 0.48, 0.51) * zone.height
    if area.wide:
        xs = [spot.x for spot in strip.labels]
    elif pages <= frames.columns:
        xs = [box.center[0] for box in columns]
    else:
        xs = [zone.left + (page + 0.5) * zone.width / pages for page in range(pages)]
    cells = tuple(Region(x - wide / 2, y + high / 2, x + wide / 2, y - high / 2) for x in xs)
    lines, room = [y + px(18), y - px(18)], cells[0].left - zone.left - px(8)
    if area.shape is Shape.TALL:
        lines, room = [y + high / 2 + px(32)], zone.width
    label = tuple(Spot.at(zone.left, line, _LABEL, width=room, align=-1) for line in lines)
    return CellsPlaces(
        zone.left, y + high / 2, zone.right, y - high / 2, cells=cells[:pages], label=label
    )


def place_path(
    zone: Region, need: Need, area: Area, *, cells: CellsPlaces, frames: FramesPlaces
) -> PathPlaces:
    """Return the places of the chips above and below an entry of the page table.

    The offset's chip is where a line can come down to the left of the frame; else it is beside the
    page's, on the side on which it leaves more room for the formulas.
    """
    need = cast("PathNeed", need)
    cap = _of(area, 28, 24, 28)
    widths = [width * cap + _ROUND for width in need.chips]
    cell = cells.cells[need.page]
    x, _ = cell.center
    first = zone.top - _share(area, 0.58, 0.5, 0.47) * (zone.top - cells.top)
    second = cells.bottom - _share(area, 0.35, 0.36, 0.33) * (cells.bottom - zone.bottom)
    lane = frames.lane(need.frame) if area.wide else None
    apart = (widths[0] + widths[1]) / 2 + _APART
    clear = lane is not None and (
        apart <= abs(lane - x) <= _FAR
        and all(not c.left - _APART < lane < c.right + _APART for c in cells.cells)
    )
    if lane is not None and clear:
        aside = lane
    else:
        side = 1 if x > zone.center[0] else -1
        aside = x + side * apart
        if not zone.left <= aside - widths[1] / 2 <= aside + widths[1] / 2 <= zone.right:
            aside = x - side * apart
    high = _of(area, 56, 42, 56)

    def chip(x: float, y: float, width: float) -> Region:
        return Region(x - width / 2, y + high / 2, x + width / 2, y - high / 2)

    return PathPlaces(
        zone.left,
        zone.top,
        zone.right,
        zone.bottom,
        page=chip(x, first, widths[0]),
        offset=chip(aside, first, widths[1]),
        frame=chip(x, second, widths[2]),
        cap=cap,
        lane=clear,
    )


def path_in(region: Region, need: PathNeed) -> PathPlaces:
    """Return the places of chips in the middle of a region."""
    area = Area(region.width, region.height)
    (x, y), half = region.center, px(60)
    cells = tuple(Region(x - half, y + half, x + half, y - half) for _ in range(need.page + 1))
    frames = FramesPlaces(
        region.left, region.bottom, region.right, region.bottom, boxes=(), columns=1, brief=False
    )
    table = CellsPlaces(region.left, y + half, region.right, y - half, cells=cells, label=())
    return place_path(region, need, area, cells=table, frames=frames)


def beside(path: PathPlaces) -> FormulaPlaces:
    """Return the places of two formulas, level with the chips, on the side that has more room."""
    chips = path.page, path.offset, path.frame
    left, right = min(chip.left for chip in chips), max(chip.right for chip in chips)
    spans = (path.left, left - _APART), (right + _APART, path.right)
    start, end = max(spans, key=lambda span: span[1] - span[0])
    first, second = (chip.center[1] for chip in (path.page, path.frame))
    return FormulaPlaces(
        start,
        path.page.top,
        end,
        path.frame.bottom,
        first=first - _LOWER,
        second=second,
        cap=_FORMULA * path.cap,
    )


def _of(area: Area, wide: float, square: float, tall: float) -> float:
    """Return scene units for the pixels of a wide, a square and a 9:16 picture."""
    return px(wide) if area.wide else area.tall(square, tall)


def _share(area: Area, wide: float, square: float, tall: float) -> float:
    """Return a share that differs from shape to shape."""
    return _of(area, wide, square, tall) / px(1)
