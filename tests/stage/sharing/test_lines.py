"""The lines of a map end at pages, cross none, and keep apart."""

from __future__ import annotations

from functools import reduce
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import pytest

from pagereel.assets import STORIES
from pagereel.stage.layout.frames import PoolNeed
from pagereel.stage.layout.page_map import Cell, MapPlaces, map_need, route
from pagereel.stage.layout.places import Area, Point, Region, picture_size, px
from pagereel.stage.layout.pool_over_map import pool_over_map
from pagereel.stage.part import Extent
from pagereel.stage.parts.sharing.path import Draw, TaskPath, grown
from pagereel.stage.parts.sharing.state import MapState, MapStory, parts_of
from pagereel.story import load_story

if TYPE_CHECKING:
    from collections.abc import Iterator

SHAPES = [(1920, 1080), (1080, 1920), (1080, 1080)]
HAIR = 1e-6


@pytest.fixture(scope="module")
def told() -> Extent:
    return Extent.of(load_story(STORIES / "prefix_sharing.toml"))


def places(shape: tuple[int, int]) -> MapPlaces:
    needs = {"pool": PoolNeed(frames=12), "map": map_need(4, 5)}
    found: Any = pool_over_map(Area(*picture_size(*shape)), needs)["map"]
    assert isinstance(found, MapPlaces)
    return found


def states(told: Extent) -> Iterator[tuple[MapStory, MapState]]:
    """Yield all that a map ever shows, page by page."""
    story = MapStory(told)
    state = story.first
    for step in told.steps:
        for part in parts_of(step, singly=True):
            yield story, story.after(state, part)
        state = story.after(state, step)


def segments(
    told: Extent, shape: tuple[int, int]
) -> Iterator[dict[str, list[tuple[Point, Point]]]]:
    """Yield, state by state, the straight pieces of each task's line."""
    for story, state in states(told):
        ways = story.ways(state)
        routes = route(places(shape), [*ways.values()], story.track)
        yield {
            task: [piece for leg in legs for piece in pairwise(leg)]
            for task, legs in zip(ways, routes, strict=True)
        }


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_lines_cross_no_page_and_no_badge(told: Extent, shape: tuple[int, int]) -> None:
    where = places(shape)
    boxes = [where.page(Cell(row, page)) for row in range(4) for page in range(5)]
    for lines in segments(told, shape):
        for (x0, y0), (x1, y1) in (piece for line in lines.values() for piece in line):
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            for box in boxes:
                assert not _inside(box, min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1))
            for row in range(4):
                bx, by = where.badge_at(row)
                assert (x - bx) ** 2 + (y - by) ** 2 > (where.badge / 2) ** 2 - HAIR


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_straight_line_begins_where_its_badge_is_not_yet_steep(
    told: Extent, shape: tuple[int, int]
) -> None:
    """So that no corner of its end is seen beside the badge."""
    where = places(shape)
    across = 0 if where.turned else 1
    for lines in segments(told, shape):
        for task in lines.keys() & {"A"}:
            aside = lines[task][0][0][across] - where.badge_at(0)[across]
            assert abs(aside) <= 0.7 * where.badge / 2 + HAIR


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_lines_keep_apart_and_do_not_cross(told: Extent, shape: tuple[int, int]) -> None:
    for lines in segments(told, shape):
        for one, other in combinations(lines.values(), 2):
            for a in one:
                for b in other:
                    assert _apart(a, b) >= px(11)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_line_ends_at_the_edge_of_its_last_page(told: Extent, shape: tuple[int, int]) -> None:
    where = places(shape)
    for (story, state), lines in zip(states(told), segments(told, shape), strict=True):
        for task, table in state.tables.items():
            box = where.page(state.homes[table[-1]])
            x, y = lines[task][-1][1]
            on_edge = y == pytest.approx(box.top) if where.turned else x == pytest.approx(box.left)
            assert on_edge
            assert box.left - HAIR <= x <= box.right + HAIR
            assert box.bottom - HAIR <= y <= box.top + HAIR
            assert len(lines[task]) >= len(table)
            assert story.rows[task] in range(4)


def test_a_line_grows_from_where_it_ends_and_draws_back_to_its_start(told: Extent) -> None:
    *_, (story, state) = (each for each in states(told) if len(each[1].tables) == 3)
    legs = route(places(SHAPES[0]), [*story.ways(state).values()], story.track)[1]
    path = TaskPath("#FFFFFF")
    for count in range(1, len(legs) + 1):
        growth = grown(path, legs[:count])
        growth.begin()
        if count > 1:  # all that was there stays
            assert tuple(path.line.points[-1][:2]) == pytest.approx(legs[count - 2][-1])
        growth.finish()
        assert tuple(path.line.points[-1][:2]) == pytest.approx(legs[count - 1][-1])
    back = Draw(path, legs, (1, 0))
    back.begin()
    back.interpolate(0.5)
    assert 0 < len(path.line.points) < sum(4 * 30 for _ in legs)
    back.finish()
    assert not len(path.line.points)
    assert back.is_remover()


def test_an_arrival_is_cut_into_its_pages(told: Extent) -> None:
    arrival = next(step for step in told.steps if step.event.label == "arrive D")
    tables = [part.after.tables["D"] for part in parts_of(arrival, singly=True)]
    assert tables == [(0,), (0, 1), (0, 1, 7)]
    first, *_, last = parts_of(arrival, singly=True)
    assert 1 in first.after.cached  # it is not free before it is found
    assert last == arrival
    expansion = next(step for step in told.steps if step.event.label == "expand A")
    assert [*parts_of(expansion, singly=True)] == [expansion]
    assert [*parts_of(arrival, singly=False)] == [arrival]
    assert not [*parts_of(told.steps[0], singly=False)]  # it is only queued


def test_words_are_as_many_as_tokens_and_alike_where_pages_are_shared(told: Extent) -> None:
    story = MapStory(told)
    assert {task: len(words) for task, words in told.words.items()} == story.prompts
    state = reduce(story.after, told.steps, story.first)
    assert story.track == {Cell(0, 0), Cell(0, 1)}
    assert [cell.page for cell in state.found] == [0, 1] * 3
    for one, other in combinations(told.words.values(), 2):
        alike = [a == b for a, b in zip(one, other, strict=False)]
        assert alike.index(False) // 4 == len(story.track)


def _inside(box: Region, left: float, right: float, low: float, high: float) -> bool:
    hair = px(1)
    across = left < box.right - hair and right > box.left + hair
    return across and low < box.top - hair and high > box.bottom + hair


def _apart(one: tuple[Point, Point], other: tuple[Point, Point]) -> float:
    """Return how far two level or upright pieces are apart; 0 if they cross."""
    gaps = []
    for axis in (0, 1):
        (a0, a1), (b0, b1) = (sorted(end[axis] for end in piece) for piece in (one, other))
        gaps.append(max(a0 - b1, b0 - a1, 0))
    return float((gaps[0] ** 2 + gaps[1] ** 2) ** 0.5)
