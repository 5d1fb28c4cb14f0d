"""Cached frames in line: since when each of them stands there, and when it flies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pagereel.cache import Leave
from pagereel.stage.timing import Phase, spans

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pagereel.cache import Step
    from pagereel.stage.timing import Span

_CLOSE = 0.25  # so much of its way up an entry has made when the next one leaves
_APART = 0.6  # the same, on the way down


class Entry(NamedTuple):
    """A cached frame in line.

    Parameters
    ----------
    frame
        Which one.
    task
        The task that held it last.
    since
        The engine's step since which it stands in line without a break, where that is known.
    """

    frame: int
    task: str
    since: int | None


def entries_after(entries: Sequence[Entry], step: Step) -> tuple[Entry, ...]:
    """Return the entries after a step, in the order of eviction."""
    known = {entry.frame: entry for entry in entries}
    left = step.event.task if isinstance(step.event, Leave) else ""
    return tuple(known.get(frame) or Entry(frame, left, step.at) for frame in step.after.cached)


def begins(step: Step) -> Phase:
    """Return the phase in which the movements of a step begin."""
    if rising(step):
        return Phase.SLIDE
    return Phase.STREAM if isinstance(step.event, Leave) else Phase.FILL


def settles(step: Step) -> Phase:
    """Return the phase in which a step's frames, and what counts them, have come to rest."""
    if isinstance(step.event, Leave):
        return Phase.STREAM
    up = rising(step)
    return Phase.CLOSE_UP if up and up.keys() >= {*step.taken} else Phase.FILL


def rising(step: Step) -> Mapping[int, Span]:
    """Return the frames that leave the line, with their share of the time of a flight up."""
    after = {*step.after.cached}
    frames = [frame for frame in step.before.cached if frame not in after]
    return dict(zip(frames, spans(len(frames), lag=_CLOSE), strict=True))


def sinking(step: Step) -> Mapping[int, Span]:
    """Return the frames that join the line, with their share of the time of a flight down."""
    before = {*step.before.cached}
    frames = [frame for frame in step.after.cached if frame not in before]
    return dict(zip(frames, spans(len(frames), lag=_APART), strict=True))
