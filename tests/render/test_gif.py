"""GIFs, read back with another library than they are written with."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from drawing import BLUE, DARK, HEIGHT, LIGHT, MOVING, ORANGE, WIDTH, Color, draw, picture
from PIL import Image, ImageSequence

from pagereel.render.formats.gif import write_gif

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


TWICE = picture(DARK, (0, BLUE))


def played(path: Path) -> list[tuple[NDArray[np.uint8], int]]:
    """Read a GIF: its images and for how many milliseconds each stands."""
    with Image.open(path) as gif:
        return [
            (np.asarray(image.convert("RGB")), image.info["duration"])
            for image in ImageSequence.Iterator(gif)
        ]


def write(path: Path, fps: float, *images: tuple[NDArray[np.uint8], int]) -> Path:
    """Write a GIF of images in two shards."""
    half = len(images) // 2
    shards = [shard for shard in (images[:half], images[half:]) if shard]
    write_gif(draw(path.with_suffix(""), fps, *shards), path)
    return path


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


def test_what_hardly_changes_is_drawn_when_it_rests(tmp_path: Path) -> None:
    """A box fades in by small steps while another moves; then that one moves on alone."""
    shades = [(15 + 9 * step, 18, 24) for step in range(6)]
    images = [picture(DARK, (0, shade), (30 + 5 * at, BLUE)) for at, shade in enumerate(shades)]
    images += [picture(DARK, (0, shades[-1]), (60 + at, BLUE)) for at in range(3)]
    found = played(write(tmp_path / "a.gif", 20, *((image, 1) for image in images)))
    reds = [int(pixels[25, 5, 0]) for pixels, _ in found]
    assert len({*reds[:6]}) < 6, "some steps are passed over"
    assert max(abs(red - shade[0]) for red, shade in zip(reds, shades, strict=False)) <= 26
    assert all(abs(red - shades[-1][0]) <= 2 for red in reds[6:]), "once it rests, it is right"


def test_it_never_ends(tmp_path: Path) -> None:
    with Image.open(write(tmp_path / "a.gif", 20, (MOVING[0], 1), (MOVING[1], 1))) as gif:
        assert gif.info["loop"] == 0


def test_what_it_has_no_time_for_is_left_out(tmp_path: Path) -> None:
    """Of 15 images a second it shows 10: each third one is passed over."""
    found = played(write(tmp_path / "a.gif", 15, *((image, 1) for image in MOVING[:6])))
    assert [milliseconds for _, milliseconds in found] == [100] * 4
    for (pixels, _), number in zip(found, (0, 1, 3, 4), strict=True):
        assert np.abs(pixels.astype(int) - MOVING[number][..., :3]).max() <= 2


def test_what_changes_while_it_is_left_out_is_shown_later(tmp_path: Path) -> None:
    """The third image is passed over, and nothing else touches what it changes."""
    kept = [
        picture(DARK, (0, BLUE)),
        picture(DARK, (0, BLUE)),
        picture(DARK, (0, BLUE), (80, BLUE)),
    ]
    images = [*kept, picture(DARK, (0, ORANGE), (80, BLUE))]
    found = played(write(tmp_path / "a.gif", 15, *((image, 1) for image in images)))
    assert np.abs(found[-1][0].astype(int) - images[-1][..., :3]).max() <= 2


def test_an_image_that_comes_twice_is_one_that_stands(tmp_path: Path) -> None:
    found = played(write(tmp_path / "a.gif", 10, (TWICE, 1), (TWICE, 2), (TWICE, 3), (TWICE, 4)))
    assert sum(milliseconds for _, milliseconds in found) == 1000


def test_more_colors_than_fit_on_a_sheet(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH, 3))
    images = [picture(DARK) for _ in range(6)]
    for image in images:
        image[..., :3] = np.roll(noise, len(images), axis=0)
        noise = noise * 3 % 256
    assert len(played(write(tmp_path / "a.gif", 20, *((image, 1) for image in images)))) == 6


def test_an_empty_picture(tmp_path: Path) -> None:
    ((pixels, milliseconds),) = played(write(tmp_path / "a.gif", 20, (picture(DARK), 7)))
    assert (milliseconds, np.abs(pixels.astype(int) - DARK).max()) == (350, 0)
