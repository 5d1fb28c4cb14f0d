"""LruEviction shows what the trace's cache does, and says of it what is true."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from looks import LOOKS

from pagereel.assets import STORIES
from pagereel.cache import Arrive, Submit
from pagereel.errors import StoryError
from pagereel.stage.parts.eviction.pool import admitted
from pagereel.stage.parts.pool import Kind
from pagereel.story import load_story

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scenes.conftest import Golden, Tell

FULLEST = "d-finishes"
STORY = STORIES / "lru_eviction.toml"
# The storyboard: by beat the numbers held, cached and free, the engine's step, the task that runs,
# the line with the step since which each frame stands in it, and the mask.
STATES = {
    "opening": ("0 0 8", 0, {}, "", "11111111"),
    "a-and-b": ("0 5 3", 4, {}, "0@1 1@1 2@1 3@4 4@4", "11100000"),
    "rescue": ("4 2 2", 6, {"C": (0, 1, 2, 5)}, "3@4 4@4", "11000000"),
    "back": ("0 5 3", 7, {}, "3@4 4@4 0@7 1@7 2@7", "11100000"),
    "full": ("3 5 0", 9, {"D": (5, 6, 7)}, "3@4 4@4 0@7 1@7 2@7", "00000000"),
    "evict": ("4 4 0", 10, {"D": (5, 6, 7, 3)}, "4@4 0@7 1@7 2@7", "00000000"),
    "d-finishes": ("0 7 1", 11, {}, "4@4 0@7 1@7 2@7 5@11 6@11 7@11", "00001000"),
    "middle": ("4 4 0", 12, {"E": (0, 1, 2, 3)}, "4@4 5@11 6@11 7@11", "00000000"),
    "closing": ("4 4 0", 12, {"E": (0, 1, 2, 3)}, "4@4 5@11 6@11 7@11", "00000000"),
}


def test_what_is_shown_after_each_beat(tell: Tell) -> None:
    told = tell("LruEviction", stills={FULLEST})
    assert [now.key for now in told] == [*STATES]
    for now in told:
        shown = now.shown
        line = shown["line"]
        looks, bits = shown["pool"]
        stands = " ".join(f"{entry.frame}@{entry.since}" for entry in line)
        found = (" ".join(shown["counter"]), shown["step"], shown["task"], stands, bits)
        assert found == STATES[now.key], now.key
        assert [entry.frame for entry in line] == [*now.state.cached]
        assert [entry.since for entry in line] == sorted(entry.since for entry in line)
        # Each frame is in exactly one of: held, in line, free.
        kinds = [look.kind for look in looks]
        assert [n for n, kind in enumerate(kinds) if kind is Kind.CACHED] == sorted(
            entry.frame for entry in line
        )
        assert kinds.count(Kind.HELD) == len(now.state.holders)


def test_what_the_captions_say_is_so() -> None:
    story = load_story(STORY)
    steps = story.steps
    arrivals = {step.event.task: step.event for step in steps if isinstance(step.event, Arrive)}
    first = arrivals["A"].frames
    assert arrivals["C"].shared == arrivals["E"].shared == first  # they begin like A
    found = sum(len(event.shared) for event in arrivals.values())
    pages = found + sum(len(event.frames) for event in arrivals.values())
    assert story.tagline == f"Finished, not forgotten: {found} of {pages} prompt pages were found."


def test_a_task_that_is_queued_is_shown_when_more_happens() -> None:
    steps = load_story(STORY).steps
    shown = [*admitted(steps)]
    assert [step.event for step in shown] == [
        step.event for step in steps if not isinstance(step.event, Submit)
    ]
    assert (shown[0].before, shown[-1].after) == (steps[0].before, steps[-1].after)
    assert all(one.after == other.before for one, other in pairwise(shown))
    assert [*admitted(steps[:1])] == [*steps[:1]], "nothing is lost"


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ("note = ", "notes = ", "notes", "unknown key 'notes'"),
        ("source = ", "sources = ", "sources", "unknown key 'sources'"),
        (
            "vLLM from its last",
            "vLLM from its " + "last " * 9,
            "note = ",
            "note has 103 characters",
        ),
        ("vLLM from its last", "vLLM from 末", "[evict]", "no font here has"),
    ],
)
def test_a_note_that_is_refused(
    tell: Tell, tmp_path: Path, old: str, new: str, place: str, says: str
) -> None:
    traces = STORY.parents[1] / "traces"
    text = STORY.read_text(encoding="utf-8").replace("../traces", str(traces))
    assert old in text
    path = tmp_path / "mine.toml"
    text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    line = 1 + text[: text.index(place)].count("\n")
    with pytest.raises(StoryError) as caught:
        tell("LruEviction", story=path)
    assert says in str(caught.value)
    assert str(caught.value).startswith(f"{path}:{line}: ")


@pytest.mark.parametrize("story", ["paged_cache.toml", "shared_prefix.toml"])
def test_a_story_that_it_cannot_tell(tell: Tell, story: str) -> None:
    with pytest.raises(StoryError, match="LruEviction shows"):
        tell("LruEviction", story=STORIES / story)


@pytest.mark.parametrize("look", LOOKS)
def test_stills(golden: Golden, look: str) -> None:
    golden("LruEviction", look, fullest=FULLEST)
