"""Where a line of cached frames stands: on stairs, from the exit up to the frame used last."""

from __future__ import annotations

from dataclasses import dataclass

from pagereel.stage.layout.places import MIN_CAP, CaptionPlace, Need, Point, Region, Spot, px

_LARGEST = px(126)  # of an entry, as of a page frame
_SHARE = 0.78  # of an entry in the width of its step
_AIR = px(7)  # between an entry and its step
_STAMP = px(28)  # from a step down to the middle of its stamp
_STAMP_CAP = px(24)
_BASE = px(80)  # of the lowest step, above the foot of the stairs
_LOW_BASE = px(124)  # where the exit's label stands in it
_SHAFT = px(186)  # width of the exit beside the stairs
_CAP = px(30)
_PAD = px(24)  # from the edge of the stairs to a label in them
_LIFT = px(38)  # from the foot to the middle of a label
_NOTE = px(84)  # height of a note's two lines


@dataclass(frozen=True, slots=True)
class StairsNeed(Need):
    """The need of stairs of `steps` steps."""

    steps: int = 1


@dataclass(frozen=True, slots=True)
class StairsPlaces(Region):
    """Stairs that rise to the right, with an entry of `size` on each of `steps` steps.

    Attributes
    ----------
    base
        Left end of the lowest step, at its height.
    run, rise
        Width and height of a step.
    beside
        Whether the exit is beside the stairs, and not in their foot.
    exit
        Where the exit's label stands.
    arrow
        The ends of its arrow: it points to the second.
    out
        Where the middle of what falls out at the exit ends.
    label
        Where the line's label stands.
    note
        Where a note stands: in the stairs, or above their lower half.
    unused
        Where the label stands that says for how long an evicted frame was unused.
    """

    steps: int
    size: float
    base: Point
    run: float
    rise: float
    beside: bool
    stamp_cap: float
    exit: Spot
    arrow: tuple[Point, Point]
    out: Point
    label: Spot
    note: CaptionPlace
    unused: Spot

    def edge(self, step: int) -> tuple[Point, Point]:
        """Return the left and the right end of a step."""
        x, y = self.base[0] + step * self.run, self.base[1] + step * self.rise
        return (x, y), (x + self.run, y)

    def entry(self, step: int) -> Point:
        """Return the middle of the entry on a step."""
        (left, y), (right, _) = self.edge(step)
        return (left + right) / 2, y + _AIR + self.size / 2

    def stamp(self, step: int) -> Point:
        """Return the middle of the stamp below an entry."""
        x, _ = self.entry(step)
        return x, self.edge(step)[0][1] - _STAMP


def stairs_in(region: Region, steps: int) -> StairsPlaces:
    """Return the places of stairs that fill a region."""
    if isinstance(region, StairsPlaces):
        return region
    return place_stairs(region, steps, size=_LARGEST, beside=region.width > region.height)


def place_stairs(
    region: Region, steps: int, *, size: float, beside: bool, most: float = px(49)
) -> StairsPlaces:
    """Return the places of stairs.

    Parameters
    ----------
    region
        Its bottom is the foot of the stairs; the highest entry stays below its top.
    steps
        How many steps there are.
    size
        Of an entry; smaller where a step is not wide enough.
    beside
        Whether there is room for the exit beside the stairs.
    most
        The greatest height of a step.
    """
    left = region.left + (_SHAFT if beside else 0)
    run = (region.right - left) / steps
    size = min(size, _SHARE * run)
    base = region.bottom + (_BASE if beside else _LOW_BASE)
    room = region.top - base - _AIR - size
    rise = min(most, room / max(1, steps - 1))
    foot = region.bottom + _LIFT
    if beside:
        leave = Spot.at(region.left, base - px(10), _CAP, width=_SHAFT - px(16), align=-1)
        below = leave.y - px(46)
        arrow = (left - px(18), below), (region.left + px(12), below)
        out = region.left + px(70), base
        unused = Spot.at(region.left, base + size + px(80), _CAP, width=_SHAFT, align=-1)
    else:
        after = region.left + _PAD + px(56)
        leave = Spot.at(after + px(16), foot, _CAP, width=px(240), align=-1)
        arrow = (after, foot), (region.left + _PAD, foot)
        out = left + 0.2 * size, base - px(20)
        unused = Spot.at(left + run + _PAD, base - px(30), _CAP, width=px(300), align=-1)
    label = Spot.at(region.right - _PAD, foot, _CAP, width=px(420), align=1)
    if beside:
        low = label.top + px(24) + 0.6 * rise  # the stamps of the steps above it stay free
        middle, cap, width, align = low + _NOTE / 2, px(27), 0.36 * region.width, 1
    else:  # above the lower steps, where nothing else stands
        highest = base + steps / 2 * rise + _AIR + size
        middle, cap, width, align = (region.top + highest) / 2, _CAP, 0.5 * region.width, -1
    spot = Spot.at(label.x if beside else region.left, middle, cap, width=width, align=align)
    top, bottom = middle + _NOTE / 2, middle - _NOTE / 2
    note = CaptionPlace(spot.left, top, spot.right, bottom, rule=top, spot=spot, least=MIN_CAP)
    return StairsPlaces(
        region.left,
        region.top,
        region.right,
        region.bottom,
        steps=steps,
        size=size,
        base=(left, base),
        run=run,
        rise=rise,
        beside=beside,
        stamp_cap=max(MIN_CAP, min(_STAMP_CAP, 0.2 * size)),
        exit=leave,
        arrow=arrow,
        out=out,
        label=label,
        note=note,
        unused=unused,
    )


def stairs_need(steps: int) -> StairsNeed:
    """Return what stairs need: entries that can be read, and steps that can be told apart."""
    least, low = px(96), px(30)
    width = steps * least / _SHARE
    height = _LOW_BASE + (steps - 1) * low + least + _AIR
    return StairsNeed((width, height), steps=steps)
