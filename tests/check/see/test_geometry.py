"""Boxes, segments and polygons, on examples that one can draw."""

from __future__ import annotations

import numpy as np
import pytest

from pagereel.check.see.geometry import (
    along,
    area,
    common,
    contains,
    distances,
    overlap,
    points_in_boxes,
    thickness,
)

SQUARE = np.array([[[0, 0], [4, 0]], [[4, 0], [4, 4]], [[4, 4], [0, 4]], [[0, 4], [0, 0]]], float)


@pytest.mark.parametrize(
    ("other", "depth"),
    [((2, 1, 9, 9), 2), ((0, 3, 4, 5), 1), ((4, 0, 5, 1), 0), ((7, 0, 9, 4), -3)],
)
def test_overlap_is_the_lesser_of_both_directions(other: tuple[int, ...], depth: float) -> None:
    box = np.array([[0, 0, 4, 4]], float)
    assert overlap(box, np.array([other], float)).tolist() == [[depth]]


def test_thickness_is_the_width_of_a_bar_and_the_radius_of_a_disc() -> None:
    bar = SQUARE * (1000, 1)  # 4000 by 4
    angles = np.linspace(0, 2 * np.pi, 200)
    ring = 3 * np.column_stack([np.cos(angles), np.sin(angles)])
    assert thickness(bar) == pytest.approx(4, rel=0.01)
    assert thickness(np.stack([ring[:-1], ring[1:]], axis=1)) == pytest.approx(3, rel=0.01)


def test_boxes_that_are_apart_share_nothing() -> None:
    one, other = np.array([0, 0, 4, 4], float), np.array([6, 6, 8, 8], float)
    assert area(common(one, other)) == 0
    assert area(common(one, one)) == 16


def test_points_in_boxes_are_in_the_middle_of_what_is_inside() -> None:
    segments = np.array([[[-4, 1], [8, 1]], [[-4, 9], [8, 9]], [[1, 1], [1, 3]]], float)
    points = points_in_boxes(segments, np.array([[0, 0, 4, 4]], float))
    assert points == pytest.approx(np.array([[2, 1], [1, 2]]))


def test_a_hole_is_outside() -> None:
    hole = SQUARE / 2 + 1
    points = np.array([[0.5, 0.5], [2, 2], [5, 2]])
    assert contains(np.concatenate([SQUARE, hole]), points).tolist() == [True, False, False]


def test_a_gap_of_the_error_of_rounding_is_none() -> None:
    gap = SQUARE.copy()
    gap[1, 0] = 4, 2.0000000000000004  # where the curve begins
    gap[0] = gap[3, 1], (4, 0)
    outline = np.concatenate([gap, [[[4, 0], [4, 2]]]])
    assert contains(outline, np.array([[2, 2], [5, 2]])).tolist() == [True, False]


def test_distances_are_those_from_the_nearest_side() -> None:
    points = np.array([[2, 1], [-3, 2], [7, 8]], float)
    assert distances(SQUARE, points).tolist() == [1, 3, 5]


def test_points_along_segments_are_close_and_reach_both_ends() -> None:
    points = along(SQUARE[:1], 1.5)
    assert points[0].tolist() == [0, 0]
    assert points[-1].tolist() == [4, 0]
    assert np.diff(points[:, 0]).max() <= 1.5
