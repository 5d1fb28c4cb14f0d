"""The picture on the camera's pixels, drawn again only where it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cairo
import numpy as np

from pagereel.fast.boxes import cover, hull, intersect, whole
from pagereel.fast.draw.changes import changed_boxes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Camera
    from manim.typing import PixelArray

    from pagereel.fast.boxes import Box
    from pagereel.fast.draw.changes import Drawn


class Picture:
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
        self._shown: Sequence[Drawn] | None = None
        self._base: PixelArray | None = None

    @property
    def pixels(self) -> PixelArray:
        """Shape (height, width, 4), RGBA. It is drawn on: copy what has to stay."""
        return self._camera.pixel_array

    def show(self, items: Sequence[Drawn], base: PixelArray) -> list[Box]:
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

    def _paint(self, items: Sequence[Drawn], base: PixelArray, boxes: list[Box]) -> None:
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
