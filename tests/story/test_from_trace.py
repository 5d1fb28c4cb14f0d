"""A trace becomes a story: what is told together, what tasks are called, what is too much."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from traces import TRACES, event, header, text_of

from pagereel.errors import PagereelError, StoryError, TraceError
from pagereel.story import Story, load_story
from pagereel.trace import open_trace
from pagereel.trace.cut import EventRange, cut

if TYPE_CHECKING:
    from pathlib import Path

    from traces import Line

ADVICE = "take a part with pagereel trace cut, or show all of it with pagereel replay"
SMALL = {path.stem: path for path in TRACES if path.stem != "random_256_frames"}
LONG = "cmpl-8f3a2b119c70d4e1-0"


def load(tmp_path: Path, *lines: Line) -> Story:
    path = tmp_path / "small.jsonl"
    path.write_text(text_of(*lines), encoding="utf-8")
    return load_story(path)


def arrive(seq: int, task: str, *frames: int) -> Line:
    return event(seq, "arrive", task, frames=list(frames))


@pytest.mark.parametrize(("name", "beats"), [("prefix_sharing", 11), ("random_16_frames", 43)])
def test_a_trace_is_a_story(name: str, beats: int) -> None:
    story = load_story(SMALL[name])
    assert len(story.beats) == beats
    assert story.title == "Paged KV Cache of AstrAI 75304d0"
    assert not story.preface
    assert story.lines["length"] == 1  # every scene asks for it
    assert len({beat.key for beat in story.beats}) == beats
    assert max(len(beat.caption) for beat in story.beats) <= 70
    tables = story.beats[-1].steps[-1].after.tables
    assert not tables


def test_what_is_told_together(tmp_path: Path) -> None:
    story = load(
        tmp_path,
        header(frames=2),
        event(1, "submit", "A"),
        arrive(2, "A", 0, 1),
        event(3, "submit", "B"),
        event(4, "defer", "B", need=1),
        event(5, "defer", "B", need=1),
        event(6, "finish", "A", freed=[1], cached=[0]),
        event(7, "evict", frames=[0]),
        arrive(8, "B", 0),
    )
    assert [[step.event.label for step in beat.steps] for beat in story.beats] == [
        ["submit A", "arrive A"],
        ["submit B", "defer B"],
        ["defer B", "finish A"],
        ["evict 1 frame", "arrive B"],
    ]
    assert [beat.key for beat in story.beats] == [
        *("01-arrive-a", "02-defer-b", "03-finish-a", "04-arrive-b")
    ]
    assert [beat.line for beat in story.beats] == [3, 5, 7, 9]
    assert dict(story.colors) == {"A": "green", "B": "orange"}


def test_long_names_are_numbered_and_that_is_said(tmp_path: Path) -> None:
    lines = (arrive(1, "A", 0), arrive(2, LONG, 1), event(3, "finish", LONG, freed=[1]))
    checks = {"tables": {"A": [0], LONG: [1]}}
    story = load(tmp_path, header(), lines[0], lines[1] | checks, lines[2])  # type: ignore[operator]
    assert [*story.colors] == ["A", "T2"]
    for before, step in zip(story.steps, story.steps[1:], strict=False):
        assert step.before == before.after
    assert story.beats[1].caption == "T2 arrives: its prompt fills frame 1."
    assert story.beats[1].key == "02-arrive-cmpl-8f3a2b119c70d4e1-0"
    assert story.preface == (f"Tasks with long names are numbered: T2 is {LONG}.",)


def test_all_numbers_are_explained(tmp_path: Path) -> None:
    tasks = [f"conversation-{number}-of-somebody" for number in range(5)]
    story = load(tmp_path, header(), *(arrive(n, t, n - 1) for n, t in enumerate(tasks, 1)))
    assert [*story.colors] == ["T1", "T2", "T3", "T4", "T5"]
    said = " ".join(story.preface)
    assert all(
        f"T{number} is conversation-{number - 1}-of-someb…" in said for number in range(1, 6)
    )
    assert max(map(len, story.preface)) <= 100
    assert len(story.preface) == 2


def test_a_part_begins_with_what_there_is(tmp_path: Path) -> None:
    """What `cut` made up before the first recorded event is no event of the story."""
    whole = load(
        tmp_path,
        header(page_size=4),
        arrive(1, LONG, 0, 1) | {"step": 0},  # type: ignore[operator]
        event(2, "finish", LONG, freed=[1], cached=[0], step=1),
        arrive(3, "B", 2) | {"tokens": 3, "step": 2},  # type: ignore[operator]
        event(4, "submit", "C", step=3),
        event(5, "defer", "C", need=9, step=3),
        event(6, "expand", "B", pos=4, frames=[3], step=4),
    )
    part = tmp_path / "part.jsonl"
    with open_trace(whole.path) as trace:
        part.write_text("".join(cut(trace, EventRange(5, 6))))
    story = load_story(part)
    assert story.initial == whole.steps[3].after
    assert story.steps == whole.steps[4:]
    assert [step.number for step in story.steps] == [5, 6]
    assert [*story.colors] == ["B", "C"]
    assert [beat.key for beat in story.beats] == ["01-defer-c", "02-expand-b"]
    assert [(beat.caption, beat.number) for beat in story.beats] == [
        ("C has to wait: it needs 9 frames, only 6 are free and 1 cached.", 5),
        ("B expands: its page 1 takes frame 3.", 6),
    ]
    assert not story.earlier
    assert not story.tokens  # how many B has was not recorded
    assert not story.preface


def test_long_names_in_a_part(tmp_path: Path) -> None:
    whole = load(tmp_path, header(), arrive(1, LONG, 0), arrive(2, "B", 1), arrive(3, "C", 2))
    part = tmp_path / "part.jsonl"
    with open_trace(whole.path) as trace:
        part.write_text("".join(cut(trace, EventRange(3, None))))
    story = load_story(part)
    assert [*story.initial.tables] == [*story.steps[0].before.tables] == ["T1", "B"]
    assert [*story.colors] == ["T1", "B", "C"]
    assert story.preface == (f"Tasks with long names are numbered: T1 is {LONG}.",)


def test_names_are_kept_that_there_is_room_for(tmp_path: Path) -> None:
    story = load(tmp_path, header(), arrive(1, "code-913", 0), arrive(2, "session:x/42.bis", 1))
    assert [*story.colors] == ["code-913", "session:x/42.bis"]
    assert not story.preface


def test_numbers_are_no_other_tasks_names(tmp_path: Path) -> None:
    story = load(tmp_path, header(), arrive(1, LONG, 0), arrive(2, "T1", 1))
    assert [*story.colors] == ["U1", "T1"]


@pytest.mark.parametrize(
    ("reserved", "says"),
    [
        ([0], "Frame 0 is reserved: the engine never hands it out."),
        ([0, 7], "Frames 0 and 7 are reserved: the engine never hands them out."),
    ],
)
def test_reserved_frames_are_named(tmp_path: Path, reserved: list[int], says: str) -> None:
    story = load(tmp_path, header(reserved=reserved), arrive(1, "A", 1))
    assert story.preface == (says,)


@pytest.mark.parametrize(
    ("keys", "title", "tagline"),
    [
        ({"engine": "vLLM 0.9"}, "Paged KV Cache of vLLM 0.9", None),
        ({"engine": "an engine with a very long name"}, "Paged KV Cache", None),
        ({"engine": "<b>x</b>", "note": "<b>x</b>"}, "Paged KV Cache", None),
        ({"note": "two tasks share"}, "Paged KV Cache of toy", "Two tasks share"),
        ({"note": "x" * 81}, "Paged KV Cache of toy", None),
        ({"note": "  "}, "Paged KV Cache of toy", None),
    ],
)
def test_title_and_tagline(
    tmp_path: Path, keys: dict[str, str], title: str, tagline: str | None
) -> None:
    story = load(tmp_path, header(**keys), arrive(1, "A", 1))
    assert (story.title, story.tagline) == (title, tagline)


def test_a_compressed_trace(tmp_path: Path) -> None:
    path = tmp_path / "small.jsonl.gz"
    path.write_bytes(gzip.compress(text_of(header(), arrive(1, "A", 1)).encode()))
    assert len(load_story(path).beats) == 1


def comings_and_goings(count: int) -> list[Line]:
    return [
        arrive(seq, "A", 0) if seq % 2 else event(seq, "finish", "A", freed=[0])
        for seq in range(1, count + 1)
    ]


def test_a_trace_in_which_no_task_arrives(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match="nothing to tell: no task arrives; record a longer one"):
        load(tmp_path, header(), event(1, "submit", "A"), event(2, "defer", "A", need=9))


@pytest.mark.parametrize(
    ("lines", "line", "says"),
    [
        ([header(frames=70000), arrive(1, "A", 1)], 1, "a pool of 70000 frames; a story has"),
        ([header(), *comings_and_goings(61)], 62, "61 beats make too long a video, at most 60"),
        (
            [header(), *comings_and_goings(501)],
            502,
            "more than 500 events are too much for a story",
        ),
    ],
)
def test_what_is_too_much(tmp_path: Path, lines: list[Line], line: int, says: str) -> None:
    with pytest.raises(StoryError) as caught:
        load(tmp_path, *lines)
    assert str(caught.value).startswith(f"{tmp_path / 'small.jsonl'}:{line}: {says}")
    assert str(caught.value).endswith(f"; {ADVICE}")


@pytest.mark.parametrize("lines", [[header()], [header(), event(1, "submit", "A")]])
def test_nothing_to_tell(tmp_path: Path, lines: list[Line]) -> None:
    with pytest.raises(StoryError, match="the trace has nothing to tell"):
        load(tmp_path, *lines)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (arrive(2, "B", 0), "event 2 (arrive B): frame 0 is held by A as its page 0"),
        (arrive(2, "B", 1) | {"mask": "11111110"}, "event 2 (arrive B): mask says 11111110"),  # type: ignore[operator]
        (arrive(3, "B", 1), "event 2 (arrive B): seq must be 2"),
        ("{", "event 2: "),
    ],
)
def test_a_wrong_trace_is_refused(tmp_path: Path, line: Line, says: str) -> None:
    with pytest.raises(TraceError) as caught:
        load(tmp_path, header(), arrive(1, "A", 0), line)
    assert isinstance(caught.value, PagereelError)
    assert str(caught.value).startswith(f"{tmp_path / 'small.jsonl'}:3: {says}")
    assert "\n" not in str(caught.value)
