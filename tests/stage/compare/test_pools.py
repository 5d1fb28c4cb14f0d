"""What is hatched of held frames is what has no token, where one run has much more of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from manim import tempconfig
from told import MEDIA, scene_class

from pagereel.assets import TRACES
from pagereel.compare.comparison import compare_traces
from pagereel.compare.race import plan_race
from pagereel.stage.compare.board import RaceBoard
from pagereel.stage.compare.pools import Pools
from pagereel.stage.film.grid import LEVELS, filled
from pagereel.stage.layout.arrangement import Arrangement
from pagereel.stage.layout.places import Area, Region, picture_size, px
from pagereel.stage.layout.proof import proof
from pagereel.stage.layout.race import level, race
from pagereel.stage.layout.race_places import PoolsNeed, RaceNeed, ScalesNeed
from pagereel.stage.part import Parts, Stage
from pagereel.stage.theme import DARK

if TYPE_CHECKING:
    from pagereel.stage.layout.places import Need
    from pagereel.stage.layout.race_places import Pair, StripsPlace

SIZE = (960, 540)

# manim's ImageMobject makes images in a way that Pillow will give up.
pytestmark = pytest.mark.filterwarnings(
    "ignore:'mode' parameter for changing data types:DeprecationWarning"
)


@pytest.mark.parametrize(
    ("first", "hatched"),
    [
        ("reserved_rows_192.jsonl", True),
        pytest.param("prefix_off_192.jsonl", False, marks=pytest.mark.slow),
    ],
)
def test_empty_slots_are_hatched(first: str, *, hatched: bool) -> None:
    comparison = compare_traces((TRACES / first, TRACES / "pages_192.jsonl"))
    told = plan_race(comparison, 20, lambda _: 3.0)
    width, height = picture_size(*SIZE)
    settings: dict[str, Any] = {"pixel_width": SIZE[0], "pixel_height": SIZE[1]}
    settings |= {"frame_width": width, "frame_height": height, "media_dir": str(MEDIA)}
    with tempconfig(settings):
        parts: Parts = scene_class("Compare").parts
        stage = Stage(parts, told, size=(width, height), theme=DARK, arrangement=Arrangement(race))
        board = RaceBoard(told, stage)
        for moment in (20, 67, 150):
            board.go_on([moment])
            for run, pool in zip(told.runs, stage.part(Pools).pools, strict=True):
                slots, size = run.fill(moment), run.page_size
                assert slots is not None
                assert size
                held = run.owners(moment) >= 0
                empty = np.ceil((size - slots) * LEVELS / size) * held
                assert pool.picture.empty == (empty if hatched else 0 * empty).tolist()
        assert (np.array(stage.part(Pools).pools[0].picture.empty).any()) == hatched


@pytest.mark.parametrize("size", [(960, 540), (540, 540), (540, 960)], ids=str)
def test_names_stand_whole_beside_what_is_held(size: tuple[int, int]) -> None:
    comparison = compare_traces((TRACES / "reserved_rows_192.jsonl", TRACES / "pages_192.jsonl"))
    told = plan_race(comparison, 20, lambda _: 3.0)
    width, height = picture_size(*size)
    settings: dict[str, Any] = {"pixel_width": size[0], "pixel_height": size[1]}
    settings |= {"frame_width": width, "frame_height": height, "media_dir": str(MEDIA)}
    with tempconfig(settings):
        parts: Parts = scene_class("Compare").parts
        stage = Stage(parts, told, size=(width, height), theme=DARK, arrangement=Arrangement(race))
        for run, pool in zip(told.runs, stage.part(Pools).pools, strict=True):
            pool.count.say("0" * len(f"{run.frames:,}"))
            assert pool.name.text == run.name
            assert pool.name.get_right()[0] < pool.count.get_left()[0]


@pytest.mark.parametrize("size", [(1080, 1080), (540, 960)])
@pytest.mark.parametrize("frames", [(100, 1600), (16384, 4096), (192, 192)])
def test_pools_fill_equal_areas(frames: tuple[int, int], size: tuple[int, int]) -> None:
    settings = {"pixel_width": size[0], "pixel_height": size[1]}
    with tempconfig(settings):
        width, height = picture_size(*size)
        region = Region(0, 0, 0.4 * width, -0.35 * height)
        first, second = (partial(filled, frames=count) for count in frames)
        regions = level((region, region), (first, second))
        areas = [
            fill(each).width * fill(each).height
            for fill, each in zip((first, second), regions, strict=True)
        ]
        assert max(areas) <= 1.05 * min(areas)
        assert region in regions
        assert all(each.width <= region.width for each in regions)
        assert all(each.height <= region.height for each in regions)


@pytest.mark.parametrize("size", [(960, 540), (540, 540), (540, 960)], ids=str)
@pytest.mark.parametrize("frames", [(192, 192), (100, 1600)], ids=str)
def test_strips_begin_where_the_frames_end(frames: tuple[int, int], size: tuple[int, int]) -> None:
    fills = [partial(filled, frames=count) for count in frames]
    needs: dict[str, Need] = {"heading": RaceNeed(count=1), "scales": ScalesNeed(count=4)}
    with tempconfig({"pixel_width": size[0], "pixel_height": size[1]}):
        area = Area(*picture_size(*size))
        needs["pools"] = PoolsNeed(filled=(fills[0], fills[1]))
        for found in (race(area, needs), proof(area, needs)):
            pools, strips = cast("Pair", found["pools"]), cast("StripsPlace", found["strips"])
            ends = [pools.first.bottom, pools.second.bottom]
            if strips.first.top == strips.second.top:  # side by side
                ends = [min(ends)] * 2
            tops = [strips.first.top, strips.second.top]
            assert all(0 < end - top < px(45) for end, top in zip(ends, tops, strict=True))
            for pool, fill in zip((pools.first, pools.second), fills, strict=True):
                assert fill(pool).bottom == pytest.approx(pool.bottom)


def test_a_short_film_stops_for_what_matters_most_if_there_is_just_time_for_it() -> None:
    """The sums of seconds are off by less than what counts."""
    comparison = compare_traces((TRACES / "prefix_off_192.jsonl", TRACES / "pages_192.jsonl"))
    takes = {"share": 5.8, "lost": 9.0, "gap": 6.2}
    race = plan_race(comparison, 25.0 - 16.400000000000002, lambda stop: takes[stop.kind])
    assert [lap.stop.kind for lap in race.laps if lap.stop] == ["gap"]
