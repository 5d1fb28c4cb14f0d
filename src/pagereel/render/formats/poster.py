"""The picture that stands for a scene, or for a section of it: a PNG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pagereel.fast import Drawn

_STANDS = 0.2  # seconds; a fade does not stand still for so long


def write_png(drawn: Drawn, target: Path) -> None:
    """Write the last picture of a scene, or the fullest of a section.

    If a scene's last picture is empty, or has all but faded out, it is the last one before it that
    stands still and is not empty, or else the fullest. A section often ends while something fades
    out, and often begins by standing still as the one before it ended. Of its pictures that show at
    least half of what the fullest shows, its still is the fullest of those that stand still, and do
    so at least half as long as any other.
    """
    whole = [(0, drawn.images)]
    pixels = next(fullest_moments(drawn, whole)) if drawn.type else _poster(drawn)
    Image.fromarray(pixels).save(target, optimize=True)


def _poster(drawn: Drawn) -> NDArray[np.uint8]:
    last = stood = _nothing(drawn)
    for picture in drawn.pictures():
        last = picture.pixels[:, :, :3]
        if picture.repeat >= _STANDS * drawn.rate and _contrast(last):
            stood = last.copy()
    chosen = stood if _contrast(stood) else _fullest(drawn)
    return last if 2 * _contrast(last) >= _contrast(chosen) else chosen


def _fullest(drawn: Drawn) -> NDArray[np.uint8]:
    """Return the picture with the most to be seen, the last of several."""
    most, fullest = 0, _nothing(drawn)
    for picture in drawn.pictures():
        pixels = picture.pixels[:, :, :3]
        fullness = int(np.count_nonzero((pixels != pixels[0, 0]).any(axis=2)))
        if fullness >= most:
            most, fullest = fullness, pixels.copy()
    return fullest


def fullest_moments(drawn: Drawn, spans: Sequence[tuple[int, int]]) -> Iterator[NDArray[np.uint8]]:
    """Yield, for each span of images, the picture that shows the most of those that stand still.

    A picture is only valid until the next one is asked for.

    Parameters
    ----------
    spans
        The first image of each, and the one after its last; in their order.
    """
    moments: list[list[_Moment]] = [[] for _ in spans]
    first = 0
    for index, picture in enumerate(drawn.pictures()):
        ink = int(_difference(picture.pixels[:, :, :3]).sum())
        end = first + picture.repeat
        for (start, stop), seen in zip(spans, moments, strict=True):
            stands = min(end, stop) - max(first, start)
            if stands > 0:
                seen.append(_Moment(index, ink, stands if stands >= _STANDS * drawn.rate else 0))
        first = end
    chosen = [_fullest_of(seen).index for seen in moments]
    for index, picture in enumerate(drawn.pictures()):
        for _ in range(chosen.count(index)):
            yield picture.pixels[:, :, :3]


@dataclass(frozen=True, slots=True)
class _Moment:
    """A picture: how much it shows, and for how many images it stands still, if it does."""

    index: int
    ink: int
    stands: int


def _fullest_of(moments: Sequence[_Moment]) -> _Moment:
    """Return the one that shows the most of those that stand still, the last of several."""
    fullest = max(moment.ink for moment in moments)
    full = [moment for moment in moments if 2 * moment.ink >= fullest]
    longest = max(moment.stands for moment in full)
    shown = [moment for moment in full if 2 * moment.stands >= longest]
    return max(shown, key=lambda moment: (moment.ink, moment.index))


def _nothing(drawn: Drawn) -> NDArray[np.uint8]:
    return np.zeros((drawn.height, drawn.width, 3), np.uint8)


def _contrast(pixels: NDArray[np.uint8]) -> int:
    """Return by how much any pixel differs from the one in the corner, at most; of 255."""
    return int(_difference(pixels).max())


def _difference(pixels: NDArray[np.uint8]) -> NDArray[np.int16]:
    """Return by how much each value differs from the one in the corner; shape as `pixels`."""
    difference: NDArray[np.int16] = np.abs(pixels.astype(np.int16) - pixels[0, 0])
    return difference
