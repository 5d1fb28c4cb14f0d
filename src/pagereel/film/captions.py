"""What the captions of a film say of a trace, and of which events they speak.

A caption stands while nothing moves. So it may quote what is on screen then: counters, and frames
that are lit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pagereel.cache.events import (
    Abort,
    Arrive,
    Copy,
    Defer,
    Discard,
    Drop,
    Evict,
    Expand,
    Finish,
    Load,
    Offload,
    Preempt,
    Release,
    Share,
    Shrink,
    Submit,
    task_of,
    tier_words,
)
from pagereel.film.tape import CACHED, FREE
from pagereel.wording import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pagereel.cache.events import Event
    from pagereel.film.tape import Mask, Tape
    from pagereel.film.tiers import TierTape


LONGEST_NAME = 16  # characters of a task's name, where there is room


def short_name(name: str, longest: int = LONGEST_NAME) -> str:
    """Return a task's name as it is shown: cut if it is long, only characters with a glyph."""
    seen = "".join(c if " " <= c <= "~" or "\xa1" <= c <= "\xff" else "?" for c in name) or "?"
    return shortened(seen, longest)


@dataclass(frozen=True, slots=True)
class Remark:
    """What a caption says while the film stands still behind an event.

    Attributes
    ----------
    event
        The last event that has happened.
    caption
        What it says.
    frames
        The frames of which it speaks.
    quotes
        The counters of which it speaks, and what they say.
    stay
        Whose stay it is about; -1: nobody's.
    tier, slots
        The tier of which it speaks, and its slots; empty: none.
    """

    event: int
    caption: str
    frames: tuple[int, ...] = ()
    quotes: Mapping[str, int] = field(default_factory=dict)
    stay: int = -1
    tier: str = ""
    slots: tuple[int, ...] = ()


def opening_caption(tape: Tape) -> str:
    """Return what is said of the pool before anything happens."""
    start = tape.start
    if not start.held and not start.cached:
        which = " to hand out" if tape.reserved else ""
        return f"{counted(tape.usable, 'page frame')}{which}, all of them free."
    kept = f", {start.cached:,} cached" if start.cached else ""
    begins = f" at {_when(tape, 0)}" if tape.events else ""
    return f"This part begins{begins}: {counted(start.held, 'frame')} held{kept}."


def closing_caption(tape: Tape) -> str:
    """Return what has become of the tasks in the end."""
    if not tape.events:
        return "Nothing happens in this trace."
    ended = "The recording ended early. " if tape.ended_early else ""
    finished, aborted = (int(tape.happens(kind).sum()) for kind in (Finish, Abort))
    counts = (
        (finished, "has finished", "have finished"),
        (aborted, "was aborted", "were aborted"),
        (tape.running[-1], "is running", "are running"),
        (tape.queued[-1], "is queued", "are queued"),
    )
    parts: list[str] = []
    for number, one, more in counts:
        if number:
            subject = f"{number:,}" if parts else counted(number, "task")
            parts.append(f"{subject} {one if number == 1 else more}")
    when = _when(tape, tape.events - 1)
    return f"{ended}{when[0].upper()}{when[1:]}: {', '.join(parts) or 'no task is left'}."


def _when(tape: Tape, event: int) -> str:
    """Return the time of an event, as the clock says it."""
    return f"{'step' if tape.has_steps else 'event'} {tape.step[event]:,}"


def _name(tape: Tape, event: int) -> str:
    """Return what the task is called of which an event is, or its page table of a group."""
    name = tape.stays[tape.stay[event]].task
    # A task leaves all of its groups at once.
    return short_name(task_of(name) if event in tape.ending else name)


def _arrive(tape: Tape, event: int) -> Remark:
    frames = tape.touched(event)
    caption = f"{_name(tape, event)} arrives: its prompt fills {counted(len(frames), 'frame')}."
    return Remark(event, caption, frames, stay=tape.stay[event])


def _share(tape: Tape, event: int) -> Remark:
    shared = tape.stays[tape.stay[event]].shared
    caption = f"{_name(tape, event)} shares {counted(shared, 'frame')} of a prompt seen before."
    return Remark(event, caption, tape.touched(event)[:shared], stay=tape.stay[event])


def _expand(tape: Tape, event: int) -> Remark:
    frames = tape.table(tape.stay[event], event)
    caption = f"{_name(tape, event)} needs one more frame: it holds {len(frames):,} now."
    return Remark(event, caption, frames, stay=tape.stay[event])


def _cached(frames: tuple[int, ...]) -> str:
    return f"{counted(len(frames), 'cached frame')} {'is' if len(frames) == 1 else 'are'}"


def _evict(tape: Tape, event: int) -> Remark:
    frames = tape.touched(event)
    return Remark(
        event, f"{_cached(frames)} evicted to make room.", frames, {"evicted": len(frames)}
    )


def _drop(tape: Tape, event: int) -> Remark:
    frames = tape.touched(event)
    return Remark(event, f"{_cached(frames)} dropped, and free.", frames, {"dropped": len(frames)})


def _offload(tape: Tape, event: int) -> Remark:
    tier = _tier(tape, event)
    holds = f": it holds {tier.held[event]:,} of {tier.size:,}"
    return _copies(tier, event, "is", "are", "copied to", holds)


def _load(tape: Tape, event: int) -> Remark:
    tier = _tier(tape, event)
    they = "it is" if len(tier.copied[event].slots) == 1 else "they are"
    return _copies(tier, event, "comes", "come", "back from", f": {they} not computed again")


def _discard(tape: Tape, event: int) -> Remark:
    return _copies(_tier(tape, event), event, "is", "are", "discarded from")


def _copies(tier: TierTape, event: int, one: str, more: str, where: str, rest: str = "") -> Remark:
    slots, frames = tier.copied[event]
    does = f"{counted(len(slots), 'page')} {one if len(slots) == 1 else more}"
    caption = f"{does} {where} {tier_words(tier.name)}{rest}."
    return Remark(event, caption, frames, tier=tier.name, slots=slots)


def _tier(tape: Tape, event: int) -> TierTape:
    return next(tier for tier in tape.tiers if event in tier.copied)


def _submit(tape: Tape, event: int) -> Remark:
    queued = tape.queued[event]
    says = "task is queued: it waits" if queued == 1 else "tasks are queued: they wait"
    return Remark(event, f"{queued:,} {says} to be admitted.", quotes={"queued": queued})


def _defer(tape: Tape, event: int) -> Remark:
    running, free = tape.running[event], tape.free(event)
    run = f"{counted(running, 'task')} {'runs' if running == 1 else 'run'}"
    frames = f"{counted(free, 'frame') if free else 'no frame'} {'are' if free > 1 else 'is'} free"
    caption = f"A task has to wait: {run}, {frames}."
    return Remark(event, caption, quotes={"running": running, "free": free})


def _copy(tape: Tape, event: int) -> Remark:
    caption = f"{_name(tape, event)} writes to a shared frame, and gets a copy of its own."
    return Remark(event, caption, tape.touched(event), stay=tape.stay[event])


def _move(tape: Tape, event: int) -> Remark:
    frames = tape.touched(event)[tape.amount[event] :]
    caption = f"{_name(tape, event)} moves to {counted(len(frames), 'frame')} computed before."
    return Remark(event, caption, frames, stay=tape.stay[event])


def _release(tape: Tape, event: int) -> Remark:
    return _gives_back(tape, event, "moves on")


def _shrink(tape: Tape, event: int) -> Remark:
    return _gives_back(tape, event, "rolls back")


def _abort(tape: Tape, event: int) -> Remark:
    return _gives_back(tape, event, "is aborted")


def _preempt(tape: Tape, event: int) -> Remark:
    return _gives_back(tape, event, "is preempted")


def _gives_back(tape: Tape, event: int, what: str) -> Remark:
    frames = tape.touched(event)
    caption = f"{_name(tape, event)} {what}: it gives back {counted(len(frames), 'frame')}."
    return Remark(event, caption, frames, stay=tape.stay[event])


def _finish(tape: Tape, event: int) -> Remark:
    name, stay = _name(tape, event), tape.stay[event]
    frames, owners = tape.touched(event), tape.owners(event)
    for owner, one, more in (
        (CACHED, "stays for reuse", "stay for reuse"),
        (FREE, "is free again", "are free again"),
    ):
        left = tuple(frame for frame, now in zip(frames, owners, strict=True) if now == owner)
        if left:
            does = one if len(left) == 1 else more
            caption = f"{name} finishes: {counted(len(left), 'frame')} {does}."
            return Remark(event, caption, left, stay=stay)
    caption = f"{name} finishes: others still hold {counted(len(frames), 'frame')} of it."
    return Remark(event, caption, frames, stay=stay)


def _full(tape: Tape, event: int) -> Remark:
    held, cached = tape.held[event], tape.cached[event]
    kept = f", {cached:,} cached" if cached else ""
    quotes = {"free": 0, "held": held} | ({"cached": cached} if cached else {})
    return Remark(event, f"No frame is free: {held:,} held{kept}.", quotes=quotes)


def _peak(tape: Tape, event: int) -> Remark:
    held = tape.held[event]
    return Remark(event, f"The peak: {counted(held, 'frame')} held.", quotes={"held": held})


def remarks(tape: Tape) -> list[Remark]:
    """Return what is remarkable in a tape: the first event of each kind; what matters most first.

    An event that is the first of several kinds gets the remark that matters most.
    """
    told: dict[int, Remark] = {}
    for events, remark in _kinds(tape):
        first = int(events.argmax())
        if events[first] and first not in told:
            told[first] = remark(tape, first)
    return [*told.values()]


def _kinds(tape: Tape) -> Iterator[tuple[Mask, Callable[[Tape, int], Remark]]]:
    """Yield what may be said, and of which events."""
    if not tape.events:
        return
    stays = np.asarray(tape.stay)
    shared = np.array([stay.shared for stay in tape.stays] or [0])
    touches = np.diff(np.asarray(tape.cell_end), prepend=0) > 0
    held, cached = np.asarray(tape.held), np.asarray(tape.cached)
    free = tape.usable - held - cached
    at_start = tape.usable - tape.start.held - tape.start.cached
    fills = (free == 0) & (np.concatenate([[at_start], free[:-1]]) > 0)
    peak = np.arange(tape.events) == held.argmax()

    def of(kind: type[Event]) -> Mask:
        return tape.happens(kind) & touches

    yield of(Preempt), _preempt
    yield of(Abort), _abort
    yield fills, _full
    yield tape.happens(Defer), _defer
    yield of(Copy), _copy
    yield of(Release), _release
    yield of(Shrink), _shrink
    yield of(Share), _move
    yield tape.happens(Load), _load
    yield tape.happens(Offload), _offload
    yield of(Evict), _evict
    yield of(Drop), _drop
    yield tape.happens(Discard), _discard
    yield of(Arrive) & (shared[stays] > 0), _share
    yield of(Finish), _finish
    yield of(Arrive), _arrive
    yield of(Expand), _expand
    if held.max() > tape.start.held and held.max() < tape.usable:  # else it is said already
        yield peak, _peak
    yield tape.happens(Submit), _submit
