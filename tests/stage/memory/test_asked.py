"""The slots that a request asks for appear below the memory, and fold into its badge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from manim import VGroup, tempconfig
from told import MEDIA

from pagereel.assets import STORIES
from pagereel.stage.layout.places import Anchor, Area, Region, picture_size
from pagereel.stage.part import Extent
from pagereel.stage.parts.memory.asked import AskedSlots
from pagereel.stage.parts.memory.kit import MEMORY_TABLES
from pagereel.stage.text.label import Label
from pagereel.stage.theme import DARK
from pagereel.stage.timing import Phase
from pagereel.story import load_story

if TYPE_CHECKING:
    from collections.abc import Iterator

AREA = Area(*picture_size(1920, 1080))
BADGE = 2.0, 3.0


@pytest.fixture
def part() -> Iterator[AskedSlots]:
    """Give the part of Fragmentation, whose requests reserve 16 slots; D's prompt has 3 tokens."""
    story = load_story(STORIES / "fragmentation.toml")
    own = {name: MEMORY_TABLES[name](table) for name, table in story.tables.items()}
    with tempconfig({"media_dir": str(MEDIA)}):
        made = AskedSlots(
            Extent.of(story, own), DARK, Region(AREA.left, AREA.top, AREA.right, AREA.bottom)
        )
        made.anchors = {"badge": lambda *_: Anchor(BADGE)}
        yield made


def row(part: AskedSlots) -> VGroup:
    (found,) = part.mobjects
    assert isinstance(found, VGroup)
    return found


def test_nothing_is_asked_for_at_first(part: AskedSlots) -> None:
    assert part.enter() == {}
    assert (part.shown, part.mobjects) == (None, [])
    assert part.fold()[Phase.PAGE]() == []


def test_a_request_asks_for_all_that_it_may_need(part: AskedSlots) -> None:
    movement = part.ask("D")[Phase.TAKE]
    assert part.shown is None, "it asks as its phase begins"
    assert len(movement()) == 1
    assert part.shown == ("D", 3)
    *slots, labels = row(part)
    assert [label.text for label in labels if isinstance(label, Label)] == ["D needs 16", "waits"]
    assert len(slots) == 16
    tokens = [slot for slot in slots if any(isinstance(each, Label) for each in slot.get_family())]
    assert tokens == slots[:3], "the others are empty"
    for slot in slots:
        assert AREA.bottom <= slot.get_bottom()[1] < slot.get_top()[1] < labels.get_bottom()[1]


def test_the_row_folds_into_the_badge_of_its_task(part: AskedSlots) -> None:
    part.ask("D")[Phase.TAKE]()
    asked = row(part)
    (move,) = part.fold()[Phase.PAGE]()
    assert (part.shown, part.mobjects) == (None, [])
    move.begin()
    move.interpolate(0.999)
    assert asked.get_center()[:2] == pytest.approx(BADGE, abs=0.05)
    assert asked.width < 0.12 * (AREA.right - AREA.left)
