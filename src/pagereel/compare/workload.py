"""Whether two traces are of the same workload: the same requests, at the same time."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np

from pagereel.errors import CompareError

if TYPE_CHECKING:
    from pagereel.compare.clock import Ints
    from pagereel.compare.reading import Entry, Key, Reading

_SAME = "record both with the same workload"


def match(readings: tuple[Reading, Reading]) -> tuple[Ints, Ints]:
    """Find each request of one trace in the other.

    Two requests are the same if they have the same name, prompts of the same length where both
    traces say it, and the same step where both say when it is submitted. A trace that has no
    `submit` for a request says only when it arrives, which cannot be before it is submitted.

    Returns
    -------
    tuple of numpy.ndarray
        By run, shape (requests,): each request's index in `Reading.entries`, in the order of
        submission.

    Raises
    ------
    CompareError
        Says what differs first.
    """
    for reading in readings:
        if not reading.entries:
            raise CompareError(f"{reading.name} has no requests; record an engine that has some")
    known = tuple(
        {entry.key: index for index, entry in enumerate(reading.entries)} for reading in readings
    )
    order = _order(readings)
    for key in order:
        if fault := _difference(key, readings, known):
            raise CompareError(fault)
    of_first, of_second = (np.array([each[key] for key in order], np.int64) for each in known)
    return of_first, of_second


def _order(readings: tuple[Reading, Reading]) -> list[Key]:
    """Return all requests of both, by the time of their submission; at one time as in the first.

    Where only one trace says when requests are submitted, that one comes first.
    """
    first, second = sorted(readings, key=lambda each: not _has_submissions(each))
    if all(reading.tape.has_steps for reading in readings):
        timed = [
            (_step(entry, each), entry.key) for each in (first, second) for entry in each.entries
        ]
        return [*dict.fromkeys(key for _, key in sorted(timed, key=lambda pair: pair[0]))]
    return [*dict.fromkeys(entry.key for each in (first, second) for entry in each.entries)]


def _has_submissions(reading: Reading) -> bool:
    return all(entry.is_submitted for entry in reading.entries)


def _difference(
    key: Key, readings: tuple[Reading, Reading], known: tuple[dict[Key, int], ...]
) -> str | None:
    """Say how a request of the two traces differs; None if it is the same."""
    there = [reading for reading, each in zip(readings, known, strict=True) if key in each]
    if len(there) == 1:
        return _missing(key, there[0], readings, known)
    entries = [reading.entries[each[key]] for reading, each in zip(readings, known, strict=True)]
    one, other = entries
    names = [reading.name for reading in readings]
    if None not in {one.tokens, other.tokens} and one.tokens != other.tokens:
        does = "is submitted" if one.is_submitted and other.is_submitted else "arrives"
        return (
            f"{key} {does} with {one.tokens} tokens in {names[0]} and with {other.tokens} "
            f"in {names[1]}; {_SAME}"
        )
    if (one.event < 0) != (other.event < 0):
        early, late = (0, 1) if one.event < 0 else (1, 0)
        return (
            f"{key} is there at the start of {names[early]} and comes later in {names[late]}; "
            "cut both at the same step"
        )
    return _times(key, entries, readings)


def _missing(
    key: Key, there: Reading, readings: tuple[Reading, Reading], known: tuple[dict[Key, int], ...]
) -> str:
    """Say that one trace lacks a request: it was not submitted, or the trace ends before."""
    lacking = readings[1] if there is readings[0] else readings[0]
    entry = there.entries[known[readings.index(there)][key]]
    says = f"{key} {_does(entry)}{_at(entry, there)} in {there.name}"
    if entry.event >= 0 and all(reading.tape.has_steps for reading in readings):
        end = max(lacking.tape.step, default=-1)
        if _step(entry, there) > end:
            events = bisect_right(there.tape.step, end) + (there.header.made_up or 0)
            part = f"pagereel trace cut {there.name} --to {events}"
            return f"{says}, but {lacking.name} ends at step {end:,}; compare a part: {part}"
    return f"{says}, but not in {lacking.name}; {_SAME}"


def _times(key: Key, entries: list[Entry], readings: tuple[Reading, Reading]) -> str | None:
    """Say that a request comes at different times, or arrives before it is submitted."""
    one, other = entries
    if one.event < 0 or not all(reading.tape.has_steps for reading in readings):
        return None
    steps = [_step(entry, reading) for entry, reading in zip(entries, readings, strict=True)]
    match one.is_submitted, other.is_submitted:
        case True, True:
            differ = steps[0] != steps[1]
        case True, False:
            differ = steps[1] < steps[0]
        case False, True:
            differ = steps[0] < steps[1]
        case _:
            differ = False
    if not differ:
        return None
    verb = "" if one.is_submitted == other.is_submitted else f"{_does(other)} "
    first, second = (
        f"at step {step:,} in {reading.name}" for step, reading in zip(steps, readings, strict=True)
    )
    return f"{key} {_does(one)} {first} and {verb}{second}; {_SAME}"


def _does(entry: Entry) -> str:
    if entry.event < 0:
        return "is there at the start"
    return "is submitted" if entry.is_submitted else "arrives"


def _at(entry: Entry, reading: Reading) -> str:
    is_timed = entry.event >= 0 and reading.tape.has_steps
    return f" at step {_step(entry, reading):,}" if is_timed else ""


def _step(entry: Entry, reading: Reading) -> int:
    return -1 if entry.event < 0 else reading.tape.step[entry.event]
