from __future__ import annotations

import pytest

from pagereel.cache import Arrive, CacheState, Checks, Expand, Finish, Playback, placed
from pagereel.errors import CacheError


@pytest.fixture
def replay() -> Playback:
    replay = Playback(CacheState.empty(8))
    replay.play(Arrive("A", (0, 1)))
    replay.play(Arrive("B", (2,)))
    return replay


def test_a_step_knows_both_states(replay: Playback) -> None:
    before = replay.state
    step = replay.play(Expand("A", 4))
    assert (step.number, step.event) == (3, Expand("A", 4))
    assert step.before is before
    assert step.after is replay.state
    assert (step.taken, step.freed) == ((4,), ())


def test_two_steps_can_be_seen_as_one(replay: Playback) -> None:
    before = replay.state
    both = replay.play(Finish("B")).then(replay.play(Expand("A", 2), at=7))
    assert (both.number, both.event, both.at) == (4, Expand("A", 2), 7)
    assert (both.before, both.after) == (before, replay.state)


def test_frames_are_taken_and_freed_in_page_order(replay: Playback) -> None:
    assert replay.play(Arrive("C", (7, 3, 5))).taken == (7, 3, 5)
    step = replay.play(Finish("C", (3, 5, 7)))
    assert (step.taken, step.freed) == ((), (7, 3, 5))


def test_a_refusal_names_the_event(replay: Playback) -> None:
    replay.play(Expand("A", 4))
    replay.play(Finish("B"))
    replay.play(Arrive("B", (2,)))
    with pytest.raises(CacheError) as caught:
        replay.play(Expand("B", 4))
    assert str(caught.value) == "event 6 (expand B): frame 4 is held by A as its page 2"
    assert caught.value.__notes__ == ["frames 3, 5, 6 and 7 are free"]


def test_replay_goes_on_after_a_refusal(replay: Playback) -> None:
    before = replay.state
    with pytest.raises(CacheError, match=r"^event 3 \(finish X\): "):
        replay.play(Finish("X"))
    with pytest.raises(CacheError, match=r"^event 3 \(finish A\): "):
        replay.play(Finish("A"), checks=Checks(mask=0))
    assert replay.state is before
    assert replay.play(Finish("A")).number == 3


@pytest.mark.parametrize(
    ("checks", "message"),
    [
        (Checks(mask=0b11101100), "mask says 11101100, but the cache has 11101000"),
        (Checks(mask=0), "mask says 00000000, but the cache has 11101000"),
        (Checks(mask=1 << 8), "mask does not fit a pool of 8 frames"),
        (Checks(mask=-1), "mask does not fit a pool of 8 frames"),
        (Checks(refcounts=(1,) * 8), "refcounts say 1 for frame 3, but the cache has 0"),
        (Checks(refcounts=(1,)), "refcounts are 1 numbers, but the pool has 8 frames"),
        (
            Checks(tables={"A": (0, 4, 1), "B": (2,)}),
            "tables say that A has frames 0, 4, 1, but in the cache it has frames 0, 1, 4",
        ),
        (
            Checks(tables={"A": (0, 1, 4)}),
            "tables say that B has no page table, but in the cache it has frames 2",
        ),
        (
            Checks(tables={"A": (0, 1, 4), "B": (2,), "C": (3,)}),
            "tables say that C has frames 3, but in the cache it has no page table",
        ),
    ],
)
def test_a_check_that_disagrees_stops_the_replay(
    replay: Playback, checks: Checks, message: str
) -> None:
    with pytest.raises(CacheError) as caught:
        replay.play(Expand("A", 4), checks=checks)
    assert str(caught.value) == f"event 3 (expand A): {message}"


def test_checks_that_agree_let_it_pass(replay: Playback) -> None:
    tables = {"B": (2,), "A": (0, 1, 4)}
    checks = Checks(mask=0b11101000, refcounts=(1, 1, 1, 0, 1, 0, 0, 0), tables=tables)
    assert replay.play(Expand("A", 4), checks=checks).number == 3


def test_in_a_large_pool_only_the_frames_that_differ_are_named() -> None:
    state = CacheState.empty(100)
    with pytest.raises(CacheError, match="mask and cache disagree about frames 0 and 77"):
        Checks(mask=state.mask ^ (1 << 77) ^ 1).verify(state)


def test_only_cache_errors_get_a_place() -> None:
    with pytest.raises(KeyError) as caught, placed(1, "expand A"):
        raise KeyError("x")
    assert caught.value.args == ("x",)
