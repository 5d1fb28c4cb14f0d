"""The picture, redrawn only where it changes (dirty rectangles)."""

from __future__ import annotations

from itertools import takewhile
from operator import is_
from typing import TYPE_CHECKING

import cairo
import numpy as np

from pagereel.fast.boxes import TILE, cover, hull, intersect, whole
from pagereel.fast.draw.raster import Raster

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Camera
    from manim.typing import PixelArray
    from numpy.typing import NDArray

    from pagereel.fast.boxes import Box
    from pagereel.fast.draw.layers import Layer


class Canvas:
    """The picture, and the layers that it shows.

    Parameters
    ----------
    camera
        Gets a copy of the picture.
    matrix
        From the scene's units to pixels.

    Attributes
    ----------
    pixels
        Shape (height, width, 4), RGBA. They change with the next image; copy them to keep them.

    Notes
    -----
    A scene may draw on the camera's pixels itself, as manim draws over all of them with the next
    image. So the picture has pixels of its own.

    Layers are redrawn whole, on a second sheet, and only the changed boxes of it are copied. Under
    a clip, Cairo would round outlines differently where they are cut, and pixels would differ by
    up to 13 of 255 levels.
    """

    def __init__(self, camera: Camera, matrix: cairo.Matrix) -> None:
        self._camera = camera
        self._matrix = matrix
        self.pixels = np.empty_like(camera.pixel_array)
        self._sheet = np.empty_like(camera.pixel_array)
        self._shown: Sequence[Layer] | None = None
        self._base: PixelArray | None = None

    def show(self, items: Sequence[Layer], base: PixelArray) -> list[Box]:
        """Show layers over a base, and return the boxes in which the picture has changed.

        Parameters
        ----------
        items
            From back to front.
        base
            The background, or a picture of mobjects that cannot be layers. Shape as `pixels`; its
            content must not change.
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

    def give(self, boxes: list[Box] | None = None) -> None:
        """Give the camera these boxes of the picture, or all of it, for a scene that looks at it.

        The scene may have drawn on the camera's pixels since they were given.
        """
        if boxes is None:
            np.copyto(self._camera.pixel_array, self.pixels)
        else:
            _copy(self.pixels, self._camera.pixel_array, boxes)

    @property
    def is_shown(self) -> bool:
        """Whether the picture is what was drawn last, and not one of manim's."""
        return self._shown is not None

    def forget(self) -> None:
        """Redraw everything next time, as manim has drawn, or a shard begins."""
        self._shown = None

    def _paint(self, items: Sequence[Layer], base: PixelArray, boxes: list[Box]) -> None:
        _copy(base, self._sheet, boxes)
        height, width = self._sheet.shape[:2]
        context = cairo.Context(
            cairo.ImageSurface.create_for_data(self._sheet.data, cairo.FORMAT_ARGB32, width, height)
        )
        around = hull(boxes)  # most layers are far away
        for item in items:
            if intersect(item.box, around) and any(intersect(item.box, box) for box in boxes):
                item.draw(context, self._matrix, boxes)
        _copy(self._sheet, self.pixels, boxes)


def _copy(source: PixelArray, target: PixelArray, boxes: list[Box]) -> None:
    for left, top, right, bottom in boxes:
        target[top:bottom, left:right] = source[top:bottom, left:right]


def changed_boxes(before: Sequence[Layer], after: Sequence[Layer]) -> list[Box]:
    """Return the boxes in which two pictures differ, each a list of layers from back to front.

    Layers in both pictures count as unchanged if they are drawn in the same order in both. If not,
    everything between the unchanged back and the unchanged front counts as changed. Of an image
    that stays in its place, only the boxes in which its pixels differ count as changed.
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
    """Return, for images of the old picture that are gone, the new ones in their places."""
    came = {item.box: item for item in new if isinstance(item, Raster) and item not in old}
    return {
        item: came[item.box]
        for item in old
        if isinstance(item, Raster) and item.box in came and item not in new
    }


def differences(before: Raster, after: Raster) -> list[Box]:
    """Return boxes that hold all pixels in which two rasters differ."""
    if before.box != after.box:
        return [before.box, after.box]
    left, top, right, bottom = after.box
    changed = words(before.pixels) != words(after.pixels)
    # Padded, so that the tiles are those of the picture.
    ahead, above = left % TILE, top % TILE
    across, down = -(-(right - left + ahead) // TILE), -(-(bottom - top + above) // TILE)
    padded = np.zeros((down * TILE, across * TILE), bool)
    padded[above : above + bottom - top, ahead : ahead + right - left] = changed
    tiles = np.logical_or.reduce(padded.reshape(down, TILE, across, TILE), axis=(1, 3))
    x, y = left - ahead, top - above
    return [
        (
            max(x + column * TILE, left),
            max(y + row * TILE, top),
            min(x + (column + 1) * TILE, right),
            min(y + (row + 1) * TILE, bottom),
        )
        for row, column in np.argwhere(tiles).tolist()
    ]


def words(pixels: NDArray[np.integer]) -> NDArray[np.uint32]:
    """Return the pixels as numbers, which are compared four times as quickly."""
    return np.ascontiguousarray(pixels).view(np.uint32)[..., 0]
