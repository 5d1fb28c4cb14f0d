"""Where two pictures differ, each being a list of items from back to front."""

from __future__ import annotations

from itertools import takewhile
from operator import is_
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.fast.boxes import Box
    from pagereel.fast.items import Item


def changed_boxes(before: Sequence[Item], after: Sequence[Item]) -> list[Box]:
    """Return the boxes of all items that came, went or moved in the order of drawing.

    Items in both pictures count as unchanged if they are drawn in the same order in both. If not,
    all that lies between the unchanged back and the unchanged front is said to have changed.
    """
    back = sum(1 for _ in takewhile(bool, map(is_, before, after)))
    old, new = before[back:], after[back:]
    front = sum(1 for _ in takewhile(bool, map(is_, reversed(old), reversed(new))))
    if front:
        old, new = old[:-front], new[:-front]
    kept = set(old).intersection(new)
    if [item for item in old if item in kept] != [item for item in new if item in kept]:
        kept = set()
    return [item.box for item in (*old, *new) if item not in kept]
