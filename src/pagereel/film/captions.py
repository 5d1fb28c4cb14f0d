"""What the captions of a film say of a trace, and which events are worth a caption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pagereel.cache.events import (
    Abort,
    Arrive,
    Copy,
    Defer,
    Evict,
    Expand,
    Finish,
    Preempt,
    Submit,
)
from pagereel.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pagereel.cache.events import Event
    from pagereel.film.tape import Tape


_LONGEST_NAME = 16  # characters of a task's name in a caption


def short_name(name: str, longest: int = _LONGEST_NAME) -> str:
    """Return a task's name as it is shown: cut if it is long, only characters with a glyph."""
    seen = "".join(c if " " < c <= "~" or "\xa1" <= c <= "\xff" else "?" for c in name) or "?"
    return seen if len(seen) <= longest else f"{seen[: longest - 1]}~"


def opening_caption(tape: Tape) -> str:
    """Return what is said of the pool before anything happens."""
    which = " to hand out" if tape.reserved else ""
    return f"{counted(tape.usable, 'page frame')}{which}, all of them free."


def closing_caption(tape: Tape) -> str:
    """Return what the whole trace was about."""
    parts = [counted(len({stay.task for stay in tape.stays}), "task")]
    if tape.has_steps and tape.events:
        parts.append(counted(tape.step[-1] - tape.step[0] + 1, "step"))
    parts.append(counted(tape.events, "event"))
    return f"{', '.join(parts[:-1])} and {parts[-1]}."


def summary(tape: Tape, first: int, end: int) -> str:
    """Return what a caption says of a stretch in which nothing new happens."""

    def count(kind: type[Event]) -> int:
        return int(tape.happens(kind, first, end).sum())

    evicted = int(np.asarray(tape.amount[first:end])[tape.happens(Evict, first, end)].sum())
    told = (
        (count(Arrive), "task", "arrives", "arrive"),
        (count(Finish), "task", "finishes", "finish"),
        (evicted, "frame", "is evicted", "are evicted"),
        (count(Expand), "page", "is added", "are added"),
        (count(Submit), "task", "is queued", "are queued"),
    )
    parts: list[str] = []
    said = ""
    for number, noun, one, more in told:
        if number and len(parts) < 2:
            subject = f"{number:,}" if noun == said else counted(number, noun)
            parts.append(f"{subject} {one if number == 1 else more}")
            said = noun
    unit, begins, ends = "step", tape.step[first], tape.step[end - 1]
    if not tape.has_steps:
        unit = "event"
    when = f"{unit} {begins:,}" if begins == ends else f"{unit}s {begins:,} to {ends:,}"
    return f"{when.capitalize()}: {', '.join(parts) or 'nothing changes'}."


def _name(tape: Tape, event: int) -> str:
    return short_name(tape.stays[tape.stay[event]].task)


def _arrive(tape: Tape, event: int) -> str:
    frames = counted(tape.amount[event], "frame")
    return f"{_name(tape, event)} arrives: its prompt fills {frames}."


def _share(tape: Tape, event: int) -> str:
    shared = tape.stays[tape.stay[event]].shared
    return f"{_name(tape, event)} shares {counted(shared, 'frame')} of a prompt seen before."


def _evict(tape: Tape, event: int) -> str:
    frames = tape.amount[event]
    which = "A cached frame is" if frames == 1 else f"{frames:,} cached frames are"
    return f"{which} evicted to make room."


def _defer(tape: Tape, event: int) -> str:
    need = tape.amount[event]
    needs = f"it needs {counted(need, 'frame')}" if need else "it needs frames"
    return f"A task has to wait: {needs}, {tape.free(event):,} free."


def _copy(tape: Tape, event: int) -> str:
    return f"{_name(tape, event)} writes to a shared frame, and gets a copy of its own."


def _abort(tape: Tape, event: int) -> str:
    return f"{_name(tape, event)} is aborted: it gives back {counted(tape.amount[event], 'frame')}."


def _preempt(tape: Tape, event: int) -> str:
    given = counted(tape.amount[event], "frame")
    return f"{_name(tape, event)} is preempted: it gives back {given}."


def _finish(tape: Tape, event: int) -> str:
    kept = tape.cached[event] - (tape.cached[event - 1] if event else 0)
    name = _name(tape, event)
    if kept > 0:
        return f"{name} finishes: {counted(kept, 'frame')} stay{'s' * (kept == 1)} for reuse."
    return f"{name} finishes: its frames are free again."


def _full(tape: Tape, event: int) -> str:
    cached = tape.cached[event]
    kept = f", {cached:,} cached" if cached else ""
    return f"No frame is free: {tape.held[event]:,} held{kept}."


def _peak(tape: Tape, event: int) -> str:
    share = tape.held[event] / max(1, tape.usable)
    return f"The peak: {counted(tape.held[event], 'frame')} held, {share:.0%} of the pool."


@dataclass(frozen=True, slots=True)
class Highlight:
    """Something that a caption can speak of, wherever it happens.

    Attributes
    ----------
    events
        The events in which it happens, in their order.
    caption
        Returns what a caption says of one of them.
    """

    events: NDArray[np.int64]
    caption: Callable[[Tape, int], str]


def highlights(tape: Tape) -> list[Highlight]:
    """Return what is remarkable in a tape; what matters most comes first."""
    stays = np.asarray(tape.stay)
    shared = np.array([stay.shared for stay in tape.stays] or [0])
    ours = stays >= 0

    def of(kind: type[Event], also: NDArray[np.bool_] = ours) -> NDArray[np.int64]:
        return np.flatnonzero(tape.happens(kind) & also)

    free = tape.usable - np.asarray(tape.held) - np.asarray(tape.cached)
    filled = np.flatnonzero((free == 0) & (np.concatenate([[1], free[:-1]]) > 0))
    return [
        Highlight(of(Preempt), _preempt),
        Highlight(of(Abort), _abort),
        Highlight(filled, _full),
        Highlight(of(Defer, ~ours), _defer),
        Highlight(of(Copy), _copy),
        Highlight(of(Evict, ~ours), _evict),
        Highlight(of(Arrive, ours & (shared[stays] > 0)), _share),
        Highlight(np.array([np.argmax(tape.held)]), _peak),
        Highlight(of(Finish), _finish),
        Highlight(of(Arrive), _arrive),
    ]
