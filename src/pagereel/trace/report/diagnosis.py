"""What an impossible event says about an engine, for the person who looks for the mistake."""

from __future__ import annotations

import shlex
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from pagereel.cache import present
from pagereel.cache.checks import Disagreement
from pagereel.cache.events import (
    Arrive,
    Copy,
    Defer,
    Discard,
    Drop,
    Evict,
    Expand,
    Leave,
    LetGo,
    Load,
    Offload,
    Release,
    Share,
    Shrink,
    Submit,
    tables_of,
    task_of,
)
from pagereel.trace.follow import Impossible, Uncomputed
from pagereel.trace.reader import STANDARD_INPUT, open_trace
from pagereel.trace.report.history import FrameHistory, TaskHistory, histories, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pagereel.cache import Event, Ledger
    from pagereel.cache.checks import Checks

_LAST = 4  # events of a frame and of a task that are shown


@dataclass(frozen=True)
class Diagnosis:
    """The likely kind of fault.

    Parameters
    ----------
    means
        What it is, in a sentence.
    frame
        The frame that it is about, if it is about one.
    task
        The task, if it is about one.
    """

    means: str
    frame: int | None = None
    task: str | None = None

    @property
    def subjects(self) -> list[FrameHistory | TaskHistory]:
        """Whose history explains it."""
        frame = [] if self.frame is None else [FrameHistory(self.frame)]
        return [*frame, *([] if self.task is None else [TaskHistory(task_of(self.task))])]


def explained(error: Impossible, ledger: Ledger) -> Iterator[str]:
    """Yield lines: the likely kind of fault, what happened before, and how to see the moment.

    Parameters
    ----------
    error
        The event that cannot happen, or the check that disagrees.
    ledger
        The cache as it is then.
    """
    diagnosis = diagnose(error, ledger)
    yield f"  means     {diagnosis.means}"
    if error.name == STANDARD_INPUT:  # it cannot be read again
        return
    subjects = diagnosis.subjects
    kept = [deque[str](maxlen=_LAST) for _ in subjects]
    with open_trace(error.name) as trace, suppress(Impossible):
        before = trace.header.number_after(error.record.seq - 1) - 1
        for place, entry in histories(trace, subjects, before):
            kept[place].append(str(entry))
    for subject, entries in zip(subjects, kept, strict=True):
        yield f"  {name_of(subject)}, before:"
        yield from (f"    {entry}" for entry in entries or ["nothing"])
    file = shlex.quote(error.name)
    yield f"  see       pagereel trace show {file} --at {before}"
    if diagnosis.frame is not None:
        yield f"            pagereel trace show {file} --at {before} --frame {diagnosis.frame}"


def diagnose(error: Impossible, ledger: Ledger) -> Diagnosis:
    """Say which kind of fault an impossible event, or a check that disagrees, is a sign of."""
    record = error.record
    if isinstance(error.cause, Uncomputed):
        return _of_use(record.event, error.cause.frames[0])
    if isinstance(error.cause, Disagreement):
        unlike = "the engine evicts in another order, or dropped content without an event"
        return next(_of_checks(record.checks, ledger), Diagnosis(unlike))
    signs = chain(_of_tier(record.event, ledger), _of_event(record.event, ledger))
    return next(signs, Diagnosis("a call with wrong values"))


def _of_use(event: Event, frame: int) -> Diagnosis:
    means = (
        f"the prefix index kept its entry for frame {frame}, though a task lost that page before"
    )
    means += " a step computed it: remove such entries then, or add them after the step"
    return Diagnosis(means, frame, getattr(event, "task", None))


def _of_event(event: Event, ledger: Ledger) -> Iterator[Diagnosis]:
    """Yield what may be wrong with an event, the likeliest first."""
    match event:
        case Evict(frames=frames) | Drop(frames=frames):
            yield from _of_eviction(frames, event.verb, ledger)
        case Share(table=task, shared=shared) if task in ledger.tables:
            yield from _of_stale(shared, task, ledger)
            yield from _of_release(event, ledger)
        case Leave() | Release() | Shrink() if _tables(event, ledger):
            yield from _of_release(event, ledger)
        case Expand(table=task) | Copy(table=task) if task in ledger.tables:
            yield from _of_taking(event, (), ledger)
        case Arrive(table=task, shared=shared) if task not in ledger.tables:
            yield from _of_taking(event, shared, ledger)
        case Expand() | Copy() | Leave() | Release() | Shrink() | Share():
            task = event.table
            means = f"{task} has no page table: it ended before, as where a table is freed twice"
            yield Diagnosis(f"{means}, or its arrival was not recorded", task=task)
        case Defer(task=task) if task not in ledger.queued and task not in ledger.tasks:
            yield Diagnosis(f"{task} is not queued: that was not recorded", task=task)
        case Arrive(task=task) | Submit(task=task) | Defer(task=task):
            means = f"{task} is there already: its end was not recorded, or two requests have this"
            yield Diagnosis(f"{means} name", task=task)
    for frame in sorted(ledger.evicted.difference(_taken(event))):
        means = f"frame {frame} lost its content for a page that no event takes"
        yield Diagnosis(f"{means}: an event is missing, or recorded too late", frame)


def _of_taking(
    event: Expand | Copy | Arrive, shared: Sequence[int], ledger: Ledger
) -> Iterator[Diagnosis]:
    yield from _of_stale(shared, event.task, ledger)
    for frame in _taken(event):
        state = _state(frame, ledger)
        if state == "held":
            holder = _holder(frame, ledger)
            means = (
                f"frame {frame} would be two pages at once: it was freed while {holder} names it"
            )
            yield Diagnosis(f"{means}, or handed out twice", frame, holder)
        if state == "cached":
            means = (
                f"frame {frame} is taken while it is cached: the prefix index has a stale entry now"
            )
            yield Diagnosis(f"{means}, or the eviction was not recorded", frame, event.task)


def _of_stale(shared: Sequence[int], task: str, ledger: Ledger) -> Iterator[Diagnosis]:
    for frame in shared:
        if _state(frame, ledger) == "free":
            means = f"the prefix index names frame {frame}, which is free: a stale entry"
            yield Diagnosis(f"{means}, whose content is lost", frame, task)


def _of_release(event: LetGo, ledger: Ledger) -> Iterator[Diagnosis]:
    task, table = event.task, _left(event, ledger)
    named = (*(event.freed or ()), *event.cached)
    for frame in named:
        if frame not in table:
            means = f"frame {frame} is freed for {task}, which does not have it: it is freed twice"
            yield Diagnosis(f"{means}, or the table changed without an event", frame, task)
        elif ledger.refcounts[frame] > 1:
            other = next(each for each in _holders(frame, ledger) if task_of(each) != task)
            means = f"frame {frame} is freed while {other} has it: its refcount is one too low"
            yield Diagnosis(means, frame, other)
    for frame in table:
        if ledger.refcounts[frame] == 1 and frame not in named:
            means = f"frame {frame} leaks: no task has it, and it is neither free nor cached"
            yield Diagnosis(f"{means}, as with a refcount that is one too high", frame, task)
    yield Diagnosis("a frame is named twice, as where a page is freed twice", task=task)


def _left(event: LetGo, ledger: Ledger) -> Sequence[int]:
    """Return the frames that an event takes from a page table, as far as it has them."""
    table = [frame for each in _tables(event, ledger) for frame in present(each)]
    match event:
        case Release(frames=frames) | Shrink(frames=frames):
            return [frame for frame in present(frames) if frame in table]
        case Share(page=first, shared=shared):
            return present(ledger.tables[event.table][first : first + len(shared)])
        case _:
            return table


def _tables(event: LetGo, ledger: Ledger) -> list[Sequence[int]]:
    """Return the page tables that an event is about: all of a task, if this leaves."""
    names = tables_of(event, ledger.groups)
    return [ledger.tables[name] for name in names if name in ledger.tables]


def _of_eviction(frames: Sequence[int], verb: str, ledger: Ledger) -> Iterator[Diagnosis]:
    lost = "evicted" if verb == "evict" else "dropped"
    for frame in frames:
        state = _state(frame, ledger)
        if state == "held":
            holder = _holder(frame, ledger)
            means = (
                f"frame {frame} is {lost} while {holder} has it: the refcount or lock of the page"
            )
            yield Diagnosis(f"{means} is too low", frame, holder)
        elif state != "cached":
            yield Diagnosis(f"frame {frame} is {lost} twice, or was never cached", frame)


def _of_tier(event: Event, ledger: Ledger) -> Iterator[Diagnosis]:
    """Yield what may be wrong with a copy to a tier, or from it."""
    match event:
        case Offload(tier=tier) if tier in ledger.tiers:
            yield from _of_offload(event, ledger)
        case Load(tier=tier) | Discard(tier=tier) if tier in ledger.tiers:
            yield from _of_slots(event, ledger)
            if isinstance(event, Load):
                yield from _of_load(event, ledger)


def _of_slots(event: Load | Discard, ledger: Ledger) -> Iterator[Diagnosis]:
    tier, stored = event.tier, ledger.stored[event.tier]
    keys = event.keys if isinstance(event, Load) else ()
    for slot, key in zip_longest(event.slots, keys):
        if slot in range(ledger.tiers[tier]) and slot not in stored:
            means = f"the engine looks for a page in slot {slot} of {tier}, which is empty"
            yield Diagnosis(f"{means}: a stale entry, or its offload was not recorded")
        if key is not None and stored.get(slot) not in {None, key}:
            means = f"slot {slot} of {tier} was used for another page while the engine still looks"
            yield Diagnosis(f"{means} for the old one there: a stale entry")


def _of_offload(event: Offload, ledger: Ledger) -> Iterator[Diagnosis]:
    for frame in event.frames:
        if _state(frame, ledger) == "free":
            means = f"frame {frame} is free when it is copied: nothing kept it until then, such as"
            yield Diagnosis(f"{means} a reference or a lock, or the copy is recorded late", frame)


def _of_load(event: Load, ledger: Ledger) -> Iterator[Diagnosis]:
    for frame in event.frames:
        state = _state(frame, ledger)
        if state == "held" and ledger.refcounts[frame] > 1:
            holder = _holder(frame, ledger)
            means = f"frame {frame} would lose what {holder} and others read"
            yield Diagnosis(f"{means}: it was handed out while others share it", frame, holder)
        if state == "cached":
            means = f"frame {frame} is taken while it is cached: the prefix index has a stale entry"
            yield Diagnosis(f"{means} now, or the eviction was not recorded", frame)


def _of_checks(checks: Checks, ledger: Ledger) -> Iterator[Diagnosis]:
    """Yield what may be wrong with an engine that claims this about its state."""
    if checks.mask is not None and checks.mask != ledger.mask:
        differs = checks.mask ^ ledger.mask
        frame = (differs & -differs).bit_length() - 1
        yield _of_mask(frame, ledger, free=bool(checks.mask >> frame & 1))
    for frame, (says, has) in enumerate(
        zip(checks.refcounts or (), ledger.refcounts, strict=False)
    ):
        if says > has:
            means = f"the refcount of frame {frame} is too high by {says - has}"
            yield Diagnosis(f"{means}: it will never be free, a leak", frame)
        if says < has:
            means = f"the refcount of frame {frame} is too low by {has - says}"
            holder = _holder(frame, ledger)
            yield Diagnosis(f"{means}: it will be freed while {holder} names it", frame, holder)
    for task, table in (checks.tables or {}).items():
        if list(table) != ledger.tables.get(task):
            yield Diagnosis(f"the page table of {task} changed without an event", task=task)
    for tier, stored in ledger.stored.items() if checks.tiers is not None else ():
        slots = (checks.tiers or {}).get(tier, ())
        for slot in sorted(set(slots).symmetric_difference(stored)):
            does = "got" if slot in slots else "lost"
            yield Diagnosis(f"slot {slot} of {tier} {does} its content without an event")


def _of_mask(frame: int, ledger: Ledger, *, free: bool) -> Diagnosis:
    state = _state(frame, ledger)
    if not free:
        means = f"no task has frame {frame}, but the engine does not count it as free: it leaks"
        return Diagnosis(f"{means}, or was handed out without an event", frame)
    if state == "held":
        holder = _holder(frame, ledger)
        return Diagnosis(f"frame {frame} was freed while {holder} names it", frame, holder)
    return Diagnosis(f"the {state} frame {frame} became free without an event", frame)


def _taken(event: Event) -> Sequence[int]:
    match event:
        case Arrive(frames=frames):
            return present(frames)
        case Expand(frame=frame) | Copy(dst=frame):
            return present((frame,))
        case Load(frames=frames):
            return frames
        case _:
            return ()


def _state(frame: int, ledger: Ledger) -> str:
    if not 0 <= frame < ledger.frames:
        return "unknown"
    if ledger.refcounts[frame]:
        return "held"
    if frame in ledger.cached:
        return "cached"
    return "free" if ledger.is_free(frame) else "reserved"


def _holder(frame: int, ledger: Ledger) -> str:
    return next(_holders(frame, ledger))


def _holders(frame: int, ledger: Ledger) -> Iterator[str]:
    return (task for task, table in ledger.tables.items() if frame in table)
