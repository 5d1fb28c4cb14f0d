"""How engines treat shared pages: rings around the frames that it is about, and a story's words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from manim import tempconfig
from told import MEDIA

from pagereel.assets import STORIES
from pagereel.stage.layout.places import Area, Region, picture_size
from pagereel.stage.part import Extent, LimitError
from pagereel.stage.parts.fork import Verdict, read_engines
from pagereel.stage.parts.fork.verdict import Engines
from pagereel.stage.theme import DARK
from pagereel.stage.timing import Phase
from pagereel.story import load_story

if TYPE_CHECKING:
    from collections.abc import Iterator

AREA = Area(*picture_size(960, 540))
WORDS = Engines("shared by all engines", "copied by some")
SHARED, COPIED = (0,), (1, 2)  # frames of the story


@pytest.fixture(autouse=True)
def _media() -> Iterator[None]:
    with tempconfig({"media_dir": str(MEDIA)}):
        yield


@pytest.fixture(scope="module")
def told() -> Extent:
    story = load_story(STORIES / "copy_on_write_engines.toml")
    return Extent.of(story, {"engines": read_engines(story.tables["engines"])})


def verdict(told: Extent, engines: Engines | None = WORDS) -> Verdict:
    place = Region(AREA.left, AREA.top, AREA.right, AREA.bottom)
    return Verdict(replace(told, own={"engines": engines} if engines else {}), DARK, place)


def test_what_a_story_says_is_said_ring_by_ring(told: Extent) -> None:
    engines = told.own["engines"]
    part = verdict(told, engines)
    assert (part.shown, [*part.mobjects], part.enter()) == ((), [], {})
    said = []
    for movements, frames in zip(part.judge(), (SHARED, COPIED), strict=True):
        for move in movements[Phase.CONNECT]():
            move.begin()
            move.finish()
        said.append(part.shown)
        ring = part.mobjects[-2]
        boxes = [part.places.boxes[frame] for frame in frames]
        middle = (boxes[0].left + boxes[-1].right) / 2
        assert ring.get_center()[0] == pytest.approx(middle)
        assert ring.get_left()[0] <= boxes[0].left
        assert ring.get_right()[0] >= boxes[-1].right
    assert said == [(engines.full,), (engines.full, engines.half)]


def test_a_story_that_says_nothing_of_engines_has_no_rings(told: Extent) -> None:
    assert verdict(told, None).judge() == []


@pytest.mark.parametrize("key", ["full", "half"])
def test_a_word_that_does_not_fit_is_refused_before_anything_is_drawn(
    told: Extent, key: str
) -> None:
    with pytest.raises(LimitError, match="is too wide; write a shorter word") as caught:
        verdict(told, replace(WORDS, **{key: "W" * 20}))
    assert caught.value.key == "engines"
