"""Images of a scene as they are drawn.

For every image of the video, manim turns an image of the scene into one of the video's size. Here
that is done once, or not at all if each pixel of the image falls on one of the video.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from PIL.Image import Resampling

from pagereel.fast.boxes import intersect

if TYPE_CHECKING:
    from collections.abc import Sequence

    import cairo
    from manim import Camera, ImageMobject
    from numpy.typing import NDArray

    from pagereel.fast.boxes import Box

_OFF = 0.49  # of a pixel, by which a sample may miss the middle of its own pixel


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """An image as it is drawn. Rasters are compared by identity.

    Attributes
    ----------
    pixels
        Shape (height, width, 4), RGBA; they do not change.
    box
        Their place in the picture.
    opaque
        Whether they hide everything behind them.
    """

    pixels: NDArray[np.uint8]
    box: Box
    opaque: bool

    def draw(self, context: cairo.Context[Any], matrix: cairo.Matrix, boxes: Sequence[Box]) -> None:
        """Draw the parts within some boxes of the picture."""
        del matrix  # the pixels are the picture's
        surface = context.get_target()
        surface.flush()
        height, width = surface.get_height(), surface.get_width()
        sheet = np.frombuffer(surface.get_data(), np.uint8).reshape(height, width, 4)
        for box in boxes:
            if intersect(box, self.box):
                self._lay_over(sheet, box)
        surface.mark_dirty()

    def _lay_over(self, sheet: NDArray[np.uint8], box: Box) -> None:
        left, top = max(box[0], self.box[0]), max(box[1], self.box[1])
        right, bottom = min(box[2], self.box[2]), min(box[3], self.box[3])
        x, y = self.box[:2]
        part = self.pixels[top - y : bottom - y, left - x : right - x]
        below = sheet[top:bottom, left:right]
        below[:] = part if self.opaque else composite(below, part)


def composite(below: NDArray[np.uint8], above: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Composite pixels over others with Pillow, as manim does."""
    return np.asarray(Image.alpha_composite(Image.fromarray(below), Image.fromarray(above)))


def make_raster(camera: Camera, mobject: ImageMobject) -> Raster:
    """Return the pixels that manim's camera draws for an image."""
    place = _own_pixels(camera, mobject)
    if place is not None:
        left, top = place
        pixels = mobject.get_pixel_array()
    else:
        canvas = np.zeros((camera.pixel_height, camera.pixel_width, 4), np.uint8)
        camera.display_image_mobject(mobject, canvas)
        rows, columns = np.nonzero(canvas[..., 3])
        if not len(rows):
            return Raster(canvas[:0, :0], (0, 0, 0, 0), opaque=True)
        left, top = int(columns.min()), int(rows.min())
        pixels = canvas[top : int(rows.max()) + 1, left : int(columns.max()) + 1]
    height, width = pixels.shape[:2]
    kept = np.array(pixels, np.uint8)
    return Raster(kept, (left, top, left + width, top + height), bool((kept[..., 3] == 255).all()))


def _own_pixels(camera: Camera, mobject: ImageMobject) -> tuple[int, int] | None:
    """Return the place of an image if its pixels fall on the picture's one by one; else None."""
    pixels = mobject.get_pixel_array()
    if mobject.resampling_algorithm != Resampling.NEAREST or pixels.dtype != np.uint8:
        return None
    height, width = pixels.shape[:2]
    corners = camera.points_to_subpixel_coords(mobject, mobject.points)
    whole = corners.astype(np.int64)  # as manim does
    left, top = whole.min(axis=0).tolist()
    across, down = left + np.array([0, width, 0, width]), top + np.array([0, 0, height, height])
    upright = np.column_stack([across, down])
    if (whole != upright).any() or np.abs(corners - upright).max() > _OFF:
        return None
    inside = left >= 0 and top >= 0
    inside &= left + width <= camera.pixel_width and top + height <= camera.pixel_height
    return (left, top) if inside else None
