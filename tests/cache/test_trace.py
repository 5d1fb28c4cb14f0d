from __future__ import annotations

from traces import ROOT, read

from pagereel.cache import Arrive, CacheState, Expand, Playback, make_policy

HEADER, RECORDS = read(ROOT / "assets" / "traces" / "three_tasks.jsonl")


def test_replay_agrees_with_every_check_of_a_real_engine() -> None:
    replay = Playback(CacheState.empty(HEADER.frames, HEADER.page_size))
    for record in RECORDS:
        assert record.checks.count == 3
        replay.play(record.event, checks=record.checks)
    assert replay.number == 8
    assert replay.state.mask_literal == "10010010"
    assert replay.state.tables == {"B": (2, 3, 0), "C": (5, 6)}


def test_lowest_bit_hands_out_the_frames_of_a_real_engine() -> None:
    replay = Playback(CacheState.empty(HEADER.frames, HEADER.page_size))
    policy = make_policy("lowest-bit")
    for event in [record.event for record in RECORDS]:
        match event:
            case Arrive(frames=frames):
                assert policy.choose(replay.state.ledger(), len(frames)) == frames
            case Expand(frame=frame):
                assert policy.choose(replay.state.ledger(), 1) == (frame,)
        policy.observe(replay.play(event).freed)
