"""Every beat of PagedCache looks as it did when somebody looked at it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from told import still

from pagereel.assets import STORIES
from pagereel.check.pytest.golden import compare, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image

    from pagereel.stage.scene import StoryScene

    Play = Callable[..., StoryScene]

SLOW = pytest.mark.slow
GOLDEN = Path(__file__).parent / "golden"
BEATS = {
    "opening",
    "a-arrives",
    "a-expands",
    "b-arrives",
    "c-arrives",
    "a-expands-again",
    "a-finishes",
    "b-expands",
    "closing",
}
FULLEST = {"a-expands-again"}
SHARED_AND_CACHED = {"04-arrive-c", "06-finish-a"}
TRACES = STORIES.parent / "traces"
LOOKS = {
    "wide": ((960, 540), "dark", BEATS, None),
    "tall": ((540, 960), "dark", FULLEST, None),
    "square": ((540, 540), "dark", FULLEST, None),
    "light": ((960, 540), "light", FULLEST, None),
    "zh": ((960, 540), "dark", FULLEST, STORIES / "paged_cache_zh.toml"),
    "zh-tall": ((540, 960), "light", FULLEST | {"closing"}, STORIES / "paged_cache_zh.toml"),
    "zh-square": ((540, 540), "dark", FULLEST, STORIES / "paged_cache_zh.toml"),
    "ja": ((540, 540), "dark", FULLEST, STORIES / "paged_cache_ja.toml"),
    "ko": ((540, 960), "dark", FULLEST, STORIES / "paged_cache_ko.toml"),
    "trace": ((960, 540), "dark", SHARED_AND_CACHED, TRACES / "prefix_sharing.jsonl"),
}


@pytest.mark.parametrize(
    "look",
    [
        "wide",
        *(pytest.param(look, marks=SLOW) for look in LOOKS if look != "wide"),
    ],
)
def test_beats(play: Play, look: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    size, theme, beats, story = LOOKS[look]
    stills: dict[str, Image.Image] = {}

    def keep(scene: StoryScene) -> None:
        # The last rest of a beat, before its caption leaves, is the one to look at.
        beat = scene.renderer.file_writer.sections[-1].name
        if beat in beats and "Wait" in str(scene.animations):
            stills[beat] = still(scene)

    play(size=size, theme=theme, story=story, at_rest=keep)
    assert set(stills) == beats
    wrong = []
    for beat, picture in stills.items():
        golden = GOLDEN / f"{look}-{beat}.png"
        if pytestconfig.getoption("update_golden"):
            write(picture, golden)
        wrong.append(compare(picture, golden, failed=tmp_path / golden.name))
    assert not [*filter(None, wrong)]
