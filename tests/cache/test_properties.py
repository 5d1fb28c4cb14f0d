"""What always holds, over random events, possible and impossible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagereel.cache import (
    POLICIES,
    Arrive,
    CacheState,
    Checks,
    Expand,
    Finish,
    Playback,
    make_policy,
)
from pagereel.errors import CacheError

Told = Arrive | Expand | Finish  # what a storyboard can say

FRAMES = 6
PAGE_SIZE = 2

names = st.sampled_from("ABC")
frame_numbers = st.sampled_from((-2, *range(FRAMES + 1)))
events = st.one_of(
    st.builds(
        Arrive,
        names,
        st.lists(frame_numbers, max_size=3).map(tuple),
        st.none() | st.integers(0, 2 * PAGE_SIZE),
    ),
    st.builds(Expand, names, frame_numbers, st.none() | st.integers(-1, 3 * PAGE_SIZE)),
    st.builds(Finish, names, st.none() | st.lists(frame_numbers, max_size=3).map(tuple)),
)
# Requests for frames, where a policy chooses: (task, pages); 0 pages finish the task.
requests = st.lists(st.tuples(names, st.integers(0, 3)), max_size=30)


def _possible(state: CacheState, event: Told) -> bool:
    """Say the same as the cache, from the rules as they are written down."""
    held = [frame for table in state.tables.values() for frame in table]
    pool = set(range(state.frames))
    table = state.tables.get(event.task)
    match event:
        case Arrive(frames=frames, tokens=tokens):
            fits = tokens is None or -(-tokens // PAGE_SIZE) == len(frames)
            free = set(frames) <= pool - set(held) and len(set(frames)) == len(frames)
            return table is None and bool(frames) and free and fits
        case Expand(frame=frame, pos=pos):
            return (
                table is not None
                and frame in pool - set(held)
                and (pos is None or pos // PAGE_SIZE + 1 == len(table) + 1)
            )
        case Finish(freed=freed):
            return table is not None and (freed is None or sorted(freed) == sorted(table))


def _check_invariants(state: CacheState) -> None:
    held = [frame for table in state.tables.values() for frame in table]
    assert len(held) == len(set(held)), "a frame has two holders"
    assert sorted([*held, *state.free_frames]) == list(range(state.frames))
    assert list(state.free_frames) == sorted(state.free_frames)
    assert list(state.refcounts) == [held.count(frame) for frame in range(state.frames)]
    assert state.mask == sum(1 << frame for frame in state.free_frames)
    assert len(state.mask_literal) == state.frames
    assert int(state.mask_literal, 2) == state.mask
    for frame in range(state.frames):
        holder = state.holders.get(frame)
        assert (holder is None) == (frame in state.free_frames)
        assert holder is None or state.tables[holder[0]][holder[1]] == frame
    Checks(state.mask, state.refcounts, dict(state.tables)).verify(state)


@given(st.lists(events, max_size=25))
def test_the_cache_carries_out_exactly_what_is_possible(story: list[Told]) -> None:
    replay = Playback(CacheState.empty(FRAMES, PAGE_SIZE))
    for event in story:
        before, number = replay.state, replay.number
        tables = dict(before.tables)
        if _possible(before, event):
            step = replay.play(event)
            assert step.before is before
            assert step.number == number
            assert set(step.taken) == set(before.free_frames) - set(step.after.free_frames)
            assert set(step.freed) == set(step.after.free_frames) - set(before.free_frames)
        else:
            with pytest.raises(CacheError) as caught:
                replay.play(event)
            assert replay.state is before
            assert str(caught.value).startswith(f"event {number} ({event.label}): ")
            assert "\n" not in str(caught.value)
        assert before.tables == tables
        _check_invariants(replay.state)


@given(st.lists(events, max_size=15), st.integers(0, 2**FRAMES - 1))
def test_a_wrong_mask_changes_nothing(story: list[Told], mask: int) -> None:
    replay = Playback(CacheState.empty(FRAMES))
    for event in story:
        before = replay.state
        try:
            replay.play(event, checks=Checks(mask=mask))
        except CacheError:
            assert replay.state is before
        else:
            assert replay.state.mask == mask


def _apply_requests(name: str, story: list[tuple[str, int]]) -> None:
    """Play requests, and compare the policy's choices with the plainest model of it."""
    replay, policy = Playback(CacheState.empty(FRAMES)), make_policy(name)
    queue = list(range(FRAMES))
    for task, pages in story:
        state = replay.state
        if name == "lowest-bit":
            queue.sort()
        event: Told
        if pages == 0 and task in state.tables:
            queue += state.tables[task]
            event = Finish(task)
        elif 0 < (count := 1 if task in state.tables else pages) <= len(queue):
            chosen = policy.choose(state.ledger(), count)
            assert chosen == tuple(queue[:count])
            del queue[:count]
            event = Expand(task, chosen[0]) if task in state.tables else Arrive(task, chosen)
        else:
            continue
        policy.observe(replay.play(event).freed)


@given(requests)
def test_fifo_is_a_queue(story: list[tuple[str, int]]) -> None:
    _apply_requests("fifo", story)


@given(requests)
def test_lowest_bit_takes_the_lowest(story: list[tuple[str, int]]) -> None:
    _apply_requests("lowest-bit", story)


@given(st.sampled_from(POLICIES), st.lists(events, max_size=15), st.integers(1, FRAMES + 1))
def test_a_policy_chooses_free_frames_whoever_chose_before(
    name: str, story: list[Told], count: int
) -> None:
    replay, policy = Playback(CacheState.empty(FRAMES)), make_policy(name)
    for event in story:
        try:
            policy.observe(replay.play(event).freed)
        except CacheError:
            continue
    free = replay.state.free_frames
    try:
        chosen = policy.choose(replay.state.ledger(), count)
    except CacheError:
        assert count > len(free)
    else:
        assert len(chosen) == len(set(chosen)) == count
        assert set(chosen) <= set(free)
