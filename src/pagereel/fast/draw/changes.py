"""Where two pictures differ, each being a list of items from back to front."""

from __future__ import annotations

from itertools import takewhile
from operator import is_
from typing import TYPE_CHECKING, TypeAlias

from pagereel.fast.draw.items import Item
from pagereel.fast.draw.rasters import Raster, differences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.fast.boxes import Box

Drawn: TypeAlias = Item | Raster


def changed_boxes(before: Sequence[Drawn], after: Sequence[Drawn]) -> list[Box]:
    """Return the boxes of all items that came, went or moved in the order of drawing.

    Items in both pictures count as unchanged if they are drawn in the same order in both. If not,
    all that lies between the unchanged back and the unchanged front is said to have changed. Of an
    image that stays in its place only those boxes have changed in which its pixels differ.
    """
    back = sum(1 for _ in takewhile(bool, map(is_, before, after)))
    old, new = before[back:], after[back:]
    front = sum(1 for _ in takewhile(bool, map(is_, reversed(old), reversed(new))))
    if front:
        old, new = old[:-front], new[:-front]
    successors = _successors(old, new)
    kept: set[Drawn] = set(old).intersection(new)
    still = [
        successors.get(item, item) if isinstance(item, Raster) else item
        for item in old
        if item in kept or item in successors
    ]
    again = kept.union(successors.values())
    if still != [item for item in new if item in again]:
        kept, successors = set(), {}
    gone = [item for item in (*old, *new) if item not in kept]
    replaced: set[Drawn] = {*successors, *successors.values()}
    boxes = [item.box for item in gone if item not in replaced]
    for raster, successor in successors.items():
        boxes += differences(raster, successor)
    return boxes


def _successors(old: Sequence[Drawn], new: Sequence[Drawn]) -> dict[Raster, Raster]:
    """Return, for the images of a picture that are there no more, those in their places."""
    came = {item.box: item for item in new if isinstance(item, Raster) and not _holds(old, item)}
    return {
        item: came[item.box]
        for item in old
        if isinstance(item, Raster) and item.box in came and not _holds(new, item)
    }


def _holds(items: Sequence[Drawn], item: Drawn) -> bool:
    return any(other is item for other in items)
