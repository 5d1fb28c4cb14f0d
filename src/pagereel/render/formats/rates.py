"""Which images are shown at another pace than that at which they were drawn."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING

from pagereel.fast import Picture, cover

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from fractions import Fraction

    from pagereel.fast import Box


def at_rate(pictures: Iterable[Picture], share: Fraction) -> Iterator[Picture]:
    """Yield what is shown of pictures if there are fewer images a second.

    An image shows what the drawn ones show at its time.

    Parameters
    ----------
    share
        How many images are shown for each that was drawn; at most 1.
    """
    at = shown = 0
    passed_over: list[Box] = []
    for picture in pictures:
        at += picture.repeat
        repeat, shown = ceil(at * share) - shown, ceil(at * share)
        boxes = picture.boxes
        if passed_over:
            height, width = picture.pixels.shape[:2]
            boxes = cover([*passed_over, *boxes], width, height)
        if repeat:
            passed_over = []
            yield replace(picture, boxes=boxes, repeat=repeat)
        else:
            passed_over = boxes
