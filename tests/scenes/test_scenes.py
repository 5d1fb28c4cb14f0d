"""Our scenes: what the harness of their tests says, and how long their films are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from told import play_scene, scene_class

from pagereel.assets import STORIES, TRACES
from pagereel.errors import StoryError
from pagereel.stage.parts.pool import Kind
from pagereel.story import load_story
from pagereel.trace import open_trace
from pagereel.trace.cut import EventRange, cut
from tests.scenes.conftest import SIZES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scenes.conftest import Tell

LONGEST = 45.0  # seconds
PROMO = 86.0
FASTEST = 17  # characters a second
# Those that name no scene are the seed's own story, and examples to copy, as long as they need.
OF_A_SCENE = [file for file in sorted(STORIES.glob("*.toml")) if load_story(file).scene]


def test_what_is_shown_at_the_end_of_each_beat(tell: Tell) -> None:
    told = tell("PagedCache", stills={"b-arrives"})
    keys = [now.key for now in told]
    assert keys[:2] == ["opening", "a-arrives"]
    assert keys[-1] == "closing"
    assert [now.key for now in told if now.still] == ["b-arrives"]
    for now in told:
        assert now.shown["mask"] == now.state.mask_literal
        assert now.shown["rows"] == dict(now.state.tables)
    assert [len(now.steps) for now in told] == [0, 1, 2, 3, 4, 5, 6, 7, 7]


def test_a_part_of_a_trace_begins_with_what_there_is(tell: Tell, tmp_path: Path) -> None:
    """The rows and frames of the state at the cut are there before the first recorded event."""
    part = cut_from("lru_eviction", 9, tmp_path)
    told = tell("PagedCache", story=part)
    assert [step.number for step in told[-1].steps] == [*range(9, 18)]
    for now in told:
        looks, bits = now.shown["pool"]
        held = {frame: look.tasks for frame, look in enumerate(looks) if look.kind is Kind.HELD}
        cached = tuple(frame for frame, look in enumerate(looks) if look.kind is Kind.CACHED)
        assert held == {
            frame: (task,) for task, table in now.state.tables.items() for frame in table
        }
        assert (sorted(now.state.cached), bits) == ([*cached], now.state.mask_literal)
        assert now.shown["rows"] == dict(now.state.tables)
        assert now.shown["mask"] == now.state.mask_literal
    assert told[0].shown["rows"] == {"C": (0, 1, 2, 5)}
    owners = [told[at].shown["pool"][0][frame].tasks for at, frame in ((0, 3), (-1, 5))]
    assert owners == [(), ("D",)]  # whose the content of a frame is, is known once a task left it


@pytest.mark.parametrize(
    ("scene", "trace"),
    [("LruEviction", "lru_eviction"), ("CopyOnWrite", "copy_on_write")],
)
def test_films_that_show_tokens_refuse_such_a_part(scene: str, trace: str, tmp_path: Path) -> None:
    part = cut_from(trace, 3, tmp_path)
    (story,) = (file for file in OF_A_SCENE if file.stem == trace)
    text = story.read_text("utf-8").split("[[beats]]", 1)[0]
    path = tmp_path / "my.toml"
    path.write_text(text.replace(f"../traces/{trace}.jsonl", part.name), "utf-8")
    says = r"my\.toml:\d+: a part that begins in a cache in use, not at the first event"
    with pytest.raises(StoryError, match=says):
        play_scene(scene_class(scene), size=SIZES["wide"], story=path)


def cut_from(trace: str, first: int, folder: Path) -> Path:
    path = folder / "part.jsonl"
    with open_trace(TRACES / f"{trace}.jsonl") as whole:
        path.write_text("".join(cut(whole, EventRange(first))))
    return path


@pytest.mark.slow
@pytest.mark.parametrize("story", OF_A_SCENE, ids=lambda file: file.stem)
def test_a_film_is_short_and_its_captions_can_be_read(story: Path) -> None:
    name = load_story(story).scene
    assert name
    film = play_scene(scene_class(name), size=SIZES["wide"], story=story)
    assert round(film.time, 2) <= (PROMO if name == "Promo" else LONGEST)
    for caption in film.renderer.file_writer.subcaptions:
        stands = (caption.end - caption.start).total_seconds()
        assert stands >= len(caption.content) / FASTEST, caption.content
