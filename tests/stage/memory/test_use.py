"""What a memory holds by slot: in page frames of any size, and where each request reserves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pagereel.assets import STORIES
from pagereel.errors import StageError
from pagereel.stage.part import Extent
from pagereel.stage.parts.memory.kit import MEMORY_TABLES
from pagereel.stage.parts.memory.use import Models, Use, paged_use, reserved_uses, writing
from pagereel.stage.timing import Phase
from pagereel.story import load_story

STORY = STORIES / "fragmentation.toml"
LAST = {"A": 9, "B": 7, "C": 11, "D": 5, "E": 8}


@pytest.fixture(scope="module")
def told() -> Extent:
    story = load_story(STORY)
    own = {name: MEMORY_TABLES[name](table) for name, table in story.tables.items()}
    return Extent.of(story, own)


def test_slots_are_those_of_the_page_tables() -> None:
    use = Use(4, 3, {"A": (2, 0)}, {"A": 6})
    free, a = (None,) * 4, "A"
    assert use.slots[4:8] == free
    assert use.slots[8:] == tuple((a, token) for token in range(4))
    assert use.slots[:4] == ((a, 4), (a, 5), (a, None), (a, None))
    assert use.counts == (6, 2, 4)


def test_both_memories_hold_the_same_tokens_of_tasks_that_run_in_both(told: Extent) -> None:
    reserved = reserved_uses(told, 16)
    for at, use in reserved.items():
        steps = [step for step in told.steps if (step.at or 0) <= at]
        paged = paged_use(told, steps[-1], at)
        assert {**use.tokens} == {task: paged.tokens[task] for task in use.tables}
        assert sum(use.counts) == sum(paged.counts) == 48
    assert reserved[5].counts == (27, 21, 0)
    assert paged_use(told, told.steps[-1]).counts == (40, 8, 0)
    assert paged_use(told, told.steps[-1]).tokens == LAST


@pytest.mark.parametrize(
    ("size", "counts", "entries"),
    [(1, (40, 0, 8), [9, 7, 11, 5, 8]), (2, (40, 4, 4), [5, 4, 6, 3, 4])],
)
def test_smaller_pages_hold_the_same_tokens_in_the_same_slots(
    told: Extent, size: int, counts: tuple[int, ...], entries: list[int]
) -> None:
    whole = paged_use(told, told.steps[-1])
    cut = whole.split(size)
    assert cut.counts == counts
    assert [len(table) for table in cut.tables.values()] == entries
    written = [slot if slot and slot[1] is not None else None for slot in whole.slots]
    assert [slot if slot and slot[1] is not None else None for slot in cut.slots] == written
    assert not cut.moved(whole)


def test_tokens_that_get_another_slot_are_known(told: Extent) -> None:
    whole, reserved = paged_use(told, told.steps[-1]), reserved_uses(told, 16)[5]
    assert reserved.moved(whole) == {8: 28}  # A's token 8 leaves frame 7


def test_nothing_is_written_where_no_task_is_left() -> None:
    use = Use(4, 3, {"A": (0,)}, {"A": 3})
    assert writing(use, Use(4, 3, {}, {})) is Phase.FLY


def test_what_a_story_does_not_have_is_refused(told: Extent) -> None:
    models = Models(replace(told, own={**told.own, "page-size": {"four": 4}}))
    with pytest.raises(StageError, match=r"\[page-size\] has no one; add one = 4"):
        models.of_beat("one")
    for _ in models.follow(replace(load_story(STORY).beats[0], steps=tuple(told.steps))):
        pass
    with pytest.raises(StageError, match="no task arrives later"):
        models.ask()


def test_a_task_that_asks_waits_until_it_arrives(told: Extent) -> None:
    story, models = load_story(STORY), Models(told)
    for beat in story.beats[:3]:
        for _ in models.follow(beat):
            pass
    assert not models.now.waiting
    assert models.ask() == "D"
    assert [*models.cut().waiting] == ["D"]
    for _ in models.follow(next(beat for beat in story.beats if beat.key == "d-and-e")):
        pass
    assert not models.now.waiting
    assert models.reserved.waiting == ("D", "E")
