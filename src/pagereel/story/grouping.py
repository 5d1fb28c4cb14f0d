"""The beats of a storyboard that says which events belong together: its `[[beats]]`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagereel.story.beats import made_key, steps_of
from pagereel.story.captions import Narrator
from pagereel.story.drafts import check_keys_differ, read_key
from pagereel.story.story import LONGEST_CAPTION, Beat, key_fault
from pagereel.toml.locate import entry_lines
from pagereel.wording import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.cache import Step
    from pagereel.story.beats import Entry
    from pagereel.toml.table import Table

_KEYS = ("key", "caption", "through", "late", "rest", "act", "source", "optional")
_MOST_BEATS = 60
_LONGEST_REST = 10.0  # seconds
_TICK = 0.2  # a whole number of images at all usual rates
_LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class Group:
    """A beat as it is written; what is None is not written.

    Parameters
    ----------
    number
        Which beat of the file it is, from 1.
    line
        Where it begins, from 1.
    table
        Where it is written.
    through
        The last of its events, by number.
    key, caption, late, rest, act, source, optional
        As of a `Beat`.
    """

    number: int
    line: int
    table: Table
    through: int | None
    key: str | None
    caption: str | None
    late: bool
    rest: float | None
    act: str | None
    source: str | None
    optional: bool

    @property
    def label(self) -> str:
        """What messages, and a key that is made up, call it."""
        return self.key or self.act or "caption"


def read_groups(top: Table) -> tuple[Group, ...] | None:
    """Read the beats of a storyboard; None if it has none.

    Raises
    ------
    StoryError
        At the first that is not written as it should be.
    """
    tables = top.tables("beats")
    if tables is None:
        return None
    if len(tables) > _MOST_BEATS:
        message = f"{len(tables)} beats make too long a video, at most {_MOST_BEATS} are told"
        raise tables[_MOST_BEATS].error(f"{message}; remove some")
    lines = entry_lines(top.source.text, "beats", len(tables))
    groups = [_read(n, *of) for n, of in enumerate(zip(lines, tables, strict=True), 1)]
    check_keys_differ("beat", groups)
    return tuple(groups)


def group(
    groups: Sequence[Group], entries: Sequence[Entry], earlier: Sequence[Entry]
) -> tuple[Beat, ...]:
    """Put events into the beats that a storyboard says; those after the last beat are not told.

    Parameters
    ----------
    groups
        The beats.
    entries
        The events in order.
    earlier
        What has happened before them.

    Raises
    ------
    StoryError
        If a beat names an event that is not there or was told before, or says nothing; or if an
        event has a caption or a key of its own, or is optional.
    """
    written = {each.key for each in groups}  # keys that are made up differ from these
    narrator, beats = Narrator(), list[Beat]()
    steps = steps_of(earlier)
    narrator.note(steps)
    done = earlier[-1].number if earlier else 0
    for each in groups:
        since = steps[-1].at if steps else None
        told = _events(each, entries, done)
        if not told and not each.caption and not each.act:
            raise each.table.error("says nothing; add a caption, or through = an event")
        caption = each.caption or (narrator.caption(told) if told else "")
        narrator.note(told)
        steps, done = told or steps, each.through or done
        key = each.key or made_key(each.number, each.label, written=written)
        more = (since, each.table.label, each.late, each.rest, each.act, each.source, each.optional)
        beats.append(Beat(key, caption, each.number, each.line, told, *more))
    return tuple(beats)


def _read(number: int, line: int, table: Table) -> Group:
    key = read_key(table)
    name = f"beat {number} ({key})" if key else f"beat {number}"
    table = table.labelled(name)
    table.allow(_KEYS)
    act = table.name("act")
    fault = None if act is None else key_fault(act)
    if fault:
        raise table.error(f"act {shown(act)} {fault}", "act")
    return Group(
        number,
        line,
        table,
        through=table.number("through", least=1),
        key=key,
        caption=table.text("caption", longest=LONGEST_CAPTION),
        late=table.flag("late") or False,
        rest=_read_rest(table),
        act=act,
        source=table.text("source", longest=_LONGEST_SOURCE),
        optional=table.flag("optional") or False,
    )


def _read_rest(table: Table) -> float | None:
    rest = table.decimal("rest", least=0, most=_LONGEST_REST)
    if rest is not None and abs(rest / _TICK - round(rest / _TICK)) > 1e-6:
        raise table.error(f"rest must be a multiple of {_TICK}, not {shown(rest)}", "rest")
    return rest


def _events(each: Group, entries: Sequence[Entry], done: int) -> tuple[Step, ...]:
    """Return what happens in a beat, if the beats before it have told the events up to `done`."""
    through = each.through
    if through is None:
        return ()
    first, last = (entries[at].number if entries else done for at in (0, -1))
    if through < first:
        message = f"event {through} comes before the first that is told, event {first}"
        raise each.table.error(f"{message}; name a later one", "through")
    if through > last:
        message = f"there is no event {through}; the last is event {last}"
        raise each.table.error(f"{message}; name one of them", "through")
    if through <= done:
        message = f"event {through} is told already; name a later one, or none"
        raise each.table.error(message, "through")
    told = [entry for entry in entries if done < entry.number <= through]
    for entry in told:
        if entry.caption or entry.key or entry.optional:
            what = "caption" if entry.caption else "key"
            says = f"has a {what} of its own" if entry.caption or entry.key else "is optional"
            raise each.table.error(f"event {entry.number} {says}; remove it", "through")
    return steps_of(told)
