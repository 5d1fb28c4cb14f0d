"""What storyboards say beyond arrive, expand and finish, and beats in which nothing happens."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING

import pytest
from stories import storyboard
from traces import TRACES, read

from pagereel.cache import Abort, Arrive, Copy, Defer, Evict, Expand, Finish, Preempt, Submit
from pagereel.story import load_story

if TYPE_CHECKING:
    from pagereel.cache import Event
    from pagereel.story import Story
    from tests.story.conftest import Check, Write

START = 'title = "T"\n[pool]\nframes = 8\npage_size = 4\n'
A = '[[events]]\narrive = "A"\nframes = [0, 1]\n'


def events(story: Story) -> list[Event]:
    return [step.event for step in story.steps]


def test_every_verb_with_all_that_may_be_left_out(write: Write) -> None:
    text = f"""{START}
[[events]]
submit = "A"
tokens = 8
[[events]]
arrive = "A"
pages = 2
[[events]]
arrive = "B"
shared = [0, 1]
pages = 1
[[events]]
copy = "B"
page = 1
[[events]]
finish = "B"
cached = [3]
[[events]]
arrive = "C"
shared = [0, 3]
[[events]]
preempt = "C"
cached = [3]
[[events]]
defer = "C"
need = 9
[[events]]
abort = "C"
[[events]]
arrive = "D"
pages = 5
[[events]]
evict = [3]
[[events]]
expand = "D"
[[events]]
abort = "D"
freed = [2, 4, 5, 6, 7, 3]
"""
    assert events(load_story(write(text))) == [
        Submit("A", 8),
        Arrive("A", (0, 1)),
        Arrive("B", (2,), shared=(0, 1)),
        Copy("B", 1, 1, 3),
        Finish("B", cached=(3,)),
        Arrive("C", (), shared=(0, 3)),
        Preempt("C", cached=(3,)),
        Defer("C", 9),
        Abort("C"),
        Arrive("D", (2, 4, 5, 6, 7)),
        Evict((3,)),
        Expand("D", 3),
        Abort("D", (2, 4, 5, 6, 7, 3)),
    ]


@pytest.mark.parametrize(("policy", "frames"), [("lowest-bit", (2, 4, 5)), ("fifo", (4, 6, 5))])
def test_the_policy_takes_what_was_evicted_for_it(
    write: Write, policy: str, frames: tuple[int, ...]
) -> None:
    text = f"""{START}policy = "{policy}"
[[events]]
arrive = "A"
frames = [5, 2]
[[events]]
finish = "A"
cached = [5]
freed = [2]
[[events]]
arrive = "B"
frames = [0, 1, 3]
[[events]]
evict = [5]
[[events]]
arrive = "C"
pages = 3
"""
    story = load_story(write(text))
    assert story.steps[-1].taken == frames


def test_an_evicted_frame_can_be_chosen_again(write: Write) -> None:
    """The policy hears of it, though no task gave it back."""
    both = Arrive("A", (0, 1, 2, 3, 4, 5, 6, 7)), Finish("A", (1, 2), (0, 3, 4, 5, 6, 7))
    text = storyboard(((event, None) for event in both), frames=8)
    take = (
        '[[events]]\narrive = "B"\npages = 2\n[[events]]\nevict = [0]\n[[events]]\nexpand = "B"\n'
    )
    again = '[[events]]\nfinish = "B"\n[[events]]\narrive = "C"\npages = 3\n'
    assert events(load_story(write(text + take + again)))[-1] == Arrive("C", (0, 1, 2))


def test_an_eviction_and_queueing_share_the_next_beat_unless_they_have_a_caption(
    write: Write,
) -> None:
    queued = '[[events]]\nsubmit = "B"\n'
    evicted = "[[events]]\nevict = [0]\n"
    taken = '[[events]]\narrive = "B"\nframes = [0]\n'
    start = f'{START}{A}[[events]]\nfinish = "A"\ncached = [0]\n'
    together = load_story(write(start + queued + evicted + taken)).beats
    assert [step.event.label for step in together[-1].steps] == [
        *("submit B", "evict 1 frame", "arrive B")
    ]
    assert (together[-1].key, together[-1].place) == ("03-arrive-b", "event 5 (arrive B)")
    assert together[-1].caption == "B arrives: it evicts frame 0 to be filled."

    said = 'caption = "Frame 0 has to go."\n'
    apart = load_story(write(start + queued + evicted + said + taken)).beats
    assert [step.event.label for step in apart[-2].steps] == ["submit B", "evict 1 frame"]
    assert [beat.key for beat in apart[-2:]] == ["03-evict", "04-arrive-b"]
    keyed = load_story(write(start + queued + 'key = "queue"\n' + evicted + taken)).beats
    assert [beat.key for beat in keyed[-2:]] == ["queue", "04-arrive-b"]
    assert keyed[-2].caption == "B is queued."


def test_waiting_is_told_once(write: Write) -> None:
    wait = '[[events]]\ndefer = "B"\n'
    text = f'{START}{A}[[events]]\nsubmit = "B"\n{wait}caption = "B waits."\n{wait}'
    last = '[[events]]\nfinish = "A"\n'
    assert [len(beat.steps) for beat in load_story(write(text + last)).beats] == [1, 2, 2]


def test_what_a_storyboard_ends_with_is_told(write: Write) -> None:
    story = load_story(write(f'{START}{A}[[events]]\nsubmit = "B"\n'))
    assert [beat.caption for beat in story.beats][1:] == ["B is queued."]


def test_a_beat_in_which_nothing_happens(write: Write) -> None:
    beats = '[[events]]\ncaption = "Look."\n[[events]]\ncaption = "Again."\nkey = "again"\n'
    story = load_story(write(f'{START}{beats}{A}[[events]]\ncaption = "That is all."\n'))
    assert [(beat.key, beat.caption, beat.steps) for beat in story.beats if not beat.steps] == [
        ("01-caption", "Look.", ()),
        ("again", "Again.", ()),
        ("04-caption", "That is all.", ()),
    ]
    assert [beat.place for beat in story.beats][:3] == ["event 1", "event 2", "event 3 (arrive A)"]
    assert [step.number for step in story.steps] == [3]
    assert [beat.line for beat in story.beats] == [5, 7, 10, 13]


def test_events_are_counted_with_the_beats_between_them(check: Check) -> None:
    quiet = '[[events]]\ncaption = "Look."\n'
    wrong = '[[events]] # here\nexpand = "A"\nframes = [1]\n'
    check(START + A + quiet + wrong, "event 3 (expand A): frame 1 is held by A as its page 1")


@pytest.mark.parametrize("name", ["prefix_sharing", "random_16_frames"])
def test_a_storyboard_is_told_as_a_trace_that_says_the_same(write: Write, name: str) -> None:
    (path,) = (path for path in TRACES if path.stem == name)
    header, records = read(path)
    events = ((record.event, record.step) for record in records)
    text = storyboard(events, frames=header.frames, page_size=header.page_size)
    board, trace = load_story(write(text)), load_story(path)
    assert board.initial == trace.initial
    assert board.colors == trace.colors
    assert [(beat.key, beat.caption, beat.number, beat.steps) for beat in board.beats] == [
        (beat.key, beat.caption, beat.number, beat.steps) for beat in trace.beats
    ]
    assert pickle.loads(pickle.dumps(trace)) == copy.deepcopy(trace) == trace  # noqa: S301


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ('copy = "A" # no', "(copy A): page is missing; add it"),
        ('copy = "A"\npage = 2', "(copy A): page 2 of A does not exist; its last page is 1"),
        ('copy = "B"\npage = 0', "(copy B): there is no task B in the cache; tasks are A"),
        ('copy = "A"\npage = 0', "(copy A): frame 0 is held by A alone; only shared frames are"),
        ('arrive = "B"\nshared = [7]\npages = 1', "(arrive B): frame 7 is free, so it cannot be"),
        ('arrive = "B"\nshared = []', "(arrive B): has neither frames nor pages; add frames = ["),
        ('arrive = "B"\nshared = [0]\nframes = [0]', "(arrive B): frame 0 is named twice; name"),
        ("evict = [0]", "(evict 1 frame): frame 0 is held by A as its page 0"),
        ("evict = [7]", "(evict 1 frame): frame 7 is free; only cached frames are evicted"),
        ('defer = "B"', "(defer B): task B is not queued; submit it first"),
        ('submit = "A"', "(submit A): task A is already in the cache; finish it first or choose"),
        ('finish = "A"\ncached = [7]', "(finish A): A does not hold frame 7; name each frame of"),
        ('abort = "B"', "(abort B): there is no task B in the cache; tasks are A"),
        ('release = "A"', "(release A): frames is missing; add it"),
        ('release = "A"\nframes = [5]', "(release A): A does not hold frame 5; name frames of"),
        ('shrink = "A"\nframes = [0]', "(shrink A): the last 1 page of A is frame 1, not fr"),
        ('share = "A"\npage = 0\nshared = [5]', "(share A): frame 5 is free, so it cannot be"),
        ("drop = [5]", "(drop 1 frame): frame 5 is free; only cached frames are"),
        ('caption = "x"\nmask = "11111100"', ": says nothing that happens; write exactly one of "),
    ],
)
def test_an_impossible_event_is_refused(check: Check, event: str, message: str) -> None:
    place = "event 2" if message.startswith(":") else "event 2 "
    check(f"{START}{A}[[events]] # here\n{event}\n", f"{place}{message}")


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ("drop = 0 # here", ": drop must be a list of whole numbers, not 0"),
        ("evict = 0 # here", ": evict must be a list of whole numbers, not 0"),
        ('evict = "A" # here', ": evict must be a list of whole numbers, not 'A'"),
        ("evict = [0]\nframes = [0] # here", " (evict): frames does not go with evict; remove it"),
        ('arrive = "B"\nshared = [0]\npage = 1 # here', " (arrive B): page does not go with arr"),
        ('finish = "A"\ncache = [0] # here', " (finish A): unknown key 'cache'; did you mean cach"),
        ('copy = "A"\npage = -1 # here', " (copy A): page must be 0 or more, not -1"),
        ('copy = "A"\npage = 0\ndst = [2] # here', " (copy A): dst must be a whole number, not a"),
        ('submit = "B"\ntokens = 0 # here', " (submit B): tokens must be 1 or more, not 0"),
        ('caption = "" # here', ": caption is blank; write some text or leave it out"),
        ('caption = "x"\nkey = "A" # here', ": key 'A' must be at most 40 small letters and"),
        ('captoin = "x" # here', ": unknown key 'captoin'; did you mean caption? known: submit"),
    ],
)
def test_a_wrong_key_is_refused(check: Check, event: str, message: str) -> None:
    check(f"{START}{A}[[events]]\n{event}\n", f"event 2{message}")


def test_a_story_that_lacks_frames_is_reminded_of_cached_ones(check: Check) -> None:
    text = f'{START}{A}[[events]]\nfinish = "A"\ncached = [0]\n'
    message = "event 3 (arrive B): needs 8 frames, 7 are free; evict cached frames, finish a task"
    check(f'{text}[[events]] # here\narrive = "B"\npages = 8\n', message)


def test_a_story_has_an_arrival(check: Check) -> None:
    message = 'no task arrives; add an event with arrive = "A"'
    check(f'{START}[[events]]\nsubmit = "A"\n[[events]]\ncaption = "x"\n', message)


def test_what_somebody_tried_to_share(write: Write) -> None:
    text = """title = "Lumen: paged KV cache"
[pool]
frames = 16
[[events]]
arrive = "chat42"
pages = 3
[[events]]
arrive = "agent7"
shared = [0, 1]
frames = [3, 4]
"""
    assert load_story(write(text)).steps[-1].after.tables["agent7"] == (0, 1, 3, 4)
