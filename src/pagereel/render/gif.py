"""GIFs from images, with FFmpeg's palette filters through PyAV.

Images are kept compressed in memory, because the palette has to have seen them all before the
first can be written. An image that stands is stored once, with its length.
"""

from __future__ import annotations

import zlib
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, cast

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

# Flat colours and antialiased edges need no more; dithering would crawl and not compress.
_PALETTE = "max_colors=128:stats_mode=diff"
_USE = "dither=none:diff_mode=rectangle"


class GifImages:
    """Images of a GIF to come.

    Parameters
    ----------
    fps
        Images a second; a divisor of 100.
    """

    def __init__(self, fps: int) -> None:
        self._time_base = Fraction(1, fps)
        self._stored: list[tuple[bytes, tuple[int, ...], int]] = []

    def add(self, pixels: NDArray[np.integer], repeat: int = 1) -> None:
        """Add an image.

        Parameters
        ----------
        pixels
            Shape (height, width, 4), RGBA, opaque.
        repeat
            For how many images it stands.
        """
        rgb = np.ascontiguousarray(pixels[:, :, :3])
        self._stored.append((zlib.compress(rgb.tobytes(), 1), rgb.shape, repeat))

    def write(self, path: Path) -> None:
        """Write the GIF, which plays in an endless loop."""
        height, width, _ = self._stored[0][1]
        palette = self._palette(width, height)
        last = self._stored[-1][2] * 100 // self._time_base.denominator
        options = {"final_delay": str(last)}
        with av.open(str(path), "w", format="gif", container_options=options) as container:
            stream = container.add_stream("gif", rate=self._time_base.denominator)
            stream.width, stream.height, stream.pix_fmt = width, height, "pal8"
            for image in self._mapped(width, height, palette):
                container.mux(stream.encode(image))
            container.mux(stream.encode())

    def _images(self) -> Iterator[av.VideoFrame]:
        at = 0
        for data, shape, repeat in self._stored:
            pixels = np.frombuffer(zlib.decompress(data), np.uint8).reshape(shape)
            image = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            image.pts, image.time_base = at, self._time_base
            at += repeat
            yield image

    def _palette(self, width: int, height: int) -> av.VideoFrame:
        graph = av.filter.Graph()
        source = self._source(graph, width, height, "rgb24")
        palettegen, sink = graph.add("palettegen", _PALETTE), graph.add("buffersink")
        source.link_to(palettegen)
        palettegen.link_to(sink)
        graph.configure()
        for image in self._images():
            source.push(image)
        source.push(None)
        palette = cast("av.VideoFrame", sink.pull())
        palette.pts, palette.time_base = 0, self._time_base
        return palette

    def _mapped(self, width: int, height: int, palette: av.VideoFrame) -> Iterator[av.VideoFrame]:
        graph = av.filter.Graph()
        source = self._source(graph, width, height, "rgb24")
        colors = self._source(graph, palette.width, palette.height, palette.format.name)
        paletteuse, sink = graph.add("paletteuse", _USE), graph.add("buffersink")
        source.link_to(paletteuse, 0, 0)
        colors.link_to(paletteuse, 0, 1)
        paletteuse.link_to(sink)
        graph.configure()
        colors.push(palette)
        colors.push(None)
        for image in chain(self._images(), [None]):
            source.push(image)
            yield from _ready(sink)

    def _source(
        self, graph: av.filter.Graph, width: int, height: int, pixels: str
    ) -> av.filter.context.FilterContext:
        return graph.add_buffer(
            width=width,
            height=height,
            format=av.VideoFormat(pixels),
            time_base=self._time_base,
        )


def _ready(sink: av.filter.context.FilterContext) -> Iterator[av.VideoFrame]:
    """Yield the images that a filter graph has finished."""
    while True:
        try:
            yield cast("av.VideoFrame", sink.pull())
        except (av.error.BlockingIOError, av.error.EOFError):
            return
