"""Playing the events of a storyboard to the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.cache import Arrive, Checks, Expand, Finish, Replay, placed
from pagereel.errors import CacheError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pagereel.cache import CacheState, Event, Policy, Step
    from pagereel.story.drafts import Draft


def play_drafts(
    drafts: Iterable[Draft], initial: CacheState, *, policy: Policy
) -> tuple[Step, ...]:
    """Play events one after another.

    Parameters
    ----------
    drafts
        The events.
    initial
        The state before the first.
    policy
        Chooses the frames where the events leave them out.

    Returns
    -------
    tuple of Step
        By event.

    Raises
    ------
    StoryError
        At the first event that is impossible, or whose mask disagrees with the cache.
    """
    replay = Replay(initial)
    steps = []
    for draft in drafts:
        step = _play(draft, replay, policy)
        policy.observe(step.freed)
        steps.append(step)
    return tuple(steps)


def _play(draft: Draft, replay: Replay, policy: Policy) -> Step:
    try:
        with placed(replay.number, f"{draft.verb} {draft.task}"):
            event = _event(draft, replay.state, policy)
        return replay.play(event, checks=Checks(mask=draft.mask))
    except CacheError as error:
        # What can be done stands in the notes.
        message = "; ".join([str(error), *getattr(error, "__notes__", ())])
        raise draft.table.source.error(message, draft.table.path) from None


def _event(draft: Draft, state: CacheState, policy: Policy) -> Event:
    if draft.verb == "finish":
        return Finish(draft.task)
    frames = draft.frames
    if frames is None:
        frames = policy.choose(state.ledger(), draft.pages)
    if draft.verb == "arrive":
        return Arrive(draft.task, frames, draft.tokens)
    return Expand(draft.task, frames[0], draft.pos)
