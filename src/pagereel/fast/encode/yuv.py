"""Pictures for the encoder: YUV 4:2:0, patched where they change."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from pagereel.fast.boxes import TILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from manim.typing import PixelArray
    from numpy.typing import NDArray

    from pagereel.fast.boxes import Box

# Each sample of colour is the mean of its own four pixels, so a part of the picture converted alone
# is the same as that part of a picture converted whole.
_SCALING = Interpolation.AREA | Interpolation.ACCURATE_RND


class YuvPicture:
    """A BT.709 picture of limited range.

    Attributes
    ----------
    frame
        For the encoder. It is patched in place.
    """

    def __init__(self, width: int, height: int) -> None:
        self.frame = av.VideoFrame(width, height, "yuv420p")
        self.frame.colorspace = Colorspace.ITU709
        self.frame.color_range = ColorRange.MPEG
        self.planes = _planes(self.frame)
        for plane in self.planes:
            plane[:] = 0  # no color is converted to it, so the first picture is a change
        self._size = width, height

    def patch(self, pixels: PixelArray, boxes: Sequence[Box]) -> bool:
        """Convert what has changed; return whether any sample differs now.

        Parameters
        ----------
        pixels
            Shape (height, width, 4), RGBA, opaque.
        boxes
            Aligned to tiles, except at the picture's edge.
        """
        changed = False
        for box in boxes:
            left, top, right, bottom = widened = self._widened(box)
            converter = _converter(right - left, bottom - top)
            patches = converter.convert(pixels[top:bottom, left:right])
            for part, patch in zip(self._parts(widened), patches, strict=True):
                changed = changed or not np.array_equal(part, patch)
                part[:] = patch
        return changed

    def take(self, other: YuvPicture, boxes: Sequence[Box]) -> None:
        """Copy another picture that differs only within some boxes."""
        for box in boxes:
            for part, patch in zip(self._parts(box), other._parts(box), strict=True):
                part[:] = patch

    def cut(self, boxes: Sequence[Box]) -> list[NDArray[np.uint8]]:
        """Return copies of what is within some boxes, for `paste`."""
        return [part.copy() for box in boxes for part in self._parts(box)]

    def paste(self, boxes: Sequence[Box], cuts: Iterable[NDArray[np.uint8]]) -> None:
        """Replace what is within some boxes by what was cut out of another picture."""
        parts = (part for box in boxes for part in self._parts(box))
        for part, cut in zip(parts, cuts, strict=True):
            part[:] = cut

    def _parts(self, box: Box) -> Iterator[NDArray[np.uint8]]:
        """Yield a box's part of each plane; there is one sample of colour for 2 x 2 pixels."""
        left, top, right, bottom = box
        for plane, shift in zip(self.planes, (0, 1, 1), strict=True):
            yield plane[top >> shift : bottom >> shift, left >> shift : right >> shift]

    def _widened(self, box: Box) -> Box:
        """Return a box around `box` of one of few sizes, as converters are costly to set up."""
        left, top, right, bottom = box
        width, height = self._size
        across, down = _size_class(right - left, width), _size_class(bottom - top, height)
        left, top = min(left, width - across), min(top, height - down)
        return left, top, left + across, top + down


class _Converter:
    """Converts pictures of one size."""

    def __init__(self, width: int, height: int) -> None:
        self._source = av.VideoFrame(width, height, "rgba")
        plane = self._source.planes[0]
        self._pixels = np.frombuffer(plane, np.uint8).reshape(height, plane.line_size)  # type: ignore[call-overload]
        self._width = width * 4
        self._reformatter = VideoReformatter()

    def convert(self, pixels: PixelArray) -> list[NDArray[np.uint8]]:
        self._pixels[:, : self._width] = pixels.reshape(len(pixels), self._width)
        converted = self._reformatter.reformat(
            self._source,
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=_SCALING,
            threads=1,
        )
        return _planes(converted)


_converter = lru_cache(maxsize=64)(_Converter)


def _size_class(size: int, limit: int) -> int:
    """Return the next size of 1, 2, 3, 4, 6, 8, 12, 16, ... tiles, or the limit."""
    tiles = -(-size // TILE)
    power = 1 << (tiles - 1).bit_length()
    fewer = power * 3 // 4
    return min(TILE * (fewer if power > 2 and tiles <= fewer else power), limit)


def _planes(frame: av.VideoFrame) -> list[NDArray[np.uint8]]:
    return [
        np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]  # type: ignore[call-overload]
        for plane in frame.planes
    ]
