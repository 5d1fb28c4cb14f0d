"""What a story asks for has to exist, and its acts come in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pagereel.assets import STORIES
from pagereel.errors import StageError, StoryError
from pagereel.stage.part import Extent, LimitError
from pagereel.stage.parts.lookup.facts import (
    acts_of,
    address_of,
    check_act,
    check_numbers,
    context_of,
    read_lookup,
)
from pagereel.stage.parts.lookup.frames import LinedFrames
from pagereel.stage.parts.lookup.strip import TokenStrip
from pagereel.story import load_story

if TYPE_CHECKING:
    from pathlib import Path

OURS = (STORIES / "page_lookup.toml").read_text("utf-8")


def told_by(tmp_path: Path, old: str = "", new: str = "") -> Extent:
    assert old in OURS
    trace = str(STORIES.parent / "traces" / "three_tasks.jsonl")
    path = tmp_path / "story.toml"
    path.write_text(
        OURS.replace("../traces/three_tasks.jsonl", trace).replace(old, new, 1), "utf-8"
    )
    story = load_story(path)
    return Extent.of(story, {name: read_lookup(table) for name, table in story.tables.items()})


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("position = 9", "position = 15", "there is no token 15; the last one of A is 14"),
        ("[0, 1, 4, 7]", "[0, 1, 4, 6]", "is [0, 1, 4, 6], but it is [0, 1, 4, 7]"),
        ('task = "A"', 'task = "D"', "asks about D; tasks in the cache are: A, B, C"),
        ('task = "A"', 'task = "B"', "the tokens of B have no words"),
        (', "in", "frame", "four", "."]', "]", "11 tokens fill 3 pages of 4, but the page table"),
    ],
)
def test_what_is_not_there_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    told = told_by(tmp_path, old, new)
    with pytest.raises(LimitError) as refused:
        TokenStrip.check(told)
    assert says in str(refused.value)
    assert refused.value.key == "lookup"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("position = 9", "", "[lookup] has no position"),
        ('task = "A"', "", "[lookup] has no task"),
        ("position = 9", "positon = 9", "unknown key 'positon'"),
        ("position = 9", "position = -1", "position must be 0 or more"),
    ],
)
def test_the_table_is_read_strictly(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(StoryError, match=rf"story.toml:\d+: .*{says.replace('[', '.')}"):
        told_by(tmp_path, old, new)


def test_other_tasks_have_as_many_tokens_as_the_trace_says(tmp_path: Path) -> None:
    told = told_by(tmp_path)
    LinedFrames.check(told)
    unknown = Extent(told.title, told.initial, (), told.colors, words=told.words, own=told.own)
    with pytest.raises(LimitError, match="nothing says how many tokens B has"):
        LinedFrames.check(unknown)


def test_acts_come_in_their_order(tmp_path: Path) -> None:
    story = load_story(STORIES / "page_lookup.toml")
    acts = [beat.act for beat in story.beats if beat.act]
    for number, act in enumerate(acts):
        check_act(act, acts[:number])
    for act, earlier in (("divide", []), ("slot", ["question"]), ("cost", ["question"])):
        with pytest.raises(StageError, match=f"the act {act} needs a beat with the act .* before"):
            check_act(act, earlier)
    for act, earlier in (("question", ["gather"]), ("gather", ["gather"])):
        with pytest.raises(StageError, match=f"the act {act} cannot come after the act gather"):
            check_act(act, earlier)
    address = address_of(told_by(tmp_path))
    assert all(acts_of(beat, address, 4) for beat in story.beats)


def test_texts_with_numbers_of_another_look_up_are_refused(tmp_path: Path) -> None:
    told = told_by(tmp_path)
    for beat in load_story(STORIES / "page_lookup.toml").beats:
        if beat.act != "price":
            check_numbers(beat.caption, context_of(told), address_of(told))
    other = told_by(tmp_path, "position = 9", "position = 6")
    with pytest.raises(StageError, match="names 9, which the look-up of token 6 does not"):
        check_numbers("9 = 2 x 4 + 1", context_of(other), address_of(other))
    with pytest.raises(LimitError, match="Where does token 9 live") as refused:
        TokenStrip.check(other)
    assert refused.value.key == "title"
