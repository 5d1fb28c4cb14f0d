from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pagereel.cache import Arrive, Copy, Defer, Evict, Expand, Finish, Preempt, Submit
from pagereel.story import load_story

if TYPE_CHECKING:
    from pathlib import Path


def test_the_story_of_the_seed(stories: Path) -> None:
    story = load_story(stories / "paged_cache.toml")
    assert story.title == "Paged KV Cache"
    assert story.tagline == "Page-table-indirected, O(1) alloc/free, on-demand growth"
    assert dict(story.colors) == {"A": "green", "B": "orange", "C": "blue"}
    assert (story.initial.frames, story.advice) == (8, "")
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


@pytest.mark.parametrize(
    "name", ["paged_cache.toml", "first_in_first_out.toml", "shared_prefix.toml"]
)
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
    assert (story.initial.frames, len(story.colors), story.initial.page_size) == (12, 4, 16)
    # What its captions say.
    taken = {beat.key: beat.steps[-1].taken for beat in story.beats}
    assert taken["05-arrive-d"] == (9, 10)
    assert taken["06-expand-b"] == (11,)
    assert taken["09-expand-b"] == (1,)
    assert story.beats[-1].steps[-1].after.free_frames == tuple(range(12))


def test_the_story_of_a_shared_prefix(stories: Path) -> None:
    story = load_story(stories / "shared_prefix.toml")
    assert [step.event for step in story.steps] == [
        Arrive("A", (0, 1, 2), 40),
        Arrive("B", (3,), 45, (0, 1)),
        Arrive("C", (), 40, (0, 1, 2)),
        Copy("C", 2, 2, 4),
        Submit("D", 60),
        Defer("D", 4),
        Finish("A"),
        Arrive("D", (2, 5, 6, 7), 60),
        Preempt("D"),
        Expand("B", 2, 48),
        Finish("C"),
        Arrive("D", (4, 5, 6, 7), 60),
        Finish("B", (2,), (3, 1, 0)),
        Evict((3,)),
        Arrive("E", (2, 3), 64, (0, 1)),
    ]
    # What its captions say.
    after = {beat.key: beat.steps[-1].after for beat in story.beats if beat.steps}
    assert len(after["d-waits"].free_frames) == 3
    assert after["a-finishes"].free_frames == (2, 5, 6, 7)
    assert not after["d-arrives"].free_frames
    assert [*after["d-preempted"].queued] == [*after["b-expands"].queued] == ["D"]
    assert story.beats[10].caption == "C finishes: frame 4 is free again, B holds 0 and 1."
    assert after["b-finishes"].cached == (3, 1, 0)
    assert [len(beat.steps) for beat in story.beats] == [0, 1, 1, 1, 1, 2, *[1] * 7, 2]
