"""Scenes played without encoding."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from manim.utils.module_ops import get_module
from told import play_scene

from pagereel.stage.scene import StoryScene

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]
ASPECTS = {"16:9": (192, 108), "9:16": (108, 192), "1:1": (108, 108)}

Play = Callable[..., StoryScene]


@pytest.fixture(scope="session")
def paged_cache() -> Iterator[ModuleType]:
    """The scene file, loaded as manim loads it."""
    before = [*sys.path]
    yield get_module(ROOT / "scenes" / "paged_cache.py")
    sys.path[:] = before


@pytest.fixture(scope="session")
def play(paged_cache: ModuleType) -> Play:
    """Play a story; `at_rest` is called with the scene after every movement."""

    def run(
        aspect: str = "16:9",
        *,
        story: Path | None = None,
        theme: str = "dark",
        size: tuple[int, int] | None = None,
        only_set_up: bool = False,
        at_rest: Callable[[StoryScene], None] = lambda _: None,
    ) -> StoryScene:
        kind: type[StoryScene] = paged_cache.PagedCache
        return play_scene(
            kind,
            size=size or ASPECTS[aspect],
            theme=theme,
            story=story,
            only_set_up=only_set_up,
            at_rest=at_rest,
        )

    return run
