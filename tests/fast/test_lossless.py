"""Images come out of the lossless cache as they were put in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from drawing import BLUE, DARK, HEIGHT, LIGHT, WIDTH, picture

from pagereel.fast.encode.lossless import ImageKeeper, read_images

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = [(0, 0, WIDTH, HEIGHT)]
FIRST: Any = picture(DARK, (0, BLUE))
SECOND: Any = picture(DARK, (0, BLUE), (40, LIGHT))


def keep(path: Path) -> ImageKeeper:
    keeper = ImageKeeper(path)
    keeper.add(FIRST, WHOLE, 2)
    keeper.add(FIRST, [], 3)
    keeper.add(SECOND, [(32, 16, 64, 32), (32, 32, 64, HEIGHT)])
    return keeper


def test_pictures_are_kept_with_their_repeats(tmp_path: Path) -> None:
    path = tmp_path / "a.images"
    keep(path).finish()
    canvas = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
    pictures = [(each.pixels.copy(), each.boxes, each.repeat) for each in read_images(path, canvas)]
    assert [repeat for *_, repeat in pictures] == [5, 1]
    assert [len(boxes) for _, boxes, _ in pictures] == [1, 2]
    assert np.array_equal(pictures[0][0], FIRST)
    assert np.array_equal(pictures[1][0], SECOND)


def test_a_file_is_there_only_when_it_is_complete(tmp_path: Path) -> None:
    keeper = keep(tmp_path / "a.images")
    assert not (tmp_path / "a.images").exists()
    keeper.abort()
    assert list(tmp_path.iterdir()) == []
