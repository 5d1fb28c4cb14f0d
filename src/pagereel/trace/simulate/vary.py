"""One workload, several traces: the same requests in pools that are managed in different ways."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from pagereel.errors import RequestError
from pagereel.trace.simulate.engine import simulated
from pagereel.trace.simulate.workload import MOST_TOKENS, OUT_OF_FRAMES
from pagereel.trace.write import written
from pagereel.wording import counted, shown, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pagereel.trace.simulate.workload import Workload

    # Takes a workload and a value, and returns the workload that has it.
    Change: TypeAlias = Callable[[Workload, str], Workload]

_ON, _PAGED, _CONTIGUOUS = "on", "paged", "contiguous"


@dataclass(frozen=True, slots=True)
class Variation:
    """What varies between several traces of one workload.

    Attributes
    ----------
    key
        One of `KEYS`.
    values
        What it is in each trace: two or more, all different.
    """

    key: str
    values: tuple[str, ...]

    @classmethod
    def parsed(cls, text: str) -> Variation:
        """Read a variation as it is typed: ``page_size=16,256``.

        Raises
        ------
        RequestError
            If there is nothing of this name, a value that it cannot have, or only one value.
        """
        key, is_there, listed = text.partition("=")
        if not is_there:
            raise RequestError(f"--vary {shown(text)}: write a variation as page_size=16,256")
        if key not in KEYS:
            raise RequestError(f"--vary: {shown(key)} cannot vary; {suggestion(key, KEYS)}")
        values = tuple(listed.split(","))
        for value in values:
            if fault := _fault(key, value):
                raise RequestError(f"--vary: {fault}")
        if len({*values}) < max(2, len(values)):
            message = f"give {key} two or more values, each once, not {shown(listed)}"
            raise RequestError(f"--vary: {message}")
        return cls(key, values)

    def files(self, path: Path) -> tuple[Path, ...]:
        """Return the files of the traces: ``out-page_size-16.jsonl`` for ``out.jsonl``."""
        stem = path.name.removesuffix(path.suffix)
        return tuple(
            path.with_name(f"{stem}-{self.key}-{value}{path.suffix}") for value in self.values
        )

    def workloads(self, workload: Workload) -> tuple[Workload, ...]:
        """Return a workload for each value.

        Raises
        ------
        RequestError
            If the workload cannot be varied so.
        """
        if workload.longest is not None:
            raise RequestError(
                f"--vary {self.key}: the workload reserves contiguous memory; remove reservation "
                "and longest from [pool]"
            )
        change = _CHANGES[self.key]
        return tuple(change(workload, value) for value in self.values)


def write_variants(workload: Workload, variation: Variation, files: tuple[Path, ...]) -> None:
    """Write a trace for each value, all of them or none.

    Raises
    ------
    RequestError
        If the workload cannot be varied so.
    TraceError
        If a file cannot be written.
    """
    workloads = variation.workloads(workload)
    with ExitStack() as stack:  # none appears before the last one is complete
        for each, path in zip(workloads, files, strict=True):
            file = stack.enter_context(written(path))
            file.writelines(simulated(each))


def _fault(key: str, value: str) -> str | None:
    """Say why a key cannot have a value."""
    known = _VALUES[key]
    if not known:
        is_size = re.fullmatch("[1-9][0-9]{0,7}", value) and int(value) <= MOST_TOKENS
        return None if is_size else f"{key} is a number of tokens, not {shown(value)}"
    return None if value in known else f"unknown {key} {shown(value)}; {suggestion(value, known)}"


def _with_pages(workload: Workload, value: str) -> Workload:
    """Cut the same memory into pages of another size."""
    header, size = workload.header, int(value)
    tokens = header.frames * (header.page_size or 1)
    if header.reserved:
        message = "reserved frames have no place in pages of another size; remove reserved"
        raise RequestError(f"--vary page_size: {message} from [pool]")
    if tokens % size:
        message = f"the pool's {tokens:,} tokens are not pages of {counted(size, 'token')}"
        raise RequestError(f"--vary page_size: {message}; choose a divisor")
    header = replace(header, frames=tokens // size, page_size=size)
    return _noted(replace(workload, header=header), f"{counted(size, 'token')} a page")


def _with_index(workload: Workload, value: str) -> Workload:
    return _noted(replace(workload, prefix_index=value == _ON), f"prefix index {value}")


def _out_of_frames(workload: Workload, value: str) -> Workload:
    return _noted(replace(workload, out_of_frames=value), f"{value} when out of frames")


def _reserving(workload: Workload, value: str) -> Workload:
    """Let each task reserve for the longest request that there is, in whole pages."""
    if value == _PAGED:
        return _noted(workload, f"pages of {counted(workload.header.page_size or 1, 'token')}")
    size = workload.header.page_size or 1
    longest = max(each.prompt + each.output for each in workload.submissions())
    room = -(-longest // size) * size
    tokens = workload.header.frames * size
    if room > tokens:
        message = f"the longest request needs {room:,} tokens, and the pool has {tokens:,}"
        raise RequestError(f"--vary reservation: {message}; enlarge the pool")
    return _noted(workload.reserving(room), f"rows of {counted(room, 'token')}")


def _noted(workload: Workload, words: str) -> Workload:
    """Add to the note what the trace is: `pagereel compare` names the runs by it."""
    header = workload.header
    note = words if header.note is None else f"{header.note}, {words}"
    return replace(workload, header=replace(header, note=note))


_CHANGES: dict[str, Change] = {
    "page_size": _with_pages,
    "prefix_index": _with_index,
    "out_of_frames": _out_of_frames,
    "reservation": _reserving,
}
_VALUES: dict[str, tuple[str, ...]] = {
    "page_size": (),  # any number
    "prefix_index": (_ON, "off"),
    "out_of_frames": OUT_OF_FRAMES,
    "reservation": (_PAGED, _CONTIGUOUS),
}
KEYS = tuple(_CHANGES)
"""What can vary."""
