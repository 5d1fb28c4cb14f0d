from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError

import pytest

from pagereel.cache import Arrive, CacheState, Event, Expand, Finish
from pagereel.errors import CacheError

EMPTY = CacheState.empty(8, 16)


@pytest.fixture
def state() -> CacheState:
    """A holds 0, 1 and 4, B holds 2; 3 and 5 to 7 are free."""
    arrived = EMPTY.apply(Arrive("A", (0, 1))).apply(Arrive("B", (2,)))
    return arrived.apply(Expand("A", 4))


def test_an_empty_pool_is_free() -> None:
    assert EMPTY.mask == 0b11111111
    assert EMPTY.free_frames == tuple(range(8))
    assert EMPTY.refcounts == (0,) * 8
    assert EMPTY.tables == {}


def test_everything_is_derived_from_the_tables(state: CacheState) -> None:
    assert state.tables == {"A": (0, 1, 4), "B": (2,)}
    assert list(state.tables) == ["A", "B"]
    assert state.mask_literal == "11101000"
    assert state.mask == 0b11101000
    assert state.refcounts == (1, 1, 1, 0, 1, 0, 0, 0)
    assert state.free_frames == (3, 5, 6, 7)
    assert state.holders == {0: ("A", 0), 1: ("A", 1), 4: ("A", 2), 2: ("B", 0)}


def test_the_mask_has_a_digit_for_every_frame() -> None:
    assert CacheState.empty(3).apply(Arrive("A", (1, 2))).mask_literal == "001"


def test_finish_frees_the_whole_table(state: CacheState) -> None:
    after = state.apply(Finish("A", (4, 0, 1)))
    assert after.tables == {"B": (2,)}
    assert after.mask_literal == "11111011"


def test_a_finished_task_may_come_back(state: CacheState) -> None:
    after = state.apply(Finish("A")).apply(Arrive("A", (7,)))
    assert list(after.tables.items()) == [("B", (2,)), ("A", (7,))]


def test_a_state_cannot_be_changed(state: CacheState) -> None:
    with pytest.raises(FrozenInstanceError):
        state.frames = 9  # type: ignore[misc]
    with pytest.raises(TypeError):
        state.tables["C"] = (3,)  # type: ignore[index]


def test_a_state_does_not_follow_the_dict_it_was_made_from() -> None:
    tables = {"A": (0,)}
    state = CacheState(2, None, tables)
    tables["B"] = (1,)
    assert state.tables == {"A": (0,)}


def test_a_state_can_be_copied_and_pickled(state: CacheState) -> None:
    assert copy.deepcopy(state) == state
    assert pickle.loads(pickle.dumps(state)) == state  # noqa: S301


@pytest.mark.parametrize(
    ("event", "message", "advice"),
    [
        (Arrive("A", (3,)), "task A is already in the cache", "finish it first"),
        (Arrive("C", ()), "task C arrives without a page", "at least one frame"),
        (Arrive("C", (3, 4)), "frame 4 is held by A as its page 2", "frames 3, 5, 6 and 7 are"),
        (Arrive("C", (9,)), "frame 9 does not exist: the pool has frames 0 to 7", "frames 3, 5"),
        (Arrive("C", (8,)), "frame 8 does not exist: the pool has frames 0 to 7", "frames 3, 5"),
        (Arrive("C", (-2,)), "frame -2 does not exist: the pool has frames 0 to 7", "frames 3, 5"),
        (
            Arrive("C", (10**5000,)),
            "frame 10^18 or more does not exist: the pool has frames 0 to 7",
            "frames 3, 5",
        ),
        (Arrive("C", (3, 3)), "frame 3 is named twice", "name it once"),
        (Arrive("C", (True,)), "a frame must be a whole number, not true", ""),
        (Arrive("C", (3.0,)), "a frame must be a whole number, not 3.0", ""),  # type: ignore[arg-type]
        (Arrive("C", ("3",)), "a frame must be a whole number, not '3'", ""),  # type: ignore[arg-type]
        (Arrive("C", (None,)), "a frame must be a whole number, not a NoneType", ""),  # type: ignore[arg-type]
        (
            Arrive("C", (3, 5), 33),
            "33 tokens at 16 a page fill 3 pages, not 2",
            "correct tokens or the number of pages",
        ),
        (
            Arrive("C", (3, 5), 16),
            "16 tokens at 16 a page fill 1 page, not 2",
            "correct tokens or the number of pages",
        ),
        (Arrive("C", (3,), 0), "tokens must be a whole number of at least 1, not 0", ""),
        (
            Arrive("C", (3,), tokens=True),
            "tokens must be a whole number of at least 1, not true",
            "",
        ),
        (Expand("X", 3), "there is no task X in the cache; tasks are A, B", ""),
        (Expand("A", 2), "frame 2 is held by B as its page 0", "frames 3, 5"),
        (Expand("A", 4), "frame 4 is held by A as its page 2", "frames 3, 5"),
        (Expand("A", 9), "frame 9 does not exist: the pool has frames 0 to 7", "frames 3, 5"),
        (Expand("A", frame=False), "a frame must be a whole number, not false", ""),
        (Expand("A", 3, 47), "position 47 is in page 2, but the next page of A is 3", "correct"),
        (Expand("A", 3, 64), "position 64 is in page 4, but the next page of A is 3", "correct"),
        (Expand("A", 3, -1), "pos must be a whole number of at least 0, not -1", ""),
        (Finish("X"), "there is no task X in the cache; tasks are A, B", ""),
        (
            Finish("A", (0, 1)),
            "A leaks frame 4, neither freed nor cached",
            "each frame of its page table once",
        ),
        (Finish("A", (0, 1, 4, 2)), "A does not hold frame 2", "each frame of its page table once"),
        (Finish("A", (0, 1, 4, 4)), "frame 4 is named twice", "name it once"),
        (Finish("A", (0, 1, 4, 9)), "frame 9 does not exist: the pool has frames 0 to 7", ""),
    ],
)
def test_an_impossible_event_is_refused(
    state: CacheState, event: Event, message: str, advice: str
) -> None:
    before = copy.deepcopy(state)
    with pytest.raises(CacheError) as caught:
        state.apply(event)
    assert str(caught.value) == message
    assert advice in "; ".join(getattr(caught.value, "__notes__", ()))
    assert state == before


@pytest.mark.parametrize(
    "event",
    [
        Arrive("C", (3, 5), 17),
        Arrive("C", (3, 5), 32),
        Arrive("C", (7, 3)),
        Expand("A", 3, 48),
        Expand("A", 3, 63),
        Finish("B", (2,)),
    ],
)
def test_a_possible_event_is_not(state: CacheState, event: Event) -> None:
    assert state.apply(event) != state


def test_without_a_page_size_tokens_are_not_checked() -> None:
    state = CacheState.empty(4).apply(Arrive("A", (0,), 999)).apply(Expand("A", 1, 5000))
    assert state.tables == {"A": (0, 1)}


def test_messages_count_what_they_cannot_list() -> None:
    state = CacheState.empty(30)
    for frame in range(12):
        state = state.apply(Arrive(f"T{frame}", (frame,)))
    with pytest.raises(CacheError, match=r"tasks are T0, .*, T7 and 4 more$"):
        state.apply(Finish("X"))
    with pytest.raises(CacheError) as caught:
        state.apply(Arrive("X", (0,)))
    assert caught.value.__notes__ == ["frames 12, 13, 14, 15, 16, 17, 18, 19 and 10 more are free"]


def test_an_empty_cache_says_so() -> None:
    with pytest.raises(CacheError, match=r"^there is no task A in the cache; it has no tasks$"):
        EMPTY.apply(Finish("A"))


def test_a_full_pool_says_so() -> None:
    full = CacheState.empty(1).apply(Arrive("A", (0,)))
    with pytest.raises(CacheError) as caught:
        full.apply(Expand("A", 0))
    assert caught.value.__notes__ == ["no frame is free"]


@pytest.mark.parametrize("frame", [-2, 8, True, "1"])
def test_only_frames_of_the_pool_are_reserved(frame: int) -> None:
    with pytest.raises(CacheError):
        CacheState.empty(8, reserved=(frame,))


@pytest.mark.parametrize("number", [0, -1, True, 2.0, "2"])
def test_a_pool_and_its_pages_have_a_size(number: int) -> None:
    with pytest.raises(CacheError, match="the number of frames in the pool must be a whole"):
        CacheState.empty(number)
    with pytest.raises(CacheError, match="page_size must be a whole number of at least 1"):
        CacheState.empty(8, number)
