"""Layouts fill pictures of every shape, and say so where they cannot."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from pagereel.errors import StageError
from pagereel.stage.layout.frames import PoolNeed, PoolPlaces, pool_row
from pagereel.stage.layout.lanes import RowsNeed, RowsPlaces
from pagereel.stage.layout.places import Area, CaptionPlace, Region, Spot, picture_size, px
from pagereel.stage.layout.pool_over_rows import pool_over_rows
from pagereel.stage.layout.tiers import StoredNeed, StoredPlaces
from pagereel.stage.parts.connector import route, route_curve

if TYPE_CHECKING:
    from numpy.typing import NDArray

Extent = tuple[int, int, int, float, int]  # frames, tasks, pages, width of a name, of a table

SHAPES = [(1920, 1080), (1080, 1920), (1080, 1080), (1440, 1080), (2560, 1080), (1080, 2400)]
EXTENTS = [
    (frames, tasks, pages, name, 3 * pages + 1)
    for frames, tasks, pages, name in product(
        (1, 8, 11, 16), (1, 3, 5), (1, 4, 8), (1.0, 4.5, 12.0)
    )
    if pages <= frames
]
FIRST_STORY = (8, 3, 4, 1.0, 9)


@dataclass
class Places:
    """What `pool_over_rows` returns, by its types."""

    area: Area
    title: Spot
    pool: PoolPlaces
    rows: RowsPlaces
    caption: CaptionPlace
    tiers: StoredPlaces


def arrange(shape: tuple[int, int], extent: Extent, tiers: tuple[int, ...] = ()) -> Places:
    frames, tasks, pages, name, table = extent
    need = RowsNeed(tasks=tasks, pages=pages, name=name, table=table)
    area = Area(*picture_size(*shape))
    needs = {"pool": PoolNeed(frames=frames), "rows": need, "tiers": StoredNeed(slots=tiers)}
    found: Any = pool_over_rows(area, needs)
    return Places(
        *(area, found["title"], found["pool"], found["rows"], found["caption"]),
        tiers=found["tiers"],
    )


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("tiers", [(1,), (16,), (16, 4)], ids=str)
def test_tiers_stand_between_title_and_pool(shape: tuple[int, int], tiers: tuple[int, ...]) -> None:
    layout, plain = arrange(shape, FIRST_STORY, tiers), arrange(shape, FIRST_STORY)
    rows, pool = layout.tiers.rows, layout.pool
    assert (len(rows), plain.tiers.rows) == (len(tiers), ())
    lowest = layout.title.bottom
    for row, slots in zip(rows, tiers, strict=True):
        last, half = row.slot(slots - 1)[0], row.box / 2
        assert layout.area.left <= row.x - half < last + half <= layout.area.right + 1e-9
        assert row.pitch > row.box >= row.cap
        texts = row.label, row.count
        assert lowest >= max(text.top for text in texts)
        assert lowest >= row.y + half
        lowest = min(row.y - half, *(text.bottom for text in texts))
    above = [pool.label.top] if pool.label.y > pool.bit(0)[1] else []
    assert lowest >= max([pool.top, *above])
    assert pool.y < plain.pool.y


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_slots_stand_in_the_columns_of_the_frames(shape: tuple[int, int]) -> None:
    layout = arrange(shape, FIRST_STORY, (6, 16))
    (few, many), pool = layout.tiers.rows, layout.pool
    if pool.columns >= 6:
        assert [few.slot(at)[0] for at in range(6)] == [pool.frame(at)[0] for at in range(6)]
    assert 0.5 * pool.box < few.box < 0.7 * pool.box
    assert many.box <= few.box


def test_a_large_tier_that_is_never_used_has_no_slot() -> None:
    unused, small = arrange((1920, 1080), FIRST_STORY, (0, 4)).tiers.rows
    assert (unused.pitch, unused.box) == (small.pitch, small.box)
    assert unused.label.bottom > small.label.top


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_everything_has_its_place(shape: tuple[int, int]) -> None:
    for extent in EXTENTS:
        layout = arrange(shape, extent)
        area, pool, rows = layout.area, layout.pool, layout.rows
        frames, tasks, pages, *_ = extent
        last = rows.page_centre(tasks - 1, pages - 1)
        assert rows.page >= px(28)
        assert last[0] + rows.page / 2 <= area.right + 1e-9
        assert pool.frame(frames - 1)[1] - pool.box / 2 == pytest.approx(pool.bottom)
        assert max(pool.frame(i)[0] for i in range(frames)) + pool.box / 2 <= area.right + 1e-9
        heights = [
            area.top,
            layout.title.y,
            pool.bit(0)[1],
            pool.y,
            pool.bottom,
            rows.top,
            rows.y,
            last[1],
            layout.caption.rule,
            layout.caption.spot.y,
            area.bottom,
        ]
        assert all(high >= low for high, low in pairwise(heights)), (extent, heights)


@pytest.mark.parametrize("frames", [1, 8, 12])
def test_a_pool_in_one_row_has_its_labels_at_the_left(frames: int) -> None:
    region = Region(-6.0, 3.0, 6.0, 1.0)
    pool = pool_row(region, frames, labels=px(240))
    assert pool.bits_label is not None
    for index in range(frames):
        (x, y), (_, bit) = pool.frame(index), pool.bit(index)
        assert pool.label.right < x - pool.box / 2
        assert x + pool.box / 2 <= region.right + 1e-9
        assert (pool.label.y, pool.bits_label.y) == pytest.approx((y, bit))
        assert region.top >= bit + pool.bit_cap / 2 - 1e-9
        assert bit - pool.bit_cap / 2 > y + pool.box / 2
    assert pool.bottom > region.bottom


def test_a_picture_scales_without_moving_anything() -> None:
    assert picture_size(1920, 1080) == picture_size(3840, 2160)
    assert picture_size(1080, 1920) == picture_size(1920, 1080)[::-1]
    assert picture_size(1080, 1080) == (8, 8)


def test_pages_of_the_first_story_stand_below_frames() -> None:
    """So that a page whose frame is right above it has a straight connector."""
    layout = arrange((1920, 1080), FIRST_STORY)
    assert [layout.rows.page_centre(0, page)[0] for page in range(4)] == pytest.approx(
        [layout.pool.frame(frame)[0] for frame in (0, 2, 4, 6)]
    )


def test_tables_stay_where_there_is_room_beside_long_names() -> None:
    for name in (1.0, 4.5, 12.0):  # 12: some 16 letters
        layout = arrange((1920, 1080), (16, 3, 6, name, 20))
        assert layout.rows.table
        assert layout.rows.name == name


def test_names_are_cut_where_pages_would_not_fit_else() -> None:
    cut = arrange((1080, 1080), (16, 5, 8, 12.0, 23)).rows
    assert (cut.table, cut.name < 12) == (None, True)
    assert cut.badge_width >= cut.name * cut.badge_cap
    assert arrange((1080, 1080), (16, 5, 4, 12.0, 23)).rows.name == 12


@pytest.mark.parametrize(
    ("shape", "extent", "says"),
    [
        ((3000, 1000), FIRST_STORY, "3.0 times as long"),
        ((1000, 2500), FIRST_STORY, "at most 2.4 times"),
        ((1080, 1080), (16, 9, 8, 40, 23), "9 tasks of 8 pages do not fit"),
    ],
)
def test_what_does_not_fit(shape: tuple[int, int], extent: Extent, says: str) -> None:
    with pytest.raises(StageError, match=says):
        arrange(shape, extent)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_routes(shape: tuple[int, int]) -> None:
    """A connector starts on its page, ends below its frame, and passes no box and no bit."""
    layout = arrange(shape, (16, 5, 8, 1.0, 20))
    pool, rows = layout.pool, layout.rows
    boxes = np.array(
        [
            *((*pool.frame(f), pool.box, pool.box) for f in range(16)),
            *((*pool.bit(f), px(20), pool.bit_cap) for f in range(16)),
            *((*rows.page_centre(r, p), rows.page, rows.page) for r in range(5) for p in range(8)),
        ]
    )
    places = [(index, holders) for holders in (1, 2, 5) for index in {0, holders - 1}]
    for row, page, frame in product((0, 1, 4), range(8), range(16)):
        index, holders = places[(row + page + frame) % len(places)]
        points = route(rows.head(row, page), pool.foot(frame, (index, holders)))
        x, y = rows.page_centre(row, page)
        assert points[0] == (x, y + rows.page / 2)
        end_x, end_y = pool.frame(frame)
        part = end_x + ((index + 0.5) / holders - 0.5) * pool.box
        assert points[-1][0] == pytest.approx(part)
        assert px(4) <= end_y - pool.box / 2 - points[-1][1] <= px(10)
        assert all(high > low for (_, low), (_, high) in pairwise(points))
        way = along(route_curve(points))[:, None]
        inside = np.abs(way - boxes[None, :, :2]) < boxes[None, :, 2:] / 2 - 1e-9
        assert not inside.all(axis=-1).any(), (row, page, frame)


def along(curves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points on Bézier curves, shape (points, 2)."""
    a, b, c, d = (curves[i::4, :2] for i in range(4))
    t = np.linspace(0, 1, 40)[:, None, None]
    line = (1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t**2 * (1 - t) * c + t**3 * d
    return np.asarray(line.reshape(-1, 2))
