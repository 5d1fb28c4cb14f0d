"""What is drawn of a trace is what its cache says."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from busy import write_busy_trace
from replays import board_of, photograph

from pagereel.assets import TRACES
from pagereel.errors import StageError
from pagereel.film.tape import FREE as NOBODY
from pagereel.stage.film.cells import divide
from pagereel.stage.film.chart import PoolChart
from pagereel.stage.film.counters import Counters, frame_counts, task_counts
from pagereel.stage.film.grid import FrameGrid, PoolGrid
from pagereel.stage.film.palette import linear_rgb, make_palette
from pagereel.stage.film.sheet import CACHED, CACHED_TONES, FREE, HELD, held_look
from pagereel.stage.film.strip import TaskStrip
from pagereel.stage.film.tiers import Tiers
from pagereel.stage.layout.grid_over_chart import (
    GridNeed,
    HeadingNeed,
    TiersNeed,
    grid_over_chart,
)
from pagereel.stage.layout.places import Area, CounterNeed, picture_size
from pagereel.stage.theme import DARK, LIGHT, Theme
from pagereel.trace import follow, open_trace

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pagereel.cache import Ledger
    from pagereel.film.tape import Tape
    from pagereel.stage.film.scene import Board
    from pagereel.stage.layout.grid_over_chart import TiersPlace

SMALL = Path(__file__).parents[1] / "trace" / "traces" / "random_16_frames.jsonl"

# manim's ImageMobject makes images in a way that Pillow will give up.
pytestmark = pytest.mark.filterwarnings(
    "ignore:'mode' parameter for changing data types:DeprecationWarning"
)


def grid_of(board: Board) -> FrameGrid:
    return board.stage.part(PoolGrid).grid


def seen(board: Board) -> NDArray[np.uint8]:
    """Return the colour of each frame's cell, read from a picture; shape (frames, 3).

    A point is looked at that is neither a cell's outline nor its mark.
    """
    picture, cells = photograph(grid_of(board)), grid_of(board).cells
    middle = np.array(picture.shape[1::-1]) / 2
    unit = 2 * middle.min() / 8
    left, top = np.rint(middle + grid_of(board).points[0, :2] * (1, -1) * unit).astype(int)
    row, column = np.divmod(np.arange(board.film.tape.frames), cells.columns)
    aside = 0.16 if min(cells.width, cells.height) > 6 else 0.5
    x = left + ((column + aside) * cells.width).astype(int)
    y = top + ((row + aside) * cells.height).astype(int)
    colors: NDArray[np.uint8] = picture[y, x]
    return colors


def check_cells(board: Board, ledger: Ledger) -> None:
    """Compare what is seen with the cache: tasks' colours, free, cached in any of its tones."""
    colors, film, painter = seen(board).astype(int), board.film, grid_of(board)._painter
    of_task = {}
    for stay, color in zip(film.tape.stays, film.colors, strict=True):
        if stay.first < board.pool.event <= stay.end:
            of_task[stay.task] = color
    allowed: dict[int, list[int]] = {}
    for task, table in ledger.tables.items():
        for frame in table:
            look = held_look(of_task[task], ledger.refcounts[frame])
            allowed.setdefault(frame, []).append(look)
    tone_of = cache(lambda look: painter.tones(look)[0])
    for frame in range(ledger.frames):
        looks = allowed.get(frame, [FREE])
        if frame in ledger.cached:
            looks = [*range(CACHED, HELD)]
        tones = [tone_of(look) for look in looks]
        apart = min(np.abs(colors[frame] - tone).max() for tone in tones)
        assert apart <= 1, (board.pool.event, frame, colors[frame], tones)


def follow_film(board: Board, trace: Path, moments: list[int]) -> set[int]:
    """Compare board and cache at some moments; return how many events had happened at each."""
    events = set()
    with open_trace(trace) as opened:
        states = follow(opened)
        done, ledger = 0, opened.header.ledger()
        for moment in moments:
            board.go_to(moment)
            while done < board.pool.event:
                _, ledger = next(states)
                done += 1
            if board.pool.event in events:
                continue
            events.add(board.pool.event)
            check_cells(board, ledger)
            said = board.stage.part(Counters).shown
            assert said["held"] == f"{ledger.held_count:,}"
            assert said["free"] == f"{ledger.free_count:,}"
            assert said["running"] == f"{len(ledger.tables):,}"
            strip = board.stage.part(TaskStrip).shown
            for stay, pages in strip.items():
                task = board.film.tape.stays[stay].task
                assert pages == f"{len(ledger.tables[task]):,}"
            assert len(strip) <= len(ledger.tables)
    return events


def test_tiers_show_what_the_cache_says() -> None:
    trace = Path(__file__).parents[1] / "trace" / "traces" / "tiers.jsonl"
    with board_of(trace, (320, 180)) as board, open_trace(trace) as opened:
        tiers, done, ledger = board.stage.part(Tiers), 0, opened.header.ledger()
        states = follow(opened)
        for moment in range(board.moments):
            board.go_to(moment)
            while done < board.pool.event:
                _, ledger = next(states)
                done += 1
            assert tiers.shown == {
                tier: (f"{len(stored)}", sorted(stored)) for tier, stored in ledger.stored.items()
            }
        assert done == board.film.tape.events


@pytest.mark.slow
def test_every_event_of_a_small_pool_is_drawn() -> None:
    with board_of(SMALL, (320, 180)) as board:
        assert (seen(board) == np.rint(grid_of(board)._painter.tones(FREE)[0])).all()
        events = follow_film(board, SMALL, [*range(board.moments)])
        assert events == set(range(board.film.tape.events + 1))


def test_every_part_shows_what_the_tape_says() -> None:
    with board_of(SMALL, (320, 180)) as board:
        width = board.stage.part(PoolChart).sheet.rgb.shape[1]
        for number in range(5, board.moments, 20):
            moment = board.go_to(number)
            assert moment is not None
            tape, event = board.film.tape, moment.reached - 1
            if event < 0:
                continue
            shown = {name: part.shown for name, part in board.stage.parts.items()}
            assert shown["heading"] == tape.engine
            assert shown["caption"] is None, "captions are the scene's"
            assert shown["grid"] == owners(tape, event)
            assert shown["clock"] == f"{tape.step[event]:,}"
            passed = (tape.step[event] - tape.step[0] + 1) / (tape.step[-1] - tape.step[0] + 1)
            assert shown["chart"] == pytest.approx(passed, abs=1 / width)
            assert shown["strip"].items() <= pages(tape, event).items()
            counts = [*frame_counts(tape), *task_counts(tape)]
            assert shown["counters"] == {
                count.name: f"{count.values[event + 1]:,}" for count in counts
            }


def owners(tape: Tape, event: int) -> list[int]:
    """Return the owner of each frame after an event."""
    now = [NOBODY] * tape.frames
    for cell in range(tape.cell_end[event]):
        now[tape.cell_frame[cell]] = tape.cell_owner[cell]
    return now


def pages(tape: Tape, event: int) -> dict[int, str]:
    """Return how many pages the stays have that are there; some of them have no row."""
    now = {tape.stay[at]: tape.pages[at] for at in range(event + 1)}
    return {stay: f"{count:,}" for stay, count in now.items() if stay >= 0 and count}


@pytest.mark.parametrize(
    ("size", "theme"),
    [
        ((540, 540), "dark"),
        pytest.param((960, 540), "dark", marks=pytest.mark.slow),
        pytest.param((540, 960), "light", marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_events_of_a_larger_pool_are_drawn(size: tuple[int, int], theme: str) -> None:
    trace = TRACES / "random_256_frames.jsonl"
    with board_of(trace, size, theme=theme) as board:
        follow_film(board, trace, [*range(0, board.moments, 29)])


@pytest.mark.parametrize(
    ("frames", "size"),
    [
        (1024, (640, 360)),
        pytest.param(65_536, (1280, 720), marks=pytest.mark.slow),
        pytest.param(65_536, (1920, 1080), marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_events_of_a_large_pool_are_drawn(
    frames: int, size: tuple[int, int], tmp_path: Path
) -> None:
    trace = write_busy_trace(tmp_path / "busy.jsonl", frames=frames, events=700, pages=frames // 12)
    with board_of(trace, size, seconds=20) as board:
        last = board.moments - 1
        follow_film(board, trace, [1, last // 2, last])
        assert len(grid_of(board).get_family()) == 1, "no mobject for each frame"


def test_a_shard_needs_no_images_before_it() -> None:
    """Going to a moment at once shows the same as going there moment by moment."""
    trace = TRACES / "random_256_frames.jsonl"
    pictures = []
    for step in (1, 200):
        with board_of(trace, (320, 180)) as board:
            for moment in [*range(0, 200, step), 200]:
                board.go_to(moment)
            pictures.append(photograph(board.moving))
    assert np.array_equal(pictures[0], pictures[1])


def test_what_is_cached_fades() -> None:
    with board_of(TRACES / "prefix_sharing.jsonl", (320, 180)) as board:
        tones = [grid_of(board)._painter.tones(CACHED + age)[0] for age in range(len(CACHED_TONES))]
        lightness = [tone.mean() for tone in tones]
        assert lightness == sorted(lightness, reverse=True)
        assert min(-np.diff(lightness)) > 3


@pytest.mark.parametrize("frames", [1, 8, 16, 100, 256, 1000, 4096, 65_536])
@pytest.mark.parametrize("size", [(1130, 510), (1000, 640), (1000, 315), (377, 170)], ids=str)
def test_cells_fill_their_panel(frames: int, size: tuple[int, int]) -> None:
    width, height = size
    cells = divide(width, height, frames)
    assert cells.columns * cells.rows >= frames > cells.columns * (cells.rows - 1)
    assert cells.columns * cells.width <= width + 1e-6
    assert cells.rows * cells.height <= height + 1e-6
    assert cells.width * cells.height * frames >= (0.55 if frames > 4 else 0.3) * width * height
    assert 0.4 < cells.width / cells.height < 2.6


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_palettes_can_be_read_and_told_apart(theme: Theme) -> None:
    colors = make_palette(theme, 36)
    assert colors[:5] == [*theme.tasks.values()]
    assert len(set(colors)) == 36
    weights = (0.2126, 0.7152, 0.0722)
    back = linear_rgb(theme.background) @ weights + 0.05
    for color in colors:
        light = linear_rgb(color) @ weights + 0.05
        assert max(light, back) / min(light, back) >= 4.5


@pytest.mark.parametrize(("size", "tiers"), [((1920, 1080), 4), ((1080, 1080), 3)])
def test_more_tiers_than_there_is_room_for(size: tuple[int, int], tiers: int) -> None:
    needs = {"heading": HeadingNeed(), "grid": GridNeed(), "counters": CounterNeed(counts=6)}
    with pytest.raises(StageError, match=f"{tiers} tiers and the frames above do not fit into a"):
        grid_over_chart(Area(*picture_size(*size)), {**needs, "tiers": TiersNeed(tiers=tiers)})


def test_tiers_stand_beside_each_other_where_what_they_say_has_room() -> None:
    area = Area(*picture_size(1080, 1080))
    needs = {"heading": HeadingNeed(), "grid": GridNeed(), "counters": CounterNeed(counts=6)}
    heights = []
    for widest, rows in ((15, [0, 0, 1]), (30, [0, 1])):
        need = TiersNeed(tiers=len(rows), widest=widest)
        found = grid_over_chart(area, {**needs, "tiers": need})
        places = cast("TiersPlace", found["tiers"]).places
        tops = sorted({place.label.y for place in places}, reverse=True)
        assert [tops.index(place.label.y) for place in places] == rows
        assert all(place.label.width >= widest * place.label.cap for place in places)
        heights.append(found["grid"].height)
    assert heights[0] == heights[1]


@pytest.mark.parametrize(
    "need", [TiersNeed(), TiersNeed(tiers=2), TiersNeed(tiers=2, widest=15)], ids=str
)
@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1080, 1080), (1440, 1080)], ids=str)
def test_parts_do_not_overlap(size: tuple[int, int], need: TiersNeed) -> None:
    area = Area(*picture_size(*size))
    needs = {"heading": HeadingNeed(), "grid": GridNeed(), "counters": CounterNeed(counts=6)}
    found = grid_over_chart(area, {**needs, "tiers": need})
    panels = [found[name] for name in ("grid", "counters", "strip", "chart")]
    places = cast("TiersPlace", found["tiers"]).places
    assert len(places) == need.tiers
    panels += [region for place in places for region in (place.label, place.grid)]
    for index, one in enumerate(panels):
        assert one.width > 0 < one.height
        assert area.left - 1e-9 <= one.left < one.right <= area.right + 1e-9
        assert found["caption"].top < one.bottom < one.top < found["heading"].bottom
        for other in panels[:index]:
            beside = one.right <= other.left or other.right <= one.left
            assert beside or one.bottom >= other.top or other.bottom >= one.top
