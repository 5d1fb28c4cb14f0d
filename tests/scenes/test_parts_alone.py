"""Each part of our scenes alone, at the moment at which it shows the most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from manim import Camera
from PIL import Image
from told import play_scene, scene_class

from pagereel.assets import STORIES
from pagereel.check.pytest.golden import compare, write
from pagereel.story import load_story
from tests.scenes.conftest import GOLDEN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pagereel.stage.part import AnyPart
    from pagereel.stage.scene import StoryScene

SIZE = WIDTH, HEIGHT = 480, 270
COLUMNS = 3
NAMES = (
    *("fragmentation", "page_sizes", "page_lookup", "prefix_sharing", "copy_on_write"),
    *("lru_eviction", "scheduling", "preempt"),
)


def alone(scene: StoryScene, part: AnyPart) -> Image.Image:
    """Draw one part of a scene as it is now."""
    camera = scene.camera
    assert isinstance(camera, Camera)
    camera.reset()
    Camera.capture_mobjects(camera, part.mobjects)  # the tests' own camera is blind
    return camera.get_image().convert("RGB")


def fullest(name: str) -> Mapping[str, Image.Image]:
    """Return the pictures of all parts that show anything in a story, by their names."""
    most: dict[str, int] = {}
    found: dict[str, Image.Image] = {}

    def look(scene: StoryScene) -> None:
        for key, part in scene.stage.parts.items():
            shapes = (shape for each in part.mobjects for shape in each.get_family())
            count = sum(len(shape.points) for shape in shapes)
            if count > most.get(key, 0) and "Wait" in str(scene.animations):
                most[key], found[key] = count, alone(scene, part)

    path = STORIES / f"{name}.toml"
    kind = load_story(path).scene
    assert kind
    play_scene(scene_class(kind), size=SIZE, story=path, at_rest=look)
    return found


def sheet(pictures: Mapping[str, Image.Image]) -> Image.Image:
    """Return pictures side by side, in the order of their names."""
    rows = -(-len(pictures) // COLUMNS)
    whole = Image.new("RGB", (COLUMNS * WIDTH, rows * HEIGHT))
    for number, key in enumerate(sorted(pictures)):
        row, column = divmod(number, COLUMNS)
        whole.paste(pictures[key], (column * WIDTH, row * HEIGHT))
    return whole


@pytest.mark.slow
@pytest.mark.parametrize("name", [*NAMES, "copy_on_write_engines"])
def test_each_part_alone(name: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    drawn, golden = sheet(fullest(name)), GOLDEN / "parts" / f"{name}.png"
    if pytestconfig.getoption("update_golden"):
        write(drawn, golden)
    assert not compare(drawn, golden, failed=tmp_path / golden.name)
