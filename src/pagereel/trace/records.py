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
from pagereel.cache.events import KINDS, Holds
from pagereel.errors import CacheError
from pagereel.wording import shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import TypeAlias

    from pagereel.cache import Event

    Values: TypeAlias = Mapping[str, Any]
    # Takes the key and the value, and returns what the value means.
    Convert: TypeAlias = Callable[[str, Any], Any]

FORMAT, VERSION = "pagereel-trace", 1
END = "end"  # of a recording that ended early; the last line, and no event of the cache
# Whole numbers that every reader of JSON keeps as they are.
MOST = 2**53 - 1
MOST_FRAMES = 2**24
LONGEST_NAME = 256
LONGEST_TEXT = 1000
NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_:@#+=/-]|\.(?!\.))*"
_NAME = re.compile(NAME)
_COMMON = ("ev", "seq", "step", "mask", "refcounts", "evictable", "tables")
_CHECKS = frozenset(("mask", "refcounts", "evictable", "tables"))
NO_CHECKS = Checks()


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
    """

    engine: str
    frames: int
    page_size: int | None = None
    reserved: tuple[int, ...] = ()
    note: str | None = None
    made_up: int | None = None
    first: int | None = None

    def ledger(self) -> Ledger:
        """Make the cache as it is before the first event."""
        return Ledger(self.frames, self.page_size, self.reserved)


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
        If it is not the header of a trace of version 1.
    """
    if values.get("ev") != "init" or values.get("format") != FORMAT:
        message = f'{{"ev": "init", "format": "{FORMAT}", "version": {VERSION}, …}}'
        raise Fault(f"a trace begins with the line {message}; add it")
    version = _read("version", values, _index)
    if version != VERSION:
        raise Fault(f"this is version {version}; version {VERSION} can be read")
    _allow(values, HEADER_KEYS)
    if not _read("engine", values, _text, "").strip():
        raise Fault("the name of the engine is missing; add engine")
    header = Header(**{key: _read(key, values, *how) for key, how in _HEADER.items()})
    if header.made_up is not None and header.first is None:
        raise Fault("made_up without first: add the number of the first event that was recorded")
    if header.reserved:
        try:
            header.ledger()
        except CacheError as error:
            raise Fault(f"reserved: {error}; name frames of the pool") from None
    return header


def read_event(values: Values) -> Event:
    """Read what happened.

    Raises
    ------
    Fault
        If this is not an event of a trace.
    """
    verb = values.get("ev")
    if not isinstance(verb, str) or verb not in _EVENTS:
        if verb == "init":
            raise Fault("a second init: a trace is that of one engine; cut the file here")
        said = "ev is missing" if "ev" not in values else f"unknown ev {shown(verb)}"
        raise Fault(f"{said}; {suggestion(verb if type(verb) is str else '', tuple(KINDS))}")
    make, keys, fields = _EVENTS[verb]
    _allow(values, keys)
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


def read_checks(values: Values, frames: int) -> Checks:
    """Read what is claimed about the state after an event, for a pool of so many frames.

    Raises
    ------
    Fault
        If a claim is not written as it should be.
    """
    if _CHECKS.isdisjoint(values):
        return NO_CHECKS
    return Checks(
        mask=_read("mask", values, partial(_mask, frames=frames), None),
        refcounts=_read("refcounts", values, _numbers, None),
        tables=_read("tables", values, _tables, None),
        evictable=_read("evictable", values, _numbers, None),
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


def _allow(values: Values, keys: Collection[str]) -> None:
    for key in values:
        if key not in keys:
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


def _only_number(key: str, value: Any) -> int:
    numbers = _numbers(key, value)
    if len(numbers) != 1:
        raise Fault(f"{key} must name one frame, not {len(numbers)}; write an event for each")
    return numbers[0]


def _text(key: str, value: Any) -> str:
    if type(value) is not str:
        raise Fault(f"{key} must be text in quotes, not {shown(value)}")
    if len(value) > LONGEST_TEXT:
        raise Fault(f"{key} has {len(value)} characters; at most {LONGEST_TEXT} fit")
    if not value.isprintable():
        raise Fault(f"{key} has invisible characters: {shown(value)}; use plain text")
    return value


def _tables(key: str, value: Any) -> dict[str, tuple[int, ...]]:
    if type(value) is not dict:
        raise Fault(f"{key} must be an object, not {shown(value)}")
    for task in value:
        task_name(f"a task in {key}", task)
    return {task: _numbers(f"{key}: {task}", table) for task, table in value.items()}


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
}
HEADER_KEYS = ("ev", "format", "version", *_HEADER)
_END_KEYS = ("ev", "seq", "why")
_CONVERT: dict[Holds, Convert] = {
    Holds.TASK: task_name,
    Holds.COUNT: _count,
    Holds.INDEX: _index,
    Holds.FRAME: _index,
    Holds.FRAMES: _numbers,
    Holds.ONE_FRAME: _only_number,
}
# Verb -> the event's class, the keys that its line may have, and how its fields are read.
_EVENTS = {
    verb: (
        kind.make,
        dict.fromkeys((*_COMMON, *(field.key for field in kind.fields))),
        [(field.key, _CONVERT[field.holds], field.default) for field in kind.fields],
    )
    for verb, kind in KINDS.items()
}
