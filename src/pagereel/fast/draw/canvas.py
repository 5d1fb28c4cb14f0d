"""The picture on the camera's pixels, drawn again only where it changes."""

from __future__ import annotations

from itertools import takewhile
from operator import is_
from typing import TYPE_CHECKING, Any

import cairo
import numpy as np

from pagereel.fast.boxes import cover, hull, intersect, whole
from pagereel.fast.draw.rasters import Raster, differences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Camera
    from manim.typing import PixelArray

    from pagereel.fast.boxes import Box
    from pagereel.fast.draw.items import Layer


class Canvas:
    """What the camera's pixels show.

    Parameters
    ----------
    camera
        Its pixels are drawn on, in place.
    matrix
        From the scene's units to pixels.

    Notes
    -----
    What is drawn again is drawn whole, on a second sheet, of which only the changed boxes are
    taken over. A clip would be the nearer thing, but where it cuts an outline, Cairo rounds the
    outline another way, and pixels come out different by up to 13 of 255 levels.
    """

    def __init__(self, camera: Camera, matrix: cairo.Matrix) -> None:
        self._camera = camera
        self._matrix = matrix
        self._sheet = np.empty_like(camera.pixel_array)
        self._shown: Sequence[Layer] | None = None
        self._base: PixelArray | None = None

    @property
    def pixels(self) -> PixelArray:
        """Shape (height, width, 4), RGBA. It is drawn on: copy what has to stay."""
        return self._camera.pixel_array

    def show(self, items: Sequence[Layer], base: PixelArray) -> list[Box]:
        """Show items over a base, and return where the picture has changed.

        Parameters
        ----------
        items
            From back to front.
        base
            The background, or a picture of what cannot be kept as items. Shape as `pixels`; its
            content may not change.
        """
        height, width = self.pixels.shape[:2]
        if self._shown is None or base is not self._base:
            boxes = whole(width, height)
        else:
            boxes = cover(changed_boxes(self._shown, items), width, height)
        self._shown, self._base = items, base
        if boxes:
            self._paint(items, base, boxes)
        return boxes

    def forget(self) -> None:
        """Take nothing for shown: somebody else has drawn on the pixels, or a shard begins."""
        self._shown = None

    def _paint(self, items: Sequence[Layer], base: PixelArray, boxes: list[Box]) -> None:
        _copy(base, self._sheet, boxes)
        context = self._context()
        around = hull(boxes)  # most items lie far away
        for item in items:
            if intersect(item.box, around) and any(intersect(item.box, box) for box in boxes):
                item.draw(context, self._matrix, boxes)
        _copy(self._sheet, self.pixels, boxes)

    def _context(self) -> cairo.Context[Any]:
        height, width = self._sheet.shape[:2]
        surface = cairo.ImageSurface.create_for_data(
            self._sheet.data,
            cairo.FORMAT_ARGB32,
            width,
            height,
        )
        return cairo.Context(surface)


def _copy(source: PixelArray, target: PixelArray, boxes: list[Box]) -> None:
    for left, top, right, bottom in boxes:
        target[top:bottom, left:right] = source[top:bottom, left:right]


def changed_boxes(before: Sequence[Layer], after: Sequence[Layer]) -> list[Box]:
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
    kept: set[Layer] = set(old).intersection(new)
    still = [
        successors.get(item, item) if isinstance(item, Raster) else item
        for item in old
        if item in kept or item in successors
    ]
    again = kept.union(successors.values())
    if still != [item for item in new if item in again]:
        kept, successors = set(), {}
    gone = [item for item in (*old, *new) if item not in kept]
    replaced: set[Layer] = {*successors, *successors.values()}
    boxes = [item.box for item in gone if item not in replaced]
    for raster, successor in successors.items():
        boxes += differences(raster, successor)
    return boxes


def _successors(old: Sequence[Layer], new: Sequence[Layer]) -> dict[Raster, Raster]:
    """Return, for the images of a picture that are there no more, those in their places."""
    came = {item.box: item for item in new if isinstance(item, Raster) and not _holds(old, item)}
    return {
        item: came[item.box]
        for item in old
        if isinstance(item, Raster) and item.box in came and not _holds(new, item)
    }


def _holds(items: Sequence[Layer], item: Layer) -> bool:
    return any(other is item for other in items)
