"""The colours of a GIF, chosen by FFmpeg's palette filters through PyAV.

The filters see no images, but sheets of colours: each colour as often as it comes or moves, for
the choice, and once, to be told its place. Whole images take several times as long, for the same
GIF.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    # A colour is a number: red * 65536 + green * 256 + blue.
    Colors = NDArray[np.uint32]

ALL = 1 << 24
# Flat colours and antialiased edges need no more; dithering would crawl and not compress.
_CHOICE = "max_colors=128:stats_mode=full"
_USE = "dither=none"
_ROWS, _COLUMNS = 16, 1024  # of a sheet
_TICK = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a GIF.

    Attributes
    ----------
    table
        As the encoder wants it: 256 colours of four bytes.
    places
        Shape (2^24,): for each colour that was seen, which of the table's stands for it.
    """

    table: bytes
    places: NDArray[np.uint8]


def choose_palette(parts: Iterable[Colors]) -> Palette:
    """Return the colours that stand best for those of some arrays, which are not all empty."""
    is_seen = np.zeros(ALL, np.bool_)
    graph = av.filter.Graph()
    source, sink = _source(graph, _COLUMNS, _ROWS, "rgb24"), graph.add("buffersink")
    generator = graph.add("palettegen", _CHOICE)
    source.link_to(generator)
    generator.link_to(sink)
    graph.configure()
    for number, sheet in enumerate(_sheets(parts)):
        is_seen[sheet] = True
        source.push(_image(sheet, number))
    source.push(None)
    found = cast("av.VideoFrame", sink.pull())
    found.pts, found.time_base = 0, _TICK
    seen = np.flatnonzero(is_seen).astype(np.uint32)
    places = np.zeros(ALL, np.uint8)
    mapped = [*_mapped(seen, found)]
    places[seen] = np.concatenate(mapped)[: len(seen)]
    return Palette(_rows(found, found.width * 4).tobytes(), places)


def _mapped(colors: Colors, palette: av.VideoFrame) -> Iterator[NDArray[np.uint8]]:
    """Yield the places of colours, by the sheet."""
    graph = av.filter.Graph()
    source, sink = _source(graph, _COLUMNS, _ROWS, "rgb24"), graph.add("buffersink")
    table = _source(graph, palette.width, palette.height, palette.format.name)
    user = graph.add("paletteuse", _USE)
    source.link_to(user, 0, 0)
    table.link_to(user, 0, 1)
    user.link_to(sink)
    graph.configure()
    table.push(palette)
    table.push(None)
    for number, sheet in enumerate((*_sheets([colors]), None)):
        source.push(None if sheet is None else _image(sheet, number))
        for image in _ready(sink):
            yield _rows(image, _COLUMNS).ravel()


def _sheets(parts: Iterable[Colors]) -> Iterator[Colors]:
    """Yield colours by the sheet; the last is filled up with one of them."""
    room = _ROWS * _COLUMNS
    waiting: list[Colors] = []
    count = 0
    for part in parts:
        waiting.append(part)
        count += len(part)
        if count >= room:
            colors = np.concatenate(waiting)
            whole = count - count % room
            yield from colors[:whole].reshape(-1, room)
            waiting, count = [colors[whole:]], count - whole
    if count:
        colors = np.concatenate(waiting)
        yield np.concatenate([colors, np.full(room - count, colors[0])])


def _image(sheet: Colors, number: int) -> av.VideoFrame:
    pixels = sheet.astype(">u4").view(np.uint8).reshape(_ROWS, _COLUMNS, 4)[:, :, 1:]
    image = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
    image.pts, image.time_base = number, _TICK
    return image


def _rows(image: av.VideoFrame, width: int) -> NDArray[np.uint8]:
    """Return the rows of an image's first plane, without what fills them up."""
    plane = image.planes[0]
    return np.frombuffer(bytes(plane), np.uint8).reshape(image.height, -1)[:, :width]


def _source(
    graph: av.filter.Graph, width: int, height: int, pixels: str
) -> av.filter.context.FilterContext:
    return graph.add_buffer(
        width=width, height=height, format=av.VideoFormat(pixels), time_base=_TICK
    )


def _ready(sink: av.filter.context.FilterContext) -> Iterator[av.VideoFrame]:
    """Yield the images that a filter graph has finished."""
    while True:
        try:
            yield cast("av.VideoFrame", sink.pull())
        except (av.error.BlockingIOError, av.error.EOFError):
            return
