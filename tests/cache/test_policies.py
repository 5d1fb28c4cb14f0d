from __future__ import annotations

import pytest

from pagereel.cache import (
    POLICIES,
    Arrive,
    CacheState,
    Expand,
    Finish,
    Ledger,
    Playback,
    make_policy,
)
from pagereel.errors import CacheError


def test_the_default_comes_first() -> None:
    assert POLICIES == ("lowest-bit", "fifo")


def test_an_unknown_policy_is_refused() -> None:
    with pytest.raises(CacheError, match=r"^there is no placement policy 'best'; policies are low"):
        make_policy("best")


def test_lowest_bit_and_fifo_differ_once_frames_come_back() -> None:
    policies = {name: make_policy(name) for name in POLICIES}
    replay = Playback(CacheState.empty(6))
    for event in (Arrive("A", (0, 1)), Arrive("B", (3,)), Expand("A", 2), Finish("A")):
        step = replay.play(event)
        for policy in policies.values():
            policy.observe(step.freed)
    assert policies["lowest-bit"].choose(replay.state.ledger(), 4) == (0, 1, 2, 4)
    assert policies["fifo"].choose(replay.state.ledger(), 4) == (4, 5, 0, 1)


def test_fifo_queues_freed_frames_in_page_order() -> None:
    policy = make_policy("fifo")
    replay = Playback(CacheState.empty(4))
    for event in (Arrive("A", (3, 1)), Arrive("B", (2, 0)), Finish("B"), Finish("A")):
        policy.observe(replay.play(event).freed)
    assert policy.choose(replay.state.ledger(), 4) == (2, 0, 3, 1)


def test_choosing_takes_nothing() -> None:
    policy = make_policy("fifo")
    ledger = Ledger(4)
    assert policy.choose(ledger, 2) == policy.choose(ledger, 2) == (0, 1)


@pytest.mark.parametrize("name", POLICIES)
def test_too_few_free_frames_are_refused(name: str) -> None:
    state = CacheState.empty(2)
    policy = make_policy(name)
    assert policy.choose(state.ledger(), 2) == (0, 1)
    with pytest.raises(CacheError, match="needs 3 frames, 2 are free"):
        policy.choose(state.ledger(), 3)
    with pytest.raises(CacheError, match="needs 2 frames, 1 is free"):
        policy.choose(state.apply(Arrive("A", (1,))).ledger(), 2)
    with pytest.raises(CacheError, match="needs 1 frame, 0 are free"):
        policy.choose(state.apply(Arrive("A", (1, 0))).ledger(), 1)


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("count", [0, -1, True])
def test_at_least_one_frame_is_chosen(name: str, count: int) -> None:
    with pytest.raises(CacheError, match="frames must be a whole number of at least 1"):
        make_policy(name).choose(Ledger(2), count)
