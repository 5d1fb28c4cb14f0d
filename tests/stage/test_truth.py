"""What is drawn is what the cache says: after every event, in every shipped story."""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from manim import ManimColor
from reader import SHAPES, Reader

from pagereel.assets import STORIES
from pagereel.stage import timing
from pagereel.stage.parts.pool import FramePool
from pagereel.stage.parts.rows import TaskRows
from pagereel.stage.parts.text import Counter, FreeMask
from pagereel.story import load_story

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from pagereel.cache import CacheState
    from pagereel.stage.parts.rows import TaskRow
    from pagereel.stage.scene import StoryScene

    Play = Callable[..., StoryScene]


def drawn_state(scene: StoryScene) -> dict[str, Any]:
    """Read the cache's state off the mobjects."""
    pool = scene.stage.part(FramePool)
    rows: dict[str, Any] = {**scene.stage.part(TaskRows).rows}
    return {
        "colors": [ManimColor(box.stroke_color).to_hex() for box in pool.boxes],
        "mask": scene.stage.part(FreeMask).shown,
        "bits": pool.shown[1],
        "used": scene.stage.part(Counter).shown[0],
        "tables": {task: pointed_at(scene, row) for task, row in rows.items()},
        "printed": {task: "".join(part.text for part in row.table) for task, row in rows.items()},
    }


def color(scene: StoryScene, task: str) -> str:
    return scene.theme.tasks[scene.story.colors[task]]


def pointed_at(scene: StoryScene, row: TaskRow) -> list[int]:
    """Which frames a row's connectors end at, in page order."""
    pool = scene.stage.part(FramePool).places
    frames = range(scene.story.initial.frames)
    tips = [connector.tip.get_top()[:2] for connector in row.connectors]
    return [
        min(frames, key=lambda f: abs(pool.frame(f)[0] - x) + abs(pool.frame(f)[1] - y))
        for x, y in tips
    ]


def expected_state(scene: StoryScene, state: CacheState) -> dict[str, Any]:
    holders = [state.holders.get(frame) for frame in range(state.frames)]
    return {
        "colors": [
            color(scene, holder[0]) if holder else scene.theme.outline for holder in holders
        ],
        "mask": state.mask_literal,
        "bits": state.mask_literal,
        "used": str(state.frames - len(state.free_frames)),
        "tables": {task: list(table) for task, table in state.tables.items()},
        "printed": {task: f"[{''.join(map(str, table))}]" for task, table in state.tables.items()},
    }


@pytest.mark.parametrize(
    ("story", "shape"),
    [
        ("paged_cache", "16:9"),
        pytest.param("paged_cache", "9:16", marks=pytest.mark.slow),
        *(pytest.param("first_in_first_out", shape, marks=pytest.mark.slow) for shape in SHAPES),
    ],
)
def test_every_step_is_drawn_and_can_be_read(play: Play, story: str, shape: str) -> None:
    path = STORIES / f"{story}.toml"
    told = load_story(path)
    seen: dict[str, dict[str, Any]] = {}
    reader = None if story == "paged_cache" else Reader()  # `make check` reads that one

    def keep(scene: StoryScene) -> None:
        if reader:
            reader.look(scene)
        beat = scene.renderer.file_writer.sections[-1].name
        seen[beat] = drawn_state(scene)

    scene = play(size=SHAPES[shape], story=path, at_rest=keep)
    for beat in told.beats:
        drawn, expected = seen[beat.key], expected_state(scene, beat.steps[-1].after)
        if scene.stage.part(TaskRows).places.table is None:
            drawn.pop("printed"), expected.pop("printed")
        assert drawn == expected, beat.key
    if reader:
        reader.check()
    assert not any(each.has_points() for each in scene.get_mobject_family_members())


class Rest(NamedTuple):
    """What PagedCache shows after a movement."""

    seconds: float
    section: str
    mask: str
    moved: tuple[str, ...]  # what was animated, if that took as long as a caption's change


@pytest.fixture(scope="module")
def played(play: Play) -> tuple[StoryScene, list[Rest]]:
    """Give PagedCache after its end, and what it has shown until then."""
    rests: list[Rest] = []

    def keep(scene: StoryScene) -> None:
        section = scene.renderer.file_writer.sections[-1].name
        is_quick = scene.duration == timing.CAPTION
        moved = [type(each).__name__ for each in scene.animations or [] if is_quick]
        rests.append(Rest(scene.time, section, scene.stage.part(FreeMask).shown, tuple(moved)))

    return play(at_rest=keep), rests


def test_the_first_story_is_the_storyboard(played: tuple[StoryScene, list[Rest]]) -> None:
    scene, rests = played
    assert [mask for mask, _ in groupby(rest.mask for rest in rests)] == [
        "11111111",
        "11111100",
        "11101100",
        "11100000",
        "10000000",
        "00000000",
        "10010011",
        "10010010",
    ]
    assert scene.story.title == "Paged KV Cache"
    assert scene.story.tagline == "Page-table-indirected, O(1) alloc/free, on-demand growth"
    assert scene.story.colors == {"A": "green", "B": "orange", "C": "blue"}
    assert 35 <= rests[-1].seconds <= 55
    assert not any(each.has_points() for each in scene.get_mobject_family_members())


@pytest.mark.slow
def test_order_of_movements(play: Play) -> None:
    """Frame, then mask, then row on arrival and growth; row, then frames, then mask at the end."""
    states: list[tuple[Any, ...]] = []

    def keep(scene: StoryScene) -> None:
        if scene.renderer.file_writer.sections[-1].name not in ("a-arrives", "a-finishes"):
            return
        there = {*map(id, scene.get_mobject_family_members())}
        held = drawn_state(scene)["colors"].count(color(scene, "A"))
        row = scene.stage.part(TaskRows).rows.get("A")
        pages = sum(id(page) in there for page in row.pages) if row else 0
        on_screen = sum(type(part).__name__ == "Connector" for part in scene.mobjects)
        states.append((held, scene.stage.part(FreeMask).shown, pages, on_screen))

    play(at_rest=keep)
    distinct = [state for at, state in enumerate(states) if at == 0 or states[at - 1] != state]
    assert distinct == [
        (0, "11111111", 0, 0),
        (2, "11111111", 0, 0),
        (2, "11111100", 0, 0),
        (2, "11111100", 2, 0),
        (2, "11111100", 2, 2),
        (4, "00000000", 4, 8),
        (4, "00000000", 0, 4),
        (0, "00000000", 0, 4),
        (0, "10010011", 0, 4),
    ]


def test_beats_are_sections_and_subcaptions(played: tuple[StoryScene, list[Rest]]) -> None:
    scene, rests = played
    story = scene.story
    writer = scene.renderer.file_writer
    sections = [section for section, _ in groupby(rest.section for rest in rests)]
    assert sections == ["opening", *(beat.key for beat in story.beats), "closing"]
    said = {caption.content: caption for caption in writer.subcaptions}
    assert list(said)[1:] == [*(beat.caption for beat in story.beats), story.tagline]
    for caption in said.values():
        stands = (caption.end - caption.start).total_seconds()
        assert stands >= max(1.5, len(caption.content) / 17), caption.content
    for before, after in zip(writer.subcaptions, writer.subcaptions[1:], strict=False):
        assert before.end < after.start, "two captions at once"


def test_nothing_moves_while_a_caption_changes(played: tuple[StoryScene, list[Rest]]) -> None:
    scene, rests = played
    alone = [*chain.from_iterable(rest.moved for rest in rests if len(rest.moved) == 1)]
    captions = 1 + len(scene.story.beats)
    assert alone == ["FadeIn", "FadeOut"] * captions


def test_task_row_by_hand(play: Play, paged_cache: ModuleType) -> None:
    """`_TaskRow` serves other scenes, too: arrive, expand, finish."""
    scene = play(only_set_up=True)
    played = paged_cache._TaskRow(scene, "B", 1)
    scene.play = lambda *moves, **_: scene.add(*(move.mobject for move in moves))  # type: ignore[method-assign, assignment]
    played.arrive(3, 1)
    played.expand(6)
    row: Any = scene.stage.part(TaskRows).rows["B"]
    assert row.index == 1
    assert pointed_at(scene, row) == [3, 1, 6]
    assert row.frames == (3, 1, 6)
    assert "".join(label.text for label in row.table) == "[316]"
    assert [page[1].text for page in row.pages] == ["0", "1", "2"]
    gone: list[Any] = []
    scene.play = lambda *moves, **_: gone.extend(move.mobject for move in moves)  # type: ignore[method-assign]
    played.finish()
    assert {*map(id, gone)} == {*map(id, row.mobjects)}
    assert not scene.stage.part(TaskRows).rows


def test_rows_by_hand_share_a_frame(play: Play, paged_cache: ModuleType) -> None:
    """The connector of the first makes room for that of the second."""
    scene = play(only_set_up=True)
    scene.play = lambda *moves, **_: scene.add(*(move.mobject for move in moves))  # type: ignore[method-assign, assignment]
    one, other = paged_cache._TaskRow(scene, "A"), paged_cache._TaskRow(scene, "B")
    one.arrive(2)
    other.arrive(2)
    rows, pool = scene.stage.part(TaskRows).rows, scene.stage.part(FramePool).places
    ends = [rows[task].connectors[0].route[-1][0] for task in ("A", "B")]
    middle = pool.frame(2)[0]
    assert ends == pytest.approx([middle - pool.box / 4, middle + pool.box / 4])
