"""GIFs, read back with another library than they are written with."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageSequence

from pagereel.render.gif import GifImages

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

WIDTH, HEIGHT = 96, 54
DARK, LIGHT, BLUE, ORANGE = (15, 18, 24), (251, 251, 249), (88, 196, 221), (255, 134, 47)

Color = tuple[int, int, int]


def picture(background: Color, *boxes: tuple[int, Color]) -> NDArray[np.uint8]:
    """Return an image with boxes of 10 x 10 pixels, each at some distance from the left."""
    pixels = np.empty((HEIGHT, WIDTH, 4), np.uint8)
    pixels[:] = (*background, 255)
    for left, color in boxes:
        pixels[20:30, left : left + 10, :3] = color
    return pixels


def played(path: Path) -> list[tuple[NDArray[np.uint8], int]]:
    """Read a GIF: its images and for how many milliseconds each stands."""
    with Image.open(path) as gif:
        return [
            (np.asarray(image.convert("RGB")), image.info["duration"])
            for image in ImageSequence.Iterator(gif)
        ]


def write(path: Path, fps: int, *images: tuple[NDArray[np.uint8], int]) -> Path:
    gif = GifImages(fps)
    for pixels, repeat in images:
        gif.add(pixels, repeat)
    gif.write(path)
    return path


MOVING = [picture(DARK, (left, BLUE)) for left in range(0, 80, 10)]


@pytest.mark.parametrize("fps", [10, 20, 25, 50])
@pytest.mark.parametrize(
    "repeats",
    [(1,), (7,), (1, 1, 1), (1, 30, 1), (5, 1, 40), (1, 1, 400)],
    ids=lambda repeats: "+".join(map(str, repeats)),
)
def test_it_is_as_long_as_its_images(tmp_path: Path, fps: int, repeats: tuple[int, ...]) -> None:
    images = [*zip(MOVING, repeats, strict=False)]
    found = played(write(tmp_path / "a.gif", fps, *images))
    assert [milliseconds for _, milliseconds in found] == [
        repeat * 1000 // fps for repeat in repeats
    ]


def test_it_shows_what_was_added(tmp_path: Path) -> None:
    found = played(write(tmp_path / "a.gif", 20, *((image, 1) for image in MOVING)))
    assert len(found) == len(MOVING)
    for (pixels, _), image in zip(found, MOVING, strict=True):
        assert pixels.shape == (HEIGHT, WIDTH, 3)
        assert np.abs(pixels.astype(int) - image[..., :3]).max() <= 2
    assert all((one != other).any() for (one, _), (other, _) in pairwise(found))


@pytest.mark.parametrize("background", [DARK, LIGHT])
def test_flat_colors_stay(tmp_path: Path, background: Color) -> None:
    """Many other colours want a place in the palette, and most of the picture never moves."""
    noise = np.random.default_rng(1).integers(0, 256, (20, WIDTH, 3))
    images = [picture(background, (left, BLUE), (80 - left, ORANGE)) for left in range(0, 30, 5)]
    for image in images:
        image[:20, :, :3] = noise
    found = played(write(tmp_path / "a.gif", 20, *((image, 1) for image in images)))
    for (pixels, _), image in zip(found, images, strict=True):
        assert np.abs(pixels[20:].astype(int) - image[20:, :, :3]).max() <= 6


def test_it_never_ends(tmp_path: Path) -> None:
    with Image.open(write(tmp_path / "a.gif", 20, (MOVING[0], 1), (MOVING[1], 1))) as gif:
        assert gif.info["loop"] == 0


def test_opacity_is_ignored(tmp_path: Path) -> None:
    clear = [image.copy() for image in MOVING]
    for image in clear:
        image[..., 3] = 0
    one = write(tmp_path / "a.gif", 20, *((image, 2) for image in MOVING))
    other = write(tmp_path / "b.gif", 20, *((image, 2) for image in clear))
    assert one.read_bytes() == other.read_bytes()


def test_an_image_may_be_drawn_over_after_it_was_added(tmp_path: Path) -> None:
    """manim's camera draws all images into the same memory."""
    gif, canvas = GifImages(20), picture(DARK)
    for image in MOVING:
        canvas[:] = image
        gif.add(canvas)
    gif.write(tmp_path / "a.gif")
    expected = write(tmp_path / "b.gif", 20, *((image, 1) for image in MOVING))
    assert (tmp_path / "a.gif").read_bytes() == expected.read_bytes()


def test_its_name_may_end_as_it_likes(tmp_path: Path) -> None:
    assert played(write(tmp_path / "a.gif.partial", 20, (MOVING[0], 3)))[0][1] == 150
