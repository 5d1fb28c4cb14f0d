"""The parts of our scenes have places of their own in pictures of each shape."""

from __future__ import annotations

from itertools import combinations

import pytest
from told import scene_class

from pagereel.assets import STORIES
from pagereel.stage.layout.places import Area, Region, picture_size, px
from pagereel.stage.part import Extent
from pagereel.story import load_story

SHAPES = {"16:9": (1920, 1080), "9:16": (1080, 1920), "1:1": (1080, 1080)}
# Scenes, and those of their parts that are drawn within other parts' places, or instead of them.
SCENES: dict[str, set[str]] = {
    "ContinuousBatching": {"notes"},
    "CopyOnWrite": {"tasks", "mask", "verdict", "bars"},
    "Fragmentation": {"asked", "measured", "choice"},
    "LruEviction": set(),
    "PrefixSharing": {"index", "hits"},
}


def regions_of(scene: str, area: Area) -> dict[str, Region]:
    kind = scene_class(scene)
    story = load_story(STORIES / kind.default_story)
    own = {name: kind.tables[name](table) for name, table in story.tables.items()}
    told = Extent.of(story, own)
    needs = {name: part.need(told) for name, part in kind.parts.items()}
    regions = kind.arrangement(area, needs)
    assert {*regions} >= {*needs}
    return {name: regions[name] for name in needs}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("scene", SCENES)
def test_each_part_has_a_place_of_its_own(scene: str, shape: str) -> None:
    area = Area(*picture_size(*SHAPES[shape]))
    regions = regions_of(scene, area)
    for name, at in regions.items():
        assert area.left - px(1) <= at.left < at.right <= area.right + px(1), name
        assert area.bottom - px(1) <= at.bottom < at.top <= area.top + px(1), name
    alone = [name for name in regions if name not in SCENES[scene]]
    for one, other in combinations(alone, 2):
        a, b = regions[one], regions[other]
        across = min(a.right, b.right) - max(a.left, b.left)
        down = min(a.top, b.top) - max(a.bottom, b.bottom)
        assert min(across, down) < px(1), (one, other)
