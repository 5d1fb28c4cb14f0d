"""Whatever part there is: after every step it shows what the replayed cache says."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from inspect import isabstract
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from batches import ANCHORS, TALES_OF_BATCHES, TRUTHS_OF_BATCHES, filled
from forked import ANCHORS_OF_FORKS, TALES_OF_FORKS, TRUTHS_OF_FORKS
from manim import Group, VMobject, tempconfig
from told import MEDIA
from whose import Whose

import pagereel.stage.parts
from pagereel.assets import STORIES, TRACES
from pagereel.cache import Arrive, CacheState, Expand, Leave, Step
from pagereel.stage.layout.places import Anchor, Area, Need, Region, picture_size
from pagereel.stage.part import Extent, Part
from pagereel.stage.parts.fork import read_engines
from pagereel.stage.parts.lookup.facts import read_lookup
from pagereel.stage.parts.memory.kit import MEMORY_TABLES
from pagereel.stage.parts.pool import FREE, RESERVED, Kind, Look
from pagereel.stage.parts.sharing.index import read_index
from pagereel.stage.parts.slots.look import TIMES, PageLook, Slot, bar, empty, word
from pagereel.stage.theme import DARK
from pagereel.stage.timing import Phase
from pagereel.story import load_story
from pagereel.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pagereel.stage.part import Movements
    from pagereel.toml.table import Table

AREA = Area(*picture_size(1920, 1080))
TALES = [STORIES / "shared_prefix.toml", TRACES / "prefix_sharing.jsonl"]
RECORDED = [TRACES / "lru_eviction.jsonl", TRACES / "prefix_sharing.jsonl"]
FRAGMENTATION = [STORIES / "fragmentation.toml"]
LOOK_UP = [STORIES / "page_lookup.toml"]
# Of parts that need steps, words, or a table of a scene's own: the stories that have them.
TALES_OF: dict[str, list[Path]] = {
    "AskedSlots": FRAGMENTATION,
    "CitedSource": LOOK_UP,
    "EvictionLine": RECORDED,
    "LinedFrames": LOOK_UP,
    "LookUpCount": LOOK_UP,
    "LookUpFormulas": LOOK_UP,
    "LookUpPath": LOOK_UP,
    "LineStep": RECORDED,
    "MemoryMeter": FRAGMENTATION,
    "PageTableCells": LOOK_UP,
    "PageMap": [STORIES / "prefix_sharing.toml"],
    "RunningTask": RECORDED[:1],
    "StepCount": RECORDED,
    "TierPool": [STORIES / "host_memory.toml"],
    "TokenSlots": FRAGMENTATION,
    "TokenStrip": LOOK_UP,
    **TALES_OF_BATCHES,
    **TALES_OF_FORKS,
}
# What reads the tables of these stories.
READERS: dict[str, Callable[[Table], Any]] = {
    "engines": read_engines,
    "lookup": read_lookup,
    "index": read_index,
    **MEMORY_TABLES,
}


def kinds() -> Iterator[type[Part[Any, Any]]]:
    """Yield all parts that there are: a new one needs to be named nowhere."""
    package = pagereel.stage.parts
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        for kind in vars(import_module(module.name)).values():
            is_part = isinstance(kind, type) and issubclass(kind, Part) and not isabstract(kind)
            if is_part and kind.__module__ == module.name:
                yield kind


KINDS = [*kinds()]
SLOW = pytest.mark.slow

Truth = Callable[[Extent, Sequence[Step]], Any]


def state(told: Extent, steps: Sequence[Step]) -> CacheState:
    return steps[-1].after if steps else told.initial


def tiers(told: Extent, steps: Sequence[Step]) -> dict[str, tuple[str, dict[int, str]]]:
    """Return how many pages each tier has to show, and whose."""
    whose = Whose()
    for step in steps:
        whose.follow(step)
    stored = state(told, steps).stored
    return {tier: (str(len(held)), whose.slots.get(tier, {})) for tier, held in stored.items()}


def looks(told: Extent, steps: Sequence[Step]) -> tuple[Look, ...]:
    """Return what the frames have to show, from what has happened to each."""
    now = state(told, steps)
    last = {
        frame: step.event.task
        for step in steps
        if isinstance(step.event, Leave)
        for frame in step.event.cached
    }

    def look(frame: int) -> Look:
        holders = tuple(task for task, table in now.tables.items() if frame in table)
        if holders:
            return Look(Kind.HELD, holders)
        if frame in now.cached:
            return Look(Kind.CACHED, (last[frame],))
        return RESERVED if frame in now.reserved else FREE

    return tuple(map(look, range(now.frames)))


def counts(told: Extent, steps: Sequence[Step]) -> list[str]:
    now = state(told, steps)
    numbers = [str(len(frames)) for frames in (now.holders, now.cached, now.free_frames)]
    return numbers[: 3 if told.caches else 1]


def slots(told: Extent, steps: Sequence[Step]) -> tuple[tuple[str, int | None] | None, ...]:
    """Return by token slot whose it is, and which of its tokens is there."""
    now, size = state(told, steps), told.initial.page_size
    assert size
    found: list[tuple[str, int | None] | None] = [None] * (now.frames * size)
    for task, table in now.tables.items():
        at = steps[-1].at
        assert at is not None
        for token, slot in enumerate(f * size + offset for f in table for offset in range(size)):
            found[slot] = (task, token if token < told.tokens[at][task] else None)
    return tuple(found)


def meter(
    told: Extent, steps: Sequence[Step]
) -> tuple[dict[str, int], dict[str, int], tuple[int, ...]]:
    """Return each task's tokens and its empty slots, and all tokens, empty and free slots."""
    every, tables = slots(told, steps), state(told, steps).tables
    held = {task: [slot[1] for slot in every if slot and slot[0] == task] for task in tables}
    empty = {task: tokens.count(None) for task, tokens in held.items()}
    tokens = {task: len(held[task]) - empty[task] for task in tables}
    numbers = sum(tokens.values()), sum(empty.values()), every.count(None)
    assert sum(numbers) == len(every)
    return tokens, empty, numbers


def lines(told: Extent, steps: Sequence[Step]) -> tuple[PageLook, ...]:
    """Return what the frames of PageLookup have to show, slot by slot."""
    now = state(told, steps)
    slots: dict[int, Slot] = {}
    for task, table in now.tables.items():
        tokens = [word(says, task) for says in told.words.get(task, ())] or [bar(task)] * 8
        for position in range(len(table) * 4):
            slot = tokens[position] if position < len(tokens) else empty(task)
            slots[table[position // 4] * 4 + position % 4] = slot
    holders = {frame: task for task, table in now.tables.items() for frame in table}
    return tuple(
        PageLook(
            number=f"frame {frame}",
            holders=(holders[frame],),
            slots=tuple(slots[frame * 4 + offset] for offset in range(4)),
        )
        for frame in range(now.frames)
    )


def found(told: Extent, steps: Sequence[Step]) -> str:  # noqa: ARG001 (the steps say it all)
    """Return how many of the prompts' pages were found so far, and of how many."""
    events = [step.event for step in steps if isinstance(step.event, Arrive)]
    shared = sum(len(event.shared) for event in events)
    new = sum(len(event.frames) for event in events)
    return f"{shared} of {shared + new}" if events else ""


def paged(told: Extent, steps: Sequence[Step]) -> str:
    """Return how many pages there are, in how many frames; nothing before the first."""
    if not any(step.after.tables for step in steps):
        return ""
    pages = [*chain(*state(told, steps).tables.values())]
    return f"{counted(len(pages), 'page')} in {counted(len({*pages}), 'frame')}"


def mapped(told: Extent, steps: Sequence[Step]) -> dict[tuple[int, int], str]:
    """Return what stands in each cell: the row of a task, and which of its pages."""
    size, last = told.initial.page_size or 1, looks(told, steps)
    hit = {frame for step in told.steps for frame in getattr(step.event, "shared", ())}
    came = {step.event.task: step.event for step in steps if isinstance(step.event, Arrive)}
    taker: dict[int, str] = {}
    for event in (step.event for step in steps):
        if isinstance(event, Arrive | Expand):
            new = event.frames if isinstance(event, Arrive) else (event.frame,)
            taker |= dict.fromkeys(new, event.task)
    cells: dict[tuple[int, int], str] = {}
    for row, (task, words) in enumerate(told.words.items()):
        prompt = [" ".join(words[at : at + size]) for at in range(0, len(words), size)]
        if task not in came:
            cells |= {(row, page): f": {text}" for page, text in enumerate(prompt)}
            continue
        seen = [step for step in steps if task in step.after.tables][-1]
        until = [
            now[task] for at, now in told.tokens.items() if at <= (seen.at or 0) and task in now
        ]
        count = until[-1]
        signs = [*words, *"-" * max(0, count - len(words)), *"/" * size]
        for page, frame in enumerate(seen.after.tables[task]):
            look = last[frame]
            if page < len(came[task].shared):
                cells[row, page] = f"{frame}: {prompt[page]}"
            elif taker[frame] == task and look.kind is not Kind.FREE:
                holders = len(look.tasks) if look.kind is Kind.HELD else 0
                head = [
                    str(frame),
                    f"{TIMES}{holders}" if frame in hit else "",
                    "".join(look.tasks),
                ]
                head.append("kept" if look.kind is Kind.CACHED else "")
                written = " ".join(signs[page * size : (page + 1) * size])
                cells[row, page] = f"{' '.join(filter(None, head))}: {written}"
    return cells


def line(_: Extent, steps: Sequence[Step]) -> tuple[tuple[int, str, int | None], ...]:
    """Return the cached frames in line, with who left each, and when it came to stand there."""
    now = steps[-1].after if steps else None
    found = []
    for frame in now.cached if now else ():
        absent = [n for n, step in enumerate(steps) if frame not in step.after.cached]
        came = steps[absent[-1] + 1 if absent else 0]
        assert isinstance(came.event, Leave)
        found.append((frame, came.event.task, came.at))
    return tuple(found)


def engine_step(told: Extent, steps: Sequence[Step]) -> int | None:
    return (steps or told.steps)[-1 if steps else 0].at


# What each part has to show after some steps of a story, from the cache alone.
TRUTHS: dict[str, Truth] = {
    "AskedSlots": lambda *_: None,  # a scene asks
    "CaptionBar": lambda *_: None,  # captions are the scene's
    "CitedSource": lambda *_: "",
    "Counter": counts,
    "EvictionLine": line,
    "FramePool": lambda told, steps: (looks(told, steps), state(told, steps).mask_literal),
    "LetteredPool": lambda told, steps: (looks(told, steps), state(told, steps).mask_literal),
    "LineCounter": counts,
    "LineStep": engine_step,
    "FreeMask": lambda told, steps: state(told, steps).mask_literal,
    "HitCount": found,
    "MeasuredBars": lambda *_: (),  # a scene draws them
    "MemoryMeter": meter,
    # Of a look-up, nothing is known at first; tests/scenes/test_page_lookup.py has its acts.
    "LinedFrames": lambda told, steps: (lines(told, steps), None),
    "LookUpCount": lambda told, _: f"page size {told.initial.page_size}",
    "LookUpFormulas": lambda *_: (),
    "LookUpPath": lambda *_: ((), ()),
    "PageTableCells": lambda told, steps: (state(told, steps).tables["A"], None),
    "PageCount": paged,
    "PageMap": mapped,
    "PrefixIndex": lambda *_: (),  # a scene opens it
    "RunningTask": lambda told, steps: dict(state(told, steps).tables),
    "SlottedPool": lambda told, steps: (
        looks(told, steps),
        state(told, steps).mask_literal,
        filled(told, steps),
    ),
    "StepCount": engine_step,
    "PageChoice": lambda *_: {},  # a scene draws it
    "TaskLine": lambda told, steps: dict(state(told, steps).tables),
    "TierPool": tiers,
    "TaskRows": lambda told, steps: dict(state(told, steps).tables),
    "Title": lambda told, _: told.title,
    "TokenSlots": slots,
    "TokenStrip": lambda told, _: (("",) * len(told.words["A"]), None, frozenset()),
    **TRUTHS_OF_BATCHES,
    **TRUTHS_OF_FORKS,
}


@cache
def extent_of(path: Path) -> Extent:
    story = load_story(path)
    return Extent.of(story, {name: READERS[name](table) for name, table in story.tables.items()})


def finish(movements: Movements) -> None:
    """Let movements happen, phase by phase."""
    for phase in Phase:
        for move in movements[phase]() if phase in movements else ():
            move.begin()
            move.finish()


def placed(kind: type[Part[Any, Any]], told: Extent) -> Part[Any, Any]:
    """Return a part that has the whole picture to itself."""
    kind.check(told)
    part = kind(told, DARK, Region(AREA.left, AREA.top, AREA.right, AREA.bottom))
    points = ("badge", "frame", "inside", "page", *ANCHORS, *ANCHORS_OF_FORKS)
    part.anchors = {name: lambda *_: Anchor((0.0, 3.0)) for name in points}
    return part


def tales(kind: type[Part[Any, Any]]) -> list[Path]:
    return TALES_OF.get(kind.__name__, TALES)


@pytest.mark.parametrize(
    ("kind", "tale"),
    # Those with stories of their own are played by the tests of their scenes as well.
    [
        pytest.param(
            kind, tale, marks=SLOW if kind.__name__ in TALES_OF or tale != TALES[0] else ()
        )
        for kind in KINDS
        for tale in tales(kind)
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else value.__name__,
)
def test_a_part_shows_the_replayed_state(kind: type[Part[Any, Any]], tale: Path) -> None:
    with tempconfig({"media_dir": str(MEDIA)}):
        told = extent_of(tale)
        part, truth = placed(kind, told), TRUTHS[kind.__name__]
        finish(part.enter())
        assert part.shown == truth(told, ())
        for number, step in enumerate(told.steps, 1):
            finish(part.show(step))
            assert part.shown == truth(told, told.steps[:number]), step.event.label
            assert len({*map(id, part.mobjects)}) == len(part.mobjects)
        finish(part.leave())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_part_stays_in_its_region(kind: type[Part[Any, Any]]) -> None:
    with tempconfig({"media_dir": str(MEDIA)}):
        told = extent_of(tales(kind)[0])
        part = placed(kind, told)
        for step in told.steps[:5]:  # the fullest state
            finish(part.show(step))
        outlined = Group(*(part.mobjects or [VMobject()]))
        hair = 0.02  # outlines and round letters
        assert outlined.get_left()[0] >= AREA.left - hair
        assert outlined.get_right()[0] <= AREA.right + hair
        assert outlined.get_top()[1] <= AREA.top + hair
        assert outlined.get_bottom()[1] >= AREA.bottom - hair


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_part_needs_no_more_than_it_can_use(kind: type[Part[Any, Any]]) -> None:
    need = kind.need(extent_of(tales(kind)[0]))
    assert isinstance(need, Need)
    assert all(least <= best for least, best in zip(need.least, need.best, strict=True))
