"""Our scenes: what the harness of their tests says, and how long their films are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from told import play_scene, scene_class

from pagereel.assets import STORIES
from pagereel.story import load_story
from tests.scenes.conftest import SIZES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scenes.conftest import Tell

LONGEST = 45.0  # seconds
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


@pytest.mark.slow
@pytest.mark.parametrize("story", OF_A_SCENE, ids=lambda file: file.stem)
def test_a_film_is_short_and_its_captions_can_be_read(story: Path) -> None:
    name = load_story(story).scene
    assert name
    film = play_scene(scene_class(name), size=SIZES["wide"], story=story)
    assert round(film.time, 2) <= LONGEST
    for caption in film.renderer.file_writer.subcaptions:
        stands = (caption.end - caption.start).total_seconds()
        assert stands >= len(caption.content) / FASTEST, caption.content
