"""Writing traces: events as lines, and files that appear whole."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import asdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from pagereel.cache.events import HOLE, KINDS, Holds
from pagereel.errors import TraceError
from pagereel.files import replacing
from pagereel.trace.records import END, FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import TextIO

    from pagereel.cache import Checks, Event
    from pagereel.cache.events import EventKind
    from pagereel.trace.records import Header

# Up to here a mask is written in binary, which people can read.
_BINARY_MASK = 64
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode


def header_line(header: Header) -> str:
    """Write the first line of a trace, with its line end."""
    said = {key: value for key, value in asdict(header).items() if value not in (None, ())}
    return _line({"ev": "init", "format": FORMAT, "version": said.pop("version"), **said})


def end_line(seq: int, why: str) -> str:
    """Write the last line of a recording that ended early; `seq` is one more than the events."""
    return _line({"seq": seq, "ev": END, "why": why})


def event_line(
    seq: int, event: Event, *, frames: int, step: int | None = None, checks: Checks | None = None
) -> str:
    """Write one event.

    Parameters
    ----------
    seq
        Which event it is, from 1.
    event
        What happened.
    frames
        Size of the pool: how many digits a mask has.
    step
        The engine's own step, where it is known.
    checks
        What is claimed about the state after it.

    Returns
    -------
    str
        A line of JSON, with its line end.
    """
    values: dict[str, Any] = {"seq": seq}
    if step is not None:
        values["step"] = step
    values["ev"] = event.verb
    # Not asdict: it copies every list, and takes longer than all else.
    for name, key, default, in_list in _FIELDS[type(event)]:
        value = getattr(event, name)
        if value != default:
            values[key] = _as_written([value] if in_list else value)
    if checks is not None:
        claims = asdict(checks)
        if checks.mask is not None:
            digits = f"{checks.mask:0{frames}b}" if frames <= _BINARY_MASK else hex(checks.mask)
            claims["mask"] = digits
        if checks.tables is not None:
            claims["tables"] = _tables_as_written(checks.tables)
        values.update({key: claim for key, claim in claims.items() if claim is not None})
    return _line(values)


def _tables_as_written(tables: Mapping[str, Sequence[int]]) -> dict[str, object]:
    """Return page tables by task or, if these are of groups, by task and by group."""
    by_task: dict[str, Any] = {}
    for name, table in tables.items():
        task, _, group = name.partition(" ")
        if group:
            by_task.setdefault(task, {})[group] = _as_written(table)
        else:
            by_task[task] = _as_written(table)
    return by_task


def _as_written(value: object) -> object:
    """Return a value as it is written: a hole in a list of frames is null."""
    if isinstance(value, list | tuple) and HOLE in value:
        return [None if frame == HOLE else frame for frame in value]
    return value


def _fields(kind: EventKind) -> tuple[tuple[str, str, object, bool], ...]:
    """Return the name, key and default of each field, and whether its frame is written as a list.

    Those written as a list come last, as they always have.
    """
    each = [
        (field.name, field.key, field.default, field.holds is Holds.ONE_PAGE)
        for field in kind.fields
    ]
    return tuple(sorted(each, key=itemgetter(3)))


_FIELDS = {kind.make: _fields(kind) for kind in KINDS.values()}


def _line(values: dict[str, Any]) -> str:
    return _ENCODE(values) + "\n"


@contextmanager
def written(path: Path | None) -> Iterator[TextIO]:
    """Open a file for writing; it appears whole at the end of the block, or not at all.

    Parameters
    ----------
    path
        The file, or None for standard output.

    Raises
    ------
    TraceError
        If it cannot be written.
    """
    if path is None:
        yield sys.stdout
        return
    try:
        with replacing(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
            yield file
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"the file cannot be written: {reason}; choose a folder that can be written"
        raise TraceError(str(path), message) from None
