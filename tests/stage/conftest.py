"""Scenes played without encoding."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from manim import Camera, tempconfig
from manim.utils.module_ops import get_module

from pagereel.request import SceneOptions
from pagereel.stage.scene import StoryScene

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]
ASPECTS = {"16:9": (192, 108), "9:16": (108, 192), "1:1": (108, 108)}

Play = Callable[..., StoryScene]


class BlindCamera(Camera):
    """A camera that draws nothing: drawing would take most of the time."""

    def capture_mobjects(self, *_: Any, **__: Any) -> None:
        """Do nothing."""


@pytest.fixture(scope="session")
def paged_cache() -> Iterator[ModuleType]:
    """The scene file, loaded as manim loads it."""
    before = [*sys.path]
    yield get_module(ROOT / "scenes" / "paged_cache.py")
    sys.path[:] = before


@pytest.fixture(scope="session")
def play(paged_cache: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Play:
    """Play a story; `at_rest` is called with the scene after every movement."""
    media = tmp_path_factory.mktemp("media")

    def run(
        aspect: str = "16:9",
        *,
        story: Path | None = None,
        theme: str = "dark",
        size: tuple[int, int] | None = None,
        at_rest: Callable[[StoryScene], None] = lambda _: None,
    ) -> StoryScene:
        class PagedCache(paged_cache.PagedCache):  # type: ignore[misc, name-defined]
            def play(self, *args: Any, **kwargs: Any) -> None:
                super().play(*args, **kwargs)
                at_rest(self)

        width, height = size or ASPECTS[aspect]
        settings = {
            "pixel_width": width,
            "pixel_height": height,
            "frame_rate": 20,
            "format": "none",
            "progress_bar": "none",
            "verbosity": "ERROR",
            "media_dir": str(media),
        }
        with tempconfig(settings), SceneOptions(story, theme).in_environment():
            scene = PagedCache(skip_animations=True, camera_class=BlindCamera)
            scene.setup()
            scene.construct()
        return scene

    return run
