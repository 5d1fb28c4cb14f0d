"""A tape says after every event what the cache says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from busy import write_busy_trace
from hypothesis import HealthCheck, given, settings
from judge import is_valid
from random_traces import traces
from traces import ROOT, header, text_of
from traces import TRACES as ALL

from pagereel.assets import TRACES
from pagereel.cache import HOLE, present
from pagereel.cache.events import (
    Abort,
    Arrive,
    Discard,
    Evict,
    Expand,
    Finish,
    Load,
    Offload,
    Preempt,
)
from pagereel.errors import TraceError
from pagereel.film.captions import remarks
from pagereel.film.pool_state import FRESH, PoolState, TierState
from pagereel.film.tape import CACHED, FREE, Run, Tape, read_tape
from pagereel.trace import follow, open_trace
from pagereel.trace.cut import EventRange, cut

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pagereel.cache import Event, Ledger
    from pagereel.film.tiers import TierTape


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_every_event(path: Path) -> None:
    compare(path)


def test_a_busy_trace(tmp_path: Path) -> None:
    path = write_busy_trace(tmp_path / "busy.jsonl", frames=60, events=500, pages=6)
    tape = read_tape(path)
    assert all(tape.happens(kind).any() for kind in (Arrive, Expand, Finish, Evict, Preempt))
    assert max(tape.shared) > 0
    compare(path)


@settings(max_examples=20, deadline=None, suppress_health_check=[*HealthCheck])
@given(traces())
def test_any_trace(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_text(text)
    assert is_valid(text)
    compare(path)


def test_a_part_begins_with_what_is_in_its_tiers(tmp_path: Path) -> None:
    path = ROOT / "tests/trace/traces/tiers.jsonl"
    tape = read_tape(cut_from(path, tmp_path / "part.jsonl", 16, 23))
    assert [(tier.name, tier.start) for tier in tape.tiers] == [
        ("host", (0, 1, 2, 3, 4, 5)),
        ("disk", (2,)),
    ]
    host, state = tape.tiers[0], TierState(tape.tiers[0])
    assert host.held_after(0) == state.full.sum() == 6
    assert [*host.copied] == [1, 2]  # what leads to the start is no event of the part
    captions = {remark.caption for remark in remarks(tape)}
    assert {
        "2 pages are copied to host memory: it holds 6 of 6.",
        "1 page comes back from disk: it is not computed again.",
        "2 pages are discarded from host memory.",
    } <= captions


def test_a_row_knows_which_pages_are_shared_and_where_its_holes_are() -> None:
    tape = read_tape(ROOT / "tests/trace/traces/window.jsonl")
    assert tape.runs[4] == (Run(0, 2, shared=True), Run(2, 3, shared=False))
    assert tape.runs[7] == tape.runs[4]  # two pages came, and went
    assert tape.runs[8] == (Run(3, 4, shared=False),)
    assert tape.runs[9] == (Run(3, 5, shared=False),)
    assert tape.runs[12] == (Run(2, 3, shared=True), Run(3, 4, shared=False))
    assert 0 not in tape.runs


def compare_table(tape: Tape, number: int, table: Sequence[int]) -> None:
    """Compare what a tape says of the pages of an event's task with the page table."""
    stay = tape.stay[number]
    assert tape.pages[number] == len(table)
    if number in tape.runs:
        pages = [page for run in tape.runs[number] for page in range(run.first, run.end)]
        assert pages == [page for page, frame in enumerate(table) if frame != HOLE]
    elif stay >= 0:
        assert HOLE not in table
    if stay >= 0 and tape.events < 100:
        assert sorted(tape.table(stay, number)) == sorted(present(table))


def compare_tier(
    event: Event, ledger: Ledger, tier: TierTape, state: TierState, number: int
) -> None:
    """Compare a tier with the ledger; what an event names is marked, and so that it is painted."""
    changed = set(state.advance(number + 1).tolist())
    assert np.flatnonzero(state.full).tolist() == sorted(ledger.stored[tier.name])
    assert tier.held_after(number + 1) == len(ledger.stored[tier.name])
    if isinstance(event, Offload | Load | Discard) and event.tier == tier.name:
        fresh = np.flatnonzero(state.fresh(np.arange(tier.size)))
        assert set(event.slots) <= changed & set(fresh.tolist())
        assert tier.copied[number].frames == getattr(event, "frames", ())
    else:
        assert number not in tier.copied


def compare(path: Path) -> None:
    """Follow a trace, event by event, and the tape, moment by moment."""
    tape = read_tape(path)
    pool, tiers = PoolState(tape), {tier.name: (tier, TierState(tier)) for tier in tape.tiers}
    evicted = aborted = 0
    with open_trace(path) as trace:
        for number, (record, ledger) in enumerate(follow(trace)):
            changed = pool.advance(number + 1)
            holders: dict[int, list[str]] = {}
            for task, table in ledger.tables.items():
                for frame in table:
                    holders.setdefault(frame, []).append(task)
            for frame in range(ledger.frames):
                owner = int(pool.owner[frame])
                assert pool.refs[frame] == ledger.refcounts[frame], (number, frame)
                if ledger.refcounts[frame]:
                    assert tape.stays[owner].task in holders[frame], (number, frame)
                    assert tape.stays[owner].first <= number < tape.stays[owner].end
                elif frame in ledger.cached:
                    assert owner == CACHED, (number, frame)
                else:
                    assert owner == FREE, (number, frame)
            assert [*tiers] == [*ledger.stored]
            for tier, state in tiers.values():
                compare_tier(record.event, ledger, tier, state, number)
            fresh = np.flatnonzero(pool.fresh(np.arange(ledger.frames)))
            assert set(np.flatnonzero(pool.since == number)) <= set(changed) & set(fresh)
            assert tape.held[number] == ledger.held_count
            assert tape.cached[number] == len(ledger.cached)
            assert tape.free(number) == ledger.free_count
            assert tape.shared[number] == sum(count > 1 for count in ledger.refcounts)
            assert (tape.running[number], tape.queued[number]) == (
                len(ledger.tasks),
                len(ledger.queued),
            )
            task = getattr(record.event, "table", "")
            compare_table(tape, number, ledger.tables.get(task, ()))
            evicted += len(record.event.frames) if isinstance(record.event, Evict) else 0
            aborted += isinstance(record.event, Abort)
    assert np.asarray(tape.amount)[tape.happens(Evict)].sum() == evicted
    assert tape.happens(Abort).sum() == aborted
    assert tape.happens(Abort, 1, 2).tolist() == tape.happens(Abort)[1:2].tolist()
    for index, stay in enumerate(tape.stays):
        events = [event for event in range(tape.events) if tape.stay[event] == index]
        events += [event for event, stays in tape.ending.items() if index in stays[1:]]
        assert events[0] == stay.first
        assert stay.end in (events[-1], tape.events)
        assert stay.pages == max(tape.pages[event] for event in events)


@pytest.mark.parametrize(("name", "first"), [("random_256_frames", 300), ("random_256_frames", 2)])
def test_a_part_begins_with_what_there_is(name: str, first: int, tmp_path: Path) -> None:
    """What was made up to lead there is neither shown nor counted, in whatever part of a part."""
    path = TRACES / f"{name}.jsonl"
    whole, part = read_tape(path), read_tape(cut_from(path, tmp_path / "part.jsonl", first, 400))
    assert not any(stay.task.startswith("before-") for stay in part.stays)
    assert (part.events, part.step[0], part.step[-1]) == (
        401 - first,
        *(whole.step[event - 1] for event in (first, 400)),
    )
    assert part.start.held == whole.held[first - 2]
    one, other = PoolState(whole), PoolState(part)
    one.advance(first - 1)
    for event in range(part.events + 1):
        if event:
            one.advance(first - 1 + event)
            other.advance(event)
            counts = ("held", "cached", "shared", "running", "queued", "kind")
            for count in counts:
                assert getattr(part, count)[event - 1] == getattr(whole, count)[first + event - 2]
        assert (one.refs == other.refs).all()
        assert names(whole, one) == names(part, other)
    again = read_tape(cut_from(tmp_path / "part.jsonl", tmp_path / "again.jsonl", 40, None))
    assert again.step[-1] == part.step[-1]
    assert [*again.held] == [*part.held][-again.events :]


def cut_from(path: Path, target: Path, first: int, last: int | None) -> Path:
    with open_trace(path) as trace:
        target.write_text("".join(cut(trace, EventRange(first, last))))
    return target


def names(tape: Tape, pool: PoolState) -> list[str | int]:
    """Return who owns each frame: a task, or nobody."""
    return [tape.stays[owner].task if owner >= 0 else owner for owner in pool.owner.tolist()]


def test_events_of_a_part_keep_their_numbers(tmp_path: Path) -> None:
    lines = (
        '{"ev": "init", "format": "pagereel-trace", "version": 1, "engine": "E", "frames": 4}',
        *(
            f'{{"seq": {seq}, "ev": "arrive", "task": "T{seq}", "frames": [{seq - 1}]}}'
            for seq in (1, 2, 3, 4)
        ),
    )
    path = tmp_path / "trace.jsonl"
    path.write_text("\n".join(lines) + "\n")
    part = cut_from(path, tmp_path / "part.jsonl", 3, 4)
    tape = read_tape(part)
    assert ([*tape.step], tape.has_steps) == ([3, 4], False)
    assert [stay.task for stay in tape.stays] == ["T1", "T2", "T3", "T4"]
    assert tape.table(0, 1) == (0,)
    # As parts were written before their headers said so.
    old = part.read_text().replace(', "made_up": 4, "first": 3', "")
    assert old != part.read_text()
    part.write_text(old)
    assert read_tape(part) == tape


def test_a_part_must_have_all_that_leads_to_it(tmp_path: Path) -> None:
    path = tmp_path / "part.jsonl"
    path.write_text(text_of(header(made_up=3, first=9)))
    with pytest.raises(TraceError, match=r"part.jsonl:1: made_up says that 3 events lead to "):
        read_tape(path)


def test_what_was_changed_is_marked_for_some_moments_and_what_is_cached_fades(
    tmp_path: Path,
) -> None:
    lines = (
        '{"ev": "init", "format": "pagereel-trace", "version": 1, "engine": "E", "frames": 4}',
        '{"seq": 1, "ev": "arrive", "task": "A", "frames": [2, 3]}',
        '{"seq": 2, "ev": "finish", "task": "A", "freed": [3], "cached": [2]}',
    )
    path = tmp_path / "trace.jsonl"
    path.write_text("\n".join(lines) + "\n")
    tape = read_tape(path)
    assert [*tape.step] == [1, 2]
    assert not tape.has_steps
    pool = PoolState(tape)
    cached = np.array([2])
    assert [*pool.advance(1)] == [2, 3]
    assert [*pool.advance(2)] == [2, 3]
    changed = {moment: [*pool.advance(2)] for moment in range(2, 60)}
    assert [moment for moment, frames in changed.items() if 3 in frames] == [1 + FRESH]
    assert [moment for moment, frames in changed.items() if 2 in frames] == [1 + FRESH, 17, 41]
    assert [*pool.tones(cached)] == [2]


def test_memory_grows_with_events_and_not_with_frames(tmp_path: Path) -> None:
    sizes = []
    for frames in (600, 65_536):
        path = write_busy_trace(tmp_path / "t.jsonl", frames=frames, events=1500, pages=4)
        tape = read_tape(path)
        arrays = [getattr(tape, name) for name in tape.__slots__]
        size = sum(a.itemsize * len(a) for a in arrays if hasattr(a, "itemsize"))
        sizes.append(size / (tape.events + len(tape.cell_frame)))
    assert max(sizes) < 60  # bytes


def test_a_trace_that_cannot_be_says_where(tmp_path: Path) -> None:
    lines = (TRACES / "prefix_sharing.jsonl").read_text().splitlines(keepends=True)
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text("".join([*lines[:5], *lines[6:]]))
    with pytest.raises(TraceError, match=r"wrong\.jsonl:6: "):
        read_tape(wrong)


def test_a_pool_that_no_picture_can_show_is_refused_before_anything_is_drawn(
    tmp_path: Path,
) -> None:
    path = tmp_path / "large.jsonl"
    path.write_text(text_of(header(frames=65_536)))
    assert read_tape(path).frames == 65_536
    path.write_text(text_of(header(frames=65_537)))
    with pytest.raises(
        TraceError, match=r"large.jsonl:1: a pool of 65537 frames; at most 65536 fit"
    ):
        read_tape(path)
