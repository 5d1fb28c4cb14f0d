"""The prefix index leads only to frames that have a page, held or cached."""

from __future__ import annotations

from manim import tempconfig
from told import MEDIA

from pagereel.assets import TRACES
from pagereel.cache import Arrive
from pagereel.stage.layout.places import Region
from pagereel.stage.part import Extent
from pagereel.stage.parts.sharing.index import PrefixIndex
from pagereel.stage.theme import DARK
from pagereel.story import load_story


def test_it_shows_the_frames_that_are_found_and_are_kept_now() -> None:
    story = load_story(TRACES / "lru_eviction.jsonl")
    found = {
        frame
        for step in story.steps
        if isinstance(step.event, Arrive)
        for frame in step.event.shared
    }
    with tempconfig({"media_dir": str(MEDIA)}):
        index = PrefixIndex(Extent.of(story), DARK, Region(-6, 3, 6, -3))
        assert not index.shown
        index.open()
        shown: list[tuple[int, ...]] = []
        for step in story.steps:
            for move in index.show(step).values():
                move()
            kept = {*step.after.holders, *step.after.cached}
            assert index.shown == tuple(sorted(found & kept)), step.event.label
            shown.append(index.shown)
    assert [shown[0], shown[-1]] == [(), (0, 1, 2)]
