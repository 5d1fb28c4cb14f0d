"""Where the token slots of a memory stand, in pages of any size, and what stands around them.

Pure functions. Slot i is always slot i: pages of another size only put other gaps between slots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.stage.layout.places import MIN_CAP, Need, Region, Spot, px
from pagereel.stage.layout.slots import PagePlaces, SlotPlace, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP = px(3)  # between two slots
_APART = px(24)  # between two pages side by side
_INSET = px(8)  # between the outline of a page and its slots
_PAD = px(16)  # inside the panel
_NARROW = px(84)  # least width of a slot; below it, rows are halved where they can be
_RADIUS = px(12)
_TAB = px(56)  # width of a number that stands left of its slots
_HEAD = px(38)  # height of what stands over a page
_BETWEEN = px(12)  # between a page and the head below it
_MORE = px(28)  # what is added to that at most, where there is room
_HIGHEST = px(88)  # of a slot


@dataclass(frozen=True, slots=True)
class MemoryNeed(Need):
    """The need of a memory: token slots, the longest request, and the sizes of its pages."""

    slots: int = 48
    longest: int = 16
    sizes: tuple[int, ...] = (4, 16)


@dataclass(frozen=True, slots=True)
class MemoryPlace(Region):
    """The panel of a memory.

    Attributes
    ----------
    need
        What stands in it.
    label
        Where the label of the memory stands.
    below
        The lane under the panel, in which a request that waits stands slot for slot.
    tabs
        Whether the number of a page stands left of its slots, and not above them.
    """

    need: MemoryNeed
    label: Spot
    below: Region
    tabs: bool = False

    @classmethod
    def within(cls, region: Region, need: MemoryNeed) -> MemoryPlace:
        """Return the place of a memory that fills a region."""
        if isinstance(region, MemoryPlace):
            return region
        cap = px(30)
        label = Spot.at(region.left, region.top - cap / 2, cap, width=region.width, align=-1)
        lane = 0.2 * region.height
        panel = (region.left, region.top - 2 * cap, region.right, region.bottom + lane + _APART)
        below = Region(region.left, region.bottom + lane, region.right, region.bottom)
        return cls(*panel, need, label, below)

    @property
    def columns(self) -> int:
        """How many slots stand side by side."""
        columns = self.need.longest
        while columns % 2 == 0 and self._slot_width(columns) < _NARROW:
            columns //= 2
        return columns

    def pages(self, size: int) -> tuple[PagePlaces, ...]:
        """Return the places of pages of some size, each with its outline."""
        return _pages(self._lines(size, tab=self.tabs and size > 1), size, framed=True)

    def reserved(self, size: int) -> tuple[tuple[PagePlaces, ...], tuple[Spot, ...]]:
        """Return the same pages without gaps, and where the label of each reservation stands."""
        lines = self._lines(self.need.longest, tab=False, framed=False)
        slots = [slot for line in lines for slot in line.slots]
        cut = [
            _Line(tuple(slots[at : at + size]), lines[0].head) for at in range(0, len(slots), size)
        ]
        return _pages(cut, size, framed=False), tuple(line.head for line in lines)

    def asked(self) -> tuple[tuple[SlotPlace, ...], Spot, Spot]:
        """Return the slots of a request that waits, below the panel, and its two labels."""
        high = self.reserved(self.need.longest)[0][0].slots[0].region.height
        rows = self.need.longest // self.columns
        head = _head(rows, self.below, high)
        top = self.below.top - head
        slots = self._slots(self.need.longest, top, high, framed=False)
        left, right = slots[0].left, max(slot.right for slot in slots)
        cap = max(MIN_CAP, min(px(28), 0.6 * head))
        y = top + px(8) + cap / 2
        return (
            _slot_places(slots),
            Spot.at(left, y, cap, width=right - left, align=-1),
            Spot.at(right, y, cap, width=(right - left) / 3, align=1),
        )

    def _slot_width(self, columns: int) -> float:
        """Return the width of slots that fit in pages of any size."""

        def fitting(size: int) -> float:
            pages = max(1, columns // size)
            tab = _TAB if self.tabs and size > 1 else 0
            around = pages * (2 * _INSET + tab) + (pages - 1) * self._apart(size)
            within = (columns - pages) * _GAP
            return (self.width - 2 * _PAD - around - within) / columns

        return min(map(fitting, self.need.sizes))

    def _apart(self, size: int) -> float:
        return _APART if size > 1 else _GAP * 2

    def _lines(self, size: int, *, tab: bool, framed: bool = True) -> list[_Line]:
        """Return the pages in lines: slots, and the place of a head over or left of them."""
        columns = self.columns
        beside, rows = max(1, columns // size), max(1, size // columns)
        bands = self.need.slots // (size * beside)
        head = 0.0 if tab else _HEAD
        inset = _INSET if framed or self.columns == self.need.longest else 0.0
        gaps = (rows - 1) * _GAP + 2 * inset
        room = self.height - 2 * _PAD - bands * (head + gaps) - (bands - 1) * _BETWEEN
        high = min(room / (bands * rows), _HIGHEST)
        spare = room - bands * rows * high  # where slots are as high as is useful
        between = _BETWEEN + min(_MORE, spare / bands)
        pitch = head + gaps + rows * high + between
        top = (self.top + self.bottom + bands * pitch - between) / 2
        lines = []
        for band in range(bands):
            at = top - band * pitch - head - inset
            slots = self._slots(size * beside, at, high, framed=framed, size=size, tab=tab)
            for page in range(beside):
                own = slots[page * size : (page + 1) * size] if beside > 1 else slots
                lines.append(_Line(own, _head_spot(own, tab=tab, framed=framed)))
        return lines

    def _slots(
        self,
        count: int,
        top: float,
        high: float,
        *,
        framed: bool,
        size: int | None = None,
        tab: bool = False,
    ) -> tuple[Region, ...]:
        """Return slots in rows, the upper edge of the first at `top`."""
        columns, size = self.columns, size or self.need.longest
        wide = self._slot_width(columns)
        pages = max(1, columns // size) if framed else 1
        per = columns // pages
        side = (2 * _INSET + (_TAB if tab else 0)) if framed else 0.0
        page = per * wide + (per - 1) * _GAP + side
        across = pages * page + (pages - 1) * self._apart(size)
        start = (self.left + self.right - across) / 2
        found = []
        for slot in range(count):
            row, column = divmod(slot, columns)
            number, offset = divmod(column, per)
            left = start + number * (page + self._apart(size)) + offset * (wide + _GAP)
            if framed:
                left += _INSET + (_TAB if tab else 0)
            y = top - row * (high + _GAP)
            found.append(Region(left, y, left + wide, y - high))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class _Line:
    slots: tuple[Region, ...]
    head: Spot


def _head(rows: int, lane: Region, high: float) -> float:
    """Return how much of a lane is left for a head over so many rows of slots."""
    return max(0.0, min(px(46), lane.height - rows * (high + _GAP)))


def _head_spot(slots: Sequence[Region], *, tab: bool, framed: bool) -> Spot:
    first, right = slots[0], max(slot.right for slot in slots)
    if tab:
        x = first.left - _TAB / 2 - px(3)
        return Spot.at(x, (first.top + first.bottom) / 2, px(26), width=_TAB - px(8), align=0)
    cap = px(24)
    y = first.top + (_INSET if framed else 0) + px(9) + cap / 2
    left = first.left - (_INSET - px(3) if framed else 0)
    return Spot.at(left, y, cap, width=right - left, align=-1)


def _pages(lines: Sequence[_Line], size: int, *, framed: bool) -> tuple[PagePlaces, ...]:
    found = []
    for line in lines:
        left, top = min(s.left for s in line.slots), max(s.top for s in line.slots)
        right, bottom = max(s.right for s in line.slots), min(s.bottom for s in line.slots)
        tab = line.head.align == 0 and framed
        box = Region(
            left - _INSET - (_TAB if tab else 0), top + _INSET, right + _INSET, bottom - _INSET
        )
        if not framed:
            box = Region(left, top, right, bottom)
        number = line.head
        note = Spot.at(right + _INSET - px(3), number.y, number.cap, width=right - left, align=1)
        shown = framed and not tab and size > 1
        found.append(
            PagePlaces(
                box=box,
                radius=_RADIUS,
                style=Style.TILE,
                number=number,
                note=note if shown else None,
                slots=_slot_places(line.slots),
            )
        )
    return tuple(found)


def _slot_places(slots: Sequence[Region]) -> tuple[SlotPlace, ...]:
    return tuple(_slot_place(slot, at) for at, slot in enumerate(slots))


def _slot_place(region: Region, number: int) -> SlotPlace:
    x, y = region.center
    cap = max(MIN_CAP, min(px(29), 0.42 * region.height))
    word = Spot.at(x, y, cap, width=region.width - px(8), align=0)
    return SlotPlace(region, word, Style.TILE, number)
