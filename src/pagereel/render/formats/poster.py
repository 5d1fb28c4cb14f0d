"""The picture that stands for a scene: a PNG."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from pagereel.fast import Drawn

_STANDS = 0.2  # seconds; a fade does not stand still for so long


def write_png(drawn: Drawn, target: Path) -> None:
    """Write the last picture of the scene.

    If that is empty, or has all but faded out, it is the last one before it that stands still and
    is not empty, or else the fullest.
    """
    Image.fromarray(_poster(drawn)).save(target, optimize=True)


def _poster(drawn: Drawn) -> NDArray[np.uint8]:
    last = stood = np.zeros((drawn.height, drawn.width, 3), np.uint8)
    for picture in drawn.pictures():
        last = picture.pixels[:, :, :3]
        if picture.repeat >= _STANDS * drawn.rate and _contrast(last):
            stood = last.copy()
    chosen = stood if _contrast(stood) else _fullest(drawn)
    return last if 2 * _contrast(last) >= _contrast(chosen) else chosen


def _fullest(drawn: Drawn) -> NDArray[np.uint8]:
    """Return the picture with the most to be seen, the last of several."""
    most, fullest = 0, np.zeros((drawn.height, drawn.width, 3), np.uint8)
    for picture in drawn.pictures():
        pixels = picture.pixels[:, :, :3]
        fullness = int(np.count_nonzero((pixels != pixels[0, 0]).any(axis=2)))
        if fullness >= most:
            most, fullest = fullness, pixels.copy()
    return fullest


def _contrast(pixels: NDArray[np.uint8]) -> int:
    """Return by how much any pixel differs from the one in the corner, at most; of 255."""
    return int(np.abs(pixels.astype(np.int16) - pixels[0, 0]).max())
