"""Which shards a video is drawn in, and which of them are wanted."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from manim.scene.section import Section

from pagereel.errors import RenderError
from pagereel.fast import Drawn
from pagereel.fast.plan import ShardPlan


def planned(*wanted: str) -> ShardPlan:
    """Plan an opening of two shards, a section without images, and an ending of one shard."""
    plan = ShardPlan(wanted)
    for number, (name, shards) in enumerate({"opening": (7, 5), "none": (), "end": (3,)}.items()):
        plan.begin_section(Section("type", None, name, skip_animations=False), number)
        for images in shards:
            plan.begin_shard()
            plan.count(images - 1)
            plan.count(1)
    return plan


def test_all_is_drawn_if_no_section_is_wanted() -> None:
    plan = planned()
    assert plan.counts == [7, 5, 3]
    assert (plan.length, plan.images) == (15, 15)
    assert [plan.is_drawn(index) for index in range(3)] == [True, True, True]
    assert plan.section.name == "end"


@pytest.mark.parametrize(
    ("wanted", "images"),
    [("opening", 12), ("end", 3), ("*", 15), ("[eo]*", 15), ("[ab]*", 0)],
)
def test_only_what_is_wanted_is_drawn(wanted: str, images: int) -> None:
    assert planned(wanted).length == 15
    assert planned(wanted).images == images


def test_sections_without_images_have_no_span() -> None:
    spans = [(span.section.name, span.number, span.first, span.end) for span in planned().spans()]
    assert spans == [("opening", 0, 0, 12), ("end", 2, 12, 15)]


def test_what_is_missing_is_what_is_wanted_and_not_there(tmp_path: Path) -> None:
    (tmp_path / "1").touch()

    def path_of(index: int) -> Path:
        return tmp_path / str(index)

    assert planned().missing(path_of) == [0, 2]
    assert planned("opening").missing(path_of) == [0]


SHARDS = (Path("0"), Path("1"), Path("2"))
WHOLE = Drawn("Scene", 96, 54, Fraction(10), SHARDS, 15)


def stem_of(number: int, name: str) -> str:
    return f"Scene_{number}_{name}"


def test_drawings_are_the_sections_that_are_wanted() -> None:
    assert planned().drawings(WHOLE, stem_of).sections == ()
    found = planned("end").drawings(WHOLE, stem_of)
    (section,) = found.sections
    assert found.whole is None
    assert (section.stem, section.name, section.type) == ("Scene_2_end", "end", "type")
    assert (section.shards, section.images) == ((Path("2"),), 3)


def test_all_sections_come_with_the_whole() -> None:
    found = planned("*").drawings(WHOLE, stem_of)
    assert found.whole is WHOLE
    assert [section.shards for section in found.sections] == [SHARDS[:2], SHARDS[2:]]


def test_a_section_that_is_not_there() -> None:
    with pytest.raises(RenderError, match="no section 'start'; sections are opening, end"):
        planned("end", "start").drawings(WHOLE, stem_of)
