"""Boxes, changes, and pictures for the encoder: what the rest is built from."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagereel.fast.boxes import TILE, Box, cover, hull, whole
from pagereel.fast.draw.canvas import changed_boxes
from pagereel.fast.draw.raster import Raster
from pagereel.fast.encode.yuv import YuvPicture

if TYPE_CHECKING:
    from pagereel.fast.draw.layers import Item

WIDTH, HEIGHT = 214, 120  # no multiples of a tile


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    left, right = sorted(draw(st.tuples(st.integers(0, WIDTH), st.integers(0, WIDTH))))
    top, bottom = sorted(draw(st.tuples(st.integers(0, HEIGHT), st.integers(0, HEIGHT))))
    return left, top, right, bottom


@given(st.lists(boxes(), max_size=6))
def test_tiles_are_covered_once_if_a_box_touches_them(given_boxes: list[Box]) -> None:
    wanted = np.zeros((HEIGHT, WIDTH), int)
    for left, top, right, bottom in given_boxes:
        if left < right and top < bottom:
            across = slice(left // TILE * TILE, -(-right // TILE) * TILE)
            wanted[top // TILE * TILE : -(-bottom // TILE) * TILE, across] = 1
    covered = np.zeros_like(wanted)
    for left, top, right, bottom in cover(given_boxes, WIDTH, HEIGHT):
        assert right <= WIDTH
        assert bottom <= HEIGHT
        covered[top:bottom, left:right] += 1
    assert np.array_equal(covered, wanted)


@pytest.mark.parametrize("apart", [2, 5])
def test_many_places_are_covered_by_fewer_boxes(apart: int) -> None:
    """Each box takes time, so 1,200 tiles that stand apart are not 1,200 boxes."""
    places = [
        (x * apart * TILE, y * apart * TILE, x * apart * TILE + 3, y * apart * TILE + 3)
        for x in range(40)
        for y in range(30)
    ]
    width, height = 40 * apart * TILE - 7, 30 * apart * TILE - 7
    covering = cover(places, width, height)
    assert len(covering) <= 32
    covered = np.zeros((height, width), int)
    for left, top, right, bottom in covering:
        assert left % TILE == top % TILE == 0
        covered[top:bottom, left:right] += 1
    assert covered.max() == 1
    assert all(covered[top:bottom, left:right].all() for left, top, right, bottom in places)


@given(st.lists(boxes(), min_size=1, max_size=6))
def test_what_is_in_a_box_is_in_the_hull(given_boxes: list[Box]) -> None:
    around = hull(given_boxes)
    for box in given_boxes:
        assert hull([around, box]) == around
    for side in range(4):
        assert around[side] in {box[side] for box in given_boxes}


class Named:
    def __init__(self, name: str) -> None:
        self.box = name


a, b, c, d, e = map(Named, "abcde")


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ([a, b, c], [a, b, c], ""),
        ([a, b, c], [a, d, c], "bd"),
        ([a, b], [a, c, b], "c"),
        ([a, b, c], [b, c], "a"),
        ([a, b, c, d], [a, e, b, d], "ce"),
        ([a, b, c, d], [a, c, b, d], "bccb"),
        ([a, b], [a, b, a, b], "ab"),
        ([a, b, a, b], [a, c], "babc"),
        ([], [a], "a"),
    ],
)
def test_what_came_went_or_moved_has_changed(
    before: list[Named], after: list[Named], changed: str
) -> None:
    found = changed_boxes(cast("list[Item]", before), cast("list[Item]", after))
    assert sorted(cast("list[str]", found)) == sorted(changed)


@given(st.lists(boxes(), min_size=1, max_size=4), st.integers(0, 99))
def test_a_patched_picture_is_the_picture_converted_whole(
    given_boxes: list[Box], seed: int
) -> None:
    dice = np.random.default_rng(seed)
    pixels = dice.integers(0, 256, (HEIGHT, WIDTH, 4), np.uint8)
    patched, at_once = YuvPicture(WIDTH, HEIGHT), YuvPicture(WIDTH, HEIGHT)
    assert patched.patch(pixels, whole(WIDTH, HEIGHT))
    assert not patched.patch(pixels, whole(WIDTH, HEIGHT))
    behind = YuvPicture(WIDTH, HEIGHT)
    behind.take(patched, whole(WIDTH, HEIGHT))
    changed = cover(given_boxes, WIDTH, HEIGHT)
    for left, top, right, bottom in changed:
        shape = bottom - top, right - left, 4
        pixels[top:bottom, left:right] = dice.integers(0, 256, shape, np.uint8)
    patched.patch(pixels, changed)
    at_once.patch(pixels, whole(WIDTH, HEIGHT))
    behind.take(patched, changed)
    for one, two, other in zip(patched.planes, behind.planes, at_once.planes, strict=True):
        assert np.array_equal(one, other)
        assert np.array_equal(two, other)


def test_colours_are_those_of_bt709_in_limited_range() -> None:
    picture = YuvPicture(32, 32)
    for color, yuv in {
        (255, 255, 255): (235, 128, 128),
        (0, 0, 0): (16, 128, 128),
        (255, 0, 0): (63, 102, 240),
        (0, 0, 255): (32, 240, 118),
    }.items():
        picture.patch(np.full((32, 32, 4), (*color, 255), np.uint8), whole(32, 32))
        found = [int(plane[5, 5]) for plane in picture.planes]
        assert found == pytest.approx(yuv, abs=1)


def raster(pixels: np.ndarray, left: int = 40, top: int = 21) -> Raster:
    height, width = pixels.shape[:2]
    return Raster(pixels, (left, top, left + width, top + height), opaque=True)


def test_of_an_image_only_the_tiles_are_drawn_again_that_differ() -> None:
    pixels = np.zeros((60, 90, 4), np.uint8)
    other = pixels.copy()
    other[0, 0] = other[50, 77] = 9
    before, after = raster(pixels), raster(other)
    boxes = changed_boxes([before], [after])
    assert sorted(boxes) == [(40, 21, 48, 32), (112, 64, 128, 80)]
    assert changed_boxes([before], [before]) == []
    moved = raster(other, left=41)
    assert changed_boxes([before], [moved]) == [before.box, moved.box]


def test_images_that_change_places_are_drawn_again() -> None:
    one, two = raster(np.zeros((9, 9, 4), np.uint8)), raster(np.ones((9, 9, 4), np.uint8), left=45)
    newer = raster(np.zeros((9, 9, 4), np.uint8))
    assert changed_boxes([one, two], [two, newer]) == [one.box, two.box, two.box, newer.box]
    assert changed_boxes([one, two], [newer, two]) == []
