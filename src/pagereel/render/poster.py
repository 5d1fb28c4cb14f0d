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

    If that is empty, it is the last one that stands still and is not, or else the fullest.
    """
    Image.fromarray(_poster(drawn)).save(target, optimize=True)


def _poster(drawn: Drawn) -> NDArray[np.uint8]:
    last = stood = None
    for picture in drawn.pictures():
        last = picture.pixels
        if picture.repeat >= _STANDS * drawn.rate and _fullness(last):
            stood = last[:, :, :3].copy()
    if last is not None and _fullness(last):
        return last[:, :, :3].copy()
    return _fullest(drawn) if stood is None else stood


def _fullest(drawn: Drawn) -> NDArray[np.uint8]:
    """Return the picture with the most to be seen, the last of several."""
    most, fullest = 0, np.zeros((drawn.height, drawn.width, 3), np.uint8)
    for picture in drawn.pictures():
        fullness = _fullness(picture.pixels)
        if fullness >= most:
            most, fullest = fullness, picture.pixels[:, :, :3].copy()
    return fullest


def _fullness(pixels: NDArray[np.uint8]) -> int:
    """Return how many pixels have another colour than the one in the corner."""
    whole = np.ascontiguousarray(pixels).view(np.uint32)
    return int(np.count_nonzero(whole != whole[0, 0]))
