"""Memory rows show what is reserved and filled; behind the knife, what is held and free."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from manim import Camera, ManimColor, RoundedRectangle, Scene, config, tempconfig
from told import BlindCamera

from pagereel.assets import ROOT, TRACES
from pagereel.check.pytest.golden import compare, write
from pagereel.compare.clock import make_clock
from pagereel.compare.reading import read
from pagereel.compare.run import Run
from pagereel.errors import TraceError
from pagereel.stage.brand import load_brand
from pagereel.stage.layout.places import Area, Region, picture_size
from pagereel.stage.parts.shapes import box_points
from pagereel.stage.promo.memory import Memory
from pagereel.stage.promo.rows import MemoryRows

if TYPE_CHECKING:
    from collections.abc import Iterator

SLOW = pytest.mark.slow
GOLDEN = Path(__file__).parent / "golden"
SIZES = {"wide": (960, 540), "tall": (540, 960), "square": (540, 540)}
ROWS = TRACES / "reserved_rows_192.jsonl"
MIDDLE = 0.53  # of the width, where the knife stands in a style frame


def memory_after(file: Path, step: int) -> Memory:
    """Return the memory after a step of a trace."""
    reading = read(file)
    clock, (reached, _) = make_clock((reading, reading))
    run = Run(0, "before", file, reading, np.arange(len(reading.entries)), clock, reached)
    return Memory.of(run, clock.moment(step))


@contextmanager
def drawn(shape: str = "wide", theme: str = "dark") -> Iterator[MemoryRows]:
    """Make the rows of step 70 in the upper part of a picture."""
    width, height = SIZES[shape]
    size = picture_size(width, height)
    with tempconfig({"pixel_width": width, "pixel_height": height}):
        config.frame_width, config.frame_height = size
        area = Area(*size)
        region = Region(area.left, area.top, area.right, area.top - 0.6 * area.height)
        colors = load_brand(ROOT / "brand.toml").themed(theme)
        yield MemoryRows(memory_after(ROWS, 70), colors, region)


def test_the_memory_after_step_70() -> None:
    memory = memory_after(ROWS, 70)
    assert (len(memory.rows), memory.columns, len(memory.waiting)) == (11, 17, 14)
    assert (memory.tokens, memory.frames * memory.page_size) == (1763, 3072)
    assert round(100 * memory.empty) == 43
    assert memory.waiting[:3] == ("R29", "R50", "R30")


@pytest.mark.parametrize(
    ("name", "step", "says"),
    [
        ("pages_192", 70, "after step 70 its requests hold no rows of frames"),
        ("pool_pressure", 1, "after step 1 its rows differ in length"),
        ("lru_eviction", 3, "after step 3 there is room between its rows"),
        ("three_tasks", 0, "it does not say how many tokens its requests have"),
        ("random_256_frames", -1, "after step 0 its requests hold no rows of frames"),
    ],
)
def test_a_memory_that_is_not_in_rows(name: str, step: int, says: str) -> None:
    with pytest.raises(TraceError, match=says):
        memory_after(TRACES / f"{name}.jsonl", step)


@pytest.mark.parametrize("share", [0.0, 0.3, MIDDLE, 1.0])
def test_what_is_shown_is_the_memory(share: float) -> None:
    with drawn() as rows:
        memory, region = rows.told, rows.region
        rows.cut_to(region.left + share * (region.width + 1e-6))
        shown = rows.shown
        tokens = {row.task: 0 for row in memory.rows}
        for row in memory.rows:
            for page, frame in enumerate(row.frames):
                whole = row.tokens - page * memory.page_size
                expected = min(max(whole, 0), memory.page_size)
                is_cut = page + 1 <= share * memory.columns
                assert shown[frame] == ((row.task, expected) if expected or not is_cut else None)
                tokens[row.task] += expected
        assert tokens == {row.task: row.tokens for row in memory.rows}
        assert shown[187:] == (None,) * 5


def test_pages_and_rows_are_where_the_knife_is() -> None:
    with drawn() as rows:
        region = rows.region
        front = region.left + MIDDLE * region.width
        rows.cut_to(front)
        for row in rows.rows:
            assert row.whole.get_left()[0] == pytest.approx(front)
            assert row.whole.get_right()[0] == pytest.approx(region.right)
            assert row.pages.get_right()[0] <= front + 1e-9
        rows.cut_to(region.right)
        assert not any(len(row.whole.points) or len(row.hatching.points) for row in rows.rows)


def test_the_knife_is_gone_when_all_is_cut(tmp_path: Path) -> None:
    settings = {"format": "none", "media_dir": str(tmp_path), "progress_bar": "none"}
    with drawn() as rows, tempconfig(settings):
        scene = Scene(skip_animations=True, camera_class=BlindCamera)
        dark = rows.rows[0].hatching.fill_color
        for movements in (rows.enter(), rows.brighten(), rows.cut()):
            for make in movements.values():
                scene.play(*make())
        assert scene.mobjects == [*rows.mobjects]
        assert rows.rows[0].hatching.fill_color == dark
        held = {row.task: -(-row.tokens // rows.told.page_size) for row in rows.told.rows}
        pages = [shown[0] for shown in rows.shown if shown]
        assert {task: pages.count(task) for task in held} == held


def test_boxes_are_those_of_manim() -> None:
    boxes = np.array([(-2.0, 1.0, 1.0, -0.5), (3.0, 2.0, 3.1, 0.0)])
    points = box_points(boxes, 0.2)
    assert points.shape == (64, 3)
    assert points[32:, 0].min() == 3.0
    assert points[32:, 0].max() == 3.1
    manims = RoundedRectangle(width=3, height=1.5, corner_radius=0.2).shift((-0.5, 0.25, 0))
    for edge in (np.min, np.max):
        assert edge(points[:32], axis=0) == pytest.approx(edge(manims.points, axis=0), abs=1e-3)


LOOKS = [
    ("dark", "wide", MIDDLE),
    *(pytest.param("dark", shape, MIDDLE, marks=SLOW) for shape in ("tall", "square")),
    *(pytest.param("dark", "wide", share, marks=SLOW) for share in (0.0, 1.0)),
    pytest.param("light", "wide", MIDDLE, marks=SLOW),
]


@pytest.mark.parametrize(("theme", "shape", "share"), LOOKS)
def test_rows_and_knife(
    theme: str, shape: str, share: float, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    with drawn(shape, theme) as rows:
        rows.cut_to(rows.region.left + share * rows.region.width)
        camera = Camera(background_color=ManimColor(rows.theme.background))
        camera.reset()
        knife = [rows.knife] if 0 < share < 1 else []
        camera.capture_mobjects([*rows.mobjects, *knife])
        picture = camera.get_image().convert("RGB")
    file = GOLDEN / f"rows-{theme}-{shape}-{round(100 * share)}.png"
    if pytestconfig.getoption("update_golden"):
        write(picture, file)
    assert compare(picture, file, failed=tmp_path / file.name) is None
