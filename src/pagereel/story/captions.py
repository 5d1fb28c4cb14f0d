"""Captions for events whose author wrote none: short, and true whatever the story."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from pagereel.cache import Arrive, Expand, Finish
from pagereel.cache.wording import counted, named_frames

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pagereel.cache import Step

# Five frames of five digits still fit into two lines.
_MOST_NAMED = 5


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
        given_back.update(dict.fromkeys(step.freed, step.event.task))
    return tuple(captions)


def _caption(step: Step, given_back: Mapping[int, str]) -> str:
    """Say what happens; `given_back` is frame -> the task that had it last."""
    task = step.event.task
    match step.event:
        case Arrive(frames=frames):
            return f"{task} arrives: its prompt fills {_frames(frames)}."
        case Expand(frame=frame):
            page = step.after.holders[frame][1]
            if frame not in given_back:
                return f"{task} expands: its page {page} takes frame {frame}."
            giver = given_back[frame]
            return f"{task} expands: its page {page} reuses frame {frame}, which {giver} gave back."
        case Finish():
            verb = "is" if len(step.freed) == 1 else "are"
            return f"{task} finishes: {_frames(step.freed)} {verb} free again."
        case _:
            assert_never(step.event)


def _frames(frames: Sequence[int]) -> str:
    if len(frames) > _MOST_NAMED:
        return counted(len(frames), "frame")
    return named_frames(frames)
