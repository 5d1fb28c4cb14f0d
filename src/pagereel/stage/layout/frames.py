"""Where page frames stand: rows of boxes, each with its bit above and an anchor below."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from pagereel.stage.layout.places import MIN_CAP, Anchor, Need, Point, Region, Spot, px

_MIN_PITCH = px(76)  # two digits and a gap fit
_BOX_SHARE = 0.73  # of a frame in its pitch
_LARGEST = px(126)
_FEWEST = 8  # frames that a row has room for in any picture
_SMALLEST = px(56)
_STEP = px(5)  # by which frames are made smaller until they fit
_HOOK = px(56)  # between rows: connectors turn there into the row above
_LABEL = px(28)
_CLOSE = px(12)  # between frames and bits, and their labels, in a pool of one labelled row
_BELOW_LABEL = px(62)  # from the label's middle to that of the first bit
_AIR = px(7)  # between an arrow's tip and the frame, and around the boxes that it passes
_APART = px(7)  # from the middle of a gap: two connectors may rise in the middlemost one
_BESIDE = px(9)  # between the connectors of one frame in its gap
_TIP_SHARE = 0.9  # of an arrowhead in its part of the frame


@dataclass(frozen=True, slots=True)
class PoolNeed(Need):
    """The need of a pool of `frames` page frames."""

    frames: int = 1


@dataclass(frozen=True, slots=True)
class PoolPlaces(Region):
    """Page frames in rows of `columns`; the first frame's centre is (`x`, `y`)."""

    x: float
    y: float
    columns: int
    rows: int
    pitch: float
    row_pitch: float
    box: float
    cap: float
    bit_cap: float
    bit_gap: float  # from a box's top to the middle of its bit
    label: Spot
    bits_label: Spot | None = None

    def frame(self, index: int) -> Point:
        """Return the centre of a page frame."""
        row, column = divmod(index, self.columns)
        return self.x + column * self.pitch, self.y - row * self.row_pitch

    def bit(self, index: int) -> Point:
        """Return where the middle of a frame's bit is."""
        x, y = self.frame(index)
        return x, y + self.box / 2 + self.bit_gap

    def foot(self, frame: int, share: tuple[int, int] = (0, 1)) -> Anchor:
        """Return the anchor below a page frame.

        A frame of an upper row is reached through the gap next to the frames below it, on the side
        of the pool's middle.

        Parameters
        ----------
        share
            Which of the frame's holders comes, from 0, and how many there are: each ends below a
            part of its own.
        """
        x, y = self.frame(frame)
        index, holders = share
        aside = index - (holders - 1) / 2  # parts to the right of the middle
        room = _TIP_SHARE * self.box / holders
        tip = (x + aside * self.box / holders, y - self.box / 2 - _AIR)
        row, column = divmod(frame, self.columns)
        if row == self.rows - 1:
            return Anchor(tip, room=room, apart=self.box / holders)
        half = -(-self.columns // 2)
        # Frames of two columns are reached through the middlemost gap: each has one half of it.
        shared = column in (half - 1, half)
        width = 2 * _APART if shared else self.pitch - self.box - 2 * _AIR
        apart = min(_BESIDE, width / holders)
        side = 1 if column < self.columns / 2 else -1
        middle = _APART if holders == 1 or shared else 0
        gap = x + side * (self.pitch / 2 - middle) + aside * apart
        below = self.frame(frame + self.columns)[1] + self.box / 2 + self.bit_gap
        return Anchor(tip, ((gap, self.bottom - _AIR), (gap, below)), room, apart)


def place_pool(
    region: Region,
    frames: int,
    *,
    label: Spot,
    hook: float = _HOOK,
    most: float = _LARGEST,
    rows: int = 1,
) -> PoolPlaces:
    """Divide the frames into rows that fill the width of a region.

    Parameters
    ----------
    region
        Its top is the middle of the first row's bits. The pool may end above its bottom.
    label
        Where the pool's label stands.
    hook
        Room between two rows.
    most
        The largest size of a box.
    rows
        The fewest rows.
    """
    across = region.width
    rows = max(rows, math.ceil(frames / int(across / _MIN_PITCH)))
    columns = math.ceil(frames / rows)
    box = min(most, _BOX_SHARE * across / (columns - 1 + _BOX_SHARE))
    bit_cap = min(px(30), max(MIN_CAP, 0.28 * box))
    bit_gap = bit_cap / 2 + px(20)
    y, row_pitch = region.top - bit_gap - box / 2, box + bit_gap + bit_cap / 2 + hook
    return PoolPlaces(
        left=region.left,
        top=region.top + bit_cap / 2,
        right=region.right,
        bottom=y - (rows - 1) * row_pitch - box / 2,
        x=region.left + box / 2,
        y=y,
        columns=columns,
        rows=rows,
        pitch=(across - box) / (columns - 1) if columns > 1 else across,
        row_pitch=row_pitch,
        box=box,
        cap=min(px(36), max(MIN_CAP, 0.32 * box)),
        bit_cap=bit_cap,
        bit_gap=bit_gap,
        label=label,
    )


def pool_row(region: Region, frames: int, *, labels: float, most: float = _LARGEST) -> PoolPlaces:
    """Return the places of a pool in one row: its bits are labelled, too, and close to the frames.

    Parameters
    ----------
    region
        Its top is the upper edge of the bits. The pool may end above its bottom.
    labels
        Width of the column at the left in which both labels stand.
    most
        The largest size of a box.
    """
    left, width = region.left + labels, region.width - labels
    box = min(most, _BOX_SHARE * width / (frames - 1 + _BOX_SHARE))
    bit_cap = min(_LABEL, max(MIN_CAP, 0.28 * box))
    bit_gap = bit_cap / 2 + _CLOSE
    y = region.top - bit_cap / 2 - bit_gap - box / 2

    def label(middle: float, cap: float) -> Spot:
        spot = Spot.at(region.left, middle, cap, width=labels - _CLOSE, align=-1)
        return replace(spot, brief=True)

    return PoolPlaces(
        left=left,
        top=region.top,
        right=region.right,
        bottom=y - box / 2,
        x=left + box / 2,
        y=y,
        columns=frames,
        rows=1,
        pitch=(width - box) / max(1, frames - 1),
        row_pitch=0,
        box=box,
        cap=min(px(36), max(MIN_CAP, 0.36 * box)),
        bit_cap=bit_cap,
        bit_gap=bit_gap,
        label=label(y, _LABEL),
        bits_label=label(y + box / 2 + bit_gap, bit_cap),
    )


def pool_in(region: Region, frames: int) -> PoolPlaces:
    """Return the places of a pool that fills a region, with its label above."""
    if isinstance(region, PoolPlaces):
        return region
    label = Spot.at(region.left, region.top - _LABEL / 2, _LABEL, width=region.width, align=-1)
    below = replace(region, top=label.y - _BELOW_LABEL)
    most = _LARGEST
    while most > _SMALLEST:
        pool = place_pool(below, frames, label=label, most=most)
        if pool.bottom >= region.bottom:
            return pool
        most -= _STEP
    return place_pool(below, frames, label=label, most=_SMALLEST)


def pool_need(frames: int) -> PoolNeed:
    """Return what a pool needs: rows of at most eight small frames, or one row of large ones."""
    rows = math.ceil(frames / _FEWEST)
    head = _LABEL / 2 + _BELOW_LABEL + px(35)
    height = head + rows * _SMALLEST + (rows - 1) * (_HOOK + px(60))
    best = (frames * _LARGEST / _BOX_SHARE, head + rows * _LARGEST + (rows - 1) * (_HOOK + px(80)))
    return PoolNeed((math.ceil(frames / rows) * _MIN_PITCH, height), best, frames=frames)
