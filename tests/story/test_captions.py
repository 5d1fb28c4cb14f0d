from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pagereel.cache import (
    Abort,
    Arrive,
    CacheState,
    Copy,
    Defer,
    Event,
    Evict,
    Expand,
    Finish,
    Playback,
    Preempt,
    Submit,
)
from pagereel.story.captions import Narrator

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pagereel.cache import Step


def _told(beats: Iterable[Sequence[Step]]) -> tuple[str, ...]:
    narrator, captions = Narrator(), []
    for steps in beats:
        captions.append(narrator.caption(steps))
        narrator.note(steps)
    return tuple(captions)


def _captions(*events: Event, frames: int = 65536) -> tuple[str, ...]:
    replay = Playback(CacheState.empty(frames))
    return _told([(replay.play(event),) for event in events])


def test_captions_say_what_happens() -> None:
    story = (
        Arrive("A", (0, 1)),
        Expand("A", 4),
        Arrive("B", (2,)),
        Expand("A", 7),
        Finish("A"),
        Expand("B", 0),
        Arrive("C", (1,)),
        Finish("B"),
        Finish("C"),
    )
    assert _captions(*story) == (
        "A arrives: its prompt fills frames 0 and 1.",
        "A expands: its page 2 takes frame 4.",
        "B arrives: its prompt fills frame 2.",
        "A expands: its page 3 takes frame 7.",
        "A finishes: frames 0, 1, 4 and 7 are free again.",
        "B expands: its page 1 reuses frame 0, which A gave back.",
        "C arrives: its prompt fills frame 1.",
        "B finishes: frames 2 and 0 are free again.",
        "C finishes: frame 1 is free again.",
    )


def test_the_last_that_gave_a_frame_back_is_named() -> None:
    story = (Arrive("A", (0,)), Finish("A"), Arrive("B", (0,)), Finish("B"), Arrive("C", (1,)))
    assert _captions(*story, Expand("C", 0))[-1].endswith("reuses frame 0, which B gave back.")


@pytest.mark.parametrize(
    ("count", "words"), [(5, "frames 0, 1, 2, 3 and 4"), (6, "6 frames"), (60000, "60,000 frames")]
)
def test_many_frames_are_counted(count: int, words: str) -> None:
    captions = _captions(Arrive("A", tuple(range(count))), Finish("A"))
    expected = (f"A arrives: its prompt fills {words}.", f"A finishes: {words} are free again.")
    assert captions == expected


def test_captions_are_never_too_long() -> None:
    last = tuple(range(65531, 65536))
    captions = _captions(
        Arrive("AAAAAA", last),
        Finish("AAAAAA"),
        Arrive("BBBBBB", tuple(range(65531))),
        Expand("BBBBBB", 65535),
    )
    assert (
        captions[-1] == "BBBBBB expands: its page 65531 reuses frame 65535, which AAAAAA gave back."
    )
    assert max(map(len, captions)) <= 100


def test_captions_say_what_only_traces_tell() -> None:
    story = (
        Submit("A", 32),
        Defer("A"),
        Arrive("A", (0, 1), 32),
        Arrive("B", (2,), shared=(0, 1)),
        Arrive("C", (), shared=(0,)),
        Copy("C", 0, 0, 3),
        Finish("B", (2,)),
        Preempt("C"),
        Abort("C"),
        Finish("A", (1,), (0,)),
        Evict((0,)),
        Arrive("D", (0,)),
        Arrive("E", (), shared=(0,)),
        Abort("E"),
        Abort("D", (), (0,)),
    )
    assert _captions(*story) == (
        "A is queued.",
        "A has to wait: too few frames are free.",
        "A arrives: its prompt fills frames 0 and 1.",
        "B arrives: it shares frames 0 and 1, and fills 2.",
        "C arrives: its prompt is in frame 0 already.",
        "C writes to its page 0: shared frame 0 is copied to frame 3.",
        "B finishes: frame 2 is free again, A holds 0 and 1.",
        "C is preempted and queued again: frame 3 is free again.",
        "C is aborted while it is queued.",
        "A finishes: frame 1 is free, and 0 stays cached.",
        "Frame 0 loses its cached content.",
        "D arrives: its prompt fills frame 0.",
        "E arrives: its prompt is in frame 0 already.",
        "E is aborted: D holds all its frames.",
        "D is aborted: frame 0 stays cached.",
    )


@pytest.mark.parametrize(
    ("events", "says"),
    [
        (
            (Arrive("B", (2,), shared=(0, 1)),),
            "B arrives: it reuses cached frames 0 and 1, and fills 2.",
        ),
        ((Evict((0, 1)), Arrive("B", (0, 1))), "B arrives: it evicts frames 0 and 1 to be filled."),
        (
            (Evict((1,)), Arrive("B", (1, 2), shared=(0,))),
            "B arrives: it reuses cached frame 0, evicts frame 1, and fills frames 1 and 2.",
        ),
        (
            (Submit("B"), Defer("B", 9)),
            "B has to wait: it needs 9 frames, only 6 are free and 2 cached.",
        ),
        ((Submit("B"), Defer("B", 8)), "B has to wait: it needs 8 frames."),
    ],
)
def test_captions_know_what_is_cached(events: tuple[Event, ...], says: str) -> None:
    replay = Playback(CacheState.empty(8))
    before = [(replay.play(event),) for event in (Arrive("A", (0, 1)), Finish("A", (), (0, 1)))]
    assert _told([*before, tuple(map(replay.play, events))])[-1] == says


def test_a_frame_that_was_cached_since_is_not_said_to_be_given_back() -> None:
    replay = Playback(CacheState.empty(8))
    events: tuple[Event, ...] = (
        *(Arrive("A", (0,)), Finish("A"), Arrive("B", (0,)), Finish("B", (), (0,))),
        *(Arrive("C", (1,)), Evict((0,)), Expand("C", 0)),
    )
    *steps, evict, expand = map(replay.play, events)
    told = [*((step,) for step in steps), (evict, expand)]
    assert _told(told)[-1] == "C expands: cached frame 0 is evicted for its page 1."


def test_captions_of_two_lists_are_never_too_long() -> None:
    shared, own = (65526, 65527, 65528), (65531, 65532)
    story = (
        Arrive("BBBBBB", shared),
        Arrive("AAAAAA", own, shared=shared[:2]),
        Preempt("BBBBBB", (65528,)),
        Preempt("AAAAAA", shared[:2], own),
    )
    assert max(map(len, _captions(*story))) <= 100
