"""The lossless cache: shards of images as they were drawn, for encoders that come later.

A file has a record for each picture: how many images it stands for, how many boxes have changed,
and how many bytes follow; then the boxes; then their pixels, compressed.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from pagereel.files import NewFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedWriter
    from pathlib import Path

    from manim.typing import PixelArray
    from numpy.typing import NDArray

    from pagereel.fast.boxes import Box

_HEAD = struct.Struct("<III")
_BOX = struct.Struct("<4H")
_QUICKLY = 1  # the level of compression; flat colours need no more


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, and the number of images that show it.

    Attributes
    ----------
    pixels
        Shape (height, width, 4), RGBA, opaque. The next picture is drawn over it.
    boxes
        Where it differs from the picture before; the whole picture, if it is a shard's first.
    """

    pixels: NDArray[Any]
    boxes: list[Box]
    repeat: int


class ImageKeeper:
    """Keeps the images of one shard, as `ShardEncoder` encodes them.

    Parameters
    ----------
    path
        The file. It appears when the shard is complete.
    later
        Whether to write nothing until `begin`.
    """

    def __init__(self, path: Path, *, later: bool = False) -> None:
        self._path = path
        self._new: NewFile | None = None
        self._file: BytesIO | BufferedWriter = BytesIO()
        self._repeat, self._count = 0, 0
        self._body = b""
        if not later:
            self.begin()

    def begin(self) -> None:
        """Write into the file from now on, and what was kept."""
        if isinstance(self._file, BytesIO):
            kept = self._file.getvalue()
            self._new = NewFile(self._path)
            with self._new.or_nothing() as partial:
                self._file = partial.open("wb")
                self._file.write(kept)

    def add(self, pixels: PixelArray, boxes: list[Box], repeat: int = 1) -> None:
        """Keep an image; see `ShardEncoder.add`."""
        if boxes:
            self._write()
            parts = [
                np.ascontiguousarray(pixels[top:bottom, left:right, :3], np.uint8).tobytes()
                for left, top, right, bottom in boxes
            ]
            places = b"".join(_BOX.pack(*box) for box in boxes)
            self._body = places + zlib.compress(b"".join(parts), _QUICKLY)
            self._repeat, self._count = 0, len(boxes)
        self._repeat += repeat

    def finish(self) -> None:
        """Complete the file."""
        self.begin()
        self._write()
        self._file.close()
        if self._new is not None:
            self._new.complete()

    def abort(self) -> None:
        """Stop, and leave no file."""
        try:
            self._file.close()
        finally:
            if self._new is not None:
                self._new.discard()

    def _write(self) -> None:
        """Write the last picture, as the number of its images is known now."""
        if self._repeat:
            self._file.write(_HEAD.pack(self._repeat, self._count, len(self._body)) + self._body)


def read_images(path: Path, canvas: NDArray[Any]) -> Iterator[Picture]:
    """Yield the pictures of a shard, each drawn on a canvas, over the one before.

    Parameters
    ----------
    canvas
        Shape (height, width, 4), RGBA, opaque.
    """
    with path.open("rb") as file:
        while head := file.read(_HEAD.size):
            repeat, count, length = _HEAD.unpack(head)
            boxes: list[Box] = [*_BOX.iter_unpack(file.read(count * _BOX.size))]
            _draw(canvas, boxes, zlib.decompress(file.read(length - count * _BOX.size)))
            yield Picture(canvas, boxes, repeat)


def _draw(canvas: NDArray[Any], boxes: list[Box], data: bytes) -> None:
    at = 0
    for left, top, right, bottom in boxes:
        shape = (bottom - top, right - left, 3)
        part = np.frombuffer(data, np.uint8, shape[0] * shape[1] * 3, at)
        canvas[top:bottom, left:right, :3] = part.reshape(shape)
        at += part.size
