"""What a story's file says before it is read in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pagereel.assets import ROOT, SCENES
from pagereel.discovery.stories import chosen_files, files_of, scene_of
from pagereel.request import SceneOptions

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "scene", "traces"),
    [
        ('title = "T"\nscene = "X"\ntrace = "t.jsonl"\n[words]\nA = nonsense\n', "X", ["t.jsonl"]),
        ('title = "T"\n[pool]\nscene = "X"\n', None, []),
        ("scene = 1\ntrace = 2\n", None, []),
        ("nonsense\n", None, []),
        (None, None, []),
    ],
)
def test_scene_and_trace(
    tmp_path: Path, text: str | None, scene: str | None, traces: list[str]
) -> None:
    story = tmp_path / "story.toml"
    if text is not None:
        story.write_text(text)
    assert scene_of(story) == scene
    assert files_of(story) == (story, *(tmp_path / trace for trace in traces))


def test_all_that_is_chosen_counts() -> None:
    story, brand = ROOT / "stories" / "preempt.toml", ROOT / "brands" / "tidepool.toml"
    files = chosen_files(SceneOptions(story, brand=brand))
    assert [file.name for file in files] == [
        *("preempt.toml", "preempt.jsonl", "tidepool.toml", "tidepool.svg"),
        *("tidepool_off.jsonl", "tidepool_on.jsonl", "promo.jsonl"),
    ]
    assert all(file.is_file() for file in files)
    assert chosen_files(SceneOptions()) == ()


def test_a_trace_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text('scene = "X"\n')
    assert scene_of(tmp_path / "t.jsonl") is None


def test_a_film_counts_with_its_stories_and_scenes(tmp_path: Path) -> None:
    film = tmp_path / "film.toml"
    film.write_text('[[scenes]]\nscene = "X"\nstory = "mine.toml"\n[[scenes]]\nscene = "Y"\n')
    (tmp_path / "mine.toml").write_text('trace = "t.jsonl"\n')
    files = chosen_files(SceneOptions(film))
    assert files[:3] == (film, tmp_path / "mine.toml", tmp_path / "t.jsonl")
    assert SCENES / "paged_cache.py" in files
    film.write_text("scenes = 1\n")
    assert chosen_files(SceneOptions(film))[0] == film
