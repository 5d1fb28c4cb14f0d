"""The state of a cache as a picture in a terminal."""

from __future__ import annotations

from string import ascii_letters
from typing import TYPE_CHECKING

from pagereel.cache import HOLE, present
from pagereel.wording import counted, listed, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pagereel.cache import Ledger

_WIDE = 64
_NARROW = 16
_MOST_CELLS = 4096
_MOST_TASKS = 52
_FREE, _CACHED, _RESERVED, _OTHER = ".", "~", "#", "?"
# From no frame held in a cell to all of them.
_SHADES = " .:-=+*%@"


def picture(ledger: Ledger) -> str:
    """Draw the pool, a character for each frame; list which task holds which frames, and tiers.

    In pools of more than 4,096 frames a character stands for several frames, and shows the share of
    them that is held.
    """
    parts = (_counts(ledger), _grid(ledger), _tasks(ledger), _queues(ledger), _tiers(ledger))
    return "\n".join("\n".join(part) for part in map(list, parts) if part) + "\n"


def _counts(ledger: Ledger) -> Iterator[str]:
    kinds = (
        (ledger.held_count, "held"),
        (len(ledger.cached), "cached"),
        (ledger.free_count, "free"),
        (len(ledger.reserved), "reserved"),
    )
    told = ", ".join(f"{count} {kind}" for count, kind in kinds if count or kind != "reserved")
    yield f"{counted(ledger.frames, 'frame')}: {told}"


def _grid(ledger: Ledger) -> Iterator[str]:
    each = -(-ledger.frames // _MOST_CELLS)
    if each == 1:
        cells = _cells(ledger)
        yield f"{_FREE} free  {_CACHED} cached  {_RESERVED} reserved  2-9, + shared by so many"
    else:
        cells = _shades(ledger, each)
        yield f"{each} frames a character, from '{_SHADES[0]}' (none held) to '{_SHADES[-1]}' (all)"
    across = _NARROW if ledger.frames <= _NARROW**2 else _WIDE
    digits = len(str(ledger.frames - 1))
    for start in range(0, len(cells), across):
        row = "".join(cells[start : start + across])
        yield f"{start * each:{digits}}  {row}".rstrip()


def _cells(ledger: Ledger) -> list[str]:
    cells = [_FREE] * ledger.frames
    for frame in ledger.cached:
        cells[frame] = _CACHED
    for frame in ledger.reserved:
        cells[frame] = _RESERVED
    for number, table in enumerate(ledger.tables.values()):
        letter = ascii_letters[number] if number < _MOST_TASKS else _OTHER
        for frame in present(table):
            count = ledger.refcounts[frame]
            cells[frame] = letter if count == 1 else str(count) if count < 10 else "+"
    return cells


def _shades(ledger: Ledger, each: int) -> list[str]:
    counts = ledger.refcounts
    cells = []
    for start in range(0, ledger.frames, each):
        part: Sequence[int] = counts[start : start + each]
        held = sum(count > 0 for count in part)
        # Only a cell without a held frame is blank, and only a full one is darkest.
        shade = -(-held * (len(_SHADES) - 2) // len(part)) + (held == len(part))
        cells.append(_SHADES[shade])
    return cells


def _tasks(ledger: Ledger) -> Iterator[str]:
    for number, (task, table) in enumerate(ledger.tables.items()):
        if number == _MOST_TASKS:
            rest = len(ledger.tables) - _MOST_TASKS
            yield f"{_OTHER}  {counted(rest, 'task')} more"
            return
        frames = listed(["-" if frame == HOLE else frame for frame in table], last=", ")
        yield f"{ascii_letters[number]}  {_named(task)}: {counted(len(table), 'page')}: {frames}"


def _queues(ledger: Ledger) -> Iterator[str]:
    if ledger.cached:
        yield f"next to be evicted: {listed(tuple(ledger.cached), last=', ')}"
    if ledger.evicted:
        yield f"evicted for the next event: {listed(sorted(ledger.evicted), last=', ')}"
    if ledger.uncomputed:
        yield f"never computed: {listed(sorted(ledger.uncomputed), last=', ')}"
    if ledger.queued:
        yield f"queued: {listed([_named(task) for task in ledger.queued], last=', ')}"


def _tiers(ledger: Ledger) -> Iterator[str]:
    for tier, stored in ledger.stored.items():
        which = f": {listed(sorted(stored), last=', ')}" if stored else ""
        yield f"{tier}: {len(stored)} of {counted(ledger.tiers[tier], 'slot')} used{which}"


def _named(task: str) -> str:
    # Names of traces are plain; the long ones are shortened.
    return task if len(task) <= 40 else shown(task)
