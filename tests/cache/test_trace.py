from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.cache import Arrive, CacheState, Expand, Finish, Ledger, Replay, make_policy

if TYPE_CHECKING:
    from tests.cache.conftest import Trace


def test_replay_agrees_with_every_check_of_a_real_engine(trace: Trace) -> None:
    replay = Replay(CacheState.empty(trace.frames, trace.page_size))
    for event, checks in trace.events:
        replay.play(event, checks=checks)
    assert replay.number == 8
    assert replay.state.mask_literal == "10010010"
    assert replay.state.tables == {"B": (2, 3, 0), "C": (5, 6)}


def test_lowest_bit_hands_out_the_frames_of_a_real_engine(trace: Trace) -> None:
    replay = Replay(CacheState.empty(trace.frames, trace.page_size))
    policy = make_policy("lowest-bit")
    for event, _ in trace.events:
        match event:
            case Arrive(frames=frames):
                assert policy.choose(Ledger.of(replay.state), len(frames)) == frames
            case Expand(frame=frame):
                assert policy.choose(Ledger.of(replay.state), 1) == (frame,)
            case Finish():
                pass
        policy.observe(replay.play(event).freed)
