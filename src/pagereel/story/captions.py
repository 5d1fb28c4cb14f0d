"""Captions for events whose author wrote none: short, and true whatever the story."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from pagereel.cache import (
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
from pagereel.cache.wording import counted, named_frames

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pagereel.cache import Release, Step

# Five frames of five digits still fit into two lines; or two, and two others.
_MOST_NAMED = 5
_MOST_OF_TWO = 2


def default_captions(steps: Iterable[Step]) -> tuple[str, ...]:
    """Write a caption for every event of a story.

    Parameters
    ----------
    steps
        The story from its start: what is reused is known from what was given back.

    Returns
    -------
    tuple of str
        By step: a sentence of at most 100 characters.
    """
    given_back: dict[int, str] = {}
    captions = []
    for step in steps:
        captions.append(_caption(step, given_back))
        if isinstance(step.event, Finish | Abort | Preempt):
            given_back.update(dict.fromkeys(step.freed, step.event.task))
    return tuple(captions)


def _caption(step: Step, given_back: Mapping[int, str]) -> str:
    """Say what happens; `given_back` is frame -> the task that had it last."""
    match step.event:
        case Arrive():
            return _arrival(step.event)
        case Expand():
            page = len(step.after.tables[step.event.task]) - 1
            return _expansion(step.event, page, giver=given_back.get(step.event.frame))
        case Finish() | Abort() | Preempt():
            return _release(step.event, step)
        case _:
            return _other(step.event)


def _other(event: Submit | Defer | Copy | Evict) -> str:
    match event:
        case Submit(task=task):
            return f"{task} is queued."
        case Defer(task=task):
            return f"{task} has to wait: too few frames are free."
        case Copy(task=task, page=page, src=src, dst=dst):
            return f"{task} writes to its page {page}: shared frame {src} is copied to {dst}."
        case Evict(frames=frames):
            verb = "loses its" if len(frames) == 1 else "lose their"
            return f"{_frames(frames).capitalize()} {verb} cached content."
        case _:
            assert_never(event)


def _arrival(event: Arrive) -> str:
    task = event.task
    if not event.shared:
        return f"{task} arrives: its prompt fills {_frames(event.frames)}."
    if not event.frames:
        return f"{task} arrives: all its pages are known, in {_frames(event.shared)}."
    shared = _frames(event.shared, most=_MOST_OF_TWO)
    return f"{task} arrives: shares {shared}, fills {_frames(event.frames, most=_MOST_OF_TWO)}."


def _expansion(event: Expand, page: int, *, giver: str | None) -> str:
    task, frame = event.task, event.frame
    if giver is None:
        return f"{task} expands: its page {page} takes frame {frame}."
    return f"{task} expands: its page {page} reuses frame {frame}, which {giver} gave back."


_ENDS = {Finish: "finishes", Abort: "is aborted", Preempt: "is preempted"}


def _release(event: Release, step: Step) -> str:
    return f"{event.task} {_ENDS[type(event)]}: {_left(event, step)}."


def _left(event: Release, step: Step) -> str:
    freed, cached = step.freed, event.cached
    if freed and cached:
        free = _frames(freed, most=_MOST_OF_TWO)
        return f"{_are(free, freed)} free, {_frames(cached, most=_MOST_OF_TWO)} cached"
    if cached:
        return f"{_frames(cached)} {'stays' if len(cached) == 1 else 'stay'} cached"
    if freed:
        return f"{_are(_frames(freed), freed)} free again"
    return "others hold its frames" if event.task in step.before.tables else "it had no frames"


def _are(words: str, frames: Sequence[int]) -> str:
    return f"{words} {'is' if len(frames) == 1 else 'are'}"


def _frames(frames: Sequence[int], *, most: int = _MOST_NAMED) -> str:
    if len(frames) > most:
        return counted(len(frames), "frame")
    return named_frames(frames)
