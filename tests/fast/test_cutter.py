"""Where a video is cut depends on its sections and lengths alone."""

from __future__ import annotations

from fractions import Fraction
from unittest.mock import Mock

import pytest
from manim.scene.section import Section

from pagereel.fast import FastWriter, Report
from pagereel.fast.encode.x264 import VideoFormat
from pagereel.fast.plan import ShardPlan
from pagereel.fast.shards.cutter import Cutter


def writing(*wanted: str) -> tuple[Cutter, ShardPlan]:
    """Return a cutter at 10 images a second, and its plan, at the beginning of a section."""
    plan = ShardPlan(wanted)
    begin(plan, "first")
    writer = Mock(FastWriter, plan=plan, encodes_repeats=False)
    writer.require_video.return_value = VideoFormat(96, 54, Fraction(10))
    cutter = Cutter()
    cutter.attach(writer, Report())
    return cutter, plan


def begin(plan: ShardPlan, name: str) -> None:
    plan.begin_section(Section("", None, name, skip_animations=False), 0)


def test_the_first_image_begins_a_shard() -> None:
    cutter, plan = writing()
    assert cutter.is_due()
    cutter.cut()
    assert plan.counts == [0]
    assert cutter.drawing


@pytest.mark.parametrize(
    ("images", "begins", "due"),
    [
        (39, True, False),
        (40, True, True),
        (40, False, False),
        (159, False, False),
        (160, False, True),
    ],
)
def test_a_shard_has_some_seconds(images: int, begins: bool, due: bool) -> None:  # noqa: FBT001
    """4 before a section, 16 in any case."""
    cutter, plan = writing()
    assert cutter.is_due()
    cutter.cut()
    cutter.count(images)
    if begins:
        begin(plan, "second")
    assert cutter.is_due() == due
    assert cutter.may_cut(161 - images)
    assert not cutter.may_cut(160 - images)


def test_sections_that_are_wanted_have_shards_of_their_own() -> None:
    cutter, plan = writing("second")
    assert cutter.is_due()
    cutter.cut()
    assert not cutter.drawing
    cutter.count(1)
    begin(plan, "second")
    assert cutter.is_due()
    cutter.cut()
    assert cutter.drawing


def test_other_writers_are_not_cut() -> None:
    cutter = Cutter()
    assert not cutter.is_due()
    with pytest.raises(RuntimeError, match="does not write shards"):
        cutter.cut()
