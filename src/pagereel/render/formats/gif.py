"""GIFs: a palette for all pictures, chosen by FFmpeg, then what changes, image by image.

FFmpeg's palette filters see no images, but sheets of colours: each colour as often as it comes or
moves, to choose the palette, and then each once, to learn its place in it. Whole images would take
several times as long, for the same GIF.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, cast

import av
import numpy as np

from pagereel.fast import Picture, cover
from pagereel.render.formats.registry import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from pagereel.fast import Box, Drawn

    # A colour is a number: red * 65536 + green * 256 + blue.
    Colors = NDArray[np.uint32]

_HUNDREDTHS = 100  # a GIF counts in 1/100 s
_ALL_COLORS = 1 << 24
# Flat colours and antialiased edges need no more; dithering would crawl and not compress.
_CHOICE = "max_colors=128:stats_mode=full"
_USE = "dither=none"
# A pixel that changes from image to image is drawn again when its colour differs by more than this
# from what is shown, of 255. So fades take fewer bytes.
_TOLERANCE = 24
_ROWS, _COLUMNS = 16, 1024  # of a sheet
_TICK = Fraction(1, _HUNDREDTHS)


def write_gif(drawn: Drawn, target: Path) -> None:
    """Write what was drawn as a GIF that plays in an endless loop.

    It has as many images a second as were drawn, or as the nearest lower rate that a GIF can play.
    """
    fps = int(FORMATS["gif"].playable(float(drawn.rate)))
    share = Fraction(fps) / drawn.rate
    size = (drawn.height, drawn.width)
    changes = _Changes(at_rate(drawn.pictures(), share), size)
    palette = choose_palette(changes)
    # The encoder asks how long the last image stands before it is given the first.
    options = {"final_delay": str(changes.last * _HUNDREDTHS // fps)}
    with av.open(str(target), "w", format="gif", container_options=options) as container:
        stream = container.add_stream("gif", rate=fps)
        stream.width, stream.height, stream.pix_fmt = drawn.width, drawn.height, "pal8"
        at, shown = 0, at_rate(drawn.pictures(), share)
        for places, repeat in _placed(shown, size, palette, count=changes.count):
            image = _palette_image(places, palette)
            image.pts, image.time_base = at, Fraction(1, fps)
            at += repeat
            container.mux(stream.encode(image))
        container.mux(stream.encode())


class _Changes:
    """The colours of all pixels of the first picture, and then of those that change.

    Attributes
    ----------
    count
        How many pictures there are, when all have been looked at.
    last
        For how many images the last of them stands.
    """

    count = last = 0

    def __init__(self, pictures: Iterator[Picture], size: tuple[int, int]) -> None:
        self._pictures = pictures
        self._seen = np.full(size, _ALL_COLORS, np.uint32)  # no colour has this number

    def __iter__(self) -> Iterator[Colors]:
        for picture in self._pictures:
            self.count += 1
            self.last = picture.repeat
            for left, top, right, bottom in picture.boxes:
                before = self._seen[top:bottom, left:right]
                after = _colors(picture, left, top, right, bottom)
                yield after[after != before]
                before[:] = after


def _placed(
    pictures: Iterator[Picture], size: tuple[int, int], palette: Palette, *, count: int
) -> Iterator[tuple[NDArray[np.uint8], int]]:
    """Yield each picture in the palette's colours, on one canvas, and how long it stands."""
    (height, width), colors = size, palette.colors
    canvas, before = np.zeros(size, np.uint8), np.zeros(size, np.uint8)
    late: list[Box] = []  # where the canvas may differ from the picture before
    for number, picture in enumerate(pictures, 1):
        moves = picture.repeat == 1 and number < count
        for left, top, right, bottom in cover([*late, *picture.boxes], width, height):
            box = slice(top, bottom), slice(left, right)
            now = palette.places[_colors(picture, left, top, right, bottom)]
            # A pixel that has come to rest gets its own colour at once: no faint trace is left.
            moving = np.nonzero((now != before[box]) & moves)
            shown, wanted = canvas[box][moving], now[moving]
            apart = np.abs(colors[shown] - colors[wanted]).max(axis=1)
            before[box] = now
            now[moving] = np.where(apart > _TOLERANCE, wanted, shown)
            canvas[box] = now
        late = picture.boxes if moves else []
        yield canvas, picture.repeat


def _colors(picture: Picture, left: int, top: int, right: int, bottom: int) -> Colors:
    """Return the colours of a box, as numbers."""
    pixels = picture.pixels[top:bottom, left:right].astype(np.uint32)
    return cast("Colors", pixels[:, :, 0] << 16 | pixels[:, :, 1] << 8 | pixels[:, :, 2])


def _palette_image(places: NDArray[np.uint8], palette: Palette) -> av.VideoFrame:
    """Return an image of the encoder's own: it compares each with the one before."""
    height, width = places.shape
    image = av.VideoFrame(width, height, "pal8")
    plane, table = image.planes
    rows = np.frombuffer(plane, np.uint8).reshape(height, plane.line_size)  # type: ignore[call-overload]
    rows[:, :width] = places
    table.update(palette.table)
    return image


def at_rate(pictures: Iterable[Picture], share: Fraction) -> Iterator[Picture]:
    """Yield what is shown of pictures if there are fewer images a second.

    An image shows what the drawn ones show at its time.

    Parameters
    ----------
    share
        How many images are shown for each that was drawn; at most 1.
    """
    at = shown = 0
    passed_over: list[Box] = []
    for picture in pictures:
        at += picture.repeat
        repeat, shown = ceil(at * share) - shown, ceil(at * share)
        boxes = picture.boxes
        if passed_over:
            height, width = picture.pixels.shape[:2]
            boxes = cover([*passed_over, *boxes], width, height)
        if repeat:
            passed_over = []
            yield replace(picture, boxes=boxes, repeat=repeat)
        else:
            passed_over = boxes


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

    @property
    def colors(self) -> NDArray[np.int16]:
        """Shape (256, 4): the bytes of each colour."""
        return np.frombuffer(self.table, np.uint8).reshape(-1, 4).astype(np.int16)


def choose_palette(parts: Iterable[Colors]) -> Palette:
    """Return the colours that stand best for those of some arrays, which are not all empty."""
    is_seen = np.zeros(_ALL_COLORS, np.bool_)
    graph = av.filter.Graph()
    source, sink = _source(graph, _COLUMNS, _ROWS, "rgb24"), graph.add("buffersink")
    generator = graph.add("palettegen", _CHOICE)
    source.link_to(generator)
    generator.link_to(sink)
    graph.configure()
    for number, sheet in enumerate(_sheets(parts)):
        is_seen[sheet] = True
        source.push(_sheet_image(sheet, number))
    source.push(None)
    found = cast("av.VideoFrame", sink.pull())
    found.pts, found.time_base = 0, _TICK
    seen = np.flatnonzero(is_seen).astype(np.uint32)
    places = np.zeros(_ALL_COLORS, np.uint8)
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
        source.push(None if sheet is None else _sheet_image(sheet, number))
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


def _sheet_image(sheet: Colors, number: int) -> av.VideoFrame:
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
