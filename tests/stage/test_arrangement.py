"""Regions are cut by weights, never below what a part needs; and what does not fit is said."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from pagereel.errors import StageError
from pagereel.stage.layout.arrangement import Arrangement, columns, framed, rows, share_out
from pagereel.stage.layout.places import Area, Need, Region, picture_size, px

PICTURE = Region(-6, 3, 6, -3)
ANY = {name: Need() for name in "abc"}
SHAPES = [(1920, 1080), (1080, 1920), (1080, 1080)]


def test_columns_and_rows() -> None:
    cut = columns("a", rows("b", "c"), weights=(1, 2))
    found = cut.divide(PICTURE, ANY)
    gap = px(36)
    assert found["a"].width == pytest.approx((12 - gap) / 3)
    assert found["b"].left - found["a"].right == pytest.approx(gap)
    assert found["b"].height == pytest.approx((6 - gap) / 2)
    assert found["b"].bottom - found["c"].top == pytest.approx(gap)
    assert (found["a"].top, found["c"].bottom, found["c"].right) == pytest.approx((3, -3, 6))


def test_no_part_gets_less_than_it_needs_or_more_than_it_can_use() -> None:
    needs = {"a": Need(least=(5, 1)), "b": Need(best=(2, 9)), "c": Need()}
    found = columns("a", "b", "c", weights=(1, 8, 1)).divide(PICTURE, needs)
    assert found["a"].width == pytest.approx(5)
    assert found["b"].width == pytest.approx(2)


@example(10.0, [(1, 0, 2)] * 4 + [(0.25, 1, 2)])
@given(
    some.floats(10, 100),
    some.lists(
        some.tuples(some.floats(0.1, 5), some.floats(0, 2), some.floats(2, 40)),
        min_size=1,
        max_size=5,
    ),
)
def test_lengths_are_shared_out(room: float, items: list[tuple[float, float, float]]) -> None:
    weights, least, best = zip(*items, strict=True)
    sizes = share_out(room, weights, least, best)
    if sum(least) <= room:
        assert sum(sizes) == pytest.approx(room)
    for size, low, high in zip(sizes, least, best, strict=True):
        assert low - 1e-9 <= size
        assert size <= high + 1e-9 or sum(best) < room


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_framed_picture_overlaps_nowhere(shape: tuple[int, int]) -> None:
    arrange = Arrangement(wide=framed(columns("a", "b")), tall=framed(rows("a", "b")))
    area = Area(*picture_size(*shape))
    found = arrange(area, ANY)
    assert (found["a"].top == found["b"].top) == area.wide
    assert found["title"].bottom > found["a"].top
    for part in (found["a"], found["b"]):
        assert part.bottom > found["caption"].top
        assert part.height > 0 < part.width


def test_what_does_not_fit_is_said() -> None:
    arrange = Arrangement(framed(rows("a", "b")))
    needs = {"a": Need((1, 6), drops=("labels",)), "b": Need((1, 6))}
    with pytest.raises(StageError, match=r"need 135 x 1656 pixels even without labels; a picture"):
        arrange(Area(*picture_size(1920, 1080)), needs)
