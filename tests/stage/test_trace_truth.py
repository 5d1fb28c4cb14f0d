"""What is drawn of a trace is what the cache says, after every beat, and it can be read."""

from __future__ import annotations

import collections
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from manim import ManimColor
from random_traces import traces
from reader import SHAPES, Reader
from traces import TRACES
from whose import Whose

from pagereel.assets import STORIES
from pagereel.cache import HOLE, present
from pagereel.cache.events import task_of
from pagereel.stage.parts.pool import FramePool
from pagereel.stage.parts.rows import TaskRows
from pagereel.stage.parts.text import Counter, FreeMask
from pagereel.stage.parts.tiers import TierPool
from pagereel.story import load_story

if TYPE_CHECKING:
    from collections.abc import Callable

    from pagereel.cache import CacheState
    from pagereel.stage.scene import StoryScene

    Play = Callable[..., StoryScene]

# Those whose events are few enough for a story.
LARGE = "random_256_frames", "hybrid_vllm", "offload_vllm"
SMALL = {path.stem: path for path in TRACES if path.stem not in LARGE}
SMALL |= {path.stem: path for path in (Path(__file__).parent / "traces").iterdir()}
LONGEST = "random_16_frames"
DOT = "\N{MIDDLE DOT}"
NO_SHRINKING = [Phase.explicit, Phase.generate]


def drawn_frame(scene: StoryScene, frame: int) -> dict[str, Any]:
    """Read off the mobjects what a frame shows."""
    pool = scene.stage.part(FramePool)
    box, mark = pool.boxes[frame], pool.marks.get(frame)
    hexes = [ManimColor.from_rgba(rgba).to_hex()[:7] for rgba in box.get_fill_rgbas()]
    dashes = None
    if mark is not None and len(mark.get_subpaths()) > 4 and not hasattr(mark, "text"):
        dashes = ManimColor(mark.stroke_color).to_hex()  # a cross has four
    return {
        "colors": [color for at, color in enumerate(hexes) if color not in hexes[:at]],
        "equal parts": len(set(collections.Counter(hexes).values())) == 1,
        "outlined": bool(box.get_stroke_rgbas()[0][3]),
        "marked": mark is not None,
        "count": getattr(mark, "text", None),
        "dashes": dashes,
    }


def on_screen(scene: StoryScene) -> set[int]:
    return {*map(id, scene.get_mobject_family_members())}


def expected_frame(
    scene: StoryScene, state: CacheState, frame: int, last: dict[int, str]
) -> dict[str, Any]:
    theme = scene.theme

    def color(task: str) -> str:
        return theme.tasks[scene.story.colors[task_of(task)]]

    holders = [task for task, table in state.tables.items() if frame in table]
    cached, reserved = frame in state.cached, frame in state.reserved
    colors = [*map(color, holders)] or [theme.line if reserved else theme.outline]
    if cached:
        colors = [color(last[frame])]
    return {
        "colors": colors,
        "equal parts": True,
        "outlined": not cached,
        "marked": cached or reserved or len(holders) > 1,
        "count": f"\N{MULTIPLICATION SIGN}{len(holders)}" if len(holders) > 1 else None,
        "dashes": color(last[frame]) if cached else None,
    }


def arrows(scene: StoryScene) -> dict[str, list[tuple[int, int]]]:
    """Task -> for each page, the frame that its arrow ends at and below which part of it."""
    frames, rows = scene.stage.part(FramePool), scene.stage.part(TaskRows).rows
    pool, found = frames.places, {}
    centres = np.array([pool.frame(frame) for frame in range(scene.story.initial.frames)])
    for task, row in rows.items():
        tips = [connector.tip.get_top()[:2] for connector in row.connectors]
        ends = [int(np.abs(centres - tip).sum(axis=1).argmin()) for tip in tips]
        parts = [
            (tip[0] - centres[end][0]) / pool.box + 0.5 for tip, end in zip(tips, ends, strict=True)
        ]
        found[task] = [
            (end, int(part * max(1, len(frames.looks[end].tasks))))
            for end, part in zip(ends, parts, strict=True)
        ]
        assert on_screen(scene).issuperset(map(id, row.connectors))
    return found


def expected_arrows(state: CacheState) -> dict[str, list[tuple[int, int]]]:
    def part(task: str, frame: int) -> int:
        return [name for name, table in state.tables.items() if frame in table].index(task)

    return {
        task: [(frame, part(task, frame)) for frame in present(table)]
        for task, table in state.tables.items()
    }


def told(scene: StoryScene) -> dict[str, Any]:
    stage = scene.stage
    rows: dict[str, Any] = {**stage.part(TaskRows).rows}
    return {
        "mask": stage.part(FreeMask).shown,
        "bits": stage.part(FramePool).shown[1],
        "counter": stage.part(Counter).shown,
        "printed": {task: "".join(part.text for part in row.table) for task, row in rows.items()},
    }


def expected_told(scene: StoryScene, state: CacheState) -> dict[str, Any]:
    held, free = len(state.holders), len(state.free_frames)
    counts = [str(count) for count in (held, len(state.cached), free)]
    in_print = scene.stage.part(TaskRows).places.table is not None
    return {
        "mask": state.mask_literal,
        "bits": state.mask_literal,
        "counter": counts[: len(scene.stage.part(Counter).numbers)],
        "printed": {
            task: f"[{''.join(DOT if f == HOLE else str(f) for f in table)}]" if in_print else ""
            for task, table in state.tables.items()
        },
    }


def drawn_slots(scene: StoryScene) -> dict[tuple[str, int], tuple[str, bool]]:
    """Read off the mobjects in which colour each slot of a tier is, and that it is on screen."""
    boxes = scene.stage.part(TierPool).boxes
    return {
        at: (ManimColor(box.get_stroke_color()).to_hex(), id(box) in on_screen(scene))
        for at, box in boxes.items()
    }


def expected_slots(
    scene: StoryScene, state: CacheState, whose: Whose
) -> dict[tuple[str, int], tuple[str, bool]]:
    theme, colors = scene.theme, scene.story.colors
    tasks = {
        (tier, slot): whose.slots[tier][slot]
        for tier, stored in state.stored.items()
        for slot in stored
    }
    return {
        at: (theme.tasks[colors[task_of(tasks[at])]] if at in tasks else theme.outline, True)
        for at in scene.stage.part(TierPool).boxes
    }


def check(play: Play, path: Path, shape: str, reader: Reader | None = None) -> None:
    whose = Whose()
    story = load_story(path)
    left = {beat.key: beat for beat in story.beats}
    states = [story.initial]

    def look(scene: StoryScene) -> None:
        if reader is not None:
            reader.look(scene)
        section = scene.renderer.file_writer.sections[-1].name
        if section == "opening":
            assert told(scene) == expected_told(scene, scene.story.initial)
        beat = left.get(section)
        if beat is None or "Wait" not in str(scene.animations) or scene.duration < 1:
            return  # the rest at a beat's end
        del left[beat.key]
        for step in beat.steps:
            whose.follow(step)
            states.append(step.after)
        state = states[-1]
        assert on_screen(scene).issuperset(map(id, scene.stage.part(FramePool).marks.values()))
        assert arrows(scene) == expected_arrows(state), beat.key
        assert told(scene) == expected_told(scene, state), beat.key
        for frame in range(state.frames):
            expected = expected_frame(scene, state, frame, whose.frames)
            assert drawn_frame(scene, frame) == expected, (beat.key, frame)
        assert drawn_slots(scene) == expected_slots(scene, state, whose), beat.key

    scene = play(size=SHAPES[shape], story=path, at_rest=look)
    assert not left
    assert not any(each.has_points() for each in scene.get_mobject_family_members())


SLOW = pytest.mark.slow


# All that can happen is read in all shapes, each other trace in one of them. The longest is drawn
# where there is the least room; reading it as well would take as long as reading all others.
@SLOW
@pytest.mark.parametrize(
    ("trace", "shape"),
    [
        *(("every_event", shape) for shape in SHAPES),
        *zip(sorted({*SMALL} - {"every_event", LONGEST}), cycle(SHAPES), strict=False),
        (LONGEST, "1:1"),
    ],
)
def test_every_beat_is_drawn_and_can_be_read(play: Play, trace: str, shape: str) -> None:
    reader = None if trace == LONGEST else Reader()
    check(play, SMALL[trace], shape, reader)
    assert not (reader and reader.mistakes)


@SLOW
def test_the_story_of_a_shared_prefix_is_drawn(play: Play) -> None:
    check(play, STORIES / "shared_prefix.toml", "16:9")


@SLOW
@pytest.mark.parametrize("shape", SHAPES)
def test_generated_traces(play: Play, shape: str, tmp_path: Path) -> None:
    @settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINKING)
    @given(traces())
    def holds(text: str) -> None:
        path = tmp_path / "generated.jsonl"
        path.write_text(text, encoding="utf-8")
        check(play, path, shape)

    holds()
