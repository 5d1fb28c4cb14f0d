"""Every picture at rest can be read: of generated stories in many shapes, in both themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from reader import SHAPES, Reader
from stories import stories

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pagereel.stage.scene import StoryScene

    Play = Callable[..., StoryScene]

pytestmark = pytest.mark.slow

# A failure is shown as it was found: shrinking would play some hundred stories more.
NO_SHRINKING = [Phase.explicit, Phase.generate]


# `make check` looks at the scenes as they are; here is the other theme. The plays of
# `test_truth.py` and `test_trace_truth.py` are looked at there.
def test_the_light_theme(play: Play) -> None:
    reader = Reader()
    scene = play(size=SHAPES["16:9"], theme="light", at_rest=reader.look)
    reader.check()
    assert not any(each.has_points() for each in scene.get_mobject_family_members())


@pytest.mark.parametrize(
    "size", [*SHAPES.values(), (1440, 1080), (1080, 2400), (2400, 1080)], ids=str
)
def test_generated_stories(play: Play, size: tuple[int, int], tmp_path: Path) -> None:
    @settings(max_examples=2, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINKING)
    @given(stories())
    def holds(text: str) -> None:
        check(play, size, tmp_path / "story.toml", text)

    holds()


def check(play: Play, size: tuple[int, int], path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    reader = Reader()
    scene = play(size=size, story=path, at_rest=reader.look)
    reader.check()
    assert not any(each.has_points() for each in scene.get_mobject_family_members())
