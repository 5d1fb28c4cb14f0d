"""A picture in the picture whose pixels are the video's own, drawn on with numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from manim import ImageMobject, config
from PIL.Image import Resampling

from pagereel.stage.layout.places import SHORT_SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pagereel.stage.film.layout import Panel

_HAIR = 0.01  # pixels: a corner that is rounded down must not fall into the pixel before it


def pixels_a_unit() -> float:
    """Return how many pixels of the video a scene unit has."""
    return float(min(config.pixel_width, config.pixel_height) / SHORT_SIDE)


def pixel_size(panel: Panel) -> tuple[int, int]:
    """Return a panel's width and height in whole pixels of the video."""
    unit = pixels_a_unit()
    return max(1, int(panel.width * unit)), max(1, int(panel.height * unit))


class Sheet(ImageMobject):
    """An opaque image; its pixel (0, 0) is the one at the left upper corner of a place.

    Parameters
    ----------
    width, height
        In pixels of the video.
    left, top
        Its left upper corner, in scene units; moved to the nearest pixel.
    color
        What it is filled with: red, green, blue from 0 to 255.
    """

    def __init__(
        self, width: int, height: int, *, left: float, top: float, color: NDArray[np.float64]
    ) -> None:
        pixels = np.empty((height, width, 4), np.uint8)
        pixels[..., :3], pixels[..., 3] = np.rint(color), 255
        super().__init__(pixels, resampling_algorithm=Resampling.NEAREST)
        unit = pixels_a_unit()
        middle = np.array([config.pixel_width / 2, config.pixel_height / 2])
        first = np.rint(np.array([left, -top]) * unit + middle) + _HAIR
        corners = first + np.array([[0, 0], [width, 0], [0, height], [width, height]])
        flat = (corners - middle) / unit * (1, -1)
        self.points = np.column_stack([flat, np.zeros(4)])

    @property
    def rgb(self) -> NDArray[np.uint8]:
        """Shape (height, width, 3). What is drawn on it is seen in the next image."""
        colors: NDArray[np.uint8] = self.pixel_array[..., :3]
        return colors
