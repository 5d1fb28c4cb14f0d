"""Arrangements: how the parts of a scene share the picture. Pure functions, without manim.

A scene cuts its picture with `rows` and `columns`, once for each shape, and `framed` puts title,
counter and caption around them:

    arrangement = Arrangement(
        wide=framed(columns("queue", rows("pool", "batch"), weights=(1, 3))),
        tall=framed(rows("pool", "queue", "batch")),
    )

Where parts have to stand with regard to each other, an arrangement is written by hand, as
`pool_over_rows`: any function of the same type will do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from pagereel.errors import StageError
from pagereel.stage.layout.places import (
    Area,
    CaptionPlace,
    CounterNeed,
    Need,
    Region,
    Shape,
    Spot,
    px,
)

Needs = Mapping[str, Need]  # by the name of a part
Regions = Mapping[str, Region]
Arranges = Callable[[Area, Needs], Regions]

GUTTER = px(24)  # between what stands side by side
_BETWEEN = px(36)  # between parts
_LONGEST = 2.4  # a picture's longer side, in shorter sides
_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How a scene's parts share pictures of each shape.

    Where nothing is said, a tall picture is arranged as a wide one, and a square as a tall one.
    """

    wide: Arranges
    tall: Arranges | None = None
    square: Arranges | None = None

    def __call__(self, area: Area, needs: Needs) -> Regions:
        """Return the region of each part, by its name."""
        tall = self.tall or self.wide
        of_shape = {Shape.WIDE: self.wide, Shape.TALL: tall, Shape.SQUARE: self.square or tall}
        return of_shape[area.shape](area, needs)


@dataclass(frozen=True, slots=True)
class Cut:
    """A region divided among parts, or among what is cut again."""

    axis: int  # 0: side by side, 1: below each other
    items: tuple[str | Cut, ...]
    weights: tuple[float, ...]

    def need(self, needs: Needs) -> Need:
        """Return what all of them need together."""
        each = [_need(item, needs) for item in self.items]
        gaps = _BETWEEN * (len(each) - 1)

        def total(sizes: Sequence[tuple[float, float]]) -> tuple[float, float]:
            along, across = zip(*(size[:: 1 - 2 * self.axis] for size in sizes), strict=True)
            both = (sum(along) + gaps, max(across))
            return both[:: 1 - 2 * self.axis]

        drops = tuple(f"{drop}" for need in each for drop in need.drops)
        return Need(total([n.least for n in each]), total([n.best for n in each]), drops)

    def divide(self, region: Region, needs: Needs) -> dict[str, Region]:
        """Return the region of each part."""
        each = [_need(item, needs) for item in self.items]
        least, best = ([getattr(need, of)[self.axis] for need in each] for of in ("least", "best"))
        room = (region.width, region.height)[self.axis] - _BETWEEN * (len(each) - 1)
        at = region.top if self.axis else region.left
        found: dict[str, Region] = {}
        for item, size in zip(self.items, share_out(room, self.weights, least, best), strict=True):
            if self.axis:
                part = Region(region.left, at, region.right, at - size)
                at -= size + _BETWEEN
            else:
                part = Region(at, region.top, at + size, region.bottom)
                at += size + _BETWEEN
            found |= {item: part} if isinstance(item, str) else item.divide(part, needs)
        return found


def rows(*items: str | Cut, weights: Sequence[float] = ()) -> Cut:
    """Put parts below each other; `weights` say how they share the height, evenly without them."""
    return Cut(1, items, tuple(weights) or (1,) * len(items))


def columns(*items: str | Cut, weights: Sequence[float] = ()) -> Cut:
    """Put parts side by side; `weights` say how they share the width, evenly without them."""
    return Cut(0, items, tuple(weights) or (1,) * len(items))


def framed(body: str | Cut) -> Arranges:
    """Put `title` and `counter` above, and `caption` below, what a picture is cut into."""
    cut = rows(body)

    def arrange(area: Area, needs: Needs) -> Regions:
        refuse_long(area)
        title, counter = arrange_head(area, needs)
        caption = arrange_foot(area)
        top = title.bottom - area.tall(40, 60)
        region = Region(area.left, top, area.right, caption.rule + area.tall(24, 40))
        _refuse_small(region, cut.need(needs))
        return {"title": title, "counter": counter, "caption": caption, **cut.divide(region, needs)}

    return arrange


def arrange_head(area: Area, needs: Needs) -> tuple[Spot, Spot]:
    """Return the places of the title and, on the same baseline, of the counter."""
    counter = needs.get("counter")
    counts = counter.counts if isinstance(counter, CounterNeed) else 1
    across = area.right - area.left
    cap, counter_cap = (px(54), px(30)) if area.wide else (area.tall(48, 58), px(28))
    narrow = 0.32 if counts == 1 else 0.4
    counter_width = across * (0.3 if area.wide else narrow)
    y = area.top - cap / 2 - (px(22) if area.wide else area.tall(6, 30))
    baseline = y + (counter_cap - cap) / 2
    return (
        Spot.at(area.left, y, cap, width=across - counter_width - GUTTER, align=-1),
        Spot.at(
            area.right,
            baseline,
            counter_cap,
            width=counter_width,
            align=1,
            brief=not area.wide,
        ),
    )


def arrange_foot(area: Area) -> CaptionPlace:
    """Return the captions' place at the foot of a picture."""
    rule = area.bottom + area.tall(124, 190)
    top = rule - px(14)
    cap = px(44) if area.wide else area.tall(38, 46)
    width = area.right - area.left
    spot = Spot.at(0, (top + area.bottom) / 2, cap, width=width, align=0)
    least = px(36) if area.wide else px(28)
    return CaptionPlace(area.left, top, area.right, area.bottom, rule, spot, least)


def refuse_long(area: Area) -> None:
    """Raise a `StageError` for a picture that is too long to be filled."""
    long, short = max(area.width, area.height), min(area.width, area.height)
    if long > _LONGEST * short:
        raise StageError(
            f"the picture is {long / short:.1f} times as long as it is wide or high; "
            f"at most {_LONGEST} times is possible"
        )


def share_out(
    room: float, weights: Sequence[float], least: Sequence[float], best: Sequence[float]
) -> list[float]:
    """Share a length by weights, none below its least; what exceeds the best goes to the others.

    Where there is more than the best of all of them, the weights alone decide.
    """
    if sum(best) < room:
        best = [inf] * len(best)
    sizes = [0.0] * len(weights)
    free = [*range(len(weights))]
    while free:
        unit = (room - sum(sizes)) / sum(weights[i] for i in free)
        for i in free:
            sizes[i] = min(max(unit * weights[i], least[i]), best[i])
        # As CSS does in a flexible box: where limits take more than they leave, only the least
        # sizes are settled in this round, else only the best ones, and all if they even out.
        over = sum(sizes[i] - unit * weights[i] for i in free)
        if abs(over) < _HAIR:
            break
        settled = [i for i in free if (sizes[i] - unit * weights[i]) * over > 0]
        free = [i for i in free if i not in settled]
        for i in free:
            sizes[i] = 0
    return sizes


def _need(item: str | Cut, needs: Needs) -> Need:
    return item.need(needs) if isinstance(item, Cut) else needs[item]


def _refuse_small(region: Region, need: Need) -> None:
    (width, height), unit = need.least, px(1)
    if width > region.width + _HAIR or height > region.height + _HAIR:
        without = f" even without {' and '.join(need.drops)}" if need.drops else ""
        raise StageError(
            f"the parts need {width / unit:.0f} x {height / unit:.0f} pixels{without}; a picture "
            f"of this shape has {region.width / unit:.0f} x {region.height / unit:.0f} for them"
        )
