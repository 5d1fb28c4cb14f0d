"""GIFs from pictures: a palette for all of them, then what changes, image by image."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av
import numpy as np

from pagereel.render.formats.palette import ALL, choose_palette
from pagereel.render.formats.rates import at_rate
from pagereel.render.video import playable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from pagereel.fast import Drawn, Picture
    from pagereel.render.formats.palette import Colors, Palette

_HUNDREDTHS = 100  # a GIF counts in 1/100 s


def write_gif(drawn: Drawn, target: Path) -> None:
    """Write what was drawn as a GIF that plays in an endless loop.

    It has as many images a second as were drawn, or as the nearest lower rate that a GIF can play.
    """
    fps = playable(float(drawn.rate))
    share = Fraction(fps) / drawn.rate
    size = (drawn.height, drawn.width)
    changes = _Changes(at_rate(drawn.pictures(), share), size)
    palette = choose_palette(changes)
    # The encoder asks how long the last image stands before it is given the first.
    options = {"final_delay": str(changes.last * _HUNDREDTHS // fps)}
    with av.open(str(target), "w", format="gif", container_options=options) as container:
        stream = container.add_stream("gif", rate=fps)
        stream.width, stream.height, stream.pix_fmt = drawn.width, drawn.height, "pal8"
        at = 0
        for places, repeat in _placed(at_rate(drawn.pictures(), share), size, palette):
            image = _image(places, palette)
            image.pts, image.time_base = at, Fraction(1, fps)
            at += repeat
            container.mux(stream.encode(image))
        container.mux(stream.encode())


class _Changes:
    """The colours of all pixels of the first picture, and then of those that change.

    Attributes
    ----------
    last
        For how many images the last picture stands, when all have been looked at.
    """

    last = 0

    def __init__(self, pictures: Iterator[Picture], size: tuple[int, int]) -> None:
        self._pictures = pictures
        self._seen = np.full(size, ALL, np.uint32)  # no colour has this number

    def __iter__(self) -> Iterator[Colors]:
        for picture in self._pictures:
            self.last = picture.repeat
            for left, top, right, bottom in picture.boxes:
                before = self._seen[top:bottom, left:right]
                after = _colors(picture, left, top, right, bottom)
                yield after[after != before]
                before[:] = after


def _placed(
    pictures: Iterator[Picture], size: tuple[int, int], palette: Palette
) -> Iterator[tuple[NDArray[np.uint8], int]]:
    """Yield each picture in the palette's colours, on one canvas, and how long it stands."""
    canvas = np.zeros(size, np.uint8)
    for picture in pictures:
        for left, top, right, bottom in picture.boxes:
            colors = _colors(picture, left, top, right, bottom)
            canvas[top:bottom, left:right] = palette.places[colors]
        yield canvas, picture.repeat


def _colors(picture: Picture, left: int, top: int, right: int, bottom: int) -> Colors:
    """Return the colours of a box, as numbers."""
    pixels = picture.pixels[top:bottom, left:right].astype(np.uint32)
    return cast("Colors", pixels[:, :, 0] << 16 | pixels[:, :, 1] << 8 | pixels[:, :, 2])


def _image(places: NDArray[np.uint8], palette: Palette) -> av.VideoFrame:
    """Return an image of the encoder's own: it compares each with the one before."""
    height, width = places.shape
    image = av.VideoFrame(width, height, "pal8")
    plane, table = image.planes
    rows = np.frombuffer(plane, np.uint8).reshape(height, plane.line_size)  # type: ignore[call-overload]
    rows[:, :width] = places
    table.update(palette.table)
    return image
