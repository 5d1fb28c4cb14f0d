"""What the lines of a trace mean: its header, and one event each, read strictly.

A line is a JSON object with known keys and types. Which keys an event has, the registry says.
"""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from pagereel.cache import Checks, Ledger
from pagereel.cache.events import HOLE, KINDS, Holds, table_name
from pagereel.errors import CacheError
from pagereel.wording import listed, shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import TypeAlias

    from pagereel.cache import Event

    Values: TypeAlias = Mapping[str, Any]
    # Takes the key and the value, and returns what the value means.
    Convert: TypeAlias = Callable[[str, Any], Any]

FORMAT, VERSIONS = "pagereel-trace", (1, 2)
END = "end"  # of a recording that ended early; the last line, and no event of the cache
# Whole numbers that every reader of JSON keeps as they are.
MOST = 2**53 - 1
MOST_FRAMES = 2**24
LONGEST_NAME = 256
LONGEST_TEXT = 1000
LONGEST_KEY = 128  # a hash of 64 bytes in hexadecimal
NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_:@#+=/-]|\.(?!\.))*"
_NAME = re.compile(NAME)
_GROUP = re.compile("[A-Za-z0-9_-]{1,32}")
_CLAIMS = ("mask", "refcounts", "evictable", "tables", "tiers")
_COMMON = ("ev", "seq", "step", *_CLAIMS)
_CHECKS = frozenset(_CLAIMS)
NO_CHECKS = Checks()
_SAY_VERSION = 'write "version": 2 in the first line'


class Fault(Exception):  # noqa: N818 (it becomes an error where file and line are known)
    """What is wrong with a line, and what to do."""


def decode(text: str) -> dict[str, Any]:
    """Read one line of JSON, with its line end if it has one.

    Raises
    ------
    Fault
        If it is not one JSON object, or names a key twice.
    """
    try:
        values = _DECODER.decode(text.removesuffix("\n"))
    except json.JSONDecodeError as error:
        if not text.endswith("\n"):
            raise Fault("the line is cut off; remove it, or record the trace anew") from None
        message = f"this is not JSON: {error.msg} (column {error.colno}); correct this line"
        raise Fault(message) from None
    except (ValueError, RecursionError):
        # Python's limits for the digits of a number and for nesting.
        raise Fault("this has too many digits or brackets; write less") from None
    if type(values) is not dict:
        raise Fault(f"a line must be a JSON object, not {shown(values)}; correct this line")
    return values


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise Fault(f"the key {shown(key)} is there twice; remove one")
            seen.add(key)
    return values


def _constant(name: str) -> None:
    raise Fault(f"{name} is not JSON; write a whole number")


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_constant)


@dataclass(frozen=True, slots=True)
class Header:
    """What a trace says about its engine.

    Parameters
    ----------
    engine
        Its name and version.
    frames
        Size of the pool in page frames.
    page_size
        Tokens per page, where it is known.
    reserved
        Frames that the engine never hands out.
    note
        What the trace shows, for people.
    made_up, first
        Of a part of a longer trace: how many events at its start nobody recorded, since they only
        lead to the state before the part; and the number that the next one has in the longer trace.
    groups
        Where a task has several page tables: the name of each group of them -> tokens per page in
        it, or None where they are not known.
    tiers
        Where pages are kept besides the pool, such as in host memory: the name of each tier -> how
        many slots it has.
    version
        Of the format: the first that has all that the trace uses.
    """

    engine: str
    frames: int
    page_size: int | None = None
    reserved: tuple[int, ...] = ()
    note: str | None = None
    made_up: int | None = None
    first: int | None = None
    groups: Mapping[str, int | None] | None = None
    tiers: Mapping[str, int] | None = None
    version: int = 1

    def number_after(self, events: int) -> int:
        """Return which event comes after so many lines of events: in the longer trace, if any."""
        return (self.first or 1) + max(0, events - (self.made_up or 0))

    def ledger(self) -> Ledger:
        """Make the cache as it is before the first event."""
        return Ledger(self.frames, self.page_size, self.reserved, self.groups, self.tiers)


@dataclass(frozen=True, slots=True)
class Record:
    """One event of a trace.

    Parameters
    ----------
    line
        Where it stands in the file, from 1.
    seq
        Which event it is, from 1.
    step
        The engine's own step, where it is known.
    event
        What happened.
    checks
        What the trace claims about the state after it.
    """

    line: int
    seq: int
    step: int | None
    event: Event
    checks: Checks


def read_header(values: Values) -> Header:
    """Read the first line.

    Raises
    ------
    Fault
        If it is not the header of a trace, of a version that can be read.
    """
    if values.get("ev") != "init" or values.get("format") != FORMAT:
        message = f'{{"ev": "init", "format": "{FORMAT}", "version": {VERSIONS[0]}, …}}'
        raise Fault(f"a trace begins with the line {message}; add it")
    version = _read("version", values, _index)
    if version not in VERSIONS:
        raise Fault(f"this is version {version}; versions {listed(VERSIONS)} can be read")
    _allow(values, HEADER_KEYS)
    if not _read("engine", values, _text, "").strip():
        raise Fault("the name of the engine is missing; add engine")
    read = {key: _read(key, values, *how) for key, how in _HEADER.items()}
    header = Header(**read, version=version)
    for key in ("groups", "tiers"):
        if version == VERSIONS[0] and getattr(header, key):
            raise Fault(f"{key} are from version 2 on; {_SAY_VERSION}")
    if header.made_up is not None and header.first is None:
        raise Fault("made_up without first: add the number of the first event that was recorded")
    if header.reserved:
        try:
            header.ledger()
        except CacheError as error:
            raise Fault(f"reserved: {error}; name frames of the pool") from None
    return header


def read_event(values: Values, version: int) -> Event:
    """Read what happened, from a trace of a version of the format.

    Raises
    ------
    Fault
        If this is not an event of such a trace.
    """
    verb = values.get("ev")
    if not isinstance(verb, str) or verb not in _EVENTS[version]:
        raise _unknown(verb, values)
    make, keys, fields = _EVENTS[version][verb]
    _allow(values, keys, _EVENTS[VERSIONS[-1]][verb][1])
    # Not by _read: a call for each field is a good part of the time that a line takes.
    read = []
    for key, convert, default in fields:
        if key in values:
            read.append(convert(key, values[key]))
        elif default is MISSING:
            raise _missing(key)
        else:
            read.append(default)
    return make(*read)


def _unknown(verb: object, values: Values) -> Fault:
    """Say what is wrong with a verb that no event of the trace may have."""
    if verb == "init":
        return Fault("a second init: a trace is that of one engine; cut the file here")
    if type(verb) is str and verb in KINDS:
        return Fault(f"{verb} is an event of version 2; {_SAY_VERSION}")
    said = "ev is missing" if "ev" not in values else f"unknown ev {shown(verb)}"
    return Fault(f"{said}; {suggestion(verb if type(verb) is str else '', tuple(KINDS))}")


def version_of(event: Event) -> int:
    """Return the first version of the format that can say what happened."""
    for name in _WITH_HOLES.get(event.verb, ()):
        value = getattr(event, name)
        if value == HOLE or (type(value) is tuple and HOLE in value):
            return 2
    later = _LATER[event.verb]
    used = [since for name, default, since in later if getattr(event, name) != default]
    return max([event.since, *used])


def read_end(values: Values) -> str:
    """Read why a recording ended before it was closed.

    Raises
    ------
    Fault
        If this is not said as it should be.
    """
    _allow(values, _END_KEYS)
    why: str = _read("why", values, _text)
    return why


def read_checks(values: Values, header: Header) -> Checks:
    """Read what is claimed about the state after an event of a trace.

    In a trace with groups, tables are claimed by task, then by group.

    Raises
    ------
    Fault
        If a claim is not written as it should be.
    """
    if _CHECKS.isdisjoint(values):
        return NO_CHECKS
    return Checks(
        mask=_read("mask", values, partial(_mask, frames=header.frames), None),
        refcounts=_read("refcounts", values, _numbers, None),
        tables=_read("tables", values, _grouped(header.groups) if header.groups else _tables, None),
        evictable=_read("evictable", values, _numbers, None),
        tiers=_read("tiers", values, partial(_held_slots, tiers=header.tiers or {}), None),
    )


def read_seq(values: Values, expected: int) -> None:
    """Refuse an event that does not have the number that is next.

    Raises
    ------
    Fault
        Says which that is.
    """
    if "seq" not in values:
        raise Fault(f"seq is missing; add seq {expected}")
    seq = values["seq"]
    if type(seq) is not int or seq != expected:
        raise Fault(f"seq must be {expected} here, not {shown(seq)}; events are counted from 1")


def read_step(values: Values, before: int | None) -> int | None:
    """Read the engine's step; None where there is none.

    Raises
    ------
    Fault
        If it is less than the step `before`.
    """
    if "step" not in values:
        return None
    step = _index("step", values["step"])
    if before is not None and step < before:
        raise Fault(f"step {step} comes after step {before}; steps never go back")
    return step


def task_name(key: str, value: Any) -> str:
    """Read the name of a task.

    Raises
    ------
    Fault
        Says what a name may be; the message begins with `key`.
    """
    if type(value) is str and len(value) <= LONGEST_NAME and _NAME.fullmatch(value):
        return value
    raise Fault(
        f"{key} must be at most {LONGEST_NAME} letters, digits and ._:@#+=/-, beginning with a "
        f"letter, a digit or _, and without .., not {shown(value)}"
    )


def _allow(values: Values, keys: Collection[str], later: Collection[str] = ()) -> None:
    for key in values:
        if key not in keys:
            if key in later:
                raise Fault(f"{key} is from version 2 on; {_SAY_VERSION}")
            raise Fault(f"unknown key {shown(key)}; {suggestion(key, tuple(keys))}")


def _read(key: str, values: Values, convert: Convert, default: Any = MISSING) -> Any:
    """Convert what is written under a key, which must be there if it has no default."""
    if key in values:
        return convert(key, values[key])
    if default is MISSING:
        raise _missing(key)
    return default


def _missing(key: str) -> Fault:
    return Fault(f"{key} is missing; add it")


def _number(key: str, value: Any, *, least: int, most: int = MOST) -> int:
    # Not isinstance: to Python, true is a number.
    if type(value) is not int:
        raise Fault(f"{key} must be a whole number, not {shown(value)}")
    if not least <= value <= most:
        raise Fault(f"{key} must be from {least} to {most}, not {shown(value)}")
    return value


_index = partial(_number, least=0)
_count = partial(_number, least=1)


def _numbers(key: str, value: Any) -> tuple[int, ...]:
    if type(value) is not list:
        raise Fault(f"{key} must be a list of whole numbers, not {shown(value)}")
    for entry in value:
        if type(entry) is not int:
            raise Fault(f"{key} must be a list of whole numbers, but has {shown(entry)}")
    return tuple(value)


def _pages(key: str, value: Any) -> tuple[int, ...]:
    """Read frames of a page table, or null for a page that has none."""
    if type(value) is list and None in value:
        frames = _whole_pages(key, [frame for frame in value if frame is not None])
        rest = iter(frames)
        return tuple(HOLE if frame is None else next(rest) for frame in value)
    return _whole_pages(key, value)


def _whole_pages(key: str, value: Any) -> tuple[int, ...]:
    """Read frames of a page table that has no hole."""
    if type(value) is list and None in value:
        raise Fault(f"{key} has null, a page without a frame; {_SAY_VERSION}")
    numbers = _numbers(key, value)
    if numbers and min(numbers) < 0:
        raise Fault(f"frame {shown(min(numbers))} does not exist; frames are numbered from 0")
    return numbers


def _one(pages: Convert) -> Convert:
    """Return a conversion of a list of one page."""

    def read(key: str, value: Any) -> int:
        numbers: tuple[int, ...] = pages(key, value)
        if len(numbers) != 1:
            raise Fault(f"{key} must name one frame, not {len(numbers)}; write an event for each")
        return numbers[0]

    return read


def _text(key: str, value: Any) -> str:
    if type(value) is not str:
        raise Fault(f"{key} must be text in quotes, not {shown(value)}")
    if len(value) > LONGEST_TEXT:
        raise Fault(f"{key} has {len(value)} characters; at most {LONGEST_TEXT} fit")
    if not value.isprintable():
        raise Fault(f"{key} has invisible characters: {shown(value)}; use plain text")
    return value


def _tables(key: str, value: Any) -> dict[str, tuple[int, ...]]:
    for task in _object(key, value):
        task_name(f"a task in {key}", task)
    return {task: _pages(f"{key}: {task}", table) for task, table in value.items()}


def _grouped(groups: Mapping[str, int | None]) -> Convert:
    """Return a conversion of tables of tasks that have one in each group."""

    def read(key: str, value: Any) -> dict[str, tuple[int, ...]]:
        tables = {}
        for task, of_task in _object(key, value).items():
            task_name(f"a task in {key}", task)
            for group, table in _object(f"{key}: {task}", of_task).items():
                if group not in groups:
                    known = f"groups are {listed([*groups], last=', ')}"
                    raise Fault(f"{key}: {task}: no group {shown(group)}; {known}")
                tables[table_name(task, group)] = _pages(f"{key}: {task}: {group}", table)
        return tables

    return read


def _object(key: str, value: Any) -> dict[str, Any]:
    if type(value) is not dict:
        raise Fault(f"{key} must be an object, not {shown(value)}")
    return value


def _held_slots(key: str, value: Any, *, tiers: Mapping[str, int]) -> dict[str, tuple[int, ...]]:
    for tier in _object(key, value):
        if tier not in tiers:
            known = f"tiers are {listed([*tiers], last=', ')}" if tiers else "it has no tiers"
            raise Fault(f"{key}: no tier {shown(tier)} in this trace; {known}")
    return {tier: _numbers(f"{key}: {tier}", slots) for tier, slots in value.items()}


def _groups(key: str, value: Any) -> dict[str, int | None]:
    """Read the groups of a header."""
    groups = _object(key, value)
    if not groups:
        raise Fault(f'{key} has none; write {{"full": 16}}, say, or remove it')
    for group, size in groups.items():
        group_name(f"a name in {key}", group)
        if size is not None:
            _count(f"{key}: {group}", size)
    return groups


def _tiers(key: str, value: Any) -> dict[str, int]:
    """Read the tiers of a header."""
    tiers = _object(key, value)
    if not tiers:
        raise Fault(f'{key} has none; write {{"host": 4096}}, say, or remove it')
    for tier, slots in tiers.items():
        group_name(f"a name in {key}", tier)
        _count(f"{key}: {tier}", slots)
    return tiers


def _keys(key: str, value: Any) -> tuple[str, ...]:
    if type(value) is not list:
        raise Fault(f"{key} must be a list of texts, not {shown(value)}")
    for name in value:
        if type(name) is not str or not 1 <= len(name) <= LONGEST_KEY or not name.isprintable():
            raise Fault(f"{key} must be texts of 1 to {LONGEST_KEY} characters, not {shown(name)}")
    return tuple(value)


def group_name(key: str, value: Any) -> str:
    """Read the name of a group, or of a tier.

    Raises
    ------
    Fault
        Says what a name may be; the message begins with `key`.
    """
    if type(value) is str and _GROUP.fullmatch(value):
        return value
    raise Fault(f"{key} must be at most 32 letters, digits, - or _, not {shown(value)}")


def _mask(key: str, value: Any, *, frames: int) -> int:
    if type(value) is str:
        if len(value) == frames and not value.strip("01"):
            return int(value, 2)
        digits = value.removeprefix("0x")
        if digits != value and re.fullmatch("[0-9A-Fa-f]+", digits):
            if len(digits) > -(-frames // 4):
                raise Fault(f"{key} has {len(digits)} hexadecimal digits; too many for the pool")
            return int(digits, 16)
    raise Fault(
        f"{key} must be {frames} binary digits in quotes, or 0x and hexadecimal ones, "
        f"not {shown(value)}"
    )


_HEADER: dict[str, tuple[Convert, Any]] = {
    "engine": (_text, MISSING),
    "frames": (partial(_number, least=1, most=MOST_FRAMES), MISSING),
    "page_size": (_count, None),
    "reserved": (_numbers, ()),
    "note": (_text, None),
    "made_up": (_count, None),
    "first": (_count, None),
    "groups": (_groups, None),
    "tiers": (_tiers, None),
}
HEADER_KEYS = ("ev", "format", "version", *_HEADER)
_END_KEYS = ("ev", "seq", "why")
_CONVERT: dict[Holds, Convert] = {
    Holds.TASK: task_name,
    Holds.GROUP: group_name,
    Holds.COUNT: _count,
    Holds.INDEX: _index,
    Holds.FRAME: _index,
    Holds.FRAMES: _numbers,
    Holds.EMPTY: _numbers,
    Holds.TIER: group_name,
    Holds.SLOTS: _numbers,
    Holds.KEYS: _keys,
}
_CONVERT_PAGES = (
    {Holds.PAGES: _whole_pages, Holds.ONE_PAGE: _one(_whole_pages)},
    {Holds.PAGES: _pages, Holds.ONE_PAGE: _one(_pages)},
)
# Version -> verb -> the event's class, the keys that its line may have, how its fields are read.
_EVENTS = {
    version: {
        verb: (
            kind.make,
            dict.fromkeys((*_COMMON, *(f.key for f in kind.fields if f.since <= version))),
            [
                (field.key, {**_CONVERT, **pages}[field.holds], field.default)
                for field in kind.fields
                if field.since <= version
            ],
        )
        for verb, kind in KINDS.items()
        if kind.make.since <= version
    }
    for version, pages in zip(VERSIONS, _CONVERT_PAGES, strict=True)
}
_LATER = {
    verb: [(field.name, field.default, field.since) for field in kind.fields if field.since > 1]
    for verb, kind in KINDS.items()
}
_WITH_HOLES = {
    verb: [field.name for field in kind.fields if field.holds in {Holds.PAGES, Holds.ONE_PAGE}]
    for verb, kind in KINDS.items()
}
