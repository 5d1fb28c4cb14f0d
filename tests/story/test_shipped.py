from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pagereel.cache import Arrive, Expand, Finish
from pagereel.story import load_story

if TYPE_CHECKING:
    from pathlib import Path


def test_the_story_of_the_seed(stories: Path) -> None:
    story = load_story(stories / "paged_cache.toml")
    assert story.title == "Paged KV Cache"
    assert story.tagline == "Page-table-indirected, O(1) alloc/free, on-demand growth"
    assert dict(story.colors) == {"A": "green", "B": "orange", "C": "blue"}
    assert (story.frames, story.most_tasks, story.most_pages) == (8, 3, 4)
    assert [(beat.steps[-1].event, beat.steps[-1].after.mask_literal) for beat in story.beats] == [
        (Arrive("A", (0, 1)), "11111100"),
        (Expand("A", 4), "11101100"),
        (Arrive("B", (2, 3)), "11100000"),
        (Arrive("C", (5, 6)), "10000000"),
        (Expand("A", 7), "00000000"),
        (Finish("A"), "10010011"),
        (Expand("B", 0), "10010010"),
    ]
    assert story.beats[5].steps[-1].freed == (0, 1, 4, 7)


@pytest.mark.parametrize("name", ["paged_cache.toml", "first_in_first_out.toml"])
def test_shipped_captions_fit_one_line_and_claim_no_more_than_is_shown(
    stories: Path, name: str
) -> None:
    captions = [beat.caption for beat in load_story(stories / name).beats]
    assert len(set(captions)) == len(captions)
    assert max(map(len, captions)) <= 60
    assert not any("lowest" in caption.lower() or "O(1)" in caption for caption in captions)


def test_the_example_leaves_every_choice_to_the_policy(stories: Path) -> None:
    text = (stories / "first_in_first_out.toml").read_text()
    story = load_story(stories / "first_in_first_out.toml")
    assert "frames = [" not in text
    assert (story.frames, len(story.colors), story.page_size) == (12, 4, 16)
    # What its captions say.
    taken = {beat.key: beat.steps[-1].taken for beat in story.beats}
    assert taken["05-arrive-d"] == (9, 10)
    assert taken["06-expand-b"] == (11,)
    assert taken["09-expand-b"] == (1,)
    assert story.beats[-1].steps[-1].after.free_frames == tuple(range(12))
