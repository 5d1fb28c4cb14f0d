"""Storyboards that say which events make a beat: of a trace, or of their own."""

from __future__ import annotations

import json
import os
import pickle
from typing import TYPE_CHECKING

import pytest
from traces import TRACES

from pagereel.errors import StoryError
from pagereel.story import load_story
from pagereel.trace import open_trace
from pagereel.trace.cut import EventRange, cut

if TYPE_CHECKING:
    from pathlib import Path

    from tests.story.conftest import Check, Write

OWN = """\
title = "T"
[pool]
frames = 8
page_size = 4
[[events]]
step = 0
arrive = "A"
frames = [0, 1]
tokens = 7
[[events]]
step = 3
expand = "A"
frames = [2]
[[events]]
step = 3
finish = "A"
"""


def told_by(tmp_path: Path, beats: str) -> str:
    """Return a storyboard of `lru_eviction.jsonl`, named as seen from the storyboard's folder."""
    (trace,) = (path for path in TRACES if path.stem == "lru_eviction")
    return f'title = "T"\ntrace = {json.dumps(os.path.relpath(trace, tmp_path))}\n{beats}'


def test_beats_group_the_events_of_a_trace(write: Write, tmp_path: Path) -> None:
    beats = (
        'opening = "Look."\n[[beats]]\nthrough = 6\ncaption = "Two."\nlate = true\nkey = "two"\n'
        '[[beats]]\nact = "look-up"\nrest = 1.6\nsource = "AstrAI 75304d0"\n'
        "[[beats]]\nthrough = 8\n"
    )
    story = load_story(write(told_by(tmp_path, beats)))
    two, quiet, rescue = story.beats
    assert story.opening == "Look."
    assert [[step.number for step in beat.steps] for beat in story.beats] == [
        [1, 2, 3, 4, 5, 6],
        [],
        [7, 8],
    ]
    assert (two.key, two.caption, two.late, two.rest, two.act) == ("two", "Two.", True, None, None)
    assert (quiet.key, quiet.caption, quiet.act, quiet.rest) == ("02-look-up", "", "look-up", 1.6)
    assert (quiet.source, quiet.place) == ("AstrAI 75304d0", "beat 2")
    assert rescue.caption == "C arrives: it reuses cached frames 0, 1 and 2, and fills 5."
    assert rescue.steps[-1].after.cached == (3, 4)
    assert [*story.colors] == ["A", "B", "C"]
    assert [beat.line for beat in story.beats] == [4, 9, 13]
    assert pickle.loads(pickle.dumps(story)) == story  # noqa: S301


def test_the_engines_steps_that_pass_in_a_beat(write: Write, tmp_path: Path) -> None:
    through = "[[beats]]\nthrough = {}\n".format
    story = load_story(write(told_by(tmp_path, "".join(map(through, (2, 3, 11, 13))))))
    ticks = [[(at, [s.number for s in steps]) for at, steps in b.ticks] for b in story.beats]
    assert ticks == [
        [(0, [1, 2])],
        [(1, [3])],
        [(2, []), (3, [4, 5]), (4, [6]), (5, []), (6, [7, 8]), (7, [9]), (8, []), (9, [10, 11])],
        [(10, [12, 13])],
    ]


def test_a_beat_can_go_on_in_the_step_of_the_one_before(write: Write) -> None:
    story = load_story(write(f"{OWN}[[beats]]\nthrough = 2\n[[beats]]\nthrough = 3\n"))
    first, second = ([at for at, _ in beat.ticks] for beat in story.beats)
    assert (first, second) == ([0, 1, 2, 3], [3])
    assert [beat.caption for beat in story.beats] == [
        "A expands: its page 2 takes frame 2.",
        "A finishes: frames 0, 1 and 2 are free again.",
    ]


def test_a_story_can_begin_later(write: Write, tmp_path: Path) -> None:
    story = load_story(write(told_by(tmp_path, "begins_after = 10\n[[beats]]\nthrough = 13\n")))
    assert story.initial.cached == (3, 4, 0, 1, 2)
    assert [step.number for step in story.earlier] == [*range(1, 11)]
    assert [step.number for step in story.steps] == [11, 12, 13]
    assert story.beats[0].since == 9
    assert [*story.colors] == ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    ("beats", "says"),
    [
        ("[[beats]]\nthrough = 4", "beat 1: event 4 comes before the first that is told, event 9"),
        ("begins_after = 4", "begins_after must be from 9 to 17, not 4"),
    ],
)
def test_a_part_of_a_trace_has_the_numbers_of_all(
    write: Write, tmp_path: Path, beats: str, says: str
) -> None:
    (path,) = (path for path in TRACES if path.stem == "lru_eviction")
    with open_trace(path) as trace:
        (tmp_path / "part.jsonl").write_text("".join(cut(trace, EventRange(9))))
    top = 'title = "T"\ntrace = "part.jsonl"\n'
    (beat,) = load_story(write(f"{top}[[beats]]\nthrough = 10\n")).beats
    assert [step.number for step in beat.steps] == [9, 10]
    with pytest.raises(StoryError, match=says):
        load_story(write(f"{top}{beats}\n"))


def test_without_beats_each_event_of_a_trace_is_one(write: Write, tmp_path: Path) -> None:
    (trace,) = (path for path in TRACES if path.stem == "lru_eviction")
    story, alone = load_story(write(told_by(tmp_path, ""))), load_story(trace)
    captions = [(beat.key, beat.caption, beat.steps) for beat in story.beats]
    assert captions == [(beat.key, beat.caption, beat.steps) for beat in alone.beats]
    assert story.colors == alone.colors


@pytest.mark.parametrize(
    ("beats", "message"),
    [
        ("[[beats]]\nthrough = 4 # here", "beat 1: there is no event 4; the last is event 3"),
        (
            '[[beats]]\nthrough = 2\n[[beats]]\nkey = "again"\nthrough = 2 # here',
            "beat 2 (again): event 2 is told already; name a later one, or none",
        ),
        ("[[beats]]\nthrough = 0 # here", "beat 1: through must be 1 or more, not 0"),
        ('[[beats]] # here\nkey = "quiet"', "beat 1 (quiet): says nothing; add a caption, or"),
        ('[[beats]]\ncaption = "C"\ncaptions = 1 # here', "beat 1: unknown key 'captions'; did"),
        ('[[beats]]\ncaption = "C"\nrest = 1.5 # here', "beat 1: rest must be a multiple of 0.2"),
        ('[[beats]]\ncaption = "C"\nrest = 11 # here', "beat 1: rest must be from 0 to 10.0, no"),
        ('[[beats]]\ncaption = "C"\nlate = 1 # here', "beat 1: late must be true or false, not"),
        ('[[beats]]\nact = "Look up" # here', "beat 1: act 'Look up' must be at most 40 small"),
        ('[[beats]]\nact = "a"\nkey = "closing" # here', "key 'closing' is the key of a part"),
        (
            '[[beats]]\nkey = "a"\nact = "a"\n[[beats]]\nact = "a"\nkey = "a" # here',
            "beat 2 (a): key 'a' is that of beat 1; choose another",
        ),
        ("[beats] # here\nthrough = 1", "beats must be a list of tables, not a table"),
        ('[[beats]]\ncaption = "C"\n' * 60 + "[[beats]] # here", "61 beats make too long a video"),
    ],
)
def test_beats_that_are_refused(check: Check, beats: str, message: str) -> None:
    check(f"{OWN}{beats}\n", message)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "T"', 'title = "T"\nbegins_after = 4 # here', "begins_after must be from 1 to 3"),
        ('title = "T"', 'title = "T"\nbegins_after = 3 # here', "nothing is told after that event"),
        ("step = 3\nfinish", "step = 2 # here\nfinish", "event 3 (finish A): step 2 after step 3"),
        ("[pool]", "[saved] # here\nx = 1\n[pool]", "unknown key 'saved'; known: title"),
        ("[pool]", 'trace = "x.jsonl"\n[pool] # here', "has both a trace and pool; remove one"),
        ("[pool]", 'scene = "X"\nsaved = 1 # here\n[pool]', "saved must be a table, not 1"),
    ],
)
def test_storyboards_that_are_refused(check: Check, old: str, new: str, message: str) -> None:
    check(OWN.replace(old, new, 1), message)


def test_events_of_a_beat_have_no_caption_of_their_own(check: Check) -> None:
    text = OWN.replace('finish = "A"', 'finish = "A"\ncaption = "Over."')
    beats = "[[beats]]\nthrough = 3 # here\n"
    check(f"{text}{beats}", "beat 1: event 3 has a caption of its own; remove it")
    text = OWN.replace('finish = "A"', 'finish = "A"\noptional = true')
    check(f"{text}{beats}", "beat 1: event 3 is optional; remove it")


def test_beats_may_be_optional_and_a_story_has_a_length(write: Write) -> None:
    optional = OWN.replace('expand = "A"', 'expand = "A"\noptional = true')
    story = load_story(write(f"length = 20\n{optional}"))
    assert story.length == 20
    assert story.lines["length"] == 1
    assert [beat.optional for beat in story.beats] == [False, True, False]
    beats = "[[beats]]\nthrough = 2\n[[beats]]\nthrough = 3\noptional = true\n"
    assert [beat.optional for beat in load_story(write(f"{OWN}{beats}")).beats] == [False, True]
    evicted = '[[events]]\nsubmit = "B"\noptional = true\n[[events]]\narrive = "B"\npages = 1\n'
    beats_of = [beat.optional for beat in load_story(write(f"{OWN}{evicted}")).beats]
    assert beats_of == [False, False, False, True, False], "it has a beat of its own then"


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        ("x.toml", "trace must name a file *.jsonl or *.jsonl.gz; record one"),
        ("x.jsonl", "the trace 'x.jsonl' is not there; name it as seen from this file's folder"),
    ],
)
def test_traces_that_are_not_there(check: Check, trace: str, message: str) -> None:
    check(f'title = "T"\ntrace = "{trace}" # here\n', message)


def test_a_mistake_in_the_trace_is_one_of_the_trace(write: Write, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("{}\n")
    with pytest.raises(Exception, match=r"bad\.jsonl:1: a trace begins with the line"):
        load_story(write('title = "T"\ntrace = "bad.jsonl"\n'))


def test_only_a_story_for_a_scene_has_tables_of_the_scenes_own(write: Write) -> None:
    text = OWN.replace("[pool]", 'scene = "X"\n[saved]\nx = 1\n[pool]', 1)
    story = load_story(write(text))
    assert (story.scene, [*story.tables], story.lines["saved"]) == ("X", ["saved"], 3)
    with pytest.raises(StoryError, match="unknown key 'saved'"):
        load_story(write(text.replace('scene = "X"\n', "")))
