"""Any story survives being written and read; no file makes anything but a story or an error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from random_traces import History, histories
from stories import storyboard

from pagereel.cache import Arrive, CacheState, Expand, Finish
from pagereel.cache.events import KINDS
from pagereel.errors import StoryError
from pagereel.story import COLOR_NAMES, Story, load_story
from pagereel.story.story import key_fault
from pagereel.toml.table import text_fault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Load = Callable[[str | bytes], Story]

FRAMES = 8

names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,15}", fullmatch=True)
texts = st.text(min_size=1, max_size=100).filter(lambda text: text_fault(text, longest=100) is None)


Told = Arrive | Expand | Finish  # what a storyboard can say


@st.composite
def possible_events(draw: st.DrawFn) -> list[tuple[Told, CacheState]]:
    """Draw events that are possible one after another, with the states after them."""
    tasks = draw(st.lists(names, min_size=1, max_size=len(COLOR_NAMES), unique=True))
    state, story = CacheState.empty(FRAMES), []
    for _ in range(draw(st.integers(1, 12))):
        task = draw(st.sampled_from(tasks))
        free = draw(st.permutations(list(state.free_frames)))
        event: Told = Finish(task)
        if free and task not in state.tables:
            event = Arrive(task, tuple(free[: draw(st.integers(1, 3))]))
        elif draw(st.booleans()) and free:
            event = Expand(task, free[0])
        elif task not in state.tables:
            continue
        state = state.apply(event)
        story.append((event, state))
    return story


def _toml(events: list[tuple[Told, CacheState]], captions: list[str]) -> str:
    lines = ['title = "T"', f"pool.frames = {FRAMES}"]
    for number, (event, state) in enumerate(events):
        verb = event.label.split()[0]
        lines += ["[[events]]", f"{verb} = {json.dumps(event.task)}"]
        if not isinstance(event, Finish):
            frames = event.frames if isinstance(event, Arrive) else (event.frame,)
            lines.append(f"frames = {list(frames)}")
        if number % 2:
            lines.append(f'mask = "{state.mask_literal}"')
        if number < len(captions):
            lines.append(f"caption = {json.dumps(captions[number], ensure_ascii=False)}")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Write and load a story; hypothesis wants one fixture for all examples."""
    path = tmp_path_factory.mktemp("story") / "story.toml"

    def load_text(content: str | bytes) -> Story:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load_story(path)

    return load_text


@given(possible_events(), st.lists(texts, max_size=3))
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_a_story_that_is_written_is_read_the_same(
    load: Load, events: list[tuple[Told, CacheState]], captions: list[str]
) -> None:
    text = _toml(events, captions)
    story = load(text)
    assert [(beat.steps[-1].event, beat.steps[-1].after) for beat in story.beats] == events
    written = zip(story.beats, captions, strict=False)
    assert all(beat.caption == caption for beat, caption in written)

    keys = [beat.key for beat in story.beats]
    assert len(set(keys)) == len(keys)
    assert all(key_fault(key) is None for key in keys)
    assert all(text_fault(beat.caption, longest=100) is None for beat in story.beats)
    lines = text.split("\n")
    assert all(lines[beat.line - 1] == "[[events]]" for beat in story.beats)

    assert list(story.colors) == list(dict.fromkeys(event.task for event, _ in events))
    for beat in story.beats:
        shown = [story.colors[task] for task in beat.steps[-1].after.tables]
        assert len(set(shown)) == len(shown)


@given(histories(CacheState.empty(FRAMES)))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_every_kind_of_event_is_read_as_it_is_written(load: Load, history: History) -> None:
    text = storyboard(((event, None) for event, _ in history), frames=FRAMES)
    if not any(isinstance(event, Arrive) for event, _ in history):
        with pytest.raises(StoryError, match="no task arrives"):
            load(text)
        return
    story = load(text)
    assert [(step.event, step.after) for step in story.steps] == history
    assert all(text_fault(beat.caption, longest=100) is None for beat in story.beats)


# What people mistype, and what breaks parsers.
pieces = st.sampled_from(
    [*"\n\r\0\"'[]{}#=,.8A\u202e", "", '"""', "-1", "true", "nan", "0x" + "f" * 9999, "<b>", "&lt;"]
)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), pieces), min_size=1, max_size=3))
@example([(0.0, 10**6, "")])
@pytest.mark.parametrize("name", ["paged_cache", "shared_prefix"])
def test_a_damaged_story_is_an_error_and_never_a_crash(
    load: Load, stories: Path, name: str, damage: list[tuple[float, int, str]]
) -> None:
    text = (stories / f"{name}.toml").read_text()
    for place, length, piece in damage:
        at = int(place * len(text))
        text = text[:at] + piece + text[at + length :]
    _load_or_refuse(load, text)


@given(st.binary(max_size=100) | st.text(max_size=100).map(str.encode))
def test_any_file_is_a_story_or_an_error(load: Load, content: bytes) -> None:
    _load_or_refuse(load, content)


# Values of all kinds under the keys of a story.
values = st.recursive(
    st.integers(-2, 9).map(str)
    | st.sampled_from(["true", "nan", "1e9", "2026-01-01", "07:00:00", '""', '"A"', '"green"']),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda entries: f"[{', '.join(entries)}]")
        | inner.map(lambda value: f"{{ arrive = {value}, frames = [0] }}")
    ),
    max_leaves=4,
)
keys = st.sampled_from(["title", "tagline", "pool", "pool.frames", "pool.policy", "colors"]) | (
    st.sampled_from(["events", "colors.A", "x", "caption", "frames", "pages", "shared", "page"])
    | st.sampled_from(list(KINDS))
)
tables = st.sampled_from(["[[events]]", "[events]", "[pool]", "[colors]", "[[pool]]", ""])
statements = st.tuples(tables, keys, values).map(lambda parts: "{}\n{} = {}".format(*parts))


@given(st.lists(statements, max_size=5).map("\n".join))
def test_values_of_any_kind_are_a_story_or_an_error(load: Load, text: str) -> None:
    _load_or_refuse(load, f'{text}\n[[events]]\narrive = "A"\nframes = [0]')
    _load_or_refuse(load, f'title = "T"\npool.frames = 8\n{text}')


def _load_or_refuse(load: Load, content: str | bytes) -> None:
    try:
        story = load(content)
    except StoryError as error:
        message = str(error).removeprefix(str(error.path))
        assert message.isprintable()
        assert len(message) < 250
    else:
        assert story.beats
