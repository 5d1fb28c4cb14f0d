"""The picture on the camera's pixels, drawn again only where it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cairo
import numpy as np

from pagereel.fast.boxes import cover, intersect, whole
from pagereel.fast.changes import changed_boxes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from manim import Camera
    from manim.typing import PixelArray

    from pagereel.fast.boxes import Box
    from pagereel.fast.items import Item


class Picture:
    """What the camera's pixels show.

    Parameters
    ----------
    camera
        Its pixels are drawn on, in place.
    matrix
        From the scene's units to pixels.
    exact
        Whether to draw items whole, on a second sheet, and take over what has changed. Otherwise
        they are drawn under a clip. Where it cuts an outline, Cairo rounds it another way.
    """

    def __init__(self, camera: Camera, matrix: cairo.Matrix, *, exact: bool) -> None:
        self._camera = camera
        self._matrix = matrix
        self._sheet = np.empty_like(camera.pixel_array) if exact else None
        self._shown: Sequence[Item] | None = None
        self._base: PixelArray | None = None

    @property
    def pixels(self) -> PixelArray:
        """Shape (height, width, 4), RGBA. It is drawn on: copy what has to stay."""
        return self._camera.pixel_array

    def show(self, items: Sequence[Item], base: PixelArray) -> list[Box]:
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

    def _paint(self, items: Sequence[Item], base: PixelArray, boxes: list[Box]) -> None:
        sheet = self.pixels if self._sheet is None else self._sheet
        _copy(base, sheet, boxes)
        context = self._context(sheet)
        if self._sheet is None:
            for left, top, right, bottom in boxes:
                context.rectangle(left, top, right - left, bottom - top)
            context.clip()
        for item in items:
            if any(intersect(item.box, box) for box in boxes):
                item.draw(context, self._matrix)
        if self._sheet is not None:
            _copy(self._sheet, self.pixels, boxes)

    def _context(self, sheet: PixelArray) -> cairo.Context[Any]:
        height, width = sheet.shape[:2]
        surface = cairo.ImageSurface.create_for_data(
            sheet.data,
            cairo.FORMAT_ARGB32,
            width,
            height,
        )
        return cairo.Context(surface)


def _copy(source: PixelArray, target: PixelArray, boxes: list[Box]) -> None:
    for left, top, right, bottom in boxes:
        target[top:bottom, left:right] = source[top:bottom, left:right]
