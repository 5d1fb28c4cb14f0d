from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING

import pytest

from pagereel.cache import Arrive, CacheState, Expand, Finish
from pagereel.story import load_story

if TYPE_CHECKING:
    from tests.story.conftest import Write

FULL = """\
title = "Title: a < b & c"
tagline = "Tagline, ünïcode → 漢字"

[pool]
frames = 8
page_size = 16
policy = "fifo"

[colors]
A = "violet"

[[events]]
arrive = "A"
frames = [5, 1]
tokens = 17
mask = "11011101"
caption = "First."
key = "first"

[[events]]
arrive = "b_2-"
pages = 1

[[events]]
expand = "A"
frames = [7]
pos = 32

[[events]]
finish = "A"

[[events]]
expand = "b_2-"
"""
SMALL = 'title = "T"\npool.frames = 8\n[[events]]\narrive = "A"\npages = 1\n'


def test_everything_is_read(write: Write) -> None:
    path = write(FULL)
    story = load_story(path)
    assert story.path == path
    assert story.title == "Title: a < b & c"
    assert story.tagline == "Tagline, ünïcode → 漢字"
    assert (story.initial.frames, story.initial.page_size) == (8, 16)
    assert story.initial == CacheState.empty(8, 16)
    assert list(story.colors.items()) == [("A", "violet"), ("b_2-", "green")]
    assert [beat.steps[-1].event for beat in story.beats] == [
        Arrive("A", (5, 1), 17),
        Arrive("b_2-", (0,)),
        Expand("A", 7, 32),
        Finish("A"),
        Expand("b_2-", 2),
    ]
    assert [beat.line for beat in story.beats] == [12, 20, 24, 29, 32]
    assert [beat.key for beat in story.beats] == [
        "first",
        "02-arrive-b-2",
        "03-expand-a",
        "04-finish-a",
        "05-expand-b-2",
    ]
    assert [beat.caption for beat in story.beats][:2] == [
        "First.",
        "b_2- arrives: its prompt fills frame 0.",
    ]


def test_steps_follow_each_other(write: Write) -> None:
    story = load_story(write(FULL))
    state = story.initial
    for number, beat in enumerate(story.beats, 1):
        assert beat.steps[-1].number == number
        assert beat.steps[-1].before == state
        state = beat.steps[-1].after
    assert state.tables == {"b_2-": (0, 2)}


def test_what_may_be_left_out(write: Write) -> None:
    story = load_story(write(SMALL))
    assert (story.tagline, story.initial.page_size) == (None, None)
    assert story.beats[0].steps[-1].event == Arrive("A", (0,))
    assert story.steps[-1].after.tables == {"A": (0,)}


@pytest.mark.parametrize(("policy", "frame"), [("lowest-bit", 0), ("fifo", 3), (None, 0)])
def test_the_policy_chooses(write: Write, policy: str | None, frame: int) -> None:
    pool = "pool.frames = 8\n" + (f'pool.policy = "{policy}"\n' if policy else "")
    event = '[[events]]\narrive = "A"\npages = 2\n[[events]]\narrive = "B"\npages = 1\n'
    last = '[[events]]\nfinish = "A"\n[[events]]\nexpand = "B"\n'
    story = load_story(write(f'title = "T"\n{pool}{event}{last}'))
    assert story.beats[-1].steps[-1].event == Expand("B", frame)


def test_the_policy_sees_frames_that_were_named(write: Write) -> None:
    named = FULL.replace('[[events]]\nexpand = "b_2-"', '[[events]]\narrive = "C"\npages = 7')
    event = load_story(write(named)).beats[-1].steps[-1].event
    assert event == Arrive("C", (2, 3, 4, 6, 5, 1, 7))


@pytest.mark.parametrize(
    "text",
    [
        SMALL,
        SMALL.replace("\n", "\r\n"),
        "\ufeff" + SMALL,
        SMALL.removesuffix("\n"),
        'title = "T"\npool = { frames = 8 }\nevents = [{ arrive = "A", pages = 1 }]',
        'title = """\\\n  T"""\n[pool]\nframes = 0b1000\n[["events"]]\narrive = "A"\npages = +1',
    ],
    ids=["plain", "crlf", "byte order mark", "no line end", "inline", "odd"],
)
def test_all_ways_to_write_it_mean_the_same(write: Write, text: str) -> None:
    story = load_story(str(write(text)))
    assert (story.title, story.initial.frames) == ("T", 8)
    assert [beat.steps[-1].event for beat in story.beats] == [Arrive("A", (0,))]


@pytest.mark.parametrize("text", ["a < b & c", "<-", "<3", "a<b", "R&D;", "1 <2> 3", "x" * 100])
def test_plain_text_is_no_markup(write: Write, text: str) -> None:
    assert load_story(write(f'{SMALL}caption = "{text}"\n')).beats[0].caption == text


def test_as_long_as_it_may_be(write: Write) -> None:
    title, tagline, key = "t" * 40, "漢" * 40, "k" * 40
    text = SMALL.replace('"T"', f'"{title}"\ntagline = "{tagline}"').replace("8", "500")
    events = '[[events]]\nexpand = "A"\n' * 499
    story = load_story(write(f'{text}key = "{key}"\n{events}'))
    assert (story.title, story.tagline, story.beats[0].key) == (title, tagline, key)
    assert (story.initial.frames, len(story.steps[-1].after.tables["A"])) == (500, 500)
    assert load_story(write(SMALL.replace("8", "4096"))).initial.frames == 4096


def test_a_story_can_be_copied_and_pickled(write: Write) -> None:
    story = load_story(write(FULL))
    assert copy.deepcopy(story) == story
    assert pickle.loads(pickle.dumps(story)) == story  # noqa: S301


def test_made_up_keys_avoid_the_written_ones(write: Write) -> None:
    events = (
        '[[events]]\narrive = "A"\npages = 1\nkey = "02-arrive-a"\n'
        '[[events]]\narrive = "a_"\npages = 1\n'
        '[[events]]\nexpand = "A"\nkey = "02-arrive-a-2"\n'
        '[[events]]\nexpand = "a_"\n[[events]]\narrive = "A-_b"\npages = 1\n'
    )
    story = load_story(write(f'title = "T"\npool.frames = 8\n{events}'))
    assert [beat.key for beat in story.beats] == [
        "02-arrive-a",
        "02-arrive-a-3",
        "02-arrive-a-2",
        "04-expand-a",
        "05-arrive-a-b",
    ]


def test_letters_tell_the_language_or_the_file_says_it(write: Write) -> None:
    assert load_story(write(SMALL)).language == "en"
    assert load_story(write(SMALL.replace('"T"', '"頁枠"'))).language == "zh-Hans"
    assert load_story(write(f'language = "ja"\n{SMALL}'.replace('"T"', '"頁枠"'))).language == "ja"
    assert load_story(write(SMALL.replace('"A"', '"요청"'))).language == "ko"


@pytest.mark.parametrize("task", ["任务甲", "要求1", "リクエスト", "요청-2", "任务甲乙丙丁戊己"])
def test_a_task_may_have_a_name_in_other_letters(write: Write, task: str) -> None:
    text = SMALL.replace('"A"', f'"{task}"') + f'[[events]]\nfinish = "{task}"\n'
    story = load_story(write(f'{text}[colors]\n"{task}" = "pink"\n'))
    assert dict(story.colors) == {task: "pink"}
    assert [beat.key.rstrip("-012") for beat in story.beats] == ["01-arrive", "02-finish"]
    assert list(story.texts) == ["T", task, *(beat.caption for beat in story.beats)]
