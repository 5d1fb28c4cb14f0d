"""Pictures as a scene would have left them for encoders."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from pagereel.fast import Drawn, cover
from pagereel.fast.encode.lossless import ImageKeeper

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

Color = tuple[int, int, int]

WIDTH, HEIGHT = 96, 54
DARK, LIGHT, BLUE, ORANGE = (15, 18, 24), (251, 251, 249), (88, 196, 221), (255, 134, 47)


def picture(background: Color, *boxes: tuple[int, Color]) -> NDArray[np.uint8]:
    """Return an image with boxes of 10 x 10 pixels, each at some distance from the left."""
    pixels = np.empty((HEIGHT, WIDTH, 4), np.uint8)
    pixels[:] = (*background, 255)
    for left, color in boxes:
        pixels[20:30, left : left + 10, :3] = color
    return pixels


MOVING = [picture(DARK, (left, BLUE)) for left in range(0, 80, 10)]


def draw(
    folder: Path, fps: float, *shards: Sequence[tuple[NDArray[Any], int]], **more: Any
) -> Drawn:
    """Keep pictures, each with how many images it stands for, in shards."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, shard in enumerate(shards):
        paths.append(folder / f"{number:05}.images")
        keeper = ImageKeeper(paths[-1])
        before: NDArray[Any] | None = None
        for pixels, repeat in shard:
            keeper.add(pixels, cover(_changed(before, pixels), WIDTH, HEIGHT), repeat)
            before = pixels
        keeper.finish()
    return Drawn(
        stem="Scene",
        width=WIDTH,
        height=HEIGHT,
        rate=Fraction(fps),
        shards=tuple(paths),
        images=sum(repeat for shard in shards for _, repeat in shard),
        **more,
    )


def _changed(before: NDArray[Any] | None, after: NDArray[Any]) -> list[tuple[int, int, int, int]]:
    if before is None:
        return [(0, 0, WIDTH, HEIGHT)]
    rows, columns = np.nonzero((before != after).any(axis=2))
    return [
        (int(column), int(row), int(column) + 1, int(row) + 1)
        for row, column in zip(rows, columns, strict=True)
    ]
