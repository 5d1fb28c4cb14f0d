"""The pool camera: no frame ever lies upon another one, and all move one way."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pagereel.errors import StageError
from pagereel.stage.brand.field import Cell
from pagereel.stage.layout.arrangement import arrange_foot
from pagereel.stage.layout.cards import CardPlaces
from pagereel.stage.layout.places import Area, Region, picture_size
from pagereel.stage.promo.camera import PoolCamera
from pagereel.stage.promo.close.places import close_boxes
from pagereel.stage.promo.layout import WidePlaces
from pagereel.stage.promo.travelling import TravellingPool

if TYPE_CHECKING:
    from manim import VMobject

SIZES = {"wide": (1920, 1080), "tall": (1080, 1920), "square": (1080, 1080)}
POOLS = (16, 20, 192, 1152)
SHARES = np.linspace(0, 1, 21)
HAIR = 1e-6
FREE, HELD, SHARED = (
    Cell("#101010", "#202020", 1, "#FFFF00"),
    Cell("#0000FF", "#0000AA"),
    Cell("#0000FF", "#0000AA", 3, "#FFFFFF"),
)


def camera(shape: str, frames: int = 192) -> tuple[PoolCamera, Area]:
    area = Area(*picture_size(*SIZES[shape]))
    return PoolCamera(
        area, frames, WidePlaces.of(area, arrange_foot(area)).memory, close_boxes(area)
    ), area


def overlaps(boxes: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> int:
    """Count the pairs of boxes of which one lies upon the other."""
    left, top, right, bottom = boxes.T
    across = np.minimum(right[:, None], right) - np.maximum(left[:, None], left) > HAIR
    down = np.minimum(top[:, None], top) - np.maximum(bottom[:, None], bottom) > HAIR
    return (int((across & down).sum()) - len(boxes)) // 2


@pytest.mark.parametrize("shape", SIZES)
@pytest.mark.parametrize("frames", POOLS)
@pytest.mark.parametrize("parted", [0.0, 0.4, 1.0])
def test_no_frame_lies_upon_another(shape: str, frames: int, parted: float) -> None:
    eye, _ = camera(shape, frames)
    for close in SHARES[:: 1 if frames <= 192 else 5]:
        boxes = eye.at(close=close, parted=parted)
        seen = boxes[eye.seen(close) > 0]
        assert overlaps(seen) == 0, close
        left, top, right, bottom = seen.T
        assert (right > left).all()
        assert (top > bottom).all()


@pytest.mark.parametrize("shape", SIZES)
def test_frames_move_one_way_and_do_not_jump(shape: str) -> None:
    eye, _ = camera(shape)
    for way in ("close", "parted"):
        fine = np.linspace(0, 1, 201)
        boxes = np.array([eye.at(**{way: share}) for share in fine])
        steps = np.diff(boxes, axis=0)
        if way == "parted" or shape != "tall":  # there, the first ones go into two rows at last
            assert ((steps >= -HAIR).all(axis=0) | (steps <= HAIR).all(axis=0)).all()
        eight = boxes[:, :8]
        assert np.abs(np.diff(eight, axis=0)).max() < 0.06 * np.ptp(eight[..., 1::2])
        widths = boxes[:, 0, 2] - boxes[:, 0, 0]
        assert (np.diff(widths) >= -HAIR).all()
        seen = np.array([eye.seen(share) for share in SHARES])
        assert (np.diff(seen, axis=0) <= HAIR).all()


@pytest.mark.parametrize("shape", SIZES)
def test_at_last_the_first_eight_fill_their_places_alone(shape: str) -> None:
    eye, area = camera(shape)
    places = [(box.left, box.top, box.right, box.bottom) for box in close_boxes(area)]
    assert eye.at(close=1)[:8] == pytest.approx(np.array(places))
    assert eye.at(close=1, parted=1)[:8] == pytest.approx(np.array(places))
    assert eye.seen(1).tolist() == [1.0] * 8 + [0.0] * 184
    assert eye.seen(0).tolist() == [1.0] * 192


@pytest.mark.parametrize("shape", SIZES)
def test_at_first_all_are_in_the_picture_and_part_for_the_card(shape: str) -> None:
    eye, area = camera(shape)
    memory = WidePlaces.of(area, arrange_foot(area)).memory
    left, top, right, bottom = eye.at().T
    ends = left.min(), top.max(), right.max(), bottom.min()
    assert ends == pytest.approx((memory.left, memory.top, memory.right, memory.bottom))
    places = CardPlaces.of(area, eye.upper, 192 - eye.upper)
    card = [(box.left, box.top, box.right, box.bottom) for box in (*places.upper, *places.lower)]
    assert eye.at(parted=1) == pytest.approx(np.array(card))


@pytest.mark.parametrize("shape", SIZES)
def test_one_pool_becomes_two(shape: str) -> None:
    eye, area = camera(shape)
    regions = (
        Region(area.left, 2, -0.2, -2),
        Region(0.2, 2, area.right, -2),
    )
    for share in SHARES:
        for region in regions:
            assert overlaps(eye.divided(region, share)) == 0
    assert eye.divided(regions[0], 0) == pytest.approx(eye.divided(regions[1], 0))
    both = np.concatenate([eye.divided(region, 1) for region in regions])
    assert overlaps(both) == 0


def test_a_row_is_too_short_for_what_is_explained() -> None:
    area = Area(*picture_size(*SIZES["wide"]))
    with pytest.raises(StageError, match="a row of the pool has 5 frames, and the promo explains"):
        PoolCamera(area, 10, WidePlaces.of(area, arrange_foot(area)).memory, close_boxes(area))


def test_a_pool_is_too_large_to_be_seen() -> None:
    with pytest.raises(StageError, match="a pool of 1,153 frames; a promo shows at most 1,152"):
        camera("wide", 1153)


def test_the_pool_shows_its_cells_where_the_camera_says() -> None:
    eye, _ = camera("wide")
    cells = [HELD, SHARED, *[FREE] * 190]
    pool = TravellingPool(eye, cells, "#000000")
    assert pool.shown == (*cells,)
    assert len(pool.submobjects) == 5  # three looks, two of them with dots
    move = pool.travel(close=1, parted=1)
    move.begin()
    xs = []
    for share in SHARES[::5]:
        move.interpolate(share)
        boxes = [each for each in pool.submobjects if len(each.points)]
        assert min(each.get_left()[0] for each in boxes) >= pool.boxes[:, 0].min() - HAIR
        xs.append(pool.boxes[7, 2] - pool.boxes[7, 0])
    assert all(a <= b + HAIR for a, b in pairwise(xs))
    assert (pool.close, pool.parted) == (1, 1)
    assert pool.boxes == pytest.approx(eye.at(close=1, parted=1))


def test_frames_out_of_sight_are_not_drawn_though_they_change() -> None:
    eye, _ = camera("wide")
    pool = TravellingPool(eye, [HELD] * 192, "#000000")
    moves = [pool.travel(close=1, span=(0.2, 1.0)), pool.change([SHARED] * 192)]
    for move in moves:
        move.begin()
        move.interpolate(1)
    boxes, dots = (sum(len(each.points) for each in part) for part in _halved(pool))
    assert boxes == 8 * 32
    assert dots == 8 * 3 * 32


def _halved(pool: TravellingPool) -> tuple[list[VMobject], list[VMobject]]:
    """Return the boxes of a pool whose frames all have dots, and these."""
    half = len(pool.submobjects) // 2
    return pool.submobjects[:half], pool.submobjects[half:]


def test_frames_change_one_wave_after_another() -> None:
    eye, _ = camera("square")
    pool = TravellingPool(eye, [FREE] * 192, "#000000")
    after = [HELD] * 100 + [FREE] * 92
    change = pool.change(after, [0] * 50 + [1] * 142, [(0.0, 0.5), (0.5, 1.0)])
    change.begin()
    change.interpolate(0.5)
    fills = {mobject.get_fill_color().to_hex() for mobject in pool.submobjects}
    assert {HELD.fill, FREE.fill} <= fills  # the first wave is there, the second has not begun
    assert pool.shown == (FREE,) * 192
    change.interpolate(1)
    assert pool.shown == (*after,)
    pool.look([SHARED] * 192)
    assert len(pool.submobjects) == 2
    dots = pool.submobjects[1]
    assert len(dots.points) == 192 * 3 * 32


def test_frames_rise_above_a_floor() -> None:
    eye, _ = camera("wide")
    pool = TravellingPool(eye, [FREE] * 192, "#000000")
    pool.floor = 0.0
    drawn = []
    for close in (0.0, 0.3, 0.5, 1.0):
        pool.stand(close=close)
        points = np.concatenate([each.points for each in pool.submobjects if len(each.points)])
        assert points[:, 1].min() >= pool.floor - HAIR
        drawn.append(sum(len(each.points) for each in pool.submobjects))
    pool.floor = -np.inf
    pool.stand()
    assert drawn[0] < sum(len(each.points) for each in pool.submobjects)
    assert drawn[0] > drawn[-1] > 0
