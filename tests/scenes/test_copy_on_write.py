"""CopyOnWrite shows the storyboard's states, and its numbers are counted."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from looks import LOOKS

from pagereel.assets import STORIES
from pagereel.cache import CacheState
from pagereel.errors import StoryError
from pagereel.stage.part import Extent, LimitError
from pagereel.stage.parts.fork import FacingTasks, ForkFrames
from pagereel.stage.parts.slots.look import Fill
from pagereel.story import load_story

if TYPE_CHECKING:
    from pathlib import Path

    from told import Moment

    from pagereel.stage.parts.slots.look import PageLook
    from tests.scenes.conftest import Golden, Tell

FULLEST = "copy"
NONE = "- - - -"
CAT, OLD = "The cat sat on", "the warm old -"
# Beat -> page tables, refcounts, mask, what the frames hold; - is an empty slot.
STATES: dict[str, tuple[dict[str, tuple[int, ...]], str, str, list[str]]] = {
    "opening": ({}, "00000", "11111", [NONE] * 5),
    "prompt": ({"A1": (0, 1)}, "11000", "11100", [CAT, OLD, NONE, NONE, NONE]),
    "share": ({"A1": (0, 1), "A2": (0, 1)}, "22000", "11100", [CAT, OLD, NONE, NONE, NONE]),
    "stop": ({"A1": (0, 1), "A2": (0, 1)}, "22000", "11100", [CAT, OLD, NONE, NONE, NONE]),
    "copy": ({"A1": (0, 2), "A2": (0, 1)}, "21100", "11000", [CAT, OLD, OLD, NONE, NONE]),
    "write": (
        {"A1": (0, 2), "A2": (0, 1)},
        "21100",
        "11000",
        [CAT, "the warm old sofa", "the warm old roof", NONE, NONE],
    ),
    "grow": (
        {"A1": (0, 2, 3), "A2": (0, 1, 4)},
        "21111",
        "00000",
        [CAT, "the warm old sofa", "the warm old roof", "and - - -", "all - - -"],
    ),
}
COUNTS = {"prompt": "2 pages in 2 frames", "copy": "4 pages in 3 frames"}
COUNTS |= {"share": "4 pages in 2 frames", "grow": "6 pages in 5 frames"}
BARS = ["6.1 to 9.8 %", "16.2 to 30.5 %", "37.6 to 55.2 %", "44.3 to 66.3 %"]
ENGINES = STORIES / "copy_on_write_engines.toml"


@pytest.fixture(scope="module")
def told(tell: Tell) -> dict[str, Moment]:
    return {now.key: now for now in tell("CopyOnWrite", stills={FULLEST})}


def words(look: PageLook) -> str:
    return " ".join(slot.says or "-" for slot in look.slots)


@pytest.mark.parametrize("key", STATES)
def test_a_beat_shows_the_state_of_the_storyboard(told: dict[str, Moment], key: str) -> None:
    now, (tables, refcounts, mask, held) = told[key], STATES[key]
    assert now.state.tables == now.shown["tasks"] == tables
    assert now.state.mask_literal == now.shown["mask"] == mask
    assert now.state.refcounts == tuple(map(int, refcounts))
    frames: tuple[PageLook, ...] = now.shown["frames"]
    assert [*map(words, frames)] == held
    for look, count, frame in zip(frames, now.state.refcounts, range(5), strict=True):
        assert look.number == str(frame)
        assert look.note == (f"refcount {count}" if count else "free")
        assert look.holders == tuple(task for task in tables if frame in tables[task])
        # Hatching is what a task has set aside and not written to.
        empty = {slot.fill for slot in look.slots if not slot.says}
        assert empty <= {Fill.EMPTY if count else Fill.FREE}
    assert now.shown["counter"] == COUNTS.get(key, now.shown["counter"])


def test_what_stands_out_is_the_rule_that_is_kept(told: dict[str, Moment]) -> None:
    lit = {
        key: [look.number for look in told[key].shown["frames"] if look.note_lit] for key in STATES
    }
    assert {key: numbers for key, numbers in lit.items() if numbers} == {
        "stop": ["1"],
        "copy": ["1", "2"],
    }
    opened = {
        key: [
            (look.number, at)
            for look in told[key].shown["frames"]
            for at in range(4)
            if look.slots[at].lit
        ]
        for key in STATES
    }
    assert {key: slots for key, slots in opened.items() if slots} == {
        "stop": [("1", 3)],
        "copy": [("2", 3)],
    }


def test_what_a_sample_writes_is_its_own(told: dict[str, Moment]) -> None:
    own = [slot.says for look in told["grow"].shown["frames"] for slot in look.slots if slot.own]
    assert own == ["sofa", "roof", "and", "all"]


def test_measured_savings_are_those_of_the_story(told: dict[str, Moment]) -> None:
    assert [bar.number for bar in told["saved"].shown["bars"]] == BARS
    beat = told["saved"].beat
    assert beat
    spoken = [bar.number for bar in told["saved"].shown["bars"] if bar.accent]
    assert spoken == [number for number in BARS if number in beat.caption]


@pytest.mark.slow
def test_what_engines_do_is_told_of_the_state_in_which_both_have_written(tell: Tell) -> None:
    told = {now.key: now for now in tell("CopyOnWrite", story=ENGINES, stills=None)}
    for key in ("opening", "engines"):
        assert [*map(words, told[key].shown["frames"])] == STATES["grow"][3]
        assert told[key].shown["tasks"] == STATES["grow"][0]
        assert told[key].shown["counter"] == COUNTS["grow"]
    assert told["opening"].shown["verdict"] == ()
    assert told["engines"].shown["verdict"][0] == "full: shared"
    beat = told["engines"].beat
    assert beat
    assert beat.source


@pytest.mark.parametrize(
    ("says", "change"),
    [
        ("a pool of 6 frames", {"initial": CacheState.empty(6, 4)}),
        ("pages of 8 tokens", {"initial": CacheState.empty(5, 8)}),
        ("no page is copied", {"steps": (), "earlier": ()}),
        ("A1 has no words", {"words": {}}),
        ("3 tasks", {"colors": dict.fromkeys(("A1", "A2", "A3"), "green")}),
    ],
)
def test_what_it_cannot_show_is_refused(says: str, change: dict[str, object]) -> None:
    story = load_story(STORIES / "copy_on_write.toml")
    told = replace(Extent.of(story), **change)  # type: ignore[arg-type]

    def check() -> None:
        FacingTasks.check(told)
        ForkFrames.check(told)

    with pytest.raises(LimitError, match=says):
        check()


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ('"warm"', '"Donaudampfer"', 'A1 = ["The"', "the word 'Donaudampfer' is too wide"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(
    tmp_path: Path, tell: Tell, old: str, new: str, place: str, says: str
) -> None:
    text = (STORIES / "copy_on_write.toml").read_text("utf-8")
    assert old in text
    file = tmp_path / "mine.toml"
    trace = STORIES.parent / "traces" / "copy_on_write.jsonl"
    text = text.replace("../traces/copy_on_write.jsonl", str(trace))
    file.write_text(text.replace(old, new), "utf-8")
    line = 1 + text[: text.index(place)].count("\n")
    with pytest.raises(StoryError, match=re.escape(f":{line}: {says}")):
        tell("CopyOnWrite", story=file)


@pytest.mark.parametrize("look", LOOKS)
def test_stills(golden: Golden, look: str) -> None:
    golden("CopyOnWrite", look, fullest=FULLEST)


@pytest.mark.slow
@pytest.mark.parametrize("look", ["wide", "tall", "square"])
def test_stills_of_engines(golden: Golden, look: str) -> None:
    golden("CopyOnWrite", look, fullest="engines", story=ENGINES)
