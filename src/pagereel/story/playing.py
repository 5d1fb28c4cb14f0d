"""The pool and the events of a storyboard: read, completed by the policy, and replayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pagereel.cache import (
    POLICIES,
    CacheState,
    Checks,
    Drop,
    Ledger,
    LetGo,
    Playback,
    make_policy,
    placed,
)
from pagereel.cache.events import Holds
from pagereel.errors import CacheError
from pagereel.story.beats import Entry, Played
from pagereel.story.drafts import CHOSEN, DERIVED, read_drafts, read_tier
from pagereel.story.story import MOST_FRAMES
from pagereel.toml.locate import entry_lines
from pagereel.wording import shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pagereel.cache import Event, Policy, Step
    from pagereel.cache.events import EventKind
    from pagereel.story.drafts import Draft, Value
    from pagereel.toml.table import Table


def play_events(top: Table) -> Played:
    """Read the pool and the events of a storyboard, and play them.

    Parameters
    ----------
    top
        All of the storyboard.

    Raises
    ------
    StoryError
        At the first thing that is not written as it should be, and at an impossible event.
    """
    initial, policy = _read_pool(top)
    drafts = read_drafts(top.source, initial.frames)
    played = [*_played(drafts, initial, policy=policy)]
    begins = entry_lines(top.source.text, "events", len(drafts))
    return Played(initial, tuple(_entries(drafts, played, begins)))


def _read_pool(top: Table) -> tuple[CacheState, Policy]:
    pool = top.table("pool")
    if pool is None:
        raise top.error("[pool] is missing; add it with frames = 8")
    pool.allow(("frames", "page_size", "policy", "tiers"))
    frames = pool.number("frames", least=1, most=MOST_FRAMES)
    if frames is None:
        raise pool.error("the pool has no size; add frames = 8")
    policy = pool.name("policy")
    if policy is None:
        policy = POLICIES[0]
    elif policy not in POLICIES:
        message = f"unknown policy {shown(policy)}; {suggestion(policy, POLICIES)}"
        raise pool.error(message, "policy")
    ledger = Ledger(frames, pool.number("page_size", least=1), tiers=_read_tiers(pool))
    return CacheState.of(ledger), make_policy(policy)


def _read_tiers(pool: Table) -> dict[str, int]:
    table = pool.table("tiers")
    tiers: dict[str, int] = {}
    if table is not None:
        for tier in table.values:
            read_tier(table, tier, tier)
            tiers[tier] = table.number(tier, least=1, most=MOST_FRAMES) or 0
    return tiers


def _entries(
    drafts: Sequence[Draft], played: Sequence[Step | None], lines: Sequence[int]
) -> Iterator[Entry]:
    for draft, step, line in zip(drafts, played, lines, strict=True):
        yield Entry(
            draft.number,
            line,
            draft.label,
            step,
            draft.caption,
            draft.key,
            closing=bool(draft.caption or draft.key or draft.optional or draft is drafts[-1]),
            optional=draft.optional,
        )


def _played(
    drafts: Iterable[Draft], initial: CacheState, *, policy: Policy
) -> Iterator[Step | None]:
    """Yield what each event does, and None for a caption alone.

    The policy chooses the frames that the events leave out.
    """
    playback = Playback(initial)
    for draft in drafts:
        step = _play(draft, draft.kind, playback, policy=policy) if draft.kind else None
        if step:
            policy.observe(_newly_free(step))
        yield step


def _play(draft: Draft, kind: EventKind, playback: Playback, *, policy: Policy) -> Step:
    playback.number = draft.number  # messages count the entries of the file
    try:
        with placed(draft.number, draft.label):
            event = _event(draft, kind, playback.state, policy=policy)
        return playback.play(event, checks=Checks(mask=draft.mask), at=draft.at)
    except CacheError as error:
        raise draft.table.source.error(error.with_advice, draft.table.path) from None


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
            values[field.name] = frames if field.holds is Holds.PAGES else frames[0]
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
    """Return the frames that became free: those given back, evicted, or dropped."""
    lost = set(step.after.evicted - step.before.evicted)
    if isinstance(step.event, Drop):
        lost.update(step.event.frames)
    freed = step.freed if isinstance(step.event, LetGo) else ()
    return (*freed, *(frame for frame in step.before.cached if frame in lost))
