"""The JSON Schemas that are shipped, against the readers: what one takes the other takes, too."""

from __future__ import annotations

import copy
import json
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from traces import ROOT, TRACES, event, header

from pagereel.assets import SCHEMAS, STORIES
from pagereel.cache.events import KINDS
from pagereel.errors import StoryError
from pagereel.story import load_story
from pagereel.trace.records import (
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST,
    MOST_FRAMES,
    NAME,
    Fault,
    Header,
    read_checks,
    read_event,
    read_header,
)

if TYPE_CHECKING:
    from pathlib import Path

TRACE, STORYBOARD = (
    Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text()))
    for name in ("trace", "storyboard")
)
TIERS = {"host": 9, "disk": 9, "a": 9}
# In no trace that is shipped.
RARE = [
    header(page_size=4, reserved=[7], note="every verb"),
    header(made_up=3, first=30),
    header(first=30),
    event(1, "defer", "b", need=2),
    event(2, "copy", "b", page=1, src=1, dst=3, tables={"a": [0, 1], "b": [0, 3, 2]}),
    event(3, "preempt", "b", freed=[4], cached=[3, 2], step=4, evictable=[3, 2]),
    event(4, "arrive", "c", shared=[0], frames=[], mask="0x70"),
    event(5, "abort", "c"),
    event(6, "arrive", "d", shared=[None, 0], frames=[None, 5], tables={"d": [None, 0]}),
    event(7, "expand", "d", frames=[None]),
    event(8, "share", "d", page=3, shared=[1], freed=[5], cached=[]),
    event(9, "release", "d", frames=[0], freed=[], cached=[0]),
    event(10, "shrink", "d", frames=[None, 1], cached=[1]),
    event(11, "drop", frames=[1]),
    header(version=2, tiers={"host": 4}),
    event(12, "offload", tier="host", slots=[0, 3], frames=[1, 2], keys=["1f", "2e"]),
    event(13, "load", tier="host", slots=[3], frames=[5], tiers={"host": [3, 0], "a": []}),
    event(14, "discard", tier="host", slots=[0]),
]
LINES = [
    *RARE,
    # Whether tables are by group, a schema of one line cannot know.
    *(
        json.loads(line)
        for path in TRACES
        if path.stem != "groups"
        for line in path.read_text().splitlines()[:40]
    ),
]


def reads(line: Any) -> bool:
    """Say whether the reader takes a line, whatever the lines around it say."""
    try:
        if line.get("ev") == "init":
            read_header(line)
        else:
            read_event(line, 2)
            # How many frames there are a schema of one line cannot know.
            mask = line.get("mask")
            fits = type(mask) is str and not mask.startswith("0x") and mask
            read_checks(line, Header("toy", len(fits) if fits else 2**20, tiers=TIERS))
    except Fault:
        return False
    return True


@pytest.mark.parametrize("schema", [TRACE, STORYBOARD])
def test_a_schema_is_one(schema: Draft202012Validator) -> None:
    Draft202012Validator.check_schema(schema.schema)


@pytest.mark.parametrize("path", TRACES, ids=lambda path: path.name)
def test_every_line_of_a_recorded_trace_is_valid(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    alike = {(line["ev"], *line): line for line in lines}  # one of those that have the same fields
    for line in [*alike.values(), *lines[::40]]:
        assert TRACE.is_valid(line), line


@pytest.mark.parametrize("line", RARE)
def test_every_verb_is_valid(line: dict[str, Any]) -> None:
    assert TRACE.is_valid(line)
    assert reads(line)


def test_schemas_name_what_the_readers_know() -> None:
    trace = TRACE.schema
    defs = trace["$defs"]
    assert trace["properties"]["ev"]["enum"] == ["init", "end", *KINDS]
    assert defs["task"]["maxLength"] == LONGEST_NAME
    assert defs["task"]["pattern"] == f"^{NAME}$"
    assert defs["text"]["maxLength"] == LONGEST_TEXT
    assert defs["whole"]["maximum"] == defs["positive"]["maximum"] == MOST
    assert defs["init"]["properties"]["frames"]["maximum"] == MOST_FRAMES


# What JSON Schema takes for the same is left out: 1.0 for 1, and names that end in a line end.
strange = st.sampled_from(
    [None, True, -1, 0, 1, 2**53, 2**60, 1.5, "", "x", "../x", "<b>", "0x0", "101", "é", "x" * 300]
)
strange |= st.sampled_from([[], [1], [1, 2], [None], ["1"], {}, {"a": [1]}, {"a b": []}, {"a": 1}])


@given(st.sampled_from(LINES), st.data())
def test_a_trace_line_with_a_changed_field_is_valid_exactly_if_it_is_read(
    line: dict[str, Any], data: st.DataObject
) -> None:
    line = copy.deepcopy(line)
    key = data.draw(st.sampled_from(sorted(line)))
    how = data.draw(st.sampled_from(("change", "drop", "rename", "add")))
    if how == "change":
        line[key] = data.draw(strange)
    elif how == "drop" and key != "seq":
        del line[key]
    elif how == "rename" and key != "seq":
        line[f"{key}s"] = line.pop(key)
    elif how == "add":
        keys = ["task", "tokens", "frames", "freed", "cached", "need", "pos", "mask", "step", "src"]
        keys += ["tier", "slots", "keys", "tiers"]
        line[data.draw(st.sampled_from(keys))] = data.draw(strange)
    if key == "seq":  # the reader of the file, not of the line, looks at it
        line["seq"] = 1
    line.pop("step", None)
    assert TRACE.is_valid(line) == reads(line), line


@pytest.mark.parametrize("path", sorted(STORIES.glob("*.toml")), ids=lambda path: path.name)
def test_every_story_is_valid_and_names_its_schema(path: Path) -> None:
    text = path.read_text()
    assert STORYBOARD.is_valid(tomllib.loads(text))
    schema = text.splitlines()[0].removeprefix("#:schema ")
    assert (path.parent / schema).resolve() == SCHEMAS / "storyboard.json"


STORY = """\
title = "T"
tagline = "t"
pool = {frames = 8, page_size = 4, policy = "fifo"}
colors = {A = "green"}
[[events]]
arrive = "A"
frames = [0, 1]
tokens = 8
mask = "11111100"
[[events]]
expand = "A"
pos = 8
[[events]]
arrive = "B"
pages = 2
caption = "B arrives."
[[events]]
finish = "A"
key = "over"
cached = [0]
[[events]]
submit = "C"
tokens = 9
[[events]]
defer = "C"
need = 3
[[events]]
caption = "C has to wait."
[[events]]
arrive = "C"
shared = [0]
pages = 2
[[events]]
arrive = "D"
shared = [0]
[[events]]
copy = "D"
page = 0
[[events]]
preempt = "D"
freed = []
cached = [7]
[[events]]
evict = [7]
[[events]]
expand = "B"
frames = [7]
[[events]]
abort = "D"
"""
CHANGES = [
    ('title = "T"\n', ""),
    ('title = "T"', f'title = "{"T" * 41}"'),
    ('title = "T"', 'title = " "'),
    ('title = "T"', "title = 1"),
    ('tagline = "t"', 'tagline = ""'),
    ('tagline = "t"\n', ""),
    ('tagline = "t"', 'taglin = "t"'),
    ('tagline = "t"', "length = 20"),
    ('tagline = "t"', "length = 0.5"),
    ('tagline = "t"', "length = 601"),
    ('tagline = "t"', 'length = "20"'),
    ("pos = 8", "optional = true"),
    ("pos = 8", "optional = 1"),
    ("frames = 8", "frames = 0"),
    ("frames = 8", "frames = 65537"),
    ("frames = 8", "frames = true"),
    ("frames = 8", "frames = 8, size = 1"),
    ("frames = 8, ", ""),
    ("page_size = 4", "page_size = -4"),
    ('"fifo"', '"best"'),
    ('{A = "green"}', '{A = "red"}'),
    ('{A = "green"}', '{"<b>" = "green"}'),
    ('{A = "green"}', "{}"),
    ('arrive = "A"', 'arrive = "ABCDEFGHIJKLMNOPQ"'),
    ('arrive = "A"', 'arive = "A"'),
    ('arrive = "A"', 'arrive = "A"\nfinish = "A"'),
    ("frames = [0, 1]", "frames = [0, 1]\npages = 2"),
    ("frames = [0, 1]\n", ""),
    ("frames = [0, 1]", "frames = [0, 0]"),
    ("frames = [0, 1]", "frames = []"),
    ("frames = [0, 1]", "frames = [0, -1]"),
    ("frames = [0, 1]", "frames = [0, 1.5]"),
    ("frames = [0, 1]", "frames = 0"),
    ("tokens = 8", "tokens = 0"),
    ("tokens = 8\n", ""),
    ('mask = "11111100"', 'mask = "1111110x"'),
    ('mask = "11111100"', "mask = 11111100"),
    ("pos = 8", "pos = -1"),
    ("pos = 8", "pos = 8\nframes = [2]"),
    ("pos = 8", "pos = 8\nframes = [2, 3]"),
    ("pos = 8", "pos = 8\ntokens = 1"),
    ("pages = 2", "pages = 0"),
    ("pages = 2", "pages = 2\nframe = [3]"),
    ('"B arrives."', f'"{"B" * 101}"'),
    ('"B arrives."', f'"{"B" * 100}"'),
    ('key = "over"', 'key = "opening"'),
    ('key = "over"', 'key = "Over"'),
    ('key = "over"', f'key = "{"k" * 41}"'),
    ('key = "over"', "pos = 3"),
    ('arrive = "', 'submit = "'),
    ("cached = [0]", "cached = 0"),
    ("cached = [0]", "cached = [0]\nfreed = [1, 2]"),
    ("cached = [0]", "cached = [0]\nfreed = [1, 1, 2]"),
    ('submit = "C"', "submit = 3"),
    ("tokens = 9", "tokens = 0"),
    ("tokens = 9", "need = 3"),
    ("need = 3\n", ""),
    ('caption = "C has to wait."', 'caption = ""'),
    ('caption = "C has to wait."', 'caption = "C has to wait."\nkey = "wait"'),
    ('caption = "C has to wait."', 'caption = "C has to wait."\nmask = "11000010"'),
    ('caption = "C has to wait."', 'key = "wait"'),
    ('caption = "C has to wait."', 'caption = "C has to wait."\noptional = true'),
    ('caption = "C has to wait."', "optional = true"),
    ("shared = [0]\npages = 2", "shared = [0]\npages = 2\ntokens = 9"),
    ("shared = [0]\npages = 2", "shared = []"),
    ("shared = [0]\npages = 2", "shared = [0]\nframes = [5, 6]"),
    ("shared = [0]\npages = 2", "shared = [0]\nframes = [5, 6]\npages = 2"),
    ("shared = [0]\npages = 2", "shared = [0, 0]\npages = 2"),
    ("page = 0\n", ""),
    ("page = 0", "page = -1"),
    ("page = 0", "page = 0\nsrc = 0\ndst = 7"),
    ("page = 0", "page = 0\nsrc = 0"),
    ("page = 0", "page = 0\ndst = 7"),
    ("page = 0", "page = 0\npages = 1"),
    ("freed = []\n", ""),
    ("evict = [7]", "evict = []"),
    ("evict = [7]", 'evict = "D"'),
    ("evict = [7]", "evict = [7, 7]"),
    ("evict = [7]", "evict = [7]\nframes = [7]"),
]


@pytest.mark.parametrize(("old", "new"), [("", ""), *CHANGES])
def test_a_changed_storyboard_is_valid_exactly_if_it_is_read(
    tmp_path: Path, old: str, new: str
) -> None:
    check_agrees(tmp_path, STORY.replace(old, new, 1))


def check_agrees(tmp_path: Path, text: str) -> None:
    path = tmp_path / "story.toml"
    path.write_text(text)
    try:
        read = load_story(path) is not None
    except StoryError:
        read = False
    assert STORYBOARD.is_valid(tomllib.loads(text)) == read


BEATS = """\
title = "T"
opening = "o"
scene = "S"
pool = {frames = 8, page_size = 4}
[[events]]
step = 0
arrive = "A"
frames = [0, 1]
[[events]]
step = 2
finish = "A"
[words]
A = ["a", "b"]
[measured]
any = 1
[[beats]]
key = "one"
caption = "c"
through = 1
late = true
rest = 1.6
source = "s"
[[beats]]
act = "look-up"
"""
CHANGED_BEATS = [
    ('scene = "S"\n', ""),
    ('scene = "S"', "scene = 1"),
    ('opening = "o"', f'opening = "{"o" * 101}"'),
    ("[measured]\nany = 1", "measured = 1"),
    ('scene = "S"', 'scene = "S"\ntrace = "x.jsonl"'),
    ('scene = "S"', 'scene = "S"\nbegins_after = 0'),
    ('scene = "S"', "begins_after = true"),
    ("step = 0", "step = -1"),
    ("step = 0", "step = 0.5"),
    ('["a", "b"]', '["a", 1]'),
    ('["a", "b"]', '["a", " "]'),
    ('["a", "b"]', f'["{"a" * 17}"]'),
    ('A = ["a"', '"A B" = ["a"'),
    ("through = 1", "through = 0"),
    ("through = 1", "thruogh = 1"),
    ('caption = "c"\n', ""),
    ("late = true", "late = 1"),
    ("late = true", "optional = true"),
    ("late = true", "optional = 1"),
    ('opening = "o"', "length = 20.5"),
    ("rest = 1.6", "rest = 1.5"),
    ("rest = 1.6", "rest = 10.2"),
    ("rest = 1.6", "rest = 2"),
    ('source = "s"', 'source = ""'),
    ('act = "look-up"', 'act = "look up"'),
    ('act = "look-up"', 'source = "s"'),
    ('key = "one"', 'key = "opening"'),
]


@pytest.mark.parametrize(("old", "new"), [("", ""), *CHANGED_BEATS])
def test_changed_beats_are_valid_exactly_if_they_are_read(
    tmp_path: Path, old: str, new: str
) -> None:
    assert old in BEATS
    check_agrees(tmp_path, BEATS.replace(old, new, 1))


def test_schemas_lie_beside_the_stories_in_a_checkout_and_in_the_package() -> None:
    assert SCHEMAS.parent == STORIES.parent
    assert SCHEMAS == ROOT / "assets" / "schemas"
