"""What parts have to show whose tasks share, copy and write: from the cache and words alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pagereel.assets import STORIES
from pagereel.cache import Arrive, Copy, Expand
from pagereel.stage.parts.slots.look import Fill, PageLook, Slot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagereel.cache import Step
    from pagereel.stage.part import Extent

COPY_ON_WRITE = [STORIES / f"{name}.toml" for name in ("copy_on_write", "copy_on_write_engines")]
TALES_OF_FORKS = dict.fromkeys(("FacingTasks", "ForkFrames", "Verdict"), COPY_ON_WRITE)
ANCHORS_OF_FORKS = ("beside", "edge", "mouth")


def forked(told: Extent, steps: Sequence[Step]) -> tuple[PageLook, ...]:
    """Return what frames have to show whose tokens have words, from the tokens of each task."""
    now = steps[-1].after if steps else told.initial
    tokens: dict[str, int] = {}
    for step in (*told.earlier, *steps):
        match step.event:
            case Arrive(task, tokens=int(count)):
                tokens[task] = count
            case Expand(task, pos=int(position)):
                tokens[task] = position + 1
    found = []
    for frame in range(now.frames):
        holders = tuple(task for task, table in now.tables.items() if frame in table)
        words: dict[int, Slot] = {}
        for task in holders:
            first = 4 * now.tables[task].index(frame)
            words |= {
                position - first: Slot(Fill.WORD, holders[0], says, own=position >= 7)
                for position, says in enumerate(told.words[task][: tokens[task]])
                if 0 <= position - first < 4
            }
        # The slots stand two by two, and the holders' colours side by side.
        slots = (
            words.get(at) or Slot(Fill.EMPTY, holders[at % 2 * len(holders) // 2])
            for at in range(4)
        )
        found.append(
            PageLook(tuple(slots), holders, str(frame), f"refcount {len(holders)}")
            if holders
            else PageLook((Slot(),) * 4, number=str(frame), note="free")
        )
    if steps and isinstance(event := steps[-1].event, Copy):  # what it has changed stands out
        for frame in (event.src, event.dst):
            found[frame] = replace(found[frame], note_lit=True)
        at = tokens[event.task] % 4
        lit = replace(found[event.dst].slots[at], lit=True)
        found[event.dst] = found[event.dst].with_slot(at, lit)
    return tuple(found)


def tables(told: Extent, steps: Sequence[Step]) -> dict[str, tuple[int, ...]]:
    return dict((steps[-1].after if steps else told.initial).tables)


TRUTHS_OF_FORKS = {
    "FacingTasks": tables,
    "ForkFrames": forked,
    "Verdict": lambda *_: (),  # a scene lets it judge
}
