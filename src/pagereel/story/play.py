"""Playing the events of a storyboard to the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.cache import Checks, Playback, placed
from pagereel.cache.events import Holds
from pagereel.errors import CacheError
from pagereel.story.drafts import CHOSEN, DERIVED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pagereel.cache import CacheState, Event, Policy, Step
    from pagereel.cache.events import EventKind
    from pagereel.story.drafts import Draft, Value


def play_drafts(
    drafts: Iterable[Draft], initial: CacheState, *, policy: Policy
) -> tuple[Step | None, ...]:
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
    tuple of Step or None
        By draft; None for a caption alone.

    Raises
    ------
    StoryError
        At the first event that is impossible, or whose mask disagrees with the cache.
    """
    playback = Playback(initial)
    steps: list[Step | None] = []
    for draft in drafts:
        step = _play(draft, draft.kind, playback, policy=policy) if draft.kind else None
        if step:
            policy.observe(_newly_free(step))
        steps.append(step)
    return tuple(steps)


def _play(draft: Draft, kind: EventKind, playback: Playback, *, policy: Policy) -> Step:
    playback.number = draft.number  # messages count the entries of the file
    try:
        with placed(draft.number, draft.label):
            event = _event(draft, kind, playback.state, policy=policy)
        return playback.play(event, checks=Checks(mask=draft.mask))
    except CacheError as error:
        # What can be done stands in the notes.
        message = "; ".join([str(error), *getattr(error, "__notes__", ())])
        raise draft.table.source.error(message, draft.table.path) from None


def _event(draft: Draft, kind: EventKind, state: CacheState, *, policy: Policy) -> Event:
    """Make the event, with the fields that were left out."""
    values, chosen = dict(draft.values), CHOSEN.get(kind.make.verb)
    for field in kind.fields:
        if field.name in values:
            continue
        if field.name == DERIVED.get(kind.make.verb):
            values[field.name] = _copied(state, str(values["task"]), values["page"])
        elif field.name == chosen:
            frames = _choose(state, policy, draft.chosen)
            values[field.name] = frames if field.holds is Holds.FRAMES else frames[0]
    return kind.make(**values)  # type: ignore[arg-type]  # the registry says what they are


def _choose(state: CacheState, policy: Policy, count: int) -> tuple[int, ...]:
    """Choose free frames; those that were just evicted for this come first."""
    if not count:
        return ()
    ledger = state.ledger()
    if not state.evicted:
        return policy.choose(ledger, count)
    order = policy.choose(ledger, max(count, ledger.free_count))
    first = sorted(order, key=lambda frame: frame not in state.evicted)
    return tuple(frame for frame in order if frame in first[:count])


def _copied(state: CacheState, task: str, page: Value) -> int:
    """Return the frame of a page that is copied."""
    table = state.tables.get(task, ())
    if isinstance(page, int) and page < len(table):
        return table[page]
    if not table:
        return 0  # the cache refuses the task
    raise CacheError(f"page {page} of {task} does not exist; its last page is {len(table) - 1}")


def _newly_free(step: Step) -> tuple[int, ...]:
    """Return the frames that became free: those given back, and those evicted."""
    evicted = step.after.evicted - step.before.evicted
    return (*step.freed, *(frame for frame in step.before.cached if frame in evicted))
