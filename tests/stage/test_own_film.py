"""A film of one's own: its scenes play one after another, in one film, each in its own state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from told import play_scene

from pagereel.errors import StoryError
from pagereel.stage.own_film import OwnFilm

if TYPE_CHECKING:
    from pathlib import Path

SIZE = (192, 108)
STORY = """\
title = "T"
[pool]
frames = 2
[[events]]
arrive = "A"
pages = 1
key = "comes"
caption = "It is here."
[[events]]
finish = "A"
key = "goes"
caption = "It is gone."
optional = true
"""
FILM = """\
length = 45
[[scenes]]
scene = "PagedCache"
story = "story.toml"
[[scenes]]
scene = "PagedCache"
story = "story.toml"
beats = ["goes"]
[scenes.captions]
goes = "Gone again."
[[scenes]]
scene = "PagedCache"
story = "story.toml"
beats = ["comes"]
[scenes.captions]
comes = "Here again."
"""


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.toml"
    (tmp_path / "story.toml").write_text(STORY, "utf-8")
    path.write_text(FILM, "utf-8")
    return path


def test_scenes_play_one_after_another_and_are_made_shorter_as_one_film(film: Path) -> None:
    played = play_scene(OwnFilm, size=SIZE, story=film)
    assert played.cut.silent == {"1/goes"}, "the last optional beat of all scenes"
    assert 44 < played.time <= 45
    captions = played.renderer.file_writer.subcaptions
    bit = "A bit for each page frame: 1 means free."
    assert [caption.content for caption in captions] == [
        *(bit, "It is here.", "It is gone."),
        bit,
        *(bit, "Here again."),
    ]
    starts = [caption.start for caption in captions]
    assert starts == sorted(starts)
    for scene in played.scenes:
        assert scene.stage.parts["mask"].shown == scene.story.steps[-1].after.mask_literal


@pytest.mark.slow
def test_a_film_that_cannot_be_so_short_is_refused(film: Path) -> None:
    film.write_text(film.read_text("utf-8").replace("length = 45", "length = 5"), "utf-8")
    with pytest.raises(StoryError, match=r"film\.toml:1: length = 5 is \d+\.\d s too short, "):
        play_scene(OwnFilm, size=SIZE, story=film)


@pytest.mark.slow
def test_a_film_by_itself_is_no_part_of_another(film: Path) -> None:
    film.write_text('[[scenes]]\nscene = "Promo"\n', "utf-8")
    with pytest.raises(StoryError, match=r"film\.toml:2: Promo is a film by itself; remove it"):
        play_scene(OwnFilm, size=SIZE, story=film)
