"""Every picture at rest can be read: the shipped stories and generated ones, in three shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from seen import Seen
from stories import stories

from pagereel.assets import STORIES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pagereel.stage.scene import StoryScene

    Play = Callable[..., StoryScene]

# A failure is shown as it was found: shrinking would play some hundred stories more.
NO_SHRINKING = [Phase.explicit, Phase.generate]
SHAPES = ["16:9", "9:16", "1:1"]


class Reader:
    """Looks at a scene after every movement and collects what is wrong."""

    def __init__(self) -> None:
        self.mistakes: set[str] = set()
        self.width = self.height = 0.0

    def look(self, scene: StoryScene) -> None:
        seen = Seen(scene)
        beat = scene.renderer.file_writer.sections[-1].name
        self.mistakes |= {f"{beat}: {mistake}" for mistake in seen.mistakes()}
        width, height = seen.extent()
        self.width, self.height = max(self.width, width), max(self.height, height)


@pytest.mark.parametrize(
    ("story", "shape", "theme"),
    [
        *(
            (path.name, shape, "dark")
            for path in sorted(STORIES.glob("*.toml"))
            for shape in SHAPES
        ),
        ("paged_cache.toml", "16:9", "light"),
    ],
)
def test_shipped_stories(play: Play, story: str, shape: str, theme: str) -> None:
    reader = Reader()
    scene = play(shape, story=STORIES / story, theme=theme, at_rest=reader.look)
    assert not reader.mistakes
    assert reader.width >= 0.85
    assert reader.height >= 0.8
    assert not scene.mobjects


@pytest.mark.parametrize("shape", SHAPES)
def test_generated_stories(play: Play, shape: str, tmp_path: Path) -> None:
    @settings(max_examples=3, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINKING)
    @given(stories())
    def holds(text: str) -> None:
        check(play, shape, tmp_path / "story.toml", text)

    holds()


@pytest.mark.slow
@pytest.mark.parametrize(
    "size", [(192, 108), (108, 192), (108, 108), (144, 108), (108, 240), (240, 108)]
)
def test_many_generated_stories(play: Play, size: tuple[int, int], tmp_path: Path) -> None:
    @settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINKING)
    @given(stories())
    def holds(text: str) -> None:
        check(play, size, tmp_path / "story.toml", text)

    holds()


def check(play: Play, shape: str | tuple[int, int], path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    reader = Reader()
    chosen = {"aspect": shape} if isinstance(shape, str) else {"size": shape}
    scene = play(**chosen, story=path, at_rest=reader.look)
    assert not reader.mistakes
    assert reader.width >= 0.85
    assert reader.height >= 0.8
    assert not scene.mobjects
