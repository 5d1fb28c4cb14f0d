"""Which events are possible in a cache, and how the impossible ones are refused."""

# It has more than 400 lines, since a reader looks for every rule in one place.

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, assert_never

from pagereel.cache.events import (
    HOLE,
    Abort,
    Arrive,
    Copy,
    Defer,
    Discard,
    Drop,
    Evict,
    Expand,
    Leave,
    Load,
    Offload,
    Release,
    Share,
    Shrink,
    Submit,
    table_name,
    task_of,
)
from pagereel.errors import CacheError
from pagereel.wording import counted, listed, named_frames, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from pagereel.cache.events import Event, LetGo, TableEvent, TierEvent


class RuledCache(Protocol):
    """What the rules ask of a cache."""

    @property
    def frames(self) -> int:
        """Size of the pool in page frames, which are numbered from 0."""

    @property
    def free_count(self) -> int:
        """How many frames are free."""

    @property
    def free_frames(self) -> Iterator[int]:
        """The free frames, lowest first; there may be millions."""

    @property
    def page_size(self) -> int | None:
        """Tokens per page, where it is known."""

    @property
    def groups(self) -> Mapping[str, int | None]:
        """Name of a group of page tables -> tokens per page in it, where they are known."""

    @property
    def tiers(self) -> Mapping[str, int]:
        """Name of a tier -> how many slots it has."""

    @property
    def stored(self) -> Mapping[str, Mapping[int, str | None]]:
        """Tier -> slot that holds something -> the key of that, where it has one."""

    @property
    def tasks(self) -> Collection[str]:
        """The tasks that have a page table."""

    @property
    def tables(self) -> Mapping[str, Sequence[int]]:
        """Task -> page table, in which a page may be a `HOLE`."""

    @property
    def refcounts(self) -> Sequence[int]:
        """By frame: in how many page tables it stands."""

    @property
    def cached(self) -> Collection[int]:
        """The cached frames."""

    @property
    def queued(self) -> Collection[str]:
        """The tasks that are queued."""

    @property
    def evicted(self) -> set[int]:
        """Frames that were evicted for the next event to take."""

    def is_free(self, frame: int) -> bool:
        """Say whether a frame is free."""


def check_possible(cache: RuledCache, event: Event) -> None:
    """Refuse an event that cannot happen.

    Raises
    ------
    CacheError
        If the event is impossible in this state of the cache. The message says why; a note on the
        exception, where there is one, says what can be done.
    """
    match event:
        case Expand():
            _check_expand(cache, event)
        case Arrive():
            _check_arrive(cache, event)
        case Leave() | Release() | Shrink() | Share():
            _check_let_go(cache, event)
        case Submit():
            _check_submit(cache, event)
        case Evict() | Drop():
            _check_losing(cache, event)
        case Copy():
            _check_copy(cache, event)
        case Defer():
            _check_defer(cache, event)
        case Offload() | Load() | Discard():
            _check_tier(cache, event)
        case _:
            assert_never(event)


def _check_submit(cache: RuledCache, event: Submit) -> None:
    _check_absent(cache, event.task)
    if event.task in cache.queued:
        raise refusal(f"task {event.task} is already queued", "remove this or choose another name")
    if event.tokens is not None:
        check_number(event.tokens, "tokens", least=1)


def _check_defer(cache: RuledCache, event: Defer) -> None:
    _check_absent(cache, event.task)
    if event.task not in cache.queued:
        raise refusal(f"task {event.task} is not queued", "submit it first")
    if event.need is not None:
        check_number(event.need, "need", least=1)
    _check_evicted_taken(cache, ())


def _check_arrive(cache: RuledCache, event: Arrive) -> None:
    task, frames, shared = event.table, present(event.frames), present(event.shared)
    _check_group(cache, event)
    _check_absent(cache, task)
    pages = len(event.shared) + len(event.frames)
    if not pages:
        raise refusal(f"task {task} arrives without a page", "give it at least one frame")
    if shared:
        check_once(cache, (*shared, *frames))
        _check_shareable(cache, shared)
        _check_elsewhere(cache, event.task, shared)
    _check_free(cache, frames)
    if event.tokens is not None:
        check_number(event.tokens, "tokens", least=1)
        _check_tokens(_page_size(cache, event.group), event.tokens, pages=pages)
    _check_evicted_taken(cache, frames)


def _check_expand(cache: RuledCache, event: Expand) -> None:
    table, size = _table(cache, event), _page_size(cache, event.group)
    _check_free(cache, present((event.frame,)))
    if event.pos is not None:
        check_number(event.pos, "pos", least=0)
        if size is not None and event.pos // size != len(table):
            raise refusal(
                f"position {shown(event.pos)} is in page {shown(event.pos // size)}, "
                f"but the next page of {event.table} is {len(table)}",
                "correct pos or leave it out",
            )
    _check_evicted_taken(cache, (event.frame,))


def _check_copy(cache: RuledCache, event: Copy) -> None:
    table, page, src = _table(cache, event), event.page, event.src
    check_number(page, "page", least=0)
    _check_frame(cache, src)
    if page >= len(table) or table[page] != src:
        raise refusal(f"{_page(event.table, table, page)}, but src is {src}", "correct page or src")
    if cache.refcounts[src] < 2:
        raise refusal(
            f"frame {src} is held by {event.table} alone", "only shared frames are copied on write"
        )
    _check_free(cache, (event.dst,))
    _check_evicted_taken(cache, (event.dst,))


def _check_let_go(cache: RuledCache, event: LetGo) -> None:
    """Refuse an event that says wrongly what becomes of the frames that it takes from a table."""
    task, freed = event.table, event.freed
    match event:
        case Release():
            left, does = _released(cache, event), "release"
        case Shrink():
            left, does = _shrunk(cache, event), "give back"
        case Share():
            left, does = _moved(cache, event), "leave"
        case Leave():
            waits = isinstance(event, Abort) and task in cache.queued
            left, does = () if waits else _all_pages(cache, task), "hold"
    named = event.cached if freed is None else (*freed, *event.cached)
    if named:
        check_once(cache, named)
    foreign = sorted(set(named).difference(left))
    if foreign:
        raise refusal(f"{task} does not {does} {named_frames(foreign)}", _LET_GO)
    _check_alone(cache, task, named)
    if freed is not None:
        kept = {frame for frame in left if cache.refcounts[frame] == 1}.difference(named)
        if kept:
            raise refusal(
                f"{task} leaks {named_frames(sorted(kept))}, neither freed nor cached", _LET_GO
            )
    if isinstance(event, Leave) and event.uncomputed:
        _check_uncomputed(cache, event, left)
    _check_evicted_taken(cache, ())


def _check_uncomputed(cache: RuledCache, event: Leave, left: Sequence[int]) -> None:
    """Refuse frames that the task did not hold, or that nobody could reuse afterwards."""
    check_once(cache, event.uncomputed)
    foreign = sorted(set(event.uncomputed).difference(left))
    if foreign:
        raise refusal(f"{event.task} does not hold {named_frames(foreign)}", _UNCOMPUTED)
    for frame in event.uncomputed:
        if cache.refcounts[frame] == 1 and frame not in event.cached:
            raise refusal(f"frame {frame} is free, so nothing is missing in it", _UNCOMPUTED)


_UNCOMPUTED = "name frames of its page table that are cached, or that others still hold"
_LET_GO = "name each frame of its page table once, or none at all"


def _released(cache: RuledCache, event: Release) -> Sequence[int]:
    """Return the frames that a task releases, if it has them."""
    table = _table(cache, event)
    if not event.frames:
        raise refusal(f"{event.table} releases no frame", "name at least one")
    check_once(cache, event.frames)
    foreign = sorted(set(event.frames).difference(table))
    if foreign:
        raise refusal(
            f"{event.table} does not hold {named_frames(foreign)}", "name frames of its page table"
        )
    return event.frames


def _shrunk(cache: RuledCache, event: Shrink) -> Sequence[int]:
    """Return the frames of a task's last pages, if they are those that it gives back."""
    table, frames = _table(cache, event), event.frames
    if not frames:
        raise refusal(f"{event.table} shrinks by no page", "name at least one frame")
    if len(frames) >= len(table):
        raise refusal(
            f"{event.table} has {counted(len(table), 'page')}, and would have none",
            "let it finish, or be preempted",
        )
    last = tuple(table[-len(frames) :])
    if last != frames:
        pages = f"the last {counted(len(last), 'page')} of {event.table}"
        raise refusal(
            f"{pages} {'is' if len(last) == 1 else 'are'} {named_pages(last)}, "
            f"not {named_pages(frames)}",
            "name the frames of its last pages, in page order",
        )
    return present(frames)


def _moved(cache: RuledCache, event: Share) -> Sequence[int]:
    """Return the frames that a task's pages leave for shared ones, if they can."""
    table, first, shared = _table(cache, event), event.page, event.shared
    check_number(first, "page", least=0)
    if not shared:
        raise refusal(f"{event.table} shares no frame", "name at least one")
    check_once(cache, shared)
    for page in range(first, first + len(shared)):
        if page >= len(table) or table[page] == HOLE:
            raise refusal(f"{_page(event.table, table, page)}, so it cannot move", "correct page")
    own = set(shared).intersection(table)
    if own:
        frame = min(own)
        raise refusal(
            f"frame {frame} is page {table.index(frame)} of {event.table} already",
            "name only pages that move to another frame",
        )
    _check_shareable(cache, shared)
    _check_elsewhere(cache, event.task, shared)
    return table[first : first + len(shared)]


def _check_alone(cache: RuledCache, task: str, named: Sequence[int]) -> None:
    """Refuse frames that are said to be free or cached while another task holds them, too."""
    for frame in named:
        if cache.refcounts[frame] > 1:
            others = [
                each
                for each, table in cache.tables.items()
                if frame in table and task not in {each, task_of(each)}
            ]
            message = f"frame {frame} is still held by {listed(others)}, not by {task} alone"
            raise refusal(message, "name only frames that no task holds any more")


def _check_group(cache: RuledCache, event: TableEvent) -> None:
    """Refuse an event that does not say which page table it is about, where there are groups."""
    group = event.group
    if group in (cache.groups or {None}):
        return
    named = listed([*cache.groups], last=", ")
    if not cache.groups:
        raise refusal(f"there is no group {group}: the trace has no groups", "remove group")
    if group is None:
        raise refusal("the group is missing", f"add one of its groups: {named}")
    raise refusal(f"there is no group {group}; groups are {named}")


def _check_elsewhere(cache: RuledCache, task: str, frames: Sequence[int]) -> None:
    """Refuse frames that stand in a page table of the same task in another group."""
    for group in cache.groups:
        table = cache.tables.get(table_name(task, group), ())
        both = sorted(set(table).intersection(frames))
        if both:
            page = table.index(both[0])
            message = f"frame {both[0]} is page {page} of {table_name(task, group)} already"
            raise refusal(message, "a frame belongs to one group")


def _check_absent(cache: RuledCache, task: str) -> None:
    if task in cache.tables or task in cache.tasks:
        raise refusal(
            f"task {task} is already in the cache", "finish it first or choose another name"
        )


def _page_size(cache: RuledCache, group: str | None) -> int | None:
    return cache.page_size if group is None else cache.groups[group]


def _all_pages(cache: RuledCache, task: str) -> Sequence[int]:
    """Return the frames of a task, of all groups."""
    if not cache.groups or task not in cache.tasks:
        return present(_named_table(cache, task))
    names = (table_name(task, group) for group in cache.groups)
    return [frame for name in names for frame in present(cache.tables.get(name, ()))]


def _table(cache: RuledCache, event: TableEvent) -> Sequence[int]:
    _check_group(cache, event)
    return _named_table(cache, event.table)


def _named_table(cache: RuledCache, task: str) -> Sequence[int]:
    if task not in cache.tables:
        known = listed(tuple(cache.tables), last=", ")
        rest = f"tasks are {known}" if known else "it has no tasks"
        raise refusal(f"there is no task {task} in the cache; {rest}")
    return cache.tables[task]


def _page(task: str, table: Sequence[int], page: int) -> str:
    """Say what a page of a task is: ``page 1 of A is frame 4``."""
    has = f"is {named_pages((table[page],))}" if page < len(table) else "does not exist"
    return f"page {shown(page)} of {task} {has}"


def _check_tokens(page_size: int | None, tokens: int, *, pages: int) -> None:
    if page_size is None:
        return
    needed = -(-tokens // page_size)
    if pages != needed:
        noun = "page" if needed == 1 else "pages"
        raise refusal(
            f"{shown(tokens)} tokens at {shown(page_size)} a page fill {shown(needed)} {noun}, "
            f"not {pages}",
            "correct tokens or the number of pages",
        )


def _check_frame(cache: RuledCache, frame: object) -> None:
    """Refuse anything but a frame of the pool."""
    if type(frame) is int and 0 <= frame < cache.frames:
        return
    if not isinstance(frame, int) or isinstance(frame, bool):
        raise CacheError(f"a frame must be a whole number, not {shown(frame)}")
    raise refusal(
        f"frame {shown(frame)} does not exist: the pool has frames 0 to {cache.frames - 1}",
        _free(cache),
    )


def check_once(cache: RuledCache, frames: Sequence[int]) -> None:
    """Refuse frames that do not exist or are named twice.

    Raises
    ------
    CacheError
        Names the first of them.
    """
    seen: set[int] = set()
    for frame in frames:
        _check_frame(cache, frame)
        if frame in seen:
            raise refusal(f"frame {frame} is named twice", "name it once")
        seen.add(frame)


def _check_free(cache: RuledCache, frames: Sequence[int]) -> None:
    """Refuse frames that cannot be taken."""
    check_once(cache, frames)
    for frame in frames:
        if not cache.is_free(frame):
            raise _taken(cache, frame)


def _check_shareable(cache: RuledCache, frames: Sequence[int]) -> None:
    """Refuse frames that no prefix index can hand out."""
    for frame in frames:
        if not cache.refcounts[frame] and frame not in cache.cached:
            kind = "free" if cache.is_free(frame) else "reserved"
            message = f"frame {frame} is {kind}, so it cannot be shared"
            raise refusal(message, "share only frames that are held or cached")


def _check_losing(cache: RuledCache, event: Evict | Drop) -> None:
    """Refuse frames that are not cached, so that they have no content to lose."""
    frames, verb = event.frames, event.verb
    if isinstance(event, Drop):
        _check_evicted_taken(cache, ())
    if not frames:
        raise refusal(f"{verb}s no frame", "name at least one")
    check_once(cache, frames)
    for frame in frames:
        if frame in cache.cached:
            continue
        if cache.is_free(frame):
            done = "evicted" if verb == "evict" else "dropped"
            raise refusal(f"frame {frame} is free", f"only cached frames are {done}")
        raise _taken(cache, frame)


def _check_tier(cache: RuledCache, event: Offload | Load | Discard) -> None:
    _check_evicted_taken(cache, event.frames if isinstance(event, Load) else ())
    _check_slots(cache, event)
    if not isinstance(event, Offload):
        _check_stored(cache, event)
    if not isinstance(event, Discard):
        _check_pairs(cache, event)
    match event:
        case Offload():
            _check_offload(cache, event)
        case Load():
            _check_load(cache, event)


def _check_offload(cache: RuledCache, event: Offload) -> None:
    for frame in event.frames:
        if not cache.refcounts[frame] and frame not in cache.cached:
            kind = "free" if cache.is_free(frame) else "reserved"
            message = f"frame {frame} is {kind}, so there is nothing in it to offload"
            raise refusal(message, "offload only frames that are held or cached")


def _check_load(cache: RuledCache, event: Load) -> None:
    stored = cache.stored[event.tier]
    for slot, key in zip(event.slots, event.keys, strict=False):
        has = stored[slot]
        if has is not None and has != key:
            raise refusal(
                f"slot {slot} of {event.tier} holds {shown(has)}, not {shown(key)}",
                "load from the slot that holds it",
            )
    for frame in event.frames:
        if cache.is_free(frame):
            continue
        if not cache.refcounts[frame]:
            raise _taken(cache, frame)
        if cache.refcounts[frame] > 1:
            tables = cache.tables.items()
            holders = [task for task, table in tables if frame in table]
            raise refusal(
                f"frame {frame} is held by {listed(holders)}, so its content cannot be replaced",
                "load into a frame that one task holds, or a free one",
            )


def _check_slots(cache: RuledCache, event: TierEvent) -> None:
    """Refuse slots that no tier has, or that are named twice."""
    tier, verb = event.tier, event.verb
    if tier not in cache.tiers:
        named = listed([*cache.tiers], last=", ")
        rest = f"tiers are {named}" if named else "the trace has no tiers"
        raise refusal(f"there is no tier {tier}; {rest}", "name a tier of the first line")
    if not event.slots:
        raise refusal(f"{verb}s no page", "name at least one slot")
    most, seen = cache.tiers[tier], set[int]()
    for slot in event.slots:
        check_number(slot, "a slot", least=0)
        if slot >= most:
            there = "slot 0" if most == 1 else f"slots 0 to {most - 1}"
            raise refusal(f"slot {shown(slot)} does not exist: {tier} has {there}")
        if slot in seen:
            raise refusal(f"slot {slot} is named twice", "name it once")
        seen.add(slot)


def _check_pairs(cache: RuledCache, event: Offload | Load) -> None:
    """Refuse an event that does not name a frame, and a key if any, for each slot."""
    slots = counted(len(event.slots), "slot")
    if len(event.frames) != len(event.slots):
        frames = counted(len(event.frames), "frame")
        raise refusal(f"there are {slots}, but {frames}", "name a frame for each slot")
    if event.keys and len(event.keys) != len(event.slots):
        keys = counted(len(event.keys), "key")
        raise refusal(f"there are {slots}, but {keys}", "name a key for each slot, or none")
    check_once(cache, event.frames)


def _check_stored(cache: RuledCache, event: Load | Discard) -> None:
    """Refuse slots that hold nothing."""
    for slot in event.slots:
        if slot not in cache.stored[event.tier]:
            raise refusal(
                f"slot {slot} of {event.tier} holds nothing",
                "offload to it first, or name another slot",
            )


def _check_evicted_taken(cache: RuledCache, taken: Sequence[int]) -> None:
    """Refuse an event that does not take what was evicted for it."""
    left = cache.evicted.difference(taken) if cache.evicted else ()
    if left:
        verb = "was" if len(left) == 1 else "were"
        raise refusal(
            f"{named_frames(sorted(left))} {verb} evicted just before, but this does not take "
            f"{'it' if len(left) == 1 else 'them'}",
            "evict what the next event takes",
        )


def _taken(cache: RuledCache, frame: int) -> CacheError:
    if frame in cache.cached:
        return refusal(f"frame {frame} is cached", "evict it first or take another")
    for task, table in cache.tables.items():  # of several, the one that arrived first is named
        if frame in table:
            page = table.index(frame)
            return refusal(f"frame {frame} is held by {task} as its page {page}", _free(cache))
    return refusal(f"frame {frame} is reserved", _free(cache))


def _free(cache: RuledCache) -> str:
    count = cache.free_count
    if not count:
        return "no frame is free"
    return f"{named_frames(cache.free_frames, count)} {'is' if count == 1 else 'are'} free"


def present(table: Sequence[int]) -> Sequence[int]:
    """Return the frames of a page table: what is there but for its holes."""
    return [frame for frame in table if frame != HOLE] if HOLE in table else table


def named_pages(table: Sequence[int]) -> str:
    """Name what stands in a page table, or a part of it: ``frame 4``, ``frames 4 and a hole``."""
    frames = present(table)
    holes = counted(len(table) - len(frames), "hole")
    if not frames:
        return "a hole" if len(table) == 1 else holes
    return (
        named_frames(table) if len(frames) == len(table) else f"{named_frames(frames)} and {holes}"
    )


def refusal(message: str, advice: str | None = None) -> CacheError:
    """Return an error; its note advises what to do, for messages that have room for it."""
    error = CacheError(message)
    if advice is not None:
        error.add_note(advice)
    return error


def check_number(value: object, name: str, *, least: int) -> None:
    """Refuse anything but a whole number of at least `least`; a bool is not one.

    Raises
    ------
    CacheError
        Says `name` and the value.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        message = f"{name} must be a whole number of at least {least}, not {shown(value)}"
        raise CacheError(message)
