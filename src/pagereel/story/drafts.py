"""The events of a storyboard as they are written, before the cache has seen them.

The registry of events says which verbs there are and which keys go with each. A storyboard writes
an event as a trace does, with three differences:

- The verb is a key. It holds the first field of the event: ``arrive = "A"``, ``evict = [0, 1]``.
- Some fields may be left out. The pool's policy chooses frames, and the page of a copy says which
  frame is copied.
- An entry that has a caption and no verb is a beat in which nothing happens.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol, TypeAlias, assert_never

from pagereel.cache import place
from pagereel.cache.events import KINDS, Holds
from pagereel.story.story import LONGEST_CAPTION, key_fault, task_fault
from pagereel.toml.table import Table
from pagereel.trace.records import Fault, group_name
from pagereel.wording import listed, shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pagereel.cache.events import EventField, EventKind
    from pagereel.toml.source import Source

Value: TypeAlias = str | int | tuple[int, ...]

# Verb -> the field whose frames the policy chooses if they are left out.
CHOSEN = {"arrive": "frames", "expand": "frame", "copy": "dst"}
# Verb -> the field that follows from the others.
DERIVED = {"copy": "src"}
# What storyboards do not write: they have no groups, no hashes, and no faults of an engine.
UNWRITTEN = {Holds.GROUP, Holds.KEYS, Holds.EMPTY}
_MOST_EVENTS = 500
COMMON = ("step", "mask", "caption", "key", "optional")  # what every event may have


class Keyed(Protocol):
    """What is written in a storyboard and may have a key: an event, or a beat."""

    @property
    def number(self) -> int:
        """Which one it is, from 1."""

    @property
    def table(self) -> Table:
        """Where it is written."""

    @property
    def key(self) -> str | None:
        """The key as it is written."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One entry of a storyboard's events as it is written; what is None is not written.

    Parameters
    ----------
    number
        Which entry it is, from 1.
    table
        Where it is written.
    label
        The event in two words: ``arrive A``.
    kind
        The kind of event; None if the entry has only a caption.
    values
        The fields of the event that are written: name -> value.
    chosen
        How many frames the policy chooses for the field that `CHOSEN` names, if it is left out.
    at
        The engine's step in which it happens.
    mask
        The free mask that is claimed after the event.
    caption, key, optional
        Of the beat.
    """

    number: int
    table: Table
    label: str
    kind: EventKind | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    chosen: int = 0
    at: int | None = None
    mask: int | None = None
    caption: str | None = None
    key: str | None = None
    optional: bool = False


def read_drafts(source: Source, frames: int) -> tuple[Draft, ...]:
    """Read the events of a storyboard.

    Parameters
    ----------
    source
        The storyboard.
    frames
        Size of the pool in page frames.

    Returns
    -------
    tuple of Draft
        At least one, at most 500.

    Raises
    ------
    StoryError
        At the first event that is not written as it should be.
    """
    events = source.data.get("events", [])
    if not isinstance(events, list):
        raise source.error("events must be a list; begin each event with [[events]]", ("events",))
    if not events:
        raise source.error("the story has no events; add one that begins with [[events]]")
    if len(events) > _MOST_EVENTS:
        message = f"{len(events)} events; a story has at most {_MOST_EVENTS}"
        raise source.error(message, ("events", _MOST_EVENTS))
    drafts = tuple(_read_draft(source, n, frames=frames) for n in range(1, len(events) + 1))
    check_keys_differ("event", drafts)
    _check_steps(drafts)
    return drafts


def keys_of(kind: EventKind) -> tuple[str, ...]:
    """Return the keys that an event of a kind may have, its verb first."""
    chosen = CHOSEN.get(kind.make.verb)
    counts = any(each.name == chosen and each.holds is Holds.PAGES for each in kind.fields)
    own = (each.key for each in _others(kind))
    return (kind.make.verb, *own, *(("pages",) if counts else ()), *COMMON)


def _others(kind: EventKind) -> list[EventField]:
    """Return the fields besides the first that a storyboard may have."""
    return [each for each in kind.fields[1:] if each.holds not in UNWRITTEN]


def _read_draft(source: Source, number: int, *, frames: int) -> Draft:
    values, path = source.data["events"][number - 1], ("events", number - 1)
    if not isinstance(values, dict):
        message = f"{place(number)}: must be a table, not {shown(values)}; begin it with [[events]]"
        raise source.error(message, path)
    table = Table(source, values, path, place(number))
    kind = _read_kind(table)
    if kind is None:
        caption = table.text("caption", longest=LONGEST_CAPTION)
        optional = table.flag("optional") or False
        return Draft(
            number, table, "caption", caption=caption, key=read_key(table), optional=optional
        )
    verb = kind.make.verb
    first, others = kind.fields[0], _others(kind)
    subject = _read_value(table, verb, first.holds, verb=verb)
    label = f"{verb} {subject}" if first.holds is Holds.TASK else verb
    table = replace(table, label=place(number, label))
    _check_keys(table, kind)
    read = {each.name: _read_value(table, each.key, each.holds, verb=verb) for each in others}
    read[first.name] = subject
    written = {name: value for name, value in read.items() if value is not None}
    _check_complete(table, verb, others, written=written)
    return Draft(
        number,
        table,
        label,
        kind,
        written,
        chosen=_read_chosen(table, kind, written, most=frames),
        at=table.number("step", least=0),
        mask=_read_mask(table, frames),
        caption=table.text("caption", longest=LONGEST_CAPTION),
        key=read_key(table),
        optional=table.flag("optional") or False,
    )


def _read_kind(table: Table) -> EventKind | None:
    """Find the verb; None if there is only a caption."""
    verbs = [verb for verb in KINDS if verb in table.values]
    if len(verbs) == 1:
        return KINDS[verbs[0]]
    if "caption" in table.values and {*table.values} <= {"caption", "key", "optional"}:
        return None
    if not verbs:
        table.allow(_all_keys())  # a mistyped verb is an unknown key
    has = f"has {listed(verbs)}" if verbs else "says nothing that happens"
    raise table.error(f"{has}; write exactly one of {', '.join(KINDS)}, or a caption alone")


def _all_keys() -> tuple[str, ...]:
    others = (key for kind in KINDS.values() for key in keys_of(kind))
    return (*dict.fromkeys((*KINDS, *others)),)


def _check_keys(table: Table, kind: EventKind) -> None:
    known, every = keys_of(kind), _all_keys()
    for key in table.values:
        if key not in every:
            raise table.error(f"unknown key {shown(key)}; {suggestion(key, known)}", key)
        if key not in known:
            raise table.error(f"{key} does not go with {kind.make.verb}; remove it", key)


def _check_complete(
    table: Table, verb: str, fields: Sequence[EventField], *, written: Mapping[str, Value]
) -> None:
    for each in fields:
        optional = not each.needed or each.name in (CHOSEN.get(verb), DERIVED.get(verb))
        if not optional and each.name not in written:
            raise table.error(f"{each.key} is missing; add it")


def _read_value(table: Table, key: str, holds: Holds, *, verb: str) -> Value | None:
    match holds:
        case Holds.GROUP | Holds.KEYS | Holds.EMPTY:
            return None
        case Holds.TASK:
            return _read_task(table, key)
        case Holds.COUNT | Holds.INDEX | Holds.FRAME:
            return table.number(key, least=1 if holds is Holds.COUNT else 0)
        case Holds.FRAMES | Holds.PAGES | Holds.SLOTS:
            return _read_frames(table, key)
        case Holds.TIER:
            return read_tier(table, key, table.name(key))
        case Holds.ONE_PAGE:
            frames = _read_frames(table, key)
            if frames is not None and len(frames) != 1:
                message = f"{verb} takes one frame, not {len(frames)}; name one or none"
                raise table.error(message, key)
            return frames and frames[0]
        case _:
            assert_never(holds)


def read_tier(table: Table, key: str, tier: str | None) -> str | None:
    """Read the name of a tier, which stands under a key or is one.

    Raises
    ------
    PagereelError
        Says what a name may be.
    """
    try:
        return None if tier is None else group_name(key, tier)
    except Fault as fault:
        raise table.error(str(fault), key) from None


def _read_frames(table: Table, key: str) -> tuple[int, ...] | None:
    frames = table.numbers(key)
    if frames and min(frames) < 0:
        message = f"frame {shown(min(frames))} does not exist; frames are numbered from 0"
        raise table.error(message, key)
    return frames


def _read_task(table: Table, key: str) -> str | None:
    task = table.name(key)
    fault = None if task is None else task_fault(task)
    if fault:
        raise table.error(f"the name of a task, {shown(task)}, {fault}", key)
    return task


def _read_chosen(table: Table, kind: EventKind, written: Mapping[str, Value], *, most: int) -> int:
    """Read how many frames are left to the policy."""
    if "pages" not in keys_of(kind):
        return 1
    pages = table.number("pages", least=1, most=most)
    if pages is not None and "frames" in written:
        raise table.error("has both frames and pages; remove one", "pages")
    if pages is None and not ("frames" in written or written.get("shared")):
        raise table.error("has neither frames nor pages; add frames = [0, 1] or pages = 2")
    return pages or 0


def _read_mask(table: Table, frames: int) -> int | None:
    mask = table.name("mask")
    if mask is None:
        return None
    if len(mask) != frames or not set(mask) <= {"0", "1"}:
        message = f"mask must be {frames} binary digits in quotes, not {shown(mask)}"
        raise table.error(message, "mask")
    return int(mask, 2)


def read_key(table: Table) -> str | None:
    """Read the key of a beat."""
    key = table.name("key")
    fault = None if key is None else key_fault(key)
    if fault:
        raise table.error(f"key {shown(key)} {fault}", "key")
    return key


def check_keys_differ(noun: str, written: Iterable[Keyed]) -> None:
    """Refuse a key that two of a storyboard's events, or beats, have."""
    first: dict[str, int] = {}
    for each in written:
        if each.key is not None and first.setdefault(each.key, each.number) != each.number:
            message = f"key {shown(each.key)} is that of {noun} {first[each.key]}"
            raise each.table.error(f"{message}; choose another", "key")


def _check_steps(drafts: Iterable[Draft]) -> None:
    """Refuse an event in an earlier step of the engine than the one before it."""
    reached = 0
    for draft in drafts:
        if draft.at is not None and draft.at < reached:
            message = f"step {draft.at} after step {reached}; write the events in order"
            raise draft.table.error(message, "step")
        reached = draft.at or reached
