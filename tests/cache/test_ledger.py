"""The mutable cache against the plainest model of it, written from the format's rules."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pagereel.cache import (
    HOLE,
    Abort,
    Arrive,
    CacheState,
    Checks,
    Copy,
    Defer,
    Discard,
    Drop,
    Event,
    Evict,
    Expand,
    Finish,
    Ledger,
    Load,
    Offload,
    Preempt,
    Release,
    Share,
    Shrink,
    Submit,
)
from pagereel.errors import CacheError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.cache import LetGo

FRAMES, PAGE_SIZE, RESERVED = 6, 2, (5,)
TIERS = {"host": 3, "disk": 1}

names = st.sampled_from("ABC")
frame = st.sampled_from((-2, *range(FRAMES + 1)))
some = st.lists(st.integers(0, FRAMES - 1), max_size=3).map(tuple)
pages = st.lists(st.integers(HOLE, FRAMES - 1), max_size=3).map(tuple)
freed = st.none() | some
tiers = st.sampled_from((*TIERS, "tape"))
slots = st.lists(st.integers(-1, 3), max_size=3).map(tuple)
keys = st.lists(st.sampled_from("xy"), max_size=2).map(tuple)
events = st.one_of(
    st.builds(Submit, names, st.none() | st.integers(0, 3)),
    st.builds(Defer, names, st.none() | st.integers(0, 3)),
    st.builds(Arrive, names, pages, st.none() | st.integers(0, 8), pages),
    st.builds(Expand, names, frame | st.just(HOLE), st.none() | st.integers(-1, 6)),
    st.builds(Copy, names, st.integers(-1, 3), frame, frame),
    st.builds(Share, names, st.integers(-1, 3), some, freed, some),
    st.builds(Release, names, some, freed, some),
    st.builds(Shrink, names, pages, freed, some),
    st.builds(Evict, some),
    st.builds(Drop, some),
    st.builds(Offload, tiers, slots, some, keys),
    st.builds(Load, tiers, slots, some, keys),
    st.builds(Discard, tiers, slots),
    *(st.builds(verb, names, freed, some, some) for verb in (Finish, Abort, Preempt)),
)


def state_of(ledger: Ledger) -> dict[str, Any]:
    """Return all that can be seen of a ledger, to be compared."""
    return {
        "tables": copy.deepcopy(ledger.tables),
        "refcounts": list(ledger.refcounts),
        "cached": list(ledger.cached),
        "queued": dict(ledger.queued),
        "evicted": set(ledger.evicted),
        "uncomputed": set(ledger.uncomputed),
        "stored": copy.deepcopy(ledger.stored),
        "mask": ledger.mask,
        "counts": (ledger.free_count, ledger.held_count),
    }


def likely(ledger: Ledger, data: st.DataObject) -> Event:
    """Draw an event that is often possible: random ones hardly ever are."""
    free, held = list(ledger.free_frames), [f for f, n in enumerate(ledger.refcounts) if n]
    task = data.draw(names)
    table = ledger.tables.get(task)
    kinds = [data.draw(events)]
    if ledger.cached and not ledger.evicted:
        verb = data.draw(st.sampled_from((Evict, Drop)))
        kinds.append(verb(tuple(data.draw(st.permutations(list(ledger.cached))))[:1]))
    kinds += of_tiers(ledger, data, [*held, *ledger.cached], free)
    taken = tuple(sorted(ledger.evicted)) or tuple(free[: data.draw(st.integers(0, 2))])
    if table is None:
        known = [*held, *ledger.cached]
        shared = tuple(data.draw(st.permutations(known)))[: data.draw(st.integers(0, 2))]
        holes = (HOLE,) * data.draw(st.integers(0, 1))
        kinds += [Arrive(task, taken, None, (*holes, *shared))] * 3
        kinds += [Submit(task), Defer(task), Abort(task)]
        early: Event = data.draw(st.sampled_from(kinds))
        return early
    alone = [f for f in table if f != HOLE and ledger.refcounts[f] == 1]

    def let_go(frames: list[int]) -> dict[str, Any]:
        last = data.draw(st.permutations([f for f in frames if f in alone]))
        cut = data.draw(st.integers(0, len(last)))
        named = data.draw(st.sampled_from((None, tuple(last[:cut]))))
        return {"freed": named, "cached": tuple(last[cut:])}

    goes, gone = data.draw(st.sampled_from((Finish, Abort, Preempt))), let_go(table)
    left = [f for f in table if f != HOLE and (f in gone["cached"] or f not in alone)]
    kinds.append(goes(task, **gone, uncomputed=tuple(left[: data.draw(st.integers(0, 2))])))
    page = data.draw(st.integers(0, len(table) - 1))
    kinds.append(Shrink(task, tuple(table[page:]), **let_go(table[page:])))
    some = tuple(f for f in table[:page] if f != HOLE)
    kinds.append(Release(task, some, **let_go([*some])))
    known = [f for f in (*held, *ledger.cached) if f not in table][: len(table) - page]
    left = [*table[page : page + len(known)]]
    kinds += [Share(task, page, tuple(known), **let_go(left)), Expand(task, HOLE)]
    if taken:
        kinds += [Expand(task, taken[0]), Copy(task, page, table[page], taken[0])] * 2
    event: Event = data.draw(st.sampled_from(kinds))
    return event


def of_tiers(ledger: Ledger, data: st.DataObject, known: list[int], free: list[int]) -> list[Event]:
    """Draw events of a tier that are often possible."""
    tier = data.draw(st.sampled_from([*TIERS]))
    count = data.draw(st.integers(1, 2))
    stored = ledger.stored[tier]
    slots = tuple(data.draw(st.permutations(range(TIERS[tier]))))[:count]
    some = tuple(dict.fromkeys(known))[: len(slots)]
    drawn: list[Event] = [Offload(tier, slots[: len(some)], some, tuple("xy"[: len(some)]))] * 2
    if stored:
        slot = data.draw(st.sampled_from([*stored]))
        alone = [f for f, n in enumerate(ledger.refcounts) if n == 1]
        frame = data.draw(st.sampled_from([*alone, *free, *known]))
        key = stored[slot]
        drawn += [Load(tier, (slot,), (frame,), () if key is None else (key,))] * 3
        drawn.append(Discard(tier, (slot,)))
    return drawn


def there(table: Sequence[int]) -> list[int]:
    return [frame for frame in table if frame != HOLE]


def possible(ledger: Ledger, event: Event) -> bool:  # noqa: C901, PLR0911, PLR0912 (every rule)
    """Say the same as the ledger, from the rules as they are written down."""
    tables, cached = ledger.tables, list(ledger.cached)
    held = [f for table in tables.values() for f in there(table)]
    free = set(range(FRAMES)) - set(held) - set(cached) - set(RESERVED)
    if isinstance(event, Evict | Drop):
        frames = event.frames
        is_cached = set(frames) <= set(cached) and len(set(frames)) == len(frames)
        waits = isinstance(event, Drop) and ledger.evicted
        return bool(frames) and is_cached and not waits
    if isinstance(event, Offload | Load | Discard):
        return _in_tier(ledger, event, free, held)
    table = tables.get(event.task)
    if isinstance(event, Submit):
        tokens = event.tokens
        fresh = table is None and event.task not in ledger.queued
        return fresh and (tokens is None or tokens >= 1)
    taken: tuple[int, ...] = ()
    match event:
        case Defer(need=need):
            if event.task not in ledger.queued or need == 0:
                return False
        case Arrive(frames=frames, tokens=tokens, shared=shared):
            taken, both = frames, there([*shared, *frames])
            if table is not None or not (shared or frames) or len(set(both)) < len(both):
                return False
            if not set(there(shared)) <= {*held, *cached} or not set(there(frames)) <= free:
                return False
            count = len(shared) + len(frames)
            if tokens is not None and (tokens < 1 or -(-tokens // PAGE_SIZE) != count):
                return False
        case Expand(frame=new, pos=pos):
            taken = (new,)
            if table is None or new not in {*free, HOLE}:
                return False
            if pos is not None and pos // PAGE_SIZE + 1 != len(table) + 1:
                return False
        case Copy(page=page, src=src, dst=dst):
            taken = (dst,)
            if table is None or page not in range(len(table)) or table[page] != src:
                return False
            if held.count(src) < 2 or dst not in free:
                return False
        case Finish() | Abort() | Preempt() | Release() | Shrink() | Share():
            gone = _gone(event, table, {*held, *cached})
            if gone is None and isinstance(event, Abort) and event.task in ledger.queued:
                gone = []
            if gone is None:
                return False
            left = [f for f in gone if held.count(f) == 1]
            freed, kept = event.freed, event.cached
            if freed is None:
                freed = tuple(f for f in left if f not in kept)
            if sorted([*freed, *kept]) != sorted(left):
                return False
            missing = getattr(event, "uncomputed", ())
            if len({*missing}) < len(missing) or not {*missing} <= {*gone} - {*freed}:
                return False
    return ledger.evicted <= set(taken)


def _in_tier(
    ledger: Ledger, event: Offload | Load | Discard, free: set[int], held: list[int]
) -> bool:
    stored, slots = ledger.stored.get(event.tier), event.slots
    if stored is None or not slots or len({*slots}) < len(slots):
        return False
    there = stored if not isinstance(event, Offload) else range(TIERS[event.tier])
    if not {*slots} <= {*there}:
        return False
    if isinstance(event, Discard):
        return not ledger.evicted
    frames, keys = event.frames, event.keys
    if not len({*frames}) == len(frames) == len(slots) or len(keys) not in {0, len(slots)}:
        return False
    if isinstance(event, Offload):
        return {*frames} <= {*held, *ledger.cached} and not ledger.evicted
    pairs = zip(slots, keys, strict=False)
    fits = all(stored[slot] in {None, key} for slot, key in pairs)
    may_take = all(frame in free or held.count(frame) == 1 for frame in frames)
    return fits and may_take and ledger.evicted <= {*frames}


def _gone(event: LetGo, table: list[int] | None, known: set[int]) -> list[int] | None:
    """Return the frames that leave a page table; None if they cannot."""
    if table is None:
        return None
    match event:
        case Release(frames=frames):
            fits = frames and set(frames) <= set(there(table)) and len({*frames}) == len(frames)
            return [*frames] if fits else None
        case Shrink(frames=frames):
            fits = 0 < len(frames) < len(table) and table[-len(frames) :] == [*frames]
            return there(frames) if fits else None
        case Share(page=page, shared=shared):
            moved = table[page : page + len(shared)] if page >= 0 else []
            fits = shared and len(moved) == len(shared) == len({*shared}) and HOLE not in moved
            return moved if fits and set(shared) <= known - set(table) else None
        case _:
            return there(table)


def missing_after(missing: set[int], event: Event, ledger: Ledger) -> set[int]:
    """Return the frames without content, told from those before, in a plain way."""
    match event:
        case Finish() | Abort() | Preempt():
            missing = missing | {*event.uncomputed}
        case Copy(src=src, dst=dst):
            missing = missing | ({dst} if src in missing else set())
        case Load(frames=frames):
            missing = missing - {*frames}
    return {f for f in missing if not ledger.is_free(f)}


def check_what_always_holds(ledger: Ledger) -> None:
    held = [f for table in ledger.tables.values() for f in there(table)]
    assert ledger.uncomputed <= {*held, *ledger.cached}
    free = [f for f in range(FRAMES) if ledger.is_free(f)]
    kinds = sorted([*set(held), *free, *ledger.cached, *ledger.reserved])
    assert kinds == list(range(FRAMES))
    assert [held.count(f) for f in range(FRAMES)] == list(ledger.refcounts)
    assert ledger.mask == sum(1 << f for f in free)
    assert list(ledger.free_frames) == free
    assert (ledger.free_count, ledger.held_count) == (len(free), len(set(held)))
    assert all(ledger.tables.values())
    assert not set(ledger.tables) & set(ledger.queued)


@settings(max_examples=40)
@given(st.data())
def test_the_ledger_carries_out_exactly_what_is_possible(data: st.DataObject) -> None:
    ledger = Ledger(FRAMES, PAGE_SIZE, RESERVED, tiers=TIERS)
    for _ in range(data.draw(st.integers(5, 40))):
        event = likely(ledger, data)
        before = state_of(ledger)
        kept = CacheState.of(ledger)
        if possible(ledger, event):
            missing = {*ledger.uncomputed}
            ledger.apply(event)
            assert ledger.uncomputed == missing_after(missing, event, ledger)
            after = CacheState.of(ledger)
            assert kept.apply(event) == after
            assert state_of(after.ledger()) == state_of(ledger)
            tables = {task: tuple(table) for task, table in ledger.tables.items()}
            stored = {tier: tuple(held) for tier, held in ledger.stored.items()}
            checks = Checks(
                ledger.mask, tuple(ledger.refcounts), tables, tuple(ledger.cached), stored
            )
            checks.verify(ledger)
            checks.verify(after)
        else:
            with pytest.raises(CacheError) as caught:
                ledger.apply(event)
            assert state_of(ledger) == before
            assert "\n" not in str(caught.value)
        check_what_always_holds(ledger)


def test_shared_and_cached_frames_come_and_go() -> None:
    ledger = Ledger(8, 4)
    ledger.apply(Arrive("A", (0, 1, 2), 12))
    ledger.apply(Arrive("B", (3,), 10, shared=(0, 1)))
    assert ledger.tables == {"A": [0, 1, 2], "B": [0, 1, 3]}
    assert list(ledger.refcounts) == [2, 2, 1, 1, 0, 0, 0, 0]
    ledger.apply(Finish("A", (), (2,)))
    assert list(ledger.cached) == [2]
    ledger.apply(Finish("B", (3,), (1, 0)))
    assert list(ledger.cached) == [2, 1, 0]
    assert ledger.mask == 0b11111000
    ledger.apply(Arrive("C", (), 4, shared=(1,)))
    assert list(ledger.cached) == [2, 0]
    ledger.apply(Evict((2,)))
    ledger.apply(Submit("D", 9))
    ledger.apply(Expand("C", 2, 4))
    assert (ledger.free_count, ledger.held_count, list(ledger.cached)) == (5, 2, [0])
    ledger.apply(Preempt("C", (2,), (1,)))
    assert list(ledger.cached) == [0, 1]
    assert dict(ledger.queued) == {"D": 9, "C": None}


def test_what_was_never_computed_stays_so_until_its_frame_is_taken_anew() -> None:
    ledger = Ledger(8, tiers={"host": 2})
    ledger.apply(Arrive("A", (0, 1, 2, 3)))
    ledger.apply(Arrive("B", (), shared=(1,)))
    ledger.apply(Preempt("A", (), (3, 2, 0), (1, 2, 3)))
    assert ledger.uncomputed == {1, 2, 3}
    ledger.apply(Arrive("C", (), shared=(1, 2)))  # which computes nothing there
    ledger.apply(Copy("C", 0, 1, 4))
    ledger.apply(Finish("B", (1,)))
    assert ledger.uncomputed == {2, 3, 4}
    ledger.apply(Drop((3,)))
    ledger.apply(Offload("host", (0,), (0,)))
    ledger.apply(Load("host", (0,), (2,)))
    assert ledger.uncomputed == {4}
    ledger.apply(Finish("C", (2,), (4,)))
    ledger.apply(Evict((4,)))
    ledger.apply(Arrive("D", (4,)))
    assert not ledger.uncomputed


def test_a_copy_leaves_the_source_to_others() -> None:
    ledger = Ledger(4)
    ledger.apply(Arrive("A", (0, 1)))
    ledger.apply(Arrive("B", (), shared=(0, 1)))
    ledger.apply(Copy("B", 1, 1, 3))
    assert ledger.tables == {"A": [0, 1], "B": [0, 3]}
    assert list(ledger.refcounts) == [2, 1, 0, 1]


def test_pages_leave_a_running_table() -> None:
    ledger = Ledger(8, 4)
    ledger.apply(Arrive("A", (0, 1, 2, 3), 16))
    ledger.apply(Arrive("B", (), shared=(0, 1)))
    ledger.apply(Release("A", (1, 2), (2,)))
    assert ledger.tables == {"A": [0, HOLE, HOLE, 3], "B": [0, 1]}
    assert list(ledger.refcounts) == [2, 1, 0, 1, 0, 0, 0, 0]
    ledger.apply(Expand("A", 2, 16))  # its fifth page: the holes count
    ledger.apply(Shrink("A", (HOLE, 3, 2), (2,), (3,)))
    assert ledger.tables["A"] == [0, HOLE]
    assert (list(ledger.cached), ledger.held_count, ledger.free_count) == ([3], 2, 5)
    with pytest.raises(CacheError, match="page 1 of A is a hole, so it cannot move"):
        ledger.apply(Share("A", 1, (3,)))
    with pytest.raises(CacheError, match="page 1 of A is a hole, but src is 0"):
        ledger.apply(Copy("A", 1, 0, 5))
    ledger.apply(Drop((3,)))
    assert (list(ledger.cached), ledger.free_count) == ([], 6)
    ledger.apply(Arrive("C", (7,), 12, shared=(HOLE, 1)))
    assert ledger.tables["C"] == [HOLE, 1, 7]
    with pytest.raises(CacheError, match="the last 2 pages of C are frames 1 and 7, not frame 7"):
        ledger.apply(Shrink("C", (HOLE, 7)))


def test_a_page_moves_to_a_shared_frame() -> None:
    ledger = Ledger(8)
    ledger.apply(Arrive("A", (0, 1, 2)))
    ledger.apply(Finish("A", (2,), (0, 1)))
    ledger.apply(Arrive("B", (3, 4, 5)))
    ledger.apply(Share("B", 0, (0, 1), (3,), (4,)))
    assert ledger.tables == {"B": [0, 1, 5]}
    assert list(ledger.cached) == [4]
    assert ledger.mask == 0b11001100


def test_a_page_moves_to_a_tier_and_back() -> None:
    ledger = Ledger(4, tiers={"host": 3})
    ledger.apply(Arrive("A", (0, 1)))
    ledger.apply(Offload("host", (2, 0), (0, 1), ("x", "y")))
    ledger.apply(Finish("A", (1,), (0,)))
    assert ledger.stored == {"host": {2: "x", 0: "y"}}
    ledger.apply(Offload("host", (2,), (0,)))  # its old content is overwritten
    assert ledger.stored == {"host": {2: None, 0: "y"}}
    ledger.apply(Arrive("B", (1, 2)))
    ledger.apply(Load("host", (0,), (2,), ("y",)))  # into a page that B has got for it
    assert (ledger.tables, list(ledger.cached)) == ({"B": [1, 2]}, [0])
    ledger.apply(Evict((0,)))
    ledger.apply(Load("host", (2, 0), (3, 0)))  # into free frames, which are cached then
    assert (list(ledger.cached), ledger.free_count) == ([3, 0], 0)
    ledger.apply(Arrive("C", (), shared=(3, 0)))
    ledger.apply(Discard("host", (0,)))
    assert ledger.stored == {"host": {2: None}}


def _with_tiers() -> Ledger:
    """Let A hold 0 and 1, B 1 and 2; 3 is cached, 4 free; in host slot 0 has key x, 1 none."""
    ledger = Ledger(6, 4, (5,), tiers={"host": 3, "disk": 1})
    for event in (
        Arrive("A", (0, 1)),
        Arrive("B", (2,), shared=(1,)),
        Arrive("X", (3,)),
        Finish("X", (), (3,)),
        Offload("host", (0,), (0,), ("x",)),
        Offload("host", (1,), (3,)),
    ):
        ledger.apply(event)
    return ledger


@pytest.mark.parametrize(
    ("event", "message", "advice"),
    [
        (Offload("tape", (0,), (0,)), "there is no tier tape; tiers are host, disk", "first line"),
        (Offload("host", (), ()), "offloads no page", "at least one slot"),
        (Offload("host", (3,), (0,)), "slot 3 does not exist: host has slots 0 to 2", ""),
        (Offload("disk", (1,), (0,)), "slot 1 does not exist: disk has slot 0", ""),
        (Offload("host", (-1,), (0,)), "a slot must be a whole number of at least 0, not -1", ""),
        (Offload("host", (1, 1), (0, 1)), "slot 1 is named twice", "once"),
        (Offload("host", (1, 2), (0, 0)), "frame 0 is named twice", "once"),
        (Offload("host", (1, 2), (0,)), "there are 2 slots, but 1 frame", "a frame for each"),
        (Offload("host", (1,), (0,), ("x", "y")), "there are 1 slot, but 2 keys", "or none"),
        (Offload("host", (1,), (4,)), "frame 4 is free, so there is nothing in it to of", "held"),
        (Offload("host", (1,), (5,)), "frame 5 is reserved, so there is nothing in it", ""),
        (Offload("host", (1,), (6,)), "frame 6 does not exist: the pool has frames 0 to 5", ""),
        (Load("host", (2,), (4,)), "slot 2 of host holds nothing", "offload to it first"),
        (Load("host", (0,), (4,), ("y",)), "slot 0 of host holds 'x', not 'y'", "that holds it"),
        (Load("host", (0,), (3,)), "frame 3 is cached", "evict it first"),
        (Load("host", (0,), (1,)), "frame 1 is held by A and B, so its content cannot be", "free"),
        (Load("host", (0,), (5,)), "frame 5 is reserved", "frame 4 is free"),
        (Load("disk", (0,), (4,)), "slot 0 of disk holds nothing", ""),
        (Discard("host", (2,)), "slot 2 of host holds nothing", ""),
        (Discard("host", ()), "discards no page", "at least one slot"),
    ],
)
def test_an_impossible_event_of_a_tier_is_refused(event: Event, message: str, advice: str) -> None:
    assert _refused(event, _with_tiers(), advice).startswith(message)


def test_a_trace_without_tiers_has_none() -> None:
    with pytest.raises(CacheError, match="there is no tier host; the trace has no tiers"):
        _standing().apply(Offload("host", (0,), (0,)))


def test_a_wrong_claim_about_a_tier_is_found() -> None:
    Checks(tiers={"host": (1, 0), "disk": ()}).verify(_with_tiers())
    with pytest.raises(CacheError) as caught:
        Checks(tiers={"host": (0, 2)}).verify(_with_tiers())
    has = "but in the cache it holds slots 0, 1"
    assert str(caught.value) == f"tiers say that host holds slots 0, 2, {has}"
    with pytest.raises(CacheError, match="tiers say that host holds nothing, but"):
        Checks(tiers={}).verify(_with_tiers())


def _grouped() -> Ledger:
    """Let A hold 0 and 1 in the group full, 2 and 3 in window, and B 0 in full."""
    ledger = Ledger(8, None, (), {"full": 4, "window": None})
    for event in (
        Arrive("A", (0, 1), 8, group="full"),
        Arrive("A", (2, 3), 8, group="window"),
        Arrive("B", (), 4, (0,), group="full"),
    ):
        ledger.apply(event)
    return ledger


def test_a_task_has_a_page_table_in_each_group() -> None:
    ledger = _grouped()
    ledger.apply(Release("A", (2,), (2,), group="window"))
    ledger.apply(Expand("A", 4, 8, "full"))
    assert ledger.tables == {"A full": [0, 1, 4], "A window": [HOLE, 3], "B full": [0]}
    assert [*ledger.tasks] == ["A", "B"]
    kept = CacheState.of(ledger)
    assert state_of(kept.ledger()) == state_of(ledger)
    ledger.apply(Preempt("A", (1, 4), (3,)))
    assert ledger.tables == {"B full": [0]}
    assert (list(ledger.cached), dict(ledger.queued)) == ([3], {"A": None})
    assert kept.apply(Preempt("A", (1, 4), (3,))) == CacheState.of(ledger)


@pytest.mark.parametrize(
    ("event", "message", "advice"),
    [
        (Expand("A", 4), "the group is missing", "add one of its groups: full, window"),
        (Expand("A", 4, group="x"), "there is no group x; groups are full, window", ""),
        (Expand("B", 4, group="window"), "there is no task B window in the cache; tasks are A", ""),
        (Expand("A", 4, 4, "full"), "position 4 is in page 1, but the next page of A full", "pos"),
        (Arrive("A", (4,), group="full"), "task A full is already in the cache", ""),
        (Submit("A"), "task A is already in the cache", ""),
        (Arrive("B", (), None, (0,), "window"), "frame 0 is page 0 of B full already", "one group"),
        (Release("A", (0,), group="window"), "A window does not hold frame 0", ""),
        (Finish("A", (1, 2)), "A leaks frame 3, neither freed nor cached", ""),
        (Finish("A", (0, 1, 2, 3)), "frame 0 is still held by B full, not by A alone", ""),
    ],
)
def test_an_impossible_event_of_a_group_is_refused(event: Event, message: str, advice: str) -> None:
    assert _refused(event, _grouped(), advice).startswith(message)


def test_a_trace_without_groups_names_none() -> None:
    with pytest.raises(CacheError, match="there is no group full: the trace has no groups"):
        _standing().apply(Expand("A", 5, group="full"))


def _refused(event: Event, ledger: Ledger, advice: str) -> str:
    """Return why an event is refused, with some advice; the ledger stays as it is."""
    before = state_of(ledger)
    with pytest.raises(CacheError) as caught:
        ledger.apply(event)
    assert advice in "; ".join(getattr(caught.value, "__notes__", ()))
    assert state_of(ledger) == before
    return str(caught.value)


def _standing() -> Ledger:
    """Let A hold 0 and 1, B 1 and 2; 3 and 4 are cached, 5 is free, 6 free, 7 reserved; Q waits."""
    ledger = Ledger(8, 4, (7,))
    for event in (
        Arrive("A", (0, 1)),
        Arrive("B", (2,), shared=(1,)),
        Arrive("X", (3, 4)),
        Finish("X", (), (3, 4)),
        Submit("Q", 20),
    ):
        ledger.apply(event)
    return ledger


@pytest.mark.parametrize(
    ("event", "message", "advice"),
    [
        (Submit("A"), "task A is already in the cache", "another name"),
        (Submit("Q"), "task Q is already queued", "another name"),
        (Submit("N", 0), "tokens must be a whole number of at least 1, not 0", ""),
        (Defer("A"), "task A is already in the cache", ""),
        (Defer("N"), "task N is not queued", "submit it first"),
        (Defer("Q", 0), "need must be a whole number of at least 1, not 0", ""),
        (Arrive("N", (5,), None, (6,)), "frame 6 is free, so it cannot be shared", "held or"),
        (Arrive("N", (5,), None, (7,)), "frame 7 is reserved, so it cannot be shared", ""),
        (Arrive("N", (5,), None, (0, 5)), "frame 5 is named twice", "once"),
        (Arrive("N", (5,), 4, (0,)), "4 tokens at 4 a page fill 1 page, not 2", "correct"),
        (Arrive("N", (3,)), "frame 3 is cached", "evict it first"),
        (Arrive("N", (7,)), "frame 7 is reserved", "frames 5 and 6 are free"),
        (Expand("A", 2), "frame 2 is held by B as its page 1", "frames 5 and 6 are free"),
        (Expand("Q", 5), "there is no task Q in the cache; tasks are A, B", ""),
        (Copy("A", 0, 0, 5), "frame 0 is held by A alone", "only shared"),
        (Copy("A", 0, 1, 5), "page 0 of A is frame 0, but src is 1", "correct"),
        (Copy("A", 2, 1, 5), "page 2 of A does not exist, but src is 1", "correct"),
        (Copy("A", -1, 1, 5), "page must be a whole number of at least 0, not -1", ""),
        (Copy("A", 1, 1, 2), "frame 2 is held by B as its page 1", ""),
        (Evict(()), "evicts no frame", "name at least one"),
        (Evict((3, 3)), "frame 3 is named twice", ""),
        (Evict((0,)), "frame 0 is held by A as its page 0", ""),
        (Evict((5,)), "frame 5 is free", "only cached frames"),
        (Evict((7,)), "frame 7 is reserved", ""),
        (Finish("Q"), "there is no task Q in the cache; tasks are A, B", ""),
        (Finish("A", (0, 1)), "frame 1 is still held by B, not by A alone", "no task holds"),
        (Finish("A", (0,), (1,)), "frame 1 is still held by B, not by A alone", "no task holds"),
        (Finish("A", (0,), (0,)), "frame 0 is named twice", "once"),
        (Finish("A", (), ()), "A leaks frame 0, neither freed nor cached", "each frame"),
        (Finish("A", None, (3,)), "A does not hold frame 3", "each frame"),
        (Abort("Q", (5,)), "Q does not hold frame 5", "each frame"),
        (Abort("Q", None, (), (0,)), "Q does not hold frame 0", "cached, or"),
        (Preempt("A", None, (0,), (0, 3)), "A does not hold frame 3", "cached, or"),
        (Preempt("A", None, (0,), (0, 0)), "frame 0 is named twice", "once"),
        (Preempt("A", (0,), (), (0,)), "frame 0 is free, so nothing is missing in it", "cached"),
        (Drop(()), "drops no frame", "name at least one"),
        (Drop((0,)), "frame 0 is held by A as its page 0", ""),
        (Drop((5,)), "frame 5 is free", "only cached frames are dropped"),
        (Release("A", ()), "A releases no frame", "at least one"),
        (Release("A", (2,)), "A does not hold frame 2", "its page table"),
        (Release("A", (0,), (1,)), "A does not release frame 1", "each frame"),
        (Release("A", (0,), ()), "A leaks frame 0, neither freed nor cached", "each frame"),
        (Release("A", (1,), (1,)), "frame 1 is still held by B, not by A alone", "no task holds"),
        (Release("W", (6,)), "there is no task W in the cache; tasks are A, B", ""),
        (Shrink("A", ()), "A shrinks by no page", "at least one"),
        (Shrink("A", (0,)), "the last 1 page of A is frame 1, not frame 0", "in page order"),
        (Shrink("A", (0, 1)), "A has 2 pages, and would have none", "finish"),
        (Shrink("B", (2,), None, (1,)), "B does not give back frame 1", "each frame"),
        (Share("A", 0, ()), "A shares no frame", "at least one"),
        (Share("A", 0, (1,)), "frame 1 is page 1 of A already", "another frame"),
        (Share("A", 1, (2, 3)), "page 2 of A does not exist, so it cannot move", "correct"),
        (Share("A", 0, (5,)), "frame 5 is free, so it cannot be shared", "held or"),
        (Share("A", 0, (3,), (1,)), "A does not leave frame 1", "each frame"),
    ],
)
def test_an_impossible_event_is_refused(event: Event, message: str, advice: str) -> None:
    assert _refused(event, _standing(), advice) == message


@pytest.mark.parametrize("event", [Defer("Q"), Expand("A", 5), Finish("A"), Arrive("Q", (3,))])
def test_what_is_evicted_is_taken_at_once(event: Event) -> None:
    ledger = _standing()
    ledger.apply(Evict((3,)))
    ledger.apply(Evict((4,)))
    with pytest.raises(CacheError, match=r"evicted just before, but this does not take"):
        ledger.apply(event)
    ledger.apply(Arrive("Q", (4, 5, 3)))
    assert not ledger.evicted


@pytest.mark.parametrize(
    ("reserved", "message"),
    [((8,), "frame 8 does not exist"), ((0, 0), "frame 0 is named twice"), ((True,), "a frame mu")],
)
def test_reserved_frames_exist_once(reserved: tuple[int, ...], message: str) -> None:
    with pytest.raises(CacheError, match=message):
        Ledger(8, None, reserved)


def test_a_wrong_eviction_order_is_found() -> None:
    with pytest.raises(CacheError) as caught:
        Checks(evictable=(4, 3)).verify(_standing())
    assert str(caught.value) == "evictable says frames 4, 3, but the cache has frames 3, 4"
    with pytest.raises(CacheError, match="evictable says no frame, but"):
        Checks(evictable=()).verify(_standing())
