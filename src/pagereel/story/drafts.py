"""The events of a storyboard as they are written, before the cache has seen them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.cache import place
from pagereel.story.names import key_fault, task_fault
from pagereel.story.story import LONGEST_CAPTION
from pagereel.toml.table import Table
from pagereel.wording import listed, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.toml.source import Source

VERBS = ("arrive", "expand", "finish")
_MOST_EVENTS = 500
_COMMON = ("mask", "caption", "key")
_OWN = {"arrive": ("frames", "pages", "tokens"), "expand": ("frames", "pos"), "finish": ()}
_ALL = (*VERBS, "frames", "pages", "tokens", "pos", *_COMMON)


@dataclass(frozen=True, slots=True)
class Draft:
    """One event as it is written; what is None is not written.

    Parameters
    ----------
    verb
        One of `VERBS`.
    task
        The task's name.
    frames
        The frames that it names; None leaves the choice to the policy.
    pages
        How many frames it takes.
    tokens, pos
        Of the prompt, of the new page.
    mask
        The free mask that is claimed after the event.
    caption
        What is said.
    key
        What names the beat.
    table
        Where it is written.
    """

    verb: str
    task: str
    frames: tuple[int, ...] | None
    pages: int
    tokens: int | None
    pos: int | None
    mask: int | None
    caption: str | None
    key: str | None
    table: Table


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
    numbers = range(1, len(events) + 1)
    drafts = tuple(_read_draft(source, number, frames=frames) for number in numbers)
    _check_keys_differ(drafts)
    return drafts


def _read_draft(source: Source, number: int, *, frames: int) -> Draft:
    values, path = source.data["events"][number - 1], ("events", number - 1)
    if not isinstance(values, dict):
        message = f"{place(number)}: must be a table, not {shown(values)}; begin it with [[events]]"
        raise source.error(message, path)
    verb, task = _read_verb(Table(source, values, path, place(number)))
    table = Table(source, values, path, place(number, f"{verb} {task}"))
    _check_keys(table, verb)
    named = _read_frames(table, verb)
    return Draft(
        verb=verb,
        task=task,
        frames=named,
        pages=_read_pages(table, verb, named=named, most=frames),
        tokens=table.number("tokens", least=1),
        pos=table.number("pos", least=0),
        mask=_read_mask(table, frames),
        caption=table.text("caption", longest=LONGEST_CAPTION),
        key=_read_key(table),
        table=table,
    )


def _read_verb(table: Table) -> tuple[str, str]:
    verbs = [verb for verb in VERBS if verb in table.values]
    if len(verbs) != 1:
        table.allow(_ALL)  # a mistyped verb is an unknown key
        has = f"has {listed(verbs)}" if verbs else "says nothing that happens"
        raise table.error(f"{has}; write exactly one of {', '.join(VERBS)}")
    task = table.name(verbs[0]) or ""
    fault = task_fault(task)
    if fault:
        raise table.error(f"the name of a task {fault}", verbs[0])
    return verbs[0], task


def _check_keys(table: Table, verb: str) -> None:
    table.allow(_ALL)
    for key in table.values:
        if key not in (verb, *_OWN[verb], *_COMMON):
            raise table.error(f"{key} does not go with {verb}; remove it", key)


def _read_frames(table: Table, verb: str) -> tuple[int, ...] | None:
    frames = table.numbers("frames")
    if verb == "expand" and frames is not None and len(frames) != 1:
        raise table.error(f"expand takes one frame, not {len(frames)}; name one or none", "frames")
    return frames


def _read_pages(table: Table, verb: str, *, named: tuple[int, ...] | None, most: int) -> int:
    pages = table.number("pages", least=1, most=most)
    if named is not None and pages is not None:
        raise table.error("has both frames and pages; remove one", "pages")
    if named is None and pages is None and verb == "arrive":
        raise table.error("has neither frames nor pages; add frames = [0, 1] or pages = 2")
    return pages or (1 if named is None else len(named))


def _read_mask(table: Table, frames: int) -> int | None:
    mask = table.name("mask")
    if mask is None:
        return None
    if len(mask) != frames or not set(mask) <= {"0", "1"}:
        message = f"mask must be {frames} binary digits in quotes, not {shown(mask)}"
        raise table.error(message, "mask")
    return int(mask, 2)


def _read_key(table: Table) -> str | None:
    key = table.name("key")
    fault = None if key is None else key_fault(key)
    if fault:
        raise table.error(f"key {shown(key)} {fault}", "key")
    return key


def _check_keys_differ(drafts: Sequence[Draft]) -> None:
    first: dict[str, int] = {}
    for number, draft in enumerate(drafts, 1):
        if draft.key is not None and first.setdefault(draft.key, number) != number:
            message = f"key {shown(draft.key)} is that of event {first[draft.key]}"
            raise draft.table.error(f"{message}; choose another", "key")
