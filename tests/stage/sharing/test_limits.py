"""What a map cannot show is refused before anything is drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pagereel.assets import STORIES
from pagereel.stage.part import Extent, LimitError
from pagereel.stage.parts.sharing.map import PageMap
from pagereel.stage.parts.steps import refuse_gaps
from pagereel.story import load_story


@pytest.fixture(scope="module")
def told() -> Extent:
    return Extent.of(load_story(STORIES / "prefix_sharing.toml"))


def test_the_story_itself_fits(told: Extent) -> None:
    PageMap.check(told)


@pytest.mark.parametrize(("task", "pages"), [("A", 5), ("B", 5), ("D", 4)])
def test_a_page_where_hits_are_counted_is_refused(told: Extent, task: str, pages: int) -> None:
    *steps, last = told.steps
    tables = {**last.after.tables, task: tuple(range(pages))}
    longer = replace(last, after=replace(last.after, tables=tables))
    with pytest.raises(LimitError, match=f"{task} has {pages} of at most 5 pages") as caught:
        PageMap.check(replace(told, steps=(*steps, longer)))
    assert caught.value.step is longer


def test_an_event_long_after_the_one_before_is_refused(told: Extent) -> None:
    *steps, last = told.steps
    for gap, refused in ((24, False), (25, True)):
        late = replace(last, at=(steps[-1].at or 0) + gap)
        extent = replace(told, steps=(*steps, late))
        if not refused:
            refuse_gaps(extent)
            continue
        for check in (refuse_gaps, PageMap.check):
            with pytest.raises(LimitError, match="an event 25 steps after the one before it"):
                check(extent)
