"""Tokens fly into slots; hatching is neither a line nor more than its area."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from manim import Camera, Scene, VMobject, linear, tempconfig
from told import MEDIA

from pagereel.check.see.read import read
from pagereel.check.see.things import Names
from pagereel.stage.layout.places import Region
from pagereel.stage.layout.slots import two_row_page
from pagereel.stage.parts.slots.flight import Flight, Token, along, flight_curve, land
from pagereel.stage.parts.slots.hatching import Hatching, Refit, Sweep
from pagereel.stage.parts.slots.look import PageLook, Paint, empty, word
from pagereel.stage.parts.slots.page import SlotPage
from pagereel.stage.parts.source import source_line
from pagereel.stage.theme import DARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from manim import Animation

AREA = Region(-1, 0.5, 1, -0.5)
PAINT = Paint(DARK, {"A": DARK.tasks["green"]})


@pytest.fixture(autouse=True)
def _media() -> Iterator[None]:
    with tempconfig({"media_dir": str(MEDIA)}):
        yield


def area_of(shape: VMobject) -> float:
    """Return the area of polygons, by Green's theorem."""
    (x0, y0, _), (x1, y1, _) = shape.points[::4].T, shape.points[3::4].T
    return float(np.sum(x0 * y1 - x1 * y0) / 2)


def test_a_third_of_an_area_is_hatched_and_nothing_beside_it() -> None:
    hatching = Hatching(AREA, color="#FFFFFF")
    assert area_of(hatching) == pytest.approx(2 / 3, rel=0.03)
    low, high = hatching.points.min(axis=0), hatching.points.max(axis=0)
    assert np.allclose((low, high), [(-1, -0.5, 0), (1, 0.5, 0)], atol=0.02)
    rounded = Hatching(AREA, color="#FFFFFF", radius=0.2)
    assert area_of(rounded) < area_of(hatching)
    assert np.linalg.norm(rounded.points[:, :2], axis=1).max() < np.hypot(1, 0.5) - 0.05


def test_strips_of_an_area_that_grows_stay_where_they_are() -> None:
    small, large = (Hatching(Region(-1, 0.5, right, -0.5), color="#FFFFFF") for right in (0.2, 1))
    of_small = small.points[small.points[:, 0] < 0.19]
    missing = [p for p in of_small if np.abs(large.points - p).sum(axis=1).min() > 0.3]
    whole = {(round(x, 6), round(y, 6)) for x, y, _ in large.points}
    assert not missing
    assert sum((round(x, 6), round(y, 6)) in whole for x, y, _ in of_small) > len(of_small) / 2


@pytest.mark.parametrize("out", [False, True])
def test_hatching_sweeps_from_left_to_right(*, out: bool) -> None:
    hatching = Hatching(AREA, color="#FFFFFF")
    sweep = Sweep(hatching, out=out, rate_func=linear)
    sweep.begin()
    sweep.interpolate(0.25)
    edges = (hatching.area.left, hatching.area.right)
    assert edges == pytest.approx((-0.5, 1) if out else (-1, -0.5))
    sweep.finish()
    assert len(hatching.points) > 0 if not out else len(hatching.points) == 0
    assert (sweep.is_introducer(), sweep.is_remover()) == (not out, out)


def test_a_hatched_area_can_move() -> None:
    hatching, there = Hatching(AREA, color="#FFFFFF"), Region(2, 1, 3, 0)
    move = Refit(hatching, there)
    move.begin()
    move.finish()
    assert hatching.area == there


def test_the_check_takes_hatching_for_no_line() -> None:
    _, (shape,), _ = read(Camera(), [Hatching(AREA, color="#FFFFFF")], Names())
    assert shape.closed
    assert not shape.is_stroked


@pytest.mark.parametrize("level", [False, True])
def test_a_flight_follows_its_curve(*, level: bool) -> None:
    curve = flight_curve((-2, 1), (3, -1), level=level)
    assert np.allclose([along(curve, 0), along(curve, 1)], [(-2, 1, 0), (3, -1, 0)])
    first = along(curve, 0.002) - along(curve, 0)
    assert abs(first[0]) > 4 * abs(first[1]) if level else abs(first[1]) > 4 * abs(first[0])
    token = Token("roof", color="#83C167", theme=DARK, cap=0.2, at=(0, 0))
    flight = Flight(token, curve)
    flight.begin()
    for share in (0.0, 0.5, 1.0):
        flight.interpolate(share)
        assert np.allclose(token.get_center(), along(curve, flight.rate_func(share)))


@pytest.mark.parametrize("fresh", [False, True])
def test_a_token_lands_in_a_slot_and_becomes_its_word(*, fresh: bool) -> None:
    look = PageLook(number="2", holders=("A",), slots=(word("old", "A"), *3 * [empty("A")]))
    page = SlotPage(two_row_page(Region(-1, -1, 1, -3), 4), look, PAINT)
    token = Token("roof", color=PAINT.tasks["A"], theme=DARK, cap=0.2, at=(0, 1))
    moves = land(token, page, 1, word("roof", "A", own=True), fresh=fresh)
    assert page.look.slots[1].says == "roof"
    scene = Scene(skip_animations=True)
    scene.add(*page.mobjects[:-1])
    at(moves, 0)
    assert token.pill.get_fill_opacity() == (0 if fresh else 1)
    at(moves, 0.5)
    assert token.pill.get_fill_opacity() == 1
    assert label_of(page).get_fill_opacity() == 0
    at(moves, 0.99)
    assert np.allclose(token.word.points, label_of(page).points, atol=0.05)
    for move in moves:
        move.finish()
        move.clean_up_from_scene(scene)
    assert label_of(page).get_fill_opacity() == 1
    assert token not in scene.get_mobject_family_members()


def at(moves: list[Animation], alpha: float) -> None:
    for move in moves:
        if alpha == 0:
            move.begin()
        move.interpolate(alpha)


def label_of(page: SlotPage) -> VMobject:
    label = page.cells[1].content
    assert isinstance(label, VMobject)
    return label


def test_a_source_takes_two_lines_where_it_has_to() -> None:
    text = "Kwon et al. 2023, arXiv 2309.06180, Fig. 2"
    assert len(source_line(text, Region(-6, 1, 6, 0), DARK)) == 1
    narrow = source_line(text, Region(-2, 1, 2, 0), DARK)
    assert len(narrow) == 2
    assert narrow.width < 4
